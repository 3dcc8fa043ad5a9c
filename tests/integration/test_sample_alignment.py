"""The sample's measures side by side, and what is left of them once a value is taken back."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from dagster_project.cli import main
from dagster_project.home import Home
from dagster_project.refresh import refresh, request_for
from tests.integration.test_sample_release import AS_OF, ask, table

pytestmark = pytest.mark.xdist_group("sample")

SHARED = "left_indicator_id = 'social_contact_users' and relation = 'shared'"
COUNCIL = "E08000007"
FIGURES = "left_value, right_value, difference, left_lower_95, right_lower_95"


@pytest.fixture(scope="module")
def home(sample_home: Home) -> Home:
    return sample_home


def test_a_measure_that_two_frameworks_publish_agrees_but_where_it_was_corrected(home):
    found = dict(
        ask(
            f"select agreement, count(*) from {table(home, 'alignment')}"
            f" where {SHARED} and left_framework = 'ascof' group by 1"
        )
    )
    assert found["agree"] > 130
    # A few councils, and their regions and England, in whose sums they are.
    assert 3 <= found["differ"] <= 12
    wrong = ask(
        f"select area_code, {FIGURES}, differs_since from {table(home, 'alignment')}"
        f" where {SHARED} and agreement = 'differ' and area_type = 'utla'"
        # Of the two publications one was judged, and only its figure is shown.
        " and ((left_value is null) = (right_value is null) or difference is not null"
        " or differs_since is distinct from date '2023-04-01')"
    )
    assert wrong == []


def test_what_is_worked_out_from_registers_is_what_fingertips_shows(home):
    rows = ask(
        f"select agreement, count(*), count(difference_lower_95) from {table(home, 'alignment')}"
        " where relation = 'local_mirror' and left_value is not null and right_value is not null"
        " and left_indicator_id = right_indicator_id group by 1"
    )
    assert [(agreement, limits) for agreement, _, limits in rows] == [("agree", 0)]


def test_what_is_not_comparable_has_no_difference_and_a_reason(home):
    rows = ask(
        f"select count(*), count(difference), min(len(reasons)) from {table(home, 'alignment')}"
        " where agreement = 'not_comparable'"
    )
    assert rows[0][0] > 100
    assert rows[0][1] == 0
    assert rows[0][2] > 0


def test_each_judgement_is_that_of_the_comparisons(home):
    for side in ("left", "right"):
        names = ("period_type", "period_start", "period_end", "sex", "age", "origin")
        same = " and ".join(f"a.{side}_{name} = c.{name}" for name in names)
        wrong = ask(
            f"select count(*) from {table(home, 'alignment')} as a"
            f" inner join {table(home, 'comparisons')} as c"
            f" on a.{side}_indicator_id = c.indicator_id and a.area_code = c.area_code and {same}"
            " and c.comparator_type = 'england' and c.breakdown_type = 'all'"
            f" where a.{side}_judgement <> c.judgement"
            # A second publication isn't judged by itself.
            " and not (a.relation in ('shared', 'republished')"
            f" and a.{side}_judgement = 'not_compared')"
        )
        assert wrong == [(0,)]


def test_every_empty_cell_of_the_coverage_has_its_words_and_an_owner(home):
    coverage = table(home, "coverage")
    assert ask(f"select count(*) from {coverage} where meaning is null or owner is null") == [(0,)]
    states = {state for (state,) in ask(f"select distinct coverage from {coverage}")}
    assert states >= {"made_up", "no_source_landed", "computable", "ended", "placeholder"}
    assert "live" not in states


def taken_back(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    """What is left of three values, in the table where each has its part."""
    alignment, goals = table(home, "alignment"), table(home, "goals")
    in_year = f"{SHARED} and left_period_label = '2023/24'"
    return {
        "the shared measure": ask(
            f"select agreement, left_judgement, {FIGURES} from {alignment}"
            f" where {in_year} and area_code = '{COUNCIL}'"
        ),
        "its neighbours": ask(
            f"select count(*) > 100 from {alignment} where {in_year} and agreement = 'agree'"
        ),
        "what England's value judged": ask(
            f"select distinct left_judgement, says_better from {alignment}"
            " where left_indicator_id = 'paid_employment_learning_disability'"
            # Those recast to today's areas have limits, which the publisher's have not.
            " and left_origin = 'published'"
            " union select distinct right_judgement, says_worse from"
            f" {alignment} where right_indicator_id = 'employment_gap_learning_disability'"
            " and right_period_label = '2022/23' order by all"
        ),
        "the goal": ask(
            "select state, reason, value, lower_95, publisher_verdict, expected_value"
            f" from {goals} where area_code = '{COUNCIL}'"
        ),
    }


@pytest.mark.slow
def test_what_is_taken_back_is_gone_from_what_stands_beside_it(home, tmp_path, monkeypatch):
    """At once in the release that stands, and in the same words in the next one."""
    copy = Home(tmp_path / "copy")
    shutil.copytree(home.root, copy.root, symlinks=True)
    monkeypatch.setenv("OUTCOMES_HOME", str(copy.root))
    goal = ask(f"select any_value(indicator_id) from {table(home, 'goals')}")[0][0]
    for key in (
        f"indicator_id=social_contact_users,area_code={COUNCIL},period_label=2023/24",
        "indicator_id=employment_gap_learning_disability,area_code=E92000001,period_label=2022/23",
        f"indicator_id={goal},area_code={COUNCIL}",
    ):
        assert main(["withdraw", key, "--reason", "sent in error"]) == 0
    gone = {
        "the shared measure": [("value_set_aside", "not_compared", *[None] * 5)],
        "its neighbours": [(True,)],
        "what England's value judged": [("not_compared", None)],
        "the goal": [("no_value", "value_withdrawn", None, None, None, None)],
    }
    assert taken_back(copy) == gone
    assert not refresh(request_for(copy, None, sample=True, as_of=AS_OF)).nothing_new
    assert taken_back(copy) == gone

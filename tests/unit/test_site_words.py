"""What pages say, part by part: numbers, sentences, notes, and text that stays text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from dagster_project.release.manifest import Manifest
from dagster_project.site import cells, figures, rows, wording
from dagster_project.site.headlines import headline
from dagster_project.site.model import Domain, Site, unique
from dagster_project.site.pages_framework import _parts
from dagster_project.site.pages_indicator import About, sources_of
from dagster_project.site.pages_whole import changed
from dagster_project.site.reading import Tables
from dagster_project.site.rendering import environment, inert, page, slug
from dagster_project.site.sureness import sure_of


@pytest.mark.parametrize(
    ("value", "decimals", "unit", "shown"),
    [
        (2016.135372, 1, "per 100,000", "2,016.1"),
        (12.25, 1, "%", "12.2%"),
        (-3.55, 1, "percentage points", "\u22123.5"),
        (-0.04, 1, None, "0.0"),
        (0.12345, 3, "score", "0.123"),
        (1234567.0, 0, "count", "1,234,567"),
        (5.0, None, None, "5.0"),
        (None, 1, "%", ""),
    ],
)
def test_a_figure_is_written_one_way(value, decimals, unit, shown):
    assert figures.figure(value, decimals, unit) == shown


def test_limits_are_said_only_where_both_are_there():
    assert figures.span(1.04, 2.0, 1) == "1.0 to 2.0"
    assert figures.span(None, 2.0, 1) == figures.span(1.0, None, 1) == ""


def site(previous: str | None = "1.0.0-000000000000") -> Site:
    """A site of one indicator and one area."""
    manifest = Manifest(
        id="1.1.0-0123456789ab",
        data_version="1.1.0",
        previous=previous,
        fingerprint="0" * 64,
        commit="0" * 40,
        created_at="2026-11-26T08:00:00Z",
        as_of="2026-11-26",
        synthetic=False,
    )
    falls = {"indicator_id": "falls", "title": "Falls", "decimals": 1, "unit": "per 100,000"}
    stockport = {"area_code": "E08000007", "area_name": "Stockport"}
    return Site(
        manifest=manifest,
        frameworks=(),
        indicators={"falls": falls},
        areas={"E08000007": stockport},
        shown={},
        reach={},
        memberships={},
    )


def test_areas_of_one_name_are_told_apart_and_lead_to_one_another():
    old = {"area_name": "Barnsley", "valid_to": "2025-03-31", "successor_codes": "E08000038"}
    new = {"area_name": "Barnsley", "valid_to": None, "successor_codes": None}
    areas = {"E08000016": old, "E08000038": new}
    both = replace(site(), areas=areas, shown=areas)
    assert both.told_apart("E08000016") == "Barnsley (past area)"
    assert both.told_apart("E08000038") == "Barnsley"
    assert both.came_before["E08000038"] == ["E08000016"]
    alone = replace(both, shown={"E08000038": new})
    assert "E08000038" not in alone.came_before, "it leads to a page that isn't there"


CHANGE = {
    "indicator_id": "falls",
    "area_code": "E08000007",
    "sex": "Persons",
    "period_start": "2022-04-01",
    "period_end": "2023-03-31",
    "change": "revised",
    "old_value": 2000.0,
    "new_value": 1900.0,
    "new_status": "published",
    "change_pct": -5.0,
    "cause": "data",
    "reason": None,
}
KINDS = {"period_start": "date", "period_end": "date"}
KINDS |= dict.fromkeys(("old_value", "new_value", "change_pct"), "double")


@pytest.fixture
def tell() -> Iterator[Any]:
    """The sentences that some rows of `changes` come to."""
    with duckdb.connect() as con:
        columns = ", ".join(f"{name} {KINDS.get(name, 'varchar')}" for name in CHANGE)
        con.execute(f"create table changes ({columns})")

        def told(*given: dict[str, Any], without: str = "") -> list[str]:
            for row in given:
                marks = ", ".join("?" for _ in CHANGE)
                con.execute(f"insert into changes values ({marks})", list((CHANGE | row).values()))
            if without:
                con.execute(f"alter table changes drop {without}")
            found = site()
            return [text for text, _ in changed(found, Tables(con, found.manifest))]

        yield told


def test_revised_values_are_told_with_the_furthest(tell):
    nearer = {"area_code": "E08000009", "new_value": 2010.0, "change_pct": 0.5}
    assert tell({}, nearer) == [
        "Falls: 2 values in 2 areas were revised. Another file of the publisher gave the value."
        " The furthest: Stockport, 1 April 2022 to 31 March 2023, from 2,000.0 to"
        " 1,900.0 (\u22125.0%)."
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_of_values_that_moved_as_far_the_first_is_named_in_whatever_order_they_come(tell, order):
    up = {"area_code": "E08000009", "new_value": 2100.0, "change_pct": 5.0}
    earlier = {"period_start": "2021-04-01", "period_end": "2022-03-31"}
    (sentence,) = tell(*[{}, up, earlier][::order])
    assert "The furthest: Stockport, 1 April 2021 to 31 March 2022, from" in sentence


def test_a_new_definition_is_said_to_be_the_cause(tell):
    (sentence,) = tell({"cause": "definition", "reason": "It was agreed in March"})
    said = "was revised. The definition or its registration was changed. The furthest"
    assert said in sentence


def test_what_a_role_wrote_of_each_value_makes_no_sentence_of_its_own(tell):
    (sentence,) = tell({"reason": "A late return"}, {"area_code": "E08000009", "reason": "Another"})
    assert sentence.startswith("Falls: 2 values in 2 areas were revised.")


def test_a_release_that_is_older_than_the_causes_is_told_by_its_reasons(tell):
    (sentence,) = tell({"cause": None, "reason": "definition"}, without="cause")
    assert "The definition or its registration was changed." in sentence


def test_what_was_taken_back_since_is_told_without_a_figure(tell):
    gone = {"old_value": None, "new_value": None, "change_pct": None}
    assert tell(gone) == [
        "Falls: 1 value in 1 area was revised. Another file of the publisher gave the value."
    ]


def test_states_come_and_go_in_words(tell):
    none = {"old_value": None, "new_value": None, "change_pct": None}
    assert tell(
        none | {"change": "status_changed", "new_status": "suppressed", "cause": "suppression"},
        none | {"change": "no_longer_shown", "new_status": "held", "cause": "withdrawal"},
        none | {"change": "added"},
        none | {"change": "added", "new_status": "suppressed"},
        none | {"change": "removed", "new_status": None},
    ) == [
        "Falls: 1 value in 1 area is new, of 1 April 2022 to 31 March 2023.",
        "Falls: 1 value in 1 area is new, of 1 April 2022 to 31 March 2023, and hidden.",
        "Falls: 1 value in 1 area is no longer shown. It or the file it came from was taken back.",
        "Falls: 1 value in 1 area is no longer there, of 1 April 2022 to 31 March 2023.",
        "Falls: 1 value in 1 area is now hidden. It is hidden because few people are counted.",
    ]


def test_nothing_changed_and_nothing_was_before_are_said(tell):
    assert tell() == ["No value differs from release 1.0.0-000000000000."]
    first = site(previous=None)
    with duckdb.connect() as con:
        assert changed(first, Tables(con, first.manifest))[0][0].startswith("This is the first")


def test_a_held_value_says_since_when_and_why():
    held = {"status": "held", "status_reason": "C42", "held_since": "1.0.0-abc"}
    checks = {"C42": "The numerator is within the denominator"}
    assert rows.state(held, checks) == (
        "Held since release 1.0.0-abc: a check failed (“The numerator is within the denominator”)"
    )


def test_every_word_of_a_state_is_known():
    """A code that a table may hold and no page can say would be shown raw."""
    for subject, codes in {
        "judgements": ("better", "similar", "worse", "higher", "lower", "not_compared"),
        "statuses": ("published", "held", "suppressed", "withdrawn", "not_collected"),
        "flags": ("provisional", "revised", "break_in_series", "recast_area", "stale"),
        "goals": ("met", "on_track", "off_track", "too_noisy", "no_value"),
    }.items():
        for code in codes:
            assert code in wording.words(subject), code
    assert wording.reason("no_limits") == "It has no confidence limits"
    assert wording.reason("a_code_of_tomorrow") == "A code of tomorrow"
    assert wording.trend("increasing", "worse") == "Increasing and getting worse"
    assert wording.trend("not_calculated", "not_compared") == ""


def test_groups_are_told_the_way_the_sentence_goes():
    gap = {"value": -3.5, "lower": -3.8, "upper": -3.3, "to_group": "Male", "from_group": "Female"}
    row = {"gaps": [gap], "decimals": 1, "unit": "%"}
    assert cells.groups(row) == (
        "<td><span>Males 3.5 percentage points lower than females <small>3.3 to 3.8</small></span>"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Asian", "Asian"),
        ("White", "White"),
        ("Females", "females"),
        ("Least deprived quintile", "least deprived quintile"),
        ("Second most deprived decile (IMD2019)", "second most deprived decile (IMD2019)"),
    ],
)
def test_a_group_that_is_a_name_keeps_its_capital(name, said):
    assert wording.group_within(name) == said


def test_where_nothing_is_known_of_groups_the_cell_is_empty():
    assert cells.groups({"gaps": None}) == "<td>"


HOSTILE = '<b onload="x">&\'\u202etxt.exe\x07'


def test_text_is_escaped_and_turns_nothing():
    assert cells.text(HOSTILE) == "&lt;b onload=&quot;x&quot;&gt;&amp;&#x27;txt.exe"
    shown = environment().from_string("{{ text }}").render(text=HOSTILE)
    assert shown == "&lt;b onload=&#34;x&#34;&gt;&amp;&#39;txt.exe"
    assert inert("naïve – 5 µg") == "naïve – 5 µg"


@pytest.mark.parametrize("said", ["", "two words", "a=b", "a>b", "it's", "`", HOSTILE, "é", "a\nb"])
def test_an_attribute_has_quotes_unless_it_is_plain(said):
    assert cells.value("../indicators/falls.html#E08000007") == "../indicators/falls.html#E08000007"
    assert cells.value(said) == f'"{cells.text(said)}"'


def test_addresses_are_plain_and_each_is_its_own():
    assert slug("../../etc/PHOF 2019 on") == "etc-phof-2019-on"
    assert slug("…") == "x"
    taken: set[str] = set()
    named = [unique(slug(name), taken) for name in ("a b", "a-b", "A B")]
    assert named == ["a-b", "a-b-2", "a-b-3"]


def test_an_indicator_of_two_parts_has_a_row_and_a_name_in_each():
    member = {
        "indicator_id": "falls",
        "code": "1",
        "title": "Falls",
        "coverage": "live",
        "is_stand_in": False,
    }
    row = {
        "indicator_id": "falls",
        "anchor": "falls",
        "what": "",
        "place_there": "#E1",
        "area_type": "utla",
        "flags": [],
        "goal": None,
        "standing": "",
        "dated": "",
        "spark": None,
        "judgement": "worse",
        "title": "Falls",
        "decimals": 1,
        "unit": "%",
    }
    parts = [
        (Domain(code, code, (member,)), [(member, [], [row])]) for code in ("healthy", "frail")
    ]
    shown = [markup for _, markup, *_ in _parts(parts, "Stockport", {})]
    assert [markup.partition(">")[0].split()[-1] for markup in shown] == ["id=falls", "id=falls-2"]


def test_a_page_names_every_source_that_its_definition_rests_on():
    site: Any = SimpleNamespace(indicators={"a": {"sources": "x|y"}, "b": {"sources": None}})
    about = About(checks={}, unequal={}, series={}, beside={}, sources={"a": ["y"], "b": ["z"]})
    assert sources_of(site, "a", about) == ["y", "x"]
    assert sources_of(site, "b", about) == ["z"]


ALL, MALES, FEMALES = ({"sex": sex, "age": "10+ yrs"} for sex in ("Persons", "Male", "Female"))


@pytest.mark.parametrize(
    ("declared", "shown", "said"),
    [
        ("Persons", [], "All people, 10+ yrs"),
        ("Persons", [ALL, ALL], "All people, 10+ yrs"),
        ("Male|Female", [MALES, FEMALES], "Males and females, 10+ yrs"),
        (
            "Persons",
            [MALES],
            "All people, 10+ yrs. The values on this page are of males, 10+ yrs, the only series"
            " that has any",
        ),
        (
            "Male|Female",
            [MALES],
            "Males and females, 10+ yrs. The values on this page are of males, 10+ yrs",
        ),
    ],
)
def test_a_page_says_whose_values_speak_where_the_headline_has_none(declared, shown, said):
    assert headline({"headline_sex": declared, "headline_age": "10+ yrs"}, shown) == said


def test_without_a_declared_headline_the_only_series_is_named():
    assert headline({"headline_sex": None, "headline_age": None}, []) == "The only series there is"
    said = "The only series there is: males, 10+ yrs"
    assert headline({"headline_sex": None, "headline_age": None}, [MALES]) == said
    nobody = {"sex": "Not applicable", "age": "Not applicable"}
    assert headline({"headline_sex": None, "headline_age": None}, [nobody]) == said.split(":")[0]


def test_verified_is_said_to_be_no_check_by_a_second_role():
    """Pages say Verified of what was seen at its source; no other role has checked any of these."""
    falls = {"indicator_id": "falls", "definition_version": "1", "certainty": "verified"}
    said = str(sure_of(falls, "../"))
    assert said == (
        "<a href=../definitions.html#verified>Verified</a>: seen in what its publisher issued;"
        " no second role has checked it."
    )
    checked = falls | {"checked_by": "geography", "reviewed_on": date(2026, 11, 26)}
    assert str(sure_of(checked, "../")).endswith(
        "issued. Checked by geography on 26 November 2026."
    )
    assert str(sure_of(falls | {"certainty": "recalled"}, "")) == "Recalled, not verified."


def test_a_check_of_a_publishers_value_is_told_of_its_version_alone(monkeypatch):
    review = {"definition_version": "2", "checked_by": "geography", "checked_on": "2026-11-26"}
    monkeypatch.setattr(wording, "seed", lambda name: ({"indicator_id": "falls"} | review,))
    falls = {"indicator_id": "falls", "certainty": "recalled", "definition_version": "2"}
    assert "Checked by geography on 26 November 2026." in sure_of(falls, "")
    assert "Checked" not in sure_of(falls | {"definition_version": "1"}, "")


@pytest.mark.parametrize("has_frameworks", [True, False])
def test_an_area_says_what_its_two_counts_count(has_frameworks):
    """The table counts what frameworks have, in their time; the lists all that there is."""
    stockport = {"area_type": "utla", "valid_to": None} | site().areas["E08000007"]
    nothing = dict.fromkeys(("worse", "getting_worse", "better", "getting_better"), (0, []))
    tally = dict.fromkeys((*wording.words("tally"), "indicators"), 1)
    framework = SimpleNamespace(id="phof", name="PHOF", edition="2019 on", is_past=False)
    made = page(
        "areas/E08000007.html",
        "area.html",
        **site().common(),
        area=stockport,
        parents=[],
        tallies=[(framework, tally)] if has_frameworks else [],
        tally=cells.tally,
        marks="",
        stands=nothing,
        groups=[],
    )
    said = " ".join(str(made.text).split())
    assert "the newest value of every indicator counts" in said
    assert ("The table above counts" in said) == has_frameworks

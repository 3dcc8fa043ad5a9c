"""Frameworks side by side on the publishers' own files."""

from __future__ import annotations

import pytest

from tests.support.real import MARKS

pytestmark = MARKS

# Stockport, Tower Hamlets, Bristol, North Somerset, South Gloucestershire.
FIVE = ("E08000007", "E09000030", "E06000023", "E06000024", "E06000025")
# 2020/21, read off the publisher's file by eye.
SETTLED_2021 = {"E08000007": 90.7, "E09000030": 83.5}


@pytest.mark.parametrize(
    ("indicator", "code", "areas"),
    [("social_contact_users", "1I1", 18), ("settled_home_learning_disability", "1G", 160)],
)
def test_what_ascof_and_phof_share_is_reconciled(ask, indicator, code, areas):
    """1I/1.18 and 1G/1.06: the two files that hold them say the same, to the last digit."""
    rows = ask(
        "select left_code, right_code, right_period_label, agreement, count(*),"
        " max(abs(difference))"
        f" from alignment where relation = 'republished' and left_indicator_id = '{indicator}'"
        " group by all"
    )
    assert rows == [(f"ascof {code}", f"ascof_compiled {code}", "2020/21", "agree", areas, 0.0)]


@pytest.mark.parametrize(
    ("left", "right", "later_left", "later_right", "years"),
    [
        ("1I(1)", "1.18i", "5A1", "B18a", 6),
        ("1I(2)", "1.18ii", "5A2", "B18b", 3),
        ("1G", "1.06i", "2E", "B06a", 7),
    ],
)
def test_shared_measures_of_five_councils_each_year_once(
    ask, left, right, later_left, later_right, years
):
    rows = ask(
        "select area_code, count(*), count(distinct period_start), count(left_value),"
        " min(case when period_start >= '2023-04-01' then left_code || ' ' || right_code end)"
        " from alignment where relation = 'shared' and left_framework = 'ascof'"
        f" and ((left_code = '{left}' and right_code = '{right}')"
        f" or (left_code = '{later_left}' and right_code = '{later_right}'))"
        f" and area_code in {FIVE} group by 1"
    )
    assert {area for area, *_ in rows} == set(FIVE)
    for _, there, periods, filled, newest in rows:
        assert years - 1 <= there == periods == filled <= years
        assert newest == f"{later_left} {later_right}"


def test_what_only_one_framework_has_published_says_so(ask):
    """No file at hand holds PHOF's own publication of these."""
    rows = ask(
        "select distinct agreement, right_value, difference from alignment"
        " where relation = 'shared' and left_framework = 'ascof' and right_framework = 'phof'"
    )
    assert rows == [("right_missing", None, None)]


def test_figures_that_were_read_off_the_file(ask):
    found = dict(
        ask(
            "select area_code, left_value from alignment where left_code = '1G'"
            " and relation = 'shared' and right_code = '1.06i' and left_period_label = '2020/21'"
            f" and area_code in {tuple(SETTLED_2021)}"
        )
    )
    assert found == SETTLED_2021


def test_fingertips_and_its_second_hand_agree_within_a_tenth(ask):
    rows = ask(
        "select agreement, count(*) > 100, max(abs(difference)) <= 0.0500001 from alignment"
        " where right_code like 'fingertips_derived %' and left_indicator_id = 'smoking_adults'"
        " group by 1 order by 1"
    )
    assert rows == [("agree", True, True), ("value_set_aside", False, None)]


def test_qof_worked_out_is_reproduced_but_where_a_practice_is_put_to_another_board(ask):
    rows = ask(
        "select area_code, likeliest_cause, count(*) from alignment"
        " where relation = 'local_mirror' and agreement = 'differ' group by all order by all"
    )
    assert rows == [("E54000013", "lookup", 16), ("E54000015", "lookup", 16)]
    assert ask(
        "select count(*) > 600, count(distinct left_indicator_id) from alignment"
        " where relation = 'local_mirror' and agreement = 'agree'"
    ) == [(True, 17)]


def test_the_cause_told_is_the_cause(ask):
    """From the two boards' published rates and our counts of both together follows how many people
    the publisher put to the first: a whole number, the same for each register of all ages."""
    rows = ask(
        """
        with boards as (
            select area_code, indicator_id, origin, value, numerator, denominator
            from indicator_values
            where area_code in ('E54000013', 'E54000015') and period_label = '2020/21'
                and breakdown_type = 'all' and ends_with(indicator_id, 'qof_prevalence')
        ),
        ours as (
            select indicator_id, sum(numerator) as events, sum(denominator) as people,
                max(denominator) filter (where area_code = 'E54000013') as people_of_first
            from boards where origin = 'computed' group by 1
        ),
        theirs as (
            select indicator_id,
                max(value) filter (where area_code = 'E54000013') / 100 as first,
                max(value) filter (where area_code = 'E54000015') / 100 as second
            from boards where origin = 'published' group by 1
        )
        select people_of_first, (events - second * people) / (first - second)
        from ours inner join theirs using (indicator_id)
        where people_of_first = 802353
        """
    )
    assert len(rows) >= 10
    # One practice of 3,751 people.
    assert all(there - published == pytest.approx(3751, abs=1e-4) for there, published in rows)


def test_the_one_board_of_2018_that_two_publications_draw_otherwise(ask):
    rows = ask(
        "select left_indicator_id, area_code, left_period_label, likeliest_cause, differs_since"
        " from alignment where relation = 'republished' and agreement = 'differ' order by all"
    )
    assert rows == [
        ("dementia_qof_prevalence", "E54000048", "2018/19", "area_alone", None),
        ("diabetes_qof_prevalence", "E54000048", "2018/19", "area_alone", None),
    ]


def test_coverage_of_each_edition_adds_up_and_is_told_in_words(ask):
    rows = ask(
        "select framework, edition, count(*), count(*) filter (where coverage = 'live'),"
        " count(*) filter (where meaning is null or owner is null) from coverage group by 1, 2"
    )
    live = {(framework, edition): found for framework, edition, _, found, _ in rows}
    assert {lacking for *_, lacking in rows} == {0}
    assert live["ascof", "to 2022/23"] >= 29
    assert live["ascof", "from 2023/24"] >= 22
    assert live["phof", "2016-19"] >= 14
    assert live["phof", "2019 on"] >= 20
    assert ask("select count(*) from coverage where coverage = 'made_up'") == [(0,)]

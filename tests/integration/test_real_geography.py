"""Areas that changed and periods of series, as they are in the publishers' own files."""

from __future__ import annotations

import pytest

from tests.support import macros
from tests.support.real import MARKS

pytestmark = MARKS

# Of each council, how many small areas were drawn in 2011 and in 2021.
SMALL_AREAS = {
    "E09000030": (144, 169),  # Tower Hamlets
    "E08000007": (190, 191),  # Stockport
    "E06000023": (263, 268),  # Bristol
    "E06000024": (135, 138),  # North Somerset
    "E06000025": (165, 175),  # South Gloucestershire
}
COUNTED = (
    "(select populations.lsoa11_code, areas.ltla_code, populations.all_ages"
    " from staging.stg_ons__small_area_populations as populations"
    " inner join intermediate.int_small_areas as areas"
    " on populations.lsoa11_code = areas.lsoa_code and areas.lsoa_year = 2011"
    " where populations.mid_year = 2020)"
)


def test_counts_by_small_area_keep_their_totals_when_they_are_redrawn(ask_warehouse):
    """The people of mid-2020 by small area of 2011, and the same people by those of 2021."""
    redrawn = macros.render(
        f"recast_small_areas('{COUNTED}', ['all_ages'],"
        " changes='intermediate.int_small_area_changes')"
    )
    before = {
        code: (areas, people)
        for code, areas, people in ask_warehouse(
            f"select ltla_code, count(*), sum(all_ages) from {COUNTED} group by 1"
        )
    }
    after = {
        code: (areas, people)
        for code, areas, people in ask_warehouse(
            f"select ltla_code, count(*), sum(all_ages) from ({redrawn}) group by 1"
        )
    }
    assert len(before) == len(after) == 296
    for code, (_, people) in before.items():
        assert after[code][1] == pytest.approx(people, rel=1e-9), code
    assert sum(people for _, people in after.values()) == pytest.approx(56550138, rel=1e-9)
    assert {code: (before[code][0], after[code][0]) for code in SMALL_AREAS} == SMALL_AREAS


def test_areas_that_were_split_are_shared_by_people(ask_warehouse):
    rows = ask_warehouse(
        "select area_code, current_code, kind, share_basis, round(share, 3)"
        " from intermediate.int_area_changes where area_tier = predecessor_tier"
        " and area_code in ('E10000006', 'E10000009', 'E38000182', 'E54000009') order by all"
    )
    assert rows == [
        ("E10000006", "E06000063", "split", "districts", 0.549),
        ("E10000006", "E06000064", "split", "districts", 0.451),
        ("E10000009", "E06000058", "split", "districts", 0.117),
        ("E10000009", "E06000059", "split", "districts", 0.883),
        ("E38000182", "E38000261", "redraw", "small_areas", 0.129),
        ("E38000182", "E38000263", "redraw", "small_areas", 0.871),
        ("E54000009", "E54000060", "split", "small_areas", 0.077),
        ("E54000009", "E54000061", "split", "small_areas", 0.923),
    ]


def test_values_are_recast_or_refused_with_the_reason(ask):
    told = dict(
        ask(
            "select coalesce(status_reason, status), count(*) from indicator_values"
            " where origin = 'computed' and source_id <> 'qof'"
            " and list_contains(flags, 'recast_area') group by 1"
        )
    )
    assert told == {
        # 63 of them the old-age dependency ratio, from populations.
        "published": 628,
        "area_redrawn": 216,
        "area_was_split": 502,
        "limits_not_by_counts": 889,
        "no_numerator": 481,
        "not_a_rate_of_counts": 1407,
        "predecessor_missing": 19,
        "suppressed_to_protect_another": 438,
    }


def test_qof_of_regions_that_were_renamed_is_that_of_their_old_codes(ask):
    rows = ask(
        """
        select count(*), count_if(
            recast.value = former.value and recast.lower_95 = former.lower_95
            and recast.numerator = former.numerator and recast.denominator = former.denominator)
        from indicator_values as recast
        inner join indicator_values as former
            using (indicator_id, period_label)
        where recast.source_id = 'qof' and former.source_id = 'qof'
            and (former.area_code, recast.area_code)
                in (('E40000008', 'E40000011'), ('E40000009', 'E40000012'))
        """
    )
    # 21 registers and the average size of a list, twice.
    assert rows == [(44, 44)]


def test_no_recast_value_stands_beside_its_publishers(ask):
    assert ask(
        """
        select count(*) from indicator_values as recast
        inner join indicator_values as own
            using (indicator_id, area_code, period_type, period_start, period_end, sex, age,
                segment, breakdown_type, breakdown)
        where recast.origin = 'computed' and list_contains(recast.flags, 'recast_area')
            and own.origin = 'published' and own.status <> 'not_available'
        """
    ) == [(0,)]


def test_one_value_for_two_areas_is_marked_wherever_the_publisher_says_so(ask):
    rows = ask(
        "select area_code, status, status_reason, count(*), count(value), count(distinct"
        " indicator_id) from indicator_values where list_contains(flags, 'combined_area')"
        " or status_reason = 'combined_with_another_area' group by all order by all"
    )
    told = ("not_available", "combined_with_another_area")
    assert rows == [
        ("E06000052", "published", None, 10, 10, 6),
        ("E06000053", *told, 10, 0, 6),
        ("E09000001", *told, 5, 0, 1),
        ("E09000012", "published", None, 5, 5, 1),
    ]


def test_every_label_of_a_registered_indicator_is_understood(ask_warehouse):
    assert ask_warehouse(
        "select reason, sum(row_count) from intermediate.int_set_aside"
        " where reason like 'period%' group by 1"
    ) == [("period_not_stated", 1215)]


def test_periods_say_how_long_they_are_and_what_they_overlap(ask_warehouse):
    kinds = {
        kind: told
        for kind, *told in ask_warehouse(
            "select period_type, min(months), max(months), bool_or(is_pooled), bool_or(is_rolling)"
            " from intermediate.int_periods group by 1"
        )
    }
    assert kinds["calendar_year"] == [12, 12, False, False]
    assert kinds["financial_year"] == [12, 12, False, False]
    assert kinds["calendar_years_3"] == [36, 36, True, True]
    assert kinds["academic_years_5"] == [60, 60, True, False]
    assert kinds["financial_quarters_7"] == [21, 21, True, False]

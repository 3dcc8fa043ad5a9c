"""The figures that need other values: the period before, the parts, another source, the group."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.support import models
from tests.support.evidence import SOUND, evidence, share, year

REGIONS = [f"E1200000{number}" for number in range(1, 10)]
UTLAS = [f"E060000{number:02}" for number in range(1, 21)]
ENGLAND = {"area_type": "england", "area_code": "E92000001"}


def test_a_change_is_told_in_errors_beside_what_the_others_did() -> None:
    # All areas rise from 20.0% to 20.1% of 100,000, save the last, which falls to 18%.
    before = [share(20_000, 100_000, area_code=area, **year(2019)) for area in UTLAS]
    now = [share(20_100, 100_000, area_code=area, **year(2020)) for area in UTLAS[:-1]]
    fallen = share(18_000, 100_000, area_code=UTLAS[-1], **year(2020))
    with evidence([*before, *now, fallen]) as found:
        errors = found.figures("rows", "change_in_errors")
    assert all(errors[number] is None for number in range(1, 21))
    assert all(errors[number] == pytest.approx(0) for number in range(21, 40))
    own = math.sqrt(0.19 * 0.81 * 2 / 100_000)
    usual = 0.001 / math.sqrt(0.2005 * 0.7995 * 2 / 100_000)
    assert errors[40] == pytest.approx(abs(-0.02 / own - usual), rel=1e-6)


def test_where_areas_vary_by_more_than_chance_it_is_allowed_for() -> None:
    before = [share(20_000, 100_000, area_code=area, **year(2019)) for area in UTLAS]
    now = [
        share(20_000 + 400 * (place % 5 - 2), 100_000, area_code=area, **year(2020))
        for place, area in enumerate(UTLAS)
    ]
    with evidence([*before, *now]) as found:
        errors = found.figures("rows", "change_in_errors")
    # Half of the areas lie within one standard deviation over 1.4826 of the middle.
    largest = max(figure for figure in errors.values() if figure is not None)
    assert largest == pytest.approx(2 / 1.4826, rel=0.05)


def test_too_few_areas_an_absent_period_or_no_error_gives_no_change() -> None:
    few = [
        share(200, area_code=area, **year(start)) for area in UTLAS[:9] for start in (2019, 2020)
    ]
    with evidence(few) as found:
        assert set(found.figures("rows", "change_in_errors").values()) == {None}
        assert found.figures("groups", "n_rows", "period_start::varchar") == {
            "2019-04-01": 9,
            "2020-04-01": 9,
        }


def test_a_denominator_is_held_against_its_own_past() -> None:
    values = [share(200, 1000, **year(2019)), share(400, 2000, **year(2020))]
    with evidence(values) as found:
        assert found.figure("denominator_change", 2) == pytest.approx(math.log(2))
        assert found.figure("denominator_change", 1) is None


def test_regions_add_up_to_england_only_where_all_are_there() -> None:
    parts = [share(100, area_type="region", area_code=code) for code in REGIONS]
    whole = share(950, 9000, **ENGLAND)
    with evidence([whole, *parts]) as found:
        assert found.figure("parts_gap") == 50
        # England's share of 10.6% is beyond the 10% of every region.
        assert found.figure("beyond_parts") == pytest.approx((950 / 90 - 10) / (950 / 90))
        assert found.figure("parts_gap", 2) is None
    with evidence([whole, *parts[:-1]]) as found:
        assert found.figure("parts_gap") is None
    hidden = {**parts[0], "status": "suppressed", "numerator": None, "value": None}
    with evidence([whole, hidden, *parts[1:]]) as found:
        assert found.figure("parts_gap") is None
        assert found.figure("beyond_parts") is None


def test_men_and_women_add_up_and_surveys_needn_t() -> None:
    def three(basis: str) -> list[dict[str, Any]]:
        counts = {"Persons": 300, "Male": 100, "Female": 150}
        return [share(count, sex=sex, population_basis=basis) for sex, count in counts.items()]

    with evidence(three("registered")) as found:
        assert found.figure("parts_gap") == 50
        assert found.figure("beyond_parts") == pytest.approx((30 - 15) / 30)
    with evidence(three("survey")) as found:
        assert found.figure("parts_gap") is None


def test_our_own_value_is_held_against_the_printed_one() -> None:
    dementia = {"indicator_id": "dementia_qof_prevalence", "age": "All ages"}
    ours = share(202, source_id="qof", origin="computed", **dementia)
    with evidence([ours, share(200, **dementia)]) as found:
        assert found.figure("route_gap") == pytest.approx(0.01)
        assert found.figure("route_gap", 2) is None


def test_a_group_is_held_against_the_period_before() -> None:
    first = [share(200 + place, area_code=area, **year(2017)) for place, area in enumerate(UTLAS)]
    second = [
        share(210 + place, area_code=area, value=(21 + place / 10) / 100, **year(2020))
        for place, area in enumerate(UTLAS[:15])
    ]
    without_counts = [{**row, "numerator": None, "denominator": None} for row in second]
    with evidence([*first, *without_counts]) as found:
        # 2018 and 2019 are missing between them.
        assert found.by_start("periods_missing") == {2017: None, 2020: 2}
        assert found.by_start("periods_missing_tested") == {2017: 0, 2020: 1}
        assert found.by_start("row_count_change")[2020] == pytest.approx(0.25)
        assert found.by_start("columns_emptied") == {2017: None, 2020: 2}
        assert found.by_start("level_shift")[2020] == pytest.approx(math.log(100), abs=0.1)
        assert found.by_start("least_shift")[2020] == pytest.approx(math.log(100), abs=0.1)
        assert found.by_start("least_shift_tested") == {2017: 0, 2020: 15}
        assert found.by_start("further_period_types") == {2017: 0, 2020: 0}


def test_last_years_file_under_this_years_name_is_told_at_every_level() -> None:
    last = [share(200 + place, area_code=area, **year(2019)) for place, area in enumerate(UTLAS)]
    england = share(210, 1001, **ENGLAND, **year(2019))
    again = [{**row, **year(2020)} for row in [*last, england]]
    with evidence([*last, england, *again]) as found:
        shares = found.figures("groups", "unchanged_share", "area_type || year(period_start)")
        assert shares["utla2020"] == shares["england2020"] == pytest.approx(19 / 21)
        assert shares["utla2019"] is None
        assert found.by_start("least_shift")[2020] == 0


def test_areas_that_a_level_lacks_are_named() -> None:
    values = [share(200, area_type="region", area_code=code) for code in REGIONS[1:]]
    with evidence([*values, share(200, area_type="practice", area_code="A81001")]) as found:
        missing = found.figures("groups", "areas_missing_share", "area_type")
        assert missing == {"region": pytest.approx(1 / 9), "practice": None}
        assert found.figures("groups", "areas_missing", "area_type")["region"] == REGIONS[0]
        tested = found.figures("groups", "areas_missing_share_tested", "area_type")
        assert tested == {"region": 1, "practice": 0}


def test_a_level_that_the_newest_period_lacks_altogether_is_a_group_of_none() -> None:
    before = [share(200, area_code=area, **year(2019)) for area in UTLAS]
    england = share(210, 1001, **ENGLAND, **year(2019))
    now = [share(201, area_code=area, **year(2020)) for area in UTLAS]
    by = "area_type || year(period_start)"
    with evidence([*before, england, *now]) as found:
        assert found.figures("groups", "n_rows", by) == {
            "england2019": 1,
            "england2020": 0,
            "utla2019": 20,
            "utla2020": 20,
        }
        assert found.figures("groups", "areas_missing", by)["england2020"] == "all of the level"
        assert found.figures("groups", "areas_missing_share", by)["england2020"] == 1
        assert found.figures("groups", "has_rows", by)["england2020"] is False
        assert found.figures("groups", "expects_values", by)["england2020"] is True
    # What an older year lacks is history.
    with evidence([*before, *now, share(211, 1001, **ENGLAND, **year(2020))]) as found:
        assert "england2019" not in found.figures("groups", "n_rows", by)


def test_old_figures_recast_to_areas_of_today_lack_nothing() -> None:
    # Nine live regions of any year; a county of 2021 in figures of 2010 makes the day 2021's.
    recast = [share(200, area_code="E06000061", **year(2010))]
    with evidence(recast) as found:
        named = found.figures("groups", "areas_missing", "area_type")["utla"].split(", ")
    # E10000021 is the county that it and a neighbour followed: nobody expects it any more.
    assert "E10000021" not in named
    assert "E06000062" in named


def test_a_set_of_tenths_that_lacks_one_is_told() -> None:
    kind = "County & UA deprivation deciles in England (IMD2019, 4/21 geography)"
    tenths = models.seed("deprivation_quantiles")
    values = [
        {**SOUND, "breakdown_type": kind, "breakdown": row["breakdown"]}
        for row in tenths
        if row["breakdown_type"] == kind
    ]
    with evidence([SOUND, *values]) as found:
        assert set(found.by_start("members_missing").values()) == {0}
    with evidence([SOUND, *values[1:]]) as found:
        assert set(found.by_start("members_missing").values()) == {1}
        assert set(found.by_start("members_missing_tested").values()) == {1}
    with evidence([SOUND, {**SOUND, "breakdown_type": "Procedure", "breakdown": "x"}]) as found:
        assert set(found.by_start("members_missing").values()) == {None}


def test_periods_of_two_kinds_in_one_series_are_counted() -> None:
    pooled = {
        "period_type": "financial_years_3",
        "period_start": "2018-04-01",
        "period_end": "2021-03-31",
    }
    with evidence([SOUND, {**SOUND, **pooled}]) as found:
        assert set(found.by_start("further_period_types").values()) == {1}

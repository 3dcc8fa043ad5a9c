"""The figures that say which value is wrong where several don't fit, or what is mislabelled."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.support.evidence import SOUND, evidence, share, year

REGIONS = [f"E1200000{number}" for number in range(1, 10)]
UTLAS = [f"E060000{number:02}" for number in range(1, 21)]
# All of the region's upper-tier areas of 2019 to 2020; the Isles of Scilly are the smallest.
SOUTH_WEST = [
    *(f"E060000{number}" for number in (22, 23, 24, 25, 26, 27, 30, 52, 54, 58, 59)),
    "E10000008",
    "E10000013",
    "E10000027",
    "E06000053",
]
ENGLAND = {"area_type": "england", "area_code": "E92000001"}


def three(persons: int, men: int, women: int, **said: Any) -> list[dict[str, Any]]:
    """Values of both sexes and of each, of 2,000 people."""
    counts = {"Persons": persons, "Male": men, "Female": women}
    return [
        share(count, 2_000 if sex == "Persons" else 1_000, sex=sex, **said)
        for sex, count in counts.items()
    ]


def whole_country(changed: dict[int, int] | None = None) -> list[dict[str, Any]]:
    """England first, then its regions, each with 300 of both sexes; `changed` by row number."""
    rows = three(2700, 1350, 1350, **ENGLAND)
    for code in REGIONS:
        rows += three(300, 150, 150, area_type="region", area_code=code)
    for number, count in (changed or {}).items():
        rows[number - 1] |= {"numerator": float(count)}
    return rows


def test_sums_that_hold_contradict_nobody() -> None:
    with evidence(whole_country()) as found:
        assert set(found.figures("rows", "contradiction").values()) == {None}


def test_the_one_value_that_two_sums_contradict_is_named() -> None:
    # Row 4 is the first region's persons.
    with evidence(whole_country({4: 340})) as found:
        told = {n: f for n, f in found.figures("rows", "contradiction").items() if f is not None}
    assert told == {4: 40}


def test_a_total_that_lacks_an_area_is_itself_named() -> None:
    with evidence(whole_country({1: 2400})) as found:
        told = {n: f for n, f in found.figures("rows", "contradiction").items() if f is not None}
    assert told == {1: 300}


def test_of_three_that_do_not_add_up_the_one_that_left_its_past_is_named() -> None:
    before = [row for area in UTLAS for row in three(300, 150, 150, area_code=area, **year(2019))]
    now = [row for area in UTLAS for row in three(300, 150, 150, area_code=area, **year(2020))]
    now[1] = share(450, 1_000, sex="Male", area_code=UTLAS[0], **year(2020))
    with evidence([*before, *now]) as found:
        told = {n: f for n, f in found.figures("rows", "contradiction").items() if f is not None}
    persons, men, women = (told[len(before) + place] for place in (1, 2, 3))
    # The men left their past by some ten standard errors more than the others.
    assert men == 2
    assert max(persons, women) < -5
    # Where some have no sex recorded the sum was off before, and says nothing new.
    for row in (before[0], now[0]):
        row |= {"numerator": row["numerator"] + 150}
    with evidence([*before, *now]) as found:
        assert found.figure("contradiction", len(before) + 2) == 0


def south_west_with_a_hidden_area(**said: Any) -> list[dict[str, Any]]:
    """A region, then its 15 areas with 300 each; the last one is hidden, and the region has it."""
    names = {"area_type": "region", "area_code": "E12000009"}
    rows = three(4_206, 2_103, 2_103, **names, **said)
    for place, code in enumerate(SOUTH_WEST):
        parts = three(300, 150, 150, area_code=code, **said)
        hidden = {"value": None, "numerator": None, "denominator": None, "status": "suppressed"}
        rows += [row | hidden for row in parts] if place == len(SOUTH_WEST) - 1 else parts
    return rows


def test_where_an_area_is_hidden_what_the_others_leave_over_tells_who_is_wrong() -> None:
    before, now = (south_west_with_a_hidden_area(**year(first)) for first in (2019, 2020))
    # All people of two areas are others; men, women, what is left over before: as they were.
    for place in (3, 6):
        now[place] = share(390, 2_000, area_code=now[place]["area_code"], **year(2020))
    with evidence([*before, *now]) as found:
        told = found.figures("rows", "contradiction")
    beyond = {number - len(before) for number, figure in told.items() if (figure or 0) > 1}
    assert beyond == {4, 7}


def test_what_is_left_over_moves_by_chance() -> None:
    before, now = (south_west_with_a_hidden_area(**year(first)) for first in (2019, 2020))
    # The hidden area had 6, and may have 20.
    now[0] |= {"numerator": 4_220.0}
    now[1] |= {"numerator": 2_117.0}
    with evidence([*before, *now]) as found:
        assert set(found.figures("rows", "contradiction").values()) == {None}


def test_all_people_that_are_just_the_women_are_told() -> None:
    rows = three(150, 100, 150)
    rows[0] |= {"denominator": 1_000.0}
    with evidence([*rows, *three(250, 100, 150, area_code="E08000007")]) as found:
        assert found.figures("rows", "whole_is_part") == {
            1: 1.0,
            4: 0.0,
            **dict.fromkeys((2, 3, 5, 6)),
        }
    # Where no man is counted, all are women.
    with evidence(three(150, 0, 150)) as found:
        assert found.figure("whole_is_part") == 0


@pytest.mark.parametrize(("men", "women", "exchanged"), [(300, 200, False), (200, 300, True)])
def test_sexes_that_changed_places_fit_each_others_past(
    men: int, women: int, exchanged: bool
) -> None:
    before = [row for area in UTLAS for row in three(500, 300, 200, area_code=area, **year(2019))]
    now = [row for area in UTLAS for row in three(500, men, women, area_code=area, **year(2020))]
    with evidence([*before, *now]) as found:
        gains = [
            gain for gain in found.figures("rows", "exchange_gain").values() if gain is not None
        ]
    assert len(gains) == 40
    counts = ((300, men, 200), (200, women, 300))
    gain = 0.0
    for own, now_counted, other in counts:
        pooled = (own + now_counted) / 2_000
        variance = pooled * (1 - pooled) * 2 / 1_000
        gain += ((now_counted - own) ** 2 - (now_counted - other) ** 2) / 1_000**2 / variance
    assert gains[0] == pytest.approx(gain, rel=1e-6)
    assert (gains[0] > 30) == exchanged


def test_a_nought_without_what_the_others_have_is_told() -> None:
    bare = share(0) | {"value": 0.0, "numerator": 0.0, "denominator": None}
    others = [{**SOUND, "area_code": area} for area in UTLAS[:9]]
    with evidence([bare, *others]) as found:
        assert found.figure("bare_nought") == pytest.approx(0.9)
        assert found.figure("bare_nought", 2) is None
    # Where nobody has a denominator, nought lacks nothing.
    with evidence([bare, *({**row, "denominator": None} for row in others)]) as found:
        assert found.figure("bare_nought") == 0


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ({}, 0.0),
        ({"period_type": "calendar_year"}, 1.0),
        ({"period_type": "financial_years_3"}, 1.0),
        # Registered as a further kind of that source.
        (
            {
                "indicator_id": "smoking_adults_routine_and_manual",
                "source_id": "fingertips_derived",
                "period_type": "calendar_years_3",
            },
            0.0,
        ),
    ],
)
def test_a_period_of_another_kind_than_registered(said: dict[str, Any], other: float) -> None:
    with evidence([{**SOUND, **said}]) as found:
        assert found.figure("period_not_registered") == other


def test_a_period_that_had_not_begun_is_told_by_its_days() -> None:
    values = [SOUND, {**SOUND, **year(2030)}, {**SOUND, "extract_id": 2, **year(2021)}]
    extracts = [(1, None, "a", "2026-11-26"), (2, "2021-03-31", "b", "2026-11-26")]
    with evidence(values, stg_ledger__extracts=extracts) as found:
        days = found.figures("rows", "days_ahead")
    # By the day of landing where its own isn't known; by its own where it is.
    assert days == {1: 0, 2: 1222, 3: 1}


def test_a_code_under_the_title_of_another_is_told() -> None:
    values = [SOUND, {**SOUND, "extract_id": 2}, {**SOUND, "extract_id": 3}]
    names = [
        (1, "92588", "Dementia: QOF prevalence"),
        (2, "92588", "Smoking prevalence in adults (15+): QOF, new wording"),
        (3, "92588", "Depression: QOF incidence - new diagnosis"),
    ]
    with evidence(values, stg_fingertips__named_indicators=names) as found:
        told = found.figures("rows", "indicator_misnamed")
    assert (told[1], told[2]) == (1, 0)


def test_a_title_that_names_a_cut_that_no_value_has_is_told() -> None:
    rate = {"indicator_id": "under_75_mortality_preventable_causes", "value_type": "dsr"}
    values = [
        {**SOUND, **rate, "age": "<75 yrs"},
        {**SOUND, **rate, **year(2019), "age": "All ages"},
    ]
    with evidence(values) as found:
        assert found.by_start("cut_in_title") == {2019: 1, 2020: 0}


def test_denominators_that_all_changed_are_told_by_the_least_of_them() -> None:
    before = [share(200, 1_000, area_code=area, **year(2019)) for area in UTLAS]
    halved = [share(100, 500, area_code=area, **year(2020)) for area in UTLAS[1:]]
    one = share(100, 600, area_code=UTLAS[0], **year(2020))
    with evidence([*before, one, *halved]) as found:
        least = found.by_start("least_denominator_shift")
    assert least == {2019: None, 2020: pytest.approx(math.log(1_000 / 600))}
    with evidence([*before[:9], *halved[:8]]) as found:
        assert found.by_start("least_denominator_shift")[2020] is None


def test_cuts_that_all_are_new_are_told() -> None:
    adults = {"age": "18+ yrs"}
    before = [{**SOUND, "area_code": area, **year(2019)} for area in UTLAS]
    now = [{**SOUND, "area_code": area, **adults} for area in UTLAS]
    with evidence([*before, *now]) as found:
        assert found.by_start("new_cuts_share") == {2019: None, 2020: 1}
    with evidence([*before, *now, SOUND]) as found:
        assert found.by_start("new_cuts_share")[2020] == pytest.approx(20 / 21)


def test_a_step_is_told_in_steps_of_the_largest_before() -> None:
    levels = {2015: 200, 2016: 202, 2017: 200, 2018: 206, 2019: 203, 2020: 260}
    values = [
        share(count, area_code=area, **year(start))
        for start, count in levels.items()
        for area in UTLAS[:3]
    ]
    with evidence(values) as found:
        jumps = found.by_start("level_jump")
    assert [start for start, jump in jumps.items() if jump is None] == [2015, 2016, 2017, 2018]
    assert jumps[2020] == pytest.approx(math.log(260 / 203) / math.log(206 / 200), rel=1e-6)
    # Two hundredths at least count as a step.
    assert jumps[2019] == pytest.approx(math.log(206 / 203) / math.log(206 / 200), rel=1e-6)

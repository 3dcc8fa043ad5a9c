"""The figures of single values: each is what the bound in `expectations/` takes it for."""

from __future__ import annotations

import math

import pytest

from tests.support.evidence import SOUND, evidence, share, year

POOLED = {"indicator_id": "suicide_rate", "value_type": "dsr", "population_basis": "resident"}
CALENDAR = {
    "period_type": "calendar_year",
    "period_start": "2019-01-01",
    "period_end": "2019-12-31",
}


def test_a_value_is_as_far_from_its_counts_as_rounding_explains() -> None:
    to_one_decimal = {
        "source_id": "ascof",
        "indicator_id": "paid_employment_learning_disability",
        "population_basis": "service_users",
    }
    rounded_counts = {
        "source_id": "ascof",
        "indicator_id": "social_contact_carers",
        "population_basis": "survey",
    }
    values = [
        share(200),
        share(200, value=20.00005),
        share(200, value=0.2),
        share(1, 3, value=33.3, **to_one_decimal),
        share(1, 3, value=33.4, **to_one_decimal),
        share(200, 1000, value=20.2, **rounded_counts),
        share(200, 1000, value=21.5, **rounded_counts),
        share(5, 1000, indicator_id="suicide_rate", value_type="dsr"),
        {**SOUND, "status": "suppressed", "value": None, "denominator": None},
        share(3, 7, source_id="qof", origin="computed", indicator_id="dementia_qof_prevalence"),
    ]
    with evidence(values) as found:
        gaps = found.figures("rows", "recompute_gap")
        rounded = found.figures("rows", "rounded_recompute_gap")
    assert gaps[1] == 0
    assert gaps[2] == pytest.approx(1, rel=1e-3)
    assert gaps[3] > 10_000
    # A third is 33.33: 0.03 of the 0.05 that one decimal explains, and 33.4 is 0.07 away.
    assert gaps[4] == pytest.approx(2 / 3, rel=1e-6)
    assert gaps[5] == pytest.approx(4 / 3, rel=1e-6)
    assert gaps[6] is gaps[7] is gaps[8] is gaps[9] is None
    assert gaps[10] < 1e-6
    # 0.05 of the value, 2.5 people more or fewer in each of 1,000 above and a fifth of that below.
    assert rounded[6] == pytest.approx(0.2 / (0.05 + 0.25 + 0.05), rel=1e-6)
    assert rounded[7] == pytest.approx(1.5 / 0.35, rel=1e-6)
    assert rounded[1] is rounded[10] is None


def test_limits_are_worked_out_anew_where_the_method_is_known() -> None:
    # Wilson's limits of 200 in 1,000; Byar's of 100 events in 100,000 people; exact ones of 4.
    rate = {
        "indicator_id": "acute_hepatitis_b_incidence",
        "value_type": "crude_rate",
        "population_basis": "resident",
        **CALENDAR,
    }

    def of(events: int) -> dict[str, float]:
        return {"numerator": events, "denominator": 100_000, "value": events}

    values = [
        SOUND,
        {**SOUND, "lower_95": 18.636},
        {**rate, **of(100), "lower_95": 81.3623, "upper_95": 121.6279},
        {**rate, **of(4), "lower_95": 1.0899, "upper_95": 10.2416},
        {**rate, **of(4), "lower_95": 1.0, "upper_95": 5.0},
        {**SOUND, "indicator_id": "suicide_rate", "value_type": "dsr"},
        share(200),
    ]
    with evidence(values) as found:
        gaps = found.figures("rows", "limits_recompute_gap")
    assert max(gaps[number] for number in (1, 3, 4)) < 1e-3
    # One off, of which the rounding of the value's fourth decimal explains next to nothing.
    assert gaps[2] == pytest.approx(1 / (22.592 - 17.636), rel=1e-2)
    assert gaps[5] == pytest.approx((10.2416 - 5) / (10.2416 - 1.0899), rel=1e-3)
    assert gaps[6] is gaps[7] is None


def test_stand_ins_are_found_in_figures_and_words_and_nines_not_in_counts() -> None:
    values = [
        SOUND,
        {**SOUND, "value": -1.0},
        {**SOUND, "value": 99999.0},
        {**SOUND, "numerator": -9.0},
        {**SOUND, "denominator": 99999.0},
        {**SOUND, "numerator": 999.0},
        {**SOUND, "breakdown_type": "Ethnic groups", "breakdown": "n/a"},
        {**SOUND, "breakdown_type": "Ethnic groups", "breakdown": "NULL"},
        {**SOUND, "breakdown_type": "Ethnic groups", "breakdown": "null"},
    ]
    with evidence(values) as found:
        stand_in = found.figures("rows", "stand_in")
    assert [stand_in[number] for number in range(1, 10)] == [0, 1, 1, 1, 0, 0, 1, 1, 1]


def test_words_of_the_key_are_looked_at() -> None:
    cut = {**SOUND, "breakdown_type": "Ethnic groups"}
    values = [
        SOUND,
        {**cut, "breakdown": "Total"},
        {**cut, "breakdown": "all"},
        {**cut, "breakdown": ""},
        {**SOUND, "breakdown": None},
        {**cut, "breakdown": "Asian"},
        {**cut, "breakdown": "asian"},
        {**cut, "breakdown": "White "},
        {**cut, "breakdown": "Martian"},
        {**SOUND, "age": "85+ yrs"},
        {**SOUND, "age": "<85 yrs"},
        {**SOUND, "age": "65-74 yrs"},
        {**SOUND, "age": "65 - 74 yrs"},
    ]
    with evidence(values) as found:
        totals = found.figures("rows", "total_in_key")
        spelling = found.figures("rows", "spelling_differs")
        foreign = found.figures("rows", "category_not_harmonised")
    assert [number for number, figure in totals.items() if figure] == [2, 3, 4, 5]
    assert [number for number, figure in spelling.items() if figure] == [6, 7, 8, 12, 13]
    assert (foreign[1], foreign[6], foreign[7], foreign[9]) == (None, 0, 0, 1)


def test_names_parents_days_and_events() -> None:
    values = [
        SOUND,
        {**SOUND, "area_code": "E06000022"},
        {**SOUND, "extract_id": 2},
        {**SOUND, **POOLED, "numerator": 9.0},
        {**SOUND, **POOLED, "numerator": 10.0},
        {**SOUND, **POOLED, "value": None, "status": "not_calculated", "numerator": 3.0},
        # Another row of the file gives the area its own name.
        {**SOUND, "period_label": "2019/20"},
    ]
    bath = "Bath and North East Somerset"
    with evidence(
        values,
        stg_fingertips__named_areas=[
            (1, "E06000023", bath),
            (1, "E06000023", "Bristol"),
            (1, "E06000022", "B&NES"),
            (2, "E06000023", "Bristol"),
        ],
        stg_fingertips__values=[
            (1, "E06000023", bath, "92588", "2020/21", "Persons", "15+ yrs"),
            (1, "E06000023", "Bristol", "92588", "2019/20", "Persons", "15+ yrs"),
        ],
        stg_ledger__extracts=[(1, "2021-03-01", "a", None), (2, "2021-06-01", "b", None)],
    ) as found:
        assert found.figures("rows", "name_of_another") == {
            **dict.fromkeys((1, 4, 5, 6), 1),
            **dict.fromkeys((2, 3, 7), 0),
        }
        assert found.figures("rows", "days_unfinished")[1] == 30
        assert found.figures("rows", "days_unfinished")[3] == 0
        assert found.figures("rows", "days_unfinished")[6] is None
        lacking = found.figures("rows", "events_lacking")
        assert (lacking[1], lacking[4], lacking[5], lacking[6]) == (None, 1, 0, None)
        assert found.figure("parent_missing") == 0


def test_a_name_alone_that_is_anothers_is_told_from_figures_that_are() -> None:
    bristol, stoke = "E06000023", "E06000022"
    people = {bristol: 40_000.0, stoke: 15_000.0}
    before = [share(0.2 * n, n, area_code=code, **year(2019)) for code, n in people.items()]
    names = [(1, bristol, "Bath and North East Somerset"), (1, stoke, "Bristol, City of")]
    printed = [(*row, "92588", "2020/21", "Persons", "15+ yrs") for row in names]
    tables = {"stg_fingertips__named_areas": names, "stg_fingertips__values": printed}
    for exchanged, told in ((False, 0.02), (True, 1.0)):
        there = dict(zip(people, reversed(people.values()), strict=True)) if exchanged else people
        now = [share(0.2 * n * 1.01, n * 1.01, area_code=c, **year(2020)) for c, n in there.items()]
        labelled = [{**row, "period_label": "2019/20"} for row in before]
        with evidence([*labelled, *now], **tables) as found:
            figures = found.figures("rows", "name_of_another")
        assert (figures[1], figures[2]) == (0, 0)
        assert [figures[3], figures[4]] == pytest.approx([told, told], abs=0.011), exchanged


def test_a_denominator_is_held_against_the_people_who_live_there() -> None:
    suicides = {**SOUND, "indicator_id": "suicide_rate", "value_type": "dsr", "age": "10-19 yrs"}
    resident = {"population_basis": "resident"}
    three_years = {
        "period_type": "calendar_years_3",
        "period_start": "2018-01-01",
        "period_end": "2020-12-31",
    }
    values = [
        {**suicides, **resident, **CALENDAR, "denominator": 330.0},
        {**suicides, **resident, **three_years, "denominator": 900.0},
        {**suicides, **resident, **CALENDAR, "denominator": 330.0, "sex": "Male"},
        {**suicides, **resident, **CALENDAR, "denominator": 330.0, "age": "11-19 yrs"},
        {**suicides, "population_basis": "registered", **CALENDAR, "denominator": 330.0},
    ]
    bands = [(2019, "E06000023", "Persons", band, 150.0) for band in ("10-14", "15-19", "20-24")]
    men = [(2019, "E06000023", "Male", band, 50.0) for band in ("10-14", "15-19", "20-24")]
    whole = [(2019, "E06000023", "Persons", "All ages", 9_999.0)]
    with evidence(values, int_populations=[*bands, *men, *whole]) as found:
        excess = found.figures("rows", "population_excess")
    assert excess[1] == pytest.approx(0.1)
    assert excess[2] == pytest.approx(0)
    assert excess[3] == pytest.approx(2.3)
    assert excess[4] is excess[5] is None


def test_infinite_and_absent_counts_give_no_figure_that_passes() -> None:
    values = [
        {**SOUND, "numerator": math.inf},
        {**SOUND, "denominator": 0.0},
        {**SOUND, "numerator": None},
    ]
    with evidence(values) as found:
        assert set(found.figures("rows", "recompute_gap").values()) == {None}
        assert found.figures("rows", "not_finite") == {1: 1, 2: 0, 3: 0}

"""The one shape of an indicator's rows: what is said of rows that don't keep to it."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from tests.support import models

ROW: dict[str, Any] = {
    "area_type": "utla",
    "area_code": "E06000023",
    "period_type": "financial_year",
    "period_start": "2020-04-01",
    "period_end": "2021-03-31",
    "sex": "Persons",
    "age": "All ages",
    "segment": "all",
    "breakdown_type": "all",
    "breakdown": "all",
    "band": "all",
    "numerator": 20.0,
    "denominator": 100.0,
}


def faults(
    *rows: dict[str, Any], method: str = "proportion", year_type: str = "financial"
) -> list[tuple[str, str, str]]:
    """Place, problem and example of every kind of fault in the rows."""
    said = {"method": method, "year_type": year_type}
    query = models.sql(f"{{{{ row_faults('given_rows', {said!r}) }}}}")
    with duckdb.connect() as connection:
        models.load(connection, "given_rows", [ROW | row for row in rows])
        found = connection.execute(query).fetchall()
    assert all(row[4] and row[5] for row in found), "a fault that says no way out"
    return [(row[0], row[1], row[3]) for row in found]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, {}),
        ({"numerator": 0.0, "denominator": 0.0}, {}),
        ({"period_type": "financial_years_3", "period_start": "2018-04-01"}, {}),
        ({"period_type": "financial_quarter", "period_start": "2021-01-01"}, {}),
        (
            {"period_type": "financial_quarter", "period_end": "2020-06-30"},
            {},
        ),
        (
            {"period_type": "calendar_quarter", "period_start": "2021-01-01"},
            {"year_type": "calendar"},
        ),
        (
            {
                "period_type": "calendar_years_3",
                "period_start": "2018-01-01",
                "period_end": "2020-12-31",
            },
            {"year_type": "calendar"},
        ),
        (
            {
                "period_type": "academic_year",
                "period_start": "2020-09-01",
                "period_end": "2021-08-31",
            },
            {"year_type": "academic"},
        ),
        ({"segment": "frailty", "breakdown_type": "Ethnicity", "breakdown": "Asian"}, {}),
        ({"band": "65-69"}, {"method": "dsr"}),
        ({"numerator": 120.0}, {"method": "crude_rate"}),
        ({"numerator": -0.17, "denominator": 1.0}, {"method": "mean"}),
    ],
)
def test_sound_rows_have_no_fault(row: dict[str, Any], said: dict[str, str]) -> None:
    assert faults(row, **said) == []


@pytest.mark.parametrize(
    ("row", "said", "fault"),
    [
        ({"area_code": None}, {}, ("area_code", "the cell is empty", "NULL")),
        ({"age": " "}, {}, ("age", "the cell is empty", "NULL")),
        (
            {"period_end": "2021-04-01"},
            {},
            (
                "period_type",
                "the period isn't one that is known",
                "financial_year from 2020-04-01 to 2021-04-01",
            ),
        ),
        (
            {"period_type": "year"},
            {},
            (
                "period_type",
                "the period isn't one that is known",
                "year from 2020-04-01 to 2021-03-31",
            ),
        ),
        (
            {},
            {"year_type": "academic"},
            (
                "period_type",
                "the period isn't one that is known",
                "financial_year from 2020-04-01 to 2021-03-31",
            ),
        ),
        ({"sex": "M"}, {}, ("sex", "the word is unknown", "M")),
        (
            {"breakdown": "Asian"},
            {},
            ("breakdown", "a breakdown has no type, or a type no breakdown", "all / Asian"),
        ),
        ({"band": "65-69"}, {}, ("band", "the band doesn't go with the method", "65-69")),
        ({}, {"method": "dsr"}, ("band", "the band doesn't go with the method", "all")),
        ({"denominator": None}, {}, ("denominator", "isn't a number from 0", "NULL")),
        (
            {"denominator": float("nan")},
            {"method": "mean"},
            ("denominator", "isn't a number from 0", "nan"),
        ),
        ({"numerator": -1.0}, {}, ("numerator", "isn't a number from 0", "-1.0")),
        (
            {"numerator": 101.0},
            {},
            ("numerator", "more are counted than there are", "101.0 of 100.0 in E06000023"),
        ),
    ],
)
def test_a_fault_is_told(
    row: dict[str, Any], said: dict[str, str], fault: tuple[str, str, str]
) -> None:
    assert faults(row, **said) == [fault]


def test_a_key_stands_once_save_where_values_are_averaged() -> None:
    (fault,) = faults({}, {"numerator": 5.0})
    assert fault[:2] == ("area_code", "a key has several rows")
    assert "E06000023 / financial_year / 2020-04-01" in fault[2]
    assert faults({}, {"numerator": 5.0}, method="mean") == []
    assert faults({}, {"sex": "Male"}) == []

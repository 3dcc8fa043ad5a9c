"""Registered list sizes: the day stands in the rows, and rows by sex or age are no totals."""

from __future__ import annotations

import re
from datetime import date, datetime
from itertools import product
from pathlib import Path

import pytest

from dagster_project.sources import registered_patients
from tests.support import landing_reference as files
from tests.support.landing_files import as_csv, change, renamed, without
from tests.support.landing_place import Place

MONTHS = [f"{date(2021, month, 1):%b}".upper() for month in range(1, 13)]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_the_day_is_read_from_the_rows_whatever_the_name_says(place: Place) -> None:
    place.put("lists-2019.csv", as_csv(files.registered_patients()))
    assert place.land().refused == []
    row = place.ledger()[0]
    assert (row["period"], row["period_from"]) == (None, "content")
    assert place.query(
        "select extract_date, practice_code, sub_icb_code, patients"
        " from raw.registered_patients order by 2"
    ) == [
        ("01JAN2021", "A80000", "E38000998", 5000.0),
        ("01JAN2021", "A80001", "E38000999", 6000.0),
        ("01JAN2021", "A80002", "E38000999", 7000.0),
    ]
    place.agrees()


def test_a_practice_has_a_cell_for_each_day(place: Place) -> None:
    place.put("january.csv", as_csv(files.registered_patients("01JAN2021")))
    place.put("february.csv", as_csv(files.registered_patients("01FEB2021")))
    assert place.land().refused == []
    assert place.query("select count(*) from raw.registered_patients") == [(6,)]


def test_later_files_call_ccgs_by_another_name(place: Place) -> None:
    rows = renamed(files.registered_patients(), "CCG_CODE", "SUB_ICB_LOCATION_CODE")
    rows = renamed(rows, "ONS_CCG_CODE", "ONS_SUB_ICB_LOCATION_CODE")
    place.put("lists.csv", as_csv(rows))
    assert place.land().refused == []
    assert set(place.column("registered_patients", "sub_icb_ods_code")) == {"99Y", "99Z"}


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("SEX", "MALE", "not a known form"),
        ("AGE", "95+", "not a known form"),
        ("TYPE", "CCG", "not a known form"),
        ("EXTRACT_DATE", "2021-01-01", "not a known form"),
        ("EXTRACT_DATE", "31FEB2021", "not a known form"),
        ("EXTRACT_DATE", "", "an empty cell where each row needs one filled"),
        ("ONS_CCG_CODE", "E54000001", "not a known form"),
        ("CODE", "Closed", "not a known form"),
        ("NUMBER_OF_PATIENTS", "", "an empty cell where each row needs one filled"),
        ("NUMBER_OF_PATIENTS", "*", "not a number"),
    ],
)
def test_what_is_no_total_of_a_practice_refuses_the_file(
    place: Place, column: str, cell: str, problem: str
) -> None:
    place.put("lists.csv", as_csv(change(files.registered_patients(), 3, column, cell)))
    assert place.land().landed == []
    refusal = place.refused("lists.csv")
    assert problem in refusal.problem
    assert re.fullmatch(f"(row|line) 3, column '{column}'", str(refusal.place))


def test_a_file_by_single_year_of_age_is_another_layout(place: Place) -> None:
    rows = without(without(files.registered_patients(), "PUBLICATION"), "TYPE")
    place.put("ages.csv", as_csv(renamed(rows, "CODE", "ORG_CODE")))
    assert place.land().landed == []
    assert "the columns differ" in place.refused("ages.csv").problem


def test_a_practice_with_two_list_sizes_on_one_day_refuses_the_file(place: Place) -> None:
    rows = files.registered_patients()
    place.put("twice.csv", as_csv([*rows, rows[1]]))
    assert place.land().rows_dropped == {"repeated_row": 1}
    place.put("lists.csv", as_csv([*rows, [*rows[1][:-1], "5001"]]))
    place.land()
    refusal = place.refused("lists.csv")
    assert "one cell is given two different values" in refusal.problem
    assert refusal.place == "row 2 and row 5"


def test_every_day_that_is_admitted_exists() -> None:
    """What staging can't read as a date would stop every refresh."""
    days = [f"{day:02d}{month}2021" for day, month in product(range(32), MONTHS)]
    admitted = [day for day in days if re.fullmatch(registered_patients.DAY, day)]
    assert len(admitted) == 12 * 28
    assert [datetime.strptime(day, "%d%b%Y").day for day in admitted[::12]] == list(range(1, 29))
    assert len({datetime.strptime(day, "%d%b%Y") for day in admitted}) == len(admitted)

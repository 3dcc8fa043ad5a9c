"""A reference file without a header is read by its columns alone: what else it may hold is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagster_project.errors import OutcomesError
from tests.support import landing_reference as files
from tests.support.landing_files import as_csv, nhs_number
from tests.support.landing_place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def refused(place: Place, name: str, content: bytes) -> OutcomesError:
    place.put(name, content)
    assert place.land().landed == []
    return place.refused(name)


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        (13, "X", "Status Code, of the form [ACDP]"),
        (11, "01041974", "Open Date"),
        (12, "20210231", "Close Date, a day that exists"),
        (11, "", "something in each row"),
        (20, "filled", "Null 20"),
        (1, "B81", "Organisation Code"),
    ],
)
def test_a_cell_of_another_form_is_told_where_it_stands(
    place: Place, column: int, cell: str, expected: str
) -> None:
    rows = files.practices()
    rows[1][column - 1] = cell
    refusal = refused(place, "practices.csv", as_csv(rows))
    assert "nearly the layout of ODS GP practices" in refusal.problem
    assert refusal.place == f"row 2, column {column}"
    assert expected in str(refusal.expected)


def test_a_cell_of_another_form_beyond_the_first_look_is_told_too(place: Place) -> None:
    rows = files.practices(400)
    rows[350][12] = "X"
    refusal = refused(place, "practices.csv", as_csv(rows))
    assert refusal.place == "row 351, column 'Status Code'"
    assert refusal.got == "'X' (in 1 row)"


def test_a_day_that_does_not_exist_is_refused_with_the_file_that_states_it(place: Place) -> None:
    rows = files.practices(400)
    rows[350][10] = "20210231"
    refusal = refused(place, "practices.csv", as_csv(rows))
    assert refusal.place == "row 351, column 'Open Date'"
    assert refusal.expected == "a day that exists, as 20200401"


def test_a_row_that_breaks_off_is_told(place: Place) -> None:
    rows = files.practices(300)
    rows[250] = rows[250][:20]
    refusal = refused(place, "practices.csv", as_csv(rows))
    assert (refusal.problem, refusal.place) == ("a row breaks off", "row 251")


@pytest.mark.parametrize("columns", [26, 28])
def test_with_other_columns_it_is_nothing_that_is_known(place: Place, columns: int) -> None:
    rows = [[*row, ""][:columns] for row in files.practices()]
    assert "no source here has this layout" in refused(place, "p.csv", as_csv(rows)).problem


def test_rows_of_two_widths_have_no_shape(place: Place) -> None:
    rows = files.practices()
    refusal = refused(place, "p.csv", as_csv([*rows, rows[0][:5]]))
    assert "no source here has this layout" in refusal.problem


def test_a_header_above_it_is_nothing_that_is_known(place: Place) -> None:
    header = [f"Column {n}" for n in range(27)]
    refusal = refused(place, "p.csv", as_csv([header, *files.practices()]))
    assert "no source here has this layout" in refusal.problem


def test_a_file_without_a_header_may_be_in_windows_1252(place: Place) -> None:
    rows = files.practices()
    rows[2][1] = "CAFÉ PRACTICE"
    place.put("p.csv", as_csv(rows, encoding="cp1252"))
    assert place.land().refused == []
    assert place.column("ods_practices", "practice_name")[2] == "CAFÉ PRACTICE"
    assert place.ledger()[0]["encoding"] == "cp1252"


def test_one_practice_twice_is_one_row_or_a_contradiction(place: Place) -> None:
    rows = files.practices()
    place.put("p.csv", as_csv([*rows, rows[0]]))
    assert place.land().rows_dropped == {"repeated_row": 1}
    other = [list(row) for row in rows]
    other[2] = [rows[0][0], "ANOTHER NAME", *rows[0][2:]]
    place.put("q.csv", as_csv(other))
    place.land()
    assert "one cell is given two different values" in place.refused("q.csv").problem
    assert place.refused("q.csv").place == "row 1 and row 3"


def test_an_nhs_number_in_a_file_without_a_header_refuses_it(place: Place) -> None:
    number = nhs_number(5)
    rows = files.practices()
    rows[0][1] = f"PRACTICE {number}"
    refusal = refused(place, "p.csv", as_csv(rows))
    assert "the file holds NHS numbers" in refusal.problem
    assert place.files_with(number.encode()) == []

"""Workbooks of Excel 97-2003, and layouts that are spread over the sheets of a workbook."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import xlwt

from dagster_project import warehouse
from dagster_project.errors import OutcomesError
from dagster_project.landing import isolated, limits
from tests.support.landing_files import as_xls, as_xlsx, nhs_number
from tests.support.landing_place import Place
from tests.support.landing_reference import POPULATION_SHEETS, population_workbook, populations

NAME = "estimates.xls"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def refused(place: Place, content: bytes) -> OutcomesError:
    place.put(NAME, content)
    place.land()
    assert place.summary.landed == []
    return place.refused(NAME)


def changed(sheet: str, row: int, column: int, cell: Any) -> list[list[Any]]:
    """The sheet with one cell changed; rows and columns count from 1."""
    rows = populations(sheet)
    rows[row - 1][column - 1] = cell
    return rows


def test_three_sheets_are_read_as_one_table_with_the_sex_that_each_is_named_for(place):
    place.put(NAME, population_workbook())
    assert place.land().refused == []
    assert place.query(
        "select sex, count(*), sum(persons) filter (where age is null),"
        " sum(persons) filter (where age is not null) from raw.populations group by 1 order by 1"
    ) == [
        ("Females", 184, 819.0, 819.0),
        ("Males", 184, 819.0, 819.0),
        ("Persons", 184, 1638.0, 1638.0),
    ]
    place.agrees()


def test_the_oldest_age_is_the_header_without_its_plus(place):
    place.put(NAME, population_workbook())
    place.land()
    ages = place.query("select distinct cast(age as integer) from raw.populations where age <> ''")
    assert sorted(age for (age,) in ages) == list(range(91))


def test_the_year_is_the_one_in_the_titles(place):
    # The name says 2020, which the content overrules.
    sheets = {sheet: populations(sheet, year=2019) for sheet in POPULATION_SHEETS}
    place.put("ukmid2020.xls", population_workbook(**sheets))
    assert place.land().refused == []
    ledger = place.ledger()[0]
    assert (ledger["period"], ledger["period_from"]) == ("2019", "content")


def test_titles_of_two_years_state_none(place):
    refusal = refused(place, population_workbook(Males=populations("Males", year=2019)))
    assert "isn't stated" in refusal.problem
    assert "2019 and 2020 in the titles of its sheets" in str(refusal.got)
    assert "'period: 2020'" in str(refusal.fix)


def test_without_a_title_the_name_states_the_year(place):
    sheets = {sheet: populations(sheet)[2:] for sheet in POPULATION_SHEETS}
    place.put("uk_mid2016.xls", population_workbook(**sheets))
    assert place.land().refused == []
    assert place.ledger()[0]["period_from"] == "file name"


def test_a_sidecar_of_another_kind_of_period_is_refused(place):
    place.put(NAME, population_workbook())
    place.put(f"{NAME}.period", b"2020/21")
    place.land()
    assert place.refused(NAME).expected == "a year such as 2020"


def test_notes_below_the_data_are_left_out_and_counted(place):
    place.put(NAME, population_workbook())
    summary = place.land()
    assert summary.rows_dropped == {"note below the data": 3}
    assert summary.rows_read == 3 * 184 + 3


def test_a_note_among_the_data_is_refused(place):
    rows = populations("Males")
    refusal = refused(place, population_workbook(Males=[*rows[:4], ["A note"], *rows[4:]]))
    assert "empty cell where each row needs one filled" in refusal.problem


def test_a_code_alone_in_its_row_is_no_note(place):
    rows = populations("Males")
    refusal = refused(place, population_workbook(Males=[*rows[:5], ["E06000903"]]))
    assert "empty cell where each row needs one filled" in refusal.problem


def test_a_column_that_a_year_lacks_is_empty(place):
    sheets = {
        sheet: [row[:2] + row[3:] for row in populations(sheet)] for sheet in POPULATION_SHEETS
    }
    place.put(NAME, population_workbook(**sheets))
    # The rows of title and notes have one cell, and are as they were.
    assert place.land().refused == []
    assert set(place.column("populations", "area_kind")) == {None}


def test_a_sheet_that_is_missing_is_told(place):
    content = {"MYE2 - Persons": populations(), "MYE2 - Males": populations("Males")}
    refusal = refused(place, as_xls(content))
    assert "not the sheets that ONS mid-year population estimates" in refusal.problem
    assert refusal.got == "'MYE2 - Persons' (Persons) and 'MYE2 - Males' (Males)"
    assert refusal.expected == "one sheet each for Persons, Males, Females"


def test_a_sheet_twice_under_two_known_names_is_told(place):
    content = {title: populations(sheet) for sheet, title in POPULATION_SHEETS.items()}
    refusal = refused(place, as_xls({**content, "Males UK": populations("Males")}))
    assert "not the sheets" in refusal.problem
    assert "'Males UK' (Males)" in str(refusal.got)


def test_a_sheet_of_an_unknown_name_is_told(place):
    content = {title: populations(sheet) for sheet, title in POPULATION_SHEETS.items()}
    refusal = refused(place, as_xls({**content, "Table 9": populations()}))
    assert "'Table 9' (no name that is known)" in str(refusal.got)


def test_the_same_sheets_as_xlsx_are_another_container(place):
    content = {title: populations(sheet) for sheet, title in POPULATION_SHEETS.items()}
    assert "no source here has this layout" in refused(place, as_xlsx(content)).problem


@pytest.mark.parametrize(
    ("cell", "problem", "got", "column"),
    [
        ("..", "not a number", "'..'", "column '1'"),
        ("", "an empty cell where each row", "nothing (in 1 row)", "column 'Persons'"),
        (xlwt.Formula("1/0"), "a formula whose value isn't in the file", "a formula", "column 6"),
    ],
)
def test_what_is_no_figure_is_refused_with_its_sheet_and_row(place, cell, problem, got, column):
    refusal = refused(place, population_workbook(Males=changed("Males", 5, 6, cell)))
    assert problem in refusal.problem
    assert (refusal.place, refusal.got) == (f"sheet 'MYE2 - M', row 5, {column}", got)


@pytest.mark.parametrize(
    ("sheet", "column", "place_of_it"),
    [
        ("Males", 6, "area_code E06000902, sex Males"),
        ("Persons", 4, "area_code E06000902, sex Persons"),
    ],
)
def test_a_total_that_is_not_met_refuses_the_workbook(place, sheet, column, place_of_it):
    refusal = refused(place, population_workbook(**{sheet: changed(sheet, 5, column, 77)}))
    assert "a total that the file states isn't met: single years of age" in refusal.problem
    assert refusal.place == place_of_it
    assert "77" in str(refusal.got) or column == 6


def test_sexes_that_do_not_add_up_to_persons_refuse_the_workbook(place):
    females = populations("Females")
    # Two ages changed, so that the area's own total stands.
    females[3][4], females[3][5] = females[3][4] + 1, females[3][5] - 1
    refusal = refused(place, population_workbook(Females=females))
    assert "males and females add up to persons" in refusal.problem
    assert (refusal.place, refusal.got) == (
        "area_code E06000901, age 0",
        "3 beside a total of 2 (2 such cases)",
    )


def test_an_error_cell_is_read_as_what_it_shows(tmp_path):
    book = xlwt.Workbook()
    for title in ("first", "second"):
        book.add_sheet(title).write(3, 0, "below")
    book.get_sheet("second").row(1).set_cell_error(2, "#DIV/0!")
    path = tmp_path / "errors.xls"
    book.save(str(path))
    read = isolated.read(path)
    assert read.sheets["first"][-1] == ["below"]
    assert read.sheets["second"] == [
        ["", "", ""],
        ["", "", "#DIV/0!"],
        ["", "", ""],
        ["below", "", ""],
    ]
    assert read.unworked == {}


def test_a_formula_in_a_sheet_that_is_not_read_harms_nothing(place):
    content: dict[str, Any] = {
        title: populations(sheet) for sheet, title in POPULATION_SHEETS.items()
    }
    place.put(NAME, as_xls({**content, "MYE3": [["a", "b"], [1, xlwt.Formula("1+1")]]}))
    assert place.land().refused == []


def test_one_nhs_number_in_any_cell_refuses_the_workbook(place):
    number = nhs_number(1)
    refusal = refused(place, population_workbook(Males=changed("Males", 5, 2, f"x {number}")))
    assert "the file holds NHS numbers" in refusal.problem
    assert place.files_with(number.encode()) == []


@pytest.mark.parametrize("row", [["a", "b"], ["c", 1]])
def test_one_nhs_number_in_a_sheet_that_is_not_read_refuses_it_too(place, row):
    number = nhs_number(2)
    content: dict[str, Any] = {
        title: populations(sheet) for sheet, title in POPULATION_SHEETS.items()
    }
    refusal = refused(place, as_xls({**content, "Contents": [row, ["x", number]]}))
    assert "the file holds NHS numbers" in refusal.problem
    assert refusal.place == "sheet 'Contents', column 2"
    assert place.files_with(number.encode()) == []


def test_one_nhs_number_in_a_note_refuses_it_too(place):
    number = nhs_number(4)
    note = [f"2. Ask for {number[:3]} {number[3:6]} {number[6:]}."]
    refusal = refused(place, population_workbook(Males=[*populations("Males"), note]))
    assert "the file holds NHS numbers" in refusal.problem


def test_an_nhs_number_outside_the_cells_refuses_it(place, tmp_path):
    number = nhs_number(3)
    content = population_workbook()
    assert content.count(b"&P") > 0
    path = tmp_path / "book.xls"
    path.write_bytes(_with_header(number))
    assert isolated.read(path).outside == (number,)
    refusal = refused(place, path.read_bytes())
    assert refusal.place == "outside the cells, in a comment or a title"
    assert place.files_with(number.encode()) == []


def _with_header(text: str) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("in")
    sheet.header_str = text.encode()
    sheet.write(0, 0, "a")
    sheet.write(0, 1, "b")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_that_takes_too_long_is_damaged(place, monkeypatch):
    monkeypatch.setattr(limits, "MAX_OLD_WORKBOOK_SECONDS", 0.01)
    refusal = refused(place, population_workbook())
    assert refusal.problem == "the workbook is damaged"
    assert "no end of it within" in str(refusal.got)


def as_stream(name: str, rows: int) -> bytes:
    """An OLE file with a stream of that name, so long that its table of sectors is longer."""
    content = bytearray(as_xls({"in": [["some text", number] for number in range(rows)]}))
    entry = content.index("Workbook".encode("utf-16-le"))
    content[entry : entry + 64] = name.encode("utf-16-le").ljust(64, b"\0")
    content[entry + 64 : entry + 66] = (2 * len(name) + 2).to_bytes(2, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("stream", "problem", "kept"),
    [
        ("EncryptedPackage", "the workbook is protected by a password", False),
        ("WordDocument", "an Office 97-2003 file of another kind: no source here has one", True),
    ],
)
def test_the_table_of_sectors_is_no_nhs_number(place, stream, problem, kept):
    content = as_stream(stream, 3000)
    # 48 to 57 as four bytes each, in the table of where its sectors stand: digits, as text.
    assert b"".join(bytes([n, 0, 0, 0]) for n in range(48, 58)) in content
    refusal = refused(place, content)
    assert refusal.problem == problem
    assert place.kept(content) is kept
    assert place.reason(content)["bytes_kept"] is kept


def test_an_nhs_number_in_another_old_document_refuses_it(place):
    number = nhs_number(5)
    content = as_stream("WordDocument", 3000).replace(b"some text", number[:9].encode(), 1)
    at = content.index(number[:9].encode())
    content = content[: at + 9] + number[9:].encode() + content[at + 10 :]
    refusal = refused(place, content)
    assert "the file holds NHS numbers" in refusal.problem
    assert place.files_with(number.encode()) == []


def test_what_landed_once_is_kept_should_it_not_open_any_more(place, monkeypatch):
    content = population_workbook()
    place.put(NAME, content)
    place.land()
    with warehouse.connect(place.home) as connection:
        connection.execute("update raw.loaded set reader = 'another'")
    (place.inbox / NAME).unlink()
    monkeypatch.setattr(limits, "MAX_OLD_WORKBOOK_SECONDS", 0.01)
    place.land()
    assert [refusal.problem for refusal in place.taken_back] == ["the workbook is damaged"]
    assert place.kept(content)


def test_landed_again_under_other_code_it_gives_the_same_rows(place):
    place.put(NAME, population_workbook())
    place.land()
    rows = place.rows()["populations"]
    with warehouse.connect(place.home) as connection:
        connection.execute("update raw.loaded set reader = 'another'")
    place.land()
    assert place.rows()["populations"] == rows
    place.agrees()

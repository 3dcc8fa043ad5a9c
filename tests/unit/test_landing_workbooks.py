"""What is read of a workbook is what stands in its sheet, whatever else the file says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dagster_project.landing import limits, workbooks
from dagster_project.sources.layout import Extract
from tests.support import landing_files as files
from tests.support.landing_files import as_xlsx, change
from tests.support.landing_place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def measures(place: Place, content: bytes) -> list[tuple[Any, ...]]:
    place.put("2020-21.xlsx", content)
    assert place.land().refused == []
    return place.query(
        "select geographical_code, measure_value, measure_value_marker"
        " from raw.ascof_measures order by rowid"
    )


AS_IT_IS = [("801", 61.5, None), ("802", None, "[c]"), ("803", None, "[x]")]


def test_a_header_below_a_preamble_is_found(place: Place) -> None:
    preamble: list[list[Any]] = [["Adult social care"], [], ["Published", "October 2021"], []]
    content = as_xlsx({"in": [*preamble, *files.ascof()]})
    assert measures(place, content) == AS_IT_IS


def test_the_row_that_is_named_is_the_sheets_own(place: Place) -> None:
    rows: list[list[Any]] = [["Title"], [], *files.ascof()[:2], [], [], *files.ascof()[2:]]
    rows[6][7] = "[oops]"
    place.put("2020-21.xlsx", as_xlsx({"in": rows}))
    place.land()
    assert place.refused("2020-21.xlsx").place == "row 7, column 'Measure Value'"


def test_the_sheet_with_the_data_is_found_among_others(place: Place) -> None:
    notes = [["Notes"], ["1", "Rounded to the nearest 5"]]
    content = as_xlsx({"Cover": [["ASCOF"]], "Notes": notes, "in": files.ascof(), "More": notes})
    assert measures(place, content) == AS_IT_IS
    assert place.receipt(content)["sheets"] == ["in"]


def test_a_formula_is_read_as_the_value_that_was_saved(place: Place) -> None:
    content = files.edit_zip(
        as_xlsx({"in": change(files.ascof(), 2, "Measure Value", "=60+1.5")}),
        "xl/worksheets/sheet1.xml",
        b"<f>60+1.5</f><v />",
        b"<f>60+1.5</f><v>61.5</v>",
    )
    assert measures(place, content) == AS_IT_IS


@pytest.mark.parametrize("declared", [b"A1:XFD1048576", b"A1", b"B2:C3"])
def test_what_a_sheet_declares_of_its_size_is_not_believed(place: Place, declared: bytes) -> None:
    content = files.edit_zip(
        as_xlsx({"in": files.ascof()}),
        "xl/worksheets/sheet1.xml",
        b'ref="A1:J4"',
        b'ref="' + declared + b'"',
    )
    assert measures(place, content) == AS_IT_IS


def test_a_cell_at_the_far_corner_takes_no_memory(place: Place) -> None:
    # The fast reader would make room for 17,179,869,184 cells, and the process would be killed.
    content = files.edit_zip(
        as_xlsx({"in": files.ascof(), "Notes": [["x"]]}),
        "xl/worksheets/sheet2.xml",
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
    )
    assert measures(place, content) == AS_IT_IS


def test_a_workbook_that_no_layout_claims_with_a_far_cell_is_refused_calmly(place: Place) -> None:
    content = files.edit_zip(
        as_xlsx({"s": [["a", "b"], [files.nhs_number(1), 2]]}),
        "xl/worksheets/sheet1.xml",
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
    )
    place.put("far.xlsx", content)
    place.land()
    assert place.refused("far.xlsx").place == "sheet 's', column 1"


def test_dates_booleans_and_long_numbers_are_written_plainly(place: Place) -> None:
    rows: list[list[Any]] = [list(row) for row in files.ascof()]
    rows[1][:2] = [123456789012, date(2021, 4, 1)]
    rows[1][5] = True
    place.put("2020-21.xlsx", as_xlsx({"in": rows}))
    place.land()
    assert place.query(
        "select geographical_code, geographical_description, disaggregation"
        " from raw.ascof_measures order by rowid limit 1"
    ) == [("123456789012", "2021-04-01", "true")]


def test_both_workbook_readers_give_the_same_rows(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Title"], [], *files.ascof(), ["801", None, 0.1, 1e-9, 12.0, " x "]]
    path = tmp_path / "book"
    path.write_bytes(as_xlsx({"one": rows, "two": [["a", "b"]]}))
    extract = Extract(path, "book.xlsx", path.stat().st_size, "0" * 64)
    assert workbooks.look(extract).is_plain
    fast = workbooks.plain_sheets(extract)
    assert fast is not None
    slow = {
        name: [list(row) for row in sheet] for name, sheet in workbooks.faithful_sheets(extract)
    }
    assert list(fast) == list(slow) == ["one", "two"]
    for name, sheet in slow.items():
        padded = [[cell for cell in row if cell not in (None, "")] for row in fast[name]]
        assert padded == [[cell for cell in row if cell is not None] for row in sheet]


def test_a_large_sheet_goes_row_by_row(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_CELLS_AT_ONCE", 10)
    monkeypatch.setattr(limits, "MAX_PART_AT_ONCE", 100)
    assert measures(place, as_xlsx({"in": files.ascof()})) == AS_IT_IS

"""A framework's workbook, filled in by a commissioner: recognised, read and checked as a whole.

Every mistake is told at once, by sheet and cell, in the words of the form: whoever fills it in has
no other way to see them. What spreadsheets do to codes and dates is refused rather than guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dagster_project.errors import RegistryRefused
from dagster_project.sources.framework_cells import text_of
from dagster_project.sources.framework_checks import Fault, findings_of, told
from dagster_project.sources.framework_sheets import EXAMPLE, SHEETS, SheetColumn, SheetForm
from dagster_project.sources.layout import Field, Layout, Table, normalised

# Between the first cell and the last the reader makes room for every one.
MAX_ROWS, MAX_COLUMNS = 10_000, 200


@dataclass
class FilledRow:
    """A row of a sheet: its number there, and its filled cells in the registry's words."""

    number: int
    cells: dict[str, str]


@dataclass
class Filled:
    """A workbook's rows by the registry's file, where its columns stand, and what is wrong."""

    rows: dict[str, list[FilledRow]] = field(default_factory=dict)
    letters: dict[tuple[str, str], str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def is_framework_workbook(tables: Sequence[Table]) -> bool:
    """True for a workbook with a sheet Framework that names a framework and an edition."""
    return any(
        normalised(table.sheet or "") == "framework"
        and {"framework", "edition"} <= {normalised(name) for name in table.header}
        for table in tables
    )


def cells(book: Any, file: str) -> Iterator[tuple[str, int, str, str]]:
    """The cells of a sound workbook: sheet, row, field, text; else all its mistakes are told."""
    filled = parse(book)
    faults = [*filled.faults, *findings_of(filled.rows, filled.letters, filled.faults)]
    if faults:
        refusal = RegistryRefused(told(faults), file=file)
        refusal.marks = tuple(faults)
        raise refusal
    for sheet in SHEETS:
        for row in filled.rows[sheet.file]:
            for name, text in row.cells.items():
                yield sheet.stem, row.number, name, text


def parse(book: Any) -> Filled:
    """The rows of every sheet, with what can be told of a cell by itself."""
    filled = Filled()
    sheets = {normalised(sheet.title): sheet for sheet in book.worksheets}
    for form in SHEETS:
        filled.rows[form.file] = []
        sheet = sheets.get(normalised(form.name))
        if sheet is None:
            filled.faults.append(
                Fault(form.name, "", "the sheet is missing", "", "all sheets of the form", RESTORE)
            )
            continue
        if sheet.sheet_state != "visible":
            filled.faults.append(
                Fault(
                    form.name,
                    "",
                    "the sheet is hidden",
                    "",
                    "sheets that their reader can see",
                    "right-click a sheet's name, Unhide; look it through, and save",
                )
            )
        _parse_sheet(form, sheet, filled)
    return filled


RESTORE = "take it from a new form: `outcomes template framework`"


def _parse_sheet(form: SheetForm, sheet: Any, filled: Filled) -> None:
    from openpyxl.utils import get_column_letter

    if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
        filled.faults.append(
            Fault(
                form.name,
                f"{get_column_letter(sheet.max_column)}{sheet.max_row}",
                "something stands far from the others, or is formatted as if it did",
                "",
                f"at most {MAX_ROWS:,} rows and {MAX_COLUMNS} columns",
                "delete the rows below the last and the columns right of it, and save",
            )
        )
        return
    rows = sheet.iter_rows()
    columns = _columns(form, next(rows, ()), filled)
    for area in sheet.merged_cells.ranges:
        filled.faults.append(
            Fault(
                form.name,
                area.coord,
                "merged cells",
                "",
                "one cell for each row and column",
                "unmerge them and fill each cell",
            )
        )
    for row in rows:
        if not any(_is_filled(cell) for cell in row) or _is_example(row):
            continue
        found = FilledRow(row[0].row, {})
        for position, cell in enumerate(row):
            _parse_cell(form, columns.get(position), cell, found, filled)
        filled.rows[form.file].append(found)


def _is_filled(cell: Any) -> bool:
    return cell.value is not None and str(cell.value).strip() != ""


def _is_example(row: Sequence[Any]) -> bool:
    first = next((cell for cell in row if _is_filled(cell)), None)
    return first is not None and str(first.value).strip().startswith(EXAMPLE)


def _columns(form: SheetForm, header: Sequence[Any], filled: Filled) -> dict[int, SheetColumn]:
    """Which column stands where; what is missing, unknown or there twice is told."""
    known = {normalised(column.header): column for column in form.columns}
    columns: dict[int, SheetColumn] = {}
    for position, cell in enumerate(header):
        if not _is_filled(cell):
            continue
        column = known.get(normalised(str(cell.value)))
        is_repeated = column in columns.values()
        if column is None or is_repeated:
            filled.faults.append(
                Fault(
                    form.name,
                    cell.coordinate,
                    "a column that is there twice" if is_repeated else "an unknown column",
                    repr(str(cell.value)[:40]),
                    ", ".join(each.header for each in form.columns),
                    "take the column out, or restore its header",
                )
            )
            continue
        columns[position] = column
        filled.letters[form.file, column.name] = cell.column_letter
    for column in form.columns:
        if column not in columns.values():
            filled.faults.append(
                Fault(form.name, "row 1", "a column is missing", "", column.header, RESTORE)
            )
    return columns


def _parse_cell(
    form: SheetForm, column: SheetColumn | None, cell: Any, row: FilledRow, filled: Filled
) -> None:
    if not _is_filled(cell):
        return
    if column is None:
        # Under a header that isn't known, which has been told.
        if not _is_filled(cell.parent.cell(1, cell.column)):
            filled.faults.append(
                Fault(
                    form.name,
                    cell.coordinate,
                    "a cell outside the columns",
                    repr(str(cell.value)[:40]),
                    "nothing right of the last header",
                    "empty it, or move it to the column that it belongs to",
                )
            )
        return
    text, problem, expected, fix = text_of(cell, form.forms[column.name].kind)
    if problem:
        got = repr(str(cell.value)[:40])
        filled.faults.append(Fault(form.name, cell.coordinate, problem, got, expected, fix))
    elif text:
        row.cells[column.name] = text


def editions(rows: Mapping[str, Iterable[FilledRow]]) -> tuple[str, str, str]:
    """The framework, edition and day of a workbook that has landed."""
    (row,) = rows["frameworks.csv"]
    return row.cells["framework"], row.cells["edition"], row.cells["as_of"]


FRAMEWORK_WORKBOOK = Layout(
    layout_id="framework_workbook",
    source_id="framework_workbooks",
    title="Workbook of an outcomes framework (the form of `outcomes template framework`)",
    container="xlsx",
    table="framework_cells",
    key=("sheet", "sheet_row", "field"),
    values=("cell",),
    is_whole_workbook=is_framework_workbook,
    cells=cells,
    fields=(
        Field("sheet", ("sheet",), filled=True),
        Field("sheet_row", ("row",), "code", filled=True, pattern=r"\d+"),
        Field("field", ("field",), filled=True),
        Field("cell", ("cell",), filled=True),
    ),
)

LAYOUTS = (FRAMEWORK_WORKBOOK,)

"""A contract as a workbook, its decision record among it: written from `seeds/`, and read back.

A sheet is a table of `seeds/` with the rows of one contract. All cells are text, so that a
spreadsheet makes no date of a period and no 0.1 of 0.10.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any

from dagster_project.errors import RefusedError, RegistryError, UsageError
from dagster_project.new_files import refuse_taken
from dagster_project.registry.forms import FIRST_ROW, Row, Table
from dagster_project.registry.registry import Registry
from dagster_project.registry.tables_contracts import CONTRACT_TABLES
from dagster_project.sources.layout import Extract

OF_A_CONTRACT = tuple(
    table for table in CONTRACT_TABLES if "contract_id" in (column.name for column in table.columns)
)
READ_ME = (
    "How to fill in this workbook",
    "",
    "It holds one contract: what is paid for, to whom and when, and the decisions behind it.",
    "Put it back with `outcomes contract load FILE`: its rows then stand in seeds/, in place of",
    "all that was held of the contract. Every mistake is told by sheet, row and column; if there",
    "is one, nothing is changed.",
    "",
    "A column whose name is bold must be filled in every row. All cells are text; keep them so.",
    "Days are written 2025-04-01, shares 0.25. No formulas.",
    "What the columns mean is in docs/how-to/write-a-contract.md.",
)
# Rows that offer their words in a drop-down.
ROOM = 200
READ_AS_WRITTEN = (str, int, date, time, timedelta)
Filled = Mapping[str, Sequence[tuple[int, Row]]]


def sheet_of(table: Table) -> str:
    """The name of a table's sheet."""
    return table.file.removesuffix(".csv")


def write(path: Path, registry: Registry, name: str) -> None:
    """After this `path` is the contract as a form; of one that isn't there yet, an empty form."""
    refuse_taken(path)
    book = _workbook(registry, name)
    book.save(path)


def _workbook(registry: Registry, name: str) -> Any:
    import openpyxl

    book = openpyxl.Workbook()
    book.properties.creator = "outcomes"
    _read_me(book.active)
    for table in OF_A_CONTRACT:
        held: Sequence[Row] = getattr(registry, sheet_of(table))
        rows = [row for row in held if row["contract_id"] == name]
        if not rows and table.file == "contracts.csv":
            rows = [{"contract_id": name}]
        _sheet(book.create_sheet(sheet_of(table)), table, rows)
    return book


def _read_me(sheet: Any) -> None:
    sheet.title = "Read me"
    for line in READ_ME:
        sheet.append([line])
    sheet.column_dimensions["A"].width = 100


def _sheet(sheet: Any, table: Table, rows: Sequence[Row]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(table.columns, start=1):
        sheet.cell(1, number, column.name).font = Font(bold=column.required)
        letter = get_column_letter(number)
        widest = max((len(row.get(column.name, "")) for row in rows), default=0)
        sheet.column_dimensions[letter].width = min(60, max(12, len(column.name) + 2, widest + 2))
        sheet.column_dimensions[letter].number_format = "@"
        for place, row in enumerate(rows, start=FIRST_ROW):
            cell = sheet.cell(place, number, row.get(column.name) or None)
            if cell.value is not None:
                # A text that begins with = or - is none of a spreadsheet's formulas.
                cell.data_type = "s"
            cell.number_format = "@"
        _drop_down(sheet, letter, table.allowed.get(column.name, ()))
    sheet.freeze_panes = "A2"


def _drop_down(sheet: Any, letter: str, words: Sequence[str]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    if words:
        offered = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
        offered.add(f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + ROOM}")
        sheet.add_data_validation(offered)


def read(path: Path) -> tuple[str, Filled]:
    """The contract's id, and the rows of each table with the numbers that they have in the sheet.

    RegistryError for the first sheet that isn't as the form has it.
    """
    book = _opened(path)
    filled = {table.file: list(_rows(path, book, table)) for table in OF_A_CONTRACT}
    ids = {row["contract_id"] for rows in filled.values() for _, row in rows}
    own = {row["contract_id"] for _, row in filled["contracts.csv"]}
    if len(own) != 1 or ids != own:
        raise RegistryError(
            "a workbook holds one contract",
            file=path.name,
            place="contract_id of every sheet",
            got=", ".join(sorted(ids | own)) or "no row in the sheet contracts",
            expected="one row in the sheet contracts, and its contract_id in every other row",
            fix="give each contract a workbook of its own",
        )
    return own.pop(), filled


def _opened(path: Path) -> Any:
    """The workbook, once its size and each of its parts have been looked at as of one that lands.

    RegistryError if it is too large, would burst, or is damaged in any way.
    """
    from dagster_project.landing import limits, workbooks

    size = _size_of(path)
    if size > limits.MAX_FORM_BYTES:
        raise _unreadable(path, f"{size:,} bytes, of at most {limits.MAX_FORM_BYTES:,}")
    extract = Extract(path, str(path), size, "")
    try:
        workbooks.look(extract)
        return workbooks.whole(extract)
    except RefusedError as problem:
        got = f"{problem.problem} ({problem.got})" if problem.got else problem.problem
        raise _unreadable(path, got) from problem


def _size_of(path: Path) -> int:
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError) as problem:
        raise UsageError("there is no such file", file=str(path), fix="name another") from problem
    except OSError as problem:
        raise _unreadable(path, problem.strerror or type(problem).__name__) from problem
    if not S_ISREG(status.st_mode):
        raise _unreadable(path, "a folder" if S_ISDIR(status.st_mode) else "no file of bytes")
    return status.st_size


def _unreadable(path: Path, got: str) -> RegistryError:
    return RegistryError(
        "this can't be read as a workbook",
        file=str(path),
        got=got,
        expected="an .xlsx file that `outcomes contract template` made",
        fix="save it as .xlsx, or begin with the template",
    )


def _rows(path: Path, book: Any, table: Table) -> Iterator[tuple[int, Row]]:
    name = sheet_of(table)
    # A sheet of charts has no rows.
    sheet = {each.title: each for each in book.worksheets}.get(name)
    lines = _lines(path, sheet) if sheet else iter(())
    header = [as_text(cell) for cell in next(lines, ())]
    while header and not header[-1]:
        header.pop()
    if header != table.header:
        raise RegistryError(
            "the header is wrong" if header else "the sheet is missing or empty",
            file=path.name,
            place=f"sheet {name}",
            got=", ".join(header) or "nothing",
            expected=", ".join(table.header),
            fix="begin with the form that `outcomes contract template` makes",
        )
    for number, line in enumerate(lines, start=FIRST_ROW):
        cells = [as_text(cell) for cell in line]
        _check_width(path, table, number, cells)
        if any(cells):
            yield number, dict(zip(header, cells[: len(header)], strict=True))


def _lines(path: Path, sheet: Any) -> Iterator[Sequence[Any]]:
    """The sheet's rows; RegistryError if a cell stands so far out that they would never end."""
    from dagster_project.landing import limits

    if sheet.max_row * sheet.max_column > limits.MAX_CELLS_AT_ONCE:
        raise RegistryError(
            "the cells of the sheet are too far apart",
            file=path.name,
            place=f"sheet {sheet.title}",
            got=f"{sheet.max_row:,} rows of {sheet.max_column:,} columns",
            expected=f"at most {limits.MAX_CELLS_AT_ONCE:,} cells from the first to the last",
            fix="delete what stands below the rows and right of the columns of the form",
        )
    lines: Iterator[Sequence[Any]] = sheet.iter_rows(values_only=True)
    return lines


def _check_width(path: Path, table: Table, number: int, cells: Sequence[str]) -> None:
    from openpyxl.utils import get_column_letter

    width = len(table.header)
    for place, cell in enumerate(cells[width:], start=width + 1):
        if cell:
            raise RegistryError(
                "a cell stands right of the last column",
                file=path.name,
                place=f"sheet {sheet_of(table)}, cell {get_column_letter(place)}{number}",
                got=repr(cell),
                expected=f"nothing right of {table.header[-1]} ({get_column_letter(width)})",
                fix="put it into the column where it belongs, or delete it",
            )


def as_text(cell: Any) -> str:
    """A cell as `seeds/` would have it, also where a spreadsheet made a number or a day of it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float):
        return f"{cell:.12f}".rstrip("0").rstrip(".")
    if isinstance(cell, READ_AS_WRITTEN):
        return str(cell)
    # A formula that isn't kept as a text: over several cells, or of a table of data.
    return "=formula"

"""Workbooks: what is in one, told without believing what it says of itself, and its rows.

Each part is unpacked once, which proves its checksum. Plain sheets are read at once by the fast
reader; a workbook with formulas, error cells or cells far apart goes row by row through the
faithful one: the fast one shows those as gaps, or makes room in memory for all that lies between.
"""

from __future__ import annotations

import html
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dagster_project.errors import RefusedError
from dagster_project.landing import limits
from dagster_project.landing.unpacking import ZIP_ERRORS, is_bomb, unpacked
from dagster_project.sources.layout import Extract

COLUMN = re.compile(rb'<c r="([A-Z]{1,3})[0-9]')
ROW = re.compile(rb'<row r="([0-9]{1,7})"')
OPEN_DOCUMENT = "content.xml"
SHEET_NAME = re.compile(rb'<table:table [^>]*?table:name="([^"]*)"')
# A formula, in a sheet that names its tags plainly or with a prefix.
FORMULAS = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")

Row = Sequence[Any]


@dataclass(frozen=True)
class Contents:
    """What unpacking a workbook once has shown.

    `unworked` is the first cell, in each sheet that has one, of a formula without its value;
    `outside` are the NHS numbers that stand in no cell of an old workbook.
    """

    is_plain: bool
    has_formulas: bool
    # Every sheet, where the fast reader has read them.
    sheets: Mapping[str, Sequence[Row]] | None = None
    unworked: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    outside: tuple[str, ...] = ()


def cell_text(value: Any) -> str:
    """A cell as text: whole numbers without a point, dates in ISO form, nothing as ''."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else str(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def look(extract: Extract) -> Contents:
    """What the workbook holds; RefusedError if it isn't one, is damaged, or would burst."""
    try:
        archive = zipfile.ZipFile(extract.path)
    except ZIP_ERRORS as problem:
        raise damaged(extract, problem) from problem
    with archive:
        infos = archive.infolist()
        _check(extract, infos)
        try:
            parts = [_look_at(archive, info, extract) for info in infos]
        except RefusedError as problem:
            raise damaged(extract, problem.got or problem.problem) from problem
    return Contents(
        is_plain=all(part.is_plain for part in parts),
        has_formulas=any(part.has_formulas for part in parts),
    )


def _check(extract: Extract, infos: list[zipfile.ZipInfo]) -> None:
    names = {info.filename for info in infos}
    if "xl/workbook.xml" not in names:
        kind = "an OpenDocument file" if "mimetype" in names else "an Office file of another kind"
        raise not_a_workbook(extract, kind)
    total = sum(info.file_size for info in infos)
    if total > limits.MAX_WORKBOOK_UNZIPPED_BYTES or is_bomb(total, extract.bytes):
        raise RefusedError(
            "the workbook would unpack to more than is allowed",
            file=extract.relative_path,
            got=f"{total:,} bytes unpacked from {extract.bytes:,}",
            expected=f"at most {limits.MAX_WORKBOOK_UNZIPPED_BYTES:,} bytes and"
            f" {limits.MAX_ZIP_RATIO} times the packed size",
            fix="save the data sheet as CSV",
        )


def not_a_workbook(extract: Extract, kind: str) -> RefusedError:
    """The refusal for a document that is no workbook of a kind that is read."""
    return RefusedError(
        f"{kind}: no source here has one",
        file=extract.relative_path,
        expected="an .xlsx workbook or a CSV file",
        fix="save it as .xlsx, or add a layout for it",
    )


def open_document_sheets(extract: Extract) -> tuple[str, ...] | None:
    """The names of the sheets of an OpenDocument spreadsheet; None if it isn't a whole one."""
    try:
        with zipfile.ZipFile(extract.path) as archive:
            info = archive.getinfo(OPEN_DOCUMENT)
            if info.file_size > limits.MAX_PART_AT_ONCE or is_bomb(info.file_size, extract.bytes):
                return None
            content = archive.read(info)
    except (*ZIP_ERRORS, KeyError):
        return None
    return tuple(
        html.unescape(name.decode("utf-8", errors="replace"))
        for name in SHEET_NAME.findall(content)
    )


def _look_at(archive: zipfile.ZipFile, info: zipfile.ZipInfo, extract: Extract) -> Contents:
    is_sheet = info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml")
    chunks = unpacked(archive, info, extract.relative_path)
    if info.file_size > limits.MAX_PART_AT_ONCE:
        for _ in chunks:
            # To the end, where the checksum is compared.
            pass
        return Contents(is_plain=not is_sheet, has_formulas=is_sheet)
    content = b"".join(chunks)
    has_formulas = is_sheet and any(tag in content for tag in FORMULAS)
    return Contents(
        is_plain=not is_sheet or (not has_formulas and _is_plain(content)),
        has_formulas=has_formulas,
    )


def _is_plain(sheet: bytes) -> bool:
    """True if the fast reader gives each cell of the sheet, in memory that can be spared."""
    columns, rows = COLUMN.findall(sheet), ROW.findall(sheet)
    # Tags that aren't written as expected may hide anything.
    if len(rows) != sheet.count(b"<row") or b"<sheetData" not in sheet or b't="e"' in sheet:
        return False
    if len(columns) != sheet.count(b"<c ") + sheet.count(b"<c>"):
        return False
    width = max((_column_number(letters) for letters in set(columns)), default=0)
    return width * max(map(int, rows), default=0) <= limits.MAX_CELLS_AT_ONCE


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def damaged(extract: Extract, problem: object) -> RefusedError:
    """The refusal for a workbook that no program would open."""
    said = f"{type(problem).__name__}: {problem}" if isinstance(problem, Exception) else problem
    return RefusedError(
        "the workbook is damaged",
        file=extract.relative_path,
        got=str(said)[:200],
        expected="an .xlsx workbook that opens",
        fix="fetch it again from the publisher, or open it in Excel and save it anew",
    )


def plain_sheets(extract: Extract) -> dict[str, list[Row]] | None:
    """Every worksheet of a plain workbook with all its rows; an empty cell is ''.

    None if the fast reader can't: then the faithful one tells why, or can.
    """
    import python_calamine

    try:
        with python_calamine.CalamineWorkbook.from_path(str(extract.path)) as book:
            return {
                sheet.name: list(
                    book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                )
                for sheet in book.sheets_metadata
                if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
            }
    except BaseException as problem:
        # Where it doesn't expect what it finds, it ends in a panic that is no Exception.
        if isinstance(problem, Exception) or type(problem).__module__ == "pyo3_runtime":
            return None
        raise


def sheets(extract: Extract, contents: Contents) -> Iterator[tuple[str, Iterable[Row]]]:
    """Each worksheet with all its rows, by whichever reader suits the workbook."""
    plain = plain_sheets(extract) if contents.is_plain else None
    yield from faithful_sheets(extract) if plain is None else plain.items()


def faithful_sheets(
    extract: Extract, most: int | None = None, *, worked_out: bool = False
) -> Iterator[tuple[str, Iterator[Row]]]:
    """Each worksheet with its rows, up to `most`; an empty cell is None.

    With `worked_out`, a formula whose value isn't in the file is refused instead of read as a gap.
    """
    with ExitStack() as opened:
        views = (True, False) if worked_out else (True,)
        books = [_open(extract, opened, only_values=only_values) for only_values in views]
        for title in [sheet.title for sheet in books[0].worksheets]:
            yield title, _rows(extract, title, [book[title] for book in books], most)


def whole(extract: Extract) -> Any:
    """The workbook with all that is in it: formulas as such, merged cells, what is hidden.

    RefusedError if it is damaged, or too large for a form that somebody has filled in.
    """
    import openpyxl

    if extract.bytes > limits.MAX_FORM_BYTES:
        raise RefusedError(
            "the workbook is too large for a form",
            file=extract.relative_path,
            got=f"{extract.bytes:,} bytes",
            expected=f"at most {limits.MAX_FORM_BYTES:,}",
            fix="take out pictures and sheets that aren't the form's",
        )
    try:
        with extract.path.open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(stream)
    except Exception as problem:
        raise damaged(extract, problem) from problem


def _open(extract: Extract, opened: ExitStack, *, only_values: bool) -> Any:
    import openpyxl

    # By its name alone openpyxl would refuse it: what landed has no ending.
    stream = opened.enter_context(extract.path.open("rb"))
    try:
        with warnings.catch_warnings():
            # They are about looks: styles, validations, headers and footers.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(stream, read_only=True, data_only=only_values)
    except Exception as problem:
        raise damaged(extract, problem) from problem
    opened.callback(book.close)
    return book


def _rows(extract: Extract, title: str, views: list[Any], most: int | None) -> Iterator[Row]:
    try:
        for view in views:
            # A sheet may declare a million empty rows; what it declares isn't believed.
            view.reset_dimensions()
        both = zip(*(view.iter_rows(max_row=most, values_only=True) for view in views), strict=True)
        for number, (values, *formulas) in enumerate(both, start=1):
            if formulas:
                _check_worked_out(extract, title, number, values, formulas[0])
            yield values
    except RefusedError:
        raise
    except Exception as problem:
        raise damaged(extract, problem) from problem


def _check_worked_out(
    extract: Extract, title: str, number: int, values: Row, formulas: Row
) -> None:
    for position, (value, formula) in enumerate(zip(values, formulas, strict=True), start=1):
        if value is None and formula is not None:
            raise not_worked_out(extract, title, number, position, repr(str(formula)[:40]))


def not_worked_out(
    extract: Extract, title: str, row: int, column: int, formula: str
) -> RefusedError:
    """The refusal for a cell whose value nobody knows before its formula is worked out."""
    return RefusedError(
        "a formula whose value isn't in the file",
        file=extract.relative_path,
        place=f"sheet {title!r}, row {row:,}, column {column}",
        got=formula,
        expected="a value",
        fix="open the workbook in Excel, which works it out, and save it; or paste values",
    )

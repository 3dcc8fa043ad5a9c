"""Workbooks, JSON documents and other encodings turned into a plain UTF-8 CSV to be scanned."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dagster_project.errors import RefusedError
from dagster_project.sources.layout import Recognised

CHUNK = 2**20


def cell_text(value: Any) -> str:
    """A cell as text: whole numbers without a point, dates in ISO form, nothing as ''."""
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


def json_to_csv(found: Recognised, scratch: Path) -> Path:
    """The rows that the layout finds in the document, in its fields' order."""
    if found.layout.rows is None:
        raise ValueError(f"{found.layout.layout_id} doesn't say how its rows are found")
    rows = (row for _, row in found.layout.rows(found.document))
    return _write(scratch / "document.csv", rows)


def workbook_to_csv(found: Recognised, scratch: Path) -> Path:
    """The rows below the header of the recognised sheet, in the sheet's order."""
    return _write(scratch / "sheet.csv", _sheet_rows(found))


def _sheet_rows(found: Recognised) -> Iterator[tuple[Any, ...]]:
    import openpyxl

    width = 1 + max(found.match.positions.values())
    book = openpyxl.load_workbook(found.extract.path, read_only=True, data_only=True)
    try:
        sheet = book[found.sheet] if found.sheet else book.worksheets[0]
        # A sheet may declare a million empty rows; what it declares isn't believed.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(min_row=found.header_row + 1, max_col=width, values_only=True)
        for number, row in enumerate(rows, start=1):
            if number > found.layout.max_rows:
                raise _too_long(found)
            if any(cell is not None for cell in row):
                yield (*row, *([None] * (width - len(row))))
    finally:
        book.close()


def _too_long(found: Recognised) -> RefusedError:
    return RefusedError(
        "more rows than this layout may have",
        file=found.extract.relative_path,
        expected=f"at most {found.layout.max_rows:,}",
        fix="check that the file is what it says it is",
    )


def _write(path: Path, rows: Iterable[tuple[Any, ...]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([cell_text(cell) for cell in row] for row in rows)
    return path


def to_utf8(found: Recognised, scratch: Path) -> Path:
    """The same text in UTF-8; RefusedError names the first byte that isn't in the encoding."""
    target = scratch / "utf8.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (
            found.extract.path.open(encoding=found.encoding, newline="") as source,
            target.open("w", encoding="utf-8", newline="") as stream,
        ):
            while chunk := source.read(CHUNK):
                stream.write(chunk)
    except UnicodeDecodeError as problem:
        raise RefusedError(
            "the text has bytes that its encoding doesn't",
            file=found.extract.relative_path,
            place=f"about byte {problem.start:,}",
            got=f"0x{problem.object[problem.start]:02x}",
            expected=" or ".join(found.layout.encodings),
            fix="save it as CSV UTF-8",
        ) from problem
    return target



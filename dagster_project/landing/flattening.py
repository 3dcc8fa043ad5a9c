"""Workbooks, JSON documents and other encodings turned into a plain UTF-8 CSV to be scanned."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dagster_project.errors import RefusedError
from dagster_project.landing import workbooks
from dagster_project.landing.sql import in_memory, quoted, quoted_name, quoted_path, said
from dagster_project.landing.unpacking import CHUNK
from dagster_project.landing.workbooks import Contents
from dagster_project.sources.layout import Recognised


@dataclass(frozen=True)
class Source:
    """A UTF-8 CSV with the rows of an extract, and how its rows are counted in the extract.

    `blank_rows` are the rows of a sheet that were left out, by their numbers in it. Where the text
    was written here its lines end in one way, whatever the cells hold: `is_rewritten`.
    """

    path: Path
    has_header: bool
    unit: str = "row"
    before: int = 1
    blank_rows: tuple[int, ...] = ()
    is_rewritten: bool = False

    def place(self, rowid: int) -> str:
        """Where the row with that number, from 0, stands in the extract."""
        number = rowid + 1 + self.before
        for blank in self.blank_rows:
            number += blank <= number
        return f"{self.unit} {number:,}"


def as_csv(found: Recognised, scratch: Path) -> Source:
    """The rows of an extract as a CSV that can be scanned; RefusedError if it can't be made."""
    try:
        return _as_csv(found, scratch)
    except UnicodeEncodeError as problem:
        raise RefusedError(
            "a cell holds half a character",
            file=found.extract.relative_path,
            got=f"U+{ord(problem.object[problem.start]):04X}",
            expected="characters that can be written as UTF-8",
            fix="fetch it again from the publisher",
        ) from problem


def _as_csv(found: Recognised, scratch: Path) -> Source:
    container = found.layout.container
    if container == "json":
        path = _write(scratch / "document.csv", _document_rows(found))
        return Source(path, has_header=False, unit="item", before=0, is_rewritten=True)
    if container == "xlsx":
        blank_rows: list[int] = []
        path = _write(scratch / "sheet.csv", _sheet_rows(found, blank_rows))
        return Source(
            path,
            has_header=False,
            before=found.header_row,
            blank_rows=tuple(blank_rows),
            is_rewritten=True,
        )
    if container == "parquet":
        path = _columns_to_csv(found, scratch)
        return Source(path, has_header=False, before=0, is_rewritten=True)
    if found.encoding != "utf-8":
        return Source(_to_utf8(found, scratch), has_header=True)
    return Source(found.extract.path, has_header=True)


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


def _document_rows(found: Recognised) -> Iterator[tuple[Any, ...]]:
    if found.layout.rows is None:
        raise ValueError(f"{found.layout.layout_id} doesn't say how its rows are found")
    read = 0
    try:
        for _, row in found.layout.rows(found.document):
            if any(isinstance(cell, dict | list) for cell in row):
                raise TypeError("a list or an object where a word or a number should stand")
            yield row
            read += 1
    # A document that begins as the layout says and goes on as something else.
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise RefusedError(
            f"not all of the document has the shape of {found.layout.title}",
            file=found.extract.relative_path,
            place=f"item {read + 1:,} or near it",
            got=f"{type(problem).__name__}: {problem}"[:200],
            expected="items of one shape",
            fix="fetch it again from the publisher, or ask whether the file has changed",
        ) from problem


def _sheet_rows(found: Recognised, blank_rows: list[int]) -> Iterator[tuple[Any, ...]]:
    width = 1 + max(found.match.positions.values())
    for number, row in enumerate(_rows_of(found), start=1):
        if number <= found.header_row:
            continue
        if number > found.layout.max_rows:
            raise _too_long(found)
        cells = tuple(row[:width])
        if any(cell is not None and cell != "" for cell in cells):
            yield (*cells, *([None] * (width - len(cells))))
        else:
            blank_rows.append(number)


def _columns_to_csv(found: Recognised, scratch: Path) -> Path:
    import duckdb

    target, relation = scratch / "columns.csv", f"read_parquet({quoted_path(found.extract.path)})"
    # In the file's own order, as the layout's positions count.
    columns = ", ".join(f"cast({quoted_name(name)} as varchar)" for name in found.match.header)
    try:
        with in_memory() as connection:
            rows = connection.execute(f"select count(*) from {relation}").fetchall()[0][0]
            # A few bytes may stand for any number of equal rows.
            if rows > found.layout.max_rows:
                raise _too_long(found)
            connection.execute(
                f"copy (select {columns} from {relation}) to {quoted(str(target))}"
                " (format csv, header false, force_quote *)"
            )
    except duckdb.Error as problem:
        raise RefusedError(
            "the Parquet file is damaged",
            file=found.extract.relative_path,
            got=said(problem, found.extract.path, found.extract.name),
            expected="a Parquet file that can be read to its end",
            fix="fetch it again from the publisher",
        ) from problem
    return target


def _rows_of(found: Recognised) -> Iterable[workbooks.Row]:
    contents: Contents = found.document
    if contents.sheets is not None and found.sheet is not None:
        yield from contents.sheets[found.sheet]
        return
    sheets = workbooks.faithful_sheets(found.extract, worked_out=contents.has_formulas)
    for title, rows in sheets:
        if title == found.sheet:
            yield from rows


def _too_long(found: Recognised) -> RefusedError:
    return RefusedError(
        "more rows than this layout may have",
        file=found.extract.relative_path,
        expected=f"at most {found.layout.max_rows:,}",
        fix="check that the file is what it says it is",
    )


def _write(path: Path, rows: Iterable[tuple[Any, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([cell_text(cell) for cell in row] for row in rows)
    return path


def _to_utf8(found: Recognised, scratch: Path) -> Path:
    """The same text in UTF-8; RefusedError names the first byte that isn't in the encoding."""
    target, before = scratch / "utf8.csv", 0
    with found.extract.path.open("rb") as source, target.open("wb") as stream:
        while chunk := source.read(CHUNK):
            try:
                stream.write(chunk.decode(found.encoding).encode())
            except UnicodeDecodeError as problem:
                raise RefusedError(
                    "the text has a byte that its encoding doesn't",
                    file=found.extract.relative_path,
                    place=f"byte {before + problem.start + 1:,}",
                    got=f"0x{problem.object[problem.start]:02x}",
                    expected=" or ".join(found.layout.encodings),
                    fix="save it as CSV UTF-8",
                ) from problem
            before += len(chunk)
    return target

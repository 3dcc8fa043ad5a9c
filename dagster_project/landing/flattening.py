"""Workbooks, JSON documents and other encodings turned into a plain UTF-8 CSV to be scanned."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dagster_project.errors import RefusedError
from dagster_project.landing import workbooks
from dagster_project.landing.sql import in_memory, quoted, quoted_name, quoted_path, said
from dagster_project.landing.unpacking import CHUNK
from dagster_project.landing.workbooks import Contents
from dagster_project.sources.matching import Recognised, Sheet


@dataclass(frozen=True)
class Span:
    """Rows that stand together in an extract, and how they are counted in it.

    `first` is the number of the first of them in the CSV, from 0; `before` how many rows stand
    above it in the extract; `blank_rows` those that were left out, by their numbers in it.
    """

    first: int = 0
    before: int = 1
    blank_rows: tuple[int, ...] = ()
    sheet: str | None = None


@dataclass(frozen=True)
class Source:
    """A UTF-8 CSV with the rows of an extract, and how its rows are counted in the extract.

    `left_out` counts the rows of the extract that aren't in it, by reason. Where the text was
    written here its lines end in one way, whatever the cells hold: `is_rewritten`.
    """

    path: Path
    has_header: bool
    unit: str = "row"
    spans: tuple[Span, ...] = (Span(),)
    left_out: Mapping[str, int] = field(default_factory=dict)
    is_rewritten: bool = False

    def place(self, rowid: int) -> str:
        """Where the row with that number, from 0, stands in the extract."""
        span = max((s for s in self.spans if s.first <= rowid), key=lambda s: s.first)
        number = rowid - span.first + 1 + span.before
        for blank in span.blank_rows:
            number += blank <= number
        place = f"{self.unit} {number:,}"
        return f"sheet {span.sheet!r}, {place}" if span.sheet is not None else place


# Of what has no header.
FROM_THE_TOP = (Span(before=0),)


def place_of(found: Recognised, source: Source, rowid: int) -> str:
    """Where that row of the raw table, from 0, has come from in the extract."""
    if found.layout.rows_per_row:
        return source.place(rowid // found.layout.rows_per_row)
    return f"row {rowid + 1:,} of those that it comes to"


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
        return Source(path, False, "item", FROM_THE_TOP, is_rewritten=True)
    if found.layout.cells is not None:
        book = workbooks.whole(found.extract)
        path = _write(scratch / "cells.csv", found.layout.cells(book, found.extract.relative_path))
        return Source(path, False, "filled cell", FROM_THE_TOP, is_rewritten=True)
    if container in ("xlsx", "xls"):
        return _sheets_to_csv(found, scratch)
    if container == "parquet":
        path = _columns_to_csv(found, scratch)
        return Source(path, has_header=False, spans=FROM_THE_TOP, is_rewritten=True)
    path = found.extract.path if found.encoding == "utf-8" else _to_utf8(found, scratch)
    if found.layout.has_header:
        return Source(path, has_header=True)
    return Source(path, has_header=False, spans=FROM_THE_TOP)


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


def _sheets_to_csv(found: Recognised, scratch: Path) -> Source:
    """The rows of every sheet that holds some, one sheet after the other."""
    spans: list[Span] = []
    left_out: Counter[str] = Counter()
    sheets = _rows_by_sheet(found)
    path = _write(scratch / "sheets.csv", _rows_of_sheets(found, sheets, spans, left_out))
    return Source(path, has_header=False, spans=tuple(spans), left_out=left_out, is_rewritten=True)


def _rows_of_sheets(
    found: Recognised,
    sheets: Iterable[tuple[Sheet, Iterable[workbooks.Row]]],
    spans: list[Span],
    left_out: Counter[str],
) -> Iterator[tuple[Any, ...]]:
    read = 0
    for sheet, rows in sheets:
        blank_rows: list[int] = []
        first, label = read, sheet.name if len(found.sheets) > 1 else None
        for row in _sheet_rows(found, sheet, rows, blank_rows, left_out):
            yield row
            read += 1
        spans.append(Span(first, sheet.header_row, tuple(blank_rows), label))


def _sheet_rows(
    found: Recognised,
    sheet: Sheet,
    rows: Iterable[workbooks.Row],
    blank_rows: list[int],
    left_out: Counter[str],
) -> Iterator[tuple[Any, ...]]:
    """The rows below the header; blank ones and, where a layout has them, notes are left out."""
    shape = _shape(found, sheet)
    notes: list[tuple[int, workbooks.Row]] = []
    for number, row in enumerate(rows, start=1):
        if number <= sheet.header_row:
            continue
        if number > found.layout.max_rows:
            raise _too_long(found)
        if not any(cell is not None and cell != "" for cell in row[: shape.width]):
            blank_rows.append(number)
        elif found.layout.notes_below and _is_note(sheet, row):
            notes.append((number, row))
        else:
            # What looked like notes stands among the data: it is read, and refused for its form.
            yield from (shape.of(note) for _, note in notes)
            notes.clear()
            yield shape.of(row)
    left_out["note below the data"] += len(notes)


def _is_note(sheet: Sheet, row: workbooks.Row) -> bool:
    """True for a row that is a text in its first column, which is no code of the layout's."""
    filled = [position for position, cell in enumerate(row) if cell is not None and cell != ""]
    if filled != [0]:
        return False
    text = workbooks.cell_text(row[0]).strip()
    fields = {sheet.match.positions.get(item.name): item for item in sheet.match.layout.fields}
    item = fields.get(0)
    return not (item and item.pattern and re.fullmatch(item.pattern, text))


@dataclass(frozen=True)
class _Shape:
    """Where each cell of a row goes: as it stands, or in the order of a layout's fields."""

    width: int
    order: tuple[int, ...] | None = None
    says: str | None = None

    def of(self, row: workbooks.Row) -> tuple[Any, ...]:
        cells = (*row[: self.width], *([None] * (self.width - len(row))))
        if self.order is None:
            return cells
        # A column that this sheet lacks is one past the end.
        with_gap = (*cells, None, self.says)
        return tuple(with_gap[at] for at in self.order)


def _shape(found: Recognised, sheet: Sheet) -> _Shape:
    width = 1 + max(sheet.match.positions.values())
    if not found.layout.parts:
        return _Shape(width)
    lacking, says = width, width + 1
    order = tuple(
        says if item.from_sheet else sheet.match.positions.get(item.name, lacking)
        for item in found.layout.fields
    )
    return _Shape(width, order, sheet.says)


def _rows_by_sheet(found: Recognised) -> Iterator[tuple[Sheet, Iterable[workbooks.Row]]]:
    contents: Contents = found.document
    for sheet in found.sheets:
        if place := contents.unworked.get(sheet.name):
            raise workbooks.not_worked_out(found.extract, sheet.name, *place, "a formula")
    if contents.sheets is not None:
        for sheet in found.sheets:
            yield sheet, contents.sheets[sheet.name]
        return
    every = workbooks.faithful_sheets(found.extract, worked_out=contents.has_formulas)
    for title, rows in every:
        named = found.sheet(title)
        if named is not None:
            yield named, rows


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
        writer.writerows([workbooks.cell_text(cell) for cell in row] for row in rows)
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

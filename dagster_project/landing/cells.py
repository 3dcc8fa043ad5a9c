"""The cells of a file of any kind, by column, so far as they may hold NHS numbers.

Only files whose bytes gave cause are taken apart like this: it is slow, and takes any encoding,
any delimiter and damaged files as far as they go.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dagster_project.errors import RefusedError
from dagster_project.landing import isolated, limits, nhs_numbers, workbooks
from dagster_project.landing.sql import in_memory, quoted_name, quoted_path
from dagster_project.sources.layout import Extract, normalised
from dagster_project.sources.matching import HeaderMatch, Recognised

# A first row with such a cell is no header but data, which must not be repeated.
DATA = re.compile(r"\d{6}|\d\d?[/.-]\d\d?[/.-]\d\d")
SHOWN = 60
SEEN_OF_TEXT = 4096
OUTSIDE_CELLS = "outside the cells, in a comment or a title"
UTF16_STARTS = (b"\xff\xfe", b"\xfe\xff")


@dataclass
class Tally:
    """What was seen of a column: what it is declared to hold, and the cells that may be numbers."""

    kind: str = "text"
    filled: int = 0
    cells: Counter[str] = field(default_factory=Counter)


Columns = dict[str, Tally]


def by_column(extract: Extract, container: str, found: Recognised | None) -> Columns | None:
    """The columns of a file by the words that say where they are, as far as it comes apart.

    None for a Parquet file or an old workbook that can't be opened.
    """
    if container == "parquet":
        return _parquet(extract.path, found)
    if container == "ole":
        return _old_workbook(extract.path, found)
    if container == "office":
        return _workbook(extract, found)
    if container == "json":
        return _json(extract.path, found)
    return _text(extract.path, found)


def _see(columns: Columns, where: str, cell: str, kind: str = "text") -> None:
    columns.setdefault(where, Tally(kind)).cells[cell] += 1


def _see_row(
    columns: Columns, row: Sequence[Any], match: HeaderMatch | None, sheet: str | None
) -> None:
    """After this the cells of a row count, under the headers that `match` found above it."""
    for position, cell in enumerate(row):
        text = nhs_numbers.may_be_one(cell)
        if text:
            where, kind = _declared(match, position, sheet)
            _see(columns, where, text, kind)
        if match is not None and position in match.kinds and cell not in (None, ""):
            where, kind = _declared(match, position, sheet)
            columns.setdefault(where, Tally(kind)).filled += 1


def _parquet(path: Path, found: Recognised | None) -> Columns | None:
    import duckdb

    columns: Columns = {}
    relation = f"read_parquet({quoted_path(path)})"
    try:
        with in_memory() as connection:
            names = [row[0] for row in connection.execute(f"describe from {relation}").fetchall()]
            if not _may_hold_one(connection, relation, names):
                return columns
            for position, name in enumerate(names):
                kind = found.match.kinds.get(position, "text") if found else "text"
                columns[_column(name, position)] = _parquet_column(connection, relation, name, kind)
    except duckdb.Error:
        # Damaged: it is refused for that.
        return None
    return columns


def _may_hold_one(connection: Any, relation: str, names: list[str]) -> bool:
    texts = [f"cast({quoted_name(name)} as varchar)" for name in names]
    any_of = " or ".join(f"(length({t}) >= 10 and regexp_matches({t}, $1))" for t in texts)
    rows = connection.execute(
        f"select 1 from {relation} where {any_of} limit 1", [nhs_numbers.CANDIDATE_SQL]
    ).fetchall()
    return bool(rows)


def _parquet_column(connection: Any, relation: str, name: str, kind: str) -> Tally:
    text = f"cast({quoted_name(name)} as varchar)"
    filled = connection.execute(f"select count(*) from {relation} where {text} <> ''").fetchall()
    cells = connection.execute(
        f"select {text} as cell, count(*) from {relation}"
        " where length(cell) >= 10 and regexp_matches(cell, ?) group by 1",
        [nhs_numbers.CANDIDATE_SQL],
    ).fetchall()
    return Tally(kind, filled[0][0], Counter(dict(cells)))


def _match_in(found: Recognised | None, sheet: str, row: int) -> HeaderMatch | None:
    """What the headers say of a row of a sheet; None where no layout claims the row."""
    there = found.sheet(sheet) if found is not None else None
    return there.match if there is not None and row > there.header_row else None


def _old_workbook(path: Path, found: Recognised | None) -> Columns | None:
    columns: Columns = {}
    if found is not None:
        for name, rows in found.document.sheets.items():
            if not any(nhs_numbers.may_be_one(cell) for row in rows for cell in row):
                # Weighing what may be a number takes ten times as long as seeing that nothing may.
                continue
            for number, row in enumerate(rows, start=1):
                _see_row(columns, row, _match_in(found, name, number), name)
        for text in found.document.outside:
            _see(columns, OUTSIDE_CELLS, text)
        return columns
    cells = isolated.long_cells(path)
    if cells is None:
        # Locked, damaged or no workbook: then it is for its streams to say what they can.
        return None
    for (sheet, position, cell), times in sorted(cells.items()):
        outside = sheet == isolated.OUTSIDE
        where = OUTSIDE_CELLS if outside else _column(None, position, sheet)
        tally = columns.setdefault(where, Tally())
        tally.cells[cell] += times
    return columns


def _workbook(extract: Extract, found: Recognised | None) -> Columns:
    columns: Columns = {}
    try:
        contents = workbooks.look(extract)
    except RefusedError:
        # Of another kind, or damaged: its parts are searched as they stand.
        return _old_workbook(extract.path, None) or columns
    try:
        for name, rows in workbooks.sheets(extract, contents):
            for number, row in enumerate(rows, start=1):
                _see_row(columns, row, _match_in(found, name, number), name)
    except RefusedError:
        return columns
    return columns


def _declared(match: HeaderMatch | None, position: int, sheet: str | None) -> tuple[str, str]:
    if match is None or position >= len(match.header):
        return _column(None, position, sheet), "text"
    header = match.header[position]
    return _column(header, position, sheet), match.kinds.get(position, "text")


def _is_data(name: str) -> bool:
    """True for what can't be a column's name but may be somebody's, and so isn't repeated."""
    return bool(DATA.search(name) or nhs_numbers.CANDIDATE.search(name))


def _column(header: str | None, position: int, sheet: str | None = None) -> str:
    if header is None or not header.strip() or _is_data(header):
        label = f"column {position + 1}"
    else:
        label = f"column {header[:SHOWN]!r}"
    return f"sheet {sheet[:SHOWN]!r}, {label}" if sheet else label


def _json(path: Path, found: Recognised | None) -> Columns:
    columns: Columns = {}
    kinds: dict[str, str] = {}
    if found is not None:
        for item in found.layout.fields:
            kinds[normalised(item.headers[0].rpartition(".")[2])] = item.kind
    if path.stat().st_size > limits.MAX_JSON_BYTES:
        return columns
    try:
        waiting: list[tuple[str, Any]] = [("", json.loads(path.read_text(encoding="utf-8-sig")))]
    except (ValueError, RecursionError):
        return columns
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            for name, inner in value.items():
                if nhs_numbers.may_be_one(name):
                    _see(columns, "a key", name)
                waiting.append((name, inner))
        elif isinstance(value, list):
            waiting.extend((key, inner) for inner in value)
        elif value is not None:
            kind = kinds.get(normalised(key), "text")
            where = "a value" if not key or _is_data(key) else f"key {key[:SHOWN]!r}"
            if kind != "text":
                columns.setdefault(where, Tally(kind)).filled += 1
            if text := nhs_numbers.may_be_one(value):
                _see(columns, where, text, kind)
    return columns


def _text(path: Path, found: Recognised | None) -> Columns:
    columns: Columns = {}
    header: tuple[str, ...] = ()
    encoding, delimiter = _text_form(path, found)
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        try:
            for number, row in enumerate(csv.reader(stream, delimiter=delimiter)):
                if number == 0 and not any(_is_data(cell) for cell in row):
                    header = tuple(row)
                if found is not None:
                    is_data = number or not found.layout.has_header
                    _see_row(columns, row, found.match if is_data else None, None)
                    continue
                for position, cell in enumerate(row):
                    if text := nhs_numbers.may_be_one(cell):
                        named = header[position] if position < len(header) else None
                        _see(columns, _column(named, position), text)
        except csv.Error:
            # Not a table from here on: its bytes are searched as they stand.
            return columns
    return columns


def _text_form(path: Path, found: Recognised | None) -> tuple[str, str]:
    """The encoding and the delimiter, as the start of the file suggests them."""
    with path.open("rb") as stream:
        start = stream.read(SEEN_OF_TEXT)
    if found is not None:
        return found.encoding, ","
    if start.startswith(UTF16_STARTS):
        encoding = "utf-16"
    elif b"\0" in start:
        encoding = "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
    else:
        encoding = "utf-8"
    line = start.decode(encoding, errors="replace").split("\n", 1)[0]
    return encoding, max(",;\t|", key=line.count)

"""Reading a recognised extract into its raw table: text or number, nothing changed, nothing lost.

The rows first stand in `incoming`, where they are checked: a temporary table, or for a large
extract a view of a Parquet file (decision 6). What is refused never reaches the warehouse's file.
DuckDB scans the file straight into typed columns. Only when that fails is the file gone through row
by row, to say exactly which row and column is at fault.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.errors import RefusedError
from dagster_project.landing import checking, diagnosis, flattening, parts, repeats, searching
from dagster_project.landing.flattening import Source
from dagster_project.landing.sql import quoted, quoted_path, said
from dagster_project.sources import raw_tables
from dagster_project.sources.layout import Field, Layout
from dagster_project.sources.matching import Recognised

if TYPE_CHECKING:
    import duckdb

ROW_COLUMNS = ("extract_id INTEGER",)
# A record longer than this has a quotation mark that was never closed.
MAX_RECORD_BYTES = 8 * 2**20
# DuckDB's own choice is sixteen records of that length, got from the system anew for each reading.
# Where a buffer ends inside a cell of many lines, threads may lose their place: such a file is read
# once more, rewritten and by one of them.
BUFFER_BYTES = 2 * MAX_RECORD_BYTES


@dataclass(frozen=True)
class ReadReport:
    """What a reading did: every row of the file is either kept or dropped for a named reason."""

    rows_read: int
    rows_kept: int
    rows_dropped: dict[str, int] = field(default_factory=dict)


def column_types(fields: tuple[Field, ...]) -> list[str]:
    """The SQL columns of a raw table; a figure with markers has a second column for the marker."""
    columns = []
    for item in fields:
        columns.append(f'"{item.name}" {"DOUBLE" if item.kind == "figure" else "VARCHAR"}')
        if item.markers:
            columns.append(f'"{item.name}_marker" VARCHAR')
    return columns


def make_raw_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """After this every raw table exists, empty where nothing of its kind has landed."""
    for table, fields in raw_tables().items():
        columns = ", ".join([*ROW_COLUMNS, *column_types(fields)])
        connection.execute(f"create table if not exists raw.{table} ({columns})")


def read(connection: duckdb.DuckDBPyConnection, found: Recognised, scratch: Path) -> ReadReport:
    """The rows of `found` in `incoming`, sound and each cell once.

    RefusedError if they aren't sound; no other table has been touched then.
    """
    layout = found.layout
    source = _stage_csv(connection, found, flattening.as_csv(found, scratch), scratch)
    rows = int(connection.execute("select count(*) from incoming").fetchall()[0][0])
    try:
        checking.check(connection, found, source, rows)
    except RefusedError:
        # Which row of the file it is can be told when they stand in the file's order.
        _stage_in_order(connection, found, source, scratch)
        checking.check(connection, found, source, rows)
        raise
    if layout.other_columns or layout.projection or layout.container != "csv":
        # Such a file holds more than is kept of it: notes, other sheets, columns or rows.
        refusal = searching.nhs_number_refusal(found.extract, found)
        if refusal is not None:
            raise refusal
    dropped: dict[str, int] = {}
    if repeats.find(connection, found):
        _stage_in_order(connection, found, source, scratch)
        dropped = repeats.drop(connection, found, source, scratch)
    connection.execute("drop table repeated_cells")
    kept = rows - sum(dropped.values())
    if layout.folded:
        relation = _csv_relation(found, source)
        there = connection.execute(f"select count(*) from {relation}").fetchall()[0][0]
        dropped[layout.folded] = int(there) - rows
    dropped |= {reason: count for reason, count in source.left_out.items() if count}
    return ReadReport(kept + sum(dropped.values()), kept, dropped)


def insert_rows(connection: duckdb.DuckDBPyConnection, found: Recognised, extract_id: int) -> None:
    """After this the rows that were read stand in the warehouse under the extract's number."""
    table = f"raw.{found.layout.table}"
    connection.execute(
        f"insert into {table} by name select {extract_id} as extract_id, * from incoming"
    )


def forget(connection: duckdb.DuckDBPyConnection, scratch: Path) -> None:
    """After this nothing is left of a reading but what was kept of it."""
    for kind, name in connection.execute(
        "select table_type, table_name from information_schema.tables"
        " where table_name = 'incoming' and table_catalog = 'temp'"
    ).fetchall():
        connection.execute(f"drop {'view' if kind == 'VIEW' else 'table'} {name}")
    parts.discard(scratch)


def _stage_csv(
    connection: duckdb.DuckDBPyConnection, found: Recognised, source: Source, scratch: Path
) -> Source:
    """The CSV in `incoming`; the source that was read in the end, mended if need be."""
    import duckdb

    # The last is said where two threads can't agree in which row a piece of the file begins.
    unread = (duckdb.DataError, duckdb.ProgrammingError, duckdb.NotSupportedError)
    try:
        _stage(connection, found, _csv_relation(found, source), scratch)
    except unread:
        # The slow way round names the row and column at fault; some faults it can mend.
        source = diagnosis.explain_or_mend(found, source, scratch)
        try:
            _stage(connection, found, _csv_relation(found, source), scratch)
        except unread as problem:
            raise _unreadable(found, problem) from problem
    return source


def _stage_in_order(
    connection: duckdb.DuckDBPyConnection, found: Recognised, source: Source, scratch: Path
) -> None:
    """After this `incoming` has the rows in the order of the file, which a table has anyway."""
    if parts.is_staged(scratch):
        _stage(connection, found, _csv_relation(found, source), scratch, in_order=True)


def _unreadable(found: Recognised, problem: Exception) -> RefusedError:
    return RefusedError(
        "the file can't be read",
        file=found.extract.relative_path,
        got=said(problem, found.extract.path, found.extract.name),
        expected=f"a file in the layout {found.layout.layout_id}",
        fix="fetch it again from the publisher",
    )


def _csv_relation(found: Recognised, source: Source) -> str:
    """A `read_csv` that names and types the columns itself, so that nothing is guessed."""
    by_position = {position: name for name, position in found.match.positions.items()}
    typed = {item.name: item for item in found.layout.fields}
    columns = []
    for position in range(_width(source.path) if source.has_header else 1 + max(by_position)):
        name = by_position.get(position, f"unread_{position}")
        item = typed.get(name)
        is_number = item is not None and item.kind == "figure" and not item.markers
        columns.append(f"{quoted(name)}: '{'DOUBLE' if is_number else 'VARCHAR'}'")
    # Where it isn't told, an end of line inside a cell is taken for the file's own. Read by one
    # thread, lines inside a cell that look like rows aren't taken for rows, wherever a buffer ends.
    by_us = r" new_line='\n', parallel=false," if source.is_rewritten else ""
    return (
        f"read_csv({quoted_path(source.path)}, auto_detect=false, compression='none',"
        f" header={str(source.has_header).lower()}, delim=',', quote='\"', escape='\"',"
        f" nullstr='', strict_mode=true,{by_us} max_line_size={MAX_RECORD_BYTES},"
        f" buffer_size={BUFFER_BYTES},"
        f" columns={{{', '.join(columns)}}})"
    )


def _width(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return len(next(csv.reader(stream)))


def _stage(
    connection: duckdb.DuckDBPyConnection,
    found: Recognised,
    relation: str,
    scratch: Path,
    *,
    in_order: bool = False,
) -> None:
    layout = found.layout
    present = set(found.match.positions)
    chosen = f"select * from {relation}"
    if layout.projection:
        chosen = f"with incoming_file as ({chosen}) {layout.projection}"
        present = {item.name for item in layout.columns}
    rows = f"select {', '.join(_typed_columns(layout, present))} from ({chosen})"
    forget(connection, scratch)
    if found.extract.bytes >= parts.LARGE_BYTES:
        parts.stage(connection, rows, scratch, in_order=in_order)
    else:
        connection.execute(f"create temp table incoming as {rows}")


def _typed_columns(layout: Layout, present: set[str]) -> list[str]:
    expressions = []
    for item in layout.columns:
        if item.name not in present:
            continue
        if not item.markers:
            expressions.append(f'"{item.name}"')
            continue
        number = f'try_cast(trim("{item.name}") as double)'
        expressions.append(f'{number} as "{item.name}"')
        expressions.append(
            f'case when {number} is null then trim("{item.name}") end as "{item.name}_marker"'
        )
    return expressions

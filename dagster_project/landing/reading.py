"""Reading a recognised extract into its raw table: text or number, nothing changed, nothing lost.

DuckDB scans the file straight into typed columns. Only when that fails is the file gone through
row by row, to say exactly which row and column is at fault.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.errors import RefusedError
from dagster_project.landing import checking, diagnosis, flattening
from dagster_project.sources import raw_tables
from dagster_project.sources.layout import Field, Layout, Recognised

if TYPE_CHECKING:
    import duckdb

ROW_COLUMNS = ("extract_id INTEGER", "cell_key UBIGINT")


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
    connection.execute("create schema if not exists raw")
    for table, fields in raw_tables().items():
        columns = ", ".join([*ROW_COLUMNS, *column_types(fields)])
        connection.execute(f"create table if not exists raw.{table} ({columns})")


def read(
    connection: duckdb.DuckDBPyConnection, found: Recognised, extract_id: int, scratch: Path
) -> ReadReport:
    """The rows of `found` in its raw table, checked; RefusedError leaves the caller to undo."""
    source = _as_relation(connection, found, scratch)
    _insert(connection, found, extract_id, source, scratch)
    table = f"raw.{found.layout.table}"
    rows_read = _count(connection, table, extract_id)
    checking.check(connection, found, extract_id, rows_read)
    dropped = checking.drop_repeats(connection, found, extract_id)
    return ReadReport(rows_read, rows_read - sum(dropped.values()), dropped)


def _count(connection: duckdb.DuckDBPyConnection, table: str, extract_id: int) -> int:
    counted = connection.execute(
        f"select count(*) from {table} where extract_id = ?", [extract_id]
    ).fetchall()
    return int(counted[0][0])


def _as_relation(connection: duckdb.DuckDBPyConnection, found: Recognised, scratch: Path) -> str:
    """SQL that reads the extract, with the layout's names for the columns it has."""
    path, layout = found.extract.path, found.layout
    if layout.container == "parquet":
        columns = ", ".join(
            f'cast("{_header(found, item)}" as varchar) as "{item.name}"'
            for item in layout.fields
        )
        return f"(select {columns} from read_parquet({_quoted(str(path))}))"
    if layout.container == "json":
        path = flattening.json_to_csv(found, scratch)
    elif layout.container == "xlsx":
        path = flattening.workbook_to_csv(found, scratch)
    elif found.encoding != "utf-8":
        path = flattening.to_utf8(found, scratch)
    return csv_relation(found, path, has_header=layout.container == "csv")


def _header(found: Recognised, item: Field) -> str:
    # Parquet columns are matched by their exact names, which are the layouts' own.
    return item.headers[0]


def csv_relation(found: Recognised, path: Path, *, has_header: bool) -> str:
    """A `read_csv` that names and types the columns itself, so that nothing is guessed."""
    by_position = {position: name for name, position in found.match.positions.items()}
    width = 1 + max(by_position) if not has_header else _width(path)
    typed = {item.name: item for item in found.layout.fields}
    columns = []
    for position in range(width):
        name = by_position.get(position)
        is_number = (
            name is not None and typed[name].kind == "figure" and not typed[name].markers
        )
        columns.append(
            f"{_quoted(name or f'unread_{position}')}: '{'DOUBLE' if is_number else 'VARCHAR'}'"
        )
    return (
        f"read_csv({_quoted(str(path))}, auto_detect=false, header={str(has_header).lower()},"
        " delim=',', quote='\"', escape='\"', nullstr='', strict_mode=true,"
        f" columns={{{', '.join(columns)}}})"
    )


def _width(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return len(next(csv.reader(stream)))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _insert(
    connection: duckdb.DuckDBPyConnection,
    found: Recognised,
    extract_id: int,
    source: str,
    scratch: Path,
) -> None:
    import duckdb

    try:
        connection.execute(_insert_sql(found, extract_id, source))
    except duckdb.Error as problem:
        if found.layout.container == "parquet":
            raise RefusedError(
                "the Parquet file can't be read",
                file=found.extract.relative_path,
                got=str(problem).splitlines()[0],
                fix="fetch it again from the publisher",
            ) from problem
        # The slow way round names the row and column at fault; short rows it can mend.
        mended = diagnosis.explain_or_mend(found, scratch, str(problem))
        connection.execute("rollback")
        connection.execute("begin")
        connection.execute(
            _insert_sql(found, extract_id, csv_relation(found, mended, has_header=True))
        )


def _insert_sql(found: Recognised, extract_id: int, source: str) -> str:
    layout = found.layout
    present = set(found.match.positions)
    if layout.projection:
        columns = [item.name for item in layout.columns]
        chosen = f"with incoming as (select * from {source}) {layout.projection}"
        expressions = [f'"{name}"' for name in columns]
    else:
        chosen = f"select * from {source}"
        columns, expressions = _typed_columns(layout, present)
    keys = ", ".join(f'"{name}"' for name in layout.key if name in columns)
    period = _quoted(found.period) if found.period else "null"
    names = ", ".join(f'"{name}"' for name in columns)
    return (
        f"insert into raw.{layout.table} by name"
        f" select {extract_id} as extract_id, hash({keys}, {period}) as cell_key, {names}"
        f" from (select {', '.join(expressions)} from ({chosen}))"
    )


def _typed_columns(layout: Layout, present: set[str]) -> tuple[list[str], list[str]]:
    columns, expressions = [], []
    for item in layout.fields:
        if item.name not in present:
            continue
        columns.append(item.name)
        if not item.markers:
            expressions.append(f'"{item.name}"')
            continue
        expressions.append(f'try_cast(trim("{item.name}") as double) as "{item.name}"')
        columns.append(f"{item.name}_marker")
        expressions.append(
            f'case when try_cast(trim("{item.name}") as double) is null then trim("{item.name}")'
            f' end as "{item.name}_marker"'
        )
    return columns, expressions

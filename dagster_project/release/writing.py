"""Tables written as Parquet and CSV: the same rows, of the same words, give the same bytes.

The rows are sorted once, by the key, into the Parquet file. Everything else (the check of the key,
the CSV) reads that file, so what is checked is what was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.errors import PublicationRefused
from dagster_project.release.csvw import LIST_SEPARATOR, metadata
from dagster_project.release.files import FileEntry, seal, sync_tree, write_json
from dagster_project.release.side_by_side import side_by_side
from dagster_project.release.sorting import sorted_rows
from dagster_project.release.sql import names, parquet, quoted, text
from dagster_project.release.tables import STORED_AS, Column, PublishedTable

if TYPE_CHECKING:
    import duckdb

Progress = Callable[[str, int], None]

# Fixed here, so that a change of DuckDB's default doesn't change the bytes of a release.
ROW_GROUP_SIZE = 122_880
OFFENDERS_SHOWN = 5

# `preserve_order` is said aloud: without it, where the plan has a join, DuckDB writes rows as its
# threads finish them; and `in` with more than a few constants is planned as a join.
# Bloom filters are left out, a twelfth of the file: rows are sorted by the key, so an indicator is
# found without them, and an area stands in every group of rows.
PARQUET_OPTIONS = (
    f"format parquet, compression zstd, row_group_size {ROW_GROUP_SIZE}, preserve_order true,"
    " write_bloom_filter false"
)
CSV_OPTIONS = (
    "format csv, header true, delimiter ',', quote '\"', escape '\"', nullstr '', "
    "timestampformat '%Y-%m-%dT%H:%M:%SZ', preserve_order true"
)

# The query's types that may be stored as each datatype without losing anything.
INTEGERS = {f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG", "HUGE")}
INTEGERS |= {"INTEGER", "UINTEGER"}
ACCEPTED = {
    "string": {"VARCHAR", "ENUM", "UUID"},
    "integer": INTEGERS,
    "number": INTEGERS | {"DOUBLE", "FLOAT", "DECIMAL"},
    "boolean": {"BOOLEAN"},
    "date": {"DATE"},
    "dateTime": {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"},
    # Lists of words that have no separator in them may be given as one of few texts.
    "list": {"VARCHAR[]", '"NULL"[]', "ENUM"},
}
FORMULA_STARTS = "'=+-@' || chr(9) || chr(13)"


def write_tables(
    con: duckdb.DuckDBPyConnection,
    tables: Sequence[PublishedTable],
    directory: Path,
    *,
    csv: bool = True,
    synthetic: bool = False,
    attribution: Sequence[str] = (),
    on_progress: Progress | None = None,
    before_csv: Callable[[], None] | None = None,
) -> list[FileEntry]:
    """`data/` and `csv/` below `directory` hold the tables, on the disk; entries by path.

    Refused where a key is repeated or null or a number isn't finite, with what was written left.
    `before_csv` is called when `data/` is whole: what it refuses costs no CSV files. The tables'
    queries are read by other connections: what they name can't be temporary.
    """
    (directory / "data").mkdir(parents=True, exist_ok=True)
    stored = [partial(_write_parquet, table=table, directory=directory) for table in tables]
    entries = side_by_side(con, stored, on_progress and partial(_tell, on_progress))
    if before_csv:
        before_csv()
    if csv:
        (directory / "csv").mkdir(exist_ok=True)
        described = partial(_write_csv, directory, synthetic, attribution)
        shown = [
            partial(described, table, entry.rows)
            for table, entry in zip(tables, entries, strict=True)
        ]
        entries += chain.from_iterable(side_by_side(con, shown))
    sync_tree(directory)
    return sorted(entries, key=lambda entry: entry.path)


def _tell(on_progress: Progress, entry: FileEntry) -> None:
    on_progress(Path(entry.path).stem, entry.rows or 0)


def _write_parquet(
    con: duckdb.DuckDBPyConnection, table: PublishedTable, directory: Path
) -> FileEntry:
    """The entry of the table's file: its rows in the order of its key, checked."""
    given = _check_columns(con, table)
    path = directory / "data" / f"{table.name}.parquet"
    con.execute(f"copy ({sorted_rows(table, given)}) to {text(path)} ({PARQUET_OPTIONS})")
    return seal(path, directory, check_rows(con, table, path))


def _write_csv(
    directory: Path,
    synthetic: bool,
    attribution: Sequence[str],
    table: PublishedTable,
    rows: int | None,
    con: duckdb.DuckDBPyConnection,
) -> list[FileEntry]:
    """The entries of the rows of the table's Parquet file as CSV, and of what describes it."""
    source = parquet(directory / "data" / f"{table.name}.parquet")
    path = directory / "csv" / f"{table.name}.csv"
    cells = ", ".join(f"{_cell(column)} as {quoted(column.name)}" for column in table.columns)
    con.execute(f"copy (from {source} select {cells}) to {text(path)} ({CSV_OPTIONS})")
    beside = path.with_name(f"{path.name}-metadata.json")
    write_json(beside, metadata(table, synthetic, attribution))
    return [seal(path, directory, rows), seal(beside, directory)]


def _cell(column: Column) -> str:
    """A column as CSV shows it: lists joined, text that a spreadsheet would run made harmless."""
    name = quoted(column.name)
    if column.datatype == "list":
        name = f"nullif(array_to_string({name}, {text(LIST_SEPARATOR)}), '')"
    elif column.datatype != "string":
        return name
    # Nearly all text sorts after these characters: the first comparison settles it at no cost.
    runs = f"{name} < 'A' and {name} <> '' and contains({FORMULA_STARTS}, left({name}, 1))"
    return f"case when {runs} then '''' || {name} else {name} end"


def _check_columns(con: duckdb.DuckDBPyConnection, table: PublishedTable) -> dict[str, str]:
    """The types that the query gives.

    Refused unless they are of the declared columns, each one that the column may be stored as.
    """
    given = {row[0]: str(row[1]) for row in con.execute(f"describe {table.query}").fetchall()}
    if tuple(given) != table.column_names:
        raise PublicationRefused(
            "the query doesn't give the declared columns",
            place=f"table {table.name}",
            got=", ".join(given),
            expected=", ".join(table.column_names),
            fix="make the query select exactly the declared columns, in their order",
        )
    for column in table.columns:
        kind = given[column.name].split("(")[0]
        if kind not in ACCEPTED[column.datatype] | {'"NULL"'}:
            raise PublicationRefused(
                "a column isn't of its declared datatype",
                place=f"table {table.name}, column {column.name}",
                got=given[column.name],
                expected=column.datatype,
                fix=f"cast it to {STORED_AS[column.datatype]} in the query, or declare otherwise",
            )
    return given


def check_rows(con: duckdb.DuckDBPyConnection, table: PublishedTable, path: Path) -> int:
    """How many rows were written; refused if a key is null or repeated, or a number not finite."""
    source = parquet(path)
    key = names(table.key)
    null_key = _any_of(f"{quoted(name)} is null" for name in table.key)
    numbers = [column.name for column in table.columns if column.datatype == "number"]
    not_finite = _any_of(f"not isfinite({quoted(name)})" for name in numbers)
    # Each key above the one before it: none is repeated, and the rows stand in the key's order.
    checked = (
        f"from {source} select {key}, row({key}) as here, lag(row({key})) over () as before,"
        f" {null_key} as is_null, {not_finite} as is_infinite"
    )
    rows, astray, nulls, infinite = con.execute(
        f"from ({checked}) select count(*), count_if(here <= before), count_if(is_null),"
        " count_if(is_infinite)"
    ).fetchall()[0]
    if nulls:
        _refuse(con, table, "the key is null", f"from {source} select {key} where {null_key}")
    if astray:
        repeated = f"from {source} select {key} group by {key} having count(*) > 1"
        _refuse(con, table, "the key is repeated", repeated)
        unordered = f"from ({checked}) select {key} where here <= before"
        _refuse(con, table, "the rows aren't in the order of the key", unordered)
    if infinite:
        problem = "a number is NaN or infinite"
        _refuse(con, table, problem, f"from {source} select {key} where {not_finite}")
    return int(rows)


def _any_of(conditions: Iterable[str]) -> str:
    return " or ".join(conditions) or "false"


def _refuse(
    con: duckdb.DuckDBPyConnection, table: PublishedTable, problem: str, offenders: str
) -> None:
    """Refused if there are offending rows; their keys are shown, never their figures."""
    order = ", ".join(f"{quoted(name)} nulls first" for name in table.key)
    rows = con.execute(
        f"from ({offenders}) select * order by {order} limit {OFFENDERS_SHOWN}"
    ).fetchall()
    if rows:
        shown = "; ".join(
            ", ".join("null" if part is None else str(part) for part in row) for row in rows
        )
        raise PublicationRefused(
            problem,
            place=f"table {table.name}, key ({', '.join(table.key)})",
            got=shown,
            expected="each key once, all of its parts filled, and finite numbers",
            fix="mend the model that makes these rows",
        )

"""Each cell of an extract once: rows that repeat another go, rows that contradict one are told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.errors import RefusedError
from dagster_project.landing import parts
from dagster_project.landing.flattening import Source, place_of
from dagster_project.landing.sql import quoted
from dagster_project.sources.matching import Recognised

if TYPE_CHECKING:
    import duckdb

# So many figures of a contradiction are shown.
MOST_SHOWN = 3


def find(connection: duckdb.DuckDBPyConnection, found: Recognised) -> bool:
    """After this `repeated_cells` holds the cells that stand more than once; true if any does."""
    repeated = connection.execute(
        "create or replace temp table repeated_cells as select cell_key"
        f" from (select {_cell_key(connection, found)} as cell_key from incoming)"
        # Numbering the rows of each costs half of counting them.
        " qualify row_number() over (partition by cell_key) = 2"
    ).fetchall()
    return bool(repeated and repeated[0][0])


def drop(
    connection: duckdb.DuckDBPyConnection, found: Recognised, source: Source, scratch: Path
) -> dict[str, int]:
    """After this each cell stands once in `incoming`. Rows dropped are counted by reason.

    A row that repeats another is dropped (`repeated_row`). Rows that give one cell different
    values refuse the file, unless the layout is known to hide a cut: then all of them are dropped
    (`cut_not_stated`), since which is the whole can't be told. The rows stand in the file's order,
    and `find` has found the cells.
    """
    dropped: dict[str, int] = {}
    cell_key = _cell_key(connection, found)
    if found.layout.contradictions == "refuse":
        _refuse_contradiction(connection, found, source)
    else:
        condition = f"{cell_key} in ({_contradictory(cell_key, found)})"
        dropped["cut_not_stated"] = _drop(connection, condition, scratch)
    condition = (
        "rowid in (select rowid from (select rowid,"
        f" row_number() over (partition by {cell_key} order by rowid) as nth"
        f" from incoming where {cell_key} in (from repeated_cells)) where nth > 1)"
    )
    dropped["repeated_row"] = _drop(connection, condition, scratch)
    return {reason: count for reason, count in dropped.items() if count}


def _cell_key(connection: duckdb.DuckDBPyConnection, found: Recognised) -> str:
    """What tells the cell of a row, as one SQL value.

    It isn't kept with the rows: from their few words it is worked out again at next to no cost.
    """
    names = [f'"{name}"' for name in _key(connection, found)]
    return f"hash({', '.join([*names, quoted(found.period) if found.period else 'null'])})"


def _key(connection: duckdb.DuckDBPyConnection, found: Recognised) -> list[str]:
    there = {row[0] for row in connection.execute("describe incoming").fetchall()}
    return [name for name in found.layout.key if name in there]


def _value(found: Recognised) -> str:
    """What two rows of one cell must agree on, as one SQL value."""
    names = [f'"{name}"' for name in _values(found)]
    return f"hash({', '.join(names)})" if names else "0"


def _values(found: Recognised) -> list[str]:
    """The columns that two rows of one cell must agree on."""
    present = {item.name for item in found.layout.columns}
    if not found.layout.table_fields:
        present &= set(found.match.positions)
    names = []
    for item in found.layout.columns:
        if item.name in found.layout.values and item.name in present:
            names.append(item.name)
            if item.markers:
                names.append(f"{item.name}_marker")
    return names


def _contradictory(cell_key: str, found: Recognised) -> str:
    return (
        f"select {cell_key} from incoming where {cell_key} in (from repeated_cells)"
        f" group by 1 having count(distinct {_value(found)}) > 1"
    )


def _drop(connection: duckdb.DuckDBPyConnection, condition: str, scratch: Path) -> int:
    """How many rows went, all of those of which the condition is true."""
    if not parts.is_staged(scratch):
        statement = f"delete from incoming where {condition}"
        return int(connection.execute(statement).fetchall()[0][0])
    return parts.drop_rows(connection, condition, scratch)


def _refuse_contradiction(
    connection: duckdb.DuckDBPyConnection, found: Recognised, source: Source
) -> None:
    value, cell_key = _value(found), _cell_key(connection, found)
    told = connection.execute(
        f"select {cell_key}, min(rowid), count(*) over () from incoming"
        f" where {cell_key} in ({_contradictory(cell_key, found)}) group by 1 order by 2 limit 1"
    ).fetchall()
    if not told:
        return
    cell, first, how_many = told[0]
    other = connection.execute(
        f"select min(rowid) from incoming where {cell_key} = ? and {value} <>"
        f" (select {value} from incoming where rowid = ?)",
        [cell, first],
    ).fetchall()[0][0]
    names = _key(connection, found)
    chosen = ", ".join(f'"{name}"' for name in names)
    key = connection.execute(f"select {chosen} from incoming where rowid = ?", [first]).fetchall()
    label = ", ".join(f"{n} {cell}" for n, cell in zip(names, key[0], strict=True) if cell)
    raise RefusedError(
        "one cell is given two different values",
        file=found.extract.relative_path,
        place=f"{place_of(found, source, first)} and {place_of(found, source, other)}",
        got=f"{label[:200]}, with {_apart(connection, found, first, other)}"
        + (f"; cells of this kind in all: {how_many:,}" if how_many > 1 else ""),
        expected="one value for each area, period, sex, age and category",
        fix="ask the publisher which is right; two files may have been pasted together",
    )


def _apart(connection: duckdb.DuckDBPyConnection, found: Recognised, first: int, other: int) -> str:
    """The first figures in which two rows differ, as the one and the other give them."""
    names = _values(found)
    chosen = ", ".join(f'"{name}"' for name in names)
    one, two = (
        connection.execute(f"select {chosen} from incoming where rowid = ?", [row]).fetchall()[0]
        for row in (first, other)
    )
    differ = [
        f"{name} {_cell(a)} and {_cell(b)}"
        for name, a, b in zip(names, one, two, strict=True)
        if a != b
    ]
    return ", ".join(differ[:MOST_SHOWN])


def _cell(value: object) -> str:
    return "nothing" if value is None else str(value)[:20]

"""Each cell of an extract once: rows that repeat another go, rows that contradict one are told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.errors import RefusedError
from dagster_project.landing import parts
from dagster_project.landing.flattening import Source, place_of
from dagster_project.sources.matching import Recognised

if TYPE_CHECKING:
    import duckdb


def find(connection: duckdb.DuckDBPyConnection) -> bool:
    """After this `repeated_cells` holds the cells that stand more than once; true if any does."""
    repeated = connection.execute(
        "create or replace temp table repeated_cells as select cell_key from incoming"
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
    if found.layout.contradictions == "refuse":
        _refuse_contradiction(connection, found, source)
    else:
        condition = f"cell_key in ({_contradictory(found)})"
        dropped["cut_not_stated"] = _drop(connection, condition, scratch)
    condition = (
        "rowid in (select rowid from (select rowid,"
        " row_number() over (partition by cell_key order by rowid) as nth"
        " from incoming semi join repeated_cells using (cell_key)) where nth > 1)"
    )
    dropped["repeated_row"] = _drop(connection, condition, scratch)
    return {reason: count for reason, count in dropped.items() if count}


def _value(found: Recognised) -> str:
    """What two rows of one cell must agree on, as one SQL value."""
    present = {item.name for item in found.layout.columns}
    if not found.layout.table_fields:
        present &= set(found.match.positions)
    names = []
    for item in found.layout.columns:
        if item.name in found.layout.values and item.name in present:
            names.append(f'"{item.name}"')
            if item.markers:
                names.append(f'"{item.name}_marker"')
    return f"hash({', '.join(names)})" if names else "0"


def _contradictory(found: Recognised) -> str:
    return (
        "select cell_key from incoming semi join repeated_cells using (cell_key)"
        f" group by cell_key having count(distinct {_value(found)}) > 1"
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
    value = _value(found)
    told = connection.execute(
        f"select cell_key, min(rowid), count(*) over () from incoming"
        f" where cell_key in ({_contradictory(found)}) group by cell_key order by 2 limit 1"
    ).fetchall()
    if not told:
        return
    cell_key, first, how_many = told[0]
    other = connection.execute(
        f"select min(rowid) from incoming where cell_key = ? and {value} <>"
        f" (select {value} from incoming where rowid = ?)",
        [cell_key, first],
    ).fetchall()[0][0]
    names = [name for name in found.layout.key if name in _columns(connection)]
    chosen = ", ".join(f'"{name}"' for name in names)
    key = connection.execute(f"select {chosen} from incoming where rowid = ?", [first]).fetchall()
    label = ", ".join(f"{n} {cell}" for n, cell in zip(names, key[0], strict=True) if cell)
    raise RefusedError(
        "one cell is given two different values",
        file=found.extract.relative_path,
        place=f"{place_of(found, source, first)} and {place_of(found, source, other)}",
        got=f"{label[:200]}, with figures that differ ({how_many:,} such cells)",
        expected="one value for each area, period, sex, age and category",
        fix="ask the publisher which is right; two files may have been pasted together",
    )


def _columns(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {row[0] for row in connection.execute("describe incoming").fetchall()}

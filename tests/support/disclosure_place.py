"""The models that hide small counts, put to DuckDB on made-up values of a guarded source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from dagster_project.disclosure import in_duckdb
from dagster_project.pipeline.released_before import COLUMNS as BEFORE
from tests.support import models

MODELS = (
    "int_disclosure_counts",
    "int_hidden_values",
    "int_disclosed_values",
    "candidate_values",
)
EVIDENCE = "evidence/evidence_disclosure.sql"
SOURCE = "made_up_records"
PARENTS = {
    "E92000001": ("england", None),
    "E12000001": ("region", "E92000001"),
    "E12000002": ("region", "E92000001"),
    "E06000001": ("utla", "E12000001"),
    "E06000002": ("utla", "E12000001"),
    "E06000003": ("utla", "E12000001"),
    "E06000004": ("utla", "E12000002"),
    "E06000005": ("utla", "E12000002"),
}
INTEGERS = ("row_id", "conflict_count", "collision_count")


def value(
    row_id: int, area: str, numerator: float, denominator: float, **said: Any
) -> dict[str, Any]:
    """A computed value of records before anything is hidden, sound but for what is said."""
    made = {
        **models.VALUE,
        "row_id": row_id,
        "area_code": area,
        "area_type": PARENTS[area][0],
        "value": 100.0 * numerator / denominator,
        "numerator": numerator,
        "denominator": denominator,
        "method": "proportion",
        "value_type": "proportion",
        "origin": "computed",
        "source_id": SOURCE,
        "conflict_count": 0,
        "collision_count": 0,
    }
    return {name: cell for name, cell in made.items() if name not in ("flags", "held_since")} | said


@contextmanager
def place(
    chosen: Sequence[Mapping[str, Any]],
    before: Sequence[Mapping[str, Any]] = (),
    policy: str = "records_1_to_7",
    is_public: bool = False,
    method: str = "proportion",
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in which the models have been built on the values."""
    with duckdb.connect(config={"threads": "2"}) as con:
        in_duckdb.register(con)
        for seed in ("sources", "disclosure_policies"):
            models.load_seed(con, seed)
        con.execute(
            "insert into sources by name select ? as source_id, ? as disclosure_policy,"
            " ? as is_public",
            [SOURCE, policy, "true" if is_public else "false"],
        )
        con.execute(
            "create table int_indicators as select 'smoking' as indicator_id,"
            " 'none_public' as disclosure_policy, 100.0 as multiplier, ? as method",
            [method],
        )
        con.execute(
            "create table int_areas (area_code varchar, area_type varchar, parent_code varchar)"
        )
        con.executemany(
            "insert into int_areas values (?, ?, ?)",
            [[area, kind, parent] for area, (kind, parent) in PARENTS.items()],
        )
        con.execute("create table int_linked__area_parents (area_code varchar, utla_code varchar)")
        _load(con, "int_chosen_values", {name: _kind(name) for name in chosen[0]}, chosen)
        _load(con, "run_released_before", BEFORE, before)
        for name in MODELS:
            con.execute(f"create table {name} as {models.model_sql(f'intermediate/{name}.sql')}")
        yield con


def candidates(*args: Any, **said: Any) -> dict[int, dict[str, Any]]:
    """What would be judged and published of the values, by row id."""
    with place(*args, **said) as con:
        found = con.execute("from candidate_values order by row_id")
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {row["row_id"]: row for row in rows}


def _kind(name: str) -> str:
    if name in INTEGERS:
        return "ubigint" if name == "row_id" else "bigint"
    if name in ("period_start", "period_end"):
        return "date"
    return "double" if name in models.HIDDEN else "varchar"


def _load(
    con: duckdb.DuckDBPyConnection,
    name: str,
    kinds: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    con.execute(f"create table {name} ({', '.join(f'{c} {k}' for c, k in kinds.items())})")
    if rows:
        con.executemany(
            f"insert into {name} values ({', '.join('?' * len(kinds))})",
            [[row.get(column) for column in kinds] for row in rows],
        )

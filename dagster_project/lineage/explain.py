"""The record of a value's origin, put together from the release, the warehouse and the landing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dagster_project.home import Home
from dagster_project.lineage.history import history_of
from dagster_project.lineage.inputs import inputs_of, is_of_release
from dagster_project.lineage.judged import checks_of, holds_of
from dagster_project.lineage.question import HIDDEN, Answer, Question, answer, hide
from dagster_project.release.store import ReleaseStore

if TYPE_CHECKING:
    import duckdb

# A question that names few series is answered whole; of many, the rest is counted.
MOST_EXPLAINED = 12


def explain(home: Home, asked: Question) -> dict[str, Any]:
    """Where the values come from: definition, inputs, checks, holds and history of each."""
    import duckdb

    store = ReleaseStore(home)
    with duckdb.connect() as con:
        found = answer(con, store, asked)
        shown = found.values[:MOST_EXPLAINED]
        hidden_now = _hidden_now(con, store, found, asked)
        with _warehouse(home, found) as warehouse:
            explained = [
                _explained(con, warehouse, home, store, found, value, hidden_now) for value in shown
            ]
    manifest = found.manifest
    return {
        "home": str(home.root),
        "release": manifest.id,
        "created_at": manifest.created_at,
        "commit": manifest.commit,
        "synthetic": manifest.synthetic,
        "as_at": str(asked.as_at) if asked.as_at else None,
        "indicator": found.indicator,
        "area": found.area,
        "values": explained,
        "not_shown": len(found.values) - len(shown),
        "other_series": found.other_series,
    }


def _explained(
    con: duckdb.DuckDBPyConnection,
    warehouse: duckdb.DuckDBPyConnection | None,
    home: Home,
    store: ReleaseStore,
    found: Answer,
    value: dict[str, Any],
    hidden_now: set[tuple[Any, ...]],
) -> dict[str, Any]:
    is_hidden = value["status"] in HIDDEN or _key(value) in hidden_now
    return {
        "value": hide(value) if is_hidden else value,
        "hidden_today": is_hidden,
        "inputs": inputs_of(warehouse, home, found, value),
        "checks": checks_of(con, found.directory, value),
        "holds": holds_of(con, found.directory, value),
        "history": history_of(con, store, value),
    }


def _hidden_now(
    con: duckdb.DuckDBPyConnection, store: ReleaseStore, found: Answer, asked: Question
) -> set[tuple[Any, ...]]:
    """The keys that the latest release hides, of those that an earlier one answers with."""
    latest = store.latest()
    if latest is None or latest.id == found.manifest.id:
        return set()
    rows = answer_keys(con, store, latest.id, found)
    return {key for key, status in rows if status in HIDDEN}


def answer_keys(
    con: duckdb.DuckDBPyConnection, store: ReleaseStore, release: str, found: Answer
) -> list[tuple[tuple[Any, ...], str]]:
    """Each key that release has of the indicator and area, with its status there."""
    from dagster_project.lineage.question import records
    from dagster_project.release.sql import parquet, text

    table = parquet(store.path(release) / "data" / "indicator_values.parquet")
    rows = records(
        con,
        f"from {table} where indicator_id = {text(found.indicator['indicator_id'])}"
        f" and area_code = {text(found.area['area_code'])}",
    )
    return [(_key(row), row["status"]) for row in rows]


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    from dagster_project.pipeline.tables import KEY

    return tuple(row[name] for name in KEY)


@contextmanager
def _warehouse(home: Home, found: Answer) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The warehouse to be read, if it is there and holds what the release was made from."""
    import duckdb

    if not home.warehouse.exists():
        yield None
        return
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        yield connection if is_of_release(connection, found.manifest.fingerprint) else None

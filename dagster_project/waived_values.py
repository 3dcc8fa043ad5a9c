"""Which values of the latest release a waiver's key names, and which of them its check holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dagster_project.home import Home

if TYPE_CHECKING:
    import duckdb

TABLES = {"vals": "indicator_values", "areas": "areas", "holds": "holds"}


@contextmanager
def latest_values(home: Home) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The tables of `TABLES` of the latest release; None where there is none to read."""
    from dagster_project.release.sql import parquet
    from dagster_project.release.store import ReleaseStore
    from dagster_project.warehouse import in_memory

    store = ReleaseStore(home)
    latest = store.latest()
    if latest is None or latest.is_withdrawn:
        yield None
        return
    data = store.path(latest.id) / "data"
    with in_memory(home) as con:
        for view, table in TABLES.items():
            con.execute(f"create view {view} as from {parquet(data / f'{table}.parquet')}")
        yield con


def as_spelled(key: Mapping[str, str], latest: duckdb.DuckDBPyConnection | None) -> dict[str, str]:
    """The key with the label of its period as the release has it, however it is spaced."""
    label = key.get("period_label")
    if label is None or latest is None:
        return dict(key)
    found = latest.execute(
        "select distinct period_label from vals where indicator_id = ?"
        " and lower(replace(period_label, ' ', '')) = lower(replace(?, ' ', '')) order by 1",
        [key.get("indicator_id"), label],
    ).fetchall()
    return {**key, "period_label": found[0][0] if found else label}


def held_values(
    latest: duckdb.DuckDBPyConnection | None, check_id: str, key: Mapping[str, str]
) -> tuple[int, int]:
    """How many values of the latest release the key names, and how many of them the check holds."""
    if latest is None:
        return 0, 0
    match = " and ".join(f"cast({name} as varchar) = ?" for name in key)
    ((values, held),) = latest.execute(
        f"select (select count(*) from vals where {match}),"
        f" (select count(*) from holds where {match} and check_id = ?)",
        [*key.values(), *key.values(), check_id],
    ).fetchall()
    return int(values), int(held)

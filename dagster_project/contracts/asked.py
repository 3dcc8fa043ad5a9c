"""A contract asked of a home: which release answers, and what of it may still be shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dagster_project.contracts.account import Ground, ground
from dagster_project.contracts.terms import Contract, contract_named
from dagster_project.contracts.values import HIDDEN, Release
from dagster_project.errors import UsageError
from dagster_project.home import HOW_TO_BEGIN, PROJECT_ROOT, Home
from dagster_project.lineage.shown import (
    data_of,
    landings_taken_back,
    rests_on_sql,
    sources_taken_back,
    standing,
)
from dagster_project.nearest import instead
from dagster_project.pipeline.tables import KEY
from dagster_project.registry.registry import Registry, load_registry
from dagster_project.release.manifest import Manifest
from dagster_project.release.sql import names, parquet, text
from dagster_project.release.store import ReleaseStore
from dagster_project.warehouse import in_memory

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Asked:
    """The contract, its registry, the release that it is put beside, and the home's records."""

    registry: Registry
    contract: Contract
    ground: Ground
    home: Home | None = None


@contextmanager
def ask(
    home: Home, name: str, release: str | None = None, wished: float | None = None
) -> Iterator[Asked]:
    """The contract beside that release, or the latest; UsageError where there is none."""
    registry = load_registry(PROJECT_ROOT / "seeds")
    contract = contract_named(registry, name)
    store = ReleaseStore(home)
    manifest = _manifest(store, release)
    directory = store.path(manifest.id)
    told = Release(manifest.id, manifest.synthetic, manifest.as_of, manifest.waivers)
    with in_memory(home) as con, data_of(directory):
        hidden = _hidden_today(con, home, store, manifest)
        values = directory / "data" / "indicator_values.parquet"
        yield Asked(
            registry,
            contract,
            ground(con, registry, values, told, [contract], hidden, wished),
            home,
        )


def _manifest(store: ReleaseStore, release: str | None) -> Manifest:
    usable = [manifest for manifest in store.manifests() if not manifest.is_withdrawn]
    latest = store.latest_id()
    wanted = latest if release in (None, "latest") else release
    for manifest in usable:
        if manifest.id == wanted:
            return manifest
    raise UsageError(
        "there is no such release to pay from" if usable else "there is no release yet",
        got=wanted,
        expected=instead(str(wanted), [manifest.id for manifest in usable]) or None,
        fix="see `outcomes releases`" if usable else HOW_TO_BEGIN,
    )


def _hidden_today(
    con: duckdb.DuckDBPyConnection, home: Home, store: ReleaseStore, manifest: Manifest
) -> str:
    """Which of the release's rows show no figure today, as SQL."""
    taken_back = rests_on_sql(sources_taken_back(manifest, landings_taken_back(home)))
    today = standing(store)
    if today is None or today == manifest.id:
        return taken_back
    newer = parquet(store.path(today) / "data" / "indicator_values.parquet")
    con.execute(
        f"create temp table hidden_today as select {names(KEY)} from {newer}"
        f" where status in ({', '.join(map(text, HIDDEN))})"
    )
    key = ", ".join(f'vals."{name}"' for name in KEY)
    return f"({taken_back} or ({key}) in (select {names(KEY)} from hidden_today))"

"""Taking back what should not have been published: a key in every release, or a whole release.

The intent is recorded first, in `state.sqlite`; then each release that shows what is taken back is
replaced by a copy without it. Killed at any point, `finish_withdrawals` does the rest: a release
that no longer shows it is left alone, so doing it twice is doing it once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.errors import PublicationRefused, UsageError
from dagster_project.release.keys import check_key, keys_named
from dagster_project.release.manifest import Tombstone, read_manifest
from dagster_project.release.redact import (
    Key,
    Rebuild,
    ReleaseFiles,
    Removal,
    build_emptied,
    build_redacted,
    find_affected,
)
from dagster_project.release.store import ReleaseStore
from dagster_project.state import connect, get_meta, now, set_meta, to_json

if TYPE_CHECKING:
    import duckdb

FINISHED = "withdrawals_finished"
# A key by which tables name a release that a figure of theirs came from.
RELEASE_KEY = "release_id"
MEMORY_LIMIT = "2GB"


@dataclass(frozen=True)
class Withdrawal:
    """One thing taken back, as it is recorded."""

    number: int
    stone: Tombstone

    @property
    def key(self) -> dict[str, str]:
        """What the rules of the tables are asked about."""
        if self.stone.kind == "release":
            return {RELEASE_KEY: self.stone.target}
        return dict(json.loads(self.stone.target))


def withdraw_key(
    store: ReleaseStore,
    state_path: Path,
    key: Mapping[str, str],
    reason: str,
    rebuild: Rebuild | None = None,
) -> list[str]:
    """No release shows a figure of the key; the answer names the releases that were replaced."""
    check_key(key)
    store.reconcile()
    con = _open(store)
    try:
        named = keys_named(con, [_files(store, each) for each in store.ids()], key)
    finally:
        con.close()
    _record(state_path, "key", [to_json(found) for found in named], reason)
    return finish_withdrawals(store, state_path, rebuild)


def withdraw_release(
    store: ReleaseStore,
    state_path: Path,
    release_id: str,
    reason: str,
    rebuild: Rebuild | None = None,
) -> list[str]:
    """Only the manifest is left of the release, and `latest` isn't it; the answer as above.

    Where it was the latest, the newest earlier release is, or there is none.
    """
    store.reconcile()
    if release_id not in store.ids():
        raise UsageError(
            "there is no such release",
            got=release_id,
            expected=", ".join(store.ids()) or "a release, but none is there",
            fix="give the id as `outcomes releases` shows it",
        )
    _record(state_path, "release", [release_id], reason)
    return finish_withdrawals(store, state_path, rebuild)


def finish_withdrawals(
    store: ReleaseStore, state_path: Path, rebuild: Rebuild | None = None
) -> list[str]:
    """Every recorded withdrawal is carried out; the answer names the releases replaced now."""
    store.reconcile()
    pending = _pending(state_path)
    if not pending:
        return []
    replaced = _empty_releases(store, pending)
    con = _open(store)
    try:
        for identifier in store.ids():
            if _redact_release(con, store, identifier, pending, rebuild):
                replaced.append(identifier)
    finally:
        con.close()
    with connect(state_path) as state:
        set_meta(state, FINISHED, str(pending[-1].number))
    return list(dict.fromkeys(replaced))


def withdrawn_keys(state_path: Path) -> list[dict[str, str]]:
    """The keys taken back, in the order of taking: later releases must not show them either."""
    return [each.key for each in _recorded(state_path, 0) if each.stone.kind == "key"]


def refuse_withdrawn(
    con: duckdb.DuckDBPyConnection, release_directory: Path, state_path: Path
) -> None:
    """Refused if a release about to be published shows a figure of a key that was taken back.

    Counts over many values are worked out anew without the key, so they may stand.
    """
    keys = withdrawn_keys(state_path)
    release = ReleaseFiles(release_directory, read_manifest(release_directory))
    affected = find_affected(con, release, keys) if keys else {}
    for table, positions in affected.items():
        declared = release.manifest.table(table)
        if declared is None or any(rule.via or rule.is_remade for rule in declared.redactions):
            continue
        raise PublicationRefused(
            "a figure that was taken back would be published again",
            place=f"table {table}",
            got=to_json(keys[positions[0]]),
            expected="no figure for the keys that `outcomes withdraw` was given",
            fix="apply the withdrawn keys before the tables are written",
        )


def _files(store: ReleaseStore, identifier: str) -> ReleaseFiles:
    return ReleaseFiles(store.path(identifier), read_manifest(store.path(identifier)))


def _record(state_path: Path, kind: str, targets: Sequence[str], reason: str) -> None:
    """After this the intent is on the disk. What was taken back before keeps its first reason."""
    if not reason.strip():
        raise UsageError("a withdrawal needs a reason", fix="say in --reason why it is taken back")
    with connect(state_path) as state:
        state.executemany(
            "insert into withdrawals (kind, target, reason, withdrawn_at) values (?, ?, ?, ?) "
            "on conflict (kind, target) do nothing",
            [(kind, target, reason, now()) for target in targets],
        )


def _recorded(state_path: Path, after: int) -> list[Withdrawal]:
    with connect(state_path) as state:
        rows = state.execute(
            "select withdrawal_id, kind, target, reason, withdrawn_at from withdrawals "
            "where withdrawal_id > ? order by withdrawal_id",
            (after,),
        ).fetchall()
    return [Withdrawal(int(row[0]), Tombstone(*map(str, row[1:]))) for row in rows]


def _pending(state_path: Path) -> list[Withdrawal]:
    with connect(state_path) as state:
        finished = int(get_meta(state, FINISHED) or 0)
    return _recorded(state_path, finished)


def _empty_releases(store: ReleaseStore, pending: Sequence[Withdrawal]) -> list[str]:
    """The withdrawn releases hold nothing but a manifest; those emptied now are named.

    `latest` is moved first, so that readers never meet an empty release.
    """
    emptied = []
    for each in pending:
        identifier = each.stone.target
        if each.stone.kind == "release" and identifier in store.ids():
            if store.latest_id() == identifier:
                store.point_latest(store.newest_usable(before=identifier))
            release = _files(store, identifier)
            if not release.manifest.is_withdrawn:
                build_emptied(release, store.redacted_path(identifier), each.stone)
                store.replace(identifier)
                emptied.append(identifier)
    return emptied


def _redact_release(
    con: duckdb.DuckDBPyConnection,
    store: ReleaseStore,
    identifier: str,
    pending: Sequence[Withdrawal],
    rebuild: Rebuild | None,
) -> bool:
    """The release shows nothing of what is taken back; whether it had to be replaced for that."""
    release = _files(store, identifier)
    keys: list[Key] = [each.key for each in pending]
    affected = find_affected(con, release, keys)
    if not affected:
        return False
    positions = sorted({position for found in affected.values() for position in found})
    removal = Removal(
        keys=tuple(keys[position] for position in positions),
        tables=tuple(affected),
        tombstones=tuple(pending[position].stone for position in positions),
    )
    build_redacted(con, release, store.redacted_path(identifier), removal, rebuild)
    store.replace(identifier)
    return True


def _open(store: ReleaseStore) -> duckdb.DuckDBPyConnection:
    """A database in memory that spills into the home's cache."""
    import duckdb

    spill = store.home.cache / "duckdb"
    spill.mkdir(parents=True, exist_ok=True)
    return duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill)})

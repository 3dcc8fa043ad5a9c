"""Taking back what should not have been published: a key in every release, or a whole release.

The intent is recorded first, in `state.sqlite`; then each release that shows what is taken back is
replaced by a copy without it. Killed at any point, `finish_withdrawals` does the rest: a release
that no longer shows it is left alone, so doing it twice is doing it once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.errors import PublicationRefused, UsageError
from dagster_project.release.hiding import hide
from dagster_project.release.manifest import read_manifest
from dagster_project.release.redact import (
    VALUES,
    Key,
    Rebuild,
    ReleaseFiles,
    Removal,
    build_emptied,
    build_redacted,
    find_affected,
    key_condition,
    open_database,
    same_names,
)
from dagster_project.release.sql import names
from dagster_project.release.store import ReleaseStore
from dagster_project.release.withdrawals import (
    FINISHED,
    Withdrawal,
    learn,
    pending_of,
    record,
    withdrawn_keys,
)
from dagster_project.state import connect, set_meta, to_json

if TYPE_CHECKING:
    import duckdb

REQUIRED = ("indicator_id", "area_code")
PERIOD = ("period_type", "period_start", "period_end", "period_label")
KEY_COLUMNS = (
    *REQUIRED,
    *PERIOD,
    "sex",
    "age",
    "segment",
    "breakdown_type",
    "breakdown",
    "origin",
)


def withdraw_key(
    store: ReleaseStore,
    state_path: Path,
    key: Mapping[str, str],
    reason: str,
    rebuild: Rebuild | None = None,
) -> list[str]:
    """No release shows a figure of the key; the answer names the releases that were replaced."""
    _check_key(key)
    store.reconcile()
    targets = [to_json(found) for found in _resolve(store, key)]
    record(state_path, "key", targets, reason)
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
    record(state_path, "release", [release_id], reason)
    return finish_withdrawals(store, state_path, rebuild)


def finish_withdrawals(
    store: ReleaseStore, state_path: Path, rebuild: Rebuild | None = None
) -> list[str]:
    """Every recorded withdrawal is carried out; the answer names the releases replaced now.

    What the releases say was taken back counts as recorded: the state may be older than they are.
    """
    store.reconcile()
    learn(store.home, store.manifests())
    pending = pending_of(state_path)
    if not pending:
        return []
    replaced = _empty_releases(store, pending)
    con = open_database(store.home)
    try:
        for identifier in store.ids():
            if _redact_release(con, store, identifier, pending, rebuild):
                replaced.append(identifier)
    finally:
        con.close()
    with connect(state_path) as state:
        set_meta(state, FINISHED, str(pending[-1].number))
    return list(dict.fromkeys(replaced))


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


def _check_key(key: Mapping[str, str]) -> None:
    unknown = [column for column in key if column not in KEY_COLUMNS]
    missing = [column for column in REQUIRED if not key.get(column)]
    if unknown or missing:
        raise UsageError(
            "this key can't be withdrawn",
            got=", ".join(f"{column}={value}" for column, value in key.items()) or "nothing",
            expected=f"{' and '.join(REQUIRED)}, and if wanted any of "
            + ", ".join(column for column in KEY_COLUMNS if column not in REQUIRED),
            fix="give the key as column=value pairs",
        )


def _resolve(store: ReleaseStore, key: Mapping[str, str]) -> list[dict[str, str]]:
    """The key with every name of its period, as releases hold it: one key for each period.

    Tables name a period by its label or by its dates; with both, none of them is missed and none
    loses another period. A key that names no period stays as it is.
    """
    con = open_database(store.home)
    try:
        found = {
            period
            for identifier in store.ids()
            for period in _periods(con, store.path(identifier), key)
        }
    finally:
        con.close()
    if not found:
        raise UsageError(
            "no release has such a value",
            got=", ".join(f"{column}={value}" for column, value in key.items()),
            expected=f"a key as it stands in {VALUES}",
            fix="look the key up in csv/indicator_values.csv of the release",
        )
    if not any(column in key for column in PERIOD):
        return [dict(key)]
    return [dict(key) | dict(period) for period in sorted(found)]


def _periods(
    con: duckdb.DuckDBPyConnection, directory: Path, key: Mapping[str, str]
) -> list[tuple[tuple[str, str], ...]]:
    """The periods of a release's values that the key names."""
    release = ReleaseFiles(directory, read_manifest(directory))
    table = release.manifest.table(VALUES)
    if table is None or any(column not in table.column_names for column in key):
        return []
    columns = [column for column in PERIOD if column in table.column_names]
    rows = con.execute(
        f"from {release.relation(VALUES)} select distinct {names(columns)} "
        f"where {key_condition(table, same_names(table, key), key)}"
    ).fetchall()
    return [
        tuple((column, str(part)) for column, part in zip(columns, row, strict=True) if part)
        for row in rows
    ]


def _empty_releases(store: ReleaseStore, pending: Sequence[Withdrawal]) -> list[str]:
    """The withdrawn releases hold nothing but a manifest; those emptied now are named.

    `latest` is moved first, so that readers never meet an empty release.
    """
    emptied = []
    for each in pending:
        identifier = each.stone.target
        if each.stone.kind == "release" and identifier in store.ids():
            if store.latest_id() == identifier:
                _point_back(store, identifier)
            release = ReleaseFiles(store.path(identifier), read_manifest(store.path(identifier)))
            if not release.manifest.is_withdrawn:
                build_emptied(release, store.redacted_path(identifier), each.stone)
                store.replace(identifier)
                emptied.append(identifier)
    return emptied


def _point_back(store: ReleaseStore, identifier: str) -> None:
    """After this `latest` names the newest earlier release, and what is hidden today is hidden."""
    earlier = store.newest_usable(before=identifier)
    for today in (identifier, store.newest_usable()):
        if earlier is not None and today is not None:
            hide(store, earlier, today)
    store.point_latest(earlier)


def _redact_release(
    con: duckdb.DuckDBPyConnection,
    store: ReleaseStore,
    identifier: str,
    pending: Sequence[Withdrawal],
    rebuild: Rebuild | None,
) -> bool:
    """The release shows nothing of what is taken back; whether it had to be replaced for that."""
    release = ReleaseFiles(store.path(identifier), read_manifest(store.path(identifier)))
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

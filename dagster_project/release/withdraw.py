"""Taking back what should not have been published: a key in every release, or a whole release.

The intent is recorded first, in `state.sqlite`; then each release that shows what is taken back is
replaced by a copy without it. Killed at any point, `finish_withdrawals` does the rest: a release
that no longer shows it is left alone, so doing it twice is doing it once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.errors import OutcomesError, PublicationRefused, UsageError
from dagster_project.nearest import instead
from dagster_project.release.hiding import hide
from dagster_project.release.keys import check_key, keys_named
from dagster_project.release.manifest import Manifest, Tombstone, read_manifest
from dagster_project.release.presenting import present
from dagster_project.release.redact import (
    Key,
    Rebuild,
    ReleaseFiles,
    Removal,
    build_emptied,
    build_redacted,
    find_affected,
    open_database,
)
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


def withdraw_key(
    store: ReleaseStore,
    state_path: Path,
    key: Mapping[str, str],
    reason: str,
    rebuild: Rebuild = present,
) -> list[str]:
    """No release shows a figure of the key; the answer names the releases that were replaced."""
    check_key(key)
    store.reconcile()
    con = open_database(store.home)
    try:
        named = keys_named(con, [_files(store, each) for each in store.ids()], key)
    finally:
        con.close()
    record(state_path, "key", [to_json(found) for found in named], reason)
    return finish_withdrawals(store, state_path, rebuild)


def withdraw_release(
    store: ReleaseStore,
    state_path: Path,
    release_id: str,
    reason: str,
    rebuild: Rebuild = present,
) -> list[str]:
    """Only the manifest is left of the release, and `latest` isn't it; the answer as above.

    Where it was the latest, the newest earlier release is, or there is none.
    """
    # Where `latest` is lost and this release damaged, only without it can another be found.
    store.reconcile(find_latest=False)
    if release_id not in store.ids():
        raise UsageError(
            "there is no such release",
            got=release_id,
            expected=instead(release_id, store.ids(), "a release, but none is there"),
            fix="give the id as `outcomes releases` shows it",
        )
    record(state_path, "release", [release_id], reason)
    return finish_withdrawals(store, state_path, rebuild)


def finish_withdrawals(
    store: ReleaseStore, state_path: Path, rebuild: Rebuild = present
) -> list[str]:
    """Every recorded withdrawal is carried out; the answer names the releases replaced now.

    What the releases say was taken back counts as recorded: the state may be older than they are.
    """
    store.reconcile(find_latest=False)
    learn(store.home, store.readable())
    pending = pending_of(state_path)
    problems: list[OutcomesError] = []
    replaced = _empty_releases(store, pending, problems)
    store.reconcile()
    if not pending:
        return []
    con = open_database(store.home)
    try:
        for identifier in store.ids():
            if _redact_release(con, store, identifier, pending, rebuild, problems):
                replaced.append(identifier)
    finally:
        con.close()
    with connect(state_path) as state:
        set_meta(state, FINISHED, str(pending[-1].number))
    if problems:
        raise problems[0]
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


def _files(store: ReleaseStore, identifier: str) -> ReleaseFiles:
    return ReleaseFiles(store.path(identifier), read_manifest(store.path(identifier)))


def _empty_releases(
    store: ReleaseStore, pending: Sequence[Withdrawal], problems: list[OutcomesError]
) -> list[str]:
    """The withdrawn releases hold nothing but a manifest; those emptied now are named.

    `latest` is moved first, so that readers never meet an empty release. What kept the pages of
    the one it names then from being made again is added to `problems`.
    """
    emptied = []
    for each in pending:
        identifier = each.stone.target
        if each.stone.kind == "release" and identifier in store.ids():
            if _readers_are_at(store, identifier):
                problems.extend(_point_back(store, identifier))
            release = _to_empty(store, each.stone)
            if not release.manifest.is_withdrawn:
                build_emptied(release, store.redacted_path(identifier), each.stone)
                store.replace(identifier)
                emptied.append(identifier)
    return emptied


def _to_empty(store: ReleaseStore, stone: Tombstone) -> ReleaseFiles:
    """The release; where its manifest can't be read, one that says no more than its id does."""
    try:
        return _files(store, stone.target)
    except OutcomesError:
        version = stone.target.split("-")[0]
        return ReleaseFiles(
            store.path(stone.target),
            Manifest(stone.target, version, None, "", "", stone.at, stone.at[:10], synthetic=False),
        )


def _readers_are_at(store: ReleaseStore, identifier: str) -> bool:
    """True of the release that `latest` names, or where it is lost of the newest."""
    latest = store.latest_id()
    is_lost = latest not in store.ids() and not store.no_latest.exists()
    return identifier == (store.speaking() if is_lost else latest)


def _point_back(store: ReleaseStore, identifier: str) -> list[OutcomesError]:
    """After this `latest` names the newest earlier release, and what is hidden today is hidden.

    Where that can't be told, there is no `latest`. The answer is what kept the earlier release's
    workbook and pages from being made again, or why there is none.
    """
    earlier = store.newest_usable(before=identifier)
    if earlier is None:
        store.point_latest(None)
        return []
    try:
        store.check_values(identifier)
        newest = store.newest_values()
    except OutcomesError as problem:
        store.point_latest(None)
        return [_nothing_is_shown(problem)]
    hidden = [hide(store, earlier, today) for today in (identifier, newest) if today is not None]
    store.point_latest(earlier)
    return [each.problem for each in hidden if each.problem]


def _nothing_is_shown(problem: OutcomesError) -> OutcomesError:
    return OutcomesError(
        "it was withdrawn, and no release is the latest now: what is hidden today can't be told",
        file=problem.file,
        got=problem.got,
        expected=problem.expected,
        fix="the next refresh that has something new publishes. `outcomes rollback` shows an"
        " earlier release as it is: only if nothing of it was hidden since",
    )


def _redact_release(
    con: duckdb.DuckDBPyConnection,
    store: ReleaseStore,
    identifier: str,
    pending: Sequence[Withdrawal],
    rebuild: Rebuild,
    problems: list[OutcomesError],
) -> bool:
    """The release shows nothing of what is taken back; whether it had to be replaced for that.

    What kept its workbook and pages from being made again is added to `problems`.
    """
    release = _files(store, identifier)
    _check_tables(release)
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
    problem = build_redacted(con, release, store.redacted_path(identifier), removal, rebuild)
    store.replace(identifier)
    problems.extend([problem] if problem else [])
    return True


def _check_tables(release: ReleaseFiles) -> None:
    """Refused where a table of the release is gone: whether it shows a figure can't be seen."""
    for file in release.manifest.files:
        path = release.directory / file.path
        if file.path.startswith(("data/", "csv/")) and not path.is_file():
            raise OutcomesError(
                "this release lacks a table, so that nothing can be taken back from it",
                file=str(path),
                got="no file",
                expected=f"the table that the manifest of {release.manifest.id} names",
                fix="restore it from a backup, or `outcomes withdraw` that release",
            )

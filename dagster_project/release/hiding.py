"""A release brought up to what is hidden today, before readers see it again.

Pointing `latest` back would else show what has been suppressed since. The release is replaced by a
copy in which those values are suppressed too, as a withdrawal does it: its figures are gone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dagster_project.errors import OutcomesError
from dagster_project.release.manifest import Tombstone, read_manifest, write_manifest
from dagster_project.release.redact import (
    VALUES,
    ManyKeys,
    ReleaseFiles,
    Removal,
    build_redacted,
    find_affected,
    open_database,
)
from dagster_project.release.sql import names, quoted
from dagster_project.release.store import ReleaseStore
from dagster_project.release.tables import PublishedTable, Redaction
from dagster_project.state import now

# What a withdrawn value is marked with, and what a hidden one is marked with instead.
MARKS = {
    ("status", "withdrawn"): ("status", "suppressed"),
    ("status_reason", "withdrawn"): ("status_reason", "suppressed_since"),
    ("state", "withdrawn"): ("state", "suppressed"),
    ("method", "withdrawn"): ("method", "suppressed"),
    ("reason", "value_withdrawn"): ("reason", "value_suppressed"),
    ("reason", "comparator_withdrawn"): ("reason", "comparator_suppressed"),
}
HIDDEN = "hidden_today"


@dataclass(frozen=True)
class Hidden:
    """Of how many values the figures were hidden, and what kept the pages from being made again.

    The figures are gone either way: the caller points `latest` first, and raises the problem then.
    """

    values: int = 0
    problem: OutcomesError | None = None


def hide(store: ReleaseStore, identifier: str, today: str) -> Hidden:
    """After this the release shows no figure of what is suppressed in `today`.

    `today` names the release that says what is hidden now.
    """
    release = ReleaseFiles(store.path(identifier), read_manifest(store.path(identifier)))
    newer = ReleaseFiles(store.path(today), read_manifest(store.path(today)))
    table, other = release.manifest.table(VALUES), newer.manifest.table(VALUES)
    if identifier == today or table is None or other is None:
        return Hidden()
    key = tuple(name for name in table.key if name in other.column_names)
    figures = ", ".join(quoted(name) for name in _figures(table))
    con = open_database(store.home)
    try:
        con.execute(
            f"create table {HIDDEN} as from {release.relation(VALUES)} select {names(key)}"
            f" where coalesce({figures}) is not null and ({names(key)}) in"
            f" (from {newer.relation(VALUES)} select {names(key)} where status = 'suppressed')"
        )
        count = int(con.execute(f"select count(*) from {HIDDEN}").fetchall()[0][0])
        problem = None
        if count:
            marked = replace(
                release,
                manifest=replace(
                    release.manifest, tables=tuple(map(_as_hidden, release.manifest.tables))
                ),
            )
            keys = ManyKeys(HIDDEN, key)
            stone = Tombstone("hidden", today, f"{count:,} values suppressed since", now())
            removal = Removal((keys,), tuple(find_affected(con, marked, [keys])), (stone,))
            target = store.redacted_path(identifier)
            problem = build_redacted(con, marked, target, removal)
            # Should more be taken back later, it is by the rules that were published.
            made = read_manifest(target)
            write_manifest(target, replace(made, tables=release.manifest.tables))
            store.replace(identifier)
        return Hidden(count, problem)
    finally:
        con.close()


def _figures(table: PublishedTable) -> list[str]:
    return [name for rule in table.redactions for name in rule.figures]


def _as_hidden(table: PublishedTable) -> PublishedTable:
    return replace(table, redactions=tuple(map(_rule, table.redactions)))


def _rule(rule: Redaction) -> Redaction:
    return replace(
        rule,
        marks=tuple(MARKS.get(mark, mark) for mark in rule.marks),
        notes=tuple(MARKS.get(note, note) for note in rule.notes),
    )

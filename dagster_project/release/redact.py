"""One release without what was taken back: which rows rest on a key, and a copy without them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.errors import OutcomesError
from dagster_project.home import Home
from dagster_project.release.files import FileEntry, relative_files, remove_tree
from dagster_project.release.manifest import MANIFEST, Manifest, Tombstone, write_manifest
from dagster_project.release.presenting import is_presented, present
from dagster_project.release.sql import parquet, quoted, text
from dagster_project.release.tables import PublishedTable, Redaction
from dagster_project.release.writing import write_tables

if TYPE_CHECKING:
    import duckdb

Key = Mapping[str, str]
MEMORY_LIMIT = "2GB"
# Makes the site and the workbook again inside a redacted copy, whose manifest is already written;
# returns their entries.
Rebuild = Callable[[Path, Manifest], Sequence[FileEntry]]

VALUES = "indicator_values"
STATUSES = (
    *("published", "held", "suppressed", "withdrawn"),
    *("not_calculated", "not_available", "not_collected", "not_applicable"),
)


@dataclass(frozen=True)
class ReleaseFiles:
    """A release whose tables can be asked."""

    directory: Path
    manifest: Manifest

    def relation(self, table: str) -> str:
        return parquet(self.directory / "data" / f"{table}.parquet")


@dataclass(frozen=True)
class Removal:
    """What is taken out of one release: the keys, the tables that show them, the tombstones."""

    keys: tuple[Key, ...]
    tables: tuple[str, ...]
    tombstones: tuple[Tombstone, ...]


class ManyKeys(Mapping[str, str]):
    """All keys of a relation, in the place of one: of each part of the key, where it is found."""

    def __init__(self, relation: str, parts: tuple[str, ...]) -> None:
        self.relation = relation
        self._parts = parts

    def __getitem__(self, part: str) -> str:
        if part not in self._parts:
            raise KeyError(part)
        return f"cast({quoted(part)} as varchar)"

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def condition(self, pairs: Sequence[tuple[str, str]]) -> str:
        """The rows whose columns are those of one of the keys, as SQL; empty without a column."""
        if not pairs:
            return ""
        here = ", ".join(f"cast({quoted(column)} as varchar)" for _, column in pairs)
        there = ", ".join(self[part] for part, _ in pairs)
        return f"({here}) in (from {self.relation} select {there})"


def key_condition(table: PublishedTable, pairs: Sequence[tuple[str, str]], key: Key) -> str:
    """The rows of a table that a key names, by the pairs that the key has; empty if it has none."""
    if isinstance(key, ManyKeys):
        return key.condition([pair for pair in pairs if pair[0] in key])
    datatypes = {column.name: column.datatype for column in table.columns}
    terms = []
    for part, column in pairs:
        if part in key:
            # Text is compared as it is, so that DuckDB can leave out parts of the sorted file.
            is_text = datatypes[column] == "string"
            found = quoted(column) if is_text else f"cast({quoted(column)} as varchar)"
            terms.append(f"{found} = {text(key[part])}")
    return " and ".join(terms)


def same_names(table: PublishedTable, key: Key) -> tuple[tuple[str, str], ...]:
    """A key's columns paired with the table's columns of the same name."""
    return tuple((part, part) for part in key if part in table.column_names)


def count_statuses(con: duckdb.DuckDBPyConnection, relation: str) -> dict[str, int]:
    """How many rows have each status; a status that no row has is counted as 0."""
    rows = con.execute(f"from {relation} select status, count(*) group by status").fetchall()
    return dict.fromkeys(STATUSES, 0) | {status: int(number) for status, number in rows}


def find_affected(
    con: duckdb.DuckDBPyConnection, release: ReleaseFiles, keys: Sequence[Key]
) -> dict[str, list[int]]:
    """The tables that still show something of the keys, each with the positions of those keys."""
    affected: dict[str, list[int]] = {}
    for table in release.manifest.tables:
        shown = [_still_shown(table, key, release) for key in keys]
        if any(condition != "false" for condition in shown):
            counts = ", ".join(f"count_if({condition})" for condition in shown)
            rows = con.execute(f"from {release.relation(table.name)} select {counts}").fetchall()[0]
            positions = [position for position, number in enumerate(rows) if number]
            if positions:
                affected[table.name] = positions
    return affected


def build_redacted(
    con: duckdb.DuckDBPyConnection,
    release: ReleaseFiles,
    target: Path,
    removal: Removal,
    rebuild: Rebuild = present,
) -> OutcomesError | None:
    """`target` holds a copy of the release in which the keys show no figure.

    Tables that the keys don't touch are the same files. The site and the workbook still show the
    figures, so they are made again by `rebuild` where the release had them, from what is left.
    What keeps that from being done is returned, and they are left out: the figures have to go, so
    the caller puts the copy in place first, and raises it then.
    """
    remove_tree(target)
    target.mkdir(parents=True)
    old = release.manifest
    written = _write_affected(con, release, target, removal)
    files = written + _carry_over(release, target, {file.path for file in written})
    manifest = replace(
        old,
        files=tuple(sorted(files, key=lambda file: file.path)),
        counts=_recount(con, old, target),
        reasons=tuple(_without_words(each, removal.keys) for each in old.reasons),
        withdrawn=(*old.withdrawn, *removal.tombstones),
    )
    write_manifest(target, manifest)
    if not is_presented(old):
        return None
    try:
        rebuilt = rebuild(target, manifest)
    except Exception as problem:
        return _left_out(target, manifest, problem)
    write_manifest(target, replace(manifest, files=(*manifest.files, *rebuilt)))
    return None


def _without_words(reason: Mapping[str, Any], keys: Sequence[Key]) -> Mapping[str, Any]:
    """A reason for revisions, without its words where it was given for a key that is taken back."""
    told = reason["key"]
    if any(all(key.get(name, said) == said for name, said in told.items()) for key in keys):
        return {**reason, "reason": "taken back with the value"}
    return reason


def _left_out(target: Path, manifest: Manifest, problem: Exception) -> OutcomesError:
    """What is to be said once the copy is in place; nothing half made is left in it."""
    listed = {file.path for file in manifest.files} | {MANIFEST}
    for path in relative_files(target):
        if path not in listed:
            (target / path).unlink()
    for folder, _, _ in os.walk(target, topdown=False):
        if not any(Path(folder).iterdir()):
            Path(folder).rmdir()
    told = OutcomesError(
        "what was taken back is gone from this release, and so are its workbook and pages",
        file=manifest.id,
        got=f"{type(problem).__name__}: {problem}",
        expected="a workbook and pages made again from what is left",
        fix="mend what it names; the next release has them again",
    )
    told.__cause__ = problem
    return told


def _write_affected(
    con: duckdb.DuckDBPyConnection, release: ReleaseFiles, target: Path, removal: Removal
) -> list[FileEntry]:
    """The affected tables, written again by the same code that wrote them first."""
    old = release.manifest
    tables = [
        replace(table, query=_redacted_query(table, removal.keys, release))
        for table in old.tables
        if table.name in removal.tables
    ]
    return write_tables(
        con,
        tables,
        target,
        csv=any(file.path.startswith("csv/") for file in old.files),
        synthetic=old.synthetic,
        attribution=old.publisher_attributions,
    )


def build_emptied(release: ReleaseFiles, target: Path, tombstone: Tombstone) -> None:
    """`target` holds the release's manifest with a tombstone, and nothing else."""
    remove_tree(target)
    target.mkdir(parents=True)
    old = release.manifest
    manifest = replace(
        old, files=(), tables=(), counts={}, checks={}, withdrawn=(*old.withdrawn, tombstone)
    )
    write_manifest(target, manifest)


def _pairs(table: PublishedTable, rule: Redaction, key: Key) -> tuple[tuple[str, str], ...]:
    """Which column of the table stands for which part of the key; none if the rule isn't for it."""
    renamed = dict(rule.match)
    if renamed and not renamed.keys() & key.keys():
        return ()
    left_out = {*renamed, *rule.unmatched}
    same = (pair for pair in same_names(table, key) if pair[0] not in left_out)
    return (*rule.match, *same)


def _condition(table: PublishedTable, rule: Redaction, key: Key, release: ReleaseFiles) -> str:
    """The rows of a table that a rule says rest on a key, as SQL; `false` if it can name none."""
    own = key_condition(table, _pairs(table, rule, key), key)
    other = release.manifest.table(rule.via) if own or rule.unmatched else None
    through = key_condition(other, same_names(other, key), key) if other else ""
    terms = [own] if own else []
    if through:
        columns = ", ".join(quoted(column) for column in rule.via_columns)
        found = f"from {release.relation(rule.via)} select {columns} where {through}"
        terms.append(f"({columns}) in ({found})")
    return f"({' and '.join(terms)})" if terms else "false"


def _still_shown(table: PublishedTable, key: Key, release: ReleaseFiles) -> str:
    """The rows in which a key's figures are still there, as SQL."""
    shown = []
    for rule in table.redactions:
        condition = _condition(table, rule, key, release)
        if condition != "false":
            shown.append(f"({condition} and {_shows(rule)})")
    return " or ".join(shown) or "false"


def _shows(rule: Redaction) -> str:
    """The rows in which anything is left that the rule takes out, as SQL."""
    filled = [f"{quoted(name)} is not null" for name in rule.figures]
    unmarked = [f"{quoted(name)} is distinct from {text(mark)}" for name, mark in rule.marks]
    return f"({' or '.join([*filled, *unmarked])})"


def _redacted_query(table: PublishedTable, keys: Sequence[Key], release: ReleaseFiles) -> str:
    """The table's rows, without the figures that rest on any of the keys."""
    cells = {name: quoted(name) for name in table.column_names}
    for rule in table.redactions:
        conditions = {_condition(table, rule, key, release) for key in keys} - {"false"}
        if conditions:
            resting = " or ".join(sorted(conditions))
            replacements = dict.fromkeys(rule.figures, "null") | {
                name: text(mark) for name, mark in rule.marks
            }
            for name, replacement in replacements.items():
                cells[name] = f"case when {resting} then {replacement} else {cells[name]} end"
            for name, note in rule.notes:
                shown = f"({resting}) and {_shows(rule)}"
                cells[name] = f"case when {shown} then {text(note)} else {cells[name]} end"
    selected = ", ".join(f"{cell} as {quoted(name)}" for name, cell in cells.items())
    return f"from {release.relation(table.name)} select {selected}"


def _carry_over(release: ReleaseFiles, target: Path, written: set[str]) -> list[FileEntry]:
    """The release's other tables, as second names of the same files."""
    carried = [
        file
        for file in release.manifest.files
        if file.path not in written and file.path.startswith(("data/", "csv/"))
    ]
    for file in carried:
        (target / file.path).parent.mkdir(parents=True, exist_ok=True)
        os.link(release.directory / file.path, target / file.path)
    return carried


def _recount(con: duckdb.DuckDBPyConnection, old: Manifest, target: Path) -> dict[str, int]:
    """The manifest's counts, those of a status taken again."""
    if old.table(VALUES) is None:
        return dict(old.counts)
    statuses = count_statuses(con, ReleaseFiles(target, old).relation(VALUES))
    # A status that the release never counted and doesn't have stays out of its counts.
    shown = {name: number for name, number in statuses.items() if number or name in old.counts}
    return dict(old.counts) | shown


def open_database(home: Home) -> duckdb.DuckDBPyConnection:
    """A database in memory that spills into the home's cache."""
    import duckdb

    spill = home.cache / "duckdb"
    spill.mkdir(parents=True, exist_ok=True)
    return duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill)})

"""Publishing: write the release, verify that what it says is what was judged, then let it stand.

Fails closed: it trusts no earlier step, recomputes what it relies on and refuses with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project import progress, state, waivers
from dagster_project.contracts.publishing import write_contracts
from dagster_project.contracts.tables import ALL_TABLES
from dagster_project.contracts.values import Release
from dagster_project.disclosure.audit import Audit, audit, refuse_found_out
from dagster_project.errors import PublicationRefused
from dagster_project.fingerprint import code_version, fingerprint
from dagster_project.home import Home
from dagster_project.pipeline import (
    announcing,
    context,
    dbt_project,
    marts_seal,
    rebuilding,
    revised,
    steps,
    written,
)
from dagster_project.pipeline.attributions import attributions
from dagster_project.pipeline.commit import commit
from dagster_project.pipeline.judging import verify_judged
from dagster_project.pipeline.past import previous_parquet
from dagster_project.pipeline.tables import KEY, VALUES, published_tables
from dagster_project.release.csvw import LIST_SEPARATOR
from dagster_project.release.manifest import InputRecord, Manifest, write_manifest
from dagster_project.release.presenting import present
from dagster_project.release.shapes import SHAPES, make_shapes
from dagster_project.release.sql import parquet, text
from dagster_project.release.store import ReleaseStore, release_id
from dagster_project.release.tables import PublishedTable
from dagster_project.release.versioning import ChangeCounts, next_version, with_shape
from dagster_project.release.withdraw import refuse_withdrawn
from dagster_project.release.withdrawals import in_force
from dagster_project.release.writing import write_tables
from dagster_project.revising import reasons

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Published:
    """The release that was written, how it differs from the one before, what is hidden in it."""

    manifest: Manifest
    changes: ChangeCounts
    disclosure: Audit


def publish(con: duckdb.DuckDBPyConnection, home: Home, as_of: date) -> Published:
    """After this a new release stands in place and `latest` names it; or nothing has changed."""
    verify_judged(con)
    marts_seal.verify(con, dbt_project.manifest())
    waivers.verify(con, home, as_of)
    reasons.verify(con, home)
    disclosure = audit(con, VALUES, KEY)
    refuse_found_out(disclosure)
    store = ReleaseStore(home)
    made_from = _made_from(con, home, as_of)
    make_shapes(con)
    found = revised.find_changes(con, home, made_from[:12])
    latest = store.latest()
    changes = with_shape(
        found,
        revised.shape_of(latest.tables) if latest else None,
        revised.shape_of((*published_tables(dbt_project.manifest(), {}), *ALL_TABLES)),
    )
    version = next_version(store.newest_version(), changes)
    identifier = release_id(version, made_from)
    tables = _tables(con, home, made_from[:12], identifier)
    with store.begin(identifier) as directory:
        manifest = _write(con, home, directory, identifier, tables, made_from, as_of)
        refuse_withdrawn(con, directory, home.state)
        shown = present(directory, manifest)
        manifest = replace(manifest, files=(*manifest.files, *shown))
        write_manifest(directory, manifest)
    # They say figures of earlier releases, which may be taken back: nothing of them stays here.
    for told in ("release_changes", SHAPES):
        con.execute(f"delete from {told}")
    return Published(manifest, changes, disclosure)


def _made_from(con: duckdb.DuckDBPyConnection, home: Home, as_of: date) -> str:
    """The fingerprint that the marts were built for; refused if it isn't today's any more.

    It was noted at the judging: the models before that must be of today's inputs as well.
    """
    rows = con.execute("select fingerprint from run.context").fetchall()
    built_for = str(rows[0][0]) if len(rows) == 1 else "nothing"
    now = fingerprint(home, as_of)
    if built_for != now:
        raise PublicationRefused(
            "the marts were built from other inputs than are here now",
            got=built_for[:12],
            expected=now[:12],
            fix="run `outcomes refresh`",
        )
    rebuilding.refuse_outdated(con, dbt_project.manifest(), steps.MEASURED)
    return now


def _tables(
    con: duckdb.DuckDBPyConnection, home: Home, mark: str, identifier: str
) -> tuple[PublishedTable, ...]:
    """The tables of the release of that id."""
    compared_with = ReleaseStore(home).latest_id()
    queries = _queries(con, mark, identifier, previous_parquet(home), compared_with)
    return published_tables(dbt_project.manifest(), queries)


def _queries(
    con: duckdb.DuckDBPyConnection,
    mark: str,
    identifier: str,
    previous: Path | None,
    compared_with: str | None,
) -> Mapping[str, str]:
    """Reading the marts with what only now is known: the release's id, and what was revised."""
    # held_since bears the start of the fingerprint until the data version is known.
    held_since = f"case held_since when '{mark}' then '{identifier}' else held_since end"
    held = _words(con, "select held_since from intermediate.int_kept_back") - {mark}
    first_in, flags, beside = f"'{identifier}'", "values_now.flags", ""
    known = {identifier}
    joined = f"array_to_string({{}}, {text(LIST_SEPARATOR)})"
    lists = _joined_lists(con, joined.format("flags"))
    if previous is not None:
        same = " and ".join(f"values_now.{name} = past.{name}" for name in KEY)
        moved = " and ".join(f"values_now.{name} = moved.{name}" for name in KEY)
        first_in = f"coalesce(past.release_first_published, '{identifier}')"
        known |= _words(con, "select release_first_published from run.previous_values")
        flags = (
            "case when moved.change = 'revised' or list_contains(past.flags, 'revised')"
            " then list_prepend('revised', values_now.flags) else values_now.flags end"
        )
        lists |= {LIST_SEPARATOR.join(filter(None, ("revised", each))) for each in lists}
        beside = (
            f" left join run.previous_values as past on {same}"
            f" left join release_changes as moved on {moved}"
        )
    since = _one_of(held_since.replace("held_since", "values_now.held_since"), held | {identifier})
    flags = _one_of(joined.format(flags), lists)
    values = (
        f"select values_now.* replace ({since} as held_since, {flags} as flags),"
        f" {_one_of(first_in, known)} as release_first_published"
        f" from {VALUES} as values_now{beside}"
    )
    return {
        "changes": revised.changes_query(compared_with),
        "indicator_values": values,
        "holds": f"select * replace ({held_since} as held_since) from marts.holds",
        "findings": f"select * replace (case since when '{mark}' then '{identifier}'"
        " else since end as since) from marts.findings",
        "provenance": f"select * replace (case made_in when '{mark}' then '{identifier}'"
        " else made_in end as made_in) from marts.provenance",
    }


def _words(con: duckdb.DuckDBPyConnection, query: str) -> set[str]:
    """The words that the query's one column says."""
    rows = con.execute(f"select distinct * from ({query})").fetchall()
    return {str(word) for (word,) in rows if word is not None}


def _joined_lists(con: duckdb.DuckDBPyConnection, joined: str) -> set[str]:
    """The lists of flags that occur, each as one text; refused if another would come out of it."""
    found = con.execute(
        f"select distinct {joined}, len(flags) from {VALUES} where flags is not null"
    ).fetchall()
    for words, count in found:
        if count != (len(words.split(LIST_SEPARATOR)) if words else 0):
            raise PublicationRefused(
                "flags that are joined to one text can't be told apart again",
                place=f"table {VALUES}, column flags",
                got=repr(words),
                expected=f"flags that aren't empty and have no {LIST_SEPARATOR!r} in them",
                fix="rename the flag in indicator_values.sql. Nothing was published",
            )
    return {words for words, _ in found}


def _one_of(expression: str, words: set[str]) -> str:
    """The text as one of few words: a number for each row that is sorted, not a text."""
    listed = ", ".join(map(text, sorted(words)))
    return f"cast({expression} as enum({listed}))" if words else "cast(null as varchar)"


def _write(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    directory: Path,
    identifier: str,
    tables: tuple[PublishedTable, ...],
    made_from: str,
    as_of: date,
) -> Manifest:
    synthetic = context.is_synthetic(home)
    inputs = _inputs(home)
    named = attributions(con, {record.source_id for record in inputs})

    def verify() -> None:
        written.verify_passed(con, directory)
        written.verify_the_rest(con, directory)
        progress.current().stage("Writing the CSV files")

    files = write_tables(
        con,
        tables,
        directory,
        synthetic=synthetic,
        attribution=named,
        on_progress=lambda name, rows: progress.current().detail(f"{name}: {rows:,} rows"),
        before_csv=verify,
    )
    store = ReleaseStore(home)
    said = announcing.note(con, store.latest_id())
    expected = announcing.next_dates([record.source_id for record in inputs], as_of)
    announcing.refuse_unannounced(said, announcing.next_release(expected))
    values = parquet(directory / "data" / "indicator_values.parquet")
    waived = waivers.used(con, home, as_of)
    release = Release(identifier, synthetic, as_of.isoformat(), waived)
    paid = write_contracts(con, directory, release, named)
    manifest = Manifest(
        id=identifier,
        data_version=identifier.split("-")[0],
        previous=store.latest_id(),
        fingerprint=made_from,
        commit=commit(),
        created_at=state.now(),
        as_of=as_of.isoformat(),
        synthetic=synthetic,
        inputs=inputs,
        files=(*files, *paid.files),
        tables=tuple(sorted((*tables, *paid.tables), key=lambda table: table.name)),
        counts=_counts(con, f"select status, count(*) from {values} group by 1"),
        checks=_counts(con, "select outcome, count(*) from judged.check_results group by 1"),
        publisher_attributions=named,
        waivers=waived,
        reasons=reasons.used(con, home),
        note=said,
        next_expected=expected,
        next_release=announcing.next_release(expected),
        in_force=in_force(home),
        code=code_version(),
    )
    write_manifest(directory, manifest)
    return manifest


def _counts(con: duckdb.DuckDBPyConnection, query: str) -> dict[str, int]:
    return {str(name): int(count) for name, count in sorted(con.execute(query).fetchall())}


def _inputs(home: Home) -> tuple[InputRecord, ...]:
    with state.connect(home.state) as ledger:
        rows = ledger.execute(
            "select sha256, source_id, layout_id, relative_path, period, vintage, rows_kept"
            " from landings order by source_id, relative_path, sha256"
        ).fetchall()
    return tuple(
        InputRecord(
            sha256=row["sha256"],
            source_id=row["source_id"],
            layout_id=row["layout_id"],
            name=row["relative_path"],
            period=row["period"],
            vintage=row["vintage"],
            rows=row["rows_kept"],
        )
        for row in rows
    )


def summary_of(manifest: Manifest) -> dict[str, Any]:
    """The counts of a release, for `--json` and for Dagster's metadata."""
    return {
        "release": manifest.id,
        "counts": dict(manifest.counts),
        "checks": dict(manifest.checks),
        "inputs": len(manifest.inputs),
        "files": len(manifest.files),
    }

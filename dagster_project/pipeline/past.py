"""What was published before, as the evidence and the marts read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.fingerprint import code_version
from dagster_project.home import Home
from dagster_project.landing import taken_back
from dagster_project.pipeline.tables import FIGURES, KEY
from dagster_project.release.sql import names, parquet, text
from dagster_project.release.store import ReleaseStore
from dagster_project.revising import reasons

if TYPE_CHECKING:
    import duckdb

    from dagster_project.release.manifest import Manifest

# What of the last release a held value may need, and what tells that a value moved.
PREVIOUS_COLUMNS = {
    **{name: "VARCHAR" for name in KEY if not name.startswith("period_")},
    "period_type": "VARCHAR",
    "period_start": "DATE",
    "period_end": "DATE",
    "definition_version": "VARCHAR",
    "source_id": "VARCHAR",
    "unit": "VARCHAR",
    "method": "VARCHAR",
    "value": "DOUBLE",
    "lower_95": "DOUBLE",
    "upper_95": "DOUBLE",
    "lower_998": "DOUBLE",
    "upper_998": "DOUBLE",
    "numerator": "DOUBLE",
    "denominator": "DOUBLE",
    "status": "VARCHAR",
    "status_reason": "VARCHAR",
    "held_since": "VARCHAR",
    "flags": "VARCHAR[]",
    "release_first_published": "VARCHAR",
}


PROVENANCE_COLUMNS = {
    **dict.fromkeys(("made_in", "indicator_id", "area_type", "period_type"), "VARCHAR"),
    **dict.fromkeys(("period_start", "period_end"), "DATE"),
    **dict.fromkeys(("source_id", "origin", "extract_sha256"), "VARCHAR"),
    "areas": "VARCHAR[]",
    "vintage": "DATE",
    **dict.fromkeys(("definition_version", "definition", "method", "lookups", "code"), "VARCHAR"),
    "value_count": "BIGINT",
}
# The trends mart's series, in the order in which the models hash them.
SERIES = tuple(name for name in KEY if name not in ("period_start", "period_end"))
JUDGED = ("better", "similar", "worse", "lower", "higher")


def previous_parquet(home: Home) -> Path | None:
    """The values of the latest release that still has its data, or None before the first."""
    store = ReleaseStore(home)
    latest = store.latest()
    if latest is None or latest.is_withdrawn:
        return None
    return store.path(latest.id) / "data" / "indicator_values.parquet"


def write(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """After this the `run` schema says what the last release showed, how it judged it, and why not.

    Before the first release, and where a release has no such table, they are there without rows.
    """
    con.execute("create schema if not exists run")
    latest = ReleaseStore(home).latest()
    if latest is not None and latest.is_withdrawn:
        latest = None
    _write_last_release(con, latest)
    _write_previous(con, home)
    data = ReleaseStore(home).path(latest.id) / "data" if latest else None
    _write_last_good(con, data, latest)
    _write_judgements(con, home, data)
    _write_trends(con, home, data)
    _write_provenance(con, data)
    _write_findings(con, data)
    reasons.write(con, home)


def _write_last_release(con: duckdb.DuckDBPyConnection, latest: Manifest | None) -> None:
    con.execute(
        "create or replace table run.last_release (release_id VARCHAR, is_same_code BOOLEAN)"
    )
    if latest is not None:
        con.execute(
            "insert into run.last_release values (?, ?)",
            [latest.id, latest.code == code_version()],
        )


def _write_last_good(
    con: duckdb.DuckDBPyConnection, data: Path | None, latest: Manifest | None
) -> None:
    """After this `run.last_good` says of each value that was held by which release it was shown."""
    con.execute(
        "create or replace table run.last_good (row_id UBIGINT, series_id UBIGINT,"
        " release_id VARCHAR, is_turned BOOLEAN)"
    )
    if data is None or latest is None:
        return
    holds = parquet(data / "holds.parquet")
    there = {str(row[0]) for row in con.execute(f"describe from {holds}").fetchall()}
    # Releases of earlier versions don't say it; what they hold moves away from them.
    release = "any_value(last_good_release)" if "last_good_release" in there else text(latest.id)
    con.execute(
        f"insert into run.last_good select hash({names(KEY)}), any_value(hash({names(SERIES)})),"
        f" {release}, bool_or(check_id = 'C57') from {holds} where keeps_last_good_value"
        f" group by {names(KEY)}"
    )


def _write_judgements(con: duckdb.DuckDBPyConnection, home: Home, data: Path | None) -> None:
    """After this `run.previous_judgements` has what was last said of each value against England."""
    _write_said(
        con,
        home,
        data,
        ("previous_judgements", "comparisons"),
        {
            "row_id": (f"hash({names(KEY)})", "UBIGINT"),
            "judgement": ("judgement", "VARCHAR"),
            "comparator_value": ("comparator_value", "DOUBLE"),
        },
        f"comparator_type = 'england' and judgement in ({', '.join(map(text, JUDGED))})",
    )


def _write_trends(con: duckdb.DuckDBPyConnection, home: Home, data: Path | None) -> None:
    """After this `run.previous_trends` has the trend that was last shown of each series."""
    _write_said(
        con,
        home,
        data,
        ("previous_trends", "trends"),
        {
            "series_id": (f"hash({names(SERIES)})", "UBIGINT"),
            "direction": ("direction", "VARCHAR"),
            "judgement": ("judgement", "VARCHAR"),
        },
        "reason is null",
    )


def _write_said(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    data: Path | None,
    tables: tuple[str, str],
    columns: dict[str, tuple[str, str]],
    told: str,
) -> None:
    """After this a view of `run` has what the last release's table told.

    Of a value that is held the last release says nothing: what was said of it stands in the one
    that last published it.
    """
    view, table = tables
    nothing = ", ".join(f"cast(null as {kind}) as {name}" for name, (_, kind) in columns.items())
    parts = [f"select {nothing} where false"]
    given = ", ".join(f"{how} as {name}" for name, (how, _) in columns.items())
    if data is not None:
        parts.append(f"select {given} from {parquet(data / f'{table}.parquet')} where {told}")
    identity = next(iter(columns))
    releases = con.execute("select distinct release_id from run.last_good order by 1").fetchall()
    for (release,) in releases:
        file = ReleaseStore(home).path(release) / "data" / f"{table}.parquet"
        # One that was withdrawn since has no data; what rests on it isn't a last good value.
        if file.exists():
            parts.append(
                f"select {given} from {parquet(file)} where {told} and {columns[identity][0]} in"
                f" (select {identity} from run.last_good where release_id = {text(release)})"
            )
    con.execute(f"drop view if exists run.{view}")
    con.execute(f"create view run.{view} as {' union all '.join(parts)}")


def _write_provenance(con: duckdb.DuckDBPyConnection, data: Path | None) -> None:
    """After this `run.previous_provenance` says what made the last release's values."""
    file = data / "provenance.parquet" if data else None
    con.execute("drop view if exists run.previous_provenance")
    # Releases of earlier versions don't say it.
    if file is None or not file.exists():
        nothing = ", ".join(
            f"cast(null as {kind}) as {name}" for name, kind in PROVENANCE_COLUMNS.items()
        )
        con.execute(f"create view run.previous_provenance as select {nothing} where false")
        return
    con.execute(
        "create view run.previous_provenance as"
        f" select {names(PROVENANCE_COLUMNS)} from {parquet(file)}"
    )


def _write_findings(con: duckdb.DuckDBPyConnection, data: Path | None) -> None:
    """After this `run.previous_findings` says since when each finding of the last release is."""
    columns = ("check_id", "indicator_id", "source_id", "outcome", "since")
    file = data / "findings.parquet" if data else None
    con.execute("drop view if exists run.previous_findings")
    # Releases of earlier versions don't have them.
    query = (
        f"select {', '.join(f'cast(null as varchar) as {name}' for name in columns)} where false"
    )
    if file is not None and file.exists():
        query = f"select {names(columns)} from {parquet(file)}"
    con.execute(f"create view run.previous_findings as {query}")


def _write_previous(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    path = previous_parquet(home)
    hidden = _of_files_taken_back(home)
    columns = ", ".join(
        f'cast({_unless(hidden, name)} as {kind}) as "{name}"'
        for name, kind in PREVIOUS_COLUMNS.items()
    )
    con.execute("drop view if exists run.previous_values")
    if path is not None:
        quoted = str(path).replace("'", "''")
        con.execute(
            f"create view run.previous_values as select {columns} from read_parquet('{quoted}')"
        )
        return
    nothing = ", ".join(
        f'cast(null as {kind}) as "{name}"' for name, kind in PREVIOUS_COLUMNS.items()
    )
    con.execute(f"create view run.previous_values as select {nothing} where false")


def _of_files_taken_back(home: Home) -> str:
    """Which values of the latest release may rest on a file that was taken back since, as SQL.

    A release doesn't say which file a value came from, so it is all values of the file's source,
    and all that were worked out from several.
    """
    latest = ReleaseStore(home).latest()
    gone = taken_back.names(home)
    sources = sorted({i.source_id for i in latest.inputs if i.landing in gone} if latest else ())
    if not sources:
        return "false"
    listed = ", ".join("'" + source.replace("'", "''") + "'" for source in sources)
    return f"(source_id in ({listed}) or origin = 'computed')"


def _unless(hidden: str, name: str) -> str:
    """A column of the last release; no figure of it where it may not serve as the last good one."""
    return f'case when not {hidden} then "{name}" end' if name in FIGURES else f'"{name}"'

"""What was published before, as the evidence and the marts read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.fingerprint import code_version
from dagster_project.home import Home
from dagster_project.pipeline import earlier_figures
from dagster_project.pipeline.earlier_figures import OF_FIGURES, SERIES
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
PROVENANCE_GROUP = tuple(PROVENANCE_COLUMNS)[:8]
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
    store = ReleaseStore(home)
    latest = store.latest()
    if latest is not None and latest.is_withdrawn:
        latest = None
    _write_last_release(con, latest)
    earlier = earlier_figures.write(con, home, latest)
    _write_previous(con, home, latest)
    _write_last_good(con, store, latest)
    data = store.path(latest.id) / "data" if latest else None
    _write_judgements(con, home, data)
    _write_trends(con, home, data)
    _write_provenance(con, data, store.path(earlier) / "data" if earlier else None)
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
    con: duckdb.DuckDBPyConnection, store: ReleaseStore, latest: Manifest | None
) -> None:
    """After this `run.last_good` says of each value that was held by which release it was shown.

    So it does of each whose last good figure is that of an earlier release. Of its series nothing
    is told: the trend of that release may be one of fewer years.
    """
    con.execute(
        "create or replace table run.last_good (row_id UBIGINT, series_id UBIGINT,"
        " release_id VARCHAR, is_turned BOOLEAN)"
    )
    if latest is None:
        return
    con.execute(
        "insert into run.last_good"
        " select row_id, good.series_id, coalesce(earlier.release_id, good.release_id), is_turned"
        f" from ({earlier_figures.last_good(con, store, latest.id)}) as good"
        " left join run.earlier_figures as earlier using (row_id)"
    )
    con.execute(
        "insert into run.last_good select row_id, null, release_id, false"
        " from run.earlier_figures anti join run.last_good using (row_id)"
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
    that last published it. So it does where the figure is that of an earlier release.
    """
    view, table = tables
    nothing = ", ".join(f"cast(null as {kind}) as {name}" for name, (_, kind) in columns.items())
    parts = [f"select {nothing} where false"]
    given = ", ".join(f"{how} as {name}" for name, (how, _) in columns.items())
    identity = next(iter(columns))
    if data is not None:
        parts.append(
            f"select {given} from {parquet(data / f'{table}.parquet')} where {told}"
            f" and {columns[identity][0]} not in (select {identity} from run.earlier_figures)"
        )
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


def _write_provenance(
    con: duckdb.DuckDBPyConnection, data: Path | None, earlier: Path | None
) -> None:
    """After this `run.previous_provenance` says what made the last release's values.

    And what made the figures of an earlier release that are the last good ones.
    """
    con.execute("drop view if exists run.previous_provenance")
    # Releases of earlier versions don't say it.
    files = [each / "provenance.parquet" for each in (data, earlier) if each]
    parts = [
        f"select {names(PROVENANCE_COLUMNS)}, {rank} as rank from {parquet(file)}"
        + (" where made_in in (select release_id from run.earlier_figures)" if rank else "")
        for rank, file in enumerate(files)
        if file.exists()
    ]
    if not parts:
        nothing = ", ".join(
            f"cast(null as {kind}) as {name}" for name, kind in PROVENANCE_COLUMNS.items()
        )
        con.execute(f"create view run.previous_provenance as select {nothing} where false")
        return
    con.execute(
        f"create view run.previous_provenance as select {names(PROVENANCE_COLUMNS)}"
        f" from ({' union all '.join(parts)})"
        # Both may say what made figures that one release published before either.
        f" qualify rank = min(rank) over (partition by {names(PROVENANCE_GROUP)})"
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


def _write_previous(con: duckdb.DuckDBPyConnection, home: Home, latest: Manifest | None) -> None:
    """After this `run.previous_values` has the last release, with no figure that can't be good."""
    con.execute("drop view if exists run.previous_values")
    if latest is None:
        nothing = ", ".join(
            f'cast(null as {kind}) as "{name}"' for name, kind in PREVIOUS_COLUMNS.items()
        )
        con.execute(f"create view run.previous_values as select {nothing} where false")
        return
    values = parquet(ReleaseStore(home).path(latest.id) / "data" / "indicator_values.parquet")
    gone = earlier_figures.rests_on_what_is_gone(home, latest)
    as_they_are = _typed({name: f'"{name}"' for name in PREVIOUS_COLUMNS})
    query = f"select {as_they_are} from {values}"
    if gone != "false":
        of_earlier = dict.fromkeys(FIGURES, "earlier.{0}") | dict.fromkeys(
            OF_FIGURES, "coalesce(earlier.{0}, said.{0})"
        )
        replaced = {
            name: of_earlier.get(name, "said.{0}").format(f'"{name}"') for name in PREVIOUS_COLUMNS
        }
        query = (
            f"{query} where not {gone} union all select {_typed(replaced)}"
            f" from (from {values} where {gone}) as said left join run.earlier_figures as earlier"
            f" on earlier.row_id = hash({', '.join(f'said.{name}' for name in KEY)})"
        )
    con.execute(f"create view run.previous_values as {query}")


def _typed(columns: dict[str, str]) -> str:
    return ", ".join(
        f'cast({how} as {PREVIOUS_COLUMNS[name]}) as "{name}"' for name, how in columns.items()
    )

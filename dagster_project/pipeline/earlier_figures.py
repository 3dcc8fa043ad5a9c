"""Figures of an earlier release, where those of the latest may rest on a file that was taken back.

A release doesn't say which file a value came from. So of all values of the file's source, and of
all that were worked out from several, the last good figures are those of the newest release that
was made from nothing that was taken back; where it has none, there are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dagster_project.home import Home
from dagster_project.landing import taken_back
from dagster_project.pipeline.tables import FIGURES, KEY
from dagster_project.release.sql import names, parquet, text
from dagster_project.release.store import ReleaseStore

if TYPE_CHECKING:
    import duckdb

    from dagster_project.release.manifest import Manifest

# The trends mart's series, in the order in which the models hash them.
SERIES = tuple(name for name in KEY if name not in ("period_start", "period_end"))
# What is said of a figure goes with it.
OF_FIGURES = ("source_id", "definition_version", "unit", "method")
SHOWN = "status in ('published', 'held') and value is not null"


def write(con: duckdb.DuckDBPyConnection, home: Home, latest: Manifest | None) -> str | None:
    """After this `run.earlier_figures` has them; the answer is the release that they are of."""
    con.execute(
        "create or replace table run.earlier_figures (row_id UBIGINT, series_id UBIGINT,"
        " release_id VARCHAR,"
        f" {', '.join(f'{name} DOUBLE' for name in FIGURES)},"
        f" {', '.join(f'{name} VARCHAR' for name in OF_FIGURES)})"
    )
    resting = rests_on_what_is_gone(home, latest)
    if latest is None or resting == "false":
        return None
    store = ReleaseStore(home)
    earlier = store.newest_usable(before=latest.id)
    if earlier is None:
        return None
    values, of_latest = (
        parquet(store.path(each) / "data" / "indicator_values.parquet")
        for each in (earlier, latest.id)
    )
    con.execute(
        f"insert into run.earlier_figures select hash({names(KEY)}), hash({names(SERIES)}),"
        f" coalesce(good.release_id, {text(earlier)}), {names((*FIGURES, *OF_FIGURES))}"
        f" from {values} left join ({last_good(con, store, earlier)}) as good"
        f" on good.row_id = hash({names(KEY)}) where {SHOWN} and hash({names(KEY)}) in"
        f" (select hash({names(KEY)}) from {of_latest} where {SHOWN} and {resting})"
    )
    return earlier


def last_good(con: duckdb.DuckDBPyConnection, store: ReleaseStore, release: str) -> str:
    """By which release each value that this one holds was last shown, as a query."""
    holds = parquet(store.path(release) / "data" / "holds.parquet")
    there = {str(row[0]) for row in con.execute(f"describe from {holds}").fetchall()}
    # Releases of earlier versions don't say it; what they hold moves away from them.
    last = "any_value(last_good_release)" if "last_good_release" in there else text(release)
    return (
        f"select hash({names(KEY)}) as row_id, any_value(hash({names(SERIES)})) as series_id,"
        f" {last} as release_id, bool_or(check_id = 'C57') as is_turned from {holds}"
        f" where keeps_last_good_value group by {names(KEY)}"
    )


def rests_on_what_is_gone(home: Home, latest: Manifest | None) -> str:
    """Which values of the latest release may rest on a file that was taken back since, as SQL."""
    gone = taken_back.names(home)
    sources = sorted({i.source_id for i in latest.inputs if i.landing in gone} if latest else ())
    if not sources:
        return "false"
    return f"(source_id in ({', '.join(map(text, sources))}) or origin = 'computed')"

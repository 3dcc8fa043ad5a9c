"""What is asked of which release, and the values that answer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.errors import UsageError
from dagster_project.home import HOW_TO_BEGIN
from dagster_project.lineage.shown import data_of
from dagster_project.nearest import instead
from dagster_project.pipeline.tables import FIGURES, KEY
from dagster_project.release.manifest import Manifest
from dagster_project.release.sql import parquet, text
from dagster_project.release.store import ReleaseStore

if TYPE_CHECKING:
    import duckdb

MOST_NAMED = 5
# The cut of all people by which an indicator is known: what is shown unless all is asked for.
HEADLINE = (
    "list_contains(string_split(coalesce(indicators.headline_sex, vals.sex), '|'), vals.sex)"
    " and vals.age = coalesce(indicators.headline_age, vals.age)"
    " and vals.breakdown_type = 'all' and vals.segment = 'all'"
)


@dataclass(frozen=True)
class Question:
    """An indicator and an area by their codes or titles; a period by its label, or the latest."""

    indicator: str
    area: str
    period: str | None = None
    as_at: date | None = None
    every_series: bool = False


@dataclass(frozen=True)
class Answer:
    """The release that answers, and its rows: every column of `indicator_values`, by name."""

    manifest: Manifest
    directory: Path
    indicator: dict[str, Any]
    area: dict[str, Any]
    values: tuple[dict[str, Any], ...]
    other_series: int


def release_as_at(store: ReleaseStore, as_at: date | None) -> Manifest:
    """The latest release, or the newest that was there at the end of that day and still may be."""
    if as_at is None:
        latest = store.latest()
        if latest is not None:
            return latest
    else:
        for listed in store.releases():
            made_on = listed.manifest.created_at[:10]
            if not listed.manifest.is_withdrawn and made_on <= as_at.isoformat():
                return listed.manifest
    known = [listed.manifest for listed in store.releases() if not listed.manifest.is_withdrawn]
    raise UsageError(
        "no release stood at the end of that day" if as_at else "there is no release yet",
        got=str(as_at) if as_at else None,
        expected=f"{known[-1].created_at[:10]} or later" if known else None,
        fix="see `outcomes releases`" if known else HOW_TO_BEGIN,
    )


def answer(con: duckdb.DuckDBPyConnection, store: ReleaseStore, asked: Question) -> Answer:
    """The values that are asked for; UsageError that names what is near where there is none."""
    manifest = release_as_at(store, asked.as_at)
    with data_of(store.path(manifest.id)):
        return _answer(con, store.path(manifest.id), manifest, asked)


def _answer(
    con: duckdb.DuckDBPyConnection, directory: Path, manifest: Manifest, asked: Question
) -> Answer:
    con.execute(f"create or replace temp view vals as from {_table(directory, 'indicator_values')}")
    con.execute(f"create or replace temp view indicators as from {_table(directory, 'indicators')}")
    indicator = one_of(con, "indicators", "indicator_id", "title", asked.indicator)
    con.execute(f"create or replace temp view areas as from {_table(directory, 'areas')}")
    area = one_of(con, "areas", "area_code", "area_name", asked.area)
    here = (
        f"vals.indicator_id = {text(indicator['indicator_id'])}"
        f" and vals.area_code = {text(area['area_code'])}"
    )
    of_period = f"{here} and {_period(con, here, asked.period)}"
    joined = "from vals join indicators using (indicator_id) where"
    wanted = of_period if asked.every_series else f"{of_period} and {HEADLINE}"
    order = ", ".join(f"vals.{name}" for name in KEY)
    values = records(con, f"select vals.* {joined} {wanted} order by {order}")
    total = con.execute(f"select count(*) {joined} {of_period}").fetchall()[0][0]
    if not values:
        # None of them is the headline series: better all than nothing.
        values = records(con, f"select vals.* {joined} {of_period} order by {order}")
    return Answer(manifest, directory, indicator, area, tuple(values), total - len(values))


def records(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query, each by the names of its columns."""
    found = con.execute(query)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def hide(row: dict[str, Any]) -> dict[str, Any]:
    """The row without its figures: what is hidden today is hidden in every release."""
    return {name: None if name in FIGURES else cell for name, cell in row.items()}


def _table(directory: Path, name: str) -> str:
    return parquet(directory / "data" / f"{name}.parquet")


def one_of(
    con: duckdb.DuckDBPyConnection, table: str, code: str, title: str, asked: str
) -> dict[str, Any]:
    """The row with that code, or the only one with that title, letters alike."""
    named: list[tuple[str, str]] = []
    for match in (f"{code} = ?", f"lower({code}) = lower(?)", f"lower({title}) = lower(?)"):
        query = f"select {code}, {title} from {table} where {match} order by 1"
        rows = con.execute(query, [asked]).fetchall()
        if len(rows) == 1:
            return records(con, f"from {table} where {code} = {text(rows[0][0])}")[0]
        named = rows or named
    listed = ", ".join(f"{one} ({name})" for one, name in named[:MOST_NAMED])
    known = con.execute(f"select {code}, {title} from {table} order by 1").fetchall()
    raise UsageError(
        f"this names several {table}" if named else f"this names no {table[:-1]}",
        got=asked,
        expected=f"one of {listed}" if named else instead(asked, dict(known)),
        fix=f"give {code} as csv/{table}.csv of the release has it",
    )


def _period(con: duckdb.DuckDBPyConnection, here: str, asked: str | None) -> str:
    """The condition that picks the period: the one that was asked for, or the latest."""
    periods = con.execute(
        f"select period_label, max(period_end), max(period_start) from vals where {here}"
        " group by 1 order by 2 desc, 3 desc, 1"
    ).fetchall()
    labels = [str(row[0]) for row in periods]
    if not labels:
        raise UsageError(
            "the release has no row of that indicator for that area",
            expected="an area of a level that the indicator has values of",
            fix="see the indicator's page, or data/coverage.parquet, for the areas that have it",
        )
    if asked is not None and plain(asked) not in map(plain, labels):
        raise UsageError(
            "there is no such period for this indicator and area",
            got=asked,
            expected=instead(asked, labels),
            fix="give the period as one of these, in quotation marks where it has spaces",
        )
    chosen = [label for label in labels if asked and plain(label) == plain(asked)] or labels[:1]
    return f"vals.period_label in ({', '.join(map(text, chosen))})"


def plain(label: str) -> str:
    """The label as it is compared: without spaces, letters alike."""
    return label.replace(" ", "").casefold()

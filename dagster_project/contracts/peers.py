"""How much of the difference between an area and others like it is real."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import stdev
from typing import TYPE_CHECKING

from dagster_project.contracts.design import reliability_of
from dagster_project.contracts.terms import Series
from dagster_project.contracts.values import SERIES
from dagster_project.release.sql import parquet

if TYPE_CHECKING:
    import duckdb

# How many standard errors lie between the two published limits.
LIMITS_APART = 2 * 1.96


@dataclass(frozen=True)
class Peers:
    """The areas of one kind: mean, spread, and the part of their differences that is real."""

    areas: int
    mean: float
    spread: float
    reliability: float | None

    def regression(self, level: float) -> float | None:
        """The change that an area at that level may expect with no action."""
        if self.reliability is None:
            return None
        return (1.0 - self.reliability) * (self.mean - level)


def read_peers(
    con: duckdb.DuckDBPyConnection,
    values: Path,
    wanted: Iterable[tuple[Series, str]],
    hidden: str = "false",
) -> dict[tuple[Series, str], Peers]:
    """Of each series and area, the areas of its kind in the latest period that it has."""
    return {
        (series, area): peers
        for series, area in dict.fromkeys(wanted)
        if (peers := _peers(con, values, series, area, hidden)) is not None
    }


def _peers(
    con: duckdb.DuckDBPyConnection, values: Path, series: Series, area: str, hidden: str
) -> Peers | None:
    same = " and ".join(f"vals.{name} = ?" for name in SERIES)
    rows = con.execute(
        f"with series as (select * from {parquet(values)} as vals where {same}"
        f" and status = 'published' and value is not null and not ({hidden})),"
        " own as (select area_type, period_type, period_start, period_end, origin from series"
        " where area_code = ? order by period_end desc, period_start desc, origin desc limit 1)"
        " select series.value, series.lower_95, series.upper_95 from series"
        " inner join own using (area_type, period_type, period_start, period_end, origin)"
        " order by series.area_code",
        [*(getattr(series, name) for name in SERIES), area],
    ).fetchall()
    if not rows:
        return None
    levels = [float(value) for value, _, _ in rows]
    errors = [
        ((upper - lower) / LIMITS_APART) ** 2
        for _, lower, upper in rows
        if lower is not None and upper is not None
    ]
    reliability = reliability_of(levels, errors) if len(errors) == len(levels) else None
    spread = stdev(levels) if len(levels) > 1 else 0.0
    return Peers(len(levels), sum(levels) / len(levels), spread, reliability)

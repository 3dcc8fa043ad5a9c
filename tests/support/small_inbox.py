"""A small inbox of our own making, and what came of refreshing a home from it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.home import Home
from dagster_project.refresh import Outcome, refresh, request_for

Z95 = 1.959963984540054
HEADER = (
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,"
    "Category Type,Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,"
    "Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,Value note,Recent Trend,"
    "Compared to England value or percentiles,Compared to percentiles,Time period Sortable,"
    "New data,Compared to goal,Time period range"
)


def line(
    area: str, value: str, lower: str, upper: str, count: str | None = None, note: str = ""
) -> str:
    """A row of one area's value in 2020/21; its counts make it and its limits, unless one is given.

    A count that is given as empty leaves a value that nothing can be worked out from.
    """
    denominator = "5000" if value else ""
    if count is None and re.fullmatch(r"[0-9.]+", value):
        share, half = float(value) / 100, (float(upper) - float(lower)) / 200
        people = round(Z95**2 * share * (1 - share) / half**2)
        count, denominator = f"{share * people:.10g}", str(people)
    count = denominator if count is None else count
    return (
        f"247,Dementia: QOF prevalence,,,{area},Name,UA,Persons,All ages,,,2020/21,{value},"
        f"{lower},{upper},,,{count},{denominator},{note},,Similar,Not compared,20200000,,,1y"
    )


def write(path: Path, *lines: str) -> None:
    """After this the file holds those rows below the header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")


def run(home: Home, inbox: Path, **options: Any) -> Outcome:
    """What a refresh of the home from the inbox came to."""
    return refresh(request_for(home, [str(inbox)], sample=False, as_of="2026-11-22", **options))


def values(home: Home, release: str = "latest") -> dict[str, tuple[Any, ...]]:
    """By area: status, reason, value, whether it is held since some release, and revised.

    What other sources and files of other indicators say is none of it.
    """
    path = home.releases / release / "data" / "indicator_values.parquet"
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select area_code, status, status_reason, value, held_since is not null,"
            f" list_contains(flags, 'revised') from read_parquet('{path}')"
            " where source_id = 'fingertips' and indicator_id = 'dementia_qof_prevalence'"
        ).fetchall()
    return {row[0]: row[1:] for row in rows}

"""A Fingertips extract of any length, to measure speed with. Every figure in it is made up.

Beside it, where its practices lie: an area that nobody places fails a check in each of its rows.

Indicator by indicator, period by period: England, its regions, the upper-tier authorities and
6,800 made-up practices. All rows are sound: one row a key, limits about the value, no more people
counted than there are. Figures come from a hash of the row's number, so the same length and seed
give the same bytes with one version of DuckDB.

    python tests/bench/generate.py FILE ROWS [SEED]
"""

from __future__ import annotations

import csv
import sys
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.registry import Registry, live_areas, load_registry
from dagster_project.sources.qof import PRACTICE_GEOGRAPHY

if TYPE_CHECKING:
    import duckdb

PRACTICES = 6_800
FIRST_PRACTICE = 10_001
PRACTICES_OF_A_NETWORK = 6
PERIODS = 15
LAST_YEAR = 2023
# A year is told by the name: this one is 2023/24.
GEOGRAPHY_NAME = f"PRACTICE_GEOGRAPHY_{LAST_YEAR % 100}{LAST_YEAR % 100 + 1}.csv"
Z_95 = 1.959963984540054
Z_998 = 3.090232306167813
NOTE = "Synthetic: made-up figure"
LABELS = {
    "england": "England",
    "region": "Regions (statistical)",
    "utla": "Counties & UAs (from Apr 2023)",
}
# An age that the checks don't know would fail each of its rows.
STRANGE_AGES = (">",)
Indicator = tuple[str, str, str, str, bool]
Area = tuple[str, str, str, str]


def write_fingertips_csv(path: Path, rows: int, seed: int = 2026) -> None:
    """After this `path` holds a sound Fingertips extract of exactly so many made-up rows."""
    import duckdb

    registry = load_registry(PROJECT_ROOT / "seeds")
    indicators, areas = _indicators(registry), _areas(registry)
    most = len(indicators) * PERIODS * (len(areas) + PRACTICES)
    if not 0 < rows <= most:
        raise ValueError(f"rows: got {rows:,}, expected 1 to {most:,}")
    with duckdb.connect(config={"threads": "2", "memory_limit": "2GB"}) as connection:
        _tables(connection, indicators, areas)
        target = str(path).replace("'", "''")
        connection.execute(f"copy ({_query(rows, seed, len(areas))}) to '{target}' (header)")


def write_practice_geography(folder: Path) -> None:
    """After this a file of the folder, in the layout of QOF, places each practice in NHS areas."""
    registry, day = load_registry(PROJECT_ROOT / "seeds"), f"{LAST_YEAR}-04-01"
    boards = {area["area_code"]: area for area in live_areas(registry, day, "icb")}
    with (folder / GEOGRAPHY_NAME).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(field.headers[0] for field in PRACTICE_GEOGRAPHY.fields)
        places = cycle(live_areas(registry, day, "sub_icb"))
        for nth in range(PRACTICES):
            if nth % PRACTICES_OF_A_NETWORK == 0:
                place, network = next(places), f"U{FIRST_PRACTICE + nth}"
            board = boards[place["parent_code"]]
            table.writerow(
                [
                    *("E92000001", "", "England", "", board["parent_code"], ""),
                    *("", board["area_code"], "", "", place["area_code"], ""),
                    *(network, "", f"Z{FIRST_PRACTICE + nth}", ""),
                ]
            )


def _indicators(registry: Registry) -> list[Indicator]:
    """Code, name, sex, age and whether years are calendar years: proportions, one code each."""
    known = {row["indicator_id"]: row for row in registry.indicators}
    found: dict[str, Indicator] = {}
    for link in registry.indicator_sources:
        row = known[link["indicator_id"]]
        if (
            link["source_id"] == "fingertips"
            and row["value_type"] == "proportion"
            and row["pooled_years"] == "1"
            and row["year_type"] in ("calendar", "financial")
            and row["headline_age"]
            and not row["headline_age"].startswith(STRANGE_AGES)
        ):
            sex = row["headline_sex"].split("|")[0] or "Persons"
            is_calendar = row["year_type"] == "calendar"
            name = f"{row['title']} (synthetic)"
            found.setdefault(
                row["indicator_id"],
                (link["source_code"], name, sex, row["headline_age"], is_calendar),
            )
    return list(found.values())


def _areas(registry: Registry) -> list[Area]:
    """Code, name, parent's code and type of the areas that aren't practices, England first."""
    return [
        (area["area_code"], area["area_name"], area["parent_code"], label)
        for kind, label in LABELS.items()
        for area in live_areas(registry, f"{LAST_YEAR}-04-01", kind)
    ]


def _tables(
    connection: duckdb.DuckDBPyConnection,
    indicators: list[Indicator],
    areas: list[Area],
) -> None:
    """After this `places` and `indicators` are tables, numbered from 0 in order."""
    connection.execute(
        "create temp table indicators (nth integer, code varchar, name varchar, sex varchar,"
        " age varchar, is_calendar boolean)"
    )
    connection.executemany(
        "insert into indicators values (?, ?, ?, ?, ?, ?)",
        [(nth, *row) for nth, row in enumerate(indicators)],
    )
    connection.execute(
        "create temp table places (nth integer, code varchar, name varchar, parent varchar,"
        " label varchar)"
    )
    connection.executemany(
        "insert into places values (?, ?, ?, ?, ?)",
        [(nth, *row) for nth, row in enumerate(areas)],
    )
    connection.execute(
        f"insert into places select {len(areas)} + i, 'Z' || ({FIRST_PRACTICE} + i)::varchar,"
        " 'Made-up Practice ' || (i + 1)::varchar || ' (synthetic)', 'E92000001', 'GPs'"
        f" from range({PRACTICES}) t(i)"
    )


def _limit(side: str, z: float) -> str:
    """Wilson's lower (-) or upper (+) limit in per cent, as SQL over `n` of `total`."""
    width = f"{z} * sqrt({z * z} + 4 * n * (1 - n / total))"
    return f"round(100 * (2 * n + {z * z} {side} {width}) / (2 * (total + {z * z})), 6)"


def _query(rows: int, seed: int, areas: int) -> str:
    """The rows as SQL; a row's chance is a hash of its number and the seed."""
    everywhere = areas + PRACTICES
    return f"""
        with numbered as (
            select
                i // {PERIODS * everywhere} as indicator,
                {LAST_YEAR - PERIODS + 1} + (i // {everywhere}) % {PERIODS} as year,
                i % {everywhere} as place,
                hash(i, {seed}) as chance
            from range({rows}) t(i)
        ),
        sized as (
            select *,
                -- An area holds more people than a practice does.
                case when place < {areas} then 40000 else 400 end * (1 + chance % 40) as people,
                (20 + hash(indicator, {seed}) % 900) * (800 + (chance >> 16) % 270) as share
            from numbered
        ),
        counted as (
            select *,
                cast(people as double) as total,
                floor(people * (share / 1000000.0)) as n
            from sized
        )
        select
            indicators.code as "Indicator ID", indicators.name as "Indicator Name",
            nullif(places.parent, '') as "Parent Code",
            case when places.parent <> '' then 'England' end as "Parent Name",
            places.code as "Area Code", places.name as "Area Name", places.label as "Area Type",
            indicators.sex as "Sex", indicators.age as "Age",
            null as "Category Type", null as "Category",
            case
                when indicators.is_calendar then cast(year as varchar)
                else year || '/' || right(cast(year + 1 as varchar), 2)
            end as "Time period",
            round(100 * n / total, 6) as "Value",
            {_limit("-", Z_95)} as "Lower CI 95.0 limit",
            {_limit("+", Z_95)} as "Upper CI 95.0 limit",
            {_limit("-", Z_998)} as "Lower CI 99.8 limit",
            {_limit("+", Z_998)} as "Upper CI 99.8 limit",
            cast(n as bigint) as "Count", cast(total as bigint) as "Denominator",
            '{NOTE}' as "Value note", 'Cannot be calculated' as "Recent Trend",
            'Not compared' as "Compared to England value or percentiles",
            'Not compared' as "Compared to percentiles",
            year || '0000' as "Time period Sortable",
            null as "New data", null as "Compared to goal", '1y' as "Time period range"
        from counted
        inner join indicators on indicators.nth = counted.indicator
        inner join places on places.nth = counted.place
    """


def main() -> int:
    target, rows, *seed = sys.argv[1:]
    write_fingertips_csv(Path(target), int(rows), *(int(number) for number in seed))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Pairs of series put to the rules of comparability, on the project's own seeds or on others."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from dagster_project.home import PROJECT_ROOT
from tests.support import models

PAIRS = PROJECT_ROOT / "tests" / "spec" / "comparable_pairs.csv"

# What the rules read: seeds, and models that are made of them alone.
READ = (
    "indicators",
    "methods",
    "measures",
    "series_breaks",
    "published_together",
    "comparability_reasons",
    "crosswalk",
    "frameworks",
    "framework_indicators",
    "indicator_sources",
)
MADE = (
    "int_area_lineage",
    "int_series_breaks",
    "int_comparable_indicators",
    "int_indicator_sources",
)
# What else they read, as it is before anything has landed: of areas only the registry's.
REGISTERED = {
    "int_frameworks": "select * from frameworks",
    "int_areas": (
        "select * replace (cast(valid_from as date) as valid_from, cast(valid_to as date) as"
        " valid_to), 'registry' as source_id from areas"
    ),
    "int_indicators": (
        "select * exclude (status) replace (cast(is_standardised as boolean) as is_standardised,"
        " cast(pooled_years as integer) as pooled_years), status as life_cycle from indicators"
    ),
    "int_framework_indicators": "from framework_indicators",
    "int_crosswalk": "from crosswalk",
    "int_measures": "from measures",
}
Side = Mapping[str, Any]
MakesTable = Callable[[tuple[str, ...], list[tuple[str, ...]]], str]


@contextmanager
def warehouse(**seeds: Sequence[Mapping[str, Any]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that holds what the rules read: `seeds` in place of the project's own."""
    with duckdb.connect(config={"threads": "2"}) as connection:
        for name in (*READ, "areas"):
            if name in seeds:
                models.load(connection, name, seeds[name])
            else:
                models.load_seed(connection, name)
        for name, query in REGISTERED.items():
            connection.execute(f"create table {name} as {query}")
        for name in MADE:
            text = models.model_sql(f"intermediate/{name}.sql")
            connection.execute(f"create table {name} as {text}")
        yield connection


def judged(
    connection: duckdb.DuckDBPyConnection, pairs: Sequence[tuple[Side, Side]]
) -> list[dict[str, Any]]:
    """What the rules say of each pair: verdict, reasons, reason_text."""
    columns = models.given("comparable_columns")
    names = [f"{side}_{name} {columns[name]}" for side in ("left", "right") for name in columns]
    connection.execute(f"create or replace table pairs (place integer, {', '.join(names)})")
    marks = ", ".join("?" for _ in range(1 + len(names)))
    connection.executemany(
        f"insert into pairs values ({marks})",
        [
            [place, *(side.get(name) for side in pair for name in columns)]
            for place, pair in enumerate(pairs)
        ],
    )
    query = models.sql("{{ method_comparability('pairs', ['place']) }}")
    found = connection.execute(f"select * from ({query}) order by place")
    header = [column[0] for column in found.description or ()]
    rows = [dict(zip(header, row, strict=True)) for row in found.fetchall()]
    assert [row["place"] for row in rows] == list(range(len(pairs))), "a pair lost or doubled"
    return rows


def expected() -> list[dict[str, str]]:
    """The table of pairs with the verdict and reason that an analyst expects of each."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sides(connection: duckdb.DuckDBPyConnection, text: str) -> list[dict[str, Any]]:
    """What a cell of the table means: an indicator's id, or a code that leads to one or several.

    After it may stand, parted by `;`, what is said of the series: area, period, sex and so on.
    """
    base, *said = text.split(";")
    words = {"area": "area_code", "published": "published_on"}
    given = {
        words.get(name, name): cell for name, _, cell in (part.partition("=") for part in said)
    }
    found = [base]
    if " / " in base:
        query = "select indicator_id from int_framework_indicators where (framework, edition, code)"
        rows = connection.execute(f"{query} = (?, ?, ?) order by all", base.split(" / ")).fetchall()
        found = [name for (name,) in rows]
    assert found, f"{base} is no code of a framework"
    return [{"indicator_id": name} | _with_dates(connection, name, given) for name in found]


def _with_dates(
    connection: duckdb.DuckDBPyConnection, indicator_id: str, given: Mapping[str, str]
) -> dict[str, Any]:
    said: dict[str, Any] = {name: cell for name, cell in given.items() if name != "period"}
    if "period" not in given:
        return said
    parsed = models.sql("{{ parse_period('label', 'year_type') }}")
    query = (
        f"select p.starts, p.ends from (select {parsed} as p from (select ? as label, year_type"
        " from int_indicators where indicator_id = ?))"
    )
    ((starts, ends),) = connection.execute(query, [given["period"], indicator_id]).fetchall()
    assert starts, f"{given['period']} is no period"
    return said | {"period_start": starts, "period_end": ends}


def all_pairs(
    connection: duckdb.DuckDBPyConnection, row: Mapping[str, str]
) -> list[tuple[Side, Side]]:
    """A row's pair; several where a code leads to several indicators."""
    left, right = (sides(connection, row[side]) for side in ("left", "right"))
    return list(itertools.product(left, right))

"""Pairs of series put to the rules of comparability, with the project's own seeds or with others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from tests import models

# What the rules read: seeds, and models that are made of them alone.
READ = (
    "indicators methods measures series_breaks combined_areas comparability_reasons crosswalk"
    " frameworks framework_indicators indicator_sources"
).split()
MADE = (
    "int_indicators",
    "int_framework_indicators",
    "int_area_lineage",
    "int_series_breaks",
    "int_comparable_indicators",
    "int_indicator_sources",
)
DATES = ("period_start", "period_end", "published_on")
Side = Mapping[str, Any]


@contextmanager
def warehouse(**seeds: Sequence[Mapping[str, Any]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that holds what the rules read: `seeds` in place of the project's own."""
    with duckdb.connect(config={"threads": "2"}) as connection:
        for name in (*READ, "areas"):
            if name in seeds:
                models.load(connection, name, seeds[name])
            else:
                models.load_seed(connection, name)
        # Of areas only the registry's: practices and the like are known from landed files.
        connection.execute(
            "create table int_areas as select * replace ("
            "cast(valid_from as date) as valid_from, cast(valid_to as date) as valid_to),"
            " 'registry' as source_id from areas"
        )
        for name in MADE:
            text = models.model_sql(f"intermediate/{name}.sql")
            connection.execute(f"create table {name} as {text}")
        yield connection


def judged(
    connection: duckdb.DuckDBPyConnection, pairs: Sequence[tuple[Side, Side]]
) -> list[dict[str, Any]]:
    """What the rules say of each pair: verdict, reasons, reason_text."""
    columns = models.given("comparable_columns")
    kinds = {name: "date" if name in DATES else "varchar" for name in columns}
    names = [f"{side}_{name} {kinds[name]}" for side in ("left", "right") for name in columns]
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

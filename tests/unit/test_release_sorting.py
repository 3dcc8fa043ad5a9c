"""Rows sorted by few numbers stand as their key says, and come out as they went in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from release_support import columns

from dagster_project.release.sorting import sorted_rows
from dagster_project.release.tables import PublishedTable

WORDS = ["", "b", "b c", "it's", "ä"]
# So many that three of them and two dates need more than one number.
MANY = [f"word {number:05}" for number in range(20_000)]
KEY = ("many", "first", "last", "again", "unsorted", "free", "more", "nth")
DATATYPES = {
    "many": "string",
    "first": "date",
    "last": "date",
    "again": "string",
    "unsorted": "string",
    "free": "string",
    "more": "string",
    "nth": "integer",
    "flags": "list",
    "reason": "string",
}


def listed(words: list[str]) -> str:
    return "enum(" + ", ".join("'" + word.replace("'", "''") + "'" for word in words) + ")"


TYPES = {
    "many": listed(MANY),
    "first": "date",
    "last": "date",
    "again": listed(MANY),
    "unsorted": listed(WORDS[::-1]),
    "free": "varchar",
    "more": listed(WORDS),
    "nth": "integer",
    "flags": listed(["stale;made up", "", "made up"]),
    "reason": listed(WORDS[::-1]),
}

days = st.sampled_from([date(1, 1, 1), date(1999, 12, 31), date(2024, 4, 1), date(9999, 12, 31)])
few = st.sampled_from(WORDS)
some = st.sampled_from([MANY[0], MANY[9_999], MANY[10_000], MANY[-1]])
flags = st.sampled_from(["", "made up", "stale;made up", None])
row = st.tuples(some, days, days, some, few, few, few, st.integers(-3, 3), flags, few | st.none())


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        kinds = ", ".join(f"{name} {kind}" for name, kind in TYPES.items())
        connection.execute(f"create table told ({kinds})")
        yield connection


def sorted_by_ours(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    table = PublishedTable("told", "from told", KEY, columns(DATATYPES), "Told.")
    types = {name: str(kind) for name, kind, *_ in con.execute("describe told").fetchall()}
    return con.execute(sorted_rows(table, types)).fetchall()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(row, min_size=1, max_size=30, unique_by=lambda cells: cells[:8]))
def test_rows_stand_in_the_order_of_their_key(
    con: duckdb.DuckDBPyConnection, rows: list[tuple[object, ...]]
) -> None:
    con.execute("truncate told")
    con.executemany(f"insert into told values ({', '.join('?' * len(TYPES))})", rows)
    # Python sorts text by its letters' numbers, as DuckDB does by their bytes in UTF-8.
    expected = [
        (
            *cells[:8],
            None if cells[8] is None else str(cells[8]).split(";") if cells[8] else [],
            cells[9],
        )
        for cells in sorted(rows, key=lambda cells: cells[:8])
    ]
    assert sorted_by_ours(con) == expected

"""Rows sorted by few numbers stand as their key says, and come out as they went in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from release_support import columns

from dagster_project.release.sorting import _few_numbers, sorted_rows
from dagster_project.release.tables import PublishedTable

WORDS = ["", "b", "b c", "it's", "ä"]
TWO = ["a", "b"]
MANY = [f"word {number:05}" for number in range(20_000)]
# So many that they fill the number of two dates and the shorter lists to its last bit.
FILLING = MANY[:2047]
KEY = ("first", "more", "last", "two", "filling", "again", "many", "unsorted", "free", "nth")
DATATYPES = {
    "many": "string",
    "first": "date",
    "last": "date",
    "again": "string",
    "unsorted": "string",
    "free": "string",
    "more": "string",
    "two": "string",
    "filling": "string",
    "nth": "integer",
    "flags": "list",
    "reason": "string",
}
NAMES = tuple(DATATYPES)


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
    "two": listed(TWO),
    "filling": listed(FILLING),
    "nth": "integer",
    "flags": listed(["stale;made up", "", "made up"]),
    "reason": listed(WORDS[::-1]),
}

days = st.sampled_from([date(1, 1, 1), date(1999, 12, 31), date(2024, 4, 1), date(9999, 12, 31)])
few = st.sampled_from(WORDS)
some = st.sampled_from([MANY[0], MANY[9_999], MANY[10_000], MANY[-1]])
CELLS = {
    "many": some,
    "first": days,
    "last": days,
    "again": some,
    "unsorted": few,
    "free": few,
    "more": few,
    "two": st.sampled_from(TWO),
    "filling": st.sampled_from([FILLING[0], FILLING[1023], FILLING[1024], FILLING[-1]]),
    "nth": st.integers(-3, 3),
    "flags": st.sampled_from(["", "made up", "stale;made up", None]),
    "reason": few | st.none(),
}
row = st.tuples(*(CELLS[name] for name in NAMES))


def key_of(cells: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(cells[NAMES.index(name)] for name in KEY)


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
@given(rows=st.lists(row, max_size=30, unique_by=key_of))
def test_rows_stand_in_the_order_of_their_key(
    con: duckdb.DuckDBPyConnection, rows: list[tuple[object, ...]]
) -> None:
    con.execute("truncate told")
    if rows:
        con.executemany(f"insert into told values ({', '.join('?' * len(TYPES))})", rows)
    at = NAMES.index("flags")
    # Python sorts text by its letters' numbers, as DuckDB does by their bytes in UTF-8.
    expected = [
        (
            *cells[:at],
            None if cells[at] is None else str(cells[at]).split(";") if cells[at] else [],
            *cells[at + 1 :],
        )
        for cells in sorted(rows, key=key_of)
    ]
    assert sorted_by_ours(con) == expected


def test_the_numbers_are_filled_to_the_last_bit_and_no_further(
    con: duckdb.DuckDBPyConnection,
) -> None:
    types = {name: str(kind) for name, kind, *_ in con.execute("describe told").fetchall()}
    numbers = _few_numbers(KEY, types)
    # Two dates of 24 bits, 3, 2 and 11 are 64.
    assert [sum(f'"{name}"' in number for name in KEY) for number in numbers] == [5, 2, 1, 1, 1]


@pytest.mark.parametrize("key", [("nobody", "nth"), ("free", "nobody")])
def test_a_list_without_words_is_sorted_as_text(key: tuple[str, ...]) -> None:
    with duckdb.connect() as connection:
        connection.execute("create type nothing as enum (select 'a word' where false)")
        connection.execute("create table told (nobody nothing, free varchar, nth integer)")
        connection.execute("insert into told values (null, 'b', 2), (null, 'a', 1)")
        kinds = {"nobody": "string", "free": "string", "nth": "integer"}
        table = PublishedTable("told", "from told", key, columns(kinds), "Told.")
        found = connection.execute("describe told").fetchall()
        types = {name: str(kind) for name, kind, *_ in found}
        rows = connection.execute(sorted_rows(table, types)).fetchall()
    assert rows == [(None, "a", 1), (None, "b", 2)]

"""Files written side by side: each by one thread, and none left running."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

from dagster_project.release.side_by_side import side_by_side

THREADS = "select current_setting('threads')"
Job = Callable[[duckdb.DuckDBPyConnection], Any]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("create table told as select 7 as n")
        yield connection


def asks(query: str) -> Job:
    return lambda con: con.execute(query).fetchall()[0][0]


def without_end(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("select count(*) from range(10_000_000_000_000)")


def test_what_the_jobs_give_stands_in_their_order(con: duckdb.DuckDBPyConnection) -> None:
    told: list[int] = []
    jobs = [asks(f"select count(*) + {n} from range({n} * 1_000_000)") for n in (4, 1, 0)]
    assert side_by_side(con, jobs, told.append) == [4_000_004, 1_000_001, 0]
    assert sorted(told) == [0, 1_000_001, 4_000_004]


def test_each_is_done_by_one_thread_and_sees_the_tables(con: duckdb.DuckDBPyConnection) -> None:
    assert side_by_side(con, [asks(THREADS), asks("select n from told")]) == [1, 7]
    assert con.execute(THREADS).fetchall() == [(2,)]


@pytest.mark.parametrize("jobs", [("broken", "endless"), ("endless", "broken", "endless")])
def test_where_one_fails_the_others_are_stopped(
    con: duckdb.DuckDBPyConnection, jobs: tuple[str, ...]
) -> None:
    known: dict[str, Job] = {"broken": asks("select error('as asked')"), "endless": without_end}
    with pytest.raises(duckdb.Error, match="as asked"):
        side_by_side(con, [known[name] for name in jobs])
    assert con.execute(THREADS).fetchall() == [(2,)]


def test_who_is_told_to_stop_stops_the_rest(con: duckdb.DuckDBPyConnection) -> None:
    def stop(_: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side_by_side(con, [asks("select 1"), without_end], stop)
    assert con.execute(THREADS).fetchall() == [(2,)]

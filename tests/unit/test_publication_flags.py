"""Flags are joined to one text while rows are sorted: what wouldn't come apart again is refused."""

from __future__ import annotations

import duckdb
import pytest

from dagster_project.errors import PublicationRefused
from dagster_project.pipeline.publication import _joined_lists

JOINED = "array_to_string(flags, ';')"


def lists(*flags: list[str]) -> set[str]:
    with duckdb.connect() as con:
        con.execute("create schema marts")
        con.execute("create table marts.indicator_values (flags varchar[])")
        con.executemany("insert into marts.indicator_values values (?)", [[each] for each in flags])
        return _joined_lists(con, JOINED)


def test_the_lists_that_occur_are_told_once_each() -> None:
    assert lists([], ["stale"], ["stale", "synthetic"], ["stale"]) == {
        "",
        "stale",
        "stale;synthetic",
    }


@pytest.mark.parametrize("flags", [["stale;synthetic"], ["stale", "a;b"], [""]])
def test_what_would_come_out_otherwise_is_refused(flags: list[str]) -> None:
    with pytest.raises(PublicationRefused, match="can't be told apart") as refused:
        lists(["stale"], flags)
    assert refused.value.got == repr(";".join(flags))

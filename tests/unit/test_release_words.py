"""Columns kept as numbers beside a list of words: as files have them, no word is lost."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from release_support import columns

from dagster_project.release.sql import parquet
from dagster_project.release.tables import PublishedTable
from dagster_project.release.writing import PARQUET_OPTIONS, ROW_GROUP_SIZE, write_tables

ROWS = 300_000
GROUP = 10_240
WORDS = ("one", "two", "three", "four")
TABLE = PublishedTable(
    "many",
    "from many",
    ("one", "n"),
    columns({**dict.fromkeys(WORDS, "string"), "n": "integer"}),
    "Many words.",
)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a table of so many words, in small groups of rows, as four threads leave it."""
    small_groups = PARQUET_OPTIONS.replace(str(ROW_GROUP_SIZE), str(GROUP))
    monkeypatch.setattr("dagster_project.release.writing.PARQUET_OPTIONS", small_groups)
    words = ", ".join(
        f"cast('word ' || hash(range, {number}) % 50_000 as words) as {name}"
        for number, name in enumerate(WORDS)
    )
    with duckdb.connect(str(tmp_path / "words.duckdb"), config={"threads": 4}) as con:
        every = "select 'word ' || range from range(50_000) order by all"
        con.execute(f"create type words as enum ({every})")
        con.execute(f"create table many as from range({ROWS}) select {words}, range as n")
        write_tables(con, [TABLE], tmp_path, csv=False)
    return tmp_path / "data/many.parquet"


def test_no_word_is_lost(written: Path) -> None:
    """DuckDB loses some where two threads write one file: of so many words, nearly each time."""
    with duckdb.connect(str(written.parents[1] / "words.duckdb")) as con:
        spelled = ", ".join(f"cast({name} as varchar)" for name in WORDS)
        astray = f"select {spelled}, n from many except all from {parquet(written)}"
        assert con.execute(f"select count(*) from ({astray})").fetchall() == [(0,)]


def test_by_the_first_of_the_key_rows_are_found_without_reading_all(written: Path) -> None:
    """Each group of rows says where it begins and ends, not where the file begins."""
    with duckdb.connect() as con:
        groups = con.execute(
            "select stats_min_value, stats_max_value from parquet_metadata(?)"
            " where path_in_schema = 'one' order by row_group_id",
            [str(written)],
        ).fetchall()
    assert len(groups) == -(-ROWS // GROUP)
    for (_, most), (least, _) in pairwise(groups):
        assert least >= most

"""Tables as files: the same bytes each time, a key that holds, cells that nothing runs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from release_support import columns, table

from dagster_project.errors import OutcomesError, PublicationRefused
from dagster_project.release.files import sha256_of
from dagster_project.release.sql import parquet
from dagster_project.release.tables import PublishedTable, Redaction
from dagster_project.release.writing import check_rows, write_tables

ROWS = 300_000  # three row groups, so that threads have something to disagree about


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def small(query: str, **datatypes: str) -> PublishedTable:
    """A table whose key is its first column."""
    first = next(iter(datatypes))
    return PublishedTable("small", query, (first,), columns(datatypes), "Small.")


def cells(directory: Path) -> list[list[str]]:
    with (directory / "csv/small.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def build_large(directory: Path, threads: int, order: str) -> list[str]:
    """The fingerprints of a table's files, written by a new database from rows in another order."""
    datatypes = {"one": "string", "two": "integer", "value": "number", "note": "string"}
    query = f"""
        from range({ROWS}) select 'area ' || (range % 400) as one, range as two,
            sqrt(range) as value, if(range % 7 = 0, '=risk', 'note') as note
        order by {order}
    """
    with duckdb.connect(config={"threads": threads}) as con:
        con.execute(f"create table large as {query}")
        files = write_tables(con, [table("large", datatypes, ("one", "two"))], directory)
    return [file.sha256 for file in files]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    builds = [
        build_large(tmp_path / f"{threads}-{number}", threads, order)
        for number, (threads, order) in enumerate(
            [(1, "range"), (2, "range desc"), (2, "hash(range)"), (4, "hash(range, 1)")]
        )
    ]
    assert builds[0] == builds[1] == builds[2] == builds[3]


def test_both_files_are_in_the_order_of_the_key(tmp_path: Path) -> None:
    build_large(tmp_path, 2, "hash(range)")
    with duckdb.connect(config={"threads": 1}) as con:
        rows = con.execute(f"from {parquet(tmp_path / 'data/large.parquet')} select one, two")
        stored = rows.fetchall()
    assert stored == sorted(stored)
    with (tmp_path / "csv/large.csv").open(encoding="utf-8", newline="") as file:
        shown = [(row["one"], int(row["two"])) for row in csv.DictReader(file)]
    assert shown == stored


def test_entries_say_what_the_files_are(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    said: list[tuple[str, int]] = []
    one = small("select range as a from range(3)", a="integer")
    files = write_tables(con, [one], tmp_path, on_progress=lambda *done: said.append(done))
    assert [(file.path, file.rows) for file in files] == [
        ("csv/small.csv", 3),
        ("csv/small.csv-metadata.json", None),
        ("data/small.parquet", 3),
    ]
    for file in files:
        path = tmp_path / file.path
        assert (file.sha256, file.bytes) == (sha256_of(path), path.stat().st_size)
    assert said == [("small", 3)]


def test_without_csv_only_parquet_is_written(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    files = write_tables(con, [small("select 1 as a", a="integer")], tmp_path, csv=False)
    assert [file.path for file in files] == ["data/small.parquet"]
    assert not (tmp_path / "csv").exists()


def test_rows_that_do_not_stand_in_the_order_of_the_key_are_refused(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "small.parquet"
    # More than DuckDB takes at a time, one of them out of its place.
    con.execute(
        f"copy (select if(range = 5000, 4000.5, range) as a from range(9000)) to '{path}'"
        " (format parquet)"
    )
    with pytest.raises(PublicationRefused, match="order of the key") as refused:
        check_rows(con, small("", a="number"), path)
    assert refused.value.got == "4000.5"


@pytest.mark.parametrize(
    ("query", "problem", "offender"),
    [
        ("from (values ('E2', 1.0), ('E1', 1.0), ('E2', 2.0)) t(a, v)", "repeated", "E2"),
        ("from (values ('E1', 1.0), (null, 1.0)) t(a, v)", "null", "null"),
        ("from (values ('E1', 1.0), ('E3', 'nan'::double)) t(a, v)", "NaN", "E3"),
        ("from (values ('E1', 1.0), ('E4', '-inf'::double)) t(a, v)", "infinite", "E4"),
    ],
)
def test_rows_that_cannot_be_published_are_refused_by_key(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, query: str, problem: str, offender: str
) -> None:
    with pytest.raises(PublicationRefused, match=problem) as refused:
        write_tables(con, [small(query, a="string", v="number")], tmp_path)
    assert refused.value.got == offender
    assert "table small" in str(refused.value)


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("select 1 as a, 2 as b", "declared columns"),
        ("select 2 as v, 'x' as a", "declared columns"),
        ("select 'x' as a, 'y' as v", "declared datatype"),
        ("select date '2024-01-01' as a, 1 as v", "declared datatype"),
    ],
)
def test_a_query_that_gives_something_else_is_refused(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, query: str, problem: str
) -> None:
    with pytest.raises(PublicationRefused, match=problem):
        write_tables(con, [small(query, a="string", v="number")], tmp_path)


def test_every_datatype_reads_back(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    query = """
        with parts as (select 12::bigint as n)
        select 'x' as a, sum(n) as i, 0.1::double as d, true as b, date '2024-02-29' as on_date,
            timestamp '2024-02-29 12:30:00' as at_time, ['x', 'y'] as l, null as nothing
        from parts
    """
    datatypes = {
        "a": "string",
        "i": "integer",
        "d": "number",
        "b": "boolean",
        "on_date": "date",
        "at_time": "dateTime",
        "l": "list",
        "nothing": "string",
    }
    write_tables(con, [small(query, **datatypes)], tmp_path)
    shown = ["x", "12", "0.1", "true", "2024-02-29", "2024-02-29T12:30:00Z", "x;y", ""]
    assert cells(tmp_path)[1] == shown
    kinds = con.execute(f"describe from {parquet(tmp_path / 'data/small.parquet')}").fetchall()
    assert [row[1] for row in kinds][:4] == ["VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN"]


@pytest.mark.parametrize(
    "words",
    ["persons, male, female", "female, male, persons", "female, male, nobody's, persons"],
)
def test_rows_are_sorted_by_what_is_stored(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, words: str
) -> None:
    kind = ", ".join("'" + word.replace("'", "''") + "'" for word in words.split(", "))
    con.execute(f"create type sexes as enum ({kind})")
    con.execute("create table told (a sexes); insert into told values ('male'), ('persons')")
    con.execute("insert into told values ('female')")
    write_tables(con, [small("select a from told", a="string")], tmp_path)
    assert cells(tmp_path)[1:] == [["female"], ["male"], ["persons"]]
    file = parquet(tmp_path / "data/small.parquet")
    assert con.execute(f"describe from {file}").fetchall()[0][1] == "VARCHAR"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_is_guarded(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, start: str
) -> None:
    con.execute("create table t as select ? as a, -1.5::double as n, [?] as l", [start + "x"] * 2)
    write_tables(con, [small("from t", a="string", n="number", l="list")], tmp_path)
    assert cells(tmp_path)[1] == [f"'{start}x", "-1.5", f"'{start}x"]
    kept = con.execute(f"from {parquet(tmp_path / 'data/small.parquet')} select a").fetchall()
    assert kept == [(start + "x",)]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"))))
def test_any_text_survives_as_csv(tmp_path: Path, texts: list[str]) -> None:
    with duckdb.connect() as con:
        con.execute("create table t (a bigint, t varchar)")
        con.executemany("insert into t values (?, ?)", [[-1, "first"], *enumerate(texts)])
        write_tables(con, [small("from t", a="integer", t="string")], tmp_path)
    expected = [f"'{value}" if value[:1] in list("=+-@\t\r") else value for value in texts]
    assert [row[1] for row in cells(tmp_path)[2:]] == expected


def test_csv_is_utf8_with_a_header_and_line_feeds(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    query = "from (values (1, 'Ynys Môn'), (2, null), (3, '')) t(a, t)"
    write_tables(con, [small(query, a="integer", t="string")], tmp_path)
    written = (tmp_path / "csv/small.csv").read_bytes()
    assert written == 'a,t\n1,Ynys Môn\n2,\n3,""\n'.encode()


def test_an_empty_table_has_its_columns(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    files = write_tables(con, [small("select 1 as a where false", a="integer")], tmp_path)
    assert [file.rows for file in files] == [0, None, 0]
    assert cells(tmp_path) == [["a"]]


def test_csvw_describes_the_file(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    one = small("select 'x' as a, ['p'] as l", a="string", l="list")
    write_tables(con, [one], tmp_path, synthetic=True, attribution=["Made here"])
    described = json.loads((tmp_path / "csv/small.csv-metadata.json").read_text(encoding="utf-8"))
    assert described["url"] == "small.csv"
    assert described["dc:title"] == "Small"
    assert described["dc:rights"] == ["Made here"]
    assert described["tableSchema"]["primaryKey"] == ["a"]
    assert described["tableSchema"]["columns"][1] == {
        "name": "l",
        "titles": "l",
        "datatype": "string",
        "separator": ";",
        "dc:description": "l",
        "required": False,
    }
    assert described["notes"][0]["body"] == "Made-up sample data"


def test_real_data_has_no_sample_note(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write_tables(con, [small("select 'x' as a", a="string")], tmp_path)
    assert "Made-up" not in (tmp_path / "csv/small.csv-metadata.json").read_text(encoding="utf-8")


def test_a_home_may_have_any_name(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    # `[1]*?` is a pattern to DuckDB, `env=test` a column, and the apostrophe ends a text.
    odd = tmp_path / "Ann's [1]*?" / "env=test"
    write_tables(con, [small("select 'x' as a", a="string")], odd)
    assert cells(odd) == [["a"], ["x"]]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": "Small Table"}, "lower-case"),
        ({"key": ()}, "no key"),
        ({"key": ("b",)}, "no column b"),
        ({"columns": columns({"a": "text"})}, "no datatype text"),
        ({"redactions": (Redaction(("a",)),)}, "can't be emptied"),
        ({"redactions": (Redaction((), via="other"),)}, "go together"),
        ({"redactions": (Redaction((), unmatched=("b",)),)}, "no column b"),
        (
            {"redactions": (Redaction((), match=(("b", "a"),), unmatched=("a",)),)},
            "don't go together",
        ),
    ],
)
def test_a_table_that_contradicts_itself_cannot_be_made(
    change: dict[str, Any], problem: str
) -> None:
    with pytest.raises(OutcomesError, match=problem):
        replace(small("from t", a="string"), **change)

"""What changed between two releases, and what of it may be shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_project.errors import OutcomesError
from dagster_project.release.changes import compute_changes
from dagster_project.release.versioning import ChangeCounts

KEY = ("area", "period")
CARRIED = ("definition_version",)
# area, period, value, status, definition_version
Row = tuple[str, int, float | None, str, int]
COLUMNS = "area varchar, period integer, value double, status varchar, definition_version integer"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def changes(
    con: duckdb.DuckDBPyConnection, directory: Path, before: list[Row], after: list[Row]
) -> tuple[ChangeCounts, list[tuple[Any, ...]]]:
    """The counts and the rows of `release_changes`."""
    path = directory / "before.parquet"
    for name, rows in (("before", before), ("after", after)):
        con.execute(f"create or replace table {name} ({COLUMNS})")
        if rows:
            con.executemany(f"insert into {name} from (values (?, ?, ?, ?, ?))", rows)
    con.execute(f"copy before to '{path}' (format parquet)")
    counts = compute_changes(con, path, "after", KEY, CARRIED)
    return counts, con.execute("from release_changes").fetchall()


def test_each_kind_of_change(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    before: list[Row] = [
        ("a", 1, 10.0, "published", 1),
        ("b", 1, 10.0, "published", 1),
        ("c", 1, -4.0, "published", 1),
        ("d", 1, 10.0, "published", 1),
        ("e", 1, 0.0, "published", 1),
        ("g", 1, 2.0, "held", 1),
    ]
    after: list[Row] = [
        ("a", 1, 10.0, "published", 2),
        ("c", 1, -3.0, "published", 2),
        ("d", 1, 10.0, "held", 1),
        ("e", 1, 5.0, "published", 1),
        ("f", 1, 7.0, "published", 2),
        ("g", 1, None, "held", 1),
    ]
    counts, rows = changes(con, tmp_path, before, after)
    assert counts == ChangeCounts(
        added=1, removed=1, revised=2, status_changed=1, no_longer_shown=1
    )
    assert rows == [
        ("b", 1, "removed", 10.0, None, "published", None, None, 1, None),
        ("c", 1, "revised", -4.0, -3.0, "published", "published", 25.0, 1, 2),
        ("d", 1, "status_changed", 10.0, 10.0, "published", "held", 0.0, 1, 1),
        ("e", 1, "revised", 0.0, 5.0, "published", "published", None, 1, 1),
        ("f", 1, "added", None, 7.0, None, "published", None, None, 2),
        ("g", 1, "no_longer_shown", None, None, "held", "held", None, 1, 1),
    ]


@pytest.mark.parametrize("hidden", ["suppressed", "withdrawn"])
def test_what_is_hidden_on_either_side_is_shown_on_neither(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, hidden: str
) -> None:
    before: list[Row] = [
        ("a", 1, 3.0, "published", 1),
        ("b", 1, 4.0, hidden, 1),
        ("c", 1, 5.0, hidden, 1),
        ("d", 1, 6.0, hidden, 1),
    ]
    after: list[Row] = [
        ("a", 1, 3.5, hidden, 1),
        ("b", 1, 4.5, "published", 1),
        ("c", 1, 5.5, hidden, 1),
        ("e", 1, 7.0, hidden, 1),
    ]
    counts, rows = changes(con, tmp_path, before, after)
    assert counts == ChangeCounts(added=1, removed=1, status_changed=2)
    assert [row[:3] for row in rows] == [
        ("a", 1, "status_changed"),
        ("b", 1, "status_changed"),
        ("d", 1, "removed"),
        ("e", 1, "added"),
    ]
    assert all(figure is None for row in rows for figure in (row[3], row[4], row[7]))


def test_in_a_first_release_all_is_added(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"create table after ({COLUMNS})")
    con.execute("insert into after values ('a', 1, 1.0, 'published', 1)")
    assert compute_changes(con, None, "after", KEY) == ChangeCounts(added=1)
    assert con.execute("from release_changes").fetchall() == []
    described = [row[0] for row in con.execute("describe release_changes").fetchall()]
    assert described[-3:] == ["old_status", "new_status", "change_pct"]


def test_the_table_has_the_same_columns_with_or_without_a_previous_release(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    changes(con, tmp_path, [("a", 1, 1.0, "published", 1)], [("a", 1, 2.0, "published", 1)])
    later = con.execute("describe release_changes").fetchall()
    compute_changes(con, None, "after", KEY, CARRIED)
    assert con.execute("describe release_changes").fetchall() == later


def test_a_relation_without_the_needed_columns_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create table after (area varchar, value double)")
    with pytest.raises(OutcomesError, match="period, status"):
        compute_changes(con, None, "after", KEY)


def test_columns_of_another_type_are_compared_by_what_they_say(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    same: list[Row] = [("a", 1, 1.0, "published", 1)]
    changes(con, tmp_path, same, same)
    con.execute(
        "create type kinds as enum ('published'); create view other as from after "
        "select * replace (status::kinds as status, value::decimal(9, 2) as value, "
        "period::bigint as period)"
    )
    assert compute_changes(con, tmp_path / "before.parquet", "other", KEY) == ChangeCounts()


def test_text_kept_beside_a_list_of_words_is_compared_as_text(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    before: list[Row] = [("a", 1, 1.0, "published", 1), ("gone", 1, 1.0, "published", 1)]
    changes(con, tmp_path, before, [("b", 1, 2.0, "published", 1), ("a", 1, 1.0, "held", 1)])
    con.execute("create type words as enum ('a', 'b'); create type states as enum ('held')")
    con.execute(
        "create view told as from after select * replace (area::words as area,"
        " try_cast(status as states) as status)"
    )
    found = compute_changes(con, tmp_path / "before.parquet", "told", KEY)
    assert found == ChangeCounts(added=1, removed=1, status_changed=1)
    kinds = con.execute("describe release_changes").fetchall()
    assert {row[1] for row in kinds if row[0] in ("area", "old_status")} == {"VARCHAR"}


def expected_change(old: Row | None, new: Row | None) -> str | None:
    """The rule once more, a key at a time."""
    if old is None or new is None:
        return "added" if old is None else "removed"
    hidden = {"suppressed", "withdrawn"} & {old[3], new[3]}
    moved = not hidden and old[2] != new[2]
    if moved and old[3] == new[3] and new[2] is None:
        return "no_longer_shown"
    if moved and (old[3] == new[3] or None not in (old[2], new[2])):
        return "revised"
    return "status_changed" if old[3] != new[3] else None


SIDE = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.integers(1, 3)),
    st.tuples(
        st.sampled_from([None, 0.0, 1.0, 2.5]),
        st.sampled_from(["published", "held", "suppressed", "withdrawn", "not_available"]),
        st.integers(1, 2),
    ),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(SIDE, SIDE)
def test_it_agrees_with_the_rule_applied_key_by_key(
    tmp_path: Path, before: dict[Any, Any], after: dict[Any, Any]
) -> None:
    sides = [{key: (*key, *rest) for key, rest in side.items()} for side in (before, after)]
    with duckdb.connect() as con:
        _, rows = changes(con, tmp_path, *(list(side.values()) for side in sides))
    found = [(row[:2], row[2]) for row in rows]
    kinds = {key: expected_change(*(side.get(key) for side in sides)) for key in before | after}
    assert found == sorted((key, kind) for key, kind in kinds.items() if kind)

"""Why a value changed: what made it then beside what made it now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from dagster_project.release.causes import CARRIED, CAUSES, MADE, Side, tell_causes
from dagster_project.release.sentences import cause_meanings, sentence

KEY = ("indicator_id", "area_code", "period_type", "period_start", "period_end", "origin")
BEFORE, AFTER, OLDER = "1.1.0", "1.2.0", "1.0.0"
A, B = "aaaa", "bbbb"
MADE_THEN = dict(zip(MADE, ("1", "d1", "as_published", None, "c1"), strict=True))


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def made(
    release: str, sha256: str = A, areas: list[str] | None = None, **said: Any
) -> tuple[Any, ...]:
    """A row of `provenance`."""
    group = ("smoking", "utla", "year", "2020-01-01", "2020-12-31", "fingertips", "published")
    return (release, *group, sha256, areas, *(MADE_THEN | said).values())


def write_provenance(con: duckdb.DuckDBPyConnection, name: str, rows: list[tuple[Any, ...]]) -> str:
    columns = ("made_in", "indicator_id", "area_type", "period_type")
    texts = ", ".join(f"{column} text" for column in columns)
    con.execute(
        f"create table {name} ({texts}, period_start date, period_end date, source_id text,"
        f" origin text, extract_sha256 text, areas text[], {', '.join(f'{m} text' for m in MADE)})"
    )
    for row in rows:
        con.execute(f"insert into {name} values ({', '.join('?' for _ in row)})", list(row))
    return name


def causes(
    con: duckdb.DuckDBPyConnection,
    then: list[tuple[Any, ...]] | None,
    now: list[tuple[Any, ...]],
    *,
    change: str = "revised",
    old_status: str | None = "published",
    new_status: str | None = "published",
    values: tuple[float | None, float | None] = (1.0, 2.0),
    inputs: tuple[tuple[str, ...], tuple[str, ...]] = ((A,), (A, B)),
    last_good: str | None = None,
) -> tuple[Any, ...]:
    """The cause of one change, and what else differs."""
    carried = {"area_type": "utla", "source_id": "fingertips", "period_label": "2020"}
    row = {
        **dict(
            zip(
                KEY, ("smoking", "E1", "year", "2020-01-01", "2020-12-31", "published"), strict=True
            )
        ),
        "change": change,
        "old_value": values[0],
        "new_value": values[1],
        "old_status": old_status,
        "new_status": new_status,
        "change_pct": 100.0,
        **{f"old_{name}": None if change == "added" else carried[name] for name in CARRIED},
        **{f"new_{name}": None if change == "removed" else carried[name] for name in CARRIED},
    }
    kinds = {name: "double" if name.endswith(("value", "pct")) else "text" for name in row}
    kinds |= {"period_start": "date", "period_end": "date"}
    con.execute(f"create table release_changes ({', '.join(f'{n} {k}' for n, k in kinds.items())})")
    con.execute(
        f"insert into release_changes values ({', '.join('?' for _ in row)})", list(row.values())
    )
    holds = None
    if last_good is not None:
        con.execute(
            f"create table holds as select {', '.join(KEY)}, '{last_good}' as last_good_release"
            " from release_changes"
        )
        holds = "holds"
    earlier = None if then is None else write_provenance(con, "then_made", then)
    before = Side(BEFORE, inputs[0], earlier, holds)
    after = Side(AFTER, inputs[1], write_provenance(con, "now_made", now), None)
    tell_causes(con, before, after, KEY)
    return con.execute("select cause, also from release_changes").fetchall()[0]


@pytest.mark.parametrize(
    ("now", "cause", "also"),
    [
        ({"sha256": B}, "data", None),
        ({"sha256": B, "code": "c2"}, "data", ["code"]),
        ({"definition_version": "2", "definition": "d2", "sha256": B}, "definition", ["data"]),
        ({"definition": "d2"}, "definition", None),
        ({"definition": "d2", "sha256": B}, "data", ["definition"]),
        ({"method": "proportion", "definition": "d2"}, "method", ["definition"]),
        ({"lookups": "l2"}, "lookup", None),
        ({"code": "c2"}, "code", None),
        ({}, "not_known", None),
    ],
)
def test_what_differs_is_the_cause(
    con: duckdb.DuckDBPyConnection, now: dict[str, Any], cause: str, also: list[str] | None
) -> None:
    assert causes(con, [made(BEFORE)], [made(AFTER, **now)]) == (cause, also)


def test_of_files_that_share_a_group_the_areas_own_counts(con: duckdb.DuckDBPyConnection) -> None:
    # E1 was and is given by A; its neighbour's file is another now.
    then = [made(BEFORE, A, ["E1"]), made(BEFORE, B, ["E2"])]
    now = [made(AFTER, A, ["E1"], code="c2"), made(AFTER, "cccc", ["E2"], code="c2")]
    assert causes(con, then, now) == ("code", None)


def test_a_held_value_was_made_where_it_was_last_good(con: duckdb.DuckDBPyConnection) -> None:
    then = [made(BEFORE, B), made(OLDER, A)]
    found = causes(con, then, [made(AFTER, B)], old_status="held", last_good=OLDER)
    assert found == ("data", None)


def test_a_release_that_does_not_say_what_made_it_leaves_it_open(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert causes(con, None, [made(AFTER, B)]) == ("not_known", None)


@pytest.mark.parametrize(
    ("old", "new", "values", "cause"),
    [
        ("published", "withdrawn", (1.0, None), "withdrawal"),
        ("withdrawn", "published", (None, 1.0), "return"),
        ("suppressed", "published", (None, 1.0), "return"),
        ("published", "suppressed", (None, None), "suppression"),
        ("published", "held", (1.0, 1.0), "hold"),
        ("held", "published", (1.0, 1.0), "hold_ended"),
        ("held", "published", (1.0, 2.0), "data"),
        ("not_available", "published", (None, 2.0), "data"),
    ],
)
def test_a_change_of_status_says_itself_why(
    con: duckdb.DuckDBPyConnection,
    old: str,
    new: str,
    values: tuple[float | None, float | None],
    cause: str,
) -> None:
    found = causes(
        con,
        [made(BEFORE)],
        [made(AFTER, B)],
        change="status_changed",
        old_status=old,
        new_status=new,
        values=values,
    )
    assert found[0] == cause


@pytest.mark.parametrize(
    ("then", "now", "inputs", "cause"),
    [
        ([], made(AFTER, B), ((A,), (A, B)), "data"),
        # The file was there: only now does the registry know what it says.
        ([], made(AFTER, A), ((A,), (A,)), "definition"),
        ([made(BEFORE, A)], made(AFTER, A, definition="d2"), ((A,), (A,)), "definition"),
        ([made(BEFORE, A)], made(AFTER, A, code="c2"), ((A,), (A,)), "code"),
        ([made(BEFORE, A)], made(AFTER, A, lookups="l2"), ((A,), (A,)), "lookup"),
    ],
)
def test_what_came_needed_something_new(
    con: duckdb.DuckDBPyConnection, then: Any, now: Any, inputs: Any, cause: str
) -> None:
    found = causes(
        con, then, [now], change="added", old_status=None, values=(None, 1.0), inputs=inputs
    )
    assert found == (cause, None)


@pytest.mark.parametrize(
    ("now", "inputs", "cause"),
    [
        ([], ((A,), (B,)), "withdrawal"),
        ([], ((A,), (A, B)), "definition"),
        ([made(AFTER, A)], ((A,), (A, B)), "data"),
        ([made(AFTER, A)], ((A,), (A,)), "code"),
    ],
)
def test_what_went_lost_something(
    con: duckdb.DuckDBPyConnection, now: Any, inputs: Any, cause: str
) -> None:
    found = causes(
        con,
        [made(BEFORE, A)],
        now,
        change="removed",
        new_status=None,
        values=(1.0, None),
        inputs=inputs,
    )
    assert found == (cause, None)


def test_each_cause_has_its_words() -> None:
    assert set(cause_meanings()) == set(CAUSES)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            {"change": "revised", "old_value": 12.31, "new_value": 13.1, "change_pct": 6.4},
            "Leeds, 2020/21, Male: 12.3 became 13.1 (+6.4%). Other data. Reason given: New.",
        ),
        # Rounded as the indicator is they would look alike.
        (
            {"change": "revised", "old_value": 12.31, "new_value": 12.32, "change_pct": 0.08},
            "Smoking, Leeds, 2020/21, Male: 12.31 became 12.32 (+0.1%)",
        ),
        # What is hidden says no figure, in no form.
        ({"change": "revised"}, "Smoking, Leeds, 2020/21, Male: another value than before."),
        (
            {"change": "no_longer_shown", "old_status": "held", "new_status": "held"},
            "no figure is shown any more; it is held still.",
        ),
        ({"change": "added", "new_value": 3.0, "new_status": "published"}, "3.0 is new."),
        ({"change": "added", "new_status": "not_available"}, "Male: new, and not available."),
        ({"change": "removed", "old_value": 3.0, "old_status": "published"}, "3.0 is gone."),
        (
            {"change": "status_changed", "old_status": "published", "new_status": "held"},
            "was published and is held.",
        ),
    ],
)
def test_a_change_in_words(con: duckdb.DuckDBPyConnection, said: dict[str, Any], told: str) -> None:
    row = {
        **dict.fromkeys(("old_value", "new_value", "change_pct", "old_status", "new_status")),
        "indicator_id": "s",
        "area_code": "E1",
        "period_label": "2020/21",
        "cause": "data",
        "period_start": "2020-04-01",
        "period_end": "2021-03-31",
        "sex": "Male",
        "age": "All ages",
        "segment": "all",
        "breakdown": "all",
        **said,
    }
    figures = ("old_value", "new_value", "change_pct")
    columns = ", ".join(f"{n} {'double' if n in figures else 'text'}" for n in row)
    con.execute(f"create table changes ({columns})")
    con.execute(f"insert into changes values ({', '.join('?' for _ in row)})", list(row.values()))
    con.execute("create table i as select 'Smoking' as title, cast(1 as bigint) as decimals")
    con.execute("create table a as select 'Leeds' as area_name")
    ((found,),) = con.execute(
        f"select {sentence('changes', 'i', 'a', chr(39) + 'New.' + chr(39))} from changes, i, a"
    ).fetchall()
    meaning = cause_meanings()["data"]
    assert told.replace("Other data", meaning) in found

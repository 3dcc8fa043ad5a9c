"""Pairs of series that a careful analyst would judge, put to the rules of comparability.

`comparable_pairs.csv` was written before the rules: a verdict, and the main reason for it. Where an
expectation turned out wrong, `revised_because` says why; nothing is edited in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from tests.support import comparable

EXPECTED = comparable.expected()
FEWEST = 40


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with comparable.warehouse() as opened:
        yield opened


@pytest.fixture(scope="module")
def found(connection) -> list[list[dict[str, Any]]]:
    """What the rules say of each row's pairs: asked once, since a question costs what many do."""
    return _judged(connection, turned=False)


def _judged(connection, turned: bool) -> list[list[dict[str, Any]]]:
    pairs = [comparable.all_pairs(connection, row) for row in EXPECTED]
    flat = [(pair[1], pair[0]) if turned else pair for row in pairs for pair in row]
    answers = iter(comparable.judged(connection, flat))
    return [[_without_place(next(answers)) for _ in row] for row in pairs]


def _without_place(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in ("verdict", "reasons", "reason_text")}


@pytest.mark.parametrize(
    "number", range(len(EXPECTED)), ids=[f"{row['left']} / {row['right']}" for row in EXPECTED]
)
def test_the_rules_say_what_an_analyst_expects(found, number):
    row = EXPECTED[number]
    assert found[number]
    for answer in found[number]:
        assert answer["verdict"] == row["verdict"], answer["reasons"]
        if row["reason"]:
            assert row["reason"] in answer["reasons"]
        else:
            assert answer["reasons"] == []


def test_who_stands_on_the_left_decides_nothing(connection, found):
    assert _judged(connection, turned=True) == found


def test_nothing_differs_from_itself(connection):
    same = [
        (side, side)
        for row in EXPECTED
        for name in ("left", "right")
        for side in comparable.sides(connection, row[name])
    ]
    drafts = connection.execute(
        "select indicator_id from int_indicators where life_cycle = 'draft'"
    ).fetchall()
    unpublished = {name for (name,) in drafts}
    for (side, _), found in zip(same, comparable.judged(connection, same), strict=True):
        is_draft = side["indicator_id"] in unpublished
        assert found["reasons"] == (["never_published"] if is_draft else []), side


def test_there_are_enough_pairs_of_every_verdict():
    assert len(EXPECTED) >= FEWEST
    pairs = Counter((row["left"], row["right"]) for row in EXPECTED)
    assert max(pairs.values()) == 1
    assert {row["verdict"] for row in EXPECTED} == {"comparable", "caution", "not_comparable"}
    assert all(row["why"] and row["seen_at"] for row in EXPECTED)
    for row in EXPECTED:
        assert bool(row["reason"]) == (row["verdict"] != "comparable"), row

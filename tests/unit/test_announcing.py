"""What a release says of itself, and that it doesn't go out without saying it."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from dagster_project.errors import PublicationRefused
from dagster_project.pipeline.announcing import (
    NONE_PLANNED,
    next_dates,
    next_release,
    note,
    refuse_unannounced,
)
from dagster_project.release.sentences import cause_meanings


def said(changes: list[tuple[str, str]], held: list[tuple[int, str]], previous: str | None) -> str:
    with duckdb.connect() as con:
        con.execute("create schema marts; create schema intermediate")
        con.execute(
            "create table marts.indicator_values as from (values ('a', 'published'),"
            " ('b', 'published'), ('b', 'held')) as t(indicator_id, status)"
        )
        con.execute("create table release_changes (change text, cause text)")
        con.execute("create table intermediate.int_held_rows (row_id integer, check_id text)")
        for row in changes:
            con.execute("insert into release_changes values (?, ?)", list(row))
        for held_row in held:
            con.execute("insert into intermediate.int_held_rows values (?, ?)", list(held_row))
        return " ".join(note(con, previous))


def test_a_first_release_says_what_it_holds() -> None:
    told = said([], [], None)
    assert told == "2 values of 2 indicators are published. It is the first release of this home."


def test_changes_are_told_by_cause_and_holds_by_what_they_wait_for() -> None:
    told = said([("revised", "data")] * 3, [(1, "C55"), (1, "C43"), (2, "C43")], "1.0.0-a")
    assert "3 values have another value: another file of the publisher" in told
    assert told.endswith("2 values are held; 1 value waits for a reason to move.")
    assert "No value differs from 1.0.0-a." in said([], [], "1.0.0-a")


def test_every_cause_can_be_told() -> None:
    for cause in cause_meanings():
        assert (
            said([("status_changed", cause)], [], "1.0.0-a").count("1 value has another status")
            == 1
        )


def test_the_next_date_is_the_first_that_a_source_plans() -> None:
    dates = next_dates(["qof", "areas_boundaries", "qof"], date(2026, 11, 26))
    assert dates["areas_boundaries"] == NONE_PLANNED
    assert date.fromisoformat(dates["qof"]) > date(2026, 11, 26)
    assert next_release(dates) == dates["qof"]
    assert next_release({"areas_boundaries": NONE_PLANNED}) == NONE_PLANNED


@pytest.mark.parametrize(
    ("told", "day", "lacking"),
    [
        ((), "2027-01-01", "no a note"),
        ((" ",), "2027-01-01", "no a note"),
        (("Published.",), "", "no a next date"),
        (("Published.",), "soon", "no a next date"),
    ],
)
def test_a_release_that_says_nothing_is_refused(
    told: tuple[str, ...], day: str, lacking: str
) -> None:
    with pytest.raises(PublicationRefused, match=lacking):
        refuse_unannounced(told, day)


@pytest.mark.parametrize("day", ["2027-01-01", NONE_PLANNED])
def test_a_release_that_says_both_is_not(day: str) -> None:
    refuse_unannounced(("Published.",), day)

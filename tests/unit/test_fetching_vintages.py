"""A vintage is the day on which the bytes were first given; the older take no newer one's place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dagster_project import state
from dagster_project.fetching import ledger
from tests.support.fetching_place import FILE, Desk
from tests.support.http_publisher import (
    Publisher,
    known_by,
    whole,
)

NEWER = FILE.replace(b"1.0", b"2.0")


class Killed(BaseException):
    """What no code of ours catches, as it would not catch a kill."""


def killed_after(step: Callable[..., Any] | None) -> Callable[..., Any]:
    """A step that is the last thing the run does; None for a run that doesn't get to it."""

    def last(*arguments: Any, **named: Any) -> None:
        if step is not None:
            step(*arguments, **named)
        raise Killed

    return last


def days(desk: Desk, monkeypatch: pytest.MonkeyPatch, *moments: str) -> None:
    """Asking once on each of these days."""
    for moment in moments:
        monkeypatch.setattr(state, "now", lambda moment=moment: f"{moment}T09:45:00Z")
        desk.ask("qof")


def test_the_vintage_is_the_day_on_which_the_bytes_were_first_given(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.gives("/a.csv", whole(FILE), whole(FILE), whole(NEWER))
    days(desk, monkeypatch, "2026-11-02", "2026-11-03")
    assert desk.vintage() == "vintage: 2026-11-02\n"
    days(desk, monkeypatch, "2026-11-04")
    assert desk.vintage() == "vintage: 2026-11-04\n"


def test_the_same_bytes_at_two_addresses_of_a_source_have_one_vintage(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.gives("/a.csv", whole(FILE))
    days(desk, monkeypatch, "2026-11-02")
    desk.address("b.csv")
    publisher.gives("/b.csv", whole(FILE))
    days(desk, monkeypatch, "2026-11-09")
    assert desk.vintage("b.csv") == "vintage: 2026-11-02\n"


def test_an_older_file_after_a_newer_one_is_refused_and_the_newer_stands(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.gives("/a.csv", whole(FILE), whole(NEWER), whole(FILE))
    days(desk, monkeypatch, "2026-11-02", "2026-11-03", "2026-11-04")
    assert desk.told["qof"].outcome == "refused"
    assert desk.problem().problem == "an older file than it gave before"
    assert "2026-11-02" in str(desk.problem().got)
    assert desk.content() == NEWER
    assert desk.vintage() == "vintage: 2026-11-03\n"
    assert desk.half_downloads() == []


@pytest.mark.parametrize(
    "at", ["enter_answer", "note_good"], ids=["before it stands", "before it is noted"]
)
def test_a_run_killed_as_a_file_is_put_takes_it_the_next_time(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """What was on record before the kill isn't an older file than the one it follows."""
    publisher.gives("/a.csv", known_by(FILE, '"1"'))
    days(desk, monkeypatch, "2026-11-02")
    publisher.gives("/a.csv", known_by(NEWER, '"2"'))
    with monkeypatch.context() as patch:
        patch.setattr(ledger, at, killed_after(getattr(ledger, at) if at != "note_good" else None))
        with pytest.raises(Killed):
            days(desk, monkeypatch, "2026-11-03")
    days(desk, monkeypatch, "2026-11-04")
    assert desk.told["qof"].outcome == "fetched"
    assert desk.content() == NEWER
    assert desk.vintage() == "vintage: 2026-11-03\n"
    assert desk.row()["etag"] == '"2"'
    days(desk, monkeypatch, "2026-11-05")
    assert desk.told["qof"].outcome == "unchanged"


def test_two_files_of_one_second_are_not_older_than_each_other(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.gives("/a.csv", whole(FILE), whole(NEWER), whole(FILE))
    days(desk, monkeypatch, "2026-11-02", "2026-11-02", "2026-11-02")
    assert desk.told["qof"].outcome == "fetched"
    assert desk.content() == FILE


def test_a_clock_that_was_moved_back_makes_no_newer_file_older(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.gives("/a.csv", whole(FILE), whole(NEWER))
    days(desk, monkeypatch, "2026-11-03", "2001-01-01")
    assert desk.told["qof"].outcome == "fetched"
    assert desk.content() == NEWER
    assert desk.vintage() == "vintage: 2026-11-03\n"

"""Messages go once all that they tell of is over; to each reader the newest stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from keeping_support import kept_strictly, tidied

from dagster_project import state
from dagster_project.alerts import machine, outbox
from dagster_project.alerts import store as notices
from dagster_project.alerts.causes import Cause
from dagster_project.alerts.machine import Alert, Telling
from dagster_project.alerts.store import Notice
from dagster_project.keeping.policy import Rule
from tests.support.landing_place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return kept_strictly(tmp_path)


def notice(place: Place, name: str, day: str, cause: Cause) -> None:
    """A message about that cause was made and sent that day."""
    moment = datetime.fromisoformat(f"{day}T08:00:00+00:00")
    content = {"subject": name, "tells": [{"alert_key": cause.key}]}
    message = Notice(name, "geography", "mail", True, day, content, moment, notices.QUEUED)
    outbox.write(place.home, message)
    outbox.put_away(place.home, name)
    with state.connect(place.home.state) as ledger:
        notices.add_notice(ledger, replace(message, status=notices.SENT, sent_at=moment))


def test_delivered_messages_go_once_all_that_they_tell_of_is_over(place: Place) -> None:
    opened, over, unheard = (Cause("file_refused", name, "qof") for name in ("a", "b", "c"))
    at = datetime(2024, 11, 1, 8, tzinfo=UTC)
    told = Telling(at, at, frozenset(), "first", is_over=False)
    with state.connect(place.home.state) as ledger:
        notices.save(
            ledger,
            [
                Alert(opened.key, opened, machine.OPEN, at),
                Alert(over.key, over, machine.RESOLVED, at),
                Alert(unheard.key, unheard, machine.RESOLVED, at, told={"geography": told}),
            ],
        )
    for name, cause in (("open", opened), ("over", over), ("unheard", unheard)):
        notice(place, name, "2024-11-01", cause)
    notice(place, "young", "2026-11-01", over)
    assert tidied(place, "notices", apply=False) == ["over"]
    assert tidied(place, "notices") == ["over"]
    assert tidied(place, "notices") == []
    sent = place.home.outbox / "sent"
    assert sorted(path.stem for path in sent.iterdir()) == ["open", "unheard", "young"]
    with state.connect(place.home.state) as ledger:
        left = {each.notice_id for each in notices.notices(ledger)}
    assert left == {"open", "unheard", "young"}


def test_the_newest_message_to_each_reader_stays(place: Place) -> None:
    """It tells that the way to them worked since one couldn't be delivered."""
    cause = Cause("file_refused", "a", "qof")
    for name, day in (("first", "2024-10-01"), ("last", "2024-11-01")):
        notice(place, name, day, cause)

    assert tidied(place, "notices") == ["first"]


@pytest.mark.parametrize(("newest", "going"), [(0, 3), (2, 1), (3, 0), (5, 0)])
def test_the_newest_stay_where_there_are_fewer_than_are_to_stay_too(
    newest: int, going: int
) -> None:
    assert Rule(days=0, newest=newest).past_newest(["a", "b", "c"]) == ["a", "b", "c"][:going]

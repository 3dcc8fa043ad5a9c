"""An alert is told when it opens, on its reader's rhythm, when it grows, and once when over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from dagster_project.alerts import machine
from dagster_project.alerts.causes import Cause
from dagster_project.alerts.machine import Alert, Stake

START = datetime(2026, 11, 16, 10, tzinfo=UTC)  # a Monday
HELD = Cause("values_held", "qof/1.0.0", "qof", parts=("a",))
LATE = Cause("source_overdue", "qof", "qof", parts=("2026-09-26",))


@dataclass
class Driven:
    """The machine over a clock, told to one owner; `heard` is what it told, day by day."""

    rhythm: str = "weekly"
    at: datetime = START
    alerts: dict[str, Alert] = field(default_factory=dict)
    heard: list[tuple[int, str, str]] = field(default_factory=list)

    def day(self, number: int, *causes: Cause, hour: int = 10) -> list[str]:
        """What is told at that hour of that day, if these are the causes."""
        self.at = START + timedelta(days=number, hours=hour - 10)
        machine.advance(self.alerts, causes, self.at)
        stakes = {
            key: [Stake("owner", "owner", self.rhythm, each.cause)]
            for key, each in self.alerts.items()
        }
        told = machine.entries(self.alerts.values(), stakes, self.at)
        for entry in told:
            machine.note_told(entry, f"notice {number}", self.at)
        machine.settle_news(self.alerts.values(), stakes, self.at)
        self.heard += [(number, entry.alert.key, entry.event) for entry in told]
        return [entry.event for entry in told]

    def the(self, cause: Cause) -> Alert:
        return self.alerts[cause.key]


def test_it_is_told_once_and_again_on_the_rhythm_and_not_at_each_look() -> None:
    clock = Driven()
    told = {day: clock.day(day, HELD) for day in range(15)}
    assert {day: each for day, each in told.items() if each} == {
        0: ["opened"],
        7: ["still open"],
        14: ["still open"],
    }
    assert clock.day(14, HELD, hour=18) == []


def test_a_reminder_waits_for_a_working_day() -> None:
    clock = Driven()
    clock.day(-1, HELD)  # a Sunday: what is new is told on any day
    assert clock.heard == [(-1, HELD.key, "opened")]
    assert clock.day(6, HELD) == []
    assert clock.day(7, HELD) == ["still open"]


def test_over_is_told_once() -> None:
    clock = Driven()
    clock.day(0, HELD)
    assert clock.day(1) == ["resolved"]
    assert clock.day(2) == []
    assert clock.the(HELD).state == machine.RESOLVED


def test_what_comes_back_is_a_new_episode() -> None:
    clock = Driven()
    clock.day(0, HELD)
    clock.day(1)
    assert clock.day(2, HELD) == ["opened"]
    assert clock.the(HELD).episode == 2
    assert clock.day(3) == ["resolved"]


def test_what_was_never_told_to_begin_is_not_told_to_be_over() -> None:
    clock = Driven()
    machine.advance(clock.alerts, [HELD], START)
    assert clock.day(0) == []


def test_only_what_is_added_is_told_before_its_time() -> None:
    clock = Driven()
    clock.day(0, HELD)
    more = Cause(HELD.kind, HELD.subject, "qof", parts=("a", "b"))
    assert clock.day(1, more) == ["grew"]
    assert clock.day(2, more) == []
    # Less of it is no news, and neither is what was told coming back.
    assert clock.day(3, HELD) == []
    assert clock.day(4, more) == []
    assert clock.day(8, more) == ["still open"]


def test_acknowledged_it_is_quiet_until_it_grows() -> None:
    clock = Driven()
    clock.day(0, HELD)
    machine.acknowledge(clock.the(HELD), clock.at, "the publisher knows")
    assert [clock.day(day, HELD) for day in (7, 14, 21)] == [[], [], []]
    assert clock.day(22, Cause(HELD.kind, HELD.subject, "qof", parts=("b",))) == ["grew"]


def test_acknowledged_and_over_is_told() -> None:
    clock = Driven()
    clock.day(0, HELD)
    machine.acknowledge(clock.the(HELD), clock.at)
    assert clock.day(3) == ["resolved"]


def test_what_is_acknowledged_and_forgotten_is_told_after_four_weeks() -> None:
    clock = Driven()
    clock.day(0, HELD)
    machine.acknowledge(clock.the(HELD), clock.at)
    told = [day for day in range(1, 40) if clock.day(day, HELD)]
    assert told == [28, 35]


def test_paused_it_is_told_again_on_its_day_and_not_before() -> None:
    clock = Driven("monthly")
    clock.day(0, HELD)
    machine.pause(clock.the(HELD), date(2026, 11, 19))
    assert [clock.day(day, HELD) for day in (1, 2, 3, 4)] == [[], [], ["still open"], []]


def test_paused_it_keeps_quiet_though_it_grows_and_says_when_it_is_over() -> None:
    clock = Driven()
    clock.day(0, HELD)
    machine.pause(clock.the(HELD), date(2026, 12, 19))
    more = Cause(HELD.kind, HELD.subject, "qof", parts=("a", "b"))
    assert clock.day(1, more) == []
    assert clock.day(2) == ["resolved"]


def test_a_cause_that_needs_patience_is_told_only_if_it_lasts() -> None:
    silent = Cause("source_unreachable", "qof", "qof")
    clock = Driven()
    assert clock.day(0, silent) == []
    assert clock.day(0, silent, hour=20) == []
    assert clock.day(1) == []
    assert clock.day(2, silent) == []
    assert clock.day(3, silent) == ["opened"]


def test_news_is_told_once_and_is_over() -> None:
    news = Cause("outcome_moved", "smoking/1.1.0", parts=("E92: worse",))
    clock = Driven()
    assert clock.day(0, news) == ["opened"]
    assert clock.the(news).state == machine.RESOLVED
    assert [clock.day(day, news) for day in (1, 7)] == [[], []]
    assert clock.day(8) == []


def test_a_revision_is_open_until_somebody_gives_a_reason() -> None:
    revised = Cause("revision_unexplained", "qof/1.1.0", "qof", parts=("a",))
    clock = Driven()
    assert clock.day(0, revised) == ["opened"]
    # The next release's changes are others: that explains nothing.
    assert clock.day(7) == ["still open"]
    machine.acknowledge(clock.the(revised), clock.at, "corrected at source")
    assert clock.day(8, revised) == ["resolved"]
    assert clock.day(9, revised) == []
    more = Cause(revised.kind, revised.subject, "qof", parts=("a", "b"))
    assert clock.day(10, more) == ["opened"]


def test_two_causes_are_told_apart() -> None:
    clock = Driven()
    clock.day(0, HELD, LATE)
    assert clock.day(1, LATE) == ["resolved"]
    assert clock.heard == [
        (0, HELD.key, "opened"),
        (0, LATE.key, "opened"),
        (1, HELD.key, "resolved"),
    ]


def test_only_a_blocking_cause_that_is_new_or_over_is_urgent() -> None:
    for cause, urgent in ((HELD, True), (LATE, False)):
        alert = Alert(cause.key, cause, machine.OPEN, START)
        stake = Stake("owner", "owner", "weekly", cause)
        (entry,) = machine.entries([alert], {cause.key: [stake]}, START)
        assert entry.is_urgent is urgent
        assert not machine.Entry(machine.STILL_OPEN, alert, stake).is_urgent
        assert machine.Entry(machine.OVER, alert, stake).is_urgent is urgent

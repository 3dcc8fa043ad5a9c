"""The state machine of alerts: which open, grow, are told again, are over. Pure: time is given.

waiting ──► open ──► acknowledged ─┐     waiting: its cause hasn't lasted long enough yet
             │ ▲ ──► paused ───────┤     acknowledged: told again when it grows, or is forgotten
             │ └───────────────────┘     paused: told again from its day on
             ▼
          resolved ──► open            an alert that comes back is a new episode
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from dagster_project.alerts.causes import Cause
from dagster_project.alerts.kinds import WHEN_ACKNOWLEDGED, WHEN_GONE, WHEN_TOLD
from dagster_project.calendar import is_working_day, london_day

WAITING, OPEN, ACKNOWLEDGED = "waiting", "open", "acknowledged"
PAUSED, RESOLVED = "paused", "resolved"
OPENED, GREW, STILL_OPEN, OVER = "opened", "grew", "still open", "resolved"
RHYTHMS = {"weekly": timedelta(7), "fortnightly": timedelta(14), "monthly": timedelta(28)}
# After this long an acknowledged alert that is still open is taken for forgotten.
FORGOTTEN_AFTER = timedelta(28)


@dataclass
class Telling:
    """What one recipient knows of one episode."""

    first_at: datetime
    last_at: datetime
    parts: frozenset[str]
    first_notice: str = ""
    is_over: bool = False


@dataclass
class Alert:
    """One cause through its life. `told` is of this episode, by recipient."""

    key: str
    cause: Cause
    state: str
    since: datetime
    episode: int = 1
    ended_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_parts: frozenset[str] = frozenset()
    note: str = ""
    paused_until: date | None = None
    told: dict[str, Telling] = field(default_factory=dict)


@dataclass(frozen=True)
class Stake:
    """Why an alert concerns a recipient, and as far as which cause: theirs alone.

    `reads_as` is owner or engineer; `rhythm` a key of `RHYTHMS`.
    """

    recipient: str
    reads_as: str
    rhythm: str
    cause: Cause


@dataclass(frozen=True)
class Entry:
    """One thing to tell one recipient."""

    event: str
    alert: Alert
    stake: Stake

    @property
    def is_urgent(self) -> bool:
        """Told at once: a blocking cause that is new, has grown by something new, or is over."""
        return self.alert.cause.sort.is_urgent and self.event != STILL_OPEN


def advance(alerts: dict[str, Alert], causes: Iterable[Cause], at: datetime) -> None:
    """After this the alerts are in the states that these causes, all there are, put them in."""
    seen = {cause.key: cause for cause in causes}
    for key, cause in seen.items():
        alert = alerts.get(key)
        if alert is None or (alert.state == RESOLVED and cause.sort.ends != WHEN_TOLD):
            episode = 1 if alert is None else alert.episode + 1
            if not _is_settled(alert, cause):
                alerts[key] = Alert(key, cause, WAITING, at, episode)
        elif alert.state != RESOLVED:
            alert.cause = cause
    for alert in alerts.values():
        if alert.key in seen:
            _go_on(alert, at)
        elif alert.cause.sort.ends == WHEN_GONE and alert.state != RESOLVED:
            alert.state, alert.ended_at = RESOLVED, at


def _is_settled(alert: Alert | None, cause: Cause) -> bool:
    """True for what ended by being acknowledged, and has nothing that wasn't there then."""
    return (
        alert is not None
        and cause.sort.ends == WHEN_ACKNOWLEDGED
        and cause.all_parts <= alert.acknowledged_parts
    )


def _go_on(alert: Alert, at: datetime) -> None:
    if alert.state == WAITING and at - alert.since >= timedelta(
        hours=alert.cause.sort.patience_hours
    ):
        alert.state = OPEN
    if alert.state == PAUSED and (alert.paused_until or date.min) <= london_day(at):
        _take_up_again(alert, at)
    if alert.state == ACKNOWLEDGED:
        has_grown = not alert.cause.all_parts <= alert.acknowledged_parts
        is_forgotten = at - (alert.acknowledged_at or at) >= FORGOTTEN_AFTER
        if is_forgotten:
            _take_up_again(alert, at)
        elif has_grown:
            alert.state, alert.acknowledged_at = OPEN, None


def _take_up_again(alert: Alert, at: datetime) -> None:
    """After this it is open, and due to be told again whatever anybody's rhythm."""
    alert.state, alert.paused_until, alert.acknowledged_at = OPEN, None, None
    for told in alert.told.values():
        told.last_at = min(told.last_at, at - max(RHYTHMS.values()))


def acknowledge(alert: Alert, at: datetime, note: str = "") -> None:
    """After this it isn't told again until it grows or is forgotten; some kinds are over by it."""
    alert.acknowledged_at, alert.acknowledged_parts = at, alert.cause.all_parts
    alert.note, alert.paused_until = note, None
    if alert.cause.sort.ends == WHEN_ACKNOWLEDGED:
        alert.state, alert.ended_at = RESOLVED, at
    else:
        alert.state = ACKNOWLEDGED


def pause(alert: Alert, until: date, note: str = "") -> None:
    """After this it isn't told again before that day."""
    alert.state, alert.paused_until, alert.note = PAUSED, until, note
    alert.acknowledged_at = None


def entries(
    alerts: Iterable[Alert], stakes: Mapping[str, Iterable[Stake]], at: datetime
) -> list[Entry]:
    """What is to be told now, to whom; `stakes` are those of each alert, by its key."""
    found = []
    for alert in alerts:
        for stake in stakes.get(alert.key, ()):
            event = _event(alert, stake, at)
            if event:
                found.append(Entry(event, alert, stake))
    return found


def _event(alert: Alert, stake: Stake, at: datetime) -> str | None:
    told = alert.told.get(stake.recipient)
    if alert.state == RESOLVED:
        # Who was never told that it began needn't be told that it is over.
        is_news = alert.cause.sort.ends == WHEN_TOLD
        return OVER if told is not None and not told.is_over and not is_news else None
    if alert.state != OPEN:
        return None
    if told is None:
        return OPENED
    if not stake.cause.all_parts <= told.parts:
        return GREW
    is_due = london_day(at) - london_day(told.last_at) >= RHYTHMS[stake.rhythm]
    if is_due and is_working_day(london_day(at)) and alert.cause.sort.ends != WHEN_TOLD:
        return STILL_OPEN
    return None


def note_told(entry: Entry, notice: str, at: datetime) -> None:
    """After this the recipient counts as told, by that notice."""
    told = entry.alert.told.get(entry.stake.recipient)
    parts = entry.stake.cause.all_parts
    if told is None:
        entry.alert.told[entry.stake.recipient] = Telling(at, at, parts, notice)
        return
    told.last_at, told.parts = at, told.parts | parts
    told.is_over = entry.event == OVER


def settle_news(
    alerts: Iterable[Alert], stakes: Mapping[str, Iterable[Stake]], at: datetime
) -> None:
    """After this what ends by being told is over where all whom it concerns have been told."""
    for alert in alerts:
        if alert.cause.sort.ends == WHEN_TOLD and alert.state == OPEN:
            concerned = {stake.recipient for stake in stakes.get(alert.key, ())}
            if concerned <= set(alert.told):
                alert.state, alert.ended_at = RESOLVED, at
                for told in alert.told.values():
                    told.is_over = True

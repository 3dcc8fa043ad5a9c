"""One look at a home: what changed state is told to whom it concerns, and what waits is delivered.

A refresh does it as its last step, and Dagster's sensor between refreshes: for time passes too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dagster_project import recovery, state
from dagster_project.alerts import delivery, from_state, machine, outbox, releases_seen, store
from dagster_project.alerts.causes import Cause
from dagster_project.alerts.machine import RESOLVED, Alert, Entry, Stake
from dagster_project.alerts.message import Message, compose
from dagster_project.alerts.routing import Directory, directory
from dagster_project.alerts.settings import MAIL, Settings, load
from dagster_project.alerts.store import Notice
from dagster_project.alerts.wording import Speaker
from dagster_project.calendar import LONDON, london_day
from dagster_project.errors import BusyError
from dagster_project.home import Home
from dagster_project.retrying import is_under_way

WAIT_SECONDS = 60.0
REBUILT = "state rebuilt"


@dataclass(frozen=True)
class Looked:
    """What one look came to: alerts that are open, what was told, and what came of delivering."""

    open: int = 0
    told: tuple[tuple[str, Message], ...] = ()
    delivered: tuple[delivery.Delivered, ...] = ()
    is_configured: bool = True
    unreached: tuple[str, ...] = ()
    skipped: str = ""


@dataclass(frozen=True)
class _Desk:
    """What a look works with."""

    home: Home
    settings: Settings
    directory: Directory
    at: datetime
    is_sample: bool
    run_id: str
    is_dry: bool = False

    def channels(self, recipient: str) -> tuple[str, ...]:
        ways = self.settings.channels(recipient)
        # Where nothing is set up a dry run shows what would be told if it were.
        return (MAIL,) if self.is_dry and not self.settings.is_set_up else ways


def look(
    home: Home,
    at: datetime | None = None,
    *,
    after_refresh: bool = False,
    dry_run: bool = False,
    wait_seconds: float = WAIT_SECONDS,
) -> Looked:
    """After this whoever is to be told has been, or a notice waits in the outbox.

    With `dry_run` nothing is written or sent: what would be told is given back.
    """
    at = at or datetime.now(UTC)
    settings = load(home)
    run = _last_run(home)
    skipped = _why_not(home, run, after_refresh=after_refresh)
    if skipped:
        return Looked(skipped=skipped)
    desk = _Desk(
        home,
        settings,
        directory(),
        at,
        run["kind"] == "sample",
        run["dagster_run"],
        dry_run,
    )
    with delivery.alone(home, wait_seconds):
        causes, seen = _collect(desk)
        found = _advance(desk, causes, seen)
        delivered = () if dry_run else tuple(_deliver(desk))
    unreached = settings.unreached(desk.directory.recipients)
    return Looked(found.open, tuple(found.told), delivered, settings.is_set_up, unreached)


def _last_run(home: Home) -> dict[str, str]:
    with state.reading(home.state) as ledger:
        row = ledger.execute(
            "select outcome, json_extract(summary, '$.by.dagster_run') as dagster_run from runs"
            " order by run_number desc limit 1"
        ).fetchone()
        kind = state.get_meta(ledger, recovery.KIND) or ""
    if row is None:
        return {"kind": kind, "outcome": "", "dagster_run": ""}
    return {"kind": kind, "outcome": row["outcome"] or "", "dagster_run": row["dagster_run"] or ""}


def _why_not(home: Home, run: Mapping[str, str], *, after_refresh: bool) -> str:
    """Why this isn't the moment to look: what isn't known would pass for what is over."""
    if not run["kind"]:
        return "the home isn't made yet, or its state is to be rebuilt by the next refresh"
    if after_refresh:
        return ""
    if run["outcome"] == REBUILT:
        return "the state was rebuilt, and no refresh has looked at the inbox since"
    return "a refresh is under way, and looks at its end" if is_under_way(home) else ""


def _collect(desk: _Desk) -> tuple[list[Cause], str | None]:
    """All causes there are, and what is to be kept of the release that was looked at."""
    with state.connect(desk.home.state) as ledger:
        known = store.load(ledger)
    open_causes = {key: each.cause for key, each in known.items() if each.state != RESOLVED}
    seen = releases_seen.look_at(desk.home, desk.directory, open_causes)
    of_state = from_state.collect(desk.home, desk.directory, desk.at, seen.published)
    return [*of_state, *seen.causes], seen.record


@dataclass
class _Found:
    open: int = 0
    told: list[tuple[str, Message]] = field(default_factory=list)


class _DryRun(Exception):
    """Undoes what a dry run has written."""


def _advance(desk: _Desk, causes: Sequence[Cause], seen: str | None) -> _Found:
    """What is told now; alerts and notices are written together, or not at all."""
    found = _Found()
    try:
        with state.connect(desk.home.state) as ledger:
            alerts = store.load_known(ledger, [cause.key for cause in causes])
            machine.advance(alerts, causes, desk.at)
            stakes = {key: desk.directory.stakes_of(each) for key, each in alerts.items()}
            _tell(desk, ledger, alerts, stakes, found)
            machine.settle_news(alerts.values(), _reachable(desk, stakes), desk.at)
            store.save(ledger, alerts.values())
            if seen is not None:
                state.set_meta(ledger, releases_seen.SEEN, seen)
            found.open = sum(
                each.state not in (RESOLVED, machine.WAITING) for each in alerts.values()
            )
            if desk.is_dry:
                raise _DryRun
    except _DryRun:
        pass
    return found


def _reachable(desk: _Desk, stakes: Mapping[str, Sequence[Stake]]) -> dict[str, list[Stake]]:
    return {
        key: [stake for stake in its if desk.channels(stake.recipient)]
        for key, its in stakes.items()
    }


def _tell(
    desk: _Desk,
    ledger: sqlite3.Connection,
    alerts: Mapping[str, Alert],
    stakes: Mapping[str, Sequence[Stake]],
    found: _Found,
) -> None:
    by_recipient: dict[str, list[Entry]] = {}
    for entry in machine.entries(alerts.values(), _reachable(desk, stakes), desk.at):
        by_recipient.setdefault(entry.stake.recipient, []).append(entry)
    for recipient in sorted(by_recipient):
        its = by_recipient[recipient]
        urgent = [entry for entry in its if entry.is_urgent]
        digest = [entry for entry in its if not entry.is_urgent]
        if digest and not _may_have_digest(desk, ledger, recipient):
            digest = []
        for entries in filter(None, (urgent, digest)):
            others = _others(alerts, recipient, its)
            found.told.append((recipient, _put(desk, ledger, recipient, entries, others)))


def _may_have_digest(desk: _Desk, ledger: sqlite3.Connection, recipient: str) -> bool:
    is_time = desk.at.astimezone(LONDON).time() >= desk.settings.digest_not_before
    return is_time and not store.has_digest(ledger, recipient, london_day(desk.at))


def _others(alerts: Mapping[str, Alert], recipient: str, its: Iterable[Entry]) -> int:
    named = {entry.alert.key for entry in its}
    return sum(
        recipient in each.told and key not in named and each.state != RESOLVED
        for key, each in alerts.items()
    )


def _put(
    desk: _Desk,
    ledger: sqlite3.Connection,
    recipient: str,
    entries: Sequence[Entry],
    others: int,
) -> Message:
    """The message, once its notices are queued and the recipient counts as told."""
    speaker = Speaker(desk.directory, desk.settings.places, desk.run_id)
    message = compose(speaker, entries, others=others, is_sample=desk.is_sample)
    tells = [_tells(entry) for entry in entries]
    thread = _thread(recipient, entries)
    is_urgent = entries[0].is_urgent
    names = {}
    for channel in desk.channels(recipient):
        # The same at every try; another when the same is told again.
        name = outbox.digest_of(recipient, channel, store.moment(desk.at), tells)
        names[channel] = name
        content = {
            "subject": message.subject,
            "text": message.as_text(),
            "html": message.as_html(),
            "thread": thread,
            "tells": tells,
        }
        day = london_day(desk.at).isoformat()
        store.add_notice(ledger, Notice(name, recipient, channel, is_urgent, day, content, desk.at))
    for entry in entries:
        machine.note_told(entry, names.get(MAIL) or next(iter(names.values())), desk.at)
    return message


def _thread(recipient: str, entries: Sequence[Entry]) -> list[str]:
    """The notices that first told of these alerts, in the order of telling."""
    known = [entry.alert.told[recipient] for entry in entries if recipient in entry.alert.told]
    return list(dict.fromkeys(t.first_notice for t in sorted(known, key=lambda t: t.first_at)))


def _tells(entry: Entry) -> dict[str, object]:
    """What a notice tells of, so that a lost state can be learnt from it."""
    return {
        "alert_key": entry.alert.key,
        "episode": entry.alert.episode,
        "event": entry.event,
        "since": store.moment(entry.alert.since),
        "parts": sorted(entry.stake.cause.all_parts),
        "cause": entry.alert.cause.as_json(),
    }


def _deliver(desk: _Desk) -> Iterable[delivery.Delivered]:
    return delivery.deliver(desk.home, desk.settings, desk.directory, desk.at)


def look_between(home: Home, at: datetime | None = None) -> Looked:
    """As `look`, for who looks often: if another is at it, nothing is done."""
    return _unless_busy(home, at, wait_seconds=0)


def look_after_refresh(home: Home) -> Looked:
    """As `look`, when a refresh is done: that another is long at it doesn't undo the refresh."""
    return _unless_busy(home, None, after_refresh=True, wait_seconds=WAIT_SECONDS)


def _unless_busy(home: Home, at: datetime | None, **how: Any) -> Looked:
    try:
        return look(home, at, **how)
    except BusyError as problem:
        return Looked(skipped=problem.problem)

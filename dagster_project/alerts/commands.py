"""`outcomes alerts`: what is open, said as records and lines; what a person decides about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from dagster_project import state
from dagster_project.alerts import delivery, machine, store
from dagster_project.alerts.causes import short
from dagster_project.alerts.look import Looked, look
from dagster_project.alerts.machine import RESOLVED, WAITING, Alert
from dagster_project.alerts.routing import directory
from dagster_project.alerts.says import unreached_lines
from dagster_project.alerts.settings import load
from dagster_project.alerts.store import QUEUED, UNDELIVERABLE
from dagster_project.alerts.wording import Speaker
from dagster_project.calendar import london_day
from dagster_project.errors import UsageError
from dagster_project.home import Home
from dagster_project.nearest import instead

LONGEST_PAUSE_DAYS = 366


def list_record(home: Home, *, every: bool = False) -> dict[str, Any]:
    """The alerts that aren't over, those of `every` too; what and who couldn't be reached."""
    speaker = Speaker(directory())
    with state.reading(home.state) as ledger:
        alerts = store.load(ledger, every=every)
        not_taken = store.not_taken(ledger)
        stuck = store.notices(
            ledger, "status = ? or (status = ? and attempts > 0)", UNDELIVERABLE, QUEUED
        )
    shown = [each for each in alerts.values() if every or each.state not in (RESOLVED, WAITING)]
    shown.sort(key=lambda each: (not each.cause.sort.is_urgent, each.since, each.key))
    return {
        "alerts": [_record(speaker, each, not_taken) for each in shown],
        "undelivered": [
            {
                "recipient": each.recipient,
                "channel": each.channel,
                "subject": each.content["subject"],
                "status": each.status,
                "attempts": each.attempts,
                "next_try_at": store.moment(each.next_try_at) if each.next_try_at else None,
                "problem": each.last_problem,
            }
            for each in stuck
        ],
        **_unreached(home),
    }


def _unreached(home: Home) -> dict[str, Any]:
    """Who has no mailbox; or the mistake in the settings, for which nobody is told anything."""
    try:
        settings = load(home, with_secrets=False)
    except UsageError as mistake:
        return {"unreached": [], "mistake": mistake.message}
    return {"unreached": list(settings.unreached(directory().recipients)), "mistake": None}


def _record(
    speaker: Speaker, alert: Alert, not_taken: Mapping[tuple[str, int, str], bool]
) -> dict[str, Any]:
    sort = alert.cause.sort
    # By whether a message waits; None of who was given one.
    waits = {each: not_taken.get((alert.key, alert.episode, each)) for each in sorted(alert.told)}
    return {
        "id": short(alert.key),
        "key": alert.key,
        "kind": alert.cause.kind,
        "severity": sort.severity,
        "title": f"{sort.title}: {speaker.subject(alert.cause)}",
        "state": alert.state,
        "since": store.moment(alert.since),
        "paused_until": alert.paused_until.isoformat() if alert.paused_until else None,
        "note": alert.note or None,
        "told": [name for name, still in waits.items() if still is None],
        "waits_for": [name for name, still in waits.items() if still],
        "not_delivered_to": [name for name, still in waits.items() if still is False],
        "what_to_do": sort.engineer_does,
    }


def list_lines(record: dict[str, Any]) -> list[str]:
    """A line an alert, the gravest and oldest first."""
    lines = [f"Alerts: {len(record['alerts']):,}" if record["alerts"] else "No alert is open."]
    for each in record["alerts"]:
        until = f" until {each['paused_until']}" if each["paused_until"] else ""
        lines.append(
            f"  {each['id']}  {each['severity']:8}  {each['state']}{until}  since"
            f" {each['since'][:10]}  {each['title']} ({_who_was_told(each)})"
        )
        if each["note"]:
            lines.append(f"            noted: {each['note']}")
    if record["undelivered"]:
        lines += ["", "Not delivered"]
    for each in record["undelivered"]:
        next_try = f", next try {each['next_try_at']}" if each["status"] == QUEUED else ", given up"
        tried = "1 try" if each["attempts"] == 1 else f"{each['attempts']} tries"
        lines.append(
            f"  {each['recipient']} by {each['channel']}: {each['subject']}"
            f" ({tried}{next_try}): {each['problem']}"
        )
    lines += unreached_lines(record["unreached"])
    return [*lines, f"Nobody is told: {record['mistake']}"] if record["mistake"] else lines


def _who_was_told(record: dict[str, Any]) -> str:
    """Whom a message reached, and whom it hasn't, or won't."""
    said = {
        "told": record["told"],
        "waits to be delivered to": record["waits_for"],
        "not delivered to": record["not_delivered_to"],
    }
    parts = [f"{words} {', '.join(names)}" for words, names in said.items() if names]
    return "; ".join(parts) or "nobody was told"


def acknowledge(home: Home, key: str, note: str) -> dict[str, Any]:
    """What is said once somebody has an alert in hand."""
    at = datetime.now(UTC)
    alert = _change(home, key, lambda each: machine.acknowledge(each, at, note))
    over = alert.state == RESOLVED
    said = (
        "settled; whoever was told hears so once"
        if over
        else "you aren't told again until something is added, it is over, or four weeks have passed"
    )
    return _answer(alert, f"Acknowledged: {said}.")


def pause(home: Home, key: str, until: date, note: str) -> dict[str, Any]:
    """What is said once an alert is paused until that day."""
    today = london_day(datetime.now(UTC))
    if not 0 < (until - today).days <= LONGEST_PAUSE_DAYS:
        raise UsageError(
            "an alert is paused until a day to come, a year away at most",
            got=until.isoformat(),
            expected=f"after {today}",
            fix="give the day with --until",
        )
    alert = _change(home, key, lambda each: machine.pause(each, until, note))
    return _answer(alert, f"Paused: nobody is told again before {until}, unless it is over.")


def _answer(alert: Alert, said: str) -> dict[str, Any]:
    return {"id": short(alert.key), "key": alert.key, "state": alert.state, "said": said}


def _change(home: Home, key: str, change: Callable[[Alert], None]) -> Alert:
    with (
        delivery.alone(home, wait_seconds=60),
        state.connect(home.state) as ledger,
    ):
        alert = _find(store.load(ledger), key)
        change(alert)
        store.save(ledger, [alert])
    return alert


def _find(alerts: Mapping[str, Alert], key: str) -> Alert:
    """The open alert of that id, or whose key is that or begins so; UsageError if it isn't one."""
    standing = [each for each in alerts.values() if each.state != RESOLVED]
    exact = [each for each in standing if key in (each.key, short(each.key))]
    found = exact or [each for each in standing if key and each.key.startswith(key)]
    if len(found) != 1:
        ids = {short(each.key): each.key for each in found or standing}
        raise UsageError(
            "several open alerts begin so" if found else "no open alert is called so",
            got=key,
            expected=instead(key, ids, "the id of an open alert, but none is open"),
            fix="`outcomes alerts list` shows the id of each",
        )
    return found[0]


def send(home: Home, *, dry_run: bool, again: bool) -> dict[str, Any]:
    """What one look came to; with `again`, what couldn't be delivered is tried at once."""
    if again and not dry_run:
        with delivery.alone(home, wait_seconds=60):
            delivery.try_again_all(home, datetime.now(UTC))
    return looked_record(look(home, dry_run=dry_run)) | {"dry_run": dry_run}


def looked_record(looked: Looked) -> dict[str, Any]:
    """What one look came to, for programs."""
    return {
        "open": looked.open,
        "is_configured": looked.is_configured,
        "unreached": list(looked.unreached),
        "skipped": looked.skipped or None,
        "told": [
            {"recipient": name, "subject": message.subject, "text": message.as_text()}
            for name, message in looked.told
        ],
        "delivered": [vars(each) for each in looked.delivered],
    }


def looked_lines(record: dict[str, Any]) -> list[str]:
    """The same at the end of a refresh: how many are open, who was told, what didn't arrive."""
    if record["skipped"]:
        return [f"Alerts: not looked at: {record['skipped']}."]
    lines = []
    if record["open"]:
        lines.append(f"Alerts: {record['open']:,} open (`outcomes alerts list`)")
        if not record["is_configured"]:
            lines.append("  nobody is told: no delivery is set up (docs/how-to/alerts.md)")
    for each in record["delivered"]:
        if each["status"] == "sent":
            lines.append(f"  told {each['recipient']} by {each['channel']}: {each['subject']}")
        else:
            word = "given up" if each["status"] == UNDELIVERABLE else "waits"
            lines.append(f"  {word}: {each['channel']} to {each['recipient']}: {each['problem']}")
    return lines + unreached_lines(record["unreached"])


def send_lines(record: dict[str, Any]) -> list[str]:
    """What a look by hand says; of a dry run, every message that would be sent."""
    if not record["dry_run"]:
        return looked_lines(record) or ["Nothing is to be told."]
    lines = [f"A dry run: {len(record['told']):,} messages would be sent, and none was."]
    for each in record["told"]:
        lines += ["", f"To: {each['recipient']}", f"Subject: {each['subject']}", "", each["text"]]
    return lines + unreached_lines(record["unreached"])

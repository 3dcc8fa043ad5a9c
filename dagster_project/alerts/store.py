"""Alerts and notices in `state.sqlite`: read and written in one transaction of the caller's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from dagster_project import state
from dagster_project.alerts.causes import from_json
from dagster_project.alerts.machine import RESOLVED, Alert, Telling

QUEUED, SENDING, SENT, UNDELIVERABLE = "queued", "sending", "sent", "undeliverable"
FORM = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Notice:
    """One message to one recipient by one way. `content` is the message with what it tells of."""

    notice_id: str
    recipient: str
    channel: str
    is_urgent: bool
    day: str
    content: dict[str, Any]
    made_at: datetime
    status: str = QUEUED
    attempts: int = 0
    sent_at: datetime | None = None
    last_problem: str | None = None
    next_try_at: datetime | None = None


def moment(at: datetime) -> str:
    """A moment as the state holds it, in UTC to the second."""
    return at.astimezone(UTC).strftime(FORM)


def read_moment(text: str) -> datetime:
    return datetime.strptime(text, FORM).replace(tzinfo=UTC)


def _maybe(text: str | None) -> datetime | None:
    return read_moment(text) if text else None


def load(ledger: sqlite3.Connection, *, every: bool = False) -> dict[str, Alert]:
    """Alerts by key, with who was told. Resolved ones are those that somebody may still be told."""
    wanted = "" if every else f" where state != '{RESOLVED}' or {_STILL_TO_TELL} or {_ENDS_BY_HAND}"
    alerts = {
        row["alert_key"]: _alert(row) for row in ledger.execute(f"select * from alerts{wanted}")
    }
    for row in ledger.execute(
        "select tellings.* from alert_tellings as tellings join alerts using (alert_key, episode)"
    ):
        if row["alert_key"] in alerts:
            alerts[row["alert_key"]].told[row["recipient"]] = Telling(
                read_moment(row["first_at"]),
                read_moment(row["last_at"]),
                frozenset(json.loads(row["parts"])),
                row["first_notice"],
                bool(row["is_over"]),
            )
    return alerts


_STILL_TO_TELL = (
    "exists (select 1 from alert_tellings as t where t.alert_key = alerts.alert_key"
    " and t.episode = alerts.episode and not t.is_over)"
)
# What was acknowledged, or told, for good is known again when its cause is seen again.
_ENDS_BY_HAND = "acknowledged_parts is not null"


def load_known(ledger: sqlite3.Connection, keys: Iterable[str]) -> dict[str, Alert]:
    """The alerts that aren't over, and those of these keys however long they are over."""
    wanted = set(keys)
    known = load(ledger)
    missing = wanted - known.keys()
    if missing:
        known |= {key: each for key, each in load(ledger, every=True).items() if key in missing}
    return known


def _alert(row: sqlite3.Row) -> Alert:
    return Alert(
        key=row["alert_key"],
        cause=from_json(row["cause"]),
        state=row["state"],
        since=read_moment(row["since"]),
        episode=row["episode"],
        ended_at=_maybe(row["ended_at"]),
        acknowledged_at=_maybe(row["acknowledged_at"]),
        acknowledged_parts=frozenset(json.loads(row["acknowledged_parts"] or "[]")),
        note=row["note"] or "",
        paused_until=date.fromisoformat(row["paused_until"]) if row["paused_until"] else None,
    )


def save(ledger: sqlite3.Connection, alerts: Iterable[Alert]) -> None:
    """After this the state holds the alerts as they are, and who was told of them."""
    for alert in alerts:
        _upsert(
            ledger,
            "alerts",
            ("alert_key",),
            {
                "alert_key": alert.key,
                "episode": alert.episode,
                "state": alert.state,
                "since": moment(alert.since),
                "ended_at": moment(alert.ended_at) if alert.ended_at else None,
                "acknowledged_at": moment(alert.acknowledged_at) if alert.acknowledged_at else None,
                "acknowledged_parts": (
                    state.to_json(sorted(alert.acknowledged_parts))
                    if alert.acknowledged_parts
                    else None
                ),
                "note": alert.note,
                "paused_until": alert.paused_until.isoformat() if alert.paused_until else None,
                "cause": alert.cause.as_json(),
            },
        )
        for recipient, told in alert.told.items():
            _upsert(
                ledger,
                "alert_tellings",
                ("alert_key", "episode", "recipient"),
                {
                    "alert_key": alert.key,
                    "episode": alert.episode,
                    "recipient": recipient,
                    "first_at": moment(told.first_at),
                    "last_at": moment(told.last_at),
                    "parts": state.to_json(sorted(told.parts)),
                    "first_notice": told.first_notice,
                    "is_over": int(told.is_over),
                },
            )


def _upsert(
    ledger: sqlite3.Connection, table: str, key: tuple[str, ...], row: dict[str, Any]
) -> None:
    marks = ", ".join(f":{name}" for name in row)
    changes = ", ".join(f"{name} = excluded.{name}" for name in row if name not in key)
    ledger.execute(
        f"insert into {table} ({', '.join(row)}) values ({marks})"
        f" on conflict ({', '.join(key)}) do update set {changes}",
        row,
    )


def add_notice(ledger: sqlite3.Connection, notice: Notice) -> None:
    """After this the notice waits to be delivered, or stands as it was if it did already."""
    ledger.execute(
        "insert or ignore into notices (notice_id, recipient, channel, is_urgent, day, content,"
        " status, attempts, made_at, next_try_at, sent_at)"
        f" values ({', '.join('?' * 11)})",
        (
            notice.notice_id,
            notice.recipient,
            notice.channel,
            int(notice.is_urgent),
            notice.day,
            state.to_json(notice.content),
            notice.status,
            notice.attempts,
            moment(notice.made_at),
            moment(notice.next_try_at or notice.made_at),
            moment(notice.sent_at) if notice.sent_at else None,
        ),
    )


def notices(ledger: sqlite3.Connection, where: str = "true", *given: Any) -> list[Notice]:
    """The notices of which that is true, the oldest first."""
    rows = ledger.execute(
        f"select * from notices where {where} order by made_at, is_urgent desc, recipient, channel",
        given,
    )
    return [
        Notice(
            notice_id=row["notice_id"],
            recipient=row["recipient"],
            channel=row["channel"],
            is_urgent=bool(row["is_urgent"]),
            day=row["day"],
            content=json.loads(row["content"]),
            made_at=read_moment(row["made_at"]),
            status=row["status"],
            attempts=row["attempts"],
            sent_at=_maybe(row["sent_at"]),
            last_problem=row["last_problem"],
            next_try_at=read_moment(row["next_try_at"]),
        )
        for row in rows.fetchall()
    ]


def not_taken(ledger: sqlite3.Connection) -> dict[tuple[str, int, str], bool]:
    """By alert, episode and recipient what no way has taken yet; whether any still waits."""
    rows = ledger.execute(
        "select json_extract(tells.value, '$.alert_key') as alert_key,"
        " json_extract(tells.value, '$.episode') as episode, notices.recipient,"
        " max(notices.status in (?, ?)) as waits"
        " from notices, json_each(notices.content, '$.tells') as tells"
        " where notices.recipient in (select recipient from notices where status != ?)"
        " group by 1, 2, 3 having max(notices.status = ?) = 0",
        (QUEUED, SENDING, SENT, SENT),
    )
    return {
        (row["alert_key"], row["episode"], row["recipient"]): bool(row["waits"]) for row in rows
    }


def still_told(ledger: sqlite3.Connection) -> set[str]:
    """The keys of the alerts that aren't over, or of which somebody is to hear that they are."""
    rows = ledger.execute(
        f"select alert_key from alerts where state != '{RESOLVED}' or {_STILL_TO_TELL}"
    )
    return {str(row["alert_key"]) for row in rows}


def forget(ledger: sqlite3.Connection, notice_id: str) -> None:
    """After this the state has no such notice."""
    ledger.execute("delete from notices where notice_id = ?", (notice_id,))


def has_digest(ledger: sqlite3.Connection, recipient: str, day: date) -> bool:
    """True if that recipient's digest of that day was made."""
    return (
        ledger.execute(
            "select 1 from notices where recipient = ? and day = ? and is_urgent = 0",
            (recipient, day.isoformat()),
        ).fetchone()
        is not None
    )


def note_delivery(ledger: sqlite3.Connection, notice: Notice, **facts: Any) -> None:
    """After this these columns of the notice hold these facts."""
    changes = ", ".join(f"{name} = :{name}" for name in facts)
    ledger.execute(
        f"update notices set {changes} where notice_id = :notice_id",
        {**facts, "notice_id": notice.notice_id},
    )

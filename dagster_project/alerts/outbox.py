"""The outbox: a file a notice in `outbox/`, and in `outbox/sent/` once it was taken.

A notice is written to `state.sqlite` together with the alerts that it tells of, then to its file.
The file outlives a lost state: what was told is learnt from it again, and isn't told twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from dagster_project import state
from dagster_project.alerts.store import SENT, Notice, moment, read_moment
from dagster_project.home import Home
from dagster_project.release.files import write_json


def waiting(home: Home, notice_id: str) -> Path:
    return home.outbox / f"{notice_id}.json"


def sent(home: Home, notice_id: str) -> Path:
    return home.outbox / "sent" / f"{notice_id}.json"


def write(home: Home, notice: Notice) -> None:
    """After this the notice has its file, on the disk."""
    if sent(home, notice.notice_id).exists() or waiting(home, notice.notice_id).exists():
        return
    path = waiting(home, notice.notice_id)
    part = path.with_suffix(".part")
    write_json(part, _record(notice))
    part.rename(path)


def _record(notice: Notice) -> dict[str, Any]:
    return {
        "notice_id": notice.notice_id,
        "recipient": notice.recipient,
        "channel": notice.channel,
        "is_urgent": notice.is_urgent,
        "day": notice.day,
        "made_at": moment(notice.made_at),
        "content": notice.content,
    }


def put_away(home: Home, notice_id: str) -> None:
    """After this its file says that the notice was taken."""
    target = sent(home, notice_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    if waiting(home, notice_id).exists():
        waiting(home, notice_id).rename(target)


def was_taken(home: Home, notice_id: str) -> bool:
    """True if its file says that the notice was taken, whatever the state says."""
    return sent(home, notice_id).exists()


def read_all(home: Home) -> Iterator[Notice]:
    """Every notice that has a file, the oldest first."""
    records = [
        (json.loads(path.read_text(encoding="utf-8")), path.parent.name == "sent")
        for path in (*home.outbox.glob("*.json"), *(home.outbox / "sent").glob("*.json"))
    ]
    for record, is_sent in sorted(records, key=lambda pair: str(pair[0]["made_at"])):
        made_at: datetime = read_moment(record["made_at"])
        status = {"status": SENT, "sent_at": made_at} if is_sent else {}
        yield Notice(**{**record, "made_at": made_at, **status})


def digest_of(*parts: Any) -> str:
    """A name for what has these parts: the same parts, the same name."""
    import hashlib

    return hashlib.sha256(state.to_json(parts).encode()).hexdigest()[:32]

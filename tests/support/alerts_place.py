"""A home whose alerts are looked at over a driven clock, without a refresh."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dagster_project import recovery, state
from dagster_project.alerts import from_state, look, releases_seen
from dagster_project.alerts.causes import Cause
from dagster_project.alerts.look import Looked
from dagster_project.alerts.routing import directory
from dagster_project.home import Home

# A Monday, ten o'clock in London.
MONDAY = datetime(2026, 11, 16, 10, tzinfo=UTC)

CONFIG = """\
site = "https://outcomes.example.org/"
dagster = "http://127.0.0.1:3000"
{more}
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "outcomes@example.org"
timeout_seconds = 1
"""


def config(port: int, more: str = "", after: str = "") -> str:
    """Settings by which each role has a mailbox, at another reserved domain than in the seeds."""
    smtp = CONFIG.format(port=port, more=more) + after
    if "[mailboxes]" in after:
        return smtp
    boxes = "".join(f'{name} = "{name}@example.net"\n' for name in directory().recipients)
    return f"{smtp}[mailboxes]\n{boxes}"


@dataclass
class Place:
    """A home, the hour, and the causes that there are."""

    home: Home
    at: datetime = MONDAY
    causes: list[Cause] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.home.make()
        with state.connect(self.home.state) as ledger:
            state.set_meta(ledger, recovery.KIND, "real")
            self.run(ledger)

    def run(self, ledger: sqlite3.Connection, outcome: str = "published", **summary: Any) -> None:
        """As if a refresh had ended so at this hour."""
        moment = self.at.strftime("%Y-%m-%dT%H:%M:%SZ")
        ledger.execute(
            "insert into runs (started_at, ended_at, outcome, summary) values (?, ?, ?, ?)",
            (moment, moment, outcome, state.to_json(summary)),
        )

    def delivers_to(self, port: int, more: str = "", after: str = "") -> None:
        """After this mail goes to that port."""
        text = config(port, more, after)
        (self.home.root / "alerts.toml").write_text(text, encoding="utf-8")

    def later(self, **time: float) -> Place:
        self.at += timedelta(**time)
        return self

    def look(self, **options: Any) -> Looked:
        return look.look(self.home, self.at, **options)


def only_made_up(place: Place, monkeypatch: Any) -> None:
    """After this the causes are those that the place holds, and no others."""
    monkeypatch.setattr(from_state, "collect", lambda *_: list(place.causes))
    monkeypatch.setattr(releases_seen, "look_at", lambda *_: releases_seen.Seen())


def refused(path: Path, subject: str | None = None, stamp: str = "1") -> Cause:
    """A file of QOF that was refused."""
    name = subject or path.name
    return Cause(
        "file_refused",
        name,
        "qof",
        parts=(stamp,),
        facts={
            "file": name,
            "problem": "a row breaks off",
            "place": "line 3",
            "expected": "27 columns",
            "indicators": 20,
        },
    )

"""The state of alerts, learnt again from the outbox after `state.sqlite` was lost.

What was told stands in the files of the outbox, so it isn't told twice. What was acknowledged or
paused was only in the state: such an alert is told again on its reader's rhythm.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from dagster_project import state
from dagster_project.alerts import outbox, store
from dagster_project.alerts.causes import from_json
from dagster_project.alerts.machine import OPEN, OVER, RESOLVED, Alert, Telling
from dagster_project.alerts.store import Notice
from dagster_project.home import Home


def rebuild(home: Home) -> int:
    """After this the state knows what the outbox says was told; how many notices there are."""
    if not home.outbox.is_dir():
        return 0
    notices = list(outbox.read_all(home))
    with state.connect(home.state) as ledger:
        _learn(ledger, notices)
    return len(notices)


def _learn(ledger: sqlite3.Connection, notices: list[Notice]) -> None:
    alerts: dict[str, Alert] = {}
    for notice in notices:
        store.add_notice(ledger, notice)
        for told in notice.content["tells"]:
            _learn_one(alerts, notice, told)
    store.save(ledger, alerts.values())


def _learn_one(alerts: dict[str, Alert], notice: Notice, told: dict[str, Any]) -> None:
    key, episode = told["alert_key"], told["episode"]
    cause = from_json(told["cause"])
    alert = alerts.get(key)
    if alert is None or alert.episode < episode:
        since = store.read_moment(told["since"])
        alerts[key] = alert = Alert(key, cause, OPEN, since, episode)
    alert.cause = cause
    parts = frozenset(told["parts"])
    known = alert.told.setdefault(
        notice.recipient, Telling(notice.made_at, notice.made_at, parts, notice.notice_id)
    )
    known.last_at, known.parts = notice.made_at, known.parts | parts
    if told["event"] == OVER:
        known.is_over = True
        alert.state, alert.ended_at = RESOLVED, notice.made_at

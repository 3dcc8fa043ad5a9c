"""Runs that failed: how often in a row, when one is tried again by itself, and when that ends.

One that was told to stop didn't fail, and is gone on with.

A run that a person started isn't tried again: whoever started it reads what went wrong.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dagster_project import state
from dagster_project.errors import BusyError
from dagster_project.home import Home

# Before the second, third and fourth try. What passes by itself passes within the hour.
WAITS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))
# The outcome of a run that was told to stop: it neither failed nor came to its end.
TOLD_TO_STOP = "told to stop"
# Of more in a row, whoever stops them means it.
GONE_ON_WITH = 3
BROKE_OFF = "It broke off: its process was ended from outside, or the machine was."


@dataclass(frozen=True)
class Failures:
    """The runs that failed since the last that didn't: how many, the last one, and what it said."""

    count: int
    run_number: int
    at: datetime
    problem: str
    unattended: bool
    dagster_run: str = ""

    @property
    def next_try(self) -> datetime | None:
        """When it is tried again by itself; None where it isn't."""
        if not self.unattended or self.count > len(WAITS):
            return None
        return self.at + WAITS[self.count - 1]


def failures(home: Home, *, under_way: bool = False) -> Failures | None:
    """The runs that have failed since the last that didn't; None where the last one didn't.

    A run without an end is under way, or broke off.
    """
    with state.reading(home.state) as ledger:
        rows = ledger.execute(
            "select run_number, started_at, ended_at, outcome, summary from runs"
            " where run_number > coalesce((select max(run_number) from runs where outcome not in"
            " ('failed', 'stopped', :told)), 0) and outcome is distinct from :told"
            " order by run_number desc",
            {"told": TOLD_TO_STOP},
        ).fetchall()
    if rows and rows[0]["outcome"] is None and under_way:
        rows = rows[1:]
    if not rows:
        return None
    last = rows[0]
    summary = json.loads(last["summary"])
    told = summary.get("failure", {})
    return Failures(
        count=len(rows),
        run_number=last["run_number"],
        at=datetime.fromisoformat(last["ended_at"] or last["started_at"]).astimezone(UTC),
        problem=told.get("problem", BROKE_OFF),
        unattended=bool(summary.get("by", {}).get("unattended")),
        dagster_run=str(summary.get("by", {}).get("dagster_run", "")),
    )


def left_off(home: Home) -> int | None:
    """The number of the last run, if it was told to stop and nobody is at hand to go on with it.

    None where several in a row were: the next one is the schedule's, or the inbox's.
    """
    with state.reading(home.state) as ledger:
        rows = ledger.execute(
            "select run_number, outcome, summary from runs order by run_number desc limit ?",
            (GONE_ON_WITH + 1,),
        ).fetchall()
    stopped = list(itertools.takewhile(lambda row: row["outcome"] == TOLD_TO_STOP, rows))
    if not 1 <= len(stopped) <= GONE_ON_WITH:
        return None
    is_unattended = json.loads(stopped[0]["summary"]).get("by", {}).get("unattended")
    return int(stopped[0]["run_number"]) if is_unattended else None


def is_under_way(home: Home) -> bool:
    """True while another process refreshes this home; a moment later that may have changed."""
    from dagster_project.holding import take_lock

    if not home.root.is_dir():
        return False
    try:
        lock = take_lock(home)
    except BusyError:
        return True
    lock.release()
    return False

"""Landings that were taken back: their bytes stay, marked, and no row of theirs is read again.

The intent is recorded in `state.sqlite` first; `settle` does the rest, and does it again after a
kill. The mark beside the bytes is the receipt under another name, with the reason.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dagster_project import state
from dagster_project.home import Home
from dagster_project.landing import store


@dataclass(frozen=True)
class TakenBack:
    """One landing, by its bytes and the period that they spoke of; and why it was taken back."""

    sha256: str
    period: str | None
    reason: str
    at: str

    @property
    def name(self) -> tuple[str, str | None]:
        """What tells this landing from all others."""
        return (self.sha256, self.period)


def recorded(home: Home) -> list[TakenBack]:
    """All that was taken back, in the order of taking."""
    with state.reading(home.state) as ledger:
        rows = ledger.execute("select * from landings_taken_back order by rowid").fetchall()
    return [TakenBack(row["sha256"], row["period"], row["reason"], row["at"]) for row in rows]


def names(home: Home) -> set[tuple[str, str | None]]:
    """Which landings were taken back."""
    return {each.name for each in recorded(home)}


def take_back(home: Home, rows: Sequence[sqlite3.Row], reason: str) -> None:
    """After this those landings of the ledger are taken back."""
    moment = state.now()
    record(home, [TakenBack(row["sha256"], row["period"], reason, moment) for row in rows])
    settle(home)


def record(home: Home, stones: Iterable[TakenBack]) -> None:
    """After this they are on record; what was taken back before keeps its first reason."""
    with state.connect(home.state) as ledger:
        ledger.executemany(
            "insert into landings_taken_back (sha256, period, reason, at) values (?, ?, ?, ?)"
            " on conflict do nothing",
            [(stone.sha256, stone.period, stone.reason, stone.at) for stone in stones],
        )


def settle(home: Home) -> None:
    """After this what is on record as taken back has left the ledger, and its bytes are marked."""
    for each in recorded(home):
        with state.connect(home.state) as ledger:
            gone = ledger.execute(
                "delete from landings where sha256 = ? and period is ?", each.name
            ).rowcount
            if gone:
                # So that the file, if it stands in an inbox still, is looked at and told.
                ledger.execute("delete from sightings")
        receipt = home.landing / each.sha256 / store.receipt(each.period)
        if receipt.exists():
            note = json.loads(receipt.read_text(encoding="utf-8"))
            note |= {"taken_back_because": each.reason, "taken_back_at": each.at}
            store.annotate(home.landing, each.sha256, note, store.mark(each.period))
            receipt.unlink()


def marked(home: Home) -> list[TakenBack]:
    """What the marks in `landing/` say was taken back, the first first."""
    notes = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in home.landing.glob(f"*/{store.TAKEN_BACK}*.json")
    ]
    found = [
        TakenBack(n["sha256"], n["period"], n["taken_back_because"], n["taken_back_at"])
        for n in notes
    ]
    return sorted(found, key=lambda each: (each.at, each.sha256, each.period or ""))

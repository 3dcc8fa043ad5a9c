"""Asking the publishers for what is due, a source at a time; one that fails stops no other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dagster_project import progress, state
from dagster_project.calendar import sources_due
from dagster_project.errors import OutcomesError
from dagster_project.fetching import inbox, ledger
from dagster_project.fetching.addresses import Address, plan
from dagster_project.fetching.download import Fetched, Validators, download
from dagster_project.fetching.due import why_due
from dagster_project.fetching.problems import NoAnswer, RefusedAnswer
from dagster_project.fetching.wire import Wire
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.registry.registry import load_registry


@dataclass
class Told:
    """What came of one source: how many of its addresses gave what, and what went wrong."""

    source_id: str
    why: str | None = None
    next_due: date | None = None
    fetched: list[str] = field(default_factory=list)
    unchanged: int = 0
    problems: list[OutcomesError] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """In one word: not due, failed, refused, fetched or unchanged; the worst of them."""
        if self.why is None:
            return "not due"
        words = {getattr(problem, "word", "failed") for problem in self.problems}
        for word in ("failed", "refused"):
            if word in words:
                return word
        return "fetched" if self.fetched else "unchanged"

    def as_dict(self) -> dict[str, Any]:
        """The same for `--json` and for the summary."""
        return {
            "source_id": self.source_id,
            "outcome": self.outcome,
            "why": self.why,
            "next_due": self.next_due.isoformat() if self.next_due else None,
            "fetched": self.fetched,
            "unchanged": self.unchanged,
            "problems": [
                {**problem.as_dict(), "message": problem.message} for problem in self.problems
            ],
        }


def live_sources() -> tuple[str, ...]:
    """The sources that have an address to be asked at, sorted."""
    rows = load_registry(PROJECT_ROOT / "seeds").live_sources
    return tuple(sorted({row["source_id"] for row in rows}))


def fetch(
    home: Home,
    as_of: date,
    named: Sequence[str] = (),
    *,
    addresses: Sequence[Address] | None = None,
    wire: Wire | None = None,
    by_hand: bool = False,
) -> list[Told]:
    """After this the live inbox holds what the publishers serve now; what came of each source.

    All that are due are asked; or those `named`, due or not. One that fails stops no other.
    What a person names, `by_hand`, is asked also where its server wants to be left alone.
    """
    wanted = plan(load_registry(PROJECT_ROOT / "seeds")) if addresses is None else addresses
    home.make()
    inbox.tidy(home, wanted)
    next_due = {due.source_id: due.next_due for due in sources_due(home)}
    asking = Asking(home, wire or Wire(), insists=by_hand and bool(named))
    told = []
    for source_id, reason in why_due(home, wanted, as_of).items():
        if not named or source_id in named:
            reason = reason or ("asked for by name" if named else None)
            this = Told(source_id, reason, next_due.get(source_id))
            told.append(this)
            if reason is not None:
                progress.current().stage(f"Asking {source_id}")
                asking.ask_all([one for one in wanted if one.source_id == source_id], this)
    progress.current().finish()
    return told


@dataclass
class Asking:
    """One round of questions; which hosts gave no answer in it, and aren't asked for more."""

    home: Home
    wire: Wire
    insists: bool = False
    silent: dict[frozenset[str], NoAnswer] = field(default_factory=dict)

    def ask_all(self, addresses: Iterable[Address], told: Told) -> None:
        """After this each address was asked; `told` and the ledger say what came of it."""
        for address in addresses:
            moment = state.now()
            row = ledger.load(self.home).get(address.place)
            try:
                fetched = self._ask(address, row, moment)
                taken: inbox.Taken = "same"
                if fetched is None and ledger.was_dropped(row):
                    raise inbox.dropped_before(address)
                if fetched is not None:
                    taken = inbox.take(self.home, address, row, fetched, moment)
            except (NoAnswer, RefusedAnswer) as problem:
                told.problems.append(problem)
                ledger.note_bad(self.home, address, moment, problem)
                if isinstance(problem, NoAnswer) and problem.is_host:
                    self.silent.setdefault(address.origins, problem)
                continue
            if taken == "nothing":
                fetched = None
            ledger.note_good(self.home, address, moment, fetched, is_new=taken == "new")
            if taken == "new":
                told.fetched.append(address.place)
            else:
                told.unchanged += 1

    def _ask(self, address: Address, row: sqlite3.Row | None, moment: str) -> Fetched | None:
        until = None if row is None or self.insists else row["ask_after"]
        if until and until > moment:
            raise _left_alone(address, until)
        if (before := self.silent.get(address.origins)) is not None:
            raise _not_asked(address, before)
        known = ledger.validators(row, address) if inbox.is_kept(self.home, row) else Validators()
        return download(address, known, self.home.partial_downloads, self.wire)


def _left_alone(address: Address, until: str) -> NoAnswer:
    return NoAnswer(
        "it wasn't asked: its server asked to be left alone",
        ask_after=datetime.fromisoformat(until),
        file=address.place,
        expected=f"a refresh after {until}",
        fix=f"refresh again then; `outcomes refresh --live --source {address.source_id}` asks now",
    )


def _not_asked(address: Address, before: NoAnswer) -> NoAnswer:
    return NoAnswer(
        "it wasn't asked: its server gave no answer just before",
        ask_after=before.ask_after,
        file=address.place,
        got=before.got,
        expected="a server that answers",
        fix=before.fix or "refresh again later",
    )

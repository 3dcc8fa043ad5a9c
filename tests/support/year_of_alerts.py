"""A year of operation over a driven clock, and what the notices of that year come to.

Each source of the calendar publishes on its day, later, or too late; some files are damaged and
repaired, some values held, servers silent, runs failed. What truly was the case is written down as
it is made up; the audit reads the notices alone, and sets them against that.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dagster_project import state
from dagster_project.alerts import store
from dagster_project.alerts.causes import Cause, Spoiled
from dagster_project.alerts.kinds import KINDS
from dagster_project.alerts.machine import GREW, OPENED, OVER, RHYTHMS, STILL_OPEN
from dagster_project.alerts.routing import Directory
from dagster_project.calendar import add_working_days, expected_after, london_day, source_rows
from tests.support.alerts_place import Place

HOURS = (6, 10, 15)
BEGAN = date(2026, 1, 5)


@dataclass(frozen=True)
class Spell:
    """One cause from when it began until it ended (not included)."""

    cause: Cause
    begins: datetime
    ends: datetime

    def holds(self, at: datetime) -> bool:
        return self.begins <= at < self.ends


@dataclass
class Year:
    """What happens, made up from a number."""

    directory: Directory
    seed: int
    days: int
    spells: list[Spell] = field(default_factory=list)
    landings: list[tuple[str, date]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 (a story, no secret)
        for row in source_rows():
            if expected_after(row, BEGAN) is not None:
                self._source(row)
        for number in range(self.days // 4):
            self._passing(number)
        self.spells.sort(key=lambda spell: (spell.begins, spell.cause.key))

    def _source(self, row: dict[str, str]) -> None:
        source_id, grace = row["source_id"], int(row["grace_working_days"] or 0)
        last = BEGAN - timedelta(1)
        self.landings.append((source_id, last))
        end = BEGAN + timedelta(self.days)
        while (due := expected_after(row, last)) is not None and due < end:
            lateness = self.random.choices(
                (0, self.random.randint(0, max(grace, 1)), grace + self.random.randint(1, 30)),
                weights=(55, 30, 15),
            )[0]
            last = add_working_days(due, lateness)
            self.landings.append((source_id, last))
            overdue = add_working_days(due, grace) + timedelta(1)
            if last >= overdue:
                cause = Cause("source_overdue", source_id, source_id, parts=(due.isoformat(),))
                self.spells.append(Spell(cause, moment(overdue, 0), moment(last, 0)))
            self._damage(source_id, last)

    def _damage(self, source_id: str, day: date) -> None:
        if self.random.random() > 0.35:
            return
        begins = moment(day, self.random.choice((0, 9, 14)))
        ends = begins + timedelta(hours=self.random.randint(2, 24 * 40))
        if self.random.random() < 0.5:
            facts = {"file": f"{source_id}.csv", "problem": "a row breaks off", "indicators": 3}
            cause = Cause(
                "file_refused", f"{source_id}-{day}.csv", source_id, parts=("1",), facts=facts
            )
        else:
            cause = self._held(source_id, f"1.{len(self.spells)}.0")
        self.spells.append(Spell(cause, begins, ends))

    def _held(self, source_id: str, release: str) -> Cause:
        mine = [
            row["indicator_id"]
            for row in self.directory.registry.indicators
            if row["source_id"] == source_id
        ]
        spoils = tuple(
            Spoiled(
                name, (f"{name}: C43",), values=20, areas=12, periods="2025", detail={"kept": 9}
            )
            for name in mine[:4]
        )
        checks = [{"check_id": "C43", "title": "so it is", "values": 80, "groups": 0}]
        facts = {"release": release, "checks": checks, "files": []}
        return Cause("values_held", f"{source_id}/{release}", source_id, spoils=spoils, facts=facts)

    def _passing(self, number: int) -> None:
        """A silent server, or a run that fails: short, and not of any source's calendar."""
        day = BEGAN + timedelta(self.random.randrange(self.days))
        begins = moment(day, self.random.choice((0, 9, 14)))
        if self.random.random() < 0.5:
            cause = Cause(
                "run_failed",
                f"run {number}",
                parts=("x",),
                facts={"title": f"run {number}", "problem": "the disk is full"},
            )
        else:
            facts = {"problems": [["fingertips/a.csv", "no whole answer in 5 tries"]]}
            cause = Cause("source_unreachable", f"fingertips {number}", "fingertips", facts=facts)
        hours = self.random.choice((3, 12, 30, 100))
        self.spells.append(Spell(cause, begins, begins + timedelta(hours=hours)))

    def causes(self, at: datetime) -> list[Cause]:
        """All that is made up and holds at that moment; lateness is left to the calendar."""
        return [
            spell.cause
            for spell in self.spells
            if spell.holds(at) and spell.cause.kind != "source_overdue"
        ]

    def looks(self) -> Iterator[datetime]:
        """When the alerts are looked at: a few times a day."""
        for day in range(self.days):
            for hour in HOURS:
                yield moment(BEGAN + timedelta(day), hour)


def moment(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def live_through(place: Place, year: Year) -> None:
    """After this every look of the year was made, each with what held then."""
    pending = sorted(year.landings, key=lambda pair: pair[1])
    for at in year.looks():
        while pending and pending[0][1] <= london_day(at):
            _land(place, *pending.pop(0))
        place.at, place.causes = at, year.causes(at)
        place.look()


def _land(place: Place, source_id: str, day: date) -> None:
    with state.connect(place.home.state) as ledger:
        ledger.execute(
            "insert or ignore into landings (sha256, source_id, layout_id, relative_path, bytes,"
            " vintage, run_number, landed_at) values (?, ?, 'x', 'x', 1, ?, 1, ?)",
            (f"{source_id}{day}", source_id, day.isoformat(), f"{day}T00:00:00Z"),
        )


@dataclass
class Audit:
    """What the notices come to, against what was the case."""

    notices: Counter[str] = field(default_factory=Counter)
    digests: Counter[tuple[str, str]] = field(default_factory=Counter)
    told: int = 0
    false: list[Any] = field(default_factory=list)
    missed: list[Any] = field(default_factory=list)
    repeated: list[Any] = field(default_factory=list)
    late: list[Any] = field(default_factory=list)
    endings: int = 0
    endings_missed: list[Any] = field(default_factory=list)

    @property
    def most_digests_a_day(self) -> int:
        return max(self.digests.values(), default=0)


def audit(place: Place, year: Year) -> Audit:
    """The notices of the year, counted and set against what was the case."""
    found = Audit()
    with state.connect(place.home.state) as ledger:
        notices = store.notices(ledger)
    tellings: dict[tuple[str, str], list[tuple[datetime, str]]] = {}
    for notice in notices:
        found.notices[notice.recipient] += 1
        if not notice.is_urgent:
            found.digests[notice.recipient, notice.day] += 1
        for told in notice.content["tells"]:
            found.told += 1
            at_and_event = (notice.made_at, told["event"])
            tellings.setdefault((notice.recipient, told["alert_key"]), []).append(at_and_event)
    looks = list(year.looks())
    spells: dict[str, list[Spell]] = {}
    for spell in year.spells:
        spells.setdefault(spell.cause.key, []).append(spell)
    for (recipient, key), events in tellings.items():
        _audit_told(found, year, recipient, key, events, spells.get(key, []))
    for spell in year.spells:
        _audit_spell(found, year, spell, looks, tellings)
    return found


def _audit_told(
    found: Audit,
    year: Year,
    recipient: str,
    key: str,
    events: list[tuple[datetime, str]],
    spells: list[Spell],
) -> None:
    rhythm = RHYTHMS[year.directory.recipients[recipient].rhythm]
    last: datetime | None = None
    is_open = False
    for at, event in events:
        holds = any(spell.holds(at) for spell in spells)
        what = (recipient, key, at, event)
        if holds == (event == OVER):
            found.false.append(what)
        if event in (OPENED, OVER) and is_open == (event == OPENED):
            found.repeated.append(what)
        if event == STILL_OPEN and last is not None and at.date() - last.date() < rhythm:
            found.repeated.append(what)
        if event == GREW:
            found.repeated.append(what)
        is_open = event != OVER
        last = at


def _audit_spell(
    found: Audit,
    year: Year,
    spell: Spell,
    looks: list[datetime],
    tellings: dict[tuple[str, str], list[tuple[datetime, str]]],
) -> None:
    kind = KINDS[spell.cause.kind]
    seen = [at for at in looks if spell.holds(at)]
    patience = timedelta(hours=kind.patience_hours)
    ripe = [at for at in seen if seen and at - seen[0] >= patience]
    if not ripe:
        return
    # What waits for a digest waits until the next day's at most.
    until = ripe[0] if kind.is_urgent else ripe[0] + timedelta(1)
    for stake in year.directory.stakes(spell.cause):
        events = tellings.get((stake.recipient, spell.cause.key), [])
        opened = [at for at, event in events if event == OPENED and spell.holds(at)]
        if not opened:
            # Over before the next digest: nobody need be told.
            if kind.is_urgent or seen[-1] >= until:
                found.missed.append((stake.recipient, spell.cause.key, ripe[0]))
            continue
        if opened[0] > until:
            found.late.append((stake.recipient, spell.cause.key, ripe[0], opened[0]))
        if spell.ends + timedelta(1, hours=12) < looks[-1]:
            found.endings += 1
            limit = spell.ends + timedelta(2)
            if not any(event == OVER and spell.ends <= at <= limit for at, event in events):
                found.endings_missed.append((stake.recipient, spell.cause.key, spell.ends))

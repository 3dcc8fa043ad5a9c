"""When each source is due, from the calendar in `seeds/sources.csv`, and which are overdue.

Working days are Mondays to Fridays without England's bank holidays (`seeds/bank_holidays.csv`).
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from dagster_project import state
from dagster_project.home import PROJECT_ROOT, Home

MONTHS_BETWEEN = {"monthly": 1, "quarterly": 3, "annual": 12}
LONDON = ZoneInfo("Europe/London")


def london_day(moment: datetime) -> date:
    """The day that it is in London, where publishers and owners work."""
    return moment.astimezone(LONDON).date()


def today() -> date:
    """The day that it is now, where publishers and owners work, whatever the machine's own zone."""
    return london_day(datetime.now(UTC))


def wanted_day(written: str) -> str:
    """What was expected in the place of a text that is no day: another day, or another form."""
    is_written_so = re.fullmatch(r"\d{4}-\d{2}-\d{2}", written)
    return "a day that the calendar has" if is_written_so else "YYYY-MM-DD"


@dataclass(frozen=True)
class SourceDue:
    """A source, when it was last seen and when its next extract is expected."""

    source_id: str
    title: str
    cadence: str
    owner: str
    last_landed: date | None
    next_due: date | None
    overdue_after: date | None

    def is_overdue(self, as_of: date) -> bool:
        """True if the next extract should have been here by now, grace included."""
        return self.overdue_after is not None and as_of > self.overdue_after

    def standing(self, as_of: date) -> str:
        """Where the source stands on that day, in the words that `outcomes status` has."""
        if self.last_landed is None:
            return "never landed"
        if self.next_due is None or as_of < self.next_due:
            return "up to date"
        if self.is_overdue(as_of):
            return "overdue"
        return "due" if as_of == self.next_due else "late"

    def working_days_late(self, as_of: date) -> int:
        """How many working days have passed since the next extract was expected."""
        return 0 if self.next_due is None else working_days_between(self.next_due, as_of)


@cache
def source_rows() -> tuple[dict[str, str], ...]:
    """The rows of `seeds/sources.csv`, in its order."""
    path = PROJECT_ROOT / "seeds" / "sources.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


def expected_after(row: dict[str, str], day: date) -> date | None:
    """The first expected day of a source after `day`; None for a source without a rhythm."""
    step = MONTHS_BETWEEN.get(row["cadence"])
    if step is None or not row["expected_month"]:
        return None
    month, wished = int(row["expected_month"]), int(row["expected_day"] or 1)
    months = day.year * 12 + (month - 1) % step
    while (expected := _day_in_month(months, wished)) <= day:
        months += step
    return expected


def expected_by(row: dict[str, str], day: date) -> date | None:
    """The last expected day of a source up to and including `day`; None without a rhythm."""
    found = None
    expected = expected_after(row, day - timedelta(400))
    while expected is not None and expected <= day:
        found, expected = expected, expected_after(row, expected)
    return found


def _day_in_month(months: int, wished: int) -> date:
    year, month = divmod(months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(wished - 1), first_of_next - timedelta(1))


@cache
def bank_holidays() -> frozenset[date]:
    """The bank holidays of England that `seeds/bank_holidays.csv` knows."""
    path = PROJECT_ROOT / "seeds" / "bank_holidays.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return frozenset(date.fromisoformat(row["day"]) for row in csv.DictReader(stream))


def is_working_day(day: date) -> bool:
    """True for a Monday to Friday that is no bank holiday."""
    return day.weekday() < 5 and day not in bank_holidays()


def add_working_days(day: date, count: int) -> date:
    """The working day that is `count` working days after `day`; `day` itself for none."""
    while count > 0:
        day += timedelta(1)
        count -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days there are after `start`, up to and including `end`."""
    days = range((end - start).days)
    return sum(is_working_day(start + timedelta(1 + day)) for day in days)


def sources_due(home: Home) -> list[SourceDue]:
    """Every source of the calendar with its last landing and what it owes next."""
    with state.reading(home.state) as ledger:
        rows = ledger.execute(
            "select source_id, max(coalesce(vintage, substr(landed_at, 1, 10))) as seen"
            " from landings group by source_id"
        ).fetchall()
    seen = {row["source_id"]: date.fromisoformat(row["seen"]) for row in rows}
    return [_due(row, seen.get(row["source_id"])) for row in source_rows()]


def _due(row: dict[str, str], last: date | None) -> SourceDue:
    expected = expected_after(row, last) if last else None
    grace = int(row["grace_working_days"] or 0)
    return SourceDue(
        source_id=row["source_id"],
        title=row["title"],
        cadence=row["cadence"],
        owner=row["owner"],
        last_landed=last,
        next_due=expected,
        overdue_after=add_working_days(expected, grace) if expected else None,
    )


def stale_sources(home: Home, as_of: date) -> list[str]:
    """Sources whose next extract is overdue on that day: their values are marked stale."""
    return [due.source_id for due in sources_due(home) if due.is_overdue(as_of)]

"""Working days have no weekend and no bank holiday in them; a source is due, late, overdue."""

from __future__ import annotations

from datetime import date

import pytest

from dagster_project.calendar import (
    SourceDue,
    add_working_days,
    bank_holidays,
    is_working_day,
    working_days_between,
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-26", True),
        ("2026-11-28", False),  # a Saturday
        ("2026-12-25", False),
        ("2026-12-28", False),  # in place of Boxing Day, a Saturday
        ("2026-04-03", False),  # Good Friday
        ("2026-05-25", False),
        ("2026-12-29", True),
    ],
)
def test_working_days(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


def test_christmas_is_passed_over() -> None:
    assert add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 29)
    assert add_working_days(date(2026, 12, 24), 3) == date(2026, 12, 31)
    assert add_working_days(date(2026, 12, 24), 0) == date(2026, 12, 24)
    assert working_days_between(date(2026, 12, 24), date(2026, 12, 31)) == 3
    assert working_days_between(date(2026, 12, 24), date(2026, 12, 24)) == 0


def test_every_year_of_the_list_has_its_eight() -> None:
    years = [day.year for day in bank_holidays()]
    assert {year: years.count(year) for year in set(years)} == dict.fromkeys(range(2024, 2036), 8)


@pytest.mark.parametrize(
    ("day", "standing", "late"),
    [
        ("2026-09-25", "up to date", 0),
        ("2026-09-28", "due", 0),
        ("2026-09-29", "late", 1),
        ("2026-10-09", "late", 9),
        ("2026-10-12", "late", 10),
        ("2026-10-13", "overdue", 11),
    ],
)
def test_a_source_stands_by_its_calendar(day: str, standing: str, late: int) -> None:
    due = date(2026, 9, 28)
    source = SourceDue(
        "qof", "QOF", "annual", "primary-care-analysts", date(2025, 9, 26), due,
        overdue_after=add_working_days(due, 10),
    )  # fmt: skip
    assert source.standing(date.fromisoformat(day)) == standing
    assert source.working_days_late(date.fromisoformat(day)) == late


def test_what_never_landed_is_not_late() -> None:
    source = SourceDue("qof", "QOF", "annual", "primary-care-analysts", None, None, None)
    assert source.standing(date(2026, 11, 26)) == "never landed"
    assert source.working_days_late(date(2026, 11, 26)) == 0

"""A file whose periods are all labelled a year late is told by what was published."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from tests.support import models

AREAS = [f"E060000{number:02}" for number in range(1, 21)]


def year(first: int, shift: int = 0, only: int = len(AREAS)) -> list[dict[str, Any]]:
    """The values of a year, each its own; `shift` labels them as those of another."""
    return [
        models.value(
            area_code=area,
            value=10.0 + place + first / 10_000,
            period_start=f"{first + shift}-04-01",
            period_end=f"{first + shift + 1}-03-31",
        )
        for place, area in enumerate(AREAS[:only])
    ]


def shares(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> dict[int, Any]:
    """The figure by the year in which the period begins, and how many values it speaks of."""
    key = ", ".join(models.given("key_columns"))
    with duckdb.connect() as con:
        models.load(con, "run_previous_values", before)
        models.load(con, "given", now)
        con.execute(f"create table candidate_values as select hash({key}) as row_id, * from given")
        found = con.execute(
            "select year(period_start), shifted_share, n_compared"
            f" from ({models.model_sql('evidence/evidence_shifted.sql')})"
        ).fetchall()
    return {start: (share, count) for start, share, count in found}


def test_all_years_a_year_late_are_told_the_newest_too() -> None:
    before = [*year(2018), *year(2019)]
    now = [*year(2018, 1), *year(2019, 1), *year(2020, 1)]
    # 2021 holds 2020's figures, which were never published; what came with it was.
    assert shares(before, now) == {
        start: (pytest.approx(38 / 40), 20) for start in (2019, 2020, 2021)
    }


def test_a_new_year_beside_years_that_stand_is_none() -> None:
    before = [*year(2018), *year(2019)]
    assert shares(before, [*before, *year(2020)]) == {2020: (0, 20)}


def test_what_was_not_published_before_can_not_be_repeated() -> None:
    assert shares(year(2018)[:1], year(2021)) == {}

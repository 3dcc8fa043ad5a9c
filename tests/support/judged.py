"""A small warehouse of evidence, sound but for what a test says, and what is judged of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb
import pandas

from dagster_project.home import PROJECT_ROOT
from dagster_project.judging.judge import JudgementSummary, judge
from dagster_project.judging.sql import fill, quote
from dagster_project.judging.suites import Check, Suite, load_suites


def about_rows(suite: Suite) -> Suite:
    """The suite with those of its checks that a row can be given to fail."""
    checks = [check for check in suite.checks if check.rows and "max_value" in check.arguments]
    return replace(suite, checks=tuple(checks))


ALL_SUITES = load_suites(PROJECT_ROOT / "expectations")
SUITES = tuple(
    about_rows(suite)
    for suite in ALL_SUITES
    if suite.frame == "evidence_groups" and about_rows(suite).checks
)
CHECKS = [check for suite in SUITES for check in suite.checks]
FIGURES = [str(check.rows) for check in CHECKS]
APPLIES = sorted({check.applies for check in CHECKS if check.applies})
DENSE = len(CHECKS) + 1  # and C62


@dataclass
class Evidence:
    """A small warehouse: rows with figures, and the groups that they make up."""

    con: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)
    rows: list[dict[str, Any]] = field(default_factory=list)
    expected: dict[int, Any] = field(default_factory=dict)

    def add(self, group: int, count: int = 3, **figures: Any) -> None:
        """A group of rows, all sound but for the figures given to its first."""
        self.expected.setdefault(group, True)
        for place in range(count):
            row_id = 2**64 - 1 - 1000 * group - place
            sound = dict.fromkeys(FIGURES, 0.0)
            given = figures if place == 0 else {}
            self.rows.append({"row_id": row_id, "group_id": group, **sound, **given})

    def build(self) -> None:
        """After this both tables are there, with as many rows in each group as it says."""
        types = dict.fromkeys(FIGURES, "float64") | {"row_id": "uint64", "group_id": "int64"}
        rows = pandas.DataFrame(self.rows, columns=["row_id", "group_id", *FIGURES]).astype(types)
        grid = pandas.DataFrame(
            {"grid_id": list(self.expected), "expects_values": list(self.expected.values())}
        )
        # No check has to apply unless a test says so: what is there is tested all the same.
        applies = "".join(f", false as {quote(name)}" for name in APPLIES)
        self.con.register("given_rows", rows)
        self.con.register("grid", grid)
        self.con.execute("create or replace table evidence_rows as from given_rows")
        self.con.execute(fill(GROUPS, applies=applies))
        self.con.unregister("given_rows")
        self.con.unregister("grid")

    def judge(self, suites: tuple[Suite, ...] = SUITES, **more: Any) -> JudgementSummary:
        return judge(
            self.con, suites, groups_table="evidence_groups", rows_table="evidence_rows", **more
        )

    def outcome(self, check_id: str, group: int) -> tuple[Any, ...]:
        """Outcome, tested, failed, reach and note."""
        return self.query(
            "select outcome, tested, failed, reach, note from judged.check_results "
            "where check_id = ? and group_id = ?",
            [check_id, group],
        )[0]

    def outcomes_of(self, check_id: str) -> dict[int, tuple[Any, ...]]:
        """The same of each group, by the group."""
        return {
            row[0]: row[1:]
            for row in self.query(
                "select group_id, outcome, tested, failed, reach, note from judged.check_results "
                "where check_id = ?",
                [check_id],
            )
        }

    def outcomes_in(self, group: int) -> dict[str, tuple[Any, ...]]:
        """The same of each check, by the check."""
        return {
            row[0]: row[1:]
            for row in self.query(
                "select check_id, outcome, tested, failed, reach, note from judged.check_results "
                "where group_id = ?",
                [group],
            )
        }

    def query(self, statement: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        return self.con.execute(statement, values or []).fetchall()


GROUPS = """
    create or replace table evidence_groups as
    select
        grid_id as group_id, 'indicator_' || grid_id as indicator_id, 'county' as area_type,
        'calendar_year' as period_type, date '2025-01-01' as period_start,
        date '2025-12-31' as period_end, 'publisher' as source_id, any_value(expects_values)
        as expects_values, count(row_id) as n_rows {applies}
    from grid left join evidence_rows on grid_id = group_id
    group by grid_id
"""


@contextmanager
def evidence() -> Iterator[Evidence]:
    """Evidence without a row, as long as the block lasts."""
    made = Evidence()
    try:
        yield made
    finally:
        made.con.close()


def only(*check_ids: str) -> tuple[Suite, ...]:
    """The suites with those checks alone: each check takes its time, and most tests ask of one."""
    found = (
        replace(suite, checks=tuple(c for c in suite.checks if c.check_id in check_ids))
        for suite in SUITES
    )
    return tuple(suite for suite in found if suite.checks)


def beyond(check: Check) -> float:
    """The first figure that fails the check."""
    return math.nextafter(check.arguments["max_value"], math.inf)

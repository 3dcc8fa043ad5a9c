"""The tables of the `judged` schema. Every outcome is stored: a pass is a fact, not an absence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from dagster_project.judging.outcomes import Outcome
from dagster_project.judging.rows import registered
from dagster_project.judging.sql import fill, quote, relation
from dagster_project.judging.suites import REACHES, Check

if TYPE_CHECKING:
    import duckdb
    import pandas

SCHEMA = "judged"
CHECK_RESULTS = "judged.check_results"
FAILURES = "judged.failures"
SEAL = "judged.seal"

# What names a group to a person and to the publisher; copied into every result.
GROUP_COLUMNS = {
    "indicator_id": "varchar",
    "area_type": "varchar",
    "period_type": "varchar",
    "period_start": "date",
    "period_end": "date",
    "source_id": "varchar",
}

START = (
    "create schema if not exists judged",
    # First of all: results that are being replaced must not stay sealed if this run dies.
    "drop table if exists judged.seal",
    "drop table if exists judged.check_results",
    "create or replace table judged.outcomes (check_id varchar, group_id bigint, outcome varchar, "
    "tested bigint, failed bigint, observed double, reach varchar, note varchar)",
    "create or replace table judged.unsorted_failures (check_id varchar, row_id ubigint, "
    "group_id bigint, severity varchar, reach varchar, observed double)",
)
ADD_OUTCOMES = """
    insert into judged.outcomes
    select ?, key, outcome, cast(tested as bigint), cast(failed as bigint), observed, reach, note
    from found
"""
ADD_FAILURES = """
    insert into judged.unsorted_failures
    select ?, cast(row_id as ubigint), cast(group_id as bigint), ?, ?, cast(observed as double)
    from found
"""
FINISH = """
    create or replace table judged.check_results as
    select
        outcomes.check_id,
        outcomes.group_id,
        checks.question,
        checks.title,
        checks.severity,
        checks.owner,
        outcomes.outcome,
        {group_columns},
        outcomes.tested,
        outcomes.failed,
        outcomes.observed,
        checks.bound,
        outcomes.reach,
        outcomes.note,
    from judged.outcomes
    join checks using (check_id)
    join {groups} as groups on groups.{key} = outcomes.group_id
    order by outcomes.check_id, {group_names}, outcomes.group_id
"""
SORT_FAILURES = """
    create or replace table judged.failures as
    select * from judged.unsorted_failures
    order by check_id, row_id, group_id
"""


def start_results(con: duckdb.DuckDBPyConnection) -> None:
    """After this nothing judged before is there, and no seal."""
    for statement in START:
        con.execute(statement)


def add_outcomes(
    con: duckdb.DuckDBPyConnection, check: Check, by_key: pandas.DataFrame, listed: bool
) -> None:
    """After this the outcomes of one check are stored; `listed` if its failing rows are."""
    stored = by_key.assign(reach=_reaches(check, by_key["outcome"], listed))
    with registered(con, stored, "found"):
        con.execute(ADD_OUTCOMES, [check.check_id])


def add_failures(
    con: duckdb.DuckDBPyConnection, check: Check, rows: pandas.DataFrame, listed: bool
) -> None:
    """After this the failing rows of one check are stored with what each of them holds."""
    reach = held_by(check, check_failed=True, listed=listed)
    with registered(con, rows, "found"):
        con.execute(ADD_FAILURES, [check.check_id, check.stored_severity, reach])


def held_by(check: Check, *, check_failed: bool, listed: bool) -> str:
    """What is held: as the suite says, but the whole group where no single value can be named.

    That goes for a check that broke, for one over the cap and for one without row figures.
    """
    if not check.blocks:
        return "nothing"
    if check_failed and listed:
        return check.reach
    return max(check.reach, "group", key=REACHES.index)


def _reaches(check: Check, outcomes: Iterable[str], listed: bool) -> list[str]:
    by_outcome = {outcome.value: "nothing" for outcome in Outcome}
    by_outcome[Outcome.FAILED.value] = held_by(check, check_failed=True, listed=listed)
    by_outcome[Outcome.ERROR.value] = held_by(check, check_failed=False, listed=listed)
    return [by_outcome[outcome] for outcome in outcomes]


def finish_results(
    con: duckdb.DuckDBPyConnection,
    asked: Sequence[tuple[str, Check]],
    *,
    groups_table: str,
    key: str,
) -> None:
    """After this the results are whole, in a fixed order, with the words of each check."""
    import pandas

    checks = pandas.DataFrame(
        [
            (
                check.check_id,
                question,
                check.title,
                check.stored_severity,
                check.owner,
                check.bound,
            )
            for question, check in asked
        ],
        columns=["check_id", "question", "title", "severity", "owner", "bound"],
    )
    cast = [f"cast(groups.{quote(n)} as {kind}) as {n}" for n, kind in GROUP_COLUMNS.items()]
    statement = fill(
        FINISH,
        group_columns=", ".join(cast),
        group_names=", ".join(GROUP_COLUMNS),
        groups=relation(groups_table),
        key=quote(key),
    )
    with registered(con, checks, "checks"):
        con.execute(statement)
    con.execute(SORT_FAILURES)
    con.execute("drop table judged.outcomes")
    con.execute("drop table judged.unsorted_failures")

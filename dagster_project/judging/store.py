"""The tables of the `judged` schema. Every outcome is stored: a pass is a fact, not an absence."""

from __future__ import annotations

from collections.abc import Sequence
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
    # Until they are whole they are this connection's own, and no log of them is written.
    "create or replace temp table judged_outcomes (check_id varchar, group_id bigint, "
    "outcome varchar, tested bigint, failed bigint, observed double, reach varchar, note varchar)",
    "create or replace temp table unsorted_failures (check_id varchar, row_id ubigint, "
    "group_id bigint, severity varchar, reach varchar, observed double)",
)
ADD_OUTCOMES = """
    insert into judged_outcomes
    select $check_id, key, outcome, cast(tested as bigint), cast(failed as bigint), observed,
        case outcome when 'fail' then $failed when 'error' then $broken else 'nothing' end, note
    from found
"""
ADD_FAILURES = """
    insert into unsorted_failures
    select ?, cast(row_id as ubigint), cast(group_id as bigint), ?, ?, cast(observed as double)
    from found
"""
# Sorted by two numbers: the names of a million and a half groups would be sorted at length.
FINISH = """
    create or replace table judged.check_results as
    with placed as (
        select
            groups.{key} as group_id,
            {group_columns},
            row_number() over (order by {group_names}, groups.{key}) as place,
        from {groups} as groups
    )
    select
        outcomes.check_id,
        outcomes.group_id,
        checks.question,
        checks.title,
        checks.severity,
        checks.owner,
        outcomes.outcome,
        {placed_columns},
        outcomes.tested,
        outcomes.failed,
        outcomes.observed,
        checks.bound,
        outcomes.reach,
        outcomes.note,
    from judged_outcomes as outcomes
    join checks using (check_id)
    join placed using (group_id)
    order by checks.place, placed.place
"""
SORT_FAILURES = """
    create or replace table judged.failures as
    select * from unsorted_failures
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
    import pandas

    # Few words on many keys: read as numbers, they cost less than strings do.
    words = {
        "outcome": pandas.Categorical(by_key["outcome"], categories=[*Outcome]),
        "note": pandas.Categorical(by_key["note"]),
    }
    reaches = {
        "failed": held_by(check, check_failed=True, listed=listed),
        "broken": held_by(check, check_failed=False, listed=listed),
    }
    with registered(con, by_key.assign(**words), "found"):
        con.execute(ADD_OUTCOMES, {"check_id": check.check_id, **reaches})


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


def finish_results(
    con: duckdb.DuckDBPyConnection,
    asked: Sequence[tuple[str, Check]],
    *,
    groups_table: str,
    key: str,
) -> None:
    """After this the results are whole, in a fixed order, with the words of each check."""
    import pandas

    words = ["check_id", "question", "title", "severity", "owner", "bound"]
    checks = pandas.DataFrame(
        sorted(
            (
                check.check_id,
                question,
                check.title,
                check.stored_severity,
                check.owner,
                check.bound,
            )
            for question, check in asked
        ),
        columns=words,
    )
    checks["place"] = range(len(checks))
    cast = [f"cast(groups.{quote(n)} as {kind}) as {n}" for n, kind in GROUP_COLUMNS.items()]
    statement = fill(
        FINISH,
        group_columns=", ".join(cast),
        group_names=", ".join(f"groups.{quote(name)}" for name in GROUP_COLUMNS),
        placed_columns=", ".join(f"placed.{name}" for name in GROUP_COLUMNS),
        groups=relation(groups_table),
        key=quote(key),
    )
    with registered(con, checks, "checks"):
        con.execute(statement)
    con.execute(SORT_FAILURES)
    con.execute("drop table judged_outcomes")
    con.execute("drop table unsorted_failures")

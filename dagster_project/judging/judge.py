"""Judgement: every check on every group, then the failing rows, and every outcome stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dagster_project.errors import OutcomesError
from dagster_project.judging.engine import check_with_engine, judge_frame
from dagster_project.judging.groups import read_groups
from dagster_project.judging.rows import RowJudge
from dagster_project.judging.settling import Bench, Progress, rows_asked
from dagster_project.judging.sql import fill, one_number
from dagster_project.judging.store import (
    CHECK_RESULTS,
    FAILURES,
    finish_results,
    start_results,
)
from dagster_project.judging.suites import (
    SOMETHING_JUDGED,
    SOMETHING_JUDGED_QUESTION,
    Check,
    Suite,
    loaded_digest,
)

if TYPE_CHECKING:
    import duckdb
    import pandas

# More failing values than this aren't listed one by one: whoever has so many has one cause.
LISTED_FAILURES = 10_000
CHUNK_ROWS = 1_000_000
# Some twenty areas by code: who lacks more has one cause as well.
LONGEST_NOTE = 220


@dataclass(frozen=True)
class JudgementSummary:
    """What was judged. `outcomes` counts results; `capped` names checks that list no values."""

    checks: int
    groups: int
    results: int
    failures: int
    outcomes: Mapping[str, int]
    capped: tuple[str, ...]
    suite_digest: str


def judge(
    con: duckdb.DuckDBPyConnection,
    suites: Sequence[Suite],
    *,
    groups_table: str,
    rows_table: str,
    on_progress: Progress | None = None,
    cap: int = LISTED_FAILURES,
    chunk_rows: int = CHUNK_ROWS,
) -> JudgementSummary:
    """After this `judged.check_results` has one row a check and group, and nothing is sealed."""
    start_results(con)
    _check_frames(suites, groups_table, rows_table)
    check_with_engine(suites)
    key = suites[0].key
    asked = [(suite.question, check) for suite in suites for check in suite.checks]
    checks = [check for _, check in asked]
    read = read_groups(con, checks, groups_table=groups_table, rows_table=rows_table, key=key)
    groups = read.frame
    row_judge = RowJudge(con, rows_table, cap, chunk_rows)
    bench = Bench(con, read.broken, on_progress or (lambda _: None))
    # All verdicts on groups come first: what rows they ask for is read once.
    heard = [
        bench.hear(verdict, suite) for suite in suites for verdict in judge_frame(groups, suite)
    ]
    with row_judge.at_hand(rows_asked(heard, groups, key)) as at_hand:
        for each in heard:
            bench.settle(each, at_hand, _named(groups, each.check))
    bench.settle_coverage(groups, key)
    asked.append((SOMETHING_JUDGED_QUESTION, SOMETHING_JUDGED))
    finish_results(con, asked, groups_table=groups_table, key=key)
    return _summary(con, suites, len(asked), len(groups), tuple(bench.capped))


def _named(groups: pandas.DataFrame, check: Check) -> Any:
    """What fails in each group, by name and cut short; None if the check names nothing."""
    if check.names is None or check.names not in groups.columns:
        return None
    told = groups[check.names].fillna("")
    cut = told.str.slice(0, LONGEST_NOTE) + " …"
    return told.where(told.str.len() <= LONGEST_NOTE, cut).to_numpy(dtype=object)


def _check_frames(suites: Sequence[Suite], groups_table: str, rows_table: str) -> None:
    """The suites must speak of the tables given: a suite about others would be passed over."""
    if not suites:
        raise OutcomesError(
            "there are no suites, so nothing would be judged",
            got="none",
            expected="at least one",
            fix="restore the files of expectations/",
        )
    groups, rows = (name.rsplit(".", 1)[-1] for name in (groups_table, rows_table))
    for suite in suites:
        about = (suite.frame, suite.key, suite.rows_frame or rows)
        if about != (groups, suites[0].key, rows):
            raise OutcomesError(
                "the suite is about other tables than those that are judged",
                file=suite.file,
                place="frame, key, rows_frame",
                got=", ".join(about),
                expected=", ".join((groups, suites[0].key, rows)),
                fix="correct the suite's frame, key and rows_frame",
            )


def _summary(
    con: duckdb.DuckDBPyConnection,
    suites: Sequence[Suite],
    checks: int,
    groups: int,
    capped: tuple[str, ...],
) -> JudgementSummary:
    """What was stored, counted; OutcomesError unless that is every check on every group."""
    by_outcome = fill(
        "select outcome, count(*) from {table} group by outcome order by outcome",
        table=CHECK_RESULTS,
    )
    outcomes = {str(row[0]): int(row[1]) for row in con.execute(by_outcome).fetchall()}
    results = sum(outcomes.values())
    if results != checks * groups:
        raise OutcomesError(
            "outcomes are missing or stored twice",
            place=CHECK_RESULTS,
            got=f"{results} results",
            expected=f"{checks} checks x {groups} groups = {checks * groups}",
            fix="report this: a result that is missing must not be taken for a pass",
        )
    failures = one_number(con, fill("select count(*) from {table}", table=FAILURES))
    return JudgementSummary(
        checks, groups, results, failures, outcomes, capped, loaded_digest(suites)
    )

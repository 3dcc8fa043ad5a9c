"""How long it takes to judge many values: `python -m tests.bench.judging` (10 million by default).

The values are made up, straight as evidence: a group's figures are those of its rows, a few rows
fail each check that has rows, and one check fails more rows than are listed. What is measured is
the judging as a refresh does it, stage by stage, and the digest that publishing takes.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import duckdb

from dagster_project.home import PROJECT_ROOT
from dagster_project.judging import judge as judging
from dagster_project.judging.seal import rows_digest
from dagster_project.judging.suites import Check, load_suites
from dagster_project.warehouse import SETTINGS

PER_GROUP = 360
# Of each check that has rows, one row in so many fails; of the first, one in a hundred.
ONE_FAILS_IN, FLOOD_IN = 200_000, 100
AIMS = {"rows": 20.0, "groups, storage, verdicts": 10.0, "digest": 1.5}
AIM_MB = 3_000


def make_values(con: duckdb.DuckDBPyConnection, rows: int, checks: list[Check]) -> None:
    """After this `values`, `evidence_rows` and `evidence_groups` are there."""
    con.execute(
        "create table judged_values as select hash(i) as row_id,"
        " cast(i // ? as bigint) as group_id, 'indicator_' || (i // (? * 100)) as indicator_id,"
        " 'E06' || lpad((i % ?)::varchar, 6, '0')"
        " as area_code, random() * 100 as value, random() * 90 as lower_95, 100.0 as upper_95,"
        " round(random() * 1000) as numerator, 1000.0 as denominator, 'published' as status"
        " from range(?) as numbers(i)",
        [PER_GROUP, PER_GROUP, PER_GROUP, rows],
    )
    figures = []
    for place, check in enumerate(checks):
        bound = float(check.arguments.get("max_value", check.arguments.get("min_value", 0)))
        beyond = bound + 1 if "max_value" in check.arguments else bound - 1
        one_in = FLOOD_IN if place == 0 else ONE_FAILS_IN
        figures.append(
            f"case when (row_id + {place * 7919}) % {one_in} = 0 then {beyond!r}::double"
            f" else {bound!r}::double end as {check.rows}"
        )
    con.execute(
        f"create table evidence_rows as select row_id, group_id, {', '.join(figures)}"
        " from judged_values"
    )
    con.execute(
        "create table evidence_groups as select group_id, 'indicator_' || group_id // 100"
        " as indicator_id, 'utla' as area_type, 'financial_year' as period_type,"
        " date '2000-04-01' + to_days(cast(group_id % 100 as integer) * 365)::interval"
        " as period_start, date '2001-03-31' as period_end, 'made_up' as source_id,"
        " true as expects_values, count(*) as n_rows from evidence_rows group by group_id"
    )


def add_group_checks(con: duckdb.DuckDBPyConnection, checks: list[Check]) -> None:
    """After this the groups have the figures that no row has, all of them within their bounds."""
    there = {row[0] for row in con.execute("describe evidence_groups").fetchall()}
    for check in checks:
        bound = check.arguments.get("max_value", check.arguments.get("min_value", 0))
        wanted = {check.column: f"{float(bound)!r}::double", check.tested: "n_rows"}
        for name, made in wanted.items():
            if name not in there:
                con.execute(f"alter table evidence_groups add column {name} double")
                con.execute(f"update evidence_groups set {name} = {made}")
                there.add(name)


@dataclass
class Spent:
    """Seconds by the clock and of CPU, all threads together."""

    wall: float = 0.0
    cpu: float = 0.0

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.wall - other.wall, self.cpu - other.cpu)


@contextmanager
def clock(spent: dict[str, Spent], stage: str) -> Iterator[None]:
    """Adds what the block takes to the stage."""
    wall, cpu = time.monotonic(), time.process_time()
    try:
        yield
    finally:
        so_far = spent.setdefault(stage, Spent())
        so_far.wall += time.monotonic() - wall
        so_far.cpu += time.process_time() - cpu


def measure(con: duckdb.DuckDBPyConnection) -> tuple[dict[str, Spent], judging.JudgementSummary]:
    """What each stage took, and what the judging came to."""
    spent: dict[str, Spent] = {}
    read, of_rows = judging.read_groups, judging.RowJudge.judge

    def timed_read(*given: object, **named: object) -> object:
        with clock(spent, "rows"):
            return read(*given, **named)  # type: ignore[arg-type]  # passed on as they came

    def timed_rows(*given: object) -> object:
        with clock(spent, "rows"):
            return of_rows(*given)  # type: ignore[arg-type]  # passed on as they came

    with (
        patch.object(judging, "read_groups", timed_read),
        patch.object(judging.RowJudge, "judge", timed_rows),
        clock(spent, "all"),
    ):
        summary = judging.judge(
            con,
            load_suites(PROJECT_ROOT / "expectations"),
            groups_table="evidence_groups",
            rows_table="evidence_rows",
        )
    spent["groups, storage, verdicts"] = spent.pop("all") - spent["rows"]
    with clock(spent, "digest"):
        columns = [row[0] for row in con.execute("describe judged_values").fetchall()]
        rows_digest(con, "judged_values", columns)
    return spent, summary


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    options = parser.parse_args()
    checks = [
        check for suite in load_suites(PROJECT_ROOT / "expectations") for check in suite.checks
    ]
    from dagster_project.judging.engine import great_expectations

    great_expectations()
    with tempfile.TemporaryDirectory(prefix="outcomes-bench-") as name:
        settings = {**SETTINGS, "temp_directory": f"{name}/spill"}
        with duckdb.connect(str(Path(name) / "bench.duckdb"), config=settings) as con:
            make_values(con, options.rows, [check for check in checks if check.rows])
            add_group_checks(con, checks)
            spent, summary = measure(con)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{options.rows:,} values in {summary.groups:,} groups, {summary.checks} checks,"
        f" {summary.results:,} results, {summary.failures:,} failures listed,"
        f" capped: {', '.join(summary.capped) or 'none'}\n"
    )
    print("| stage | wall s | CPU s | aim, wall s |\n|---|---|---|---|")
    for stage, aim in AIMS.items():
        print(f"| {stage} | {spent[stage].wall:.2f} | {spent[stage].cpu:.2f} | {aim:g} |")
    print(f"\nMost memory, the making of the values included: {peak:,.0f} MB (aim: {AIM_MB:,})")
    return 0


if __name__ == "__main__":
    sys.exit(main())

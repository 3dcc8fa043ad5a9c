"""Judgement in DuckDB: groups, then rows, and every outcome stored."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pytest

from dagster_project.errors import OutcomesError
from dagster_project.judging import judge as judging
from dagster_project.judging import rows as row_stage
from dagster_project.judging.judge import JudgementSummary, judge
from dagster_project.judging.outcomes import Answer
from dagster_project.judging.sql import fill, quote
from dagster_project.judging.suites import Check, Suite, load_suites


def about_rows(suite: Suite) -> Suite:
    """The suite with those of its checks that a row can be given to fail."""
    checks = [check for check in suite.checks if check.rows and "max_value" in check.arguments]
    return replace(suite, checks=tuple(checks))


ALL_SUITES = load_suites(Path(__file__).resolve().parents[2] / "expectations")
SUITES = tuple(
    about_rows(suite)
    for suite in ALL_SUITES
    if suite.frame == "evidence_groups" and about_rows(suite).checks
)
CHECKS = [check for suite in SUITES for check in suite.checks]
FIGURES = [str(check.rows) for check in CHECKS]
APPLIES = sorted({check.applies for check in CHECKS if check.applies})
WITH_ROWS = [pytest.param(check, id=check.check_id) for check in CHECKS]
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
        """After this both tables are there, the groups' figures computed from the rows."""
        types = dict.fromkeys(FIGURES, "float64") | {"row_id": "uint64", "group_id": "int64"}
        rows = pandas.DataFrame(self.rows, columns=["row_id", "group_id", *FIGURES]).astype(types)
        grid = pandas.DataFrame(
            {"grid_id": list(self.expected), "expects_values": list(self.expected.values())}
        )
        figures = "".join(
            f", max({quote(n)}) as {quote(n + '_max')}, count({quote(n)}) as {quote(n + '_tested')}"
            for n in FIGURES
        )
        # No check has to apply unless a test says so: what is there is tested all the same.
        figures += "".join(f", false as {quote(name)}" for name in APPLIES)
        self.con.register("given_rows", rows)
        self.con.register("grid", grid)
        self.con.execute("create or replace table evidence_rows as from given_rows")
        self.con.execute(fill(GROUPS, figures=figures))
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

    def query(self, statement: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        return self.con.execute(statement, values or []).fetchall()


GROUPS = """
    create or replace table evidence_groups as
    select
        grid_id as group_id, 'indicator_' || grid_id as indicator_id, 'county' as area_type,
        'calendar_year' as period_type, date '2025-01-01' as period_start,
        date '2025-12-31' as period_end, 'publisher' as source_id, any_value(expects_values)
        as expects_values, count(row_id) as n_rows {figures}
    from grid left join evidence_rows on grid_id = group_id
    group by grid_id
"""


@pytest.fixture
def evidence() -> Iterator[Evidence]:
    made = Evidence()
    yield made
    made.con.close()


def beyond(check: Any) -> float:
    return math.nextafter(check.arguments["max_value"], math.inf)


def test_every_check_has_an_outcome_for_every_group(evidence: Evidence) -> None:
    evidence.add(1)
    evidence.add(2)
    evidence.build()
    summary = evidence.judge()
    assert (summary.checks, summary.groups, summary.results) == (DENSE, 2, DENSE * 2)
    assert summary.outcomes == {"pass": DENSE * 2}
    assert (summary.failures, summary.capped) == (0, ())
    assert evidence.query(
        "select * from judged.check_results where check_id = 'C42' and group_id = 2"
    ) == [
        (
            "C42",
            2,
            "Is each published figure possible?",
            "The numerator is within the denominator",
            "critical",
            "indicator",
            "pass",
            "indicator_2",
            "county",
            "calendar_year",
            *evidence.query("select date '2025-01-01', date '2025-12-31'")[0],
            "publisher",
            3,
            0,
            0.0,
            "at most 0",
            "nothing",
            "",
        )
    ]


@pytest.mark.parametrize("check", WITH_ROWS)
def test_a_failing_row_is_named_and_holds_itself_alone(evidence: Evidence, check: Any) -> None:
    evidence.add(1, **{check.rows: beyond(check)})
    evidence.add(2)
    evidence.build()
    evidence.judge()
    outcome, reach = ("fail", "key") if check.blocks else ("pass with failures", "nothing")
    assert evidence.outcome(check.check_id, 1) == (outcome, 3, 1, reach, "")
    assert evidence.outcome(check.check_id, 2)[0] == "pass"
    assert evidence.query("select * from judged.failures") == [
        (check.check_id, 2**64 - 1001, 1, check.stored_severity, reach, beyond(check))
    ]


@pytest.mark.parametrize("check", WITH_ROWS)
def test_a_group_with_nothing_to_test_is_not_applicable(evidence: Evidence, check: Any) -> None:
    evidence.add(1, count=1, **{check.rows: None})
    evidence.build()
    evidence.judge()
    assert evidence.outcome(check.check_id, 1) == ("not applicable", 0, None, "nothing", "")
    assert evidence.outcome("C62", 1)[0] == "pass"


@pytest.mark.parametrize("check", [case for case in WITH_ROWS if case.id in ("C11", "C42")])
@pytest.mark.parametrize("column", ["{}", "{}_max", "{}_tested"])
@pytest.mark.parametrize("harm", ["drop column", "alter column"])
def test_a_broken_column_is_an_error_that_holds_the_group(
    evidence: Evidence, check: Any, column: str, harm: str
) -> None:
    evidence.add(1)
    evidence.build()
    name = quote(column.format(check.rows))
    table = "evidence_rows" if column == "{}" else "evidence_groups"
    change = "alter table {table} drop column {name}"
    if harm == "alter column":
        change = "alter table {table} alter column {name} type varchar"
    evidence.con.execute(fill(change, table=table, name=name))
    evidence.judge()
    outcome, _, _, reach, note = evidence.outcome(check.check_id, 1)
    assert (outcome, reach) == ("error", "group" if check.blocks else "nothing")
    assert note
    others = [other.check_id for other in CHECKS if other.check_id != check.check_id]
    assert {evidence.outcome(other, 1)[0] for other in others} == {"pass"}


@pytest.mark.parametrize(
    "kind", ["tinyint", "integer", "ubigint", "hugeint", "float", "decimal(9, 3)", "boolean"]
)
def test_a_figure_may_have_any_numeric_type(evidence: Evidence, kind: str) -> None:
    evidence.add(1, unknown_code=1.0)
    evidence.add(2)
    evidence.build()
    for table, name in (("rows", "unknown_code"), ("groups", "unknown_code_max")):
        change = "alter table evidence_{table} alter column {name} type {kind}"
        evidence.con.execute(fill(change, table=table, name=name, kind=kind))
    evidence.judge()
    assert evidence.outcome("C09", 1)[:3] == ("fail", 3, 1)
    assert evidence.outcome("C09", 2)[0] == "pass"


def test_not_a_number_in_one_row_is_an_error_of_its_group(evidence: Evidence) -> None:
    evidence.add(1)
    evidence.build()
    evidence.con.execute(
        "update evidence_rows set numerator_excess = 'nan'::double where row_id % 2 = 0"
    )
    evidence.con.execute("update evidence_groups set numerator_excess_max = 'nan'::double")
    evidence.judge()
    assert evidence.outcome("C42", 1)[0] == "error"


def test_an_infinite_row_fails_with_its_group(evidence: Evidence) -> None:
    evidence.add(1, numerator_excess=math.inf)
    evidence.build()
    evidence.judge()
    assert evidence.outcome("C42", 1)[:3] == ("fail", 3, 1)
    evidence.rows[1]["numerator_excess"] = -math.inf
    evidence.build()
    evidence.judge()
    assert evidence.outcome("C42", 1)[:3] == ("fail", 3, 2)


def test_an_outcome_that_is_not_stored_is_noticed(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence.add(1)
    evidence.build()
    real = judging.add_outcomes
    monkeypatch.setattr(
        judging,
        "add_outcomes",
        lambda con, check, by_key, listed: (
            check.check_id != "C44" and real(con, check, by_key, listed)
        ),
    )
    with pytest.raises(
        OutcomesError, match=f"{DENSE - 1} results; expected {DENSE} checks x 1 groups"
    ):
        evidence.judge()


def test_a_group_without_values_has_not_passed_unless_none_are_expected(
    evidence: Evidence,
) -> None:
    evidence.expected = {1: True, 2: False, 3: None, 5: False}
    evidence.add(4)
    evidence.add(5)
    evidence.build()
    summary = evidence.judge()
    assert evidence.outcome("C62", 1)[0] == "error"
    assert evidence.outcome("C62", 1)[3:] == ("group", "no blocking check had anything to test")
    assert evidence.outcome("C62", 2)[0] == "not applicable"
    assert evidence.outcome("C62", 3)[0] == "error"
    assert evidence.outcome("C62", 4)[0] == "pass"
    assert evidence.outcome("C62", 5)[0] == "pass"
    assert {evidence.outcome(check.check_id, 1)[0] for check in CHECKS} == {"not applicable"}
    assert summary.results == DENSE * 5


def test_a_check_that_should_apply_and_tests_nothing_holds_its_group(evidence: Evidence) -> None:
    (c42,) = [check for check in CHECKS if check.check_id == "C42"]
    evidence.add(1, count=1, **{str(c42.rows): None})
    evidence.add(2)
    evidence.build()
    evidence.con.execute(fill("update evidence_groups set {name} = true", name=str(c42.applies)))
    evidence.judge()
    outcome, tested, _, reach, note = evidence.outcome("C42", 1)
    assert (outcome, tested, reach) == ("error", 0, "group")
    assert note == "nothing was tested where the registry has values"
    assert evidence.outcome("C42", 2)[0] == "pass"


@pytest.mark.parametrize(("named", "told"), [("E1, E2", "E1, E2"), ("E" * 300, "E" * 220 + " …")])
def test_what_fails_and_is_no_row_is_named(evidence: Evidence, named: str, told: str) -> None:
    (suite,) = [
        replace(suite, checks=tuple(check for check in suite.checks if check.names))
        for suite in ALL_SUITES
        if any(check.names for check in suite.checks)
    ]
    (check,) = suite.checks
    evidence.add(1)
    evidence.add(2)
    evidence.build()
    columns = {check.column: "1.0", check.tested: "1", str(check.names): f"'{named}'"}
    for name, held in columns.items():
        kind = "varchar" if name == check.names else "double"
        statement = "alter table evidence_groups add column {name} {kind} default {held}"
        evidence.con.execute(fill(statement, name=name, kind=kind, held=held))
    sound = fill("update evidence_groups set {name} = 0 where group_id = 2", name=check.column)
    evidence.con.execute(sound)
    evidence.judge((suite,))
    assert evidence.outcome(check.check_id, 1) == ("pass with failures", 1, None, "nothing", told)
    assert evidence.outcome(check.check_id, 2)[4] == ""


def test_a_warning_that_was_judged_does_not_make_a_group_pass(evidence: Evidence) -> None:
    nothing = {name: None for name in FIGURES if name != "parent_missing"}
    evidence.add(1, count=1, **nothing)
    evidence.build()
    evidence.judge()
    assert evidence.outcome("C12", 1)[0] == "pass"
    assert evidence.outcome("C62", 1)[0] == "error"


def test_a_critical_check_in_shadow_neither_holds_nor_makes_a_group_pass(
    evidence: Evidence,
) -> None:
    evidence.add(1, numerator_excess=5.0)
    evidence.build()
    suites = tuple(
        replace(suite, checks=tuple(replace(check, shadow=True) for check in suite.checks))
        for suite in SUITES
    )
    evidence.judge(suites)
    assert evidence.outcome("C42", 1) == ("pass with failures", 3, 1, "nothing", "")
    assert evidence.query("select severity, reach from judged.failures") == [("info", "nothing")]
    assert evidence.outcome("C62", 1)[0] == "error"


# Stages: groups that fail are the groups with a failing row, or nobody is believed.


def test_over_the_cap_whole_groups_are_held_and_none_wider(evidence: Evidence) -> None:
    for group in (1, 2):
        evidence.add(group, numerator_excess=1.0)
        evidence.add(group, numerator_excess=3.0)
    evidence.rows = list({row["row_id"]: row for row in evidence.rows}.values())
    evidence.add(3)
    evidence.add(4, limits_gap=1.0)
    evidence.build()
    told: list[str] = []
    summary = evidence.judge(cap=1, on_progress=told.append)
    assert summary.capped == ("C42",)
    for group in (1, 2):
        assert evidence.outcome("C42", group)[0] == "fail"
        assert evidence.outcome("C42", group)[2:4] == (None, "group")
        assert evidence.outcome("C42", group)[4].startswith("capped: 2 values fail")
    assert evidence.outcome("C42", 3)[0] == "pass"
    assert evidence.outcome("C43", 4)[:4] == ("fail", 3, 1, "key")
    examples = evidence.query(
        "select group_id, observed, reach from judged.failures where check_id = 'C42'"
    )
    assert examples == [(1, 3.0, "group")]
    assert "C42 The numerator is within the denominator: 2 fail, 2 pass" in told
    assert len(told) == DENSE


def test_at_the_cap_every_failing_value_is_listed(evidence: Evidence) -> None:
    evidence.add(1, numerator_excess=1.0)
    evidence.add(2, numerator_excess=1.0)
    evidence.build()
    assert evidence.judge(cap=2).capped == ()
    assert len(evidence.query("select * from judged.failures")) == 2


def test_an_example_of_a_capped_group_is_its_worst_row(evidence: Evidence) -> None:
    evidence.add(1, count=4)
    for place, figure in enumerate((2.0, 9.0, 9.0, 4.0)):
        evidence.rows[place]["numerator_excess"] = figure
    evidence.add(2, numerator_excess=0.5)
    evidence.build()
    evidence.judge(cap=3)
    assert evidence.query(
        "select row_id, group_id, observed from judged.failures order by group_id"
    ) == [(2**64 - 1 - 1000 - 2, 1, 9.0), (2**64 - 1 - 2000, 2, 0.5)]


def test_rows_of_one_figure_are_judged_together_and_each_is_listed(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence.add(1, count=4)
    for row in evidence.rows:
        row["numerator_excess"] = 2.0
    evidence.add(2, count=3)
    evidence.build()
    asked: list[list[float]] = []
    judged = row_stage.answer_rows

    def noted(figures: Any, check: Check) -> Answer:
        asked.append(list(figures))
        return judged(figures, check)

    monkeypatch.setattr(row_stage, "answer_rows", noted)
    evidence.judge()
    assert asked == [[2.0]]
    assert evidence.outcome("C42", 1)[1:3] == (4, 4)
    found = evidence.query("select row_id, observed from judged.failures order by row_id desc")
    assert found == [(2**64 - 1001 - place, 2.0) for place in range(4)]


@pytest.mark.parametrize("rows", [1, 2048, 5000])
def test_rows_read_in_parts_are_all_found(evidence: Evidence, rows: int) -> None:
    evidence.add(1, count=7000)
    for place in range(0, 7000, 7):
        evidence.rows[place]["numerator_excess"] = 1.0 + place
    evidence.build()
    evidence.judge(chunk_rows=rows)
    found = evidence.query("select row_id from judged.failures order by row_id desc")
    assert [row[0] for row in found] == [2**64 - 1001 - place for place in range(0, 7000, 7)]
    assert evidence.outcome("C42", 1)[1:3] == (7000, 1000)


@pytest.mark.parametrize(
    "lie",
    [
        "update evidence_groups set numerator_excess_max = 0 where group_id = 1",
        "update evidence_groups set numerator_excess_max = 9 where group_id = 1",
        "update evidence_groups set numerator_excess_max = null where group_id = 1",
        "update evidence_groups set numerator_excess_tested = 0 where group_id = 1",
        "update evidence_groups set numerator_excess_tested = null where group_id = 1",
        "update evidence_rows set numerator_excess = 0 where group_id = 1",
    ],
)
def test_a_figure_that_is_not_its_rows_is_an_error(evidence: Evidence, lie: str) -> None:
    evidence.add(1, numerator_excess=5.0)
    evidence.add(2)
    evidence.build()
    evidence.con.execute(lie)
    evidence.judge()
    assert evidence.outcome("C42", 1)[0] == "error"
    assert evidence.outcome("C42", 1)[3] == "group"
    assert evidence.outcome("C42", 2)[0] == "pass"
    assert evidence.query("select * from judged.failures where check_id = 'C42'") == []


def test_a_group_that_fails_without_a_failing_row_is_an_error(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence.add(1, numerator_excess=5.0)
    evidence.build()
    none = pandas.array([], dtype="int64").to_numpy()
    monkeypatch.setattr(row_stage, "answer_rows", lambda figures, check: Answer(none))
    evidence.judge()
    assert evidence.outcome("C42", 1)[0] == "error"
    assert evidence.outcome("C42", 1)[3:] == ("group", "the group fails, none of its rows does")


def test_rows_that_cannot_be_judged_are_an_error_and_leave_the_connection_free(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence.add(1, count=5000, numerator_excess=5.0)
    for place, row in enumerate(evidence.rows):
        row["numerator_excess"] = 5.0 + place
    evidence.build()
    none = pandas.array([], dtype="int64").to_numpy()
    monkeypatch.setattr(
        row_stage, "answer_rows", lambda figures, check: Answer(none, broken="it broke")
    )
    evidence.judge(chunk_rows=2048)
    assert evidence.outcome("C42", 1)[0] == "error"
    assert evidence.outcome("C42", 1)[3:] == ("group", "it broke")


def test_two_rows_with_one_id_are_both_counted(evidence: Evidence) -> None:
    evidence.add(1, duplicate_count=1.0)
    evidence.rows.append(dict(evidence.rows[0]))
    evidence.build()
    evidence.judge()
    assert evidence.outcome("C08", 1)[:3] == ("fail", 4, 2)
    assert len(evidence.query("select * from judged.failures")) == 2


# What can't be judged at all stops the judgement, and leaves nothing sealed.


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("delete from evidence_groups where group_id = 2", "1 groups of rows that the groups"),
        ("update evidence_groups set n_rows = 4 where group_id = 2", "another number of rows"),
        ("update evidence_groups set n_rows = null", "another number of rows"),
        ("delete from evidence_rows where group_id = 2", "another number of rows"),
        ("update evidence_rows set group_id = null where group_id = 2", "groups table lacks"),
        ("delete from evidence_groups", "no groups"),
        ("update evidence_groups set group_id = 1", "gaps or repeats in group_id"),
        ("update evidence_groups set group_id = null", "gaps or repeats in group_id"),
        ("update evidence_groups set indicator_id = 'same'", "in two groups"),
        ("alter table evidence_groups drop column expects_values", "no column expects_values"),
        ("alter table evidence_groups drop column source_id", "no column source_id"),
        ("drop table evidence_rows", "the table isn't there"),
        ("drop table evidence_groups", "the table isn't there"),
    ],
)
def test_tables_that_cannot_be_judged_are_refused(evidence: Evidence, harm: str, told: str) -> None:
    evidence.add(1)
    evidence.add(2)
    evidence.build()
    evidence.judge()
    evidence.con.execute(harm)
    with pytest.raises(OutcomesError) as caught:
        evidence.judge()
    assert told in caught.value.message
    left = "select table_name from information_schema.tables where table_schema = 'judged'"
    assert {"seal", "check_results"}.isdisjoint(row[0] for row in evidence.query(left))


@pytest.mark.parametrize(
    "change", [{"frame": "other_groups"}, {"key": "other_id"}, {"rows_frame": "other_rows"}]
)
def test_a_suite_about_other_tables_is_not_passed_over(
    evidence: Evidence, change: dict[str, str]
) -> None:
    evidence.add(1)
    evidence.build()
    with pytest.raises(OutcomesError, match="about other tables"):
        evidence.judge((*SUITES[:-1], replace(SUITES[-1], **change)))


def test_no_suites_are_refused(evidence: Evidence) -> None:
    evidence.add(1)
    evidence.build()
    with pytest.raises(OutcomesError, match="nothing would be judged"):
        evidence.judge(())


def test_tables_may_be_in_a_schema(evidence: Evidence) -> None:
    evidence.add(1)
    evidence.build()
    evidence.con.execute("create schema marts")
    for table in ("evidence_groups", "evidence_rows"):
        move = "create table marts.{table} as from main.{table}"
        evidence.con.execute(fill(move, table=quote(table)))
    summary = judge(
        evidence.con,
        SUITES,
        groups_table="marts.evidence_groups",
        rows_table="marts.evidence_rows",
    )
    assert summary.outcomes == {"pass": DENSE}


def test_the_same_evidence_gives_the_same_results_in_the_same_order(evidence: Evidence) -> None:
    for group in (3, 1, 2):
        evidence.add(group, limits_gap=float(group), duplicate_count=1.0)
    evidence.build()
    tables = ("from judged.check_results", "from judged.failures")
    evidence.judge()
    first = [evidence.query(table) for table in tables]
    evidence.con.execute("create or replace table evidence_rows as from evidence_rows order by 1")
    evidence.judge()
    assert [evidence.query(table) for table in tables] == first
    assert len(first[1]) == 6

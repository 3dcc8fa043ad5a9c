"""Judgement in DuckDB: each check's outcome for each group, and every outcome stored."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from dagster_project.errors import OutcomesError
from dagster_project.judging import settling
from dagster_project.judging.judge import judge
from dagster_project.judging.sql import fill, quote
from tests.support import judged
from tests.support.judged import ALL_SUITES, CHECKS, DENSE, FIGURES, SUITES, Evidence, beyond, only

EVERY_CHECK = [
    pytest.param(group, check, id=check.check_id) for group, check in enumerate(CHECKS, start=1)
]


@pytest.fixture
def evidence() -> Iterator[Evidence]:
    with judged.evidence() as made:
        yield made


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


@pytest.fixture(scope="module")
def each_failing() -> Iterator[Evidence]:
    """A group for each check with a row that fails it and no other, judged by all of them."""
    with judged.evidence() as made:
        for group, check in enumerate(CHECKS, start=1):
            made.add(group, **{str(check.rows): beyond(check)})
        made.build()
        made.judge()
        yield made


@pytest.mark.parametrize(("group", "check"), EVERY_CHECK)
def test_a_failing_row_is_named_and_holds_itself_alone(
    each_failing: Evidence, group: int, check: Any
) -> None:
    outcome, reach = ("fail", "key") if check.blocks else ("pass with failures", "nothing")
    found = each_failing.outcomes_of(check.check_id)
    assert found.keys() == set(range(1, len(CHECKS) + 1))
    assert found.pop(group) == (outcome, 3, 1, reach, "")
    assert {other[0] for other in found.values()} == {"pass"}
    failures = "select * from judged.failures where group_id = ? or check_id = ?"
    assert each_failing.query(failures, [group, check.check_id]) == [
        (
            check.check_id,
            2**64 - 1 - 1000 * group,
            group,
            check.stored_severity,
            reach,
            beyond(check),
        )
    ]


@pytest.fixture(scope="module")
def each_untested() -> Iterator[Evidence]:
    """A group of one row for each check, which has nothing that it could test."""
    with judged.evidence() as made:
        for group, check in enumerate(CHECKS, start=1):
            made.add(group, count=1, **{str(check.rows): None})
        made.build()
        made.judge()
        yield made


@pytest.mark.parametrize(("group", "check"), EVERY_CHECK)
def test_a_group_with_nothing_to_test_is_not_applicable(
    each_untested: Evidence, group: int, check: Any
) -> None:
    untested = ("not applicable", 0, None, "nothing", "")
    found = each_untested.outcomes_in(group)
    assert found.keys() == {"C62", *(other.check_id for other in CHECKS)}
    assert found.pop(check.check_id) == untested
    assert {other[0] for other in found.values()} == {"pass"}


@pytest.mark.parametrize("check", [check for check in CHECKS if check.check_id in ("C11", "C42")])
@pytest.mark.parametrize("harm", ["drop column {name}", "alter column {name} type varchar"])
def test_a_broken_column_is_an_error_that_holds_the_group(
    evidence: Evidence, check: Any, harm: str
) -> None:
    evidence.add(1)
    evidence.build()
    change = fill(harm, name=quote(str(check.rows)))
    evidence.con.execute("alter table evidence_rows " + change)
    evidence.judge(only("C11", "C42", "C43"))
    outcome, _, _, reach, note = evidence.outcome(check.check_id, 1)
    assert (outcome, reach) == ("error", "group" if check.blocks else "nothing")
    assert note
    others = {"C11", "C42", "C43"} - {check.check_id}
    assert {evidence.outcome(other, 1)[0] for other in others} == {"pass"}


@pytest.mark.parametrize(
    "kind", ["tinyint", "integer", "ubigint", "hugeint", "float", "decimal(9, 3)", "boolean"]
)
def test_a_figure_may_have_any_numeric_type(evidence: Evidence, kind: str) -> None:
    evidence.add(1, unknown_code=1.0)
    evidence.add(2)
    evidence.build()
    change = "alter table evidence_rows alter column unknown_code type {kind}"
    evidence.con.execute(fill(change, kind=kind))
    evidence.judge(only("C09"))
    assert evidence.outcome("C09", 1)[:3] == ("fail", 3, 1)
    assert evidence.outcome("C09", 2)[0] == "pass"


def test_not_a_number_in_one_row_is_an_error_of_its_group(evidence: Evidence) -> None:
    evidence.add(1)
    evidence.build()
    evidence.con.execute(
        "update evidence_rows set numerator_excess = 'nan'::double where row_id % 2 = 0"
    )
    evidence.judge(only("C42"))
    assert evidence.outcome("C42", 1)[0] == "error"


def test_an_infinite_row_fails_with_its_group(evidence: Evidence) -> None:
    evidence.add(1, numerator_excess=math.inf)
    evidence.build()
    evidence.judge(only("C42"))
    assert evidence.outcome("C42", 1)[:3] == ("fail", 3, 1)
    evidence.rows[1]["numerator_excess"] = -math.inf
    evidence.build()
    evidence.judge(only("C42"))
    assert evidence.outcome("C42", 1)[:3] == ("fail", 3, 2)


def test_an_outcome_that_is_not_stored_is_noticed(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence.add(1)
    evidence.build()
    real = settling.add_outcomes
    monkeypatch.setattr(
        settling,
        "add_outcomes",
        lambda con, check, by_key, listed: (
            check.check_id != "C44" and real(con, check, by_key, listed)
        ),
    )
    # C62 is the third.
    with pytest.raises(OutcomesError, match="2 results; expected 3 checks x 1 groups"):
        evidence.judge(only("C42", "C44"))


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
    evidence.judge(only("C42"))
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
    evidence.judge(only("C12", "C42"))
    assert evidence.outcome("C12", 1)[0] == "pass"
    assert evidence.outcome("C62", 1)[0] == "error"


def test_a_critical_check_in_shadow_neither_holds_nor_makes_a_group_pass(
    evidence: Evidence,
) -> None:
    evidence.add(1, numerator_excess=5.0)
    evidence.build()
    suites = tuple(
        replace(suite, checks=tuple(replace(check, shadow=True) for check in suite.checks))
        for suite in only("C42")
    )
    evidence.judge(suites)
    assert evidence.outcome("C42", 1) == ("pass with failures", 3, 1, "nothing", "")
    assert evidence.query("select severity, reach from judged.failures") == [("info", "nothing")]
    assert evidence.outcome("C62", 1)[0] == "error"


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

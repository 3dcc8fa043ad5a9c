"""Groups that fail are the groups with a failing row, or nobody is believed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas
import pytest

from dagster_project.judging import rows as row_stage
from dagster_project.judging.outcomes import Answer
from dagster_project.judging.settling import Bench
from dagster_project.judging.suites import Check
from tests.support import judged
from tests.support.judged import DENSE, Evidence, only


@pytest.fixture
def evidence() -> Iterator[Evidence]:
    with judged.evidence() as made:
        yield made


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
    assert evidence.judge(only("C42"), cap=2).capped == ()
    assert len(evidence.query("select * from judged.failures")) == 2


def test_an_example_of_a_capped_group_is_its_worst_row(evidence: Evidence) -> None:
    evidence.add(1, count=4)
    for place, figure in enumerate((2.0, 9.0, 9.0, 4.0)):
        evidence.rows[place]["numerator_excess"] = figure
    evidence.add(2, numerator_excess=0.5)
    evidence.build()
    evidence.judge(only("C42"), cap=3)
    assert evidence.query(
        "select row_id, group_id, observed from judged.failures order by group_id"
    ) == [(2**64 - 1 - 1000 - 2, 1, 9.0), (2**64 - 1 - 2000, 2, 0.5)]


@pytest.mark.parametrize("kept", [0, row_stage.KEPT_FIGURES])
def test_the_same_rows_are_found_whether_they_are_kept_or_not(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(row_stage, "KEPT_FIGURES", kept)
    evidence.add(1, numerator_excess=1.0, limits_gap=2.0)
    evidence.add(2, numerator_excess=3.0)
    evidence.add(3, limits_gap=4.0)
    evidence.add(4)
    evidence.build()
    evidence.judge(only("C42", "C43"))
    assert evidence.query(
        "select check_id, group_id, observed from judged.failures order by check_id, group_id"
    ) == [("C42", 1, 1.0), ("C42", 2, 3.0), ("C43", 1, 2.0), ("C43", 3, 4.0)]
    assert evidence.query("select * from duckdb_tables() where table_name = 'failing_rows'") == []


def test_rows_of_failing_groups_are_read_once_unless_they_are_many(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    settle = Bench.settle

    def noted(self: Bench, each: Any, rows: row_stage.RowJudge, names: Any) -> None:
        read.append(rows.rows_table)
        settle(self, each, rows, names)

    monkeypatch.setattr(Bench, "settle", noted)
    evidence.add(1, numerator_excess=1.0)
    evidence.build()
    evidence.judge(only("C42"))
    kept = set(read)
    read.clear()
    monkeypatch.setattr(row_stage, "KEPT_FIGURES", 0)
    evidence.judge(only("C42"))
    assert kept == {row_stage.KEPT_ROWS}
    assert row_stage.KEPT_ROWS not in read


def test_rows_of_one_figure_are_judged_together_and_each_is_listed(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence.add(1, count=4)
    for row in evidence.rows:
        row["numerator_excess"] = 2.0
    evidence.add(2, count=3)
    evidence.build()
    asked: list[list[float]] = []
    answered = row_stage.answer_rows

    def noted(figures: Any, check: Check) -> Answer:
        asked.append(list(figures))
        return answered(figures, check)

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
    evidence.judge(only("C42"), chunk_rows=rows)
    found = evidence.query("select row_id from judged.failures order by row_id desc")
    assert [row[0] for row in found] == [2**64 - 1001 - place for place in range(0, 7000, 7)]
    assert evidence.outcome("C42", 1)[1:3] == (7000, 1000)


def test_what_groups_say_of_their_rows_is_not_believed(evidence: Evidence) -> None:
    evidence.add(1, numerator_excess=5.0)
    evidence.add(2)
    evidence.build()
    evidence.con.execute(
        "create or replace table evidence_groups as select *, 0 as numerator_excess_max,"
        " 0 as numerator_excess_tested from evidence_groups"
    )
    evidence.judge(only("C42"))
    assert evidence.outcome("C42", 1)[:3] == ("fail", 3, 1)
    assert evidence.outcome("C42", 2)[:3] == ("pass", 3, 0)


def test_a_group_that_fails_without_a_failing_row_is_an_error(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence.add(1, numerator_excess=5.0)
    evidence.build()
    none = pandas.array([], dtype="int64").to_numpy()
    monkeypatch.setattr(row_stage, "answer_rows", lambda figures, check: Answer(none))
    evidence.judge(only("C42"))
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
    evidence.judge(only("C42"), chunk_rows=2048)
    assert evidence.outcome("C42", 1)[0] == "error"
    assert evidence.outcome("C42", 1)[3:] == ("group", "it broke")


def test_two_rows_with_one_id_are_both_counted(evidence: Evidence) -> None:
    evidence.add(1, duplicate_count=1.0)
    evidence.rows.append(dict(evidence.rows[0]))
    evidence.build()
    evidence.judge(only("C08"))
    assert evidence.outcome("C08", 1)[:3] == ("fail", 4, 2)
    assert len(evidence.query("select * from judged.failures")) == 2

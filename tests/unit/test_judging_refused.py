"""What can't be judged at all stops the judgement, and leaves nothing sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from dagster_project.errors import OutcomesError
from tests.support import judged
from tests.support.judged import SUITES, Evidence, only


@pytest.fixture
def evidence() -> Iterator[Evidence]:
    with judged.evidence() as made:
        yield made


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
    evidence.judge(only("C42"))
    evidence.con.execute(harm)
    with pytest.raises(OutcomesError) as caught:
        evidence.judge(only("C42"))
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

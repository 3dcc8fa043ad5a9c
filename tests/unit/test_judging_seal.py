"""The seal: only rows that were judged, by these suites and this code, may be published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from dagster_project.errors import OutcomesError, PublicationRefused
from dagster_project.judging import seal as sealing
from dagster_project.judging.judge import judge
from dagster_project.judging.seal import rows_digest, verify_seal, write_seal
from dagster_project.judging.suites import load_suites

COLUMNS = ("row_id", "area_code", "value", "period_start")
CODE = "1f2e3d"
SUITE = """
question: Is it possible?
frame: evidence_groups
key: group_id
rows_frame: evidence_rows
rows_key: row_id
checks:
  C42:
    title: The numerator is within the denominator
    why: A share can't exceed the whole.
    do: Compare both counts.
    owner: indicator
    expect: column_values_to_be_between
    column: excess_max
    max_value: 0
    tested: excess_tested
    rows: excess
    severity: critical
    since: 2026-11-22
    because: A share can't exceed the whole.
    reach: key
"""
TABLES = (
    "create table published_rows as select range::ubigint as row_id, "
    "'E' || range % 7 as area_code, range / 3.0 as value, date '2025-04-01' as period_start, "
    "case when range = 5 then null else range end as numerator from range(1000)",
    "create table evidence_rows as select row_id, (row_id % 4)::bigint as group_id, "
    "case when row_id = 8 then 2.0 else 0.0 end as excess from published_rows",
    "create table evidence_groups as select group_id, 'i' || group_id as indicator_id, "
    "'county' as area_type, 'year' as period_type, date '2025-04-01' as period_start, "
    "date '2026-03-31' as period_end, 'publisher' as source_id, true as expects_values, "
    "count(*) as n_rows "
    "from evidence_rows group by group_id",
)


@dataclass
class Sealed:
    """Rows that were judged and sealed."""

    con: duckdb.DuckDBPyConnection
    suites: Path

    def verify(self, code: str = CODE) -> None:
        verify_seal(self.con, "published_rows", COLUMNS, self.suites, code)

    def refusal(self, code: str = CODE) -> str:
        with pytest.raises(PublicationRefused) as caught:
            self.verify(code)
        return caught.value.message


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Sealed]:
    (tmp_path / "plausibility.yml").write_text(SUITE, encoding="utf-8")
    con = duckdb.connect()
    for statement in TABLES:
        con.execute(statement)
    made = Sealed(con, tmp_path)
    judge_and_seal(made)
    yield made
    con.close()


def judge_and_seal(made: Sealed) -> None:
    summary = judge(
        made.con,
        load_suites(made.suites),
        groups_table="evidence_groups",
        rows_table="evidence_rows",
    )
    write_seal(made.con, summary, relation="published_rows", columns=COLUMNS, code_version=CODE)


def test_what_was_judged_may_be_published(sealed: Sealed) -> None:
    sealed.verify()
    row = sealed.con.execute("select checks, groups, results from judged.seal").fetchall()
    assert row == [(2, 4, 8)]


def test_the_order_of_rows_and_columns_does_not_matter(sealed: Sealed) -> None:
    sealed.con.execute(
        "create or replace table published_rows as from published_rows order by value desc"
    )
    verify_seal(sealed.con, "published_rows", tuple(reversed(COLUMNS)), sealed.suites, CODE)


def test_judging_the_same_again_gives_the_same_seal(sealed: Sealed) -> None:
    first = sealed.con.execute("from judged.seal").fetchall()
    judge_and_seal(sealed)
    assert sealed.con.execute("from judged.seal").fetchall() == first


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("update published_rows set value = value + 1e-12 where row_id = 2", "with other contents"),
        ("update published_rows set value = null where row_id = 0", "with other contents"),
        ("update published_rows set area_code = 'E1 ' where row_id = 1", "with other contents"),
        ("delete from published_rows where row_id = 9", "1000 then, 999 now"),
        ("insert into published_rows from published_rows limit 1", "1000 then, 1001 now"),
        (
            "create or replace table published_rows as select * replace (cast(value as float) "
            "as value) from published_rows",
            "the columns or their types changed",
        ),
    ],
)
def test_rows_that_changed_since_are_refused(sealed: Sealed, change: str, told: str) -> None:
    sealed.con.execute(change)
    assert told in sealed.refusal()


def test_values_exchanged_between_two_rows_are_refused(sealed: Sealed) -> None:
    sealed.con.execute(
        "update published_rows set value = case row_id when 1 then 2 / 3.0 else 1 / 3.0 end "
        "where row_id in (1, 2)"
    )
    assert "with other contents" in sealed.refusal()


def test_a_column_outside_the_seal_may_change(sealed: Sealed) -> None:
    sealed.con.execute("update published_rows set numerator = 0")
    sealed.verify()


def test_an_edited_suite_is_refused(sealed: Sealed) -> None:
    path = sealed.suites / "plausibility.yml"
    path.write_text(SUITE.replace("max_value: 0", "max_value: 5"), encoding="utf-8")
    assert "the suites changed since" in sealed.refusal()


def test_an_added_suite_is_refused(sealed: Sealed) -> None:
    text = SUITE.replace("C42", "C43")
    (sealed.suites / "more.yml").write_text(text, encoding="utf-8")
    assert "the suites changed since" in sealed.refusal()


def test_a_suite_edited_while_it_was_judged_is_refused(sealed: Sealed) -> None:
    suites = load_suites(sealed.suites)
    (sealed.suites / "plausibility.yml").write_text(SUITE + "\n", encoding="utf-8")
    summary = judge(sealed.con, suites, groups_table="evidence_groups", rows_table="evidence_rows")
    write_seal(sealed.con, summary, relation="published_rows", columns=COLUMNS, code_version=CODE)
    assert "the suites changed since" in sealed.refusal()


def test_another_code_version_is_refused(sealed: Sealed) -> None:
    assert "the code changed since: 1f2e3d was sealed, other is here" in sealed.refusal("other")


def test_another_engine_version_is_refused(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "engine_versions", lambda: "great_expectations 9; duckdb 9")
    assert "the engine changed since" in sealed.refusal()


def test_a_digest_of_another_engine_version_is_told_as_such(sealed: Sealed) -> None:
    sealed.con.execute(
        "update judged.seal set rows_digest = replace(rows_digest, 'duckdb-', 'duckdb-0.')"
    )
    assert "the digest comes from another engine version" in sealed.refusal()


@pytest.mark.parametrize(
    "harm",
    [
        "drop table judged.seal",
        "delete from judged.seal",
        "drop table judged.check_results",
        "drop table judged.failures",
        "drop schema judged cascade",
        "insert into judged.seal from judged.seal",
    ],
)
def test_what_was_never_judged_is_refused(sealed: Sealed, harm: str) -> None:
    sealed.con.execute(harm)
    assert "the rows were never judged" in sealed.refusal()


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("delete from judged.check_results where check_id = 'C62'", "results are missing: 4 of 8"),
        ("delete from judged.check_results", "results are missing: 0 of 8"),
        ("update judged.check_results set outcome = 'pass'", "results were changed"),
        ("delete from judged.failures", "results were changed"),
    ],
)
def test_outcomes_that_are_missing_or_changed_are_refused(
    sealed: Sealed, harm: str, told: str
) -> None:
    sealed.con.execute(harm)
    assert told in sealed.refusal()


def test_a_judgement_that_did_not_finish_leaves_no_seal(sealed: Sealed) -> None:
    sealed.con.execute("delete from evidence_groups where group_id = 1")
    with pytest.raises(OutcomesError):
        judge_and_seal(sealed)
    assert "the rows were never judged" in sealed.refusal()


def test_a_judgement_that_was_not_sealed_is_not_covered_by_the_seal_before_it(
    sealed: Sealed,
) -> None:
    suites = load_suites(sealed.suites)
    judge(sealed.con, suites, groups_table="evidence_groups", rows_table="evidence_rows")
    assert "the rows were never judged" in sealed.refusal()


def test_all_that_differs_is_told_at_once(sealed: Sealed) -> None:
    sealed.con.execute("delete from published_rows where row_id = 9")
    message = sealed.refusal("other")
    assert "the code changed" in message
    assert "1000 then, 999 now" in message


def test_a_seal_must_say_which_code_judged(sealed: Sealed) -> None:
    summary = judge(
        sealed.con,
        load_suites(sealed.suites),
        groups_table="evidence_groups",
        rows_table="evidence_rows",
    )
    with pytest.raises(OutcomesError, match="which code judged"):
        write_seal(sealed.con, summary, relation="published_rows", columns=COLUMNS, code_version="")


def test_a_column_that_is_not_there_cannot_be_sealed(sealed: Sealed) -> None:
    with pytest.raises(OutcomesError, match="isn't there"):
        rows_digest(sealed.con, "published_rows", ["row_id", "lower_95"])


def test_the_digest_of_no_rows_is_one_of_its_own(sealed: Sealed) -> None:
    sealed.con.execute("create table nobody as from published_rows limit 0")
    assert rows_digest(sealed.con, "nobody", COLUMNS).endswith(":0:0")

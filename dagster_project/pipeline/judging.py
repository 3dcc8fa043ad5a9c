"""The judgement of a refresh: the candidate values judged and sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dagster_project import progress
from dagster_project.fingerprint import code_version
from dagster_project.home import PROJECT_ROOT
from dagster_project.judging.judge import JudgementSummary, judge
from dagster_project.judging.seal import verify_seal, write_seal
from dagster_project.judging.suites import load_suites

if TYPE_CHECKING:
    import duckdb

SUITES = PROJECT_ROOT / "expectations"
CANDIDATES = "intermediate.candidate_values"


def _columns(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [str(row[0]) for row in con.execute(f"describe {CANDIDATES}").fetchall()]


def judge_candidates(con: duckdb.DuckDBPyConnection) -> JudgementSummary:
    """After this every candidate value is judged, every outcome stored, and both are sealed."""
    summary = judge(
        con,
        load_suites(SUITES),
        groups_table="evidence.evidence_groups",
        rows_table="evidence.evidence_rows",
        on_progress=progress.current().detail,
    )
    write_seal(
        con,
        summary,
        relation=CANDIDATES,
        columns=_columns(con),
        code_version=code_version(),
    )
    return summary


def verify_judged(con: duckdb.DuckDBPyConnection) -> None:
    """Nothing happens if the candidates are those judged; else PublicationRefused says why not."""
    verify_seal(con, CANDIDATES, _columns(con), SUITES, code_version())

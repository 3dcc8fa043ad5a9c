"""The seal: proof that what would be published is what was judged, by these suites and this code.

The digest guards against mix-ups, not against an adversary: DuckDB's `hash` isn't cryptographic.
Nor is it promised to stay the same between versions, so the version is part of the digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.errors import OutcomesError, PublicationRefused
from dagster_project.judging import sql
from dagster_project.judging.engine import engine_versions
from dagster_project.judging.store import CHECK_RESULTS, FAILURES, SEAL
from dagster_project.judging.suites import suite_digest

if TYPE_CHECKING:
    import duckdb

    from dagster_project.judging.judge import JudgementSummary

# A row's hash is hashed once more: what its last column adds is put over the others' bit by bit, so
# that two rows which exchange what they say there might add up to the same.
DIGEST = """
    select version(), count(*), coalesce(sum(hash(hash(row({names})))), 0)
    from {table}
"""
WRITE_SEAL = """
    create or replace table judged.seal as
    select
        cast(? as varchar) as rows_digest,
        cast(? as varchar) as results_digest,
        cast(? as varchar) as suite_digest,
        cast(? as varchar) as code_version,
        cast(? as varchar) as engine_version,
        cast(? as bigint) as checks,
        cast(? as bigint) as groups,
        cast(? as bigint) as results
"""
SEAL_COLUMNS = (
    "rows_digest",
    "results_digest",
    "suite_digest",
    "code_version",
    "engine_version",
    "checks",
    "groups",
    "results",
)


def rows_digest(con: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str]) -> str:
    """The digest of exactly these rows, whatever their order: version, columns, count, sum."""
    types = sql.column_types(con, relation)
    if missing := [name for name in columns if name not in types]:
        raise OutcomesError(
            "a column to be sealed isn't there",
            place=relation,
            got=", ".join(types),
            expected=", ".join(missing),
            fix="seal the columns that are published",
        )
    ordered = sorted(columns)
    layout = "\n".join(f"{name} {types[name]}" for name in ordered)
    statement = sql.fill(
        DIGEST,
        names=sql.columns(ordered),
        table=sql.relation(relation),
    )
    version, count, total = con.execute(statement).fetchall()[0]
    shape = hashlib.sha256(layout.encode()).hexdigest()[:16]
    return f"duckdb-{version}:{shape}:{count}:{int(total):x}"


def _results_digest(con: duckdb.DuckDBPyConnection) -> str:
    """The digest of every stored outcome and every listed failure."""
    return " ".join(
        rows_digest(con, table, list(sql.column_types(con, table)))
        for table in (CHECK_RESULTS, FAILURES)
    )


def write_seal(
    con: duckdb.DuckDBPyConnection,
    summary: JudgementSummary,
    *,
    relation: str,
    columns: Sequence[str],
    code_version: str,
) -> None:
    """After this the rows of the relation are sealed as judged, by these suites and this code."""
    if not code_version.strip():
        raise OutcomesError(
            "the seal would not say which code judged",
            place="code_version",
            got=repr(code_version),
            expected="a commit or another version",
            fix="give the version of the code that is running",
        )
    con.execute(
        WRITE_SEAL,
        [
            rows_digest(con, relation, columns),
            _results_digest(con),
            summary.suite_digest,
            code_version,
            engine_versions(),
            summary.checks,
            summary.groups,
            summary.results,
        ],
    )


def verify_seal(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Sequence[str],
    suites_dir: Path,
    code_version: str,
) -> None:
    """Nothing happens if the rows are those judged; otherwise PublicationRefused says why not."""
    sealed = _read_seal(con)
    differing = [
        *_difference("the code", sealed["code_version"], code_version),
        *_difference("the suites", sealed["suite_digest"], suite_digest(suites_dir)),
        *_difference("the engine", sealed["engine_version"], engine_versions()),
        *_result_differences(con, sealed),
        *_row_differences(sealed["rows_digest"], rows_digest(con, relation, columns)),
    ]
    if differing:
        raise PublicationRefused(
            "what would be published isn't what was judged",
            place=relation,
            got="; ".join(differing),
            expected="the rows, suites, code and engine that were sealed",
            fix="judge again, with nothing changed between judging and publishing",
        )


def _read_seal(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The one row of the seal; PublicationRefused if nothing was sealed."""
    tables = "select table_name from information_schema.tables where table_schema = 'judged'"
    there = {str(row[0]) for row in con.execute(tables).fetchall()}
    rows = []
    if {"seal", "check_results", "failures"} <= there:
        statement = sql.fill(
            "select {columns} from {seal}", columns=sql.columns(SEAL_COLUMNS), seal=SEAL
        )
        rows = con.execute(statement).fetchall()
    if len(rows) != 1:
        raise PublicationRefused(
            "the rows were never judged",
            place=SEAL,
            got=f"{len(rows)} seals",
            expected="one",
            fix="judge before publishing; a judgement that didn't finish leaves no seal",
        )
    return dict(zip(SEAL_COLUMNS, map(str, rows[0]), strict=True))


def _difference(part: str, sealed: str, now: str) -> list[str]:
    return [] if sealed == now else [f"{part} changed since: {sealed} was sealed, {now} is here"]


def _result_differences(con: duckdb.DuckDBPyConnection, sealed: dict[str, str]) -> list[str]:
    """Whether every outcome is there, and as it was."""
    stored = sql.one_number(con, sql.fill("select count(*) from {table}", table=CHECK_RESULTS))
    whole = int(sealed["checks"]) * int(sealed["groups"])
    if not stored == whole == int(sealed["results"]):
        return [f"results are missing: {stored} of {whole} are stored"]
    if _results_digest(con) != sealed["results_digest"]:
        return ["the results were changed after judging"]
    return []


def _row_differences(sealed: str, now: str) -> list[str]:
    """What of the rows differs, as far as their digests can tell."""
    if sealed == now:
        return []
    was, here = sealed.split(":"), now.split(":")
    if was[0] != here[0]:
        return [f"the digest comes from another engine version: {was[0]}, here {here[0]}"]
    if was[1] != here[1]:
        return ["the columns or their types changed since they were judged"]
    if was[2] != here[2]:
        return [f"rows changed since they were judged: {was[2]} then, {here[2]} now"]
    return ["rows changed since they were judged: as many, with other contents"]

"""The record of a run in the ledger: each step writes down what it came to."""

from __future__ import annotations

import json
from typing import Any

from dagster_project import run_log, state
from dagster_project.errors import OutcomesError
from dagster_project.home import Home
from dagster_project.retrying import TOLD_TO_STOP


def start(home: Home) -> int:
    """The number of a new run, the only one that is open."""
    with state.connect(home.state) as ledger:
        # A run that was killed never ended: it is closed when the next begins.
        ledger.execute(
            "update runs set outcome = 'stopped', ended_at = ? where outcome is null",
            (state.now(),),
        )
        cursor = ledger.execute("insert into runs (started_at) values (?)", (state.now(),))
        number = int(cursor.lastrowid or 0)
    run_log.write(home, "run started", run=number)
    return number


def note(home: Home, step: str, content: dict[str, Any]) -> None:
    """After this the open run's summary holds `content` under the name of the step."""
    with state.connect(home.state) as ledger:
        row = ledger.execute(
            "select run_number, summary from runs order by run_number desc limit 1"
        ).fetchone()
        summary = {**json.loads(row["summary"]), step: content}
        ledger.execute(
            "update runs set summary = ? where run_number = ?",
            (state.to_json(summary), row["run_number"]),
        )
    run_log.write(home, step, run=int(row["run_number"]), told=run_log.counted(content))


def begun_by(home: Home, *, unattended: bool, dagster_run: str) -> None:
    """After this the open run says whether anybody was at hand, and where Dagster shows it."""
    note(home, "by", {"unattended": unattended, "dagster_run": dagster_run})


def fail(home: Home, problem: Exception, *, unattended: bool, dagster_run: str) -> None:
    """After this the open run, or one that failed to begin, is closed with what stopped it."""
    with state.connect(home.state) as ledger:
        row = ledger.execute("select outcome from runs order by run_number desc limit 1").fetchone()
    if row is None or row["outcome"] is not None:
        start(home)
    begun_by(home, unattended=unattended, dagster_run=dagster_run)
    note(home, "failure", {"problem": _said(problem)})
    end(home, "failed")


def stop(home: Home, *, unattended: bool, dagster_run: str) -> None:
    """After this the open run is closed as one that was told to stop, which is no failure."""
    last_run = last(home)
    if last_run is not None and last_run["outcome"] is None:
        begun_by(home, unattended=unattended, dagster_run=dagster_run)
        end(home, TOLD_TO_STOP)


def _said(problem: Exception) -> str:
    """What stopped a run, without what was got: that may be a cell of a file."""
    if not isinstance(problem, OutcomesError):
        return f"{type(problem).__name__}: a mistake of the code, or of the machine; see its log"
    parts = problem.as_dict()
    parts.pop("got", None)
    return OutcomesError(**parts).message


def end(home: Home, outcome: str, release: str | None = None) -> None:
    """After this the open run is closed with its outcome: published, nothing new or failed."""
    with state.connect(home.state) as ledger:
        ended = ledger.execute(
            "update runs set outcome = ?, ended_at = ?, release_id = ?"
            " where run_number = (select max(run_number) from runs) and outcome is null",
            (outcome, state.now(), release),
        )
    if ended.rowcount:
        run_log.write(home, "run ended", outcome=outcome, release=release)


def last(home: Home) -> dict[str, Any] | None:
    """The newest run with its summary, or None before the first."""
    with state.reading(home.state) as ledger:
        row = ledger.execute("select * from runs order by run_number desc limit 1").fetchone()
    if row is None:
        return None
    return {**dict(row), "summary": json.loads(row["summary"])}

"""The records of runs, in the ledger and in Dagster's own store, files of the log, and forms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project import state
from dagster_project.home import Home
from dagster_project.keeping.policy import Rule
from dagster_project.release.files import remove_tree

if TYPE_CHECKING:
    import dagster as dg

LOGS = "*.jsonl"


def runs(home: Home, rule: Rule, kept: set[str], today: date) -> dict[int, str]:
    """The runs of the ledger that may go, with when they began; none that made a kept release."""
    before = (today - timedelta(rule.days)).isoformat()
    with state.reading(home.state) as ledger:
        rows = ledger.execute(
            "select run_number, started_at, release_id from runs order by run_number desc"
        ).fetchall()
    return {
        int(row["run_number"]): f"began {row['started_at']}"
        # The newest is kept whatever the rule says: it may be under way.
        for row in reversed(rows[max(rule.newest, 1) :])
        if row["started_at"][:10] < before and row["release_id"] not in kept
    }


def let_run_go(home: Home, number: int) -> None:
    """After this the ledger has no such run; its number is never given again."""
    with state.connect(home.state) as ledger:
        ledger.execute("delete from runs where run_number = ?", (number,))


def dagster_runs(home: Home, rule: Rule, today: date) -> dict[str, str]:
    """The runs that Dagster may forget, each with when it was made."""
    before = datetime.combine(today - timedelta(rule.days), time(), UTC)
    with _instance(home) as instance:
        if instance is None:
            return {}
        records = sorted(instance.get_run_records(), key=lambda record: record.create_timestamp)
        return {
            record.dagster_run.run_id: f"made {record.create_timestamp:%Y-%m-%d}"
            for record in rule.past_newest(records)
            if record.create_timestamp.astimezone(UTC) < before and record.dagster_run.is_finished
        }


def let_dagster_run_go(home: Home, run_id: str) -> None:
    """After this Dagster knows nothing of that run, and what it printed is gone."""
    with _instance(home) as instance:
        if instance is not None:
            instance.delete_run(run_id)
    remove_tree(printed(home, run_id))


def printed(home: Home, run_id: str) -> Path:
    """Where Dagster keeps what a run printed."""
    return home.dagster / "storage" / run_id


@contextmanager
def _instance(home: Home) -> Iterator[dg.DagsterInstance | None]:
    """Dagster's own store of this home, if there is one."""
    if not (home.dagster / "history" / "runs.db").exists():
        yield None
        return
    import dagster as dg

    from dagster_project.orchestration import prepare_instance

    with dg.DagsterInstance.from_config(str(prepare_instance(home))) as instance:
        yield instance


def logs(home: Home, rule: Rule, today: date) -> dict[Path, str]:
    """The files of the log that may go: each is of one day, which is its name."""
    before = (today - timedelta(rule.days)).isoformat()
    found = sorted(home.logs.glob(LOGS))
    return {path: f"of {path.stem}" for path in rule.past_newest(found) if path.stem < before}


def returns(home: Home, rule: Rule, today: date) -> dict[Path, str]:
    """The marked copies of forms that may go, each with how old it is."""
    ages = {
        path: (today - datetime.fromtimestamp(path.stat().st_mtime, UTC).date()).days
        for path in home.returns.glob("*.xlsx")
    }
    oldest_first = sorted(ages, key=lambda path: (-ages[path], path.name))
    return {
        path: f"{ages[path]} days old"
        for path in rule.past_newest(oldest_first)
        if ages[path] >= rule.days
    }

"""What starts a refresh by itself: a new file in the inbox, and each source's calendar."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import dagster as dg

from dagster_project import retrying
from dagster_project.calendar import MONTHS_BETWEEN, source_rows
from dagster_project.fetching import addresses
from dagster_project.fetching.due import why_due
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.landing import inbox
from dagster_project.refresh import kind_of
from dagster_project.registry.registry import load_registry

# What define_asset_job gives; Dagster exports no name for it.
Job = Any

# What is dropped is told of within a minute, if it is to be told.
LOOK_EVERY_SECONDS = 15
# Publishers release at 09:30; what comes by then is there a few minutes later.
RELEASE_TIME = "45 9"


def inbox_sensor(home: Home, job: Job) -> dg.SensorDefinition:
    """Starts a refresh when the files of the home's inbox are others than before."""

    @dg.sensor(
        name="inbox",
        job=job,
        minimum_interval_seconds=LOOK_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Looks at the home's inbox and refreshes when a file is new or changed.",
    )
    def watch(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        if kind_of(home) == "sample":
            yield dg.SkipReason("A sample home takes no files.")
            return
        stamp = inbox_stamp(home)
        if stamp == (context.cursor or inbox_stamp_of([])):
            yield dg.SkipReason("Nothing new in the inbox.")
            return
        context.update_cursor(stamp)
        yield dg.RunRequest(run_key=stamp, run_config=unattended(home))

    return watch


def inbox_stamp(home: Home) -> str:
    """What tells one state of the inbox from another: names, sizes and times, not contents."""
    if not home.inbox.is_dir():
        return inbox_stamp_of([])
    files, _, _ = inbox.walk([home.inbox])
    return inbox_stamp_of([f"{file.relative_path}|{file.stamp}" for file in files])


def inbox_stamp_of(lines: list[str]) -> str:
    """A digest of the lines that describe an inbox."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def source_schedules(home: Home, job: Job) -> list[dg.ScheduleDefinition]:
    """A schedule for each source with a rhythm: working days of its months."""
    return [
        dg.ScheduleDefinition(
            name=f"due_{row['source_id']}",
            job=job,
            cron_schedule=cron(row),
            execution_timezone="Europe/London",
            default_status=dg.DefaultScheduleStatus.RUNNING,
            description=f"{row['title']}: {row['cadence']}, when its next extract is due.",
            tags={"source": row["source_id"]},
            run_config_fn=partial(_run_config, home, row["source_id"]),
        )
        for row in source_rows()
        if row["cadence"] in MONTHS_BETWEEN and row["expected_month"]
    ]


def _run_config(
    home: Home, source_id: str, context: dg.ScheduleEvaluationContext
) -> dict[str, Any]:
    """The settings of a scheduled run: its source is fetched first, if it is live and due."""
    if kind_of(home) == "sample":
        return unattended(home)
    day = context.scheduled_execution_time.date()
    if why_due(home, addresses.plan(load_registry(PROJECT_ROOT / "seeds")), day).get(source_id):
        return unattended(home, live=True, sources=[source_id])
    return unattended(home)


def unattended(home: Home, **settings: Any) -> dict[str, Any]:
    """The configuration of a run that nobody watches."""
    config = {"home": str(home.root), "unattended": True, **settings}
    return {"resources": {"settings": {"config": config}}}


def retry_sensor(home: Home, job: Job) -> dg.SensorDefinition:
    """Starts a run that failed again, with growing waits, until it is told instead.

    One that was told to stop is gone on with.
    """

    @dg.sensor(
        name="try_again",
        job=job,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tries a run that failed three times more, after 2, 10 and 30 minutes; goes on"
        " with one that was told to stop.",
    )
    def watch(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        if not home.state.exists() or retrying.is_under_way(home):
            yield dg.SkipReason("A refresh is under way, or there was none yet.")
            return
        left_off = retrying.left_off(home)
        if left_off is not None:
            yield dg.RunRequest(run_key=f"on after {left_off}", run_config=unattended(home))
            return
        failed = retrying.failures(home)
        if failed is None or failed.next_try is None or datetime.now(UTC) < failed.next_try:
            yield dg.SkipReason("Nothing is to be tried again now.")
            return
        yield dg.RunRequest(run_key=f"again after {failed.run_number}", run_config=unattended(home))

    return watch


def cron(row: dict[str, str]) -> str:
    """Working days of the months in which the source publishes, at its publisher's hour."""
    step, first = MONTHS_BETWEEN[row["cadence"]], int(row["expected_month"])
    months = sorted((first - 1 + offset) % 12 + 1 for offset in range(0, 12, step))
    return f"{RELEASE_TIME} * {','.join(map(str, months))} 1-5"

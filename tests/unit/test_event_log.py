"""Dagster's event log through connections that stay open: others read it, and it can be closed."""

from __future__ import annotations

import time

import dagster as dg
from dagster._core.events import DagsterEvent, DagsterEventType, StepMaterializationData
from dagster._core.events.log import EventLogEntry

from dagster_project.event_log import OpenEventLog
from dagster_project.home import Home
from dagster_project.orchestration import prepare_instance


def materialized(name: str) -> EventLogEntry:
    """The event that says that an asset was made."""
    event = DagsterEvent(
        event_type_value=DagsterEventType.ASSET_MATERIALIZATION.value,
        job_name="refresh",
        event_specific_data=StepMaterializationData(dg.AssetMaterialization(asset_key=name)),
    )
    return EventLogEntry(
        error_info=None,
        user_message="",
        level=10,
        run_id="one",
        timestamp=time.time(),
        step_key="step",
        job_name="refresh",
        dagster_event=event,
    )


def test_what_one_process_stores_another_reads_while_both_are_open(tmp_path):
    writing, reading = OpenEventLog(str(tmp_path)), OpenEventLog(str(tmp_path))
    assert reading.all_asset_keys() == []
    writing.store_event(materialized("values"))
    assert list(reading.all_asset_keys()) == [dg.AssetKey("values")]
    reading.store_event(materialized("trends"))
    assert len(writing.get_logs_for_run("one")) == 2
    writing.dispose()
    reading.dispose()
    # The last connection to close takes SQLite's own log with it.
    assert not list(tmp_path.rglob("*-wal"))


def test_the_file_is_written_ahead_so_that_no_event_waits_for_the_disk(tmp_path):
    log = OpenEventLog(str(tmp_path))
    with log.index_connection() as connection:
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("pragma synchronous").scalar() == 1
    log.dispose()


def test_a_home_keeps_its_events_in_it(tmp_path):
    place = prepare_instance(Home(tmp_path / "home"))
    with dg.DagsterInstance.from_config(str(place)) as instance:
        assert isinstance(instance.event_log_storage, OpenEventLog)

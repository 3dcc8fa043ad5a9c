"""Dagster's event log through connections that stay open: others read it, and it can be closed."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from contextlib import closing

import dagster as dg
import pytest
from dagster._core.events import DagsterEvent, DagsterEventType, StepMaterializationData
from dagster._core.events.log import EventLogEntry

from dagster_project.event_log import FILE, OpenEventLog
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


def test_a_kill_while_it_is_made_leaves_no_half_of_it(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", killed)
    with pytest.raises(KeyboardInterrupt):
        OpenEventLog(str(tmp_path))
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []
    whole = OpenEventLog(str(tmp_path))
    whole.store_event(materialized("values"))
    whole.dispose()
    again = OpenEventLog(str(tmp_path))
    assert list(again.all_asset_keys()) == [dg.AssetKey("values")]
    assert again.has_table("asset_check_executions")
    again.dispose()


def killed(*_):
    raise KeyboardInterrupt


def test_what_an_earlier_version_left_half_made_is_made_anew(tmp_path):
    with closing(sqlite3.connect(tmp_path / "event_log.db")) as connection:
        connection.execute("create table event_logs (id)")
    log = OpenEventLog(str(tmp_path))
    log.store_event(materialized("values"))
    assert list(log.all_asset_keys()) == [dg.AssetKey("values")]
    log.dispose()


def test_a_disk_without_links_has_one_too(tmp_path, monkeypatch):
    def refused(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    OpenEventLog(str(tmp_path)).dispose()
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        made = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
    assert {("event_logs",), ("alembic_version",)} <= set(made)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".making")] == []

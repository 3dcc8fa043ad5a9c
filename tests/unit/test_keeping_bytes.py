"""Landed and refused bytes, runs, logs and returned copies go once nothing needs them."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from keeping_support import OLD, STRICT, TODAY, YOUNG, dated, kept_strictly, made, tidied
from release_support import publish

from dagster_project import state
from dagster_project.calendar import today
from dagster_project.keeping.policy import FILE
from dagster_project.keeping.tidying import tidy_record
from dagster_project.landing import store as landing_store
from dagster_project.landing import taken_back
from dagster_project.release.manifest import InputRecord, write_manifest
from dagster_project.release.store import ReleaseStore
from tests.support import landing_files as files
from tests.support.landing_files import as_csv, fingertips
from tests.support.landing_place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return kept_strictly(tmp_path)


def aged(path: Path, days: int = 900) -> None:
    """The entry was last changed so many days ago."""
    moment = path.stat().st_mtime - days * 86_400
    for each in (*path.iterdir(), path):
        os.utime(each, (moment, moment))


def landed(place: Place) -> list[str]:
    """Two files have landed long ago, and the first was taken back; their names."""
    place.put("a.csv", as_csv(fingertips(areas=2)))
    place.put("PREVALENCE.csv", as_csv(files.qof_prevalence()))
    place.put("PREVALENCE.csv.period", b"period: 2020/21\nvintage: 2021-09-30")
    place.land(synthetic=True)
    with state.connect(place.home.state) as ledger:
        rows = ledger.execute("select * from landings order by source_id").fetchall()
    taken_back.take_back(place.home, rows[:1], "sent in error")
    for row in rows:
        aged(place.home.landing / row["sha256"])
    return [row["sha256"] for row in rows]


def test_landed_bytes_go_only_once_nothing_names_them(place: Place) -> None:
    gone, stays = landed(place)
    store = ReleaseStore(place.home)
    record = InputRecord(gone, "fingertips", "x", "a.csv", None, None, 2)
    first = dated(store, publish(store, 1), YOUNG, inputs=(record,))
    # A release that stays was made from it.
    assert tidied(place, "landing") == []
    dated(store, publish(store, 2), YOUNG)
    write_manifest(
        store.path(first), replace(store.manifests()[-1], created_at=OLD, inputs=(record,))
    )
    assert tidied(place, "releases", apply=False) == [first]
    assert tidied(place, "landing") == [f"landing/{gone}/extract"]
    entry = place.home.landing / gone
    assert [path.name for path in entry.iterdir()] == [landing_store.mark(None)]
    note = json.loads((entry / landing_store.mark(None)).read_text())
    assert note["taken_back_because"] == "sent in error"
    assert "bytes_let_go_at" in note
    # What the ledger names stays, however old; and what was taken back isn't forgotten.
    assert landing_store.landed_bytes(place.home.landing, stays).is_file()
    assert [each.sha256 for each in taken_back.marked(place.home)] == [gone]
    place.land(synthetic=True)
    assert place.summary.taken_back == ["a.csv"]


def test_landed_bytes_stay_while_a_last_good_value_may_rest_on_them(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, _ = landed(place)
    publish(ReleaseStore(place.home), 1)
    found = "dagster_project.keeping.bytes._sources_of_last_good"
    with monkeypatch.context() as held:
        held.setattr(found, lambda *_: {"fingertips"})
        assert tidied(place, "landing", apply=False) == []
        held.setattr(found, lambda *_: {"qof"})
        assert tidied(place, "landing", apply=False) == [f"landing/{gone}/extract"]


def test_refused_bytes_go_and_the_reason_stays(place: Place) -> None:
    place.put("bad.csv", as_csv(files.change(fingertips(), 2, "Value", "1*")))
    place.land(synthetic=True)
    (entry,) = place.home.quarantine.iterdir()
    assert tidied(place, "quarantine") == []
    aged(entry)
    assert tidied(place, "quarantine") == [f"quarantine/{entry.name}/extract"]
    assert [path.name for path in entry.iterdir()] == ["reason.json"]
    assert "bytes_let_go_at" in json.loads((entry / "reason.json").read_text())
    assert len(place.refusals()) == 1
    assert tidied(place, "quarantine") == []


def test_runs_go_but_for_the_newest_and_those_that_made_a_release_that_stays(place: Place) -> None:
    (kept,) = made(place, YOUNG)
    (place.home.root / FILE).write_text(STRICT + "[runs]\ndays = 10\nnewest = 2\n")
    with state.connect(place.home.state) as ledger:
        ledger.executemany(
            "insert into runs (started_at, ended_at, outcome, release_id) values (?, ?, ?, ?)",
            [(OLD, OLD, "published", name) for name in ("1.0.0-x", kept, None, None, None)],
        )
    assert tidied(place, "runs") == ["1", "3"]
    with state.connect(place.home.state) as ledger:
        assert [row[0] for row in ledger.execute("select run_number from runs")] == [2, 4, 5]
        number = ledger.execute("insert into runs (started_at) values ('x')").lastrowid
    assert number == 6


def test_dagster_forgets_runs_that_ended_long_ago(place: Place) -> None:
    import dagster as dg
    from dagster._core.storage.dagster_run import DagsterRun

    from dagster_project.orchestration import prepare_instance

    (place.home.root / FILE).write_text(STRICT + "[dagster]\ndays = 10\nnewest = 1\n")
    assert tidied(place, "dagster") == []
    ids = [f"{n}" * 8 for n in range(3)]
    with dg.DagsterInstance.from_config(str(prepare_instance(place.home))) as instance:
        for number, run_id in enumerate(ids):
            ended = dg.DagsterRunStatus.STARTED if number == 1 else dg.DagsterRunStatus.SUCCESS
            instance.add_run(DagsterRun(job_name="refresh", run_id=run_id, status=ended))
            (place.home.dagster / "storage" / run_id).mkdir(parents=True)
    assert tidied(place, "dagster") == []
    long_after = today() + timedelta(20)
    record = tidy_record(place.home, long_after, apply=True)
    # One is under way, as far as Dagster knows, and one is the newest.
    assert [each["name"] for each in record["going"] if each["kind"] == "dagster"] == ids[:1]
    with dg.DagsterInstance.from_config(str(place.home.dagster)) as instance:
        assert sorted(run.run_id for run in instance.get_runs()) == ids[1:]
    assert sorted(path.name for path in (place.home.dagster / "storage").iterdir()) == ids[1:]


def test_files_of_the_log_go_by_the_day_in_their_name(place: Place) -> None:
    for day in ("2020-01-01", "2026-11-25"):
        (place.home.logs / f"{day}.jsonl").write_text("{}\n")
    assert tidied(place, "logs") == ["logs/2020-01-01.jsonl"]
    assert [path.name for path in place.home.logs.iterdir()] == ["2026-11-25.jsonl"]


def test_marked_copies_of_forms_go_once_they_have_had_time_to_be_sent_back(place: Place) -> None:
    place.home.returns.mkdir()
    (place.home.outbox / "notice.json").write_text("{}")
    for name, days in (("old.xlsx", 31), ("young.xlsx", 29)):
        (place.home.returns / name).write_bytes(b"x")
        moment = datetime.combine(TODAY - timedelta(days), time(12), UTC).timestamp()
        os.utime(place.home.returns / name, (moment, moment))
    assert tidied(place, "returns", apply=False) == ["outbox/returns/old.xlsx"]
    assert tidied(place, "returns") == ["outbox/returns/old.xlsx"]
    assert [path.name for path in place.home.returns.iterdir()] == ["young.xlsx"]
    assert tidied(place, "returns") == []

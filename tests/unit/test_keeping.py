"""What a home lets go of by its policy, and what it never does."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from release_support import STOCKPORT, publish

from dagster_project import cli, state
from dagster_project.alerts import machine, outbox
from dagster_project.alerts import store as notices
from dagster_project.alerts.causes import Cause
from dagster_project.alerts.machine import Alert, Telling
from dagster_project.alerts.store import Notice
from dagster_project.calendar import today
from dagster_project.errors import OutcomesError, UsageError
from dagster_project.home import Home
from dagster_project.keeping.policy import FILE, Rule, policy_of
from dagster_project.keeping.releases import going, staying
from dagster_project.keeping.tidying import tidy_record
from dagster_project.landing import store as landing_store
from dagster_project.landing import taken_back
from dagster_project.refresh import settle_kind
from dagster_project.release.manifest import InputRecord, Manifest, verify, write_manifest
from dagster_project.release.store import ReleaseStore
from dagster_project.release.withdraw import withdraw_key, withdraw_release
from dagster_project.release.withdrawals import in_force
from tests.support import landing_files as files
from tests.support.landing_files import as_csv, fingertips
from tests.support.landing_place import Place

TODAY = date(2026, 11, 26)
YOUNG, OLD = "2026-11-01T08:00:00Z", "2024-11-01T08:00:00Z"
STRICT = "[releases]\ndays = 100\nnewest = 1\nyearly = false\n"
KEY = {"indicator_id": "smoking", "area_code": STOCKPORT, "sex": "persons"}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    settle_kind(place.home, sample=True)
    (place.home.root / FILE).write_text(STRICT)
    return place


def dated(store: ReleaseStore, manifest: Manifest, day: str, **more: Any) -> str:
    """The release was made on that day."""
    write_manifest(store.path(manifest.id), replace(manifest, created_at=day, **more))
    return manifest.id


def made(place: Place, *days: str) -> list[str]:
    """A release for each day, the first the oldest."""
    store = ReleaseStore(place.home)
    return [dated(store, publish(store, n), day) for n, day in enumerate(days, start=1)]


def tidied(place: Place, kind: str, *, apply: bool = True) -> list[str]:
    """What of that kind goes, by name."""
    record = tidy_record(place.home, TODAY, apply=apply)
    return [each["name"] for each in record["going"] if each["kind"] == kind]


def test_old_releases_go_and_the_others_stay_as_they_were(place: Place) -> None:
    first, second, third = made(place, OLD, OLD, YOUNG)
    store = ReleaseStore(place.home)
    assert tidied(place, "releases", apply=False) == [first, second]
    assert store.ids() == [third, second, first]
    assert tidied(place, "releases") == [first, second]
    assert store.ids() == [third]
    assert store.latest_id() == third
    verify(store.path(third))
    assert tidied(place, "releases") == []


def test_the_latest_stays_however_old_and_wherever_it_points(place: Place) -> None:
    first, second, third = made(place, OLD, OLD, OLD)
    ReleaseStore(place.home).rollback(first)
    assert tidied(place, "releases") == [second]
    assert ReleaseStore(place.home).ids() == [third, first]


def test_so_many_of_the_newest_and_the_last_of_each_year_stay(place: Place) -> None:
    days = [f"{year}-0{month}-01T00:00:00Z" for year in (2022, 2023) for month in (1, 6)]
    ids = made(place, *days, OLD, OLD)
    store = ReleaseStore(place.home)
    found = staying(store, store.manifests(), Rule(days=100, newest=1, yearly=True), TODAY)
    assert found == {
        ids[5]: "it is the latest",
        ids[3]: "it is the last of 2023",
        ids[1]: "it is the last of 2022",
    }
    assert list(going(store, store.manifests(), Rule(days=100, newest=3), TODAY)) == ids[:3]


def test_a_release_stays_while_only_it_tells_what_was_taken_back(place: Place) -> None:
    first, second, third = made(place, OLD, OLD, YOUNG)
    store = ReleaseStore(place.home)
    withdraw_key(store, place.home.state, KEY, "sent in error")
    withdraw_release(store, place.home.state, first, "wrong year")
    assert tidied(place, "releases", apply=False) == []
    # The next release tells it too.
    fourth = dated(store, publish(store, 4), YOUNG, in_force=in_force(place.home))
    assert tidied(place, "releases") == [first, second]
    assert store.ids() == [fourth, third]


def test_a_release_stays_while_later_ones_hide_what_it_shows(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = (
        {"source_id": "records", "is_public": "false"},
        {"source_id": "qof", "is_public": "true"},
    )
    monkeypatch.setattr("dagster_project.keeping.releases.source_rows", lambda: rows)
    store = ReleaseStore(place.home)
    ids = [
        dated(
            store,
            publish(store, n),
            OLD,
            inputs=(InputRecord("0" * 64, source, "x", "x.csv", None, None, 1),),
        )
        for n, source in enumerate(("records", "qof", "qof"), start=1)
    ]
    assert tidied(place, "releases") == [ids[1]]
    assert store.ids() == [ids[2], ids[0]]


def test_a_kill_while_a_release_goes_leaves_none_that_is_torn(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = made(place, OLD, YOUNG)

    def killed(path: Path) -> None:
        raise KeyboardInterrupt

    store = ReleaseStore(place.home)
    with monkeypatch.context() as stopped:
        stopped.setattr("dagster_project.keeping.releases.remove_tree", _once(killed))
        with pytest.raises(KeyboardInterrupt):
            tidied(place, "releases")
    assert store.ids() == [second]
    assert store.reconcile() == [f"Removed .going-{first}, left by a run that was stopped."]
    assert [path.name for path in store.root.iterdir() if path.name.startswith(".")] == []


def _once(then: Callable[[Path], None]) -> Callable[[Path], None]:
    """Nothing the first time, when the place is made free; what is asked for the second."""
    calls: Iterator[int] = iter(range(9))

    def call(path: Path) -> None:
        if next(calls):
            then(path)

    return call


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


def test_a_damaged_release_stops_it(place: Place) -> None:
    first, _ = made(place, OLD, YOUNG)
    (ReleaseStore(place.home).path(first) / "manifest.json").write_text("{")
    with pytest.raises(OutcomesError, match="manifest can't be read"):
        tidy_record(place.home, TODAY, apply=True)
    assert len(ReleaseStore(place.home).ids()) == 2


def test_a_clock_that_was_moved_back_lets_nothing_go(place: Place) -> None:
    made(place, OLD, OLD, YOUNG)
    assert tidy_record(place.home, date(2020, 1, 1), apply=True)["going"] == []


def test_a_home_may_have_its_own_policy(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert policy_of(home).releases == Rule(days=400, newest=12, yearly=True)
    (tmp_path / FILE).write_text("[releases]\nnewest = 3\n")
    assert policy_of(home).releases == Rule(days=400, newest=3, yearly=True)
    assert policy_of(home).logs.days == 180


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[releases", "isn't TOML"),
        ("[release]\ndays = 1", "got release; expected one of"),
        ("days = 1", "got days; expected one of"),
        ("[logs]\ndays = '1'", r"\[logs\] days: .* got '1'; expected a whole number from 0 up"),
        ("[logs]\ndays = true", "got True; expected a whole number"),
        ("[logs]\nyearly = true", "expected days, newest"),
        ("[releases]\nnewest = 0", "expected a whole number from 1 up"),
        ("[releases]\nyearly = 1", "expected true or false"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(UsageError, match=told) as refused:
        policy_of(Home(tmp_path))
    assert refused.value.file == str(tmp_path / FILE)


def test_the_command_says_what_would_go_and_how(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _ = made(place, OLD, YOUNG)
    monkeypatch.setenv("OUTCOMES_HOME", str(place.home.root))
    assert cli.main(["tidy", "--as-of", TODAY.isoformat()]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("releases: 1 (")
    assert said[1] == f"  {first}: 755 days old"
    assert said[-1] == "Nothing was touched; --apply lets it go."
    assert cli.main(["tidy", "--as-of", TODAY.isoformat(), "--apply"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "It is gone."
    assert cli.main(["tidy", "--as-of", TODAY.isoformat()]) == 0
    assert "Nothing is old enough" in capsys.readouterr().out


def notice(place: Place, name: str, day: str, cause: Cause) -> None:
    """A message about that cause was made and sent that day."""
    moment = datetime.fromisoformat(f"{day}T08:00:00+00:00")
    content = {"subject": name, "tells": [{"alert_key": cause.key}]}
    message = Notice(name, "geography", "mail", True, day, content, moment, notices.QUEUED)
    outbox.write(place.home, message)
    outbox.put_away(place.home, name)
    with state.connect(place.home.state) as ledger:
        notices.add_notice(ledger, replace(message, status=notices.SENT, sent_at=moment))


def test_delivered_messages_go_once_all_that_they_tell_of_is_over(place: Place) -> None:
    opened, over, unheard = (Cause("file_refused", name, "qof") for name in ("a", "b", "c"))
    at = datetime(2024, 11, 1, 8, tzinfo=UTC)
    told = Telling(at, at, frozenset(), "first", is_over=False)
    with state.connect(place.home.state) as ledger:
        notices.save(
            ledger,
            [
                Alert(opened.key, opened, machine.OPEN, at),
                Alert(over.key, over, machine.RESOLVED, at),
                Alert(unheard.key, unheard, machine.RESOLVED, at, told={"geography": told}),
            ],
        )
    for name, cause in (("open", opened), ("over", over), ("unheard", unheard)):
        notice(place, name, "2024-11-01", cause)
    notice(place, "young", "2026-11-01", over)
    assert tidied(place, "notices", apply=False) == ["over"]
    assert tidied(place, "notices") == ["over"]
    assert tidied(place, "notices") == []
    sent = place.home.outbox / "sent"
    assert sorted(path.stem for path in sent.iterdir()) == ["open", "unheard", "young"]
    with state.connect(place.home.state) as ledger:
        left = {each.notice_id for each in notices.notices(ledger)}
    assert left == {"open", "unheard", "young"}


def test_the_newest_message_to_each_reader_stays(place: Place) -> None:
    """It tells that the way to them worked since one couldn't be delivered."""
    cause = Cause("file_refused", "a", "qof")
    for name, day in (("first", "2024-10-01"), ("last", "2024-11-01")):
        notice(place, name, day, cause)
    assert tidied(place, "notices") == ["first"]


@pytest.mark.parametrize(("newest", "going"), [(0, 3), (2, 1), (3, 0), (5, 0)])
def test_the_newest_stay_where_there_are_fewer_than_are_to_stay_too(
    newest: int, going: int
) -> None:
    assert Rule(days=0, newest=newest).past_newest(["a", "b", "c"]) == ["a", "b", "c"][:going]

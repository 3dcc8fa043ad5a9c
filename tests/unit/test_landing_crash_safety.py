"""Whatever kills the process, the next run puts ledger, `landing/` and warehouse right."""

from __future__ import annotations

import shutil
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from dagster_project import state, warehouse
from dagster_project.errors import OutcomesError
from dagster_project.landing import ledger, loading, readers, reading, store
from tests.support import landing_files as files
from tests.support.landing_files import as_csv, as_xlsx, as_zip, fingertips
from tests.support.landing_place import Place, land_at, snapshot
from tests.support.processes import FORKED

KILLS = 10
BAD = as_csv(files.change(fingertips(), 2, "Value", "1*"))


def fill(place: Place) -> None:
    """An inbox with something of every kind, and files that are refused."""
    for number in range(3):
        table = fingertips(indicator=str(93000 + number), areas=4)
        place.put(f"fingertips {number}.csv", as_csv(table))
    place.put("2020-21.xlsx", as_xlsx({"in": files.ascof()}))
    place.put("PREVALENCE.csv", as_csv(files.qof_prevalence()))
    place.put("PREVALENCE.csv.period", b"2020/21")
    place.put("areas.json", files.as_json(files.fingertips_areas()))
    place.put("lookup.parquet", files.lookup())
    place.put("bad.csv", BAD)
    place.put("all.zip", as_zip({"api.csv": as_csv(files.fingertips_api()), "bad.csv": BAD + b"x"}))


def told(place: Place) -> tuple[Any, ...]:
    """What must be the same however often the process was killed on the way."""
    ledger = [
        (row["relative_path"], row["sha256"], row["period"], row["rows_kept"])
        for row in place.ledger()
    ]
    return ledger, place.rows(), sorted(path.name for path in place.home.quarantine.iterdir())


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ...]:
    place = Place(tmp_path_factory.mktemp("undisturbed"))
    fill(place)
    place.land()
    return told(place)


def start(root: Path) -> tuple[Any, Connection]:
    """A process that has begun to land the inbox at `root`."""
    receiving, sending = FORKED.Pipe(duplex=False)
    process = FORKED.Process(target=land_at, args=(root, sending))
    process.start()
    sending.close()
    assert receiving.recv() == "begun"
    return process, receiving


def kill_after(root: Path, seconds: float) -> None:
    """A landing that has been killed, unless it was done by then."""
    process, receiving = start(root)
    time.sleep(seconds)
    process.kill()
    process.join()
    receiving.close()


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long a landing takes in a process of its own."""
    place = Place(tmp_path_factory.mktemp("timed"))
    fill(place)
    process, receiving = start(place.root)
    begun = time.monotonic()
    assert receiving.recv() == "done"
    process.join()
    return time.monotonic() - begun


@pytest.mark.parametrize("moment", range(KILLS))
def test_a_killed_landing_is_finished_by_the_next(
    tmp_path: Path, undisturbed: tuple[Any, ...], takes: float, moment: int
) -> None:
    place = Place(tmp_path)
    fill(place)
    before = snapshot(place.inbox)
    # Spread over the whole time; where exactly each falls is up to the machine.
    kill_after(place.root, takes * (moment + 0.5) / KILLS)
    place.land()
    place.agrees()
    assert told(place) == undisturbed
    assert snapshot(place.inbox) == before


def test_a_home_that_is_killed_again_and_again_comes_right(
    tmp_path: Path, undisturbed: tuple[Any, ...], takes: float
) -> None:
    place = Place(tmp_path)
    fill(place)
    for share in (0.2, 0.35, 0.5):
        kill_after(place.root, takes * share)
    place.land()
    place.agrees()
    assert sorted(told(place)[0]) == sorted(undisturbed[0])
    assert told(place)[1:] == undisturbed[1:]


# The same at chosen moments.


class Killed(BaseException):
    """The process is gone: nothing after this is done."""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    fill(place)
    return place


@pytest.mark.parametrize(
    ("module", "name", "after"),
    [
        (store, "_share", 2),
        (store, "_write", 3),
        (store, "_sync", 1),
        (ledger, "enter", 2),
        (loading, "_keep_rows", 2),
        (reading, "insert_rows", 4),
    ],
)
def test_a_landing_that_stops_at_a_step_is_finished_by_the_next(
    place: Place,
    undisturbed: tuple[Any, ...],
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    after: int,
) -> None:
    as_ever, calls = getattr(module, name), []

    def stop(*args: Any, **more: Any) -> Any:
        calls.append(name)
        if len(calls) == after:
            raise Killed
        return as_ever(*args, **more)

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(module, name, stop)
        place.land()
    place.land()
    place.agrees()
    assert told(place) == undisturbed


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("once"))
    fill(place)
    place.land()
    return place


@pytest.fixture
def landed(once: Place, tmp_path: Path) -> Place:
    """A home in which all has landed, to be damaged; its inbox is empty."""
    shutil.copytree(once.home.root, tmp_path / "home")
    return Place(tmp_path, run_number=1)


def test_bytes_without_a_row_in_the_ledger_land_as_if_new(landed: Place) -> None:
    place = landed
    fill(place)
    # The process died after the bytes were kept, and the file has a sidecar since.
    with state.connect(place.home.state) as connection:
        connection.execute("delete from landings where layout_id = 'qof_prevalence'")
        connection.execute("delete from sightings")
    place.put("PREVALENCE.csv.period", b"2019/20")
    place.land()
    content = as_csv(files.qof_prevalence())
    assert place.receipt(content)["period"] == "2019/20"
    place.agrees()


# The warehouse is a cache.


@pytest.mark.parametrize(
    "damage", ["deleted", "garbage", "empty", "cut", "garbage log", "half a table"]
)
def test_a_lost_or_damaged_warehouse_is_rebuilt_from_landing(
    once: Place, landed: Place, damage: str
) -> None:
    ruin(landed, damage)
    landed.land()
    assert landed.taken_back == []
    assert landed.rows() == once.rows()
    assert landed.ledger() == once.ledger()
    landed.agrees()


def ruin(place: Place, damage: str) -> None:
    path = place.home.warehouse
    if damage == "deleted":
        path.unlink()
    elif damage == "garbage":
        path.write_bytes(b"not a database " * 10_000)
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:4096])
    elif damage == "garbage log":
        path.with_name(path.name + ".wal").write_bytes(b"no log " * 1000)
    else:
        with warehouse.connect(place.home) as connection:
            connection.execute("delete from raw.loaded where extract_id in (1, 3)")


def test_rows_that_nothing_in_the_ledger_stands_for_are_removed(landed: Place) -> None:
    rows = landed.rows()
    with warehouse.connect(landed.home) as connection:
        connection.execute(
            "insert into raw.fingertips_values by name select * replace (99 as extract_id)"
            " from raw.fingertips_values"
        )
        connection.execute(
            "insert into raw.loaded values (99, 'x', ?, 24, 'fingertips_values', false)",
            [readers.reader_version()],
        )
    landed.land()
    assert landed.rows() == rows
    landed.agrees()


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_landed_bytes_that_are_not_what_landed_are_told_and_not_read(
    landed: Place, damage: str
) -> None:
    content = as_csv(files.qof_prevalence())
    path = landed.home.landing / files.sha256(content) / "extract"
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content.replace(b"40", b"41"))
    landed.home.warehouse.unlink()
    with pytest.raises(OutcomesError) as caught:
        landed.land()
    assert caught.value.file == str(path)
    assert files.sha256(content) in str(caught.value.expected)
    assert "put that file back" in str(caught.value.fix)
    assert len(landed.ledger()) == 8
    path.write_bytes(content)
    landed.land()
    landed.agrees()


def test_what_killed_runs_left_lying_about_is_cleared(landed: Place) -> None:
    entry = landed.home.landing / f".{'0' * 64}.123"
    entry.mkdir()
    (entry / "extract").write_bytes(b"half")
    (landed.home.quarantine / f".{'1' * 64}.9").write_bytes(b"half a note")
    scratch = landed.home.cache / "landing" / "tmpabc"
    scratch.mkdir(parents=True)
    (scratch / "extract").write_bytes(b"half")
    landed.land()
    landed.agrees()

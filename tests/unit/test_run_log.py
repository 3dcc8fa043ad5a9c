"""The log of a home has numbers and our own words: nothing that stood in a file, or named one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dagster_project import run_log, state
from dagster_project.home import Home
from dagster_project.pipeline import runs

# A valid NHS number of the range that is kept for tests, and names that a person might type.
NUMBER = "999 000 0018"
SUMMARY: dict[str, Any] = {
    "landed": [[f"{NUMBER}.csv", 12]],
    "rows_read": 1200,
    "rows_dropped": {"Mrs Example": 3},
    "refused": [{"file": f"Jane Example {NUMBER}.csv", "message": "got 999 000 0018"}],
    "counts": {"published": 7, "held": 1},
    "is_whole": True,
    "said": f"of {NUMBER}",
    "none": None,
    f"Jane Example {NUMBER}": 3,
}


def lines(home: Home) -> list[dict[str, Any]]:
    (path,) = home.logs.iterdir()
    return [json.loads(line) for line in path.read_text("ascii").splitlines()]


def test_a_run_is_logged_from_start_to_end(tmp_path: Path) -> None:
    home = Home(tmp_path)
    number = runs.start(home)
    runs.note(home, "landing", SUMMARY)
    runs.end(home, "published", "1.0.0-0123456789ab")
    runs.end(home, "published", "1.0.0-0123456789ab")
    told = lines(home)
    assert [line["event"] for line in told] == ["run started", "landing", "run ended"]
    assert {line["run"] for line in told[:2]} == {number}
    assert told[1]["told"] == {
        "landed": 1,
        "rows_read": 1200,
        "rows_dropped": 1,
        "refused": 1,
        "counts": {"published": 7, "held": 1},
        "is_whole": True,
    }
    assert (told[2]["outcome"], told[2]["release"]) == ("published", "1.0.0-0123456789ab")


def test_nothing_of_a_file_gets_into_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    runs.start(home)
    runs.note(home, "landing", SUMMARY)
    (path,) = home.logs.iterdir()
    text = path.read_text("ascii")
    for said in (NUMBER, NUMBER.replace(" ", ""), "Jane", "Example", ".csv"):
        assert said not in text


def test_each_day_has_a_file_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path)
    for moment in ("2026-11-25T23:59:59Z", "2026-11-26T00:00:00Z", "2026-11-25T23:59:59Z"):
        monkeypatch.setattr(state, "now", lambda moment=moment: moment)
        run_log.write(home, "run started", run=1)
    assert sorted(path.name for path in home.logs.iterdir()) == [
        "2026-11-25.jsonl",
        "2026-11-26.jsonl",
    ]
    # Also where the clock was moved back: lines are added, never written over.
    assert len((home.logs / "2026-11-25.jsonl").read_text().splitlines()) == 2

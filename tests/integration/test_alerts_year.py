"""A year of made-up operation: nothing missed, nothing repeated, one digest a day at most."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dagster_project.alerts import delivery, from_state, releases_seen
from dagster_project.alerts.routing import directory
from dagster_project.home import Home
from tests.alerts_place import Place
from tests.year_of_alerts import Audit, Year, audit, live_through


def lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, days: int) -> Audit:
    place = Place(Home(tmp_path / f"home-{seed}"))
    place.delivers_to(1)
    # Whether a server takes them is asked elsewhere; here it takes all.
    monkeypatch.setattr(delivery, "_send", lambda *_: None)
    monkeypatch.setattr(
        releases_seen, "look_at", lambda *_: releases_seen.Seen(tuple(place.causes))
    )
    # The home began before the year: its reviews are another matter.
    monkeypatch.setattr(from_state, "due_reviews", lambda *_: iter(()))
    year = Year(directory(), seed, days)
    live_through(place, year)
    return audit(place, year)


def check(found: Audit) -> None:
    faults: dict[str, Any] = {
        "false": found.false,
        "missed": found.missed,
        "repeated": found.repeated,
        "late": found.late,
        "endings missed": found.endings_missed,
    }
    assert {name: each for name, each in faults.items() if each} == {}
    assert found.most_digests_a_day == 1
    assert found.told > 20
    assert found.endings > 5


def test_two_months(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(lived(tmp_path, monkeypatch, seed=1, days=60))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_a_year(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    seed: int,
) -> None:
    found = lived(tmp_path, monkeypatch, seed, days=365)
    with capsys.disabled():
        print(f"\nYear {seed}: {found.told} tellings in {found.notices.total()} notices;")
        for recipient, count in sorted(found.notices.items()):
            digests = sum(name == recipient for name, _ in found.digests)
            print(f"  {recipient}: {count} notices, {digests} of them digests")
    check(found)

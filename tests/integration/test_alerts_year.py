"""A year of made-up operation: nothing missed, nothing repeated, one digest a day at most."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dagster_project import state
from dagster_project.alerts import delivery, from_state, releases_seen
from dagster_project.alerts.routing import directory
from dagster_project.home import Home
from tests.support.alerts_place import Place
from tests.support.year_of_alerts import Audit, Year, audit, live_through


def lived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, days: int
) -> tuple[Place, Year]:
    """A home after that many days, and what truly was the case in them."""
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
    return place, year


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
    assert found.told > 15
    assert found.endings > 5


def test_forty_days_and_that_the_audit_finds_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, year = lived(tmp_path, monkeypatch, seed=1, days=40)
    check(audit(place, year))

    def without(change: str) -> Audit:
        with state.connect(place.home.state) as ledger:
            ledger.execute("create table if not exists kept as select * from notices")
            ledger.execute("delete from notices")
            ledger.execute("insert into notices select * from kept")
            ledger.execute(change)
        return audit(place, year)

    urgent = "(select notice_id from notices where is_urgent order by made_at limit 1)"
    assert without(f"delete from notices where notice_id = {urgent}").missed
    assert without(
        "insert into notices select notice_id || '2', recipient, channel, is_urgent, day, content,"
        " status, attempts, made_at, next_try_at, sent_at, last_problem from notices"
        f" where notice_id = {urgent}"
    ).repeated
    later = "strftime('%Y-%m-%dT%H:%M:%SZ', made_at, '+50 days')"
    assert without(f"update notices set made_at = {later} where is_urgent").false
    digests = without("update notices set day = '2026-01-05', is_urgent = 1 where is_urgent = 0")
    assert digests.most_digests_a_day == 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_a_year(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    seed: int,
) -> None:
    found = audit(*lived(tmp_path, monkeypatch, seed, days=365))
    with capsys.disabled():
        print(f"\nYear {seed}: {found.told} tellings in {found.notices.total()} notices;")
        for recipient, count in sorted(found.notices.items()):
            digests = sum(name == recipient for name, _ in found.digests)
            print(f"  {recipient}: {count} notices, {digests} of them digests")
    check(found)

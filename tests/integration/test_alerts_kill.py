"""Killed at any instant, alerts lose nothing and tell nothing twice but under the same id."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from dagster_project import state
from dagster_project.alerts import store
from dagster_project.home import PROJECT_ROOT, Home
from tests.support.alerts_place import Place
from tests.support.mail_server import post_office

KILLS = 40
# Looks again and again; each look finds one more refused file than the one before.
LOOKER = """
import sys
from datetime import timedelta
from pathlib import Path
from dagster_project.alerts import from_state, look, releases_seen
from dagster_project.home import Home
from tests.support.alerts_place import MONDAY, refused

home, count = Home(Path(sys.argv[1])), Path(sys.argv[2])
releases_seen.look_at = lambda *_: releases_seen.Seen()
while True:
    number = int(count.read_text())
    causes = [refused(Path(f"{each}.csv")) for each in range(number)]
    from_state.collect = lambda *_: causes
    look.look(home, MONDAY + timedelta(minutes=number))
    part = count.with_suffix(".part")
    part.write_text(str(number + 1))
    part.rename(count)
    print(number, flush=True)
"""


@pytest.mark.slow
def test_killed_at_random_moments(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place(Home(tmp_path / "home"))
    count = tmp_path / "count"
    count.write_text("1")
    choose = random.Random(7)  # noqa: S311 (when to kill, no secret)
    with post_office() as post:
        place.delivers_to(post.port)
        for _ in range(KILLS):
            looker = subprocess.Popen(
                [sys.executable, "-c", LOOKER, str(place.home.root), str(count)],
                cwd=PROJECT_ROOT,
                stdout=subprocess.PIPE,
            )
            assert looker.stdout is not None
            # From its first look on: importing is no moment of interest.
            looker.stdout.readline()
            time.sleep(choose.uniform(0.0, 0.15))
            looker.kill()
            looker.wait()
            looker.stdout.close()
        last = subprocess.Popen(
            [sys.executable, "-c", LOOKER, str(place.home.root), str(count)],
            cwd=PROJECT_ROOT,
            stdout=subprocess.PIPE,
        )
        assert last.stdout is not None
        final = [int(last.stdout.readline()) for _ in range(8)][-1]
        last.kill()
        last.wait()
        last.stdout.close()
        received = Counter(str(letter["Message-ID"]) for letter in post.letters)
    with state.connect(place.home.state) as ledger:
        notices = store.notices(ledger)
    told = Counter(
        (notice.recipient, each["alert_key"], each["event"])
        for notice in notices
        for each in notice.content["tells"]
    )
    recipients = {notice.recipient for notice in notices}
    assert len(recipients) == 3
    # Every file that was seen was told to each, once.
    assert {key: times for key, times in told.items() if times != 1} == {}
    files = {key for _, key, _ in told}
    assert files >= {f"file_refused/{number}.csv" for number in range(final)}
    sent = {f"<{each.notice_id}@example.org>" for each in notices if each.status == "sent"}
    assert sent <= set(received)
    twice = sum(times > 1 for times in received.values())
    with capsys.disabled():
        print(f"\n  {KILLS} kills, {len(notices)} notices, {twice} received twice under one id")
    assert twice <= KILLS

"""Dagster's daemon left by itself: files dropped in the inbox become releases or alerts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.release.store import ReleaseStore
from tests.support.alerts_place import config
from tests.support.daemon_cost import cost_of
from tests.support.mail_server import Post, free_port, post_office
from tests.support.small_inbox import line, write

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc what it costs"),
]
STARTS_WITHIN, RELEASES_WITHIN, TELLS_WITHIN = 180.0, 240.0, 60.0
IDLE_SECONDS = 60.0
ENGLAND = line("E92000001", "1.0", "0.9", "1.1")


@dataclass
class Daemon:
    """`outcomes ui` for one home, and the mailbox of those it tells."""

    home: Home
    post: Post
    process: subprocess.Popen[bytes]

    def drop(self, *lines: str) -> None:
        """After this the inbox holds the file, whole from one moment to the next."""
        part = self.home.root / "fingertips.part"
        write(part, *lines)
        part.rename(self.home.inbox / "fingertips.csv")

    def until(self, is_so: Callable[[], object], within: float, what: str) -> float:
        """How long it took; the test fails where it takes longer."""
        began = time.monotonic()
        while not is_so():
            assert self.process.poll() is None, "the daemon has ended"
            assert time.monotonic() - began < within, f"not within {within:.0f} s: {what}"
            time.sleep(0.25)
        return time.monotonic() - began

    def latest(self) -> str | None:
        return ReleaseStore(self.home).latest_id()


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    home = Home(tmp_path / "home")
    home.make()
    with post_office() as post:
        (home.root / "alerts.toml").write_text(config(post.port))
        process = subprocess.Popen(
            [sys.executable, "-m", "dagster_project.cli", "ui", "--port", str(free_port())],
            cwd=PROJECT_ROOT,
            env={**os.environ, "OUTCOMES_HOME": str(home.root)},
        )
        try:
            yield Daemon(home, post, process)
        finally:
            process.terminate()
            process.wait(60)


def test_left_by_itself(daemon: Daemon, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    stockport = "E08000007"
    daemon.drop(ENGLAND, line(stockport, "1.2", "1.0", "1.4"))
    within = STARTS_WITHIN + RELEASES_WITHIN
    took = daemon.until(daemon.latest, within, "a release of the file in the inbox")
    said.append(f"from the start to the first release {took:.0f} s")
    first = daemon.latest()

    daemon.drop(ENGLAND, line(stockport, "1.3*", "1.0", "1.4"))
    refused = "A file was refused: fingertips.csv"
    took = daemon.until(
        lambda: refused in daemon.post.subjects("release-managers"), TELLS_WITHIN, "an alert"
    )
    said.append(f"from a damaged file to the alert {took:.0f} s")
    assert daemon.latest() == first

    # Mended it moves little: a larger move waits for a reason, told in the same message.
    daemon.drop(ENGLAND, line(stockport, "1.21", "0.99", "1.43"))
    took = daemon.until(lambda: daemon.latest() != first, RELEASES_WITHIN, "a second release")
    said.append(f"from the repaired file to the release {took:.0f} s")
    took = daemon.until(
        lambda: f"Resolved: {refused}" in daemon.post.subjects("release-managers"),
        TELLS_WITHIN,
        "that it is over",
    )
    said.append(f"from there to the notice that it is over {took:.0f} s")
    subjects = daemon.post.subjects("release-managers")
    assert (subjects.count(refused), subjects.count(f"Resolved: {refused}")) == (1, 1)
    bodies = [str(each.get_body(("plain",))) for each in daemon.post.to("data-engineering")]
    assert any("fingertips.csv" in body for body in bodies)

    time.sleep(15)
    before, *_ = cost_of(daemon.process.pid)
    time.sleep(IDLE_SECONDS)
    after, memory, processes = cost_of(daemon.process.pid)
    share = (after - before) / IDLE_SECONDS
    said.append(f"idle: {memory:.0f} MiB in {processes} processes, {share:.1%} of a core")
    with capsys.disabled():
        print("\n" + "\n".join(f"  {each}" for each in said))
    assert processes > 2
    assert 0 < memory < 2048
    assert share < 0.5

"""`outcomes ui` leaves nothing running behind it, and says at once where it can't listen."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dagster_project import cli, serving
from dagster_project.errors import UsageError
from dagster_project.home import PROJECT_ROOT

# A server that starts another and, if it is told to, doesn't listen to an interruption.
SERVER = """
import pathlib, signal, subprocess, sys, time
folder, stubborn = pathlib.Path(sys.argv[1]), sys.argv[2] == "stubborn"
if stubborn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
(folder / "pids.part").write_text(str(child.pid))
(folder / "pids.part").rename(folder / "pids")
try:
    time.sleep(600)
except KeyboardInterrupt:
    child.kill()
    child.wait()
"""
PARENT = """
import os, sys
from dagster_project import serving
serving.GRACE_SECONDS = 0.5
sys.exit(serving.run_until_stopped([[sys.executable, "-c", *sys.argv[1:]]], dict(os.environ)))
"""


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc which processes run")
@pytest.mark.parametrize("manner", ["polite", "stubborn"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_it_ends_all_that_it_started(
    tmp_path: Path, number: signal.Signals, manner: str
) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, SERVER, str(tmp_path), manner], cwd=PROJECT_ROOT
    )
    until = time.monotonic() + 60
    while not (tmp_path / "pids").exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    child = int((tmp_path / "pids").read_text())
    assert is_running(child)
    parent.send_signal(number)
    assert parent.wait(30) == 0
    until = time.monotonic() + 10
    while is_running(child) and time.monotonic() < until:
        time.sleep(0.02)
    assert not is_running(child)


def test_its_own_end_is_its_exit_code() -> None:
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    assert serving.run_until_stopped([command], dict(os.environ)) == 3


def test_where_one_of_several_ends_all_do(tmp_path: Path) -> None:
    """The others are started when the first is ready; the end of any, also a good one, is told."""
    ready = tmp_path / "ready"
    waits = f"import pathlib, time; pathlib.Path({str(ready)!r}).touch(); time.sleep(600)"
    ends = f"import pathlib; raise SystemExit(not pathlib.Path({str(ready)!r}).exists() and 7)"
    commands = [[sys.executable, "-c", code] for code in (waits, ends)]
    assert serving.run_until_stopped(commands, dict(os.environ), ready=ready) == 1


@pytest.mark.parametrize("port", ["0", "-1", "65536", "99999"])
def test_what_is_no_port_is_refused_at_once(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ui", f"--port={port}"]) == 2
    assert f"got {port}; expected a number from 1 to 65535" in capsys.readouterr().err


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert cli.main(["ui", "--port", str(port)]) == 2
    assert f"got 127.0.0.1, port {port}: Address already in use" in capsys.readouterr().err


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(UsageError, match="no server can listen there"):
        serving.check_port("192.0.2.1", 3000)

"""Dagster's web server and daemon for one home, ended together with the command."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from dagster_project import stopping
from dagster_project.errors import UsageError
from dagster_project.home import PROJECT_ROOT, Home

# How long all that was told to stop may take to end.
GRACE_SECONDS = 15.0
STOPPED = stopping.SIGNALS
MODULE = "dagster_project.definitions"
# One process has the code; web server and daemon ask it.
WORKSPACE = """\
load_from:
  - grpc_server:
      socket: {socket}
      location_name: {module}
"""


def run_ui(home: Home, *, host: str, port: int) -> int:
    """Dagster's web server and daemon until stopped; their exit code, 0 if they were stopped.

    Its own command for that starts two more processes, which watch code that is being written.
    """
    if os.name == "nt":
        raise UsageError(
            "Dagster's pages and daemon are started here on Linux and macOS alone",
            got="Windows",
            fix="run this in WSL, or let another scheduler run `outcomes refresh`"
            " (docs/how-to/run-on-a-server.md)",
        )
    check_port(host, port)
    from dagster_project.orchestration import prepare_instance

    environment = {
        **os.environ,
        "OUTCOMES_HOME": str(home.root),
        "DAGSTER_HOME": str(prepare_instance(home)),
        # The sensor of alerts waits for mail servers, some of which are slow.
        "DAGSTER_SENSOR_GRPC_TIMEOUT_SECONDS": "300",
        # Each thread that waits would keep a heap of its own.
        "MALLOC_ARENA_MAX": "2",
    }
    print(f"Preparing {home.root} …", file=sys.stderr, flush=True)
    # By itself: dbt, once imported, would stay in memory for as long as this runs.
    parsing = [sys.executable, "-m", "dagster_project.pipeline.dbt_project"]
    parsed = subprocess.run(parsing, cwd=PROJECT_ROOT, env=environment, check=False)  # noqa: S603 (fixed words)
    if parsed.returncode:
        # It has said why.
        return parsed.returncode
    print(f"Dagster: http://{host}:{port}  (stop with Ctrl-C)", file=sys.stderr, flush=True)
    # What they find each other by goes with it, however it ends.
    with tempfile.TemporaryDirectory(prefix="outcomes-ui-") as scratch:
        code = Path(scratch) / "code.sock"
        workspace = Path(scratch) / "workspace.yaml"
        workspace.write_text(WORKSPACE.format(socket=code, module=MODULE), encoding="utf-8")
        quiet, where = ("--log-level", "warning"), ("-w", str(workspace))
        server = ("--socket", str(code), "--module-name", MODULE, "--location-name", MODULE)
        commands = [
            ["dagster", "api", "grpc", *quiet, *server],
            ["dagster_webserver", *quiet, *where, "--host", host, "--port", str(port)],
            ["dagster._daemon", "run", *quiet, *where],
        ]
        commands = [[sys.executable, "-m", *command] for command in commands]
        return run_until_stopped(commands, {**environment, "TMPDIR": scratch}, ready=code)


def check_port(host: str, port: int) -> None:
    """Nothing happens if a server can listen there; UsageError says why it can't."""
    if not 1 <= port <= 65535:
        raise UsageError("this can't be a port", got=str(port), expected="a number from 1 to 65535")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # As servers do, so that one that has just ended isn't in the way.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as problem:
        raise UsageError(
            "no server can listen there",
            got=f"{host}, port {port}: {problem.strerror}",
            expected="an address of this machine and a port that is free",
            fix="name another with --port, or end what listens there",
        ) from problem


def run_until_stopped(
    commands: Sequence[Sequence[str]], environment: dict[str, str], ready: Path | None = None
) -> int:
    """The exit code of the first command to end, 0 if this process was told to stop.

    All of them, and all that they started, are gone then. With `ready` the others are started when
    the first has made that file.
    """
    processes: list[subprocess.Popen[bytes]] = []
    with _stopping_raises():
        try:
            for command in commands:
                # A group of its own: what it starts is ended with it, and Ctrl-C reaches it once.
                processes.append(
                    subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 (fixed words)
                )
                while ready is not None and not ready.exists() and processes[0].poll() is None:
                    time.sleep(0.1)
            return _first_to_end(processes)
        except _Stopped:
            return 0
        finally:
            _end(processes)


def _first_to_end(processes: Sequence[subprocess.Popen[bytes]]) -> int:
    while True:
        for process in processes:
            code = process.poll()
            if code is not None:
                # Of several none should end by itself, however well it ends.
                return code or int(len(processes) > 1)
        # Nothing that waits for any of several processes is on every system.
        time.sleep(0.2)


class _Stopped(BaseException):
    """This process was told to stop."""


@contextmanager
def _stopping_raises() -> Iterator[None]:
    """Within this a signal to stop raises `_Stopped`."""

    def stop(*_: object) -> None:
        raise _Stopped

    before = {number: signal.signal(number, stop) for number in STOPPED}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """After this the processes and all that they started are gone."""
    for number in STOPPED:
        # Once is enough: a second word would leave half of them behind.
        signal.signal(number, signal.SIG_IGN)
    for process in processes:
        # With what it started: a run that is under way ends in order too.
        _tell(process, signal.SIGINT)
    until = time.monotonic() + GRACE_SECONDS
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, until - time.monotonic()))
        # Whatever is left of its session; nothing, if it ended as it should.
        _tell(process, signal.SIGKILL)
        process.wait()


def _tell(process: subprocess.Popen[bytes], number: int) -> None:
    # Of a process that has ended and wasn't asked for yet macOS says that it isn't permitted.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)

"""Dagster's web server and daemon for one home, ended together with the command."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from dagster_project.errors import UsageError
from dagster_project.home import Home

# Dagster ends its web server, its daemon and its code server itself when it is interrupted; how
# long it may take before they are ended for it.
GRACE_SECONDS = 15.0
STOPPED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Dagster's own advice to use another of its commands, which isn't installed here.
NO_ADVICE = "ignore:Function `dev_command` is superseded:FutureWarning"


def run_ui(home: Home, *, host: str, port: int) -> int:
    """Dagster's web server and daemon until stopped; their exit code, 0 if they were stopped."""
    check_port(host, port)
    from dagster_project.orchestration import prepare_instance
    from dagster_project.pipeline import dbt_project

    environment = {
        **os.environ,
        "OUTCOMES_HOME": str(home.root),
        "DAGSTER_HOME": str(prepare_instance(home)),
        # The sensor of alerts waits for mail servers, some of which are slow.
        "DAGSTER_SENSOR_GRPC_TIMEOUT_SECONDS": "300",
        "PYTHONWARNINGS": ",".join(filter(None, (os.environ.get("PYTHONWARNINGS"), NO_ADVICE))),
    }
    print(f"Preparing {home.root} …", file=sys.stderr, flush=True)
    dbt_project.parsed()
    print(f"Dagster: http://{host}:{port}  (stop with Ctrl-C)", file=sys.stderr, flush=True)
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        "--module-name",
        "dagster_project.definitions",
        "--host",
        host,
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    # What Dagster writes for its children to find each other goes with it, however it ends.
    with tempfile.TemporaryDirectory(prefix="outcomes-ui-") as scratch:
        return run_until_stopped(command, {**environment, "TMPDIR": scratch})


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


def run_until_stopped(command: list[str], environment: dict[str, str]) -> int:
    """The exit code of the command, 0 if this process was told to stop; its children are gone."""
    with _stopping_raises():
        # A session of its own: what it starts is ended with it, and Ctrl-C reaches it once.
        process = subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 (fixed words)
        try:
            return process.wait()
        except _Stopped:
            return 0
        finally:
            _end(process)


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


def _end(process: subprocess.Popen[bytes]) -> None:
    """After this the process and all that it started are gone."""
    for number in STOPPED:
        # Once is enough: a second word would leave half of them behind.
        signal.signal(number, signal.SIG_IGN)
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_SECONDS)
    # Whatever is left of its session; nothing, if it ended as it should.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

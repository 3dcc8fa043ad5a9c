"""Dagster's web server and daemon for one home."""

from __future__ import annotations

import os
import subprocess
import sys

from dagster_project.home import Home


def run_ui(home: Home, *, host: str, port: int) -> int:
    """Dagster's web server and daemon until stopped; their exit code."""
    from dagster_project.orchestration import prepare_instance
    from dagster_project.pipeline import dbt_project

    environment = {
        **os.environ,
        "OUTCOMES_HOME": str(home.root),
        "DAGSTER_HOME": str(prepare_instance(home)),
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
    try:
        return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 (fixed words)
    except KeyboardInterrupt:
        return 0

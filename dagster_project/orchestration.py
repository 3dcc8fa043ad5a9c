"""Running the Dagster job in this process, for the command line: same assets, same instance."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from dagster_project.errors import OutcomesError
from dagster_project.home import Home
from dagster_project.refresh import Outcome, Request

# One run at a time whoever asks, no telemetry, and a run that dies is seen to have died.
INSTANCE = """\
telemetry:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 60
"""


def prepare_instance(home: Home) -> Path:
    """After this Dagster's own home is there, with its settings; its path."""
    home.make()
    path = home.dagster / "dagster.yaml"
    if not path.exists() or path.read_text(encoding="utf-8") != INSTANCE:
        path.write_text(INSTANCE, encoding="utf-8")
    return home.dagster


def run_refresh(request: Request) -> Outcome:
    """The refresh job run to its end; raises what stopped it, with the latest release as it was."""
    os.environ["DAGSTER_HOME"] = str(prepare_instance(request.home))
    import dagster as dg

    from dagster_project.defs import build_definitions
    from dagster_project.pipeline import runs
    from dagster_project.progress import current

    _quieten()
    definitions = build_definitions(request.home)
    job = definitions.resolve_job_def("refresh")
    with dg.DagsterInstance.from_config(str(request.home.dagster)) as instance:
        try:
            job.execute_in_process(run_config=_run_config(request), instance=instance)
        except OutcomesError:
            runs.end(request.home, "failed")
            raise
        finally:
            current().finish()
    return _outcome(request)


def _run_config(request: Request) -> dict[str, Any]:
    return {
        # What happens is told by the progress display; Dagster keeps its own event log.
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        "resources": {
            "settings": {
                "config": {
                    "home": str(request.home.root),
                    "inboxes": [str(folder) for folder in request.inboxes],
                    "as_of": request.as_of.isoformat(),
                    "sample": request.sample,
                    "sources": list(request.sources),
                }
            }
        }
    }


def _outcome(request: Request) -> Outcome:
    from dagster_project.pipeline import runs

    run = runs.last(request.home) or {}
    nothing = run.get("outcome") == "nothing new"
    return Outcome(
        nothing_new=nothing,
        why="nothing that changes a release" if nothing else "",
        release=run.get("release_id"),
        summary=run.get("summary", {}),
    )


def _quieten() -> None:
    """Dagster's and Great Expectations' logs belong to their own places, not to the terminal."""
    import logging

    for name in ("dagster", "great_expectations"):
        logging.getLogger(name).setLevel(logging.CRITICAL)

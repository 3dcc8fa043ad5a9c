"""Running the Dagster job in this process, for the command line: same assets, same instance."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project import stopping
from dagster_project.collecting import seldom_collected
from dagster_project.errors import OutcomesError
from dagster_project.home import Home
from dagster_project.newness import WHY
from dagster_project.refresh import Outcome, Request

if TYPE_CHECKING:
    import dagster as dg

# One run at a time whoever asks, no telemetry, and a run that dies is seen to have died. All events
# stand in one file: in a file a run, each would be written twice.
INSTANCE = """\
event_log_storage:
  module: dagster_project.event_log
  class: OpenEventLog
  config:
    base_dir: {base}
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
    wanted = INSTANCE.format(base=json.dumps(str(home.dagster / "history")))
    if not path.exists() or path.read_text(encoding="utf-8") != wanted:
        path.write_text(wanted, encoding="utf-8")
    return home.dagster


# A capture of what is printed moves the terminal to a file, where a live line is no more drawn, and
# mirrors it by four processes that Ctrl-C meets as well: it ended them in tracebacks. Dagster's
# server captures its own runs, of which nobody sees a terminal.
NOT_CAPTURED: Any = {
    "compute_logs": {
        "module": "dagster._core.storage.noop_compute_log_manager",
        "class": "NoOpComputeLogManager",
    }
}


def seen_on_a_terminal(home: Home) -> dg.DagsterInstance:
    """Dagster's own store of this home, for a run that is seen on a terminal."""
    from dagster import DagsterInstance
    from dagster._core.instance.ref import InstanceRef

    return DagsterInstance.from_ref(InstanceRef.from_dir(str(home.dagster), overrides=NOT_CAPTURED))


def run_refresh(request: Request) -> Outcome:
    """The refresh job run to its end; raises what stopped it, with the latest release as it was."""
    os.environ["DAGSTER_HOME"] = str(prepare_instance(request.home))
    from dagster_project.pipeline import judging_worker, runs

    # On the other core, while Dagster and dbt are imported on this one.
    judging_worker.make_ready(request.home)
    from dagster_project.defs import build_definitions
    from dagster_project.progress import current

    _quieten()
    definitions = build_definitions(request.home)
    job = definitions.resolve_job_def("refresh")
    with seldom_collected(), seen_on_a_terminal(request.home) as instance:
        try:
            job.execute_in_process(run_config=_run_config(request), instance=instance)
        except BaseException as problem:
            # Between two steps, where Dagster raises what it calls its own.
            if stopping.was_told(problem):
                runs.stop(request.home, unattended=False, dagster_run="")
            elif isinstance(problem, OutcomesError):
                runs.end(request.home, "failed")
            raise
        finally:
            current().finish()
            judging_worker.dismiss(request.home)
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
        },
    }


def _outcome(request: Request) -> Outcome:
    from dagster_project.pipeline import runs

    run = runs.last(request.home) or {}
    why = WHY.get(str(run.get("outcome")), "")
    return Outcome(
        nothing_new=bool(why),
        why=why,
        release=run.get("release_id"),
        summary=run.get("summary", {}),
    )


def _quieten() -> None:
    """Dagster's and Great Expectations' logs belong to their own places, not to the terminal."""
    import logging

    for name in ("dagster", "great_expectations"):
        logging.getLogger(name).setLevel(logging.CRITICAL)

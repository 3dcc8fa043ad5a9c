"""The last step of a refresh: whoever is to be told is told, also that it failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster_project import progress, stopping, system_errors
from dagster_project.alerts import settings
from dagster_project.errors import BusyError, UsageError
from dagster_project.home import Home


@contextmanager
def told(home: Home) -> Iterator[dict[str, Any]]:
    """When the block has ended, however it did, those to be told have been; what was told."""
    # A mistake in the settings would be found when all is done.
    settings.load(home)
    record: dict[str, Any] = {}
    try:
        yield record
    except (UsageError, BusyError):
        # Nothing was run.
        raise
    except Exception as problem:
        if not stopping.was_told(problem):
            tell_of_failure(home, problem)
        raise
    record.update(tell(home))


def tell(home: Home) -> dict[str, Any]:
    """After this whoever is to be told has been, or a notice waits in the outbox; what was told.

    Or nothing, where another was telling all the while: the next look tells it.
    """
    from dagster_project.alerts.commands import looked_record
    from dagster_project.alerts.look import look_after_refresh

    return looked_record(look_after_refresh(home))


def tell_of_failure(home: Home, stopped_by: Exception) -> None:
    """After this those who look after the runs are told, if the home can be looked at."""
    from dagster_project.alerts.commands import looked_lines

    try:
        lines = looked_lines(tell(home)) if home.state.exists() else []
    except Exception as problem:
        # What stopped the run is what must be read, once: this is said beside it.
        why = " either, for the reason below"
        if _what(problem, home) != _what(stopped_by, home):
            why = f": {system_errors.told(problem, home) or problem}".removesuffix(".")
        lines = [f"The alerts couldn't be told{why}"]
    for line in lines:
        progress.current().note(line.strip())


def _what(problem: Exception, home: Home) -> str:
    """What went wrong; the same where the system refuses one thing after another of a home."""
    told = system_errors.told(problem, home)
    return told.problem if told else str(problem)

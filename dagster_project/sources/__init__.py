"""One module a publisher: the layouts of its files, as data. No Dagster, no database in here.

What is known of all of them is read when it is first asked for: a refresh with nothing new has no
file to recognise, and reading all layouts would take a tenth of its time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dagster_project.sources.known import LAYOUTS, LAYOUTS_BY_ID, raw_tables

__all__ = ["LAYOUTS", "LAYOUTS_BY_ID", "raw_tables"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from dagster_project.sources import known

    return getattr(known, name)

"""Our methods beside the limits, comparisons and trends that Fingertips publishes with its values.

Each `.sql` file makes a table from the warehouse of a refresh. The formulas are the project's own
macros, called as models call them: none is written again here.

A verdict is `matched`; `departs`, where the publisher's own way was found out and gives the row
exactly; `differs`; or `not_comparable`. All but the first have a reason.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support import macros

Ask = Callable[[str], list[tuple[Any, ...]]]

LEVELS = ("95", "998")
# A figure that has passed through single precision is right to one part in 10^7.
SINGLE_PRECISION = 1e-7


def prepare(ask: Ask) -> None:
    """After this there are tables `published`, `limits`, `comparisons` and `trends`."""
    _make(ask, "published", "published")
    for level, z, tail in zip(LEVELS, ("z95()", "z998()"), ("tail95()", "tail998()"), strict=True):
        given = {"level": level, "z": macros.render(z), "tail": macros.render(tail)}
        _make(ask, f"limits_{level}", "limits", single=SINGLE_PRECISION, **given)
    ask("create or replace temp table limits as from limits_95 union all by name from limits_998")
    _make(ask, "compared", "compared")
    _make(ask, "comparisons", "comparisons")
    for rule in ("counts", "limits"):
        _make(ask, f"trends_by_{rule}", "trends", rule=rule)
    both = "from trends_by_counts union all from trends_by_limits"
    ask(f"create or replace temp table trends as {both}")


def _make(ask: Ask, table: str, file: str, **given: object) -> None:
    text = (Path(__file__).parent / f"{file}.sql").read_text(encoding="utf-8")
    ask(f"create or replace temp table {table} as {macros.model(text, **given)}")

"""Where something is, in words: areas by name, whole levels, periods; by check with its advice.

Names of areas and periods only: never a value or a row. What is hidden isn't pointed at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dagster_project.alerts.causes import Cause
from dagster_project.workbook.levels import LEVELS

MOST_LINES, MOST_TITLES = 8, 3


@dataclass(frozen=True)
class Part:
    """What is said of one check: what should be true, where it isn't, what helps."""

    title: str
    lines: tuple[str, ...] = ()
    advice: str = ""


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun, in the right number."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """The first names, and how many more there are; a name may have a comma of its own."""
    between = "; " if any("," in name for name in names) else ", "
    if len(names) > most:
        return f"{between.join(names[:most])} and {len(names) - most:,} more"
    if between == "; " or len(names) < 2:
        return between.join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def place(extent: Mapping[str, Any]) -> str:
    """Where: the first areas by name and how many more, or the levels; and when."""
    names, areas = extent.get("where") or (), extent.get("areas") or 0
    if areas > len(names) > 0:
        between = "; " if any("," in name for name in names) else ", "
        said = f"{between.join(names)} and {counted(areas - len(names), 'more area')}"
    elif names:
        said = listed(names)
    elif areas:
        said = counted(areas, "area")
    else:
        levels = [LEVELS[each][1] for each in LEVELS if each in (extent.get("levels") or ())]
        said = f"among {listed(levels, len(levels))}" if levels else ""
    return ", ".join(filter(None, (said, extent.get("periods") or "")))


def check_parts(cause: Cause, titles: Mapping[str, str], *, is_engineer: bool) -> Iterator[Part]:
    """Each check that what the reader is told of fails, with where and what helps."""
    for check in cause.facts.get("checks", ()):
        where: dict[str, list[str]] = {}
        for spoiled in cause.spoils:
            extent = spoiled.detail.get("checks", {}).get(check["check_id"])
            if extent is not None:
                title = titles.get(spoiled.indicator_id, spoiled.indicator_id)
                where.setdefault(place(extent), []).append(title)
        # The share of one owner may fail fewer checks than the whole.
        if where:
            lines = [_line(its, names) for its, names in list(where.items())[:MOST_LINES]]
            if is_engineer:
                lines.insert(0, f"Failed for {_figures(check)}")
            more = sum(map(len, list(where.values())[MOST_LINES:]))
            if more:
                lines.append(f"and {counted(more, 'more indicator')}")
            yield Part(f"{check['title']} ({check['check_id']})", tuple(lines), check.get("do", ""))


def _line(where: str, names: Sequence[str]) -> str:
    # Titles are long, and have commas and conjunctions of their own.
    said = "; ".join(names[:MOST_TITLES])
    if len(names) > MOST_TITLES:
        more = len(names) - MOST_TITLES
        said = f"{len(names):,} indicators ({said}; and {more:,} more)"
    return f"{said}: {where}" if where else said


def _figures(check: Mapping[str, Any]) -> str:
    if check["values"]:
        return counted(check["values"], "value")
    return counted(check["groups"], "group of values", "groups of values")

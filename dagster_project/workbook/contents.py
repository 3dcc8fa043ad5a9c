"""The first sheet: which release this is, what is on each sheet, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from dagster_project.release.words import in_words, words
from dagster_project.workbook.levels import LEVELS, Room, plural
from dagster_project.workbook.released import Released
from dagster_project.workbook.sheets import Sheet, TableSheet, TextSheet

MADE_UP = "Made-up sample data: these figures are of no real place or person."


class Link(str):
    """The name of a sheet, shown as a link to it."""


def contents(release: Released, sheets: Sequence[Sheet], found: Room) -> TextSheet:
    """The contents of the other sheets."""
    return TextSheet(
        name="Contents",
        title=f"Outcomes: release {release.manifest.id}",
        says="Outcome indicators for health and care in England, judged before they are published.",
        widths=(34, 12, 100),
        lines=[*_sheet_lines(sheets), *_release_lines(release), *_left_out(release, found)],
    )


def _sheet_lines(sheets: Sequence[Sheet]) -> Iterator[tuple[Any, ...]]:
    yield ("Sheets",)
    yield ("Sheet", "Rows", "What it holds")
    for sheet in sheets:
        rows = len(sheet.rows) if isinstance(sheet, TableSheet) else ""
        yield (Link(sheet.name), rows, sheet.title)


def _release_lines(release: Released) -> Iterator[tuple[Any, ...]]:
    manifest = release.manifest
    yield ()
    yield ("This release",)
    yield ("Data version", "", manifest.data_version)
    yield ("Made on", "", date.fromisoformat(manifest.as_of[:10]).strftime("%d %B %Y").lstrip("0"))
    yield ("Previous release", "", manifest.previous or "none")
    for status, label in words("indicator_values", "status").items():
        if manifest.counts.get(status):
            yield (f"Values: {label.lower()}", manifest.counts[status], "")
    for stone in manifest.withdrawn:
        yield ("Taken back", "", f"{stone.reason} ({stone.at[:10]})")
    for waiver in manifest.waivers:
        yield ("Let through", "", f"Check {waiver['check_id']}, until {waiver['until']}")


def _left_out(release: Released, found: Room) -> Iterator[tuple[Any, ...]]:
    """What a reader might look for here and not find, counted."""
    yield ()
    yield ("What is left out",)
    total = release.number("select count(*) from indicator_values")
    shown = release.number("select count(*) from back")
    yield (
        "Values",
        total - shown,
        f"of {total:,} are not in this workbook. It has the headline series of each indicator, in"
        " the latest period and the five years before. All values are in csv/ and data/.",
    )
    levels = dict(
        release.rows("select area_type, count(*) from indicator_values group by area_type")
    )
    ordered = [level for level in LEVELS if level in levels]
    for level in (level for level in ordered if level not in found.shown):
        yield (
            in_words(plural(level)),
            levels[level],
            "values are of this level of areas, which is left out to keep the workbook usable",
        )
    in_levels = sum(count for level, count in levels.items() if level in found.shown)
    yield (
        "Other series and periods",
        in_levels - shown,
        "values of the levels shown are of other sexes, ages, groups or years",
    )
    yield (
        "Other tables",
        "",
        "Inequalities, alignment of frameworks, comparability, goals, changes and the results of"
        " every check are in csv/ and data/, not here",
    )

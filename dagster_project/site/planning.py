"""Which pages of areas are made anew: those that show another row than the site before did.

What a page shows is told by numbers that DuckDB works out of its rows (sql/digests.sql), so that
the rows themselves are read only for what is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dagster_project.site.model import Framework, Site
from dagster_project.site.pages_framework import BY_ITSELF, SIDES, Summaries, links_of, paper_path
from dagster_project.site.reading import Row, Tables
from dagster_project.site.reuse import Reuse
from dagster_project.site.rows import EVERYBODY, lone_series

TOLD = (
    "select glance.area_code, row_id, indicator_id, sex, segment, period_label, status, said, spine"
    " from glance inner join digests using (row_id) order by row_id"
)
Speaking = Mapping[tuple[str, str], Sequence[int]]


@dataclass(frozen=True)
class Plan:
    """What of an area's pages is made: each page's place, and the key of what it is made of."""

    speaking: Speaking
    papers: Mapping[str, str]
    page: tuple[str, str] | None

    @property
    def is_empty(self) -> bool:
        return not self.papers and self.page is None


def area_path(code: str) -> str:
    return f"areas/{code}.html"


def plans(
    site: Site, tables: Tables, summaries: Summaries, speaking: Mapping[str, Speaking], reuse: Reuse
) -> dict[str, Plan]:
    """The plan of every area that has a page; what is taken over stands in its place already."""
    found = {
        code: _plan(site, code, rows, speaking.get(code, {}), summaries, reuse)
        for code, rows in tables.by("area_code", TOLD)
    }
    # An area of a local framework has a page also where nothing has a value: that is to be seen.
    for code in site.shown:
        if code not in found:
            found[code] = _plan(site, code, [], {}, summaries, reuse)
    return found


def _plan(
    site: Site,
    code: str,
    rows: Sequence[Row],
    speaking: Speaking,
    summaries: Summaries,
    reuse: Reuse,
) -> Plan:
    told = {row["row_id"]: row for row in rows}
    alone = lone_series(rows)
    states = {
        (row["indicator_id"], row["period_label"]): row["status"]
        for row in rows
        if row["segment"] == EVERYBODY
    }
    newest = set(speaking.get(BY_ITSELF, ()))

    def said(numbers: Iterable[int]) -> list[tuple[Any, ...]]:
        shown = ((number, told[number]) for number in numbers)
        return [
            (row["said"], row["indicator_id"] in alone, number in newest) for number, row in shown
        ]

    papers = {}
    for framework in site.reach.get(code, ()):
        path = paper_path(framework, code)
        key = reuse.key(
            reuse.shared,
            path,
            said(speaking.get(framework.key, ())),
            summaries.tallies[code, *framework.key],
            sorted(summaries.aside.get((code, *framework.key), {}).items()),
            _meeting(framework, summaries.links.get(code, ()), states),
        )
        if not reuse.takes(path, key):
            papers[path] = key
    path = area_path(code)
    key = reuse.key(
        reuse.shared,
        path,
        said(speaking.get(BY_ITSELF, ())),
        [told[number]["spine"] for number in speaking.get(BY_ITSELF, ())],
        [summaries.tallies[code, *framework.key] for framework in site.reach.get(code, ())],
    )
    return Plan(speaking, papers, None if reuse.takes(path, key) else (path, key))


def _meeting(
    framework: Framework, links: Sequence[Row], states: Mapping[tuple[str, str], str]
) -> list[Any]:
    """The links that the framework's paper shows, and the states of their sides."""
    return [
        (link, [states.get((link[f"{s}_indicator_id"], link[f"{s}_period_label"])) for s in SIDES])
        for link in links_of(framework, links)
    ]

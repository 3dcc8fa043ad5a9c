"""The page of an area: every indicator that has a value there, by framework and domain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from markupsafe import Markup

from dagster_project.site import cells, drawing, wording
from dagster_project.site.model import Domain, Framework, Site
from dagster_project.site.pages_framework import (
    BY_ITSELF,
    Summaries,
    by_judgement,
    framework_pages,
    moved,
    total,
)
from dagster_project.site.planning import Plan, area_path, plans
from dagster_project.site.reading import Row, Tables
from dagster_project.site.rendering import Page, page
from dagster_project.site.reuse import Reuse
from dagster_project.site.rows import check_titles, prepare

SPEAKING = (
    "select h.area_code, h.framework, h.edition,"
    " list(g.row_id order by g.indicator_id, g.sex desc, g.row_id) as numbers"
    " from headlines as h"
    " inner join glance as g using (indicator_id, area_code, period_type, period_start,"
    " period_end, sex, age, segment, breakdown_type, breakdown, origin)"
    " group by h.area_code, h.framework, h.edition"
)
SAID_ABOVE = "<td>"
WAYS = ("worse", "better")
NO_TREND = "No trend is calculated"


def area_pages(site: Site, tables: Tables, summaries: Summaries, reuse: Reuse) -> Iterator[Page]:
    """The pages of every area that aren't taken over: its own, and one for each framework."""
    checks = check_titles(tables)
    planned = plans(site, tables, summaries, _speaking(tables), reuse)
    wanted = [code for code, plan in planned.items() if not plan.is_empty]
    rest = set(wanted)
    query = "from drawn where area_code in (select unnest(?)) order by row_id"
    for code, rows in tables.by("area_code", query, [wanted]):
        rest.discard(code)
        yield from _pages_of(site, code, rows, planned[code], checks, summaries)
    for code in wanted:
        if code in rest:
            yield from _pages_of(site, code, [], planned[code], checks, summaries)
    for plan in planned.values():
        for path, key in (*plan.papers.items(), *([plan.page] if plan.page else ())):
            reuse.made(path, key, [path])


def _speaking(tables: Tables) -> dict[str, dict[tuple[str, str], list[int]]]:
    """Which rows speak in each area, by framework."""
    found: dict[str, dict[tuple[str, str], list[int]]] = {}
    for row in tables.stream(SPEAKING):
        found.setdefault(row["area_code"], {})[row["framework"], row["edition"]] = row["numbers"]
    return found


def _pages_of(
    site: Site,
    code: str,
    rows: list[Row],
    plan: Plan,
    checks: Mapping[str, str],
    summaries: Summaries,
) -> Iterator[Page]:
    prepare(site, rows, checks)
    by_id = {row["row_id"]: row for row in rows}
    if plan.papers:
        yield from framework_pages(site, code, by_id, plan.speaking, summaries, plan.papers)
    if plan.page:
        newest = [by_id[number] for number in plan.speaking.get(BY_ITSELF, ())]
        yield _area_page(site, code, newest, summaries)


def _area_page(site: Site, code: str, rows: list[Row], summaries: Summaries) -> Page:
    told = set()
    for row in rows:
        # Where both sexes speak, how far apart they are is said once.
        row["groups"] = SAID_ABOVE if row["indicator_id"] in told else cells.groups(row)
        told.add(row["indicator_id"])
    reach = site.reach.get(code, ())
    return page(
        area_path(code),
        "area.html",
        **site.common(),
        area=site.shown[code],
        parents=_parents(site, code),
        tallies=[(each, total(summaries.tallies[code, *each.key])) for each in reach],
        tally=cells.tally,
        marks=drawing.marks("spine"),
        stands=_stands_out(rows),
        groups=list(_grouped(site, code, rows)),
    )


def _parents(site: Site, code: str) -> list[Row]:
    """The areas that this one lies in and that have a page, from near to far."""
    area, found = site.shown[code], []
    for name in ("parent_code", "region_code"):
        above = site.shown.get(area[name] or "")
        if above and above not in found and above["area_code"] != code:
            found.append(above)
    return found


def _stands_out(rows: Sequence[Row]) -> dict[str, tuple[int, list[tuple[str, str, Markup]]]]:
    """What is worse, what is better, and which way they go: how many, and which ones."""
    found = {}
    for side, going in moved(rows).items():
        there = [row for row in rows if row["judgement"] == side]
        found[side] = (len(there), _by_trend(there))
        # Those of the list before this one aren't named twice.
        known = [row for row in going if row["judgement"] == side]
        others = by_judgement(row for row in going if row["judgement"] != side)
        before = f"{cells.beside_england(side)}: {len(known)}, listed under that heading"
        told = [(side, before, Markup(""))] if known else []
        found[f"getting_{side}"] = (len(going), [*told, *others])
    return found


def _by_trend(rows: Iterable[Row]) -> list[tuple[str, str, Markup]]:
    """The rows as lists: which way those of each go, those that get worse first."""
    found: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        said = wording.trend(row["direction"], row["trend"])
        place = WAYS.index(row["trend"]) if said and row["trend"] in WAYS else len(WAYS)
        found.setdefault((place, said or NO_TREND), []).append(row)
    return [
        ("", said, cells.markup(map(cells.item, those)))
        for (_, said), those in sorted(found.items(), key=lambda entry: entry[0])
    ]


def _grouped(
    site: Site, code: str, rows: Sequence[Row]
) -> Iterator[tuple[Framework | None, list[tuple[str, Markup]]]]:
    """The rows by framework and domain; each under the first framework that has it here."""
    homes: dict[tuple[str, str], list[Row]] = {}
    reach = {framework.id for framework in site.reach.get(code, ())}
    for row in rows:
        framework, domain, member = _home(site, row["indicator_id"], reach)
        row["codes"] = _codes(site, row["indicator_id"], reach)
        row["place"] = member["sort_order"] if member and member["sort_order"] is not None else 0
        key = (framework.id, domain.code) if framework and domain else ("", "")
        homes.setdefault(key, []).append(row)
    for framework in site.frameworks:
        found = [
            (domain.name, _lines(homes[framework.id, domain.code], code))
            for domain in framework.domains
            if (framework.id, domain.code) in homes
        ]
        if found:
            yield framework, found
    if ("", "") in homes:
        yield None, [("", _lines(homes["", ""], code))]


def _lines(rows: Sequence[Row], code: str) -> Markup:
    """The rows of a domain, in the framework's order."""
    return cells.markup(_line(row, code) for row in sorted(rows, key=_order))


def _line(row: Row, code: str) -> str:
    small = ", ".join(part for part in (*row["codes"], row["what"]) if part)
    address = cells.indicator_address("../", row["indicator_id"], row) + f"#{code}"
    return cells.line(
        row["anchor"],
        cells.link(address, row["title"]),
        small,
        (row["standing"], cells.spine(row), row["groups"], row["dated"]),
    )


def _order(row: Row) -> tuple[int, str, str]:
    return (row["place"], row["title"], row["sex"])


def _home(
    site: Site, indicator: str, reach: set[str]
) -> tuple[Framework | None, Domain | None, Row | None]:
    places = [place for place in site.memberships.get(indicator, ()) if place[0].id in reach]
    return places[0] if places else (None, None, None)


def _codes(site: Site, indicator: str, reach: set[str]) -> list[str]:
    """Under which codes the frameworks that reach the area have it, past editions left out."""
    return [
        f"{framework.framework.upper()} {member['code']}"
        if not framework.is_local
        else str(member["code"])
        for framework, _, member in site.memberships.get(indicator, ())
        if framework.id in reach and not framework.is_past
    ]

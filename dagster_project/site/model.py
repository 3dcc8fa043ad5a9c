"""What pages have in common: the release, its frameworks, areas and indicators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from dagster_project.release.manifest import Manifest
from dagster_project.site.levels import ORDER
from dagster_project.site.reading import Row, Tables
from dagster_project.site.rendering import slug

# In which order frameworks are offered, and whose domains an indicator is shown under first.
NATIONAL = ("phof", "ascof", "nhsof")
WORKBOOK = "outcomes.xlsx"
# A framework's own word for a part of it, in the plural.
PARTS = {"domain": "domains", "segment": "segments", "theme": "themes"}


@dataclass(frozen=True)
class Domain:
    """One part of a framework and the indicators in it, in the framework's order."""

    code: str
    name: str
    members: tuple[Row, ...]


@dataclass(frozen=True)
class Framework:
    """One edition of a framework."""

    id: str
    framework: str
    edition: str
    name: str
    kind: str
    part: str
    publisher: str
    is_past: bool
    domains: tuple[Domain, ...]

    @property
    def parts(self) -> str:
        return PARTS.get(self.part, f"{self.part}s")

    @property
    def is_local(self) -> bool:
        return self.kind == "local"

    @property
    def key(self) -> tuple[str, str]:
        return (self.framework, self.edition)

    @property
    def members(self) -> list[Row]:
        return [member for domain in self.domains for member in domain.members]


@dataclass(frozen=True)
class Site:
    """What every page may need. `shown` are the areas that have a page, by code."""

    manifest: Manifest
    frameworks: tuple[Framework, ...]
    indicators: Mapping[str, Row]
    areas: Mapping[str, Row]
    shown: Mapping[str, Row]
    # Which frameworks have a page for an area.
    reach: Mapping[str, tuple[Framework, ...]]
    memberships: Mapping[str, tuple[tuple[Framework, Domain, Row], ...]]
    # Whether the release has a workbook beside its tables.
    has_workbook: bool = False
    # The contracts that the release pays, by id.
    contracts: tuple[str, ...] = ()
    # Names of what the site has beside pages, such as the explorer.
    extras: frozenset[str] = field(default_factory=frozenset)
    # What stands above and below pages, by depth and address: rendering.py makes it once.
    frames: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    @property
    def by_key(self) -> Mapping[tuple[str, str], Framework]:
        return {framework.key: framework for framework in self.frameworks}

    @property
    def segments(self) -> Mapping[str, str]:
        """The segments that are parts of a framework, by code, with their names."""
        return {
            domain.code: domain.name
            for framework in self.frameworks
            if framework.part == "segment"
            for domain in framework.domains
        }

    def area_name(self, code: str) -> str:
        """The area's name, or its code where none is known."""
        area = self.areas.get(code)
        return str(area["area_name"]) if area and area["area_name"] else code

    def told_apart(self, code: str) -> str:
        """The area's name as lists have it: one that is no more may share it with its successor."""
        area = self.areas.get(code)
        return self.area_name(code) + (" (past area)" if area and area.get("valid_to") else "")

    @cached_property
    def came_before(self) -> Mapping[str, list[str]]:
        """The areas that have a page and whose place another took, by the code of the other."""
        found: dict[str, list[str]] = defaultdict(list)
        for code, area in self.shown.items():
            for after in (area["successor_codes"] or "").split("|"):
                found[after].append(code)
        return dict(found)

    def title(self, indicator: str) -> str:
        """The indicator's title, or its id where none is known."""
        known = self.indicators.get(indicator)
        return str(known["title"]) if known and known["title"] else indicator

    def inputs(self) -> tuple[Any, ...]:
        """What pages take of the whole, other than the release's own id and day.

        To be told before any page is made: members keep what was made of them.
        """
        manifest = self.manifest
        return (
            *(manifest.synthetic, manifest.publisher_attributions, self.has_workbook),
            *(self.frameworks, self.indicators, self.areas, list(self.shown)),
            sorted((code, [each.id for each in found]) for code, found in self.reach.items()),
            *(self.contracts, sorted(self.extras)),
        )

    def common(self) -> dict[str, Any]:
        """What the layout of every page shows."""
        return {"site": self, "release": self.manifest}


def read_site(tables: Tables, release: Path, extras: Iterable[str] = ()) -> Site:
    """The site's common parts, read from the release."""
    indicators = {row["indicator_id"]: row for row in tables.rows("from indicators order by title")}
    areas = {row["area_code"]: row for row in tables.rows("from areas")}
    frameworks = _frameworks(tables)
    reach = _reach(tables, frameworks)
    # Sorting by name, England first: the order of every list of areas.
    with_values = {row["area_code"] for row in tables.rows("select distinct area_code from glance")}
    shown = {
        code: area
        for code, area in sorted(areas.items(), key=lambda item: _place(item[1]))
        if area["area_type"] in ORDER and (code in with_values or code in reach)
    }
    memberships: dict[str, list[tuple[Framework, Domain, Row]]] = defaultdict(list)
    for framework in frameworks:
        for domain in framework.domains:
            for member in domain.members:
                memberships[member["indicator_id"]].append((framework, domain, member))
    return Site(
        manifest=tables.manifest,
        frameworks=frameworks,
        indicators=indicators,
        areas=areas,
        shown=shown,
        reach={code: reached for code, reached in reach.items() if code in shown},
        memberships={key: tuple(found) for key, found in memberships.items()},
        has_workbook=(release / WORKBOOK).is_file(),
        contracts=_contracts(tables),
        extras=frozenset(extras),
    )


def _contracts(tables: Tables) -> tuple[str, ...]:
    # A release of an earlier version has no such table.
    if tables.manifest.table("contract_payments") is None:
        return ()
    rows = tables.rows("select distinct contract_id from contract_payments order by contract_id")
    return tuple(row["contract_id"] for row in rows)


def _place(area: Row) -> tuple[int, str]:
    return (ORDER.get(area["area_type"], len(ORDER)), str(area["area_name"] or area["area_code"]))


def _frameworks(tables: Tables) -> tuple[Framework, ...]:
    rows = tables.rows(
        "select members.*, coverage.coverage, coverage.owner from framework_indicators as members"
        " left join coverage using (framework, edition, code, indicator_id)"
        " order by framework, edition, sort_order, code, indicator_id"
    )
    grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["framework"], row["edition"]].append(row)
    past = _past_editions(tables)
    taken: set[str] = set()
    made = [_framework(key, members, key in past, taken) for key, members in grouped.items()]
    return tuple(sorted(made, key=_rank))


def _rank(framework: Framework) -> tuple[bool, bool, int, str, str]:
    known = framework.framework in NATIONAL
    place = NATIONAL.index(framework.framework) if known else len(NATIONAL)
    return (framework.is_past, framework.is_local, place, framework.name, framework.edition)


def _past_editions(tables: Tables) -> set[tuple[str, str]]:
    """Editions of which another speaks of a later time: an edition speaks of its own time alone."""
    rows = tables.rows("past_editions")
    return {(row["framework"], row["edition"]) for row in rows}


def _framework(
    key: tuple[str, str], members: list[Row], is_past: bool, taken: set[str]
) -> Framework:
    domains: dict[str, list[Row]] = defaultdict(list)
    for member in members:
        domains[member["domain_code"] or ""].append(member)
    first = members[0]
    return Framework(
        id=unique(slug("-".join(key)), taken),
        framework=key[0],
        edition=key[1],
        name=first["framework_name"] or key[0],
        kind=first["framework_kind"] or "local",
        part=first["domain_kind"] or "domain",
        publisher=first["publisher"] or "",
        is_past=is_past,
        domains=tuple(
            Domain(code, found[0]["domain_name"] or code, tuple(found))
            for code, found in domains.items()
        ),
    )


def unique(wished: str, taken: set[str]) -> str:
    """The name, or with a number where another has it already; afterwards it is taken."""
    name, number = wished, 1
    while name in taken:
        number += 1
        name = f"{wished}-{number}"
    taken.add(name)
    return name


def _reach(tables: Tables, frameworks: tuple[Framework, ...]) -> dict[str, tuple[Framework, ...]]:
    by_key = {framework.key: framework for framework in frameworks}
    rows = tables.rows(
        "select distinct area_code, framework, edition from domain_summary"
        " where area_type in (select area_type from levels) order by area_code, framework, edition"
    )
    found: dict[str, list[Framework]] = defaultdict(list)
    for row in rows:
        framework = by_key.get((row["framework"], row["edition"]))
        if framework:
            found[row["area_code"]].append(framework)
    return {code: tuple(sorted(each, key=_rank)) for code, each in found.items()}

"""Causes that a release's own tables tell: holds and warnings; with what is worse than before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from dagster_project.alerts import from_two_releases as two
from dagster_project.alerts import sql
from dagster_project.alerts.causes import Cause, Spoiled
from dagster_project.alerts.from_contracts import finals, may_change, reopened
from dagster_project.alerts.kinds import ENGINEERING, INDICATORS, SOURCE
from dagster_project.alerts.release_tables import Asked, Pair, Payment, asking
from dagster_project.alerts.routing import Directory
from dagster_project.home import PROJECT_ROOT
from dagster_project.release.store import ReleaseStore

if TYPE_CHECKING:
    from dagster_project.judging.suites import Check

DISCLOSURE = "disclosure"
# A check that no suite has any more.
NO_SUITE: tuple[str, Check | None] = ("", None)
CONCERNS = {"source": SOURCE, "indicator": INDICATORS, "data-engineering": ENGINEERING}


def collect(pair: Pair, directory: Directory, open_causes: Mapping[str, Cause]) -> list[Cause]:
    """Every cause that the release tells; `open_causes` are those of alerts that aren't over."""
    with asking(pair, directory) as asked:
        pages = dict(asked.rows(sql.PAGED))
        found = [*held(pair, asked), *warned(pair, asked), *may_change(asked, directory)]
        found += reopened(pair, asked, directory, open_causes)
        found += two.still_fallen(asked, open_causes)
        found += two.still_refused(asked, open_causes)
        if pair.before is not None:
            known = {cause.key for cause in found}
            new = [
                *two.fallen(pair, asked),
                *two.refused_pairs(asked),
                *two.refused_by_england(asked),
            ]
            found += [cause for cause in new if cause.key not in known]
            found += [*two.revised(pair.now, asked), *two.moved(pair, asked, directory)]
    for unseen in pair.between:
        with asking(Pair(pair.store, unseen, None), directory) as asked:
            found += two.revised(unseen, asked)
    return [_named(cause, pages) for cause in found]


def final_payments(pair: Pair, directory: Directory) -> list[Payment]:
    """The payments that are final in the release that stands: to be kept for the next look."""
    with asking(pair, directory) as asked:
        return sorted(finals(asked))


def published(pair: Pair, directory: Directory) -> dict[str, int]:
    """How many indicators the release that stands has values of, by source."""
    with asking(pair, directory) as asked:
        return dict(asked.rows(sql.PUBLISHED))


def _named(cause: Cause, pages: Mapping[str, str]) -> Cause:
    """The cause with what those of the areas that it may name are called that have a page."""
    codes = sorted({code for each in cause.spoils for code in each.area_codes})
    called = {code: pages[code] for code in codes if code in pages}
    return replace(cause, facts={**cause.facts, "area_names": called}) if called else cause


def held(pair: Pair, asked: Asked) -> Iterator[Cause]:
    """One cause for all values of a source that are held since one release: one broken delivery."""
    suites = _checks_of_suites()
    checks: dict[tuple[str, str], _Checks] = {}
    for source_id, since, check_id, indicator_id, title, *extent in asked.rows(sql.HELD_CHECKS):
        found = checks.setdefault((source_id, since), _Checks(suites))
        values, areas, periods, where = extent
        found.add(check_id, title, indicator_id, _extent(areas, periods, where), values=values)
    spoils: dict[tuple[str, str], list[Spoiled]] = {}
    for source_id, since, indicator_id, values, areas, periods, named, kept, failed in asked.rows(
        sql.HELD
    ):
        its = checks[source_id, since].of(indicator_id)
        detail = {"kept": kept, "checks": its, "is_hidden": checks[source_id, since].hides(its)}
        parts = tuple(f"{indicator_id}: {check}" for check in failed)
        spoils.setdefault((source_id, since), []).append(
            Spoiled(indicator_id, parts, values, areas, periods, tuple(named or ()), detail)
        )
    for (source_id, since), spoiled in spoils.items():
        yield Cause(
            "values_held",
            f"{source_id}/{since}",
            source_id,
            spoils=tuple(spoiled),
            facts={
                "release": since,
                "checks": checks[source_id, since].listed(),
                "files": came_with(pair.store, since, source_id),
            },
        )


def _extent(
    areas: int, periods: str, where: Iterable[str], levels: Iterable[str] = ()
) -> dict[str, Any]:
    """How far a check is failed: how many areas, the first of them by name, or whole levels."""
    return {"areas": areas, "periods": periods, "where": list(where), "levels": list(levels)}


@dataclass
class _Checks:
    """What checks found, by check and by indicator, with what their suites say to do about it."""

    suites: Mapping[str, tuple[str, Check]]
    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    extents: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def add(
        self,
        check_id: str,
        title: str,
        indicator_id: str,
        extent: dict[str, Any],
        *,
        values: int = 0,
        groups: int = 0,
    ) -> None:
        suite, check = self.suites.get(check_id, NO_SUITE)
        entry = self.found.setdefault(
            check_id,
            {
                "check_id": check_id,
                "title": title,
                "values": 0,
                "groups": 0,
                "do": check.do.strip() if check else "",
            },
        )
        entry["values"] += values
        entry["groups"] += groups
        if suite == DISCLOSURE:
            # What is hidden isn't pointed at: how many is enough.
            extent = {**extent, "where": []}
        self.extents.setdefault(indicator_id, {})[check_id] = extent

    def of(self, indicator_id: str) -> dict[str, dict[str, Any]]:
        """How far each check that the indicator fails is failed."""
        return self.extents[indicator_id]

    def hides(self, its: Iterable[str]) -> bool:
        """Whether one of these checks is of what must be hidden."""
        return any(self.suites.get(check_id, NO_SUITE)[0] == DISCLOSURE for check_id in its)

    def listed(self) -> list[dict[str, Any]]:
        return [self.found[name] for name in sorted(self.found)]


def _checks_of_suites() -> Mapping[str, tuple[str, Check]]:
    """Each check with the name of its suite."""
    from dagster_project.judging.suites import SOMETHING_JUDGED, load_suites

    return {SOMETHING_JUDGED.check_id: ("", SOMETHING_JUDGED)} | {
        check.check_id: (suite.name, check)
        for suite in load_suites(PROJECT_ROOT / "expectations")
        for check in suite.checks
    }


def came_with(store: ReleaseStore, release: str, source_id: str) -> list[str]:
    """The files of a source that a release had and the one before it hadn't."""
    manifests = {manifest.id: manifest for manifest in store.manifests()}
    this = manifests.get(release)
    if this is None:
        return []
    earlier = manifests.get(this.previous or "")
    known = {each.landing for each in earlier.inputs} if earlier else set()
    return sorted(
        each.name
        for each in this.inputs
        if each.source_id == source_id and each.landing not in known
    )


def warned(pair: Pair, asked: Asked) -> Iterator[Cause]:
    """What checks that hold nothing have to say: one cause a source and role that is to be told."""
    if not asked.has("findings"):
        # A release of earlier code; the next one tells.
        return
    suites = _checks_of_suites()
    found: dict[tuple[str, str], _Checks] = {}
    named: dict[tuple[str, str], dict[str, set[str]]] = {}
    query = sql.WARNED.format(
        area_codes="area_codes" if asked.has("findings", "area_codes") else "[]::varchar[]"
    )
    for source_id, indicator_id, check_id, title, groups, values, *place in asked.rows(query):
        areas, periods, followed, where, levels = place
        _, check = suites.get(check_id, NO_SUITE)
        group = (source_id, check.owner if check else "data-engineering")
        found.setdefault(group, _Checks(suites)).add(
            check_id,
            title,
            indicator_id,
            _extent(areas, periods, where, levels),
            values=values,
            groups=groups,
        )
        named.setdefault(group, {}).setdefault(indicator_id, set()).update(followed)
    for (source_id, owner), checks in found.items():
        yield Cause(
            "checks_warn",
            f"{source_id}/{owner}",
            source_id,
            spoils=tuple(
                Spoiled(
                    name,
                    tuple(f"{name}: {check}" for check in sorted(its)),
                    area_codes=tuple(sorted(named[source_id, owner][name])),
                    detail={"checks": its, "is_hidden": checks.hides(its)},
                )
                for name, its in sorted(checks.extents.items())
            ),
            facts={
                "release": pair.now.id,
                "checks": checks.listed(),
                "concerns": [CONCERNS[owner]],
            },
        )

"""Causes that a release's own tables tell: holds and warnings; with what is worse than before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dagster_project.alerts import from_two_releases as two
from dagster_project.alerts import sql
from dagster_project.alerts.causes import Cause, Spoiled
from dagster_project.alerts.from_contracts import may_change
from dagster_project.alerts.kinds import ENGINEERING, INDICATORS, SOURCE
from dagster_project.alerts.release_tables import Asked, Pair, asking
from dagster_project.alerts.routing import Directory
from dagster_project.home import PROJECT_ROOT
from dagster_project.release.store import ReleaseStore

CONCERNS = {"source": SOURCE, "indicator": INDICATORS, "data-engineering": ENGINEERING}


def collect(pair: Pair, directory: Directory, open_causes: Mapping[str, Cause]) -> list[Cause]:
    """Every cause that the release tells; `open_causes` are those of alerts that aren't over."""
    with asking(pair, directory) as asked:
        found = [*held(pair, asked), *warned(pair, asked), *may_change(asked, directory)]
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
    return found


def held(pair: Pair, asked: Asked) -> Iterator[Cause]:
    """One cause for all values of a source that are held since one release: one broken delivery."""
    checks: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for source_id, since, check_id, title, values in asked.rows(sql.HELD_CHECKS):
        checks.setdefault((source_id, since), []).append(
            {"check_id": check_id, "title": title, "values": values, "groups": 0}
        )
    spoils: dict[tuple[str, str], list[Spoiled]] = {}
    for source_id, since, indicator_id, values, areas, periods, named, kept, failed in asked.rows(
        sql.HELD
    ):
        parts = tuple(f"{indicator_id}: {check}" for check in failed)
        spoils.setdefault((source_id, since), []).append(
            Spoiled(indicator_id, parts, values, areas, periods, tuple(named or ()), {"kept": kept})
        )
    for (source_id, since), spoiled in spoils.items():
        yield Cause(
            "values_held",
            f"{source_id}/{since}",
            source_id,
            spoils=tuple(spoiled),
            facts={
                "release": since,
                "checks": checks[source_id, since],
                "do": _do(checks[source_id, since]),
                "files": came_with(pair.store, since, source_id),
            },
        )


def _do(checks: Iterable[Mapping[str, Any]]) -> str:
    """What the suites say to do about these checks, if it is one thing."""
    suites = _suites()
    words = {suites[each["check_id"]].do.strip() for each in checks if each["check_id"] in suites}
    return words.pop() if len(words) == 1 else ""


def _suites() -> Mapping[str, Any]:
    from dagster_project.judging.suites import load_suites

    return {
        check.check_id: check
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
    suites = _suites()
    found: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    spoils: dict[tuple[str, str], dict[str, set[str]]] = {}
    for source_id, indicator_id, check_id, title, groups, values in asked.rows(sql.WARNED):
        check = suites.get(check_id)
        group = (source_id, check.owner if check else "data-engineering")
        entry = found.setdefault(group, {}).setdefault(
            check_id, {"check_id": check_id, "title": title, "groups": 0, "values": 0}
        )
        entry["groups"] += groups
        entry["values"] += values
        spoils.setdefault(group, {}).setdefault(indicator_id, set()).add(check_id)
    for (source_id, owner), checks in found.items():
        listed = sorted(checks.values(), key=lambda each: each["check_id"])
        spoiled = tuple(
            Spoiled(name, tuple(f"{name}: {check}" for check in sorted(its)), periods=_said(its))
            for name, its in sorted(spoils[source_id, owner].items())
        )
        yield Cause(
            "checks_warn",
            f"{source_id}/{owner}",
            source_id,
            spoils=spoiled,
            facts={
                "release": pair.now.id,
                "checks": listed,
                "do": _do(listed),
                "concerns": [CONCERNS[owner]],
            },
        )


def _said(checks: set[str]) -> str:
    return f"check{'' if len(checks) == 1 else 's'} {', '.join(sorted(checks))}"

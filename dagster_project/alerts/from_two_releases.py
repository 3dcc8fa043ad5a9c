"""Causes that two releases tell: coverage that fell, comparisons refused, revisions, and news.

Each goes on while it hasn't recovered: what was found then is kept with the alert.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dagster_project.alerts import sql
from dagster_project.alerts.causes import Cause, Spoiled
from dagster_project.alerts.release_tables import Asked, Pair
from dagster_project.alerts.routing import Directory

if TYPE_CHECKING:
    from dagster_project.release.manifest import Manifest

# Of the areas that are gone, so many are named.
MOST_GONE = 3


def fallen(pair: Pair, asked: Asked) -> Iterator[Cause]:
    """One cause a source of whose indicators fewer areas have a value than before."""
    by_source: dict[str, list[Spoiled]] = {}
    named = _Named(asked)
    for indicator_id, source_id, before, shown, gone in asked.rows(sql.FELL):
        by_source.setdefault(source_id, []).append(named.fall(indicator_id, shown, before, gone))
    for source_id, spoiled in by_source.items():
        yield Cause(
            "coverage_fell",
            f"{source_id}/{pair.now.id}",
            source_id,
            spoils=tuple(spoiled),
            facts={"release": pair.now.id},
        )


class _Named:
    """Says falls, and which areas are gone, save those whose value is hidden or was taken back."""

    def __init__(self, asked: Asked) -> None:
        self.names = dict(asked.rows(sql.AREA_NAMES))
        self.hidden = {name: set(areas) for name, areas in asked.rows(sql.AREAS_HIDDEN)}

    def fall(self, indicator_id: str, shown: int, before: int, gone: Sequence[str]) -> Spoiled:
        """What the fall is: `gone` counts them all, `where` names the first that may be named."""
        hidden = self.hidden.get(indicator_id, ())
        told = [code for code in gone if code not in hidden][:MOST_GONE]
        where = [self.names.get(code, code) for code in told]
        detail = {"areas_before": before, "gone": list(gone), "where": where}
        return Spoiled(indicator_id, (indicator_id,), areas=shown, detail=detail)


def still_fallen(asked: Asked, open_causes: Mapping[str, Cause]) -> Iterator[Cause]:
    """What fell earlier and hasn't recovered, as far as it hasn't."""
    fell = [cause for cause in open_causes.values() if cause.kind == "coverage_fell"]
    if not fell:
        return
    shown = {name: set(areas) for name, areas in asked.rows(sql.AREAS_NOW)}
    named = _Named(asked)
    for cause in fell:
        spoils = []
        for each in cause.spoils:
            there, before = shown.get(each.indicator_id, set()), each.detail["areas_before"]
            if len(there) < before:
                gone = [code for code in each.detail.get("gone", ()) if code not in there]
                spoils.append(named.fall(each.indicator_id, len(there), before, gone))
        if spoils:
            yield replace(cause, spoils=tuple(spoils))


def refused_pairs(asked: Asked) -> Iterator[Cause]:
    """The pairs of indicators that could be compared in the release before, and can't now."""
    made = set(asked.rows(sql.PAIRS_MADE))
    for left, right, left_name, right_name, why in asked.rows(sql.PAIRS_REFUSED):
        if (left, right) in made:
            yield Cause(
                "comparison_refused",
                f"{left}/{right}",
                spoils=tuple(Spoiled(each, (f"{left}/{right}",)) for each in (left, right)),
                facts={"title": left_name, "with": right_name, "why": why},
            )


def refused_by_england(asked: Asked) -> Iterator[Cause]:
    """The indicators of which no area's latest value is compared with England any more."""
    made = {row[0] for row in asked.rows(sql.ENGLAND_MADE)}
    for indicator_id, reason in asked.rows(sql.ENGLAND_REFUSED):
        if indicator_id in made:
            yield Cause(
                "comparison_refused",
                indicator_id,
                spoils=(Spoiled(indicator_id, (indicator_id,)),),
                facts={"with": "England", "why": str(reason).replace("_", " ")},
            )


def still_refused(asked: Asked, open_causes: Mapping[str, Cause]) -> Iterator[Cause]:
    """The comparisons that were refused earlier, and still are."""
    earlier = [cause for cause in open_causes.values() if cause.kind == "comparison_refused"]
    if not earlier:
        return
    pairs = {f"{row[0]}/{row[1]}" for row in asked.rows(sql.PAIRS_REFUSED)}
    england = {row[0] for row in asked.rows(sql.ENGLAND_REFUSED)}
    yield from (cause for cause in earlier if cause.subject in pairs | england)


def revised(release: Manifest, asked: Asked) -> Iterator[Cause]:
    """One cause a source of whose published values some changed, by nothing that we know."""
    by_source: dict[str, list[Spoiled]] = {}
    has_causes = asked.has("changes", "cause")
    query = sql.REVISED.format(unexplained=sql.UNEXPLAINED if has_causes else sql.UNEXPLAINED_ONCE)
    for source_id, indicator_id, values, areas, periods, named, where in asked.rows(query):
        extent = (values, areas, periods or "", tuple(named))
        by_source.setdefault(source_id, []).append(
            Spoiled(indicator_id, (indicator_id,), *extent, {"where": where})
        )
    for source_id, spoiled in by_source.items():
        yield Cause(
            "revision_unexplained",
            f"{source_id}/{release.id}",
            source_id,
            spoils=tuple(spoiled),
            facts={"release": release.id},
        )


def moved(pair: Pair, asked: Asked, directory: Directory) -> Iterator[Cause]:
    """One piece of news an indicator: where its trend or its place beside England changed."""
    names = dict(asked.rows(sql.AREA_NAMES))
    moves: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for query in (sql.MOVED_AGAINST_ENGLAND, sql.MOVED_TREND):
        for indicator_id, area, sex, period, before, after, judgement in asked.rows(query):
            moves.setdefault(indicator_id, {}).setdefault(area, []).append(
                {
                    "area_name": names.get(area, area),
                    "period": period if sex == "Persons" else f"{period}, {sex}",
                    "before": before,
                    "after": after,
                    "judgement": None if judgement == after else judgement,
                }
            )
    for indicator_id, by_area in moves.items():
        # One an area: who follows an area reads of no other.
        spoils = tuple(
            Spoiled(
                indicator_id,
                tuple(f"{area}: {move['period']}: {move['after']}" for move in its),
                areas=1,
                area_codes=(area,),
                detail={"moves": its},
            )
            for area, its in sorted(by_area.items())
        )
        title = directory.titles.get(indicator_id, indicator_id)
        yield Cause(
            "outcome_moved", f"{indicator_id}/{pair.now.id}", spoils=spoils, facts={"title": title}
        )

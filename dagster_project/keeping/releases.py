"""Which releases a policy lets go of, and why each of the others stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dagster_project.calendar import source_rows
from dagster_project.keeping.policy import Rule
from dagster_project.release.files import remove_tree
from dagster_project.release.manifest import Manifest
from dagster_project.release.store import GOING, ReleaseStore, rename


def going(
    store: ReleaseStore, manifests: Sequence[Manifest], rule: Rule, today: date
) -> dict[str, str]:
    """The releases that may go, oldest first, each with how old it is."""
    stay = staying(store, manifests, rule, today)
    return {
        each.id: f"{age(each, today)} days old"
        for each in reversed(manifests)
        if each.id not in stay
    }


def staying(
    store: ReleaseStore, manifests: Sequence[Manifest], rule: Rule, today: date
) -> dict[str, str]:
    """Why each release that stays does: the first reason that applies."""
    stay: dict[str, str] = {}
    in_force = {(stone.kind, stone.target) for each in manifests[:1] for stone in each.in_force}
    # Where newer ones were withdrawn, this one says what is hidden today.
    speaks = next((each.id for each in manifests if not each.is_withdrawn), None)
    guarded = {row["source_id"] for row in source_rows() if row["is_public"] == "false"}
    years: set[str] = set()
    for place, each in enumerate(manifests):
        year = each.created_at[:4]
        is_last_of_year = year not in years
        years.add(year)
        stones = {(stone.kind, stone.target) for stone in each.withdrawn}
        reasons = {
            "it is the latest": each.id == store.latest_id(),
            "it says what is hidden today": each.id == speaks,
            f"it is one of the {rule.newest} newest": place < rule.newest,
            f"it is younger than {rule.days} days": age(each, today) < rule.days,
            f"it is the last of {year}": rule.yearly and is_last_of_year,
            "only it says what was taken back from it": not _told(stones) <= in_force,
            "what later releases hide could be told from it": any(
                record.source_id in guarded for record in each.inputs
            ),
        }
        reason = next((said for said, applies in reasons.items() if applies), None)
        if reason:
            stay[each.id] = reason
    return stay


def _told(stones: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those that have to be remembered: what is hidden today is told by the newest release."""
    return {stone for stone in stones if stone[0] != "hidden"}


def age(manifest: Manifest, today: date) -> int:
    """How many days ago a release was made."""
    return (today - date.fromisoformat(manifest.created_at[:10])).days


def let_go(store: ReleaseStore, identifier: str) -> None:
    """After this the release is gone; a kill leaves it whole, or nothing that looks like one."""
    aside = store.root / f"{GOING}{identifier}"
    remove_tree(aside)
    rename(store.path(identifier), aside)
    remove_tree(aside)

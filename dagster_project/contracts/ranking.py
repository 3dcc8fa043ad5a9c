"""In which order findings of a contract are told: what stops payment first, what is minor last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

# What a finding comes to, in words, and the kinds that come to it, the gravest first in each.
GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "refused": ("Nothing may be paid on it", ("no_indicator", "made_up")),
    "paid_for_nothing": (
        "It would pay for nothing",
        ("reached_already", "asks_nothing", "false_pay"),
    ),
    "disputed": (
        "It would be disputed",
        (
            *("no_baseline", "broken_series", "too_late", "contradicted", "attribution"),
            *("activity", "false_miss", "too_noisy", "not_modelled"),
        ),
    ),
    "minor": ("It is worth a look", ("opposed", "guidance", "unreliable", "unanswered")),
}
OF_KIND = {kind: group for group, (_, kinds) in GROUPS.items() for kind in kinds}
PLACES = {kind: place for place, kind in enumerate(OF_KIND)}

Finding = Mapping[str, Any]


def ranked(findings: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """The findings, the gravest first, each with its group as `comes_to`."""
    ordered = sorted(findings, key=lambda each: PLACES[each["kind"]])
    return [{**each, "comes_to": OF_KIND[each["kind"]]} for each in ordered]


def by_group(findings: Iterable[Finding]) -> Iterator[tuple[str, list[Finding]]]:
    """Each group that has a finding, in words, with its findings."""
    every = list(findings)
    for group, (words, _) in GROUPS.items():
        found = [each for each in every if each["comes_to"] == group]
        if found:
            yield words, found

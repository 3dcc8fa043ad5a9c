"""The decision record in words, as board paper and pages show it."""

from __future__ import annotations

from collections.abc import Iterable

from dagster_project.contracts.shown import Row, Shown
from dagster_project.release.words import in_words, words

PULLS = {"up": "pulls activity up", "down": "pulls activity down", "none": ""}


def decided(rows: Iterable[Row]) -> Shown:
    """What was decided, in the order in which it is decided, and why."""
    parts = words("contract_decisions", "part")
    places = {part: place for place, part in enumerate(parts)}
    ordered = sorted(rows, key=lambda row: (places.get(row["part"], len(places)), row["item"]))
    return Shown(
        "The decision record",
        ("Part", "What was decided", "By which mechanism", "Why", "Note"),
        tuple(
            (
                parts.get(row["part"], in_words(row["part"])),
                row["answer"],
                _mechanism(row),
                row["why"] or "",
                row["note"] or "",
            )
            for row in ordered
        ),
    )


def _mechanism(row: Row) -> str:
    """The mechanism with its source; of a driver, how it acts and which way it pulls."""
    if row["mechanism"]:
        return f"{row['mechanism']}: {row['evidence']}"
    acts = words("contract_decisions", "acts").get(row["acts"] or "", "")
    return "; ".join(part for part in (acts, PULLS.get(row["pulls_activity"] or "", "")) if part)

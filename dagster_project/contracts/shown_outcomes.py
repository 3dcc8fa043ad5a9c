"""What each outcome gave, with its unit and its direction in words.

The released lines have no unit: `with_units` adds it, from the registry or the release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby

from dagster_project.contracts.shapes import TOWARDS
from dagster_project.contracts.shown import (
    NOTHING,
    Row,
    Shown,
    figure,
    pounds,
    rests_on,
    segment_of,
    state_label,
)

Say = Callable[[float | None], str]
STATES = ("state", "reason")


def with_units(lines: Iterable[Row], units: Mapping[str, str]) -> Iterator[Row]:
    """The lines with the unit of their indicator."""
    for row in lines:
        yield {**row, "unit": units.get(row["indicator_id"] or "", "")}


def exactly(number: float | None) -> str:
    """A figure as a statement has it: near a threshold a digit more decides."""
    return NOTHING if number is None else f"{number:,.6g}"


def measured(number: float | None, unit: str | None, say: Say = figure) -> str:
    """A figure with its unit; a dash where there is none."""
    told = say(number)
    if number is None or not unit:
        return told
    return f"{told}%" if unit == "%" else f"{told} {unit}"


def towards(row: Row) -> str:
    """Which way is better, in words; empty where neither the line nor its ends say so.

    Lines of earlier releases don't say it.
    """
    start, full = row["pays_from"], row["pays_in_full"]
    known = row.get("better")
    if known is None and None not in (start, full) and start != full:
        known = "higher" if full > start else "lower"
    return TOWARDS.get(known or "", "")


def ends(row: Row, say: Say = figure) -> tuple[str, str]:
    """Where payment starts and where it is full; the value's unit is told beside the value."""
    unit = "%" if row.get("unit") == "%" else None
    start, full = (measured(row[name], unit, say) for name in ("pays_from", "pays_in_full"))
    return start, full if full == NOTHING else f"{full} {towards(row)}".rstrip()


def by_outcome(lines: Iterable[Row], providers: Mapping[str, str]) -> list[Shown]:
    """A table for each period and provider: what each outcome gave, from which value and rule."""
    key = ("contract_period", "provider_id")
    ordered = sorted(lines, key=lambda row: tuple(row[name] for name in key))
    return [
        Shown(
            f"{period}, {providers[provider]}",
            ("Outcome", "Value", "Pays from", "In full", "Earned", "Of", "How it came about"),
            tuple(_outcome(row) for row in found),
            (1, 2, 3, 4, 5),
            tuple(row["indicator_id"] or "" for row in found),
        )
        for (period, provider), grouped in groupby(
            ordered, key=lambda row: tuple(row[name] for name in key)
        )
        if (found := list(grouped))
    ]


def _outcome(row: Row) -> tuple[str, ...]:
    how = row["rule"] + "."
    if row["reason"]:
        state, reason = (state_label("contract_statements", name, row[name]) for name in STATES)
        how = f"{state}: {reason.lower()}. {how}"
    if row["rests_on"]:
        how += f" Rests on {', '.join(rests_on(row['rests_on']))}."
    period = f" ({row['value_period']})" if row["value_period"] else ""
    return (
        row["title"] + segment_of(row["segment"]),
        measured(row["value"], row.get("unit")) + period,
        *ends(row),
        pounds(row["amount"]),
        pounds(row["stake"]),
        how,
    )

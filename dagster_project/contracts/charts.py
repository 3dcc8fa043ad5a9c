"""The charts of a contract as specs of bars, drawn by what draws the site's: for page and paper.

Shares of what is linked, so that providers and outcomes of any size stand side by side. The table
beside each says the same in pounds. What has no figure has no bar, and says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from textwrap import shorten
from typing import Any

from dagster_project.contracts.shown import (
    ALL,
    NO_CHANGE,
    Row,
    about_pounds,
    chance_of,
    scenarios,
    segment_of,
    state_label,
)

ALL_OF_IT = {"v": 100, "n": "All that is linked", "t": ""}
MOST_LETTERS = 34
BELOW = "The table says the same."


@dataclass(frozen=True)
class Chart:
    """Bars with what stands above them; `spec` is as assets/charts.js has it."""

    caption: str
    spec: Mapping[str, Any]


def earned(payments: Iterable[Row]) -> list[Chart]:
    """For each period what each provider earned of what is linked."""
    ordered = sorted(payments, key=lambda row: str(row["contract_period"]))
    return [
        _shares(
            f"Earned in {period}",
            [
                _bar(
                    row["provider"],
                    row["earned"],
                    row["stake"],
                    state_label("contract_payments", "status", row["status"]),
                )
                for row in found
            ],
        )
        for period, found in groupby(ordered, key=lambda row: str(row["contract_period"]))
    ]


def by_outcome(lines: Iterable[Row]) -> list[Chart]:
    """Of the latest period, what each outcome gave of what is linked to it, before gates."""
    rows = list(lines)
    last = max((row["contract_period"] for row in rows), default=None)
    latest = [row for row in rows if row["contract_period"] == last]
    outcomes: dict[tuple[str, str], list[Row]] = {}
    for row in latest:
        outcomes.setdefault((row["title"], row["segment"] or ALL), []).append(row)
    bars = [
        _bar(
            title + segment_of(segment),
            _sum(found, "amount"),
            _sum(found, "stake"),
            state_label("contract_statements", "state", found[0]["state"]),
        )
        for (title, segment), found in outcomes.items()
    ]
    return [_shares(f"What each outcome gave in {last}, before gates", bars)] if bars else []


def at_risk(whole: Sequence[Row]) -> list[Chart]:
    """For each thing that may happen what providers earn on average, and nine times in ten."""
    found = []
    for scenario, said in scenarios().items():
        bars = [
            _bar(row["title"], row["mean"], row["theoretical"], "withdrawn", row)
            for row in whole
            if row["scenario"] == scenario
        ]
        if bars:
            caption = f"Earned {said}: on average, and nine times in ten"
            found.append(_shares(caption, bars))
    return found


def chance(rows: Iterable[Row], place: str = "") -> list[Chart]:
    """Of an area, how often each outcome pays by luck, and how often luck denies it."""
    single: dict[str, Row] = {}
    for row in rows:
        if row["outcome_id"] != ALL and row["scenario"] == NO_CHANGE:
            single.setdefault(row["outcome_id"], row)
    said = {
        "false_pay": "Paid by luck: how often something is paid though nothing has changed",
        "false_miss": "Missed by luck: how often nothing is paid though the plan was reached",
    }
    of = f"{place}. " if place else ""
    return [
        Chart(
            of + caption,
            {
                "label": f"{of}{caption}. {BELOW}",
                "unit": "% of the time",
                "rows": [
                    {
                        "n": _short(row["title"]),
                        "v": None if row[name] is None else 100 * row[name],
                        "t": chance_of(row[name]),
                        "j": "no_judgement",
                        "note": "not worked out",
                    }
                    for row in single.values()
                ],
            },
        )
        for name, caption in said.items()
        if any(row[name] is not None for row in single.values())
    ]


def _short(name: str) -> str:
    """As much of a name as there is room for beside a bar, in whole words."""
    return shorten(name, MOST_LETTERS, placeholder="…")


def _sum(rows: Sequence[Row], name: str) -> float | None:
    """The sum of a column; None where one of the rows has no figure."""
    amounts = [row[name] for row in rows]
    return None if None in amounts else float(sum(amounts))


def _bar(
    name: str, amount: float | None, stake: float | None, lack: str, limits: Row | None = None
) -> dict[str, Any]:
    if amount is None or not stake:
        return {"n": _short(name), "v": None, "j": "no_judgement", "note": lack.lower()}
    bar: dict[str, Any] = {"n": _short(name), "v": 100 * amount / stake, "j": "no_judgement"}
    bar["t"] = f"{about_pounds(amount)} ({chance_of(amount / stake)})"
    if limits and limits["p05"] is not None and limits["p95"] is not None:
        bar |= {"l": 100 * limits["p05"] / stake, "u": 100 * limits["p95"] / stake}
    return bar


def _shares(caption: str, rows: list[dict[str, Any]]) -> Chart:
    spec = {
        "label": f"{caption}: part of what is linked. {BELOW}",
        "unit": "% of what is linked",
        "rows": rows,
        "ref": ALL_OF_IT,
    }
    return Chart(caption, spec)

"""The one chart of the board paper: what may be earned, as ranges, with its figures beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, LEFT, RIGHT, ROW = 720, 210, 20, 34


def range_chart(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """A bar from the 5th to the 95th centile for each scenario, and a mark at the mean."""
    largest = max(row["theoretical"] for row in rows) or 1.0
    height = ROW * len(rows) + 30

    def across(amount: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * amount / largest, 1)

    drawn = []
    for place, row in enumerate(rows):
        middle = ROW * place + ROW / 2 + 4
        low, high, mean = across(row["p05"]), across(row["p95"]), across(row["mean"])
        drawn.append(
            f'<text x="{LEFT - 10}" y="{middle + 4:g}" text-anchor="end">'
            f"{escape(names[row['scenario']])}</text>"
            f'<rect x="{low:g}" y="{middle - 7:g}" width="{max(1.0, high - low):g}" height="14"'
            ' fill="#9cc3e6"/>'
            f'<rect x="{mean - 1.5:g}" y="{middle - 10:g}" width="3" height="20" fill="#1d4e89"/>'
        )
    axis = height - 22
    ends = (
        f'<line x1="{LEFT}" y1="{axis}" x2="{WIDTH - RIGHT}" y2="{axis}" stroke="#57606a"/>'
        f'<text x="{LEFT}" y="{height - 6}">£0</text>'
        f'<text x="{WIDTH - RIGHT}" y="{height - 6}" text-anchor="end">'
        f"£{largest:,.0f} linked</text>"
    )
    said = "; ".join(
        f"{names[row['scenario']]}: £{row['p05']:,.0f} to £{row['p95']:,.0f},"
        f" £{row['mean']:,.0f} on average"
        for row in rows
    )
    return (
        f'<figure><svg role="img" viewBox="0 0 {WIDTH} {height}" font-size="13"'
        f' font-family="system-ui, sans-serif" aria-label="{escape(said, quote=True)}">'
        + "".join(drawn)
        + ends
        + "</svg><figcaption class='quiet'>All providers: from the 5th to the 95th centile, with"
        " the mean.</figcaption></figure>"
    )

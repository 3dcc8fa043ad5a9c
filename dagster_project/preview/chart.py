"""Values with their limits, drawn: in characters for a terminal, as SVG for a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 44
NAME = 26
ROW, LEFT, PLOT = 18, 230, 420


@dataclass(frozen=True)
class Bar:
    """One value: its name, itself, and its limits where it has any."""

    name: str
    value: float
    lower: float | None
    upper: float | None


def _span(bars: Sequence[Bar]) -> tuple[float, float]:
    """What the axis runs over: from 0 where the values come near it, else around them."""
    figures = [
        figure for bar in bars for figure in (bar.value, bar.lower, bar.upper) if figure is not None
    ]
    low, high = min(figures), max(figures)
    if 0 <= low <= (high - low) * 2:
        low = 0.0
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _at(figure: float, span: tuple[float, float], width: int) -> int:
    low, high = span
    return round((figure - low) / (high - low) * (width - 1))


def in_characters(bars: Sequence[Bar]) -> list[str]:
    """A line a value: ● where it is, ─ where its limits reach."""
    if not bars:
        return []
    span = _span(bars)
    lines = []
    for bar in bars:
        line = [" "] * WIDTH
        if bar.lower is not None and bar.upper is not None:
            first, last = _at(bar.lower, span, WIDTH), _at(bar.upper, span, WIDTH)
            line[first : last + 1] = "─" * (last + 1 - first)
        line[_at(bar.value, span, WIDTH)] = "●"
        lines.append(f"  {shortened(bar.name):<{NAME}} {''.join(line)} {figure(bar.value)}")
    ends = f"{figure(span[0])}{figure(span[1]):>{WIDTH - len(figure(span[0]))}}"
    return [*lines, f"  {'':<{NAME}} {ends}"]


def as_svg(bars: Sequence[Bar], title: str) -> str:
    """The same as a picture, which says in words what it shows."""
    if not bars:
        return ""
    span = _span(bars)
    parts = []
    for number, bar in enumerate(bars):
        y = ROW * number + ROW
        x = LEFT + _at(bar.value, span, PLOT)
        parts.append(
            f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(bar.name)}</text>'
        )
        if bar.lower is not None and bar.upper is not None:
            ends = (LEFT + _at(limit, span, PLOT) for limit in (bar.lower, bar.upper))
            first, last = ends
            parts.append(f'<line x1="{first}" x2="{last}" y1="{y}" y2="{y}" stroke="#555"/>')
        parts.append(f'<circle cx="{x}" cy="{y}" r="4" fill="#005eb8"/>')
        parts.append(f'<text x="{LEFT + PLOT + 12}" y="{y + 4}">{figure(bar.value)}</text>')
    height = ROW * (len(bars) + 2)
    return (
        f'<svg viewBox="0 0 {LEFT + PLOT + 110} {height}" role="img" font-size="12"'
        f' font-family="sans-serif"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def shortened(name: str) -> str:
    """A name that fits its column; one that was cut says so."""
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"


def figure(number: float) -> str:
    """A number as people read it."""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:,.4g}"

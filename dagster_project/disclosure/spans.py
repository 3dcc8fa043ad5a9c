"""Sums along a line: ages in years, periods in days, some of which lie in others or overlap.

The ends of all spans cut the line into pieces; a span is the sum of its pieces. A piece that no
cell shows is still known to count nobody less than nought, and two spans that share it give away
the difference of what they don't.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping

Node = tuple[Hashable, ...]
Span = tuple[int, int]
# In months, beyond any age.
NO_END = 12 * 200
MONTHS = {"y": 12, "m": 1}
AGE = re.compile(
    r"(?P<sign>[<>]=?)? ?(?P<first>\d+)(?: ?(?:-|–|to) ?(?P<last>\d+))? ?(?P<more>\+)?"
    r" ?(?P<unit>y(?:ears?|ea?rs?|rs?)?|m(?:onths?|ths?|th)?)?(?: and over| or over)?"
)


def age_span(age: str) -> Span | None:
    """The months from birth that an age covers, the end left out; None where it can't be told."""
    if age.lower() == "all ages":
        return (0, NO_END)
    match = AGE.fullmatch(age.strip())
    if match is None:
        return None
    unit = MONTHS[(match["unit"] or "y")[0]]
    first, last, sign = int(match["first"]), match["last"], match["sign"]
    if sign:
        edge = (first + (sign in ("<=", ">"))) * unit
        return (0, edge) if sign[0] == "<" else (edge, NO_END)
    if match["more"] or age.endswith("over"):
        return (first * unit, NO_END)
    return (first * unit, (int(last or first) + 1) * unit)


def sums_of_spans(
    spans: Mapping[Node, Span],
    counts: Mapping[Node, int],
    unseen: Callable[[int, int], Node],
) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Each span of several pieces beside its parts.

    Where the counts can't all be sums of pieces (people of no stated age, a measure that doesn't
    add up over time), only such sums are made as hold between the cells themselves.
    """
    ends = sorted({end for span in spans.values() for end in span})
    place = {end: number for number, end in enumerate(ends)}
    steps = {which: (place[start], place[end]) for which, (start, end) in spans.items()}
    if not _add_up(steps, counts, len(ends)):
        yield from _sums_of_cells(steps, counts, lambda i, j: unseen(ends[i], ends[j]))
        return
    pieces: dict[Span, Node] = {}
    for which, step in steps.items():
        if step in pieces and step[1] - step[0] > 1:
            yield which, (pieces[step],)
        elif step in pieces:
            yield pieces[step], (which,)
        pieces.setdefault(step, which)
    for which, (first, last) in steps.items():
        if last - first > 1:
            inside = [(at, at + 1) for at in range(first, last)]
            shown = [pieces[step] for step in inside if step in pieces]
            if shown and sum(counts[part] for part in shown) == counts[which]:
                # What isn't shown is empty: a reader may well take the rest for all there is.
                yield which, tuple(shown)
            else:
                yield which, tuple(pieces.get(s) or unseen(ends[s[0]], ends[s[1]]) for s in inside)


def _add_up(steps: Mapping[Node, Span], counts: Mapping[Node, int], ends: int) -> bool:
    """True if counts of pieces, none below nought, give every span its count."""
    edges = [(at + 1, at, 0) for at in range(ends - 1)]
    for which, (first, last) in steps.items():
        edges += [(first, last, counts[which]), (last, first, -counts[which])]
    reached = [0] * ends
    # Bellman and Ford: running counts at the ends exist unless some way round costs less than 0.
    for _ in range(ends + 1):
        moved = False
        for start, end, cost in edges:
            if reached[start] + cost < reached[end]:
                reached[end] = reached[start] + cost
                moved = True
        if not moved:
            return True
    return False


def _sums_of_cells(
    steps: Mapping[Node, Span], counts: Mapping[Node, int], unseen: Callable[[int, int], Node]
) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Each span that others fill without gap or overlap, beside the smallest that do."""
    for whole, (first, last) in steps.items():
        inside = {
            step: which
            for which, step in steps.items()
            if which != whole and step != (first, last) and first <= step[0] and step[1] <= last
        }
        parts = _filling(inside, first, last)
        lacking = counts[whole] - sum(counts[part] for part in parts)
        if parts and lacking >= 0:
            # Of this whole and no other, though others may cover the same span.
            rest = ((*unseen(first, last), whole),) if lacking else ()
            yield whole, parts + rest


def _filling(inside: Mapping[Span, Node], first: int, last: int) -> tuple[Node, ...]:
    """The spans that fill first to last, as many as can be; none if none do."""
    best: dict[int, tuple[Node, ...]] = {first: ()}
    for at in range(first, last):
        if at in best:
            for (start, end), which in inside.items():
                if start == at and len(best.get(end, ())) < len(best[at]) + 1:
                    best[end] = (*best[at], which)
    return best.get(last, ())

"""Which sums hold among the cells of an indicator: areas, sexes, ages, groups, periods, and parts.

A sum is taken for known where it holds in the true counts. Where the parts come to less than the
whole (people without a stated area, an area that isn't there), what is missing is a part of its own
that nobody is shown. Parts that come to more than their whole overlap, and no sum is made of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dagster_project.disclosure.cells import FIGURES, Cell
from dagster_project.disclosure.spans import age_span, sums_of_spans

Node = tuple[Hashable, ...]
# A part that no cell shows: nobody is told how many it counts.
UNSEEN = "unseen"


@dataclass(frozen=True)
class Sum:
    """`whole` is the sum of `parts`."""

    whole: Node
    parts: tuple[Node, ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        return (self.whole, *self.parts)


def node(cell: Cell, figure: str) -> Node:
    """One figure of one cell."""
    return (cell.row_id, figure)


def is_unseen(which: Node) -> bool:
    """True of a part that no cell shows."""
    return which[0] == UNSEEN


def find_sums(cells: Sequence[Cell]) -> list[Sum]:
    """Every sum that holds among the cells, in an order that depends on the cells alone."""
    ordered = sorted(cells, key=lambda cell: cell.order)
    found: list[Sum] = []
    for figure in FIGURES:
        counted = [cell for cell in ordered if figure in cell.figures]
        for whole, parts in _families(counted):
            found += _sum(whole, parts, figure)
        for group in _grouped(counted, _but_age):
            found += _spans(group, figure, "age", lambda cell: age_span(cell.age))
        for group in _grouped(counted, _but_period):
            found += _spans(group, figure, "period", lambda cell: cell.period)
    for cell in ordered:
        if all(figure in cell.figures for figure in FIGURES):
            found.append(
                Sum(node(cell, "denominator"), (node(cell, "numerator"), node(cell, "complement")))
            )
    return found


def _families(cells: Sequence[Cell]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Each whole beside its parts, by area, sex, segment and breakdown."""
    for group in _grouped(cells, _but_area):
        yield from _areas(group)
    for group in _grouped(cells, _but_sex):
        yield from _with_parts(group, lambda cell: cell.sex == "Persons", lambda cell: "")
    for group in _grouped(cells, _but_segment):
        yield from _with_parts(group, lambda cell: cell.segment == "all", lambda cell: "")
    for group in _grouped(cells, _but_breakdown):
        yield from _with_parts(
            group, lambda cell: cell.breakdown_type == "all", lambda cell: cell.breakdown_type
        )


def _areas(group: Sequence[Cell]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Each area beside those that lie in it with no other between, by kind of division."""
    there = {cell.area_code: cell for cell in group}
    parts: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in group:
        above = next((code for code in cell.ancestors if code in there), None)
        if above is not None:
            parts[above, cell.area_system].append(cell)
    for (above, _), lying_in in parts.items():
        yield there[above], lying_in


def _with_parts(
    group: Sequence[Cell], is_whole: Callable[[Cell], bool], division: Callable[[Cell], str]
) -> Iterator[tuple[Cell, list[Cell]]]:
    parts: dict[str, list[Cell]] = defaultdict(list)
    for cell in group:
        if not is_whole(cell):
            parts[division(cell)].append(cell)
    for whole in filter(is_whole, group):
        for division_of in parts.values():
            yield whole, division_of


def _sum(whole: Cell, parts: Iterable[Cell], figure: str) -> list[Sum]:
    """The sum as a list of one; of none where the parts come to more than the whole."""
    listed = tuple(parts)
    lacking = whole.figures[figure] - sum(cell.figures[figure] for cell in listed)
    if lacking < 0:
        return []
    names = tuple(node(cell, figure) for cell in listed)
    rest: tuple[Node, ...] = ((UNSEEN, whole.row_id, figure, names[0]),) if lacking else ()
    return [Sum(node(whole, figure), names + rest)]


def _spans(
    group: Sequence[Cell],
    figure: str,
    axis: str,
    span_of: Callable[[Cell], tuple[int, int] | None],
) -> list[Sum]:
    spans = {cell: span for cell in group if (span := span_of(cell)) is not None}
    if len(spans) < 2:
        return []
    first = min(spans, key=lambda cell: cell.order)

    def unseen(start: int, end: int) -> Node:
        return (UNSEEN, first.row_id, figure, axis, start, end)

    return [
        Sum(whole, parts)
        for whole, parts in sums_of_spans(
            {node(cell, figure): span for cell, span in spans.items()},
            {node(cell, figure): cell.figures[figure] for cell in spans},
            unseen,
        )
    ]


def _grouped(cells: Sequence[Cell], key: Callable[[Cell], Hashable]) -> list[list[Cell]]:
    groups: Mapping[Hashable, list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[key(cell)].append(cell)
    return [group for group in groups.values() if len(group) > 1]


def _but_area(cell: Cell) -> Hashable:
    return (cell.period, cell.sex, cell.age, cell.segment, cell.breakdown_type, cell.breakdown)


def _but_sex(cell: Cell) -> Hashable:
    return (
        cell.area_code, cell.period, cell.age, cell.segment, cell.breakdown_type, cell.breakdown,
    )  # fmt: skip


def _but_segment(cell: Cell) -> Hashable:
    return (cell.area_code, cell.period, cell.sex, cell.age, cell.breakdown_type, cell.breakdown)


def _but_breakdown(cell: Cell) -> Hashable:
    return (cell.area_code, cell.period, cell.sex, cell.age, cell.segment)


def _but_age(cell: Cell) -> Hashable:
    return (
        cell.area_code, cell.period, cell.sex, cell.segment, cell.breakdown_type, cell.breakdown,
    )  # fmt: skip


def _but_period(cell: Cell) -> Hashable:
    return (
        cell.area_code, cell.sex, cell.age, cell.segment, cell.breakdown_type, cell.breakdown,
    )  # fmt: skip

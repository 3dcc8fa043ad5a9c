"""What a reader knows: every figure that is shown, every sum, and that the rest is hidden.

Readers are taken to know more than they may: the true count behind a rounded one, which hidden
figures are nought, and that every other one isn't. What is safe from them is safe from any reader.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from dagster_project.disclosure.cells import Cell
from dagster_project.disclosure.relations import Node, Sum, find_sums, is_unseen, node


@dataclass(frozen=True)
class Goal:
    """What must stay possible for one hidden figure: to be as little as `low`, as much as `high`.

    Both within what a policy hides, where the figure is small itself. Where it only has to stay
    hidden because an earlier release hid it: that it is more than it is, by as many.
    """

    which: Node
    low: int
    high: int


@dataclass(frozen=True)
class Part:
    """Hidden and unseen figures that hang together by sums, and those sums."""

    unknown: tuple[Node, ...]
    sums: tuple[Sum, ...]


@dataclass
class Table:
    """The cells of one indicator, the sums among them, and which figure is in which sum."""

    cells: dict[int, Cell]
    sums: list[Sum]
    counts: dict[Node, int]
    sums_of: dict[Node, list[Sum]] = field(repr=False)
    least: dict[Node, int] = field(repr=False)
    fixed: frozenset[Node] = field(repr=False)
    by_size: dict[Sum, tuple[Node, ...]] = field(repr=False, default_factory=dict)

    def cell(self, which: Node) -> Cell | None:
        """The cell of a figure, or None of what no cell shows."""
        return None if is_unseen(which) else self.cells[int(str(which[0]))]

    def is_fixed(self, which: Node) -> bool:
        """True if readers know the figure whether or not its cell is hidden."""
        return which in self.fixed

    def can_be_hidden(self, total: Sum) -> tuple[Node, ...]:
        """The parts of a sum that readers wouldn't know if their cells were hidden, by size."""
        if total not in self.by_size:
            parts = [p for p in total.parts if not is_unseen(p) and p not in self.fixed]
            self.by_size[total] = tuple(
                sorted(parts, key=lambda p: (self.counts[p], self.cells[int(str(p[0]))].order))
            )
        return self.by_size[total]

    def prior(self, which: Node) -> int:
        """The least that readers know a hidden figure to be: a nought would be shown."""
        cell = self.cell(which)
        return 0 if cell is None else min(cell.lowest, self.counts[which])

    def is_unknown(self, which: Node, hidden: Collection[int]) -> bool:
        """True if readers aren't told the figure."""
        return which not in self.fixed and (which[0] in hidden or is_unseen(which))

    def goals(self, hidden: Collection[int]) -> Iterator[Goal]:
        """What must stay possible, in the order of the cells."""
        for cell in sorted(self.cells.values(), key=lambda cell: cell.order):
            if cell.row_id not in hidden:
                continue
            for figure in cell.figures:
                which = node(cell, figure)
                if self.is_fixed(which):
                    continue
                span = cell.threshold - cell.lowest
                if figure in cell.small:
                    yield Goal(which, self.least[which], self.least[which] + span)
                elif cell.was_hidden:
                    yield Goal(which, self.counts[which], self.counts[which] + span)

    def stay_hidden(self) -> set[int]:
        """Cells that an earlier release hid beside another of the same sum.

        Showing the one would tell what the other was, if the one hasn't changed since.
        """
        before = {cell.row_id for cell in self.cells.values() if cell.was_hidden}
        found: set[int] = set()
        for total in self.sums:
            unknown: set[Hashable] = {
                which if is_unseen(which) else which[0]
                for which in total.nodes
                if is_unseen(which) or which[0] in before
            }
            if len(unknown) > 1:
                found |= {row_id for row_id in before if row_id in unknown}
        return found

    def parts(self, hidden: Collection[int]) -> list[Part]:
        """The hidden figures, sorted into those that have a bearing on each other."""
        seen: set[Node] = set()
        found = []
        for row_id in sorted(hidden, key=lambda row_id: self.cells[row_id].order):
            for figure in self.cells[row_id].figures:
                start = node(self.cells[row_id], figure)
                if start not in seen and self.is_unknown(start, hidden):
                    found.append(self._part(start, hidden, seen))
        return found

    def told_here(self, part: Part, hidden: Collection[int]) -> set[int]:
        """The cells beside a part that this release alone shows a figure of, which isn't 0."""
        return {
            int(str(which[0]))
            for total in part.sums
            for which in total.nodes
            if not is_unseen(which)
            and not self.is_fixed(which)
            and not self.is_unknown(which, hidden)
            and self.counts[which]
        }

    def _part(self, start: Node, hidden: Collection[int], seen: set[Node]) -> Part:
        sums: dict[Sum, None] = {}
        unknown = []
        waiting = deque([start])
        seen.add(start)
        while waiting:
            which = waiting.popleft()
            unknown.append(which)
            for total in self.sums_of.get(which, ()):
                sums[total] = None
                for other in total.nodes:
                    if other not in seen and self.is_unknown(other, hidden):
                        seen.add(other)
                        waiting.append(other)
        return Part(tuple(unknown), tuple(sums))


def table_of(cells: Sequence[Cell]) -> Table:
    """The table that the cells make."""
    sums = find_sums(cells)
    counts = {node(cell, figure): count for cell in cells for figure, count in cell.figures.items()}
    sums_of: dict[Node, list[Sum]] = defaultdict(list)
    for total in sums:
        for which in dict.fromkeys(total.nodes):
            sums_of[which].append(total)
    by_id = {cell.row_id: cell for cell in cells}
    lowest = {node(cell, figure): cell.lowest for cell in cells for figure in cell.figures}
    fixed = frozenset(
        node(cell, figure)
        for cell in cells
        for figure, count in cell.figures.items()
        if cell.is_known or figure in cell.public or (count == 0 and cell.lowest > 0)
    )
    return Table(by_id, sums, counts, dict(sums_of), _least(sums, counts, lowest), fixed)


def _least(
    sums: Iterable[Sum], counts: dict[Node, int], lowest: dict[Node, int]
) -> dict[Node, int]:
    """The least that each figure can be when all are hidden and only noughts are shown.

    A whole has at least as many people as it has parts that aren't empty: where noughts are shown
    this can't be kept from anyone.
    """
    least = {which: min(lowest[which], count) for which, count in counts.items()}
    moved = True
    while moved:
        moved = False
        for total in sums:
            below = sum(least.get(part, 0) for part in total.parts)
            if below > least[total.whole]:
                least[total.whole] = below
                moved = True
    return least

"""What a reader can work out: whether a hidden figure can still be all that the policy wants it to.

Each answer is a witness (`witness`): whole numbers for every hidden figure that fit every sum and
everything that is shown. An end of the range that has no witness counts as found out.
"""

from __future__ import annotations

from collections.abc import Sequence

from dagster_project.disclosure.knowledge import Goal, Part, Table
from dagster_project.disclosure.relations import Node
from dagster_project.disclosure.witness import Move, System


def narrowed(table: Table, part: Part, goals: Sequence[Goal]) -> list[Goal]:
    """The goals of this part that a reader's knowledge shuts out, in their order."""
    alone = _worked_out_at_once(part)
    asked = [goal for goal in goals if goal.which not in alone]
    missed = set(alone)
    if asked:
        reader = _Reader(table, part, asked)
        missed |= reader.short_of([(goal.which, goal.high) for goal in asked], sign=1)
        missed |= reader.short_of([(goal.which, goal.low) for goal in asked], sign=-1)
    return [goal for goal in goals if goal.which in missed]


def _worked_out_at_once(part: Part) -> set[Node]:
    """Figures that are the only unknown of a sum."""
    unknown = set(part.unknown)
    found = set()
    for total in part.sums:
        open_nodes = {which for which in total.nodes if which in unknown}
        if len(open_nodes) == 1:
            found |= open_nodes
    return found


def highest(table: Table, part: Part, goals: Sequence[Goal]) -> int:
    """More than any figure needs to be in a witness, and few enough to be exact."""
    largest = max((table.counts.get(n, 0) for total in part.sums for n in total.nodes), default=0)
    return 2 * max(largest, *(goal.high for goal in goals)) + 1000


class _Reader:
    """One part as a system of equations in whole numbers."""

    def __init__(self, table: Table, part: Part, goals: Sequence[Goal]) -> None:
        top = highest(table, part, goals)
        base = {
            which: table.counts[which]
            for total in part.sums
            for which in total.nodes
            if which in table.counts
        }
        base |= dict.fromkeys(part.unknown, 0)
        moves = [Move(which, table.prior(which), top) for which in part.unknown]
        self.place = {which: number for number, which in enumerate(part.unknown)}
        self.system = System(part.sums, base, moves)

    def short_of(self, wanted: Sequence[tuple[Node, int]], sign: int) -> set[Node]:
        """Those that no table takes as far as wanted. One table may show it of many."""
        waiting = dict(wanted)
        while waiting:
            reached = self._reached(list(waiting), sign, waiting)
            if not reached:
                break
            for which in reached:
                del waiting[which]
        return {which for which in waiting if not self._reached([which], sign, waiting)}

    def _reached(self, pushed: Sequence[Node], sign: int, wanted: dict[Node, int]) -> list[Node]:
        aim = [0.0] * len(self.place)
        for which in pushed:
            aim[self.place[which]] = -sign
        answer = self.system.solve(aim, {}, {})
        if answer is None:
            return []
        return [
            which for which in pushed if sign * answer[self.place[which]] >= sign * wanted[which]
        ]

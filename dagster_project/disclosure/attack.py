"""What a reader can work out: whether a hidden figure can still be all that the policy wants it to.

Each answer is a witness (`witness`): whole numbers for every hidden figure that fit every sum and
everything that is shown. An end of the range that has no witness counts as found out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dagster_project.disclosure.knowledge import Goal, Part, Table
from dagster_project.disclosure.relations import Node
from dagster_project.disclosure.witness import Move, System, solve_apart


def narrowed(table: Table, parts: Sequence[Part], goals: Mapping[Node, Goal]) -> set[Node]:
    """The figures of these parts whose goals a reader's knowledge shuts out."""
    missed: set[Node] = set()
    readers = []
    for part in parts:
        alone = _worked_out_at_once(part)
        missed |= alone & goals.keys()
        asked = [goals[each] for each in part.unknown if each in goals and each not in alone]
        if asked:
            readers.append(_Reader(table, part, asked))
    for sign in (1, -1):
        missed |= _short_of(readers, sign)
    return missed


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
    """One part as a system of equations in whole numbers, and how far its figures must go."""

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
        self.goals = goals
        self.place = {which: number for number, which in enumerate(part.unknown)}
        self.system = System(part.sums, base, moves)


class _Asking:
    """What is still to be shown of one part, up or down: of all its figures at once, then of each.

    One table may show it of many. Where it shows it of none, a table for each alone decides.
    """

    def __init__(self, reader: _Reader, sign: int) -> None:
        self.reader = reader
        self.sign = sign
        self.waiting = {goal.which: goal.high if sign > 0 else goal.low for goal in reader.goals}
        self.one_by_one = False
        self.missed: set[Node] = set()

    def aim(self) -> list[float]:
        """What the figures cost: those asked about pull the table their way."""
        aim = [0.0] * len(self.reader.place)
        for which in self._asked():
            aim[self.reader.place[which]] = -self.sign
        return aim

    def _asked(self) -> list[Node]:
        return list(self.waiting)[:1] if self.one_by_one else list(self.waiting)

    def hear(self, answer: Sequence[int] | None) -> None:
        """After this what the table shows is no longer waiting."""
        reached = [which for which in self.waiting if answer and self._shows(answer, which)]
        if self.one_by_one and self._asked()[0] not in reached:
            self.missed.add(self._asked()[0])
            del self.waiting[self._asked()[0]]
        self.one_by_one = self.one_by_one or not reached
        for which in reached:
            del self.waiting[which]

    def _shows(self, answer: Sequence[int], which: Node) -> bool:
        return self.sign * answer[self.reader.place[which]] >= self.sign * self.waiting[which]


def _short_of(readers: Sequence[_Reader], sign: int) -> set[Node]:
    """Those figures that no table takes as far as they must be able to go."""
    every = [_Asking(reader, sign) for reader in readers]
    while open_ones := [each for each in every if each.waiting]:
        answers = solve_apart(
            [each.reader.system for each in open_ones], [each.aim() for each in open_ones]
        )
        for each, answer in zip(open_ones, answers, strict=True):
            each.hear(answer)
    return set().union(*(each.missed for each in every))

"""Which cells are hidden: the small ones, and as many others as keep those from being worked out.

For each figure that has to stay open, and each end of what it must be able to be, the cheapest way
is looked for in which the table could differ and still fit what is shown: cells that are hidden
already move for nothing, any other costs the more the larger it is. The cells that would have to
move are hidden too. Hiding more only opens more, so that one pass over the figures is enough.

Where no way is found, all that this release alone shows beside the figure is hidden.
What an earlier release hid beside another cell of the same sum stays hidden (`stay_hidden`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import islice

from dagster_project.disclosure.attack import narrowed
from dagster_project.disclosure.cells import Cell
from dagster_project.disclosure.knowledge import Goal, Table, table_of
from dagster_project.disclosure.relations import Node, Sum, is_unseen
from dagster_project.disclosure.witness import Move, System

# How many sums away cells are looked for, and how many of one sum: nearby first, then everywhere.
NEAR = ((3, 3), (6, 8))
EVERYWHERE = 10**6


def hide(cells: Sequence[Cell]) -> list[int]:
    """The row ids of the cells of one indicator that are hidden, in the order of the cells."""
    hidden = {cell.row_id for cell in cells if cell.small}
    if not hidden and not any(cell.was_hidden for cell in cells):
        return []
    table = table_of(cells)
    hidden |= table.stay_hidden()
    costs = _costs(table)
    # What lets a figure rise mostly lets it fall as well, so that little is left the second time.
    for goal in _missed(table, hidden):
        hidden |= _others(table, hidden, goal, costs, {goal.which: goal.high}, {})
    for goal in _missed(table, hidden):
        hidden |= _others(table, hidden, goal, costs, {}, {goal.which: goal.low})
    hidden |= _whole_parts(table, hidden)
    return sorted(hidden, key=lambda row_id: table.cells[row_id].order)


def _missed(table: Table, hidden: set[int]) -> list[Goal]:
    """What a reader could work out if no more were hidden, in the order of the cells."""
    goals = {goal.which: goal for goal in table.goals(hidden)}
    missed = narrowed(table, table.parts(hidden), goals)
    return [goal for which, goal in goals.items() if which in missed]


def _whole_parts(table: Table, hidden: set[int]) -> set[int]:
    """What is shown beside figures that nothing cheaper could help, all of it.

    Where a few people are the only ones in every cut of a place, noughts beside them tell what they
    are: nothing of that place is shown then.
    """
    further: set[int] = set()
    while missed := {goal.which for goal in _missed(table, hidden | further)}:
        parts = [part for part in table.parts(hidden | further) if missed & set(part.unknown)]
        more = set().union(*(table.told_here(part, hidden | further) for part in parts))
        if not more:
            break
        further |= more
    return further


def _costs(table: Table) -> dict[int, float]:
    """What hiding each cell costs: from 1 up to 2 by size, the spared areas much more.

    A digest of the key tells equals apart, so that one way is the cheapest and no solver chooses.
    """
    by_size = sorted(
        table.cells.values(), key=lambda cell: (max(cell.figures.values()), cell.order)
    )
    costs = {}
    for rank, cell in enumerate(by_size):
        digest = hashlib.sha256(repr(cell.order[:-1]).encode()).digest()
        apart = int.from_bytes(digest[:4], "big") / 2**32
        cost = 1 + rank / len(by_size) + apart / 100
        costs[cell.row_id] = cost + (100 if cell.is_exempt else 0)
    return costs


def _others(
    table: Table,
    hidden: set[int],
    goal: Goal,
    costs: dict[int, float],
    floor: dict[Node, int],
    ceiling: dict[Node, int],
) -> set[int]:
    """Further cells to hide so that the figure can be as wanted; none if none do."""
    for steps, fan in (*NEAR, (EVERYWHERE, EVERYWHERE)):
        movable = _around(table, hidden, goal.which, steps, fan)
        moves = _moves(table, hidden, movable, goal, costs)
        sums = dict.fromkeys(total for which in movable for total in table.sums_of.get(which, ()))
        base = dict(table.counts)
        base |= {which: 0 for which in movable if table.is_unknown(which, hidden)}
        found = System(list(sums), base, moves).solve([move.cost for move in moves], floor, ceiling)
        if found is not None:
            moved = {move.which[0] for move, by in zip(moves, found, strict=True) if by}
            return {row_id for row_id in table.cells if row_id in moved} - hidden
    return set()


def _moves(
    table: Table, hidden: set[int], movable: Sequence[Node], goal: Goal, costs: dict[int, float]
) -> list[Move]:
    top = 2 * max(goal.high, *(table.counts.get(which, 0) for which in movable)) + 1000
    moves = []
    for which in movable:
        cell = table.cell(which)
        if cell is None or cell.row_id in hidden:
            moves.append(Move(which, table.prior(which), top))
        else:
            cost = costs[cell.row_id]
            moves.append(Move(which, 0, top, 1, cost))
            moves.append(Move(which, 0, table.counts[which] - table.prior(which), -1, cost))
    return moves


def _around(table: Table, hidden: set[int], start: Node, steps: int, fan: int) -> list[Node]:
    """The figures near `start` that are open, or would be if their cells were hidden."""
    found = {start: None}
    edge = [start]
    while edge and steps:
        steps -= 1
        reached: dict[Node, None] = {}
        for which in edge:
            for total in table.sums_of.get(which, ()):
                reached |= dict.fromkeys(_movable(table, hidden, total, fan))
        edge = [which for which in reached if which not in found]
        found |= dict.fromkeys(edge)
    return list(found)


def _movable(table: Table, hidden: set[int], total: Sum, fan: int) -> list[Node]:
    """Of a sum: the whole, what is open, and the smallest of what might be hidden."""
    found = list(islice((n for n in total.nodes if table.is_unknown(n, hidden)), fan))
    if not is_unseen(total.whole) and not table.is_fixed(total.whole):
        found.append(total.whole)
    shown = (
        which
        for which in table.can_be_hidden(total)
        if which[0] not in hidden and table.counts[which] > 0
    )
    return [*found, *islice(shown, fan)]

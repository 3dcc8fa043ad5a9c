"""Tables of whole numbers that fit everything a reader knows: the proof that a figure can be it.

The solver (HiGHS, in scipy) only proposes a table. It is checked here in whole numbers, so that
what counts as safe rests on no tolerance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from dagster_project.disclosure.relations import Node, Sum

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Move:
    """How a figure may differ from its base: by whole numbers from `lower` to `upper`."""

    which: Node
    lower: int
    upper: int
    sign: int = 1
    cost: float = 0.0


class System:
    """The sums as equations of the figures that may move; the others stay at their base."""

    def __init__(
        self, sums: Sequence[Sum], base: Mapping[Node, int], moves: Sequence[Move]
    ) -> None:
        self.moves = tuple(moves)
        self.base = base
        self.at: dict[Node, list[int]] = {}
        for place, move in enumerate(moves):
            self.at.setdefault(move.which, []).append(place)
        self.rows: list[dict[int, int]] = []
        self.known: list[int] = []
        for total in sums:
            self._add(total)

    def _add(self, total: Sum) -> None:
        row: dict[int, int] = {}
        known = 0
        for which, sign in ((total.whole, -1), *((part, 1) for part in total.parts)):
            known -= sign * self.base.get(which, 0)
            for place in self.at.get(which, ()):
                row[place] = row.get(place, 0) + sign * self.moves[place].sign
        if row:
            self.rows.append(row)
            self.known.append(known)

    def solve(
        self, costs: Sequence[float], floor: Mapping[Node, int], ceiling: Mapping[Node, int]
    ) -> list[int] | None:
        """The cheapest moves that fit, with these figures at least and at most so much; or None."""
        import numpy as np
        from scipy.optimize import Bounds, milp

        lower = np.array([move.lower for move in self.moves], dtype=float)
        upper = np.array([move.upper for move in self.moves], dtype=float)
        for which, least in floor.items():
            lower[self.at[which][0]] = max(lower[self.at[which][0]], least)
        for which, most in ceiling.items():
            upper[self.at[which][0]] = min(upper[self.at[which][0]], most)
        if (lower > upper).any():
            return None
        # Fractions first: where sums are those of a table, the best answer is whole of itself.
        for whole in (0, 1):
            found = milp(
                np.array(costs, dtype=float),
                constraints=self._constraints,
                bounds=Bounds(lower, upper),
                integrality=np.full(len(self.moves), whole),
            )
            answer = None if found.x is None else self.checked(found.x, lower, upper)
            if answer is not None or found.x is None:
                return answer
        return None

    @cached_property
    def _constraints(self) -> list[object]:
        """The equations for the solver, made once however often it is asked."""
        return equations(self.rows, self.known, len(self.moves))

    def checked(
        self,
        answer: NDArray[np.float64],
        lower: NDArray[np.float64],
        upper: NDArray[np.float64],
    ) -> list[int] | None:
        """The answer in whole numbers if it fits exactly; one that doesn't is none."""
        whole = [round(float(each)) for each in answer]
        fits = all(
            sum(sign * whole[place] for place, sign in row.items()) == known
            for row, known in zip(self.rows, self.known, strict=True)
        )
        inside = all(
            low <= each <= high for low, each, high in zip(lower, whole, upper, strict=True)
        )
        return whole if fits and inside else None


def equations(
    rows: Sequence[Mapping[int, int]], known: Sequence[int], figures: int
) -> list[object]:
    """Rows of signs by place, each with what it comes to, as the solver takes them."""
    import numpy as np
    from scipy.optimize import LinearConstraint
    from scipy.sparse import csr_array

    if not rows:
        return []
    entries = [(n, place, sign) for n, row in enumerate(rows) for place, sign in row.items()]
    matrix = csr_array(
        ([s for _, _, s in entries], ([n for n, _, _ in entries], [p for _, p, _ in entries])),
        shape=(len(rows), figures),
    )
    comes_to = np.array(known, dtype=float)
    return [LinearConstraint(matrix, comes_to, comes_to)]


def solve_apart(
    systems: Sequence[System], costs: Sequence[Sequence[float]]
) -> list[list[int] | None]:
    """The cheapest moves of each system, or None: what each gives alone, asked of all at once.

    They have no figure in common, so that the cheapest of all is the cheapest of each; and the
    solver takes longer to begin than to solve what hangs together in one table.
    """
    import numpy as np
    from scipy.optimize import Bounds, milp

    begins = list(accumulate((len(system.moves) for system in systems), initial=0))
    moves = [move for system in systems for move in system.moves]
    rows = [
        {begin + place: sign for place, sign in row.items()}
        for begin, system in zip(begins, systems, strict=False)
        for row in system.rows
    ]
    known = [total for system in systems for total in system.known]
    lower = np.array([move.lower for move in moves], dtype=float)
    upper = np.array([move.upper for move in moves], dtype=float)
    found = milp(
        np.array([cost for each in costs for cost in each], dtype=float),
        constraints=equations(rows, known, len(moves)),
        bounds=Bounds(lower, upper),
    )
    answers: list[list[int] | None] = []
    for begin, system, cost in zip(begins, systems, costs, strict=False):
        own = slice(begin, begin + len(system.moves))
        answer = None if found.x is None else system.checked(found.x[own], lower[own], upper[own])
        # What isn't whole of itself, or doesn't fit, is a question of its own.
        answers.append(system.solve(cost, {}, {}) if answer is None else answer)
    return answers

"""The one shape of payment: linear between two thresholds, clipped at both ends.

`position = (y - pays_from) / (pays_in_full - pays_from)`, which is right for either direction:
where less is better both differences change sign. A cliff has its two thresholds at one place.
`Shape` says it exactly, for payments; `shares` says the same of many draws, for the risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dagster_project.contracts.arithmetic import rounded

if TYPE_CHECKING:
    import numpy as np

HIGHER, LOWER = "higher", "lower"
# Where more is paid than at an end: what stands after it.
TOWARDS = {HIGHER: "or more", LOWER: "or less"}
ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Shape:
    """How a measure turns into a share, or into points.

    `floor` and `cap` clip what is given; None leaves that side open. `scale`, `offset` and
    `round_to` turn a position into points. `reached` is given from `pays_in_full` on and `missed`
    short of `pays_from`, where the line wouldn't give them. Short of `minimum` nothing is paid.
    """

    pays_from: Fraction
    pays_in_full: Fraction
    better: str = HIGHER
    floor: Fraction | None = ZERO
    cap: Fraction | None = ONE
    scale: Fraction = ONE
    offset: Fraction = ZERO
    round_to: Fraction | None = None
    reached: Fraction | None = None
    missed: Fraction | None = None
    minimum: Fraction | None = None

    @property
    def is_cliff(self) -> bool:
        return self.pays_from == self.pays_in_full

    def share(self, value: Fraction) -> Fraction:
        """What is given for a value, exactly."""
        if self.minimum is not None and self._is_short(value, self.minimum):
            return ZERO
        position = self._position(value)
        if self.reached is not None and position >= 1:
            return self.reached
        if self.missed is not None and position < 0:
            return self.missed
        given = rounded(self.scale * position + self.offset, self.round_to)
        if self.floor is not None:
            given = max(given, self.floor)
        return given if self.cap is None else min(given, self.cap)

    def _is_short(self, value: Fraction, threshold: Fraction) -> bool:
        return value < threshold if self.better == HIGHER else value > threshold

    def _position(self, value: Fraction) -> Fraction:
        if self.is_cliff:
            return ZERO if self._is_short(value, self.pays_from) else ONE
        return (value - self.pays_from) / (self.pays_in_full - self.pays_from)


def shares(values: Any, pays_from: Any, pays_in_full: Any, shape: Shape) -> np.ndarray:
    """The shares of many values; the thresholds may differ from one to the next, as baselines do.

    For plain shapes only: points and minimum rates are of schemes that pay on a single figure.
    """
    import numpy as np

    sign = 1.0 if shape.better == HIGHER else -1.0
    above = sign * (values - pays_from)
    width = sign * (np.asarray(pays_in_full) - pays_from)
    # A hair's breadth, so that 65% of 200 is met by 130: doubles don't hold 0.65 exactly.
    hair = 1e-9 * np.maximum(1.0, np.abs(np.asarray(pays_from)))
    cliff = above >= -hair
    with np.errstate(divide="ignore", invalid="ignore"):
        given = np.where(width > hair, above / width, cliff.astype(float))
    low = -np.inf if shape.floor is None else float(shape.floor)
    high = np.inf if shape.cap is None else float(shape.cap)
    return np.clip(np.where(np.abs(given) < hair, 0.0, given), low, high)

"""Payments worked out step by step: each step is one clip-linear shape, its figures formulas.

A scheme is an ordered list of steps. A step's share times its pool is its amount; later steps may
name it (`step`) and its share (`step_share`). So points, gates, caps, the higher of two measures
and a share of savings are rows of data, and no scheme has code of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dagster_project.contracts.arithmetic import Formula, exact, rounded
from dagster_project.contracts.shapes import HIGHER, ONE, ZERO, Shape
from dagster_project.errors import OutcomesError

OPEN = "open"


@dataclass(frozen=True)
class Step:
    """One row of `seeds/payment_steps.csv`; each cell but `step` and `better` is a formula.

    Without `value` the whole pool is given. `floor` and `cap` may be `open`. Fewer `cases` than
    `minimum_cases` give nothing.
    """

    step: str
    pool: str = "1"
    value: str = ""
    pays_from: str = ""
    pays_in_full: str = ""
    better: str = HIGHER
    floor: str = "0"
    cap: str = "1"
    scale: str = ""
    offset: str = ""
    round_to: str = ""
    reached: str = ""
    missed: str = ""
    minimum: str = ""
    cases: str = ""
    minimum_cases: str = ""
    rounding: str = ""

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> Step:
        """The step that a row of the seed describes; an empty cell means what it does by itself."""
        return cls(**{name: row[name] for name in cls.__dataclass_fields__ if row.get(name)})

    def formulas(self) -> dict[str, Formula]:
        """The filled cells that are formulas, by their column."""
        return {
            name: Formula(text)
            for name in self.__dataclass_fields__
            if name not in ("step", "better") and (text := getattr(self, name)) and text != OPEN
        }


@dataclass(frozen=True)
class Line:
    """What a step came to. `value` is None where the step pays its pool as it stands."""

    step: str
    value: Fraction | None
    share: Fraction
    pool: Fraction
    amount: Fraction
    has_too_few_cases: bool = False


def work_out(steps: Sequence[Step], inputs: Mapping[str, Fraction]) -> dict[str, Line]:
    """Every step's line, in order, by its name."""
    known = dict(inputs)
    lines: dict[str, Line] = {}
    for step in steps:
        if step.step in known:
            raise OutcomesError(
                "a step has the name of something else",
                got=step.step,
                expected="a name that no figure and no other step has",
                fix="rename the step",
            )
        line = lines[step.step] = _line(step, known)
        known[step.step], known[f"{step.step}_share"] = line.amount, line.share
    return lines


def numbers(given: Mapping[str, str | int | float | Fraction]) -> dict[str, Fraction]:
    """The figures as exact numbers."""
    return {name: exact(number) for name, number in given.items()}


def _line(step: Step, known: Mapping[str, Fraction]) -> Line:
    worked = {name: formula.of(known) for name, formula in step.formulas().items()}
    pool, value = worked["pool"], worked.get("value")
    too_few = worked.get("cases", ZERO) < worked.get("minimum_cases", ZERO)
    share = ZERO if too_few else ONE if value is None else _shape(step, worked).share(value)
    amount = rounded(pool * share, worked.get("rounding"))
    return Line(step.step, value, share, pool, amount, too_few)


def _shape(step: Step, worked: Mapping[str, Fraction]) -> Shape:
    return Shape(
        pays_from=worked["pays_from"],
        pays_in_full=worked["pays_in_full"],
        better=step.better,
        floor=None if step.floor == OPEN else worked["floor"],
        cap=None if step.cap == OPEN else worked["cap"],
        scale=worked.get("scale", ONE),
        offset=worked.get("offset", ZERO),
        round_to=worked.get("round_to"),
        reached=worked.get("reached"),
        missed=worked.get("missed"),
        minimum=worked.get("minimum"),
    )


def unknown_names(steps: Iterable[Step], inputs: Iterable[str]) -> dict[str, list[str]]:
    """What each step names that is neither an input nor an earlier step, by step."""
    known = set(inputs)
    unknown: dict[str, list[str]] = {}
    for step in steps:
        missing = {name for formula in step.formulas().values() for name in formula.names()} - known
        if missing:
            unknown[step.step] = sorted(missing)
        known |= {step.step, f"{step.step}_share"}
    return unknown

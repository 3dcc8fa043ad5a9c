"""The five outcomes, and how an answer of Great Expectations becomes one of them for every key.

`success` isn't the outcome: Great Expectations passes an empty frame, figures that are all null and
a suite without checks. What decides is how many were `tested`, and whether each has its figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy
    import pandas

    from dagster_project.judging.suites import Check


class Outcome(StrEnum):
    """What a check found. A blocking check has passed with the first two, and with no other."""

    PASSED = "pass"
    PASSED_WITH_FAILURES = "pass with failures"
    FAILED = "fail"
    NOT_APPLICABLE = "not applicable"
    ERROR = "error"


# From best to worst. Not applicable ranks lowest, so that it never hides a neighbour's outcome.
RANKING = (
    Outcome.NOT_APPLICABLE,
    Outcome.PASSED,
    Outcome.PASSED_WITH_FAILURES,
    Outcome.FAILED,
    Outcome.ERROR,
)
# A blocking check that ended like this was really asked and really answered.
JUDGED = (Outcome.PASSED, Outcome.PASSED_WITH_FAILURES, Outcome.FAILED)


@dataclass(frozen=True)
class Answer:
    """What Great Expectations said of one check: which positions of the frame break the bound.

    `broken` says why there is no answer; `tolerated` that a share which may fail wasn't exceeded.
    """

    positions: numpy.ndarray[Any, Any]
    tolerated: bool = False
    broken: str = ""


@dataclass(frozen=True, eq=False)
class Verdict:
    """One check's outcome over the whole frame, and `by_key` one row a key.

    `by_key` has the columns key, outcome, tested, observed, note. It's empty if no key could be
    read, and then `note` says why.
    """

    check: Check
    outcome: Outcome
    by_key: pandas.DataFrame
    note: str = ""

    def of(self, key: object) -> Outcome:
        """The outcome of one key."""
        found = self.by_key.loc[self.by_key["key"] == key, "outcome"]
        return Outcome(found.iloc[0])


def worst(outcomes: Iterable[str]) -> Outcome:
    """The worst outcome; error if there are none, for nothing judged is nothing passed."""
    ranked = [RANKING.index(Outcome(outcome)) for outcome in set(outcomes)]
    return RANKING[max(ranked)] if ranked else Outcome.ERROR


def failed_outcome(check: Check) -> Outcome:
    """What a key gets that breaks the bound: only a blocking check fails it."""
    return Outcome.FAILED if check.blocks else Outcome.PASSED_WITH_FAILURES


def no_verdict(check: Check, outcome: Outcome, note: str) -> Verdict:
    """A verdict over a frame that has no keys to give one to."""
    import pandas

    empty = pandas.DataFrame(
        {"key": [], "outcome": [], "tested": [], "observed": [], "note": []}, dtype=object
    )
    return Verdict(check, outcome, empty, note)


def verdict(
    check: Check, keys: Any, figures: Any, tested: Any, answer: Answer, applies: Any
) -> Verdict:
    """The outcome of every key.

    `figures` and `tested` are float arrays as long as `keys`, with NaN for what isn't there;
    `applies` is true where the registry says that there is something to test.
    """
    import numpy
    import pandas

    outcome = numpy.full(len(keys), Outcome.PASSED.value, dtype=object)
    note = numpy.full(len(keys), "", dtype=object)

    def put(which: Any, value: Outcome, text: str = "") -> None:
        outcome[which] = value.value
        note[which] = text

    put(answer.positions, failed_outcome(check))
    # Great Expectations fails an infinite figure only against a bound on its own side.
    put(numpy.isinf(figures), failed_outcome(check), "the figure is infinite")
    put(tested == 0, Outcome.NOT_APPLICABLE)
    # `tested` is computed beside the figure: a mistake that made both nothing would excuse itself.
    put((tested == 0) & applies, Outcome.ERROR, "nothing was tested where the registry has values")
    put((tested > 0) & numpy.isnan(figures), Outcome.ERROR, "something was tested, no figure came")
    whole = numpy.isfinite(tested) & (tested >= 0) & (tested == numpy.floor(tested))
    put(~whole, Outcome.ERROR, "there is no count of what was tested")
    tested = numpy.where(whole, tested, numpy.nan)
    if answer.broken:
        put(slice(None), Outcome.ERROR, answer.broken)
    by_key = pandas.DataFrame(
        {"key": keys, "outcome": outcome, "tested": tested, "observed": figures, "note": note}
    )
    return Verdict(check, _overall(outcome, answer), by_key)


def _overall(outcome: Any, answer: Answer) -> Outcome:
    """The worst outcome, save that a share that may fail turns the whole into a pass with failures.

    It never rescues a key: that one still fails, and is held.
    """
    whole = worst(outcome)
    if whole is Outcome.FAILED and answer.tolerated:
        return Outcome.PASSED_WITH_FAILURES
    return whole

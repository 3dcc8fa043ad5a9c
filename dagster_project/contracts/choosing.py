"""Which value an outcome is paid on, and what happens where there is none that may be.

The rule is the contract's own: `wait` until there is one, use the `last_good` one, or `exclude` the
outcome and let the others weigh more. Nothing is ever counted as nought because it isn't known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dagster_project.contracts.arithmetic import exact
from dagster_project.contracts.shapes import HIGHER
from dagster_project.contracts.terms import Outcome, Period
from dagster_project.contracts.values import Value

PAID, LAST_GOOD, WAITS, EXCLUDED = "paid", "paid_on_last_good", "waits", "excluded"
# What of a value's flags a reader of a payment must know of.
TOLD_FLAGS = ("provisional", "revised", "low_reliability", "stale", "break_in_series", "stand_in")
# Kinds of figure whose cases are the people it is out of, and not the events that it counts.
OUT_OF_PEOPLE = ("proportion", "mean", "score")


@dataclass(frozen=True)
class Chosen:
    """What an outcome of a provider and period is paid on: `state` says by which rule.

    `reason` says why it isn't plainly the period's published value; empty where it is.
    """

    state: str
    reason: str = ""
    value: Value | None = None
    baseline: tuple[Value, ...] = ()
    level: Fraction | None = None

    @property
    def is_paid(self) -> bool:
        return self.state in (PAID, LAST_GOOD)

    @property
    def figure(self) -> Fraction:
        """The figure that is paid on, as it is printed; only of what is paid."""
        if self.value is None or self.value.value is None:
            raise ValueError(f"nothing is paid on here: {self.state}, {self.reason}")
        return exact(self.value.value)

    @property
    def rests_on(self) -> tuple[str, ...]:
        """What the payment rests on that may still change, each word once."""
        inputs = (self.value, *self.baseline) if self.value else self.baseline
        words = {flag for each in inputs for flag in each.flags if flag in TOLD_FLAGS}
        words |= {each.status for each in inputs if each.status != "published"}
        if self.state == LAST_GOOD:
            words.add("last_good")
        return tuple(sorted(words))


def choose(outcome: Outcome, kind: str, found: Sequence[Value], period: Period) -> Chosen:
    """What the outcome is paid on in the period, by the contract's rules."""
    value, reason = value_of(outcome, kind, found, period)
    baseline, baseline_reason = baseline_of(outcome, found)
    level = level_of(outcome, baseline) if not baseline_reason else None
    if not baseline_reason and _is_broken(outcome, found, baseline, period):
        baseline_reason = "break_in_series"
    if baseline_reason:
        state = EXCLUDED if outcome.if_missing == "exclude" else WAITS
        return Chosen(state, baseline_reason, None, baseline, None)
    if not reason:
        return Chosen(PAID, "", value, baseline, level)
    if outcome.if_missing == "exclude":
        return Chosen(EXCLUDED, reason, None, baseline, level)
    if outcome.if_missing == "last_good":
        last = value if value and value.is_held_with_figure else _last_good(outcome, found, period)
        if last:
            return Chosen(LAST_GOOD, reason, last, baseline, level)
    return Chosen(WAITS, reason, None, baseline, level)


def value_of(
    outcome: Outcome, kind: str, found: Iterable[Value], period: Period
) -> tuple[Value | None, str]:
    """The latest value whose period ends within the contract's, and why it can't be paid on."""
    within = [v for v in found if period.starts <= v.period_end.isoformat() <= period.ends]
    if not within:
        return None, "no_value_yet"
    value = within[-1]
    if not value.is_published:
        return value, value.status if value.status != "published" else "no_value"
    if "provisional" in value.flags and outcome.if_provisional == "wait":
        return value, "provisional"
    if outcome.minimum_cases:
        cases = value.denominator if kind in OUT_OF_PEOPLE else value.numerator
        if cases is None:
            return value, "cases_not_known"
        if cases < outcome.minimum_cases:
            return value, "too_few_cases"
    return value, ""


def baseline_of(outcome: Outcome, found: Iterable[Value]) -> tuple[tuple[Value, ...], str]:
    """The values that the baseline is made of, and why it can't be had: none, or one is missing."""
    if outcome.baseline_rule == "none":
        return (), ""
    within = [
        value
        for value in found
        if outcome.baseline_from <= value.period_end.isoformat() <= outcome.baseline_to
    ]
    if not within:
        return (), "no_baseline"
    used = within[-1:] if outcome.baseline_rule == "last" else within
    if not all(value.is_published for value in used):
        return (), "baseline_not_published"
    return tuple(used), ""


def _is_broken(
    outcome: Outcome, found: Iterable[Value], baseline: Sequence[Value], period: Period
) -> bool:
    """Whether a change would be counted across a break: such values can't be compared."""
    if not baseline or not any(term.needs_baseline for term in outcome.terms):
        return False
    return any(
        "break_in_series" in value.flags
        for value in found
        if value.period_end > baseline[0].period_end and value.period_end.isoformat() <= period.ends
    )


def level_of(outcome: Outcome, baseline: Sequence[Value]) -> Fraction | None:
    """The baseline as one figure: the last, the plain mean, or the best of the years before."""
    levels = [exact(value.value) for value in baseline if value.value is not None]
    if not levels:
        return None
    if outcome.baseline_rule == "best_prior":
        return max(levels) if outcome.better == HIGHER else min(levels)
    return sum(levels, Fraction(0)) / len(levels)


def _last_good(outcome: Outcome, found: Iterable[Value], period: Period) -> Value | None:
    """The latest published value before the period, if the baseline isn't made of it."""
    earlier = [
        value
        for value in found
        if value.is_published
        and value.period_end.isoformat() < period.starts
        and value.period_end.isoformat() > outcome.baseline_to
    ]
    return earlier[-1] if earlier else None


def is_waived(value: Value, waivers: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a check failed the value and a waiver let it through."""
    said = {**value.key, "period_label": value.period_label}
    return any(
        all(said.get(column) == wanted for column, wanted in waiver["key"].items())
        for waiver in waivers
    )

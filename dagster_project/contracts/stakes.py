"""A contract as a portfolio of bets, with what the release says of how noisy each measure is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dagster_project.contracts.bets import Bet
from dagster_project.contracts.choosing import baseline_of
from dagster_project.contracts.distributions import BINOMIAL, NORMAL, POISSON, Measure
from dagster_project.contracts.peers import LIMITS_APART
from dagster_project.contracts.risk import Portfolio, Seat
from dagster_project.contracts.shapes import ONE, ZERO
from dagster_project.contracts.terms import Contract, Gate, Outcome, Period, Series, Term
from dagster_project.contracts.values import Value, Values

# Kinds of figure by what their noise is. What is in neither is normal, by its published limits.
OF_PEOPLE = frozenset({"proportion"})
OF_EVENTS = frozenset({"crude_rate", "dsr", "isr", "isr_ratio", "count"})
# Where published limits are wider than the counts by more than this, they are believed instead:
# a survey counts the people it stands for, and has asked fewer.
LIMITS_SAY_FEWER = 0.9


@dataclass(frozen=True)
class Modelled:
    """An outcome in an area as a bet, or why it can't be one."""

    outcome: Outcome
    area_code: str
    bet: Bet | None
    rests_on: tuple[Value, ...] = ()
    reason: str = ""


def modelled(contract: Contract, values: Values) -> dict[str, list[Modelled]]:
    """Every outcome as a bet, by area, in the order of the contract."""
    areas = dict.fromkeys(provider.area_code for provider in contract.providers)
    return {
        area: [_modelled(outcome, area, values) for outcome in contract.outcomes] for area in areas
    }


def portfolio(
    contract: Contract, period: Period, values: Values, bets: Mapping[str, Sequence[Modelled]]
) -> Portfolio:
    """The contract's providers and bets for one period; what can't be modelled is left out."""
    seats = [
        Seat(
            provider.provider_id,
            provider.area_code,
            float(contract.stake(provider, period)) * modelled_part(bets[provider.area_code]),
            float(provider.reserve),
        )
        for provider in contract.providers
    ]
    gates = {
        area: [bet for gate in contract.gates if (bet := _gate(gate, area, values))]
        for area in bets
    }
    return Portfolio(
        {area: [each.bet for each in found if each.bet] for area, found in bets.items()},
        gates,
        seats,
        contract.correlation,
        float(contract.least_share),
        float(contract.most_share),
    )


def modelled_part(bets: Sequence[Modelled]) -> float:
    """The part of the weights that is in the model."""
    return float(sum((each.outcome.weight for each in bets if each.bet), ZERO))


def _modelled(outcome: Outcome, area_code: str, values: Values) -> Modelled:
    if outcome.series is None:
        return Modelled(outcome, area_code, None, reason="no_indicator")
    found = values.of(outcome.series, area_code)
    published = [value for value in found if value.is_published]
    if not published:
        return Modelled(outcome, area_code, None, reason="no_published_value")
    baseline, reason = baseline_of(outcome, found)
    if reason:
        return Modelled(outcome, area_code, None, reason=reason)
    rests_on = baseline or (published[-1],)
    levels = [value.value for value in rests_on if value.value is not None]
    level = sum(levels) / len(levels)
    kind = values.kinds.get(outcome.series.indicator_id, "")
    measure = measure_of(kind, rests_on[-1], outcome.between_year_cv)
    if measure is None:
        return Modelled(outcome, area_code, None, rests_on, "no_counts_and_no_limits")
    bet = Bet(
        measure=measure,
        level=level,
        better=outcome.better,
        terms=outcome.terms,
        baseline_rule=outcome.baseline_rule,
        baseline_years=max(1, len(baseline)),
        weight=float(outcome.weight),
        if_missing=outcome.if_missing,
        late_share=outcome.late_share,
        revision_cv=outcome.revision_cv,
    )
    return Modelled(outcome, area_code, bet, rests_on)


def _gate(gate: Gate, area_code: str, values: Values) -> Bet | None:
    """A gate as a bet that pays its whole weight or nothing; None where nothing is known of it."""
    last = last_published(gate.series, area_code, values)
    if last is None or last.value is None:
        return None
    measure = measure_of(values.kinds.get(gate.series.indicator_id, ""), last, 0.0)
    if measure is None:
        return None
    term = Term(gate.gate, "level", gate.threshold, gate.threshold, None, ZERO, ONE, None)
    return Bet(measure, last.value, gate.better, (term,), "none", weight=float(gate.lost_share))


def last_published(series: Series, area_code: str, values: Values) -> Value | None:
    """The latest value of a series that is published."""
    found = [value for value in values.of(series, area_code) if value.is_published]
    return found[-1] if found else None


def measure_of(kind: str, value: Value, cv: float) -> Measure | None:
    """How noisy the figure is: by its counts, or by its limits where these say more."""
    level, counted, people = value.value, value.numerator, value.denominator
    if level is None:
        return None
    error = _error(value)
    if kind in OF_PEOPLE and counted and people and level > 0 and counted <= people:
        measure = Measure(BINOMIAL, level / counted, people, cv=cv)
        return _fewer_people(measure, level, error)
    if kind in OF_EVENTS and counted and level > 0:
        measure = Measure(POISSON, level / counted, cv=cv)
        if error and (level / error) ** 2 < LIMITS_SAY_FEWER * counted:
            return replace(measure, unit=error * error / level)
        return measure
    return Measure(NORMAL, error=error, cv=cv) if error else None


def _fewer_people(measure: Measure, level: float, error: float | None) -> Measure:
    whole = measure.unit * measure.size
    if not error or level >= whole:
        return measure
    people = level * (whole - level) / (error * error)
    if people >= LIMITS_SAY_FEWER * measure.size:
        return measure
    # Whole people, so that the level stays what it is.
    people = max(1, round(people))
    return replace(measure, unit=whole / people, size=people)


def _error(value: Value) -> float | None:
    if value.lower_95 is None or value.upper_95 is None:
        return None
    return (value.upper_95 - value.lower_95) / LIMITS_APART


def counts_behind(bet: Bet) -> tuple[float | None, float | None]:
    """How many events and how many people a bet rests on: what makes it more or less noisy."""
    if bet.measure.kind == NORMAL:
        return None, None
    events = bet.level / bet.measure.unit
    return events, bet.measure.size if bet.measure.kind == BINOMIAL else None

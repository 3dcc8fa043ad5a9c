"""What each provider has earned, by which outcome, from which value, release and rule.

A contract becomes steps of the one engine: each outcome's terms, the outcome, the gates, the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from dagster_project.contracts.arithmetic import exact, rounded
from dagster_project.contracts.choosing import EXCLUDED, WAITS, Chosen, choose
from dagster_project.contracts.engine import Line, Step, work_out
from dagster_project.contracts.shapes import ZERO, Shape
from dagster_project.contracts.terms import Contract, Gate, Outcome, Period, Provider, Term
from dagster_project.contracts.values import Release, Value, Values

PENNY = Fraction(1, 100)
MET, MISSED, NOT_KNOWN = "met", "missed", "not known"
# What makes a payment provisional: it may have to be put right.
MAY_CHANGE = frozenset({"held", "last_good", "provisional", "revised"})


@dataclass(frozen=True)
class Paid:
    """One outcome of a provider and period: what it rests on, and what it gives.

    `share` and `amount` are None where it waits or is excluded. `weight` is what it counts for
    once those that are excluded are left out.
    """

    outcome: Outcome
    chosen: Chosen
    weight: Fraction
    stake: Fraction
    term: Term | None = None
    shape: Shape | None = None
    share: Fraction | None = None
    amount: Fraction | None = None


@dataclass(frozen=True)
class GateState:
    """Whether a gate is met, missed, or not known yet; and the value that says so."""

    gate: Gate
    state: str
    value: Value | None


@dataclass(frozen=True)
class Payment:
    """What a provider earns in a period. Stake = earned + waiting + not earned."""

    provider: Provider
    period: Period
    stake: Fraction
    earned: Fraction
    waiting: Fraction
    lost_to_gates: Fraction
    lines: tuple[Paid, ...]
    gates: tuple[GateState, ...]

    @property
    def not_earned(self) -> Fraction:
        return self.stake - self.earned - self.waiting

    @property
    def rests_on(self) -> tuple[str, ...]:
        return tuple(sorted({word for line in self.lines for word in line.chosen.rests_on}))

    @property
    def status(self) -> str:
        if not any(line.chosen.is_paid for line in self.lines):
            return "waits"
        if self.waiting:
            return "part_waits"
        return "provisional" if MAY_CHANGE & set(self.rests_on) else "final"


@dataclass(frozen=True)
class Statement:
    """A contract's payments out of one release."""

    contract: Contract
    release: Release
    payments: tuple[Payment, ...]


def statement(contract: Contract, values: Values, release: Release) -> Statement:
    """What every provider earns in every period that has ended; the contract is checked before."""
    return Statement(
        contract,
        release,
        tuple(
            _payment(contract, provider, period, values)
            for period in ended(contract, release.as_of)
            for provider in contract.providers
        ),
    )


def ended(contract: Contract, as_of: str) -> tuple[Period, ...]:
    """The periods that have ended on that day."""
    return tuple(period for period in contract.periods if period.ends <= as_of)


def chosen_for(
    contract: Contract, provider: Provider, period: Period, values: Values
) -> list[Chosen]:
    """What each outcome is paid on, in the order of the contract."""
    return [chosen_one(outcome, provider, period, values) for outcome in contract.outcomes]


def chosen_one(outcome: Outcome, provider: Provider, period: Period, values: Values) -> Chosen:
    """What one outcome is paid on; one that nothing measures is left out, and weighs nothing."""
    if outcome.series is None:
        return Chosen(EXCLUDED, "no_indicator")
    kind = values.kinds.get(outcome.series.indicator_id, "")
    return choose(outcome, kind, values.of(outcome.series, provider.area_code), period)


def gate_states(
    contract: Contract, provider: Provider, period: Period, values: Values
) -> tuple[GateState, ...]:
    """Whether each gate is met in the period."""
    return tuple(_gate_state(gate, provider, period, values) for gate in contract.gates)


def _gate_state(gate: Gate, provider: Provider, period: Period, values: Values) -> GateState:
    found = values.of(gate.series, provider.area_code)
    within = [v for v in found if period.starts <= v.period_end.isoformat() <= period.ends]
    value = within[-1] if within else None
    if value is None or not value.is_published or value.value is None:
        return GateState(gate, NOT_KNOWN, None)
    shape = Shape(gate.threshold, gate.threshold, gate.better)
    return GateState(gate, MET if shape.share(exact(value.value)) else MISSED, value)


def _payment(contract: Contract, provider: Provider, period: Period, values: Values) -> Payment:
    chosen = chosen_for(contract, provider, period, values)
    gates = gate_states(contract, provider, period, values)
    stake = contract.stake(provider, period)
    counted = sum(
        (
            outcome.weight
            for outcome, each in zip(contract.outcomes, chosen, strict=True)
            if each.state != EXCLUDED
        ),
        ZERO,
    )
    weights = [
        ZERO if each.state == EXCLUDED or not counted else outcome.weight / counted
        for outcome, each in zip(contract.outcomes, chosen, strict=True)
    ]
    steps, inputs = _steps(contract, chosen, weights, gates, stake)
    worked = work_out(steps, inputs)
    lines = tuple(
        _paid(outcome, each, weight, stake, worked)
        for outcome, each, weight in zip(contract.outcomes, chosen, weights, strict=True)
    )
    # Where every outcome is excluded nothing can be said of any part: all of it waits.
    waiting = sum((line.stake for line in lines if line.chosen.state == WAITS), ZERO)
    waiting = stake if not counted else rounded(waiting, PENNY)
    return Payment(
        provider=provider,
        period=period,
        stake=rounded(stake, PENNY),
        earned=worked["earned"].amount,
        waiting=rounded(waiting + worked["held_back"].amount, PENNY),
        lost_to_gates=worked["lost_to_gates"].amount,
        lines=lines,
        gates=gates,
    )


def _steps(
    contract: Contract,
    chosen: list[Chosen],
    weights: list[Fraction],
    gates: tuple[GateState, ...],
    stake: Fraction,
) -> tuple[list[Step], dict[str, Fraction]]:
    """The contract as steps of the engine, and the figures that they name."""
    is_whole = all(each.is_paid or each.state == EXCLUDED for each in chosen)
    inputs = {
        "stake": stake,
        # A floor holds for the whole, and so only when no part of it waits.
        "least": stake * contract.least_share if is_whole else ZERO,
        "most": stake * contract.most_share,
    }
    steps: list[Step] = []
    paid: list[str] = []
    for outcome, each, weight in zip(contract.outcomes, chosen, weights, strict=True):
        if each.is_paid:
            more, figures = _outcome_steps(outcome, each, weight)
            steps += more
            inputs.update(figures)
            paid.append(_step_of(outcome))
    steps.append(Step("before_gates", pool=" + ".join(paid) or "0"))
    for state in gates:
        inputs[f"gate__{state.gate.gate}"] = state.gate.lost_share
    steps += [
        Step("lost", pool=_at_most_all(gates, MISSED)),
        Step("in_doubt", pool=_at_most_all(gates, NOT_KNOWN)),
        Step("lost_to_gates", pool="before_gates * lost", rounding="0.01"),
        Step("left", pool="before_gates - lost_to_gates"),
        Step("held_back", pool="left * in_doubt", rounding="0.01"),
        Step("earned", pool="max(least, min(most, left - held_back))", rounding="0.01"),
    ]
    return steps, inputs


def _at_most_all(gates: tuple[GateState, ...], state: str) -> str:
    names = [f"gate__{each.gate.gate}" for each in gates if each.state == state]
    return f"min(1, {' + '.join(names)})" if names else "0"


def _step_of(outcome: Outcome) -> str:
    return f"outcome__{outcome.outcome_id}"


def _outcome_steps(
    outcome: Outcome, chosen: Chosen, weight: Fraction
) -> tuple[list[Step], dict[str, Fraction]]:
    """A step a term, then the outcome: what gives most counts; and the figures that they name."""
    name = _step_of(outcome)
    figures = {f"{name}__value": chosen.figure, f"{name}__weight": weight}
    steps = []
    for term in outcome.terms:
        shape = term.shape(chosen.level, outcome.better)
        own = f"{name}__{term.name}"
        ends = {"from": shape.pays_from, "full": shape.pays_in_full}
        ends |= {"floor": term.floor, "cap": term.cap}
        if shape.minimum is not None:
            ends["minimum"] = shape.minimum
        figures |= {f"{own}__{end}": level for end, level in ends.items()}
        steps.append(
            Step(
                own,
                value=f"{name}__value",
                pays_from=f"{own}__from",
                pays_in_full=f"{own}__full",
                better=outcome.better,
                floor=f"{own}__floor",
                cap=f"{own}__cap",
                minimum=f"{own}__minimum" if "minimum" in ends else "",
            )
        )
    highest = ", ".join(step.step for step in steps)
    pool = f"stake * {name}__weight * max({highest})"
    return [*steps, Step(name, pool=pool, rounding="0.01")], figures


def _paid(
    outcome: Outcome, chosen: Chosen, weight: Fraction, stake: Fraction, worked: Mapping[str, Line]
) -> Paid:
    own = rounded(stake * weight, PENNY)
    name = _step_of(outcome)
    line = worked.get(name)
    if line is None:
        return Paid(outcome, chosen, weight, own)
    given = {term: worked[f"{name}__{term.name}"].share for term in outcome.terms}
    best = max(given, key=lambda term: given[term])
    return Paid(
        outcome=outcome,
        chosen=chosen,
        weight=weight,
        stake=own,
        term=best,
        shape=best.shape(chosen.level, outcome.better),
        share=given[best],
        amount=line.amount,
    )

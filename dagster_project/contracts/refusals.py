"""What is wrong with a contract beside the release that it would be paid from: all of it at once.

A contract with any of these is refused whole. Nothing of it is worked out.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from dagster_project.contracts.choosing import is_waived
from dagster_project.contracts.shapes import HIGHER
from dagster_project.contracts.statement import chosen_for, chosen_one, ended, gate_states
from dagster_project.contracts.terms import Contract, Outcome, Provider, Series
from dagster_project.contracts.values import Release, Value, Values
from dagster_project.errors import OutcomesError

SEEDS = "seeds/contract_outcomes.csv"


class ContractRefused(OutcomesError):
    """A contract that can't be paid or judged from this release, with every reason."""

    def __init__(self, contract_id: str, problems: list[OutcomesError], reasons: list[str]) -> None:
        self.contract_id = contract_id
        self.problems = tuple(problems)
        self.reasons = tuple(dict.fromkeys(reasons))
        listing = "\n".join(f"  {problem.message}" for problem in problems)
        number = len(problems)
        super().__init__(
            f"the contract {contract_id} is refused whole, for {number}"
            f" {'reason' if number == 1 else 'reasons'}:\n{listing}"
        )


def refuse_bad(contract: Contract, values: Values, release: Release) -> None:
    """Nothing happens if the contract can be worked out from the release; else ContractRefused."""
    refused = refusal(contract, values, release)
    if refused:
        raise refused


def refusal(contract: Contract, values: Values, release: Release) -> ContractRefused | None:
    """Why the contract can't be worked out from the release; None where it can."""
    found = list(_problems(contract, values, release))
    if not found:
        return None
    return ContractRefused(
        contract.contract_id, [problem for _, problem in found], [reason for reason, _ in found]
    )


def _problems(
    contract: Contract, values: Values, release: Release
) -> Iterator[tuple[str, OutcomesError]]:
    if contract.has_stand_ins and not release.is_synthetic:
        stand_ins = [outcome.outcome_id for outcome in contract.outcomes if outcome.is_stand_in]
        yield (
            "stand_in_outside_sample",
            OutcomesError(
                "a made-up contract, or a stand-in indicator, outside a home of made-up data",
                file="seeds/contracts.csv",
                place=contract.contract_id,
                got=", ".join(stand_ins) or "a contract that is_made_up",
                expected="real measures where real values are paid on",
                fix="name the framework's own measures and set is_stand_in and is_made_up to"
                " false; or use a sample home",
            ),
        )
    for outcome in contract.outcomes:
        yield from _outcome_problems(contract, outcome, values)
    yield from _waived(contract, values, release)


def _outcome_problems(
    contract: Contract, outcome: Outcome, values: Values
) -> Iterator[tuple[str, OutcomesError]]:
    place = f"{contract.contract_id}, {outcome.outcome_id}"
    if outcome.series is None:
        if outcome.weight:
            yield (
                "outcome_without_indicator",
                OutcomesError(
                    "money is on an outcome that nothing measures",
                    file=SEEDS,
                    place=place,
                    got=f"a weight of {float(outcome.weight):g}",
                    expected="an indicator_id, or a weight of 0",
                    fix="name its indicator, or take its weight away",
                ),
            )
        return
    # Providers of one area are paid on the same values: it is told of the first.
    first = {provider.area_code: provider for provider in reversed(contract.providers)}
    for provider in reversed(first.values()):
        if not values.of(outcome.series, provider.area_code):
            yield "no_activity", _of_no_row(outcome.series, provider, place)
            continue
        level = chosen_one(outcome, provider, contract.periods[0], values).level
        yield from _wrong_side(outcome, level, f"{place}, {provider.area_code}")


def _of_no_row(series: Series, provider: Provider, place: str) -> OutcomesError:
    return OutcomesError(
        "the release has no row of this outcome for the provider's area",
        file=SEEDS,
        place=f"{place}, {provider.provider_id}",
        got=f"{series.indicator_id}, {series.sex}, {series.age} in {provider.area_code}",
        expected="a series as data/indicator_values.parquet has it",
        fix="mend indicator, sex, age, segment or breakdown; or the provider's area",
    )


def _wrong_side(
    outcome: Outcome, level: Fraction | None, place: str
) -> Iterator[tuple[str, OutcomesError]]:
    """A level, or a goal, that the baseline has reached already isn't a target."""
    for term in outcome.terms:
        target = term.goal if term.measured_in == "gap" else term.pays_in_full
        if level is None or target is None or term.measured_in not in ("level", "gap"):
            continue
        if target <= level if outcome.better == HIGHER else target >= level:
            # The baseline itself isn't shown: a message may go where its value may not.
            yield (
                "target_on_the_wrong_side",
                OutcomesError(
                    "the target is on the wrong side of the baseline",
                    file="seeds/contract_terms.csv",
                    place=f"{place}, {term.name}",
                    got=f"{float(target):g}",
                    expected=f"a level that is better than the baseline: {outcome.better}",
                    fix="set a target that is still to be reached",
                ),
            )


def _waived(
    contract: Contract, values: Values, release: Release
) -> Iterator[tuple[str, OutcomesError]]:
    seen: set[tuple[str, ...]] = set()
    for period in ended(contract, release.as_of) if release.waivers else ():
        for provider in contract.providers:
            chosen = chosen_for(contract, provider, period, values)
            used: list[Value | None] = [each.value for each in chosen]
            used += [value for each in chosen for value in each.baseline]
            used += [s.value for s in gate_states(contract, provider, period, values)]
            for value in used:
                if value is None or not is_waived(value, release.waivers):
                    continue
                name = tuple(value.key.values())
                if name not in seen:
                    seen.add(name)
                    yield "waived_value", _of_waived(contract, value)


def _of_waived(contract: Contract, value: Value) -> OutcomesError:
    return OutcomesError(
        "a value that failed a check, and was let through by a waiver, can't be paid on",
        place=f"{contract.contract_id}, {value.key['indicator_id']}",
        got=f"{value.key['area_code']}, {value.period_label}",
        expected="values that passed every check",
        fix="have the publisher mend it, or end the waiver: it is then held, and the contract's"
        " own rule for what is missing applies",
    )

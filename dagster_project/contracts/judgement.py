"""The risk of a contract as rows of the released table, with help for whoever designs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dagster_project.contracts import design, stakes
from dagster_project.contracts.bets import NO_CHANGE, PLAN, SCENARIOS, Bet, Chances
from dagster_project.contracts.peers import Peers
from dagster_project.contracts.regression import Regression, regression_of
from dagster_project.contracts.risk import Result, simulate
from dagster_project.contracts.stakes import Modelled
from dagster_project.contracts.terms import Contract, Outcome, Period, Provider, Series
from dagster_project.contracts.values import Value, Values

ALL = "all"
Row = dict[str, Any]


@dataclass(frozen=True)
class Judged:
    """One outcome in an area: its chances by scenario, and what its design could be."""

    modelled: Modelled
    chances: Mapping[str, Chances]
    detectable: float | None = None
    threshold: float | None = None
    times_the_volume: int | None = None
    false_pay_of_three: float | None = None
    peers: Peers | None = None
    regression: Regression | None = None

    @property
    def outcome(self) -> Outcome:
        return self.modelled.outcome

    @property
    def bet(self) -> Bet | None:
        return self.modelled.bet

    @property
    def false_pay(self) -> float | None:
        return self.chances[NO_CHANGE].paid if self.bet else None

    @property
    def false_miss(self) -> float | None:
        return 1.0 - self.chances[PLAN].paid if self.bet else None


@dataclass(frozen=True)
class Risk:
    """What a contract may come to in one of its periods."""

    contract: Contract
    period: Period
    wished: float
    draws: int
    judged: Mapping[str, Sequence[Judged]]
    gate_values: Mapping[tuple[str, str], Value]
    results: Mapping[str, Sequence[Result]]
    not_modelled: Mapping[str, float]


def risk_of(
    contract: Contract,
    values: Values,
    peers: Mapping[tuple[Series, str], Peers],
    wished: float,
    draws: int | None = None,
) -> Risk:
    """The chances of every outcome, exactly, and of every provider, by draws."""
    period = contract.periods[-1]
    bets = stakes.modelled(contract, values)
    portfolio = stakes.portfolio(contract, period, values, bets)
    number = draws or contract.draws
    return Risk(
        contract,
        period,
        wished,
        number,
        {area: [_judged(each, peers, wished) for each in found] for area, found in bets.items()},
        {
            (area, gate.gate): last
            for area in bets
            for gate in contract.gates
            if (last := stakes.last_published(gate.series, area, values)) is not None
        },
        {scenario: simulate(portfolio, scenario, number, contract.seed) for scenario in SCENARIOS},
        {
            provider.provider_id: float(contract.stake(provider, period))
            * (1.0 - stakes.modelled_part(bets[provider.area_code]))
            for provider in contract.providers
        },
    )


def _judged(each: Modelled, peers: Mapping[tuple[Series, str], Peers], wished: float) -> Judged:
    if each.bet is None or each.outcome.series is None:
        return Judged(each, {})
    asked = design.change_asked(each.bet)
    others = peers.get((each.outcome.series, each.area_code))
    return Judged(
        modelled=each,
        chances={scenario: each.bet.exactly(scenario) for scenario in SCENARIOS},
        detectable=design.minimum_detectable_change(each.bet),
        threshold=design.threshold_for(each.bet, wished),
        times_the_volume=design.times_the_volume(each.bet, asked, wished),
        false_pay_of_three=design.false_pay(replace(each.bet, measure=each.bet.measure.pooled(3))),
        peers=others,
        regression=regression_of(each.bet, others, asked) if others else None,
    )


def risk_rows(risk: Risk, release_id: str) -> Iterator[Row]:
    """One row a provider, scenario and outcome; `all` outcomes together by draws."""
    for place, provider in enumerate(risk.contract.providers):
        for scenario in SCENARIOS:
            base = {
                "contract_id": risk.contract.contract_id,
                "provider_id": provider.provider_id,
                "scenario": scenario,
                "area_code": provider.area_code,
                "contract_period": risk.period.contract_period,
                "is_made_up": risk.contract.has_stand_ins,
                "release_id": release_id,
            }
            yield base | _whole(risk, provider, risk.results[scenario][place])
            for judged in risk.judged[provider.area_code]:
                yield base | _single(risk, provider, judged, scenario)


def _whole(risk: Risk, provider: Provider, result: Result) -> Row:
    return {
        "outcome_id": ALL,
        "title": provider.title,
        "method": "simulated",
        "theoretical": result.theoretical,
        "not_modelled": risk.not_modelled[provider.provider_id],
        "mean": result.mean,
        "sd": result.sd,
        "p05": result.p05,
        "p95": result.p95,
        "effective": result.effective,
        "chance_paid": 1.0 - result.chance_of_nothing,
        "chance_beyond_reserve": result.chance_beyond_reserve,
        "mean_waiting": result.mean_waiting,
        "mean_put_right": result.mean_put_right,
        "draws": result.draws,
        "seed": risk.contract.seed,
        "error_of_mean": result.error_of_mean,
        "error_of_chance": result.error_of_chance,
    }


def _single(risk: Risk, provider: Provider, judged: Judged, scenario: str) -> Row:
    outcome, bet = judged.outcome, judged.bet
    stake = float(risk.contract.stake(provider, risk.period) * outcome.weight)
    row: Row = {
        "outcome_id": outcome.outcome_id,
        "title": outcome.title,
        "indicator_id": outcome.series.indicator_id if outcome.series else None,
    }
    if bet is None:
        return row | {
            "method": "not_modelled",
            "reason": judged.modelled.reason,
            "not_modelled": stake,
        }
    chances = judged.chances[scenario]
    row |= {
        "method": "exact",
        "theoretical": stake,
        "not_modelled": 0.0,
        "mean": stake * chances.mean,
        "sd": stake * chances.sd,
        "effective": stake * (1.0 - chances.mean),
        "chance_paid": chances.paid,
    }
    return row | (_design(judged, bet) if scenario == NO_CHANGE else {})


def _design(judged: Judged, bet: Bet) -> Row:
    events, people = stakes.counts_behind(bet)
    peers = judged.peers
    return {
        "level": bet.level,
        "events": events,
        "people": people,
        "false_pay": judged.false_pay,
        "false_pay_of_three": judged.false_pay_of_three,
        "false_miss": judged.false_miss,
        "change_asked": design.change_asked(bet),
        "detectable_change": judged.detectable,
        "threshold_for_wished": judged.threshold,
        "times_the_volume": judged.times_the_volume,
        "reliability": peers.reliability if peers else None,
        "expected_regression": peers.regression(bet.level) if peers else None,
        "chance_if_worst": judged.regression.chance_chosen if judged.regression else None,
        "chance_if_any": judged.regression.chance_of_any if judged.regression else None,
    }

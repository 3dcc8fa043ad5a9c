"""A statement as rows of the released tables, and in the words of its rules."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from dagster_project.contracts.judgement import Risk
from dagster_project.contracts.refusals import ContractRefused
from dagster_project.contracts.shapes import HIGHER, TOWARDS
from dagster_project.contracts.statement import Paid, Payment, Statement, ended
from dagster_project.contracts.terms import Contract, Outcome, Term
from dagster_project.contracts.values import Release, Value
from dagster_project.pipeline.tables import KEY
from dagster_project.registry.registry import Registry

Row = dict[str, Any]
UNITS = {"percent": "% of the baseline", "points": " points", "gap": " of the gap to", "level": ""}
BASELINES = {
    "last": "the last value",
    "mean": "the mean of the values",
    "best_prior": "the best of the values",
}
MISSING = {
    "wait": "it waits",
    "last_good": "the last good value counts",
    "exclude": "it is left out and the others weigh more",
}


def _figure(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


def rule_in_words(outcome: Outcome, term: Term | None = None) -> str:
    """How an outcome pays: thresholds, baseline, and what happens where there is no value."""
    terms = [term] if term else outcome.terms
    told = "; or ".join(_term_in_words(each, outcome.better) for each in terms)
    if outcome.baseline_rule != "none":
        told += (
            f". Baseline: {BASELINES[outcome.baseline_rule]}"
            f" from {outcome.baseline_from} to {outcome.baseline_to}"
        )
    return f"{told}. Without a value that may be paid on, {MISSING[outcome.if_missing]}"


def _term_in_words(term: Term, better: str) -> str:
    def end(number: Fraction) -> str:
        is_plain = not number or term.measured_in in ("level", "gap")
        return f"{float(number):g}" if is_plain else f"{float(number):+g}"

    unit = UNITS[term.measured_in] + (f" {float(term.goal):g}" if term.goal is not None else "")
    kind = "Level" if term.measured_in == "level" else "Change"
    if term.pays_from == term.pays_in_full:
        # Of a gap that is closed more is better, whichever way the measure goes.
        towards = TOWARDS[HIGHER if term.measured_in == "gap" else better]
        return f"{kind}: all at {end(term.pays_in_full)}{unit} {towards}, else nothing"
    return f"{kind}: from {end(term.pays_from)} to {end(term.pays_in_full)}{unit}"


def statement_rows(told: Statement) -> Iterator[Row]:
    """One row an outcome, provider and period."""
    for payment in told.payments:
        for line in payment.lines:
            yield _line_row(told, payment, line)


def _of_period(told: Statement, payment: Payment) -> Row:
    return {
        "contract_id": told.contract.contract_id,
        "provider_id": payment.provider.provider_id,
        "contract_period": payment.period.contract_period,
        "area_code": payment.provider.area_code,
        "is_made_up": told.contract.has_stand_ins,
        "release_id": told.release.identifier,
    }


def _line_row(told: Statement, payment: Payment, line: Paid) -> Row:
    outcome, chosen, shape = line.outcome, line.chosen, line.shape
    series = outcome.series
    return _of_period(told, payment) | {
        "outcome_id": outcome.outcome_id,
        "title": outcome.title,
        "indicator_id": series.indicator_id if series else None,
        "sex": series.sex if series else None,
        "age": series.age if series else None,
        "segment": series.segment if series else None,
        "weight": float(line.weight),
        "stake": float(line.stake),
        "state": chosen.state,
        "reason": chosen.reason or None,
        "term": line.term.name if line.term else None,
        "rule": rule_in_words(outcome, line.term),
        "better": outcome.better,
        "baseline_value": _figure(chosen.level),
        "pays_from": _figure(shape.pays_from) if shape else None,
        "pays_in_full": _figure(shape.pays_in_full) if shape else None,
        "value": chosen.value.value if chosen.value else None,
        "value_period": chosen.value.period_label if chosen.value else None,
        "share": _figure(line.share),
        "amount": _figure(line.amount),
        "rests_on": list(chosen.rests_on),
    }


def payment_rows(told: Statement) -> Iterator[Row]:
    """One row a provider and period."""
    for payment in told.payments:
        yield (
            _of_period(told, payment)
            | _contract_columns(told.contract)
            | {
                "provider": payment.provider.title,
                "pay_by": payment.period.pay_by,
                "status": payment.status,
                "reason": None,
                "stake": float(payment.stake),
                "earned": float(payment.earned),
                "waiting": float(payment.waiting),
                "not_earned": float(payment.not_earned),
                "lost_to_gates": float(payment.lost_to_gates),
                "gates": [f"{each.gate.gate}: {each.state}" for each in payment.gates],
                "rests_on": list(payment.rests_on),
            }
        )


def _contract_columns(contract: Contract) -> Row:
    return {"title": contract.title, "basis": contract.basis}


def refused_rows(contract: Contract, release: Release, refused: ContractRefused) -> Iterator[Row]:
    """One row a provider and period of a contract that is refused: nothing but the reasons."""
    for period in ended(contract, release.as_of) or contract.periods[-1:]:
        for provider in contract.providers:
            yield {
                "contract_id": contract.contract_id,
                "provider_id": provider.provider_id,
                "contract_period": period.contract_period,
                "area_code": provider.area_code,
                "is_made_up": contract.has_stand_ins,
                "release_id": release.identifier,
                **_contract_columns(contract),
                "provider": provider.title,
                "pay_by": period.pay_by,
                "status": "refused",
                "reason": "; ".join(refused.reasons),
                "gates": [],
                "rests_on": [],
            }


def input_rows(told: Statement) -> Iterator[Row]:
    """One row a value that a payment rests on."""
    for payment in told.payments:
        base = _of_period(told, payment)
        for line in payment.lines:
            chosen, name = line.chosen, line.outcome.outcome_id
            if chosen.value is not None:
                yield _input_row(base, name, "value", chosen.value)
            for value in chosen.baseline:
                yield _input_row(base, name, "baseline", value)
        for state in payment.gates:
            if state.value is not None:
                yield _input_row(base, f"gate: {state.gate.gate}", "gate", state.value)


def risk_input_rows(risk: Risk, release_id: str) -> Iterator[Row]:
    """One row a value that says how noisy an outcome is."""
    for provider in risk.contract.providers:
        base = {
            "contract_id": risk.contract.contract_id,
            "provider_id": provider.provider_id,
            "contract_period": risk.period.contract_period,
            "release_id": release_id,
        }
        for judged in risk.judged[provider.area_code]:
            for value in judged.modelled.rests_on:
                yield _input_row(base, judged.outcome.outcome_id, "risk", value)
        for (area, gate), value in risk.gate_values.items():
            if area == provider.area_code:
                yield _input_row(base, f"gate: {gate}", "risk", value)


def _input_row(base: Row, outcome_id: str, role: str, value: Value) -> Row:
    return {
        **{name: base[name] for name in ("contract_id", "provider_id", "contract_period")},
        "outcome_id": outcome_id,
        "role": role,
        **{name: value.key[name] for name in KEY},
        "period_label": value.period_label,
        "status": value.status,
        "flags": list(value.flags),
        "release_id": base["release_id"],
    }


def decision_rows(registry: Registry, contract: Contract, release: Release) -> Iterator[Row]:
    """One row an answer of the decision record, with its mechanism in words."""
    mechanisms = {row["mechanism_id"]: row for row in registry.contract_mechanisms}
    for row in registry.contract_decisions:
        if row["contract_id"] != contract.contract_id:
            continue
        used = mechanisms.get(row["mechanism_id"])
        told = ("part", "item", "answer", "pulls_activity", "acts", "why", "note")
        yield {
            "contract_id": contract.contract_id,
            **{name: row[name] or None for name in told},
            "mechanism": used["title"] if used else None,
            "evidence": f"{used['evidence']} ({used['certainty']})" if used else None,
            "is_made_up": contract.has_stand_ins,
            "release_id": release.identifier,
        }

"""What `outcomes contract` answers: a record for programs, and lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from dagster_project.contracts import rows
from dagster_project.contracts.activity import activity_findings, activity_of
from dagster_project.contracts.asked import Asked
from dagster_project.contracts.bets import NO_CHANGE
from dagster_project.contracts.decision import Concern, concerns
from dagster_project.contracts.judgement import Risk, risk_rows
from dagster_project.contracts.ranking import by_group, ranked
from dagster_project.contracts.shown import (
    BEYOND,
    WARNING,
    about_pounds,
    figure,
    instead,
    pounds,
    rests_on,
    scenarios,
    state_label,
)
from dagster_project.contracts.shown_outcomes import ends, exactly, measured, with_units

Record = dict[str, Any]
STATUS = {
    "final": "final",
    "provisional": "provisional: it rests on what may still change",
    "part_waits": "a part waits for values that aren't published",
    "waits": "all of it waits for values that aren't published",
}


def _head(asked: Asked) -> Record:
    contract, release = asked.contract, asked.ground.release
    return {
        "contract_id": contract.contract_id,
        "title": contract.title,
        "note": contract.note,
        "commissioner": contract.commissioner,
        "configuration": contract.configuration,
        "basis": contract.basis,
        "release": release.identifier,
        "as_of": release.as_of,
        "is_made_up": contract.has_stand_ins,
        "warning": WARNING if contract.has_stand_ins else None,
    }


def pay_record(asked: Asked) -> Record:
    """What is earned: payments, the lines behind them, and each value that they rest on."""
    told = asked.ground.statement_of(asked.contract)
    return _head(asked) | {
        "payments": list(rows.payment_rows(told)),
        "lines": list(
            with_units(
                rows.statement_rows(told),
                {row["indicator_id"]: row["unit"] for row in asked.registry.indicators},
            )
        ),
        "inputs": list(rows.input_rows(told)),
    }


def risk_record(asked: Asked, risk: Risk) -> Record:
    """What may be earned: by outcome exactly, by provider and for the whole by draws."""
    return _head(asked) | {
        "contract_period": risk.period.contract_period,
        "wished_false_pay": risk.wished,
        "rows": list(risk_rows(risk, asked.ground.release.identifier)),
        "whole": [_whole(risk, scenario) for scenario in scenarios()],
    }


def _whole(risk: Risk, scenario: str) -> Record:
    result = risk.results[scenario][-1]
    return {
        "scenario": scenario,
        "theoretical": result.theoretical,
        "mean": result.mean,
        "sd": result.sd,
        "p05": result.p05,
        "p95": result.p95,
        "effective": result.effective,
        "chance_paid": 1.0 - result.chance_of_nothing,
        "chance_beyond_reserve": result.chance_beyond_reserve,
        "error_of_mean": result.error_of_mean,
        "error_of_chance": result.error_of_chance,
        "draws": result.draws,
    }


def check_record(asked: Asked, risk: Risk) -> Record:
    """The decision record, and what gives reason to think again."""
    known = activity_of(asked.home, asked.contract)
    found: Sequence[Concern] = (
        *concerns(asked.registry, asked.contract, asked.ground, risk),
        *(Concern(*each) for each in activity_findings(asked.registry, asked.contract, known)),
    )
    refused = asked.ground.refusal_of(asked.contract)
    return _head(asked) | {
        "refused": [problem.as_dict() for problem in refused.problems] if refused else [],
        "refused_because": refused.problem if refused else None,
        "decisions": [
            dict(row)
            for row in asked.registry.contract_decisions
            if row["contract_id"] == asked.contract.contract_id
        ],
        "findings": ranked(concern.as_dict() for concern in found),
    }


def _head_lines(record: Mapping[str, Any]) -> Iterator[str]:
    yield f"{record['title']} ({record['contract_id']})"
    if record["warning"]:
        yield record["warning"]
    yield f"From release {record['release']}, as of {record['as_of']}."


def pay_lines(record: Mapping[str, Any]) -> list[str]:
    """The statement in words: each provider and period, and under it each outcome."""
    told = list(_head_lines(record))
    lines = {
        key: list(found)
        for key, found in groupby(
            record["lines"], key=lambda row: (row["provider_id"], row["contract_period"])
        )
    }
    if not record["payments"]:
        told.append("No period of it has ended.")
    for payment in record["payments"]:
        told += ["", *_payment_lines(payment)]
        told += [
            _outcome_line(row) for row in lines[payment["provider_id"], payment["contract_period"]]
        ]
    return told


def _payment_lines(payment: Mapping[str, Any]) -> Iterator[str]:
    yield f"{payment['contract_period']}, {payment['provider']}: {STATUS[payment['status']]}"
    yield (
        f"  earned {pounds(payment['earned'])} of {pounds(payment['stake'])};"
        f" waiting {pounds(payment['waiting'])};"
        f" {'withheld' if payment['basis'] == 'withhold' else 'not paid'}"
        f" {pounds(payment['not_earned'])}"
    )
    if payment["gates"]:
        lost = f"; they cost {pounds(payment['lost_to_gates'])}"
        yield f"  gates: {', '.join(payment['gates'])}{lost}"
    if payment["rests_on"]:
        yield f"  rests on: {', '.join(rests_on(payment['rests_on']))}"


def _outcome_line(row: Mapping[str, Any]) -> str:
    name = f"    {row['title']} ({row['outcome_id']}): "
    state, reason = (
        state_label("contract_statements", column, row[column] or "").lower()
        for column in ("state", "reason")
    )
    if row["amount"] is None:
        return f"{name}{state} ({reason})"
    why = f"; {state}: {reason}" if reason else ""
    start, full = ends(row, exactly)
    is_step = row["pays_from"] == row["pays_in_full"]
    pays = f"all at {full}, else nothing" if is_step else f"from {start}, in full at {full}"
    return (
        f"{name}{pounds(row['amount'])} of {pounds(row['stake'])}; value"
        f" {measured(row['value'], row['unit'], exactly)} ({row['value_period']}), pays {pays}{why}"
    )


def risk_lines(record: Mapping[str, Any]) -> list[str]:
    """The risk in words: providers by scenario, the whole, and each outcome with its chances."""
    told = list(_head_lines(record))
    told.append(f"For one period ({record['contract_period']}); sums are rounded, chances stated.")
    told.append(BEYOND)
    whole = [row for row in record["rows"] if row["outcome_id"] == "all"]
    for provider, found in groupby(whole, key=lambda row: str(row["title"])):
        told += ["", provider, *(_scenario_line(row) for row in found)]
    told += ["", "All providers", *(_scenario_line(row) for row in record["whole"])]
    told += ["", f"Each outcome (a false-pay rate of {record['wished_false_pay']:.0%} is wished):"]
    seen: set[tuple[str, str]] = set()
    for row in record["rows"]:
        name = (row["area_code"], row["outcome_id"])
        if row["outcome_id"] != "all" and row["scenario"] == NO_CHANGE and name not in seen:
            seen.add(name)
            told += _design_lines(row)
    return told


def _scenario_line(row: Mapping[str, Any]) -> str:
    return (
        f"  {scenarios()[row['scenario']]}: {about_pounds(row['mean'])} on average of"
        f" {about_pounds(row['theoretical'])} (± {about_pounds(row['error_of_mean'])} from"
        f" {row['draws']:,} draws); nine times in ten {about_pounds(row['p05'])} to"
        f" {about_pounds(row['p95'])}; likely lost {about_pounds(row['effective'])}; nothing"
        f" {1 - row['chance_paid']:.1%}; beyond the reserve {row['chance_beyond_reserve']:.1%}"
    )


def _design_lines(row: Mapping[str, Any]) -> Iterator[str]:
    if row["method"] == "not_modelled":
        yield f"  {row['outcome_id']}, {row['area_code']}: not modelled ({row['reason']})"
        return
    reliability = row["reliability"]
    yield (
        f"  {row['outcome_id']}, {row['area_code']}: paid by luck {row['false_pay']:.1%}"
        f" ({row['false_pay_of_three']:.1%} with three years or areas pooled), missed by luck"
        f" {row['false_miss']:.1%}; asks {figure(row['change_asked'])}, would be seen"
        f" {figure(row['detectable_change'])}; pay from {figure(row['threshold_for_wished'])}, or"
        f" {instead(row)}" + (f"; {reliability:.0%} reliable" if reliability is not None else "")
    )


def check_lines(record: Mapping[str, Any]) -> list[str]:
    """What refuses it, and then the findings in words, the gravest first."""
    found = record["findings"]
    told = list(_head_lines(record))
    if record["refused_because"]:
        told.append(f"As it is, {record['refused_because']}")
    told.append(f"The decision record has {len(record['decisions'])} answers.")
    told.append(
        f"{len(found)} reasons to think again, the gravest first:"
        if found
        else "No reason to think again."
    )
    for words, grouped in by_group(found):
        told.append(f"{words} ({len(grouped)}):")
        told += [f"  {each['kind']}: {each['about']}. {each['why']}" for each in grouped]
    return told

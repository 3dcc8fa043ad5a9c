"""The decision record of a contract, checked: what is unanswered, and what our figures say of it.

A finding is no mistake of form (those are told when the seeds are read) but a reason to think
again, with the figures that it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dagster_project.contracts.account import Ground
from dagster_project.contracts.arithmetic import decimal_text, exact
from dagster_project.contracts.choosing import baseline_of
from dagster_project.contracts.judgement import Risk
from dagster_project.contracts.noise import noise_findings
from dagster_project.contracts.shapes import HIGHER, Shape
from dagster_project.contracts.statement import chosen_one, ended
from dagster_project.contracts.terms import Contract
from dagster_project.contracts.values import Value
from dagster_project.registry.forms import Row
from dagster_project.registry.registry import Registry

PARTS = {
    "aim": "the aims",
    "objective": "the objectives",
    "population": "whom it is for",
    "service": "which services are in it",
    "configuration": "how providers are arranged",
    "allocate": "how resource is allocated",
    "improve": "how improvement is brought about",
}
DRIVERS = {
    "because": "what drives behaviour because of the mechanisms",
    "regardless": "what drives behaviour regardless of them",
}


@dataclass(frozen=True)
class Concern:
    """One finding: a word for its kind, what it is about, and why, with figures."""

    kind: str
    about: str
    why: str

    def as_dict(self) -> dict[str, str]:
        return {"kind": self.kind, "about": self.about, "why": self.why}


def concerns(
    registry: Registry, contract: Contract, ground: Ground, risk: Risk
) -> tuple[Concern, ...]:
    """Everything that gives reason to think again, the record first and then the measures."""
    record = [
        row for row in registry.contract_decisions if row["contract_id"] == contract.contract_id
    ]
    mechanisms = {row["mechanism_id"]: row for row in registry.contract_mechanisms}
    used = [mechanisms[row["mechanism_id"]] for row in record if row["mechanism_id"] in mechanisms]
    return (
        *_unanswered(contract, record),
        *_unattributable(registry, contract, used),
        *_opposed(contract, record, used),
        *_beyond_guidance(registry, contract),
        *_unmeasured(contract, ground),
        *_reached(contract, ground),
        *_late(contract, ground),
        *_broken(contract, ground),
        *(Concern(*found) for found in noise_findings(registry, risk)),
        *_made_up(contract),
    )


def _unanswered(contract: Contract, record: Sequence[Row]) -> Iterator[Concern]:
    answered = {row["part"] for row in record}
    drivers = {row["acts"] for row in record if row["part"] == "driver"}
    for part, words in PARTS.items():
        if part not in answered:
            yield Concern("unanswered", part, f"The record doesn't say {words}.")
    for acts, words in DRIVERS.items():
        if acts not in drivers:
            yield Concern("unanswered", f"driver, {acts}", f"The record doesn't say {words}.")
    arranged = {row["item"] for row in record if row["part"] == "configuration"}
    if arranged and contract.configuration not in arranged:
        yield Concern(
            "contradicted",
            "configuration",
            f"The record says {', '.join(sorted(arranged))}, the contract"
            f" {contract.configuration}.",
        )


def _unattributable(
    registry: Registry, contract: Contract, used: Sequence[Row]
) -> Iterator[Concern]:
    for mechanism in used:
        if mechanism["needs_attribution"] != "true":
            continue
        for name, area, share in _answerable(contract):
            for bound in _guidance(registry, "activity_share"):
                if bound["least"] and share < float(bound["least"]):
                    yield Concern(
                        "attribution",
                        f"{mechanism['title']}, {area}",
                        f"It lays outcomes to {name}, which has {share:.0%} of the activity in"
                        f" {area}; {float(bound['least']):.0%} is asked ({bound['publisher']}).",
                    )


def _answerable(contract: Contract) -> list[tuple[str, str, float]]:
    """Who answers for an area's outcomes, with how much of its activity: an alliance does whole."""
    if contract.configuration != "alliance":
        return [(p.title, p.area_code, float(p.activity_share)) for p in contract.providers]
    return [
        (
            "the alliance",
            area,
            float(sum(p.activity_share for p in contract.providers if p.area_code == area)),
        )
        for area in dict.fromkeys(p.area_code for p in contract.providers)
    ]


def _opposed(contract: Contract, record: Sequence[Row], used: Sequence[Row]) -> Iterator[Concern]:
    pulls = [(row["title"], row["pulls_activity"]) for row in used]
    pulls += [(row["answer"], row["pulls_activity"]) for row in record if row["part"] == "driver"]
    up = [title for title, way in pulls if way == "up"]
    down = [title for title, way in pulls if way == "down"]
    if up and down:
        yield Concern(
            "opposed",
            "mechanisms and drivers",
            f"More activity is rewarded by {'; '.join(up)}. Less is by {'; '.join(down)}.",
        )
    fewer = [each.title for each in contract.outcomes if each.better == "lower"]
    if up and fewer:
        yield Concern(
            "opposed",
            "mechanisms and outcomes",
            f"{'; '.join(up)}: that pays for more, while these outcomes ask for less:"
            f" {'; '.join(fewer)}.",
        )


def _guidance(registry: Registry, what: str) -> list[Row]:
    return [row for row in registry.contract_guidance if row["applies_to"] == what]


def _beyond_guidance(registry: Registry, contract: Contract) -> Iterator[Concern]:
    linked = sum(float(p.annual_value * contract.share_linked) for p in contract.providers)
    given = {
        "share_linked": (
            float(contract.share_linked),
            f"{decimal_text(contract.share_linked * 100, 1)}% of income is linked to outcomes,"
            f" £{linked:,.0f} a year",
        ),
        "outcomes": (
            float(len(contract.outcomes)),
            f"{len(contract.outcomes)} outcomes are paid for",
        ),
    }
    for what, (number, words) in given.items():
        for row in _guidance(registry, what):
            is_over = bool(row["most"]) and number > float(row["most"])
            is_under = bool(row["least"]) and number < float(row["least"])
            if is_over or is_under:
                yield Concern(
                    "guidance",
                    what,
                    f"{words}. {row['publisher']} ({row['certainty']}): {row['says']}.",
                )


def _unmeasured(contract: Contract, ground: Ground) -> Iterator[Concern]:
    for outcome in contract.outcomes:
        if outcome.series is None:
            yield Concern("no_indicator", outcome.outcome_id, "No indicator measures it.")
            continue
        if outcome.baseline_rule == "none":
            yield Concern(
                "no_baseline",
                outcome.outcome_id,
                "It pays for a level alone: nothing is said of where it started, so a level that"
                " was always there earns as much as one that was worked for.",
            )
            continue
        for area in dict.fromkeys(p.area_code for p in contract.providers):
            _, reason = baseline_of(outcome, ground.values.of(outcome.series, area))
            if reason:
                yield Concern(
                    "no_baseline",
                    f"{outcome.outcome_id}, {area}",
                    f"{outcome.series.indicator_id} has no published baseline from"
                    f" {outcome.baseline_from} to {outcome.baseline_to}: {reason}.",
                )


def _reached(contract: Contract, ground: Ground) -> Iterator[Concern]:
    """A level from which payment starts, and which was there before the contract did anything."""
    for outcome in contract.outcomes:
        starts = [term.pays_from for term in outcome.terms if term.measured_in == "level"]
        if outcome.series is None or not starts:
            continue
        level = min(starts) if outcome.better == HIGHER else max(starts)
        for area in dict.fromkeys(p.area_code for p in contract.providers):
            found = _seen_before(contract, ground.values.of(outcome.series, area))
            if found and Shape(level, level, outcome.better).share(exact(found[0])):
                yield Concern(
                    "reached_already",
                    f"{outcome.outcome_id}, {area}",
                    f"Payment starts at a level of {float(level):g}; in {found[1]} it was"
                    f" {found[0]:.4g}. Something is earned for what is there already.",
                )


def _seen_before(contract: Contract, found: Sequence[Value]) -> tuple[float, str] | None:
    """The last published value from before the contract, or of today where there was none."""
    known = [(v.value, v) for v in found if v.is_published and v.value is not None]
    first = min(period.starts for period in contract.periods)
    before = [pair for pair in known if pair[1].period_end.isoformat() < first]
    last = (before or known)[-1:]
    return (last[0][0], last[0][1].period_label) if last else None


def _late(contract: Contract, ground: Ground) -> Iterator[Concern]:
    for outcome in contract.outcomes:
        if outcome.series is None:
            continue
        for area in dict.fromkeys(p.area_code for p in contract.providers):
            found = ground.values.of(outcome.series, area)
            for period in ended(contract, ground.release.as_of):
                within = any(
                    value.is_published
                    and period.starts <= value.period_end.isoformat() <= period.ends
                    for value in found
                )
                if not within and period.pay_by <= ground.release.as_of:
                    last = max((v.period_label for v in found if v.is_published), default="none")
                    yield Concern(
                        "too_late",
                        f"{outcome.outcome_id}, {area}",
                        f"Payment for {period.contract_period} was due by {period.pay_by}, and as"
                        f" of {ground.release.as_of} there is no published value of it; the last"
                        f" is of {last}.",
                    )


def _broken(contract: Contract, ground: Ground) -> Iterator[Concern]:
    told: set[str] = set()
    for outcome in contract.outcomes:
        for provider in contract.providers if outcome.series else ():
            for period in contract.periods:
                found = chosen_one(outcome, provider, period, ground.values)
                about = f"{outcome.outcome_id}, {provider.area_code}"
                if found.reason == "break_in_series" and about not in told:
                    told.add(about)
                    yield Concern(
                        "broken_series",
                        about,
                        f"The series breaks between its baseline and {period.contract_period}: a"
                        " change across it can't be told from the break.",
                    )


def _made_up(contract: Contract) -> Iterator[Concern]:
    stand_ins = [each.outcome_id for each in contract.outcomes if each.is_stand_in]
    if contract.is_made_up or stand_ins:
        yield Concern(
            "made_up",
            contract.contract_id,
            f"The contract is {'made up' if contract.is_made_up else 'real'}, with"
            f" {len(stand_ins)} stand-ins among its {len(contract.outcomes)} outcomes: nothing"
            " may be paid on it.",
        )

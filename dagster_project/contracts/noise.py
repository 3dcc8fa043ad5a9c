"""What is said of a measure that is too noisy to pay on, with the figures that say so."""

from __future__ import annotations

from collections.abc import Iterator

from dagster_project.contracts import design, stakes
from dagster_project.contracts.judgement import Judged, Risk
from dagster_project.contracts.shown import figure
from dagster_project.registry.registry import Registry

Found = tuple[str, str, str]


def noise_findings(registry: Registry, risk: Risk) -> Iterator[Found]:
    """Kind, subject and reason of each: false pay, false miss, too small a change, reliability."""
    bounds = {
        row["applies_to"]: float(row["most"] or row["least"])
        for row in registry.contract_guidance
        if row["applies_to"] in ("false_pay", "false_miss", "reliability")
    }
    for area, found in risk.judged.items():
        for judged in found:
            about = f"{judged.outcome.outcome_id}, {area}"
            if judged.bet is None:
                reason = f"Its risk can't be worked out: {judged.modelled.reason}."
                yield "not_modelled", about, reason
                continue
            yield from _of_one(judged, about, bounds, risk.wished)


def _of_one(judged: Judged, about: str, bounds: dict[str, float], wished: float) -> Iterator[Found]:
    bet = judged.bet
    if bet is None or judged.false_pay is None or judged.false_miss is None:
        return
    counts = _counts(judged)
    asked = design.change_asked(bet)
    if not asked:
        yield (
            "asks_nothing",
            about,
            f"Full payment asks for no change: {_of_what(judged)} is enough already.",
        )
        return
    if judged.false_pay > bounds["false_pay"]:
        yield (
            "false_pay",
            about,
            f"Something is paid {judged.false_pay:.0%} of the time though nothing has changed"
            f" ({counts}). To come down to {wished:.0%}, pay from a change of"
            f" {figure(judged.threshold or 0.0)} on, measured from {_of_what(judged)}"
            f"{_volume(judged, asked)}.",
        )
    if judged.false_miss > bounds["false_miss"]:
        yield (
            "false_miss",
            about,
            f"Nothing is paid {judged.false_miss:.0%} of the time though the plan was reached"
            f" ({counts}).",
        )
    if judged.detectable is not None and asked < judged.detectable:
        yield (
            "too_noisy",
            about,
            f"Full payment asks for a change of {figure(asked)}; the smallest that would be seen is"
            f" {figure(judged.detectable)} ({counts}).",
        )
    reliability = judged.peers.reliability if judged.peers else None
    if judged.peers and reliability is not None and reliability < bounds["reliability"]:
        yield (
            "unreliable",
            about,
            f"{reliability:.0%} of the differences between {judged.peers.areas} areas are real;"
            f" this one moves by {judged.peers.regression(bet.level) or 0.0:+.3g} with no action."
            + _worst(judged),
        )


def _worst(judged: Judged) -> str:
    if judged.regression is None:
        return ""
    return (
        f" Of the worst fifth {judged.regression.chance_chosen:.0%} make the change asked by"
        f" themselves, of all {judged.regression.chance_of_any:.0%}."
    )


def _counts(judged: Judged) -> str:
    if judged.bet is None:
        return ""
    events, people = stakes.counts_behind(judged.bet)
    if events is None:
        return f"known to {figure(judged.bet.measure.error)} either way"
    return f"{events:,.0f} events a year" + (f" among {people:,.0f} people" if people else "")


def _of_what(judged: Judged) -> str:
    """The level that a change is measured from, and of which periods it is."""
    if judged.bet is None:
        return ""
    periods = list(dict.fromkeys(value.period_label for value in judged.modelled.rests_on))
    of = periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"
    what = "last value" if judged.outcome.baseline_rule == "none" else "baseline"
    return f"the {what} of {figure(judged.bet.level)} ({of})"


def _volume(judged: Judged, asked: float) -> str:
    """What paying for the whole change asked, and for nothing less, would do instead."""
    if asked <= 0 or judged.bet is None:
        return ""
    times = judged.times_the_volume
    if times is None:
        return f"; {design.MOST_TIMES} years or areas together aren't enough for the change asked"
    if times > 1:
        return f"; or pool {times} years or areas and pay only for the whole change asked"
    luck = design.chance_of_change(judged.bet, asked)
    return (
        f"; or pay only for the whole change asked, of {figure(asked)}: luck would be paid in"
        f" {luck:.0%} of years"
    )

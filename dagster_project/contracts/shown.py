"""The tables of a contract in words: board paper and pages show these, and nothing in two ways.

They are made of rows as the release has them. What was taken back has no figure there, and none
here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dagster_project.release.words import in_words, words

Row = Mapping[str, Any]
ALL, NO_CHANGE = "all", "no_change"
WARNING = (
    "MADE UP: this contract or its measures are stand-ins, on made-up data. Nothing is owed on it."
)
AT_RISK = (
    "All that is linked is the theoretical risk. What is likely lost is the effective risk: it"
    " depends on what happens to the truth, and on chance."
)
BEYOND = (
    "Beyond the reserve: the chance that more is missed than the provider has set aside to bear;"
    " of all providers together, more than all have."
)
CHANCE = (
    "Paid by luck: something is paid though nothing has changed. Missed by luck: nothing is paid"
    " though the plan was reached. A change that is smaller than what would be seen can't be told"
    " from none."
)
NOTHING = "-"


@dataclass(frozen=True)
class Shown:
    """One table: the columns in `numbers` are figures; `about` is the indicator of each row."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    about: tuple[str, ...] = ()


def pounds(amount: float | None) -> str:
    """An amount to the penny; a dash where there is none."""
    return NOTHING if amount is None else f"£{amount:,.2f}"


def about_pounds(amount: float | None) -> str:
    """An amount of which the pennies are chance."""
    return NOTHING if amount is None else f"£{amount:,.0f}"


def chance_of(share: float | None, decimals: int = 0) -> str:
    """A chance in per cent; a dash where there is none."""
    return NOTHING if share is None else f"{share:.{decimals}%}"


def figure(number: float | None) -> str:
    """A figure of a measure as exactly as a table has room for."""
    if number is None:
        return NOTHING
    return f"{number:,.4g}" if abs(number) < 1000 else f"{number:,.1f}"


def scenarios() -> dict[str, str]:
    """What the truth may do, in the order in which it is told."""
    labels = words("contract_risk", "scenario")
    return {code: label[0].lower() + label[1:] for code, label in labels.items()}


def instead(row: Row) -> str:
    """What may be done instead of paying from a higher threshold on."""
    times = row["times_the_volume"]
    if not row["change_asked"]:
        return "ask for more: the target is reached today"
    if times is None:
        return "no pooling of up to 50 years or areas is enough"
    if times == 1:
        return "pay only for the whole change asked"
    return f"pool {times} years or areas and pay only for the whole change asked"


def state_of(payment: Row) -> str:
    """How a payment stands, why, and what it rests on that may still change."""
    told = [f"gate {gate}" for gate in payment["gates"] or ()]
    if payment["rests_on"]:
        told.append(f"rests on {', '.join(rests_on(payment['rests_on']))}")
    if payment["reason"]:
        codes = (code.strip() for code in payment["reason"].split(";"))
        told += [state_label("contract_payments", "reason", code).lower() for code in codes]
    label = state_label("contract_payments", "status", payment["status"])
    return f"{label} ({'; '.join(told)})" if told else label


def rests_on(codes: Iterable[str]) -> list[str]:
    """What a payment rests on that may still change, in words."""
    labels = words("contract_payments", "rests_on") | words("indicator_values", "status")
    labels |= words("indicator_values", "flags")
    return [labels.get(code, in_words(code)).lower() for code in codes]


def earned(payments: Iterable[Row]) -> Shown:
    """What each provider has earned in each period, of what, and how that stands."""
    amounts = ("stake", "earned", "waiting", "not_earned")
    return Shown(
        "Each provider and period",
        ("Period", "Provider", "At stake", "Earned", "Waiting", "Not earned", "State"),
        tuple(
            (
                row["contract_period"],
                row["provider"],
                *(pounds(row[name]) for name in amounts),
                state_of(row),
            )
            for row in payments
        ),
        (2, 3, 4, 5),
    )


def segment_of(segment: str | None) -> str:
    """The segment behind an outcome's title, in words; nothing where it is everybody."""
    return "" if segment in (None, ALL) else f" ({in_words(str(segment)).lower()})"


def segment_name(segment: str | None) -> str:
    """A segment of the population in words."""
    return "Everybody" if segment in (None, ALL) else in_words(str(segment))


def by_segment(lines: Iterable[Row], providers: Mapping[str, str]) -> Shown:
    """What each segment of the population gave each provider in each period, before gates."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in lines:
        key = (row["contract_period"], row["provider_id"], row["segment"] or ALL)
        found.setdefault(key, []).append(row)
    return Shown(
        "By segment, before gates; each outcome is rounded to the penny",
        ("Period", "Provider", "Segment", "Outcomes", "At stake", "Earned", "Without a figure"),
        tuple(
            (
                period,
                providers[provider],
                segment_name(segment),
                str(len(rows)),
                pounds(round(sum(row["stake"] for row in rows), 2)),
                # What has no figure yet has none in the sum either, and is counted beside it.
                pounds(round(sum(row["amount"] or 0.0 for row in rows), 2)),
                str(sum(row["amount"] is None for row in rows)),
            )
            for (period, provider, segment), rows in sorted(found.items())
        ),
        (3, 4, 5, 6),
    )


def at_risk(rows: Iterable[Row]) -> Shown:
    """What may come of what is linked: for each of those rows that is of a whole."""
    said = scenarios()
    return Shown(
        "What may come of it",
        (
            *("Who", "If", "Linked", "Earned on average", "Likely lost", "Nine times in ten"),
            *("Nothing", "Beyond reserve"),
        ),
        tuple(
            (
                row["title"],
                said[row["scenario"]].removeprefix("if "),
                about_pounds(row["theoretical"]),
                about_pounds(row["mean"]),
                about_pounds(row["effective"]),
                _range(row),
                chance_of(None if row["chance_paid"] is None else 1 - row["chance_paid"], 1),
                chance_of(row["chance_beyond_reserve"], 1),
            )
            for row in rows
        ),
        (2, 3, 4, 5, 6, 7),
    )


def _range(row: Row) -> str:
    if row["p05"] is None:
        return NOTHING
    return f"{about_pounds(row['p05'])} to {about_pounds(row['p95'])}"


def error_of(rows: Iterable[Row]) -> str:
    """How far the draws themselves may be out; empty where none were made."""
    drawn = [row for row in rows if row["draws"] and row["error_of_mean"] is not None]
    if not drawn:
        return ""
    mean = about_pounds(max(row["error_of_mean"] for row in drawn))
    chance = chance_of(max(row["error_of_chance"] for row in drawn), 2)
    return (
        f"{drawn[0]['draws']:,} draws; one standard error of the mean is at most {mean}, of a"
        f" chance {chance}."
    )


def chance(rows: Iterable[Row], wished: float | None = None) -> Shown:
    """How much of each outcome is luck, and what would be needed: each area and outcome once."""
    single: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row["outcome_id"] != ALL and row["scenario"] == NO_CHANGE:
            single.setdefault((row["area_code"], row["outcome_id"]), row)
    most = "no more often than the guidance advises"
    often = most if wished is None else f"at most {wished:.0%} of the time"
    return Shown(
        f"Each outcome (“pay from”: so luck alone is paid {often})",
        (
            *("Outcome", "Paid by luck", "Three pooled", "Missed by luck", "Change asked"),
            *("Would be seen", "Pay from", "Or"),
        ),
        tuple(map(_luck, single.values())),
        (1, 2, 3, 4, 5, 6),
        tuple(row["indicator_id"] or "" for row in single.values()),
    )


def _luck(row: Row) -> tuple[str, ...]:
    if row["false_pay"] is None:
        # Not modelled, or taken back with what it rested on.
        why = f": {in_words(row['reason']).lower()}" if row["reason"] else ""
        return (row["title"], *[NOTHING] * 6, f"{in_words(row['method']).lower()}{why}")
    return (
        row["title"],
        *(chance_of(row[name]) for name in ("false_pay", "false_pay_of_three", "false_miss")),
        *(figure(row[n]) for n in ("change_asked", "detectable_change", "threshold_for_wished")),
        instead(row),
    )


def inputs_of(inputs: Iterable[Row], release: str) -> Shown:
    """What the figures rest on: each series, what it is for, and of which periods."""
    key = ("indicator_id", "area_code", "sex", "age", "segment", "role", "status")
    periods: dict[tuple[str, ...], dict[str, None]] = {}
    for row in sorted(inputs, key=lambda row: (*(row[k] for k in key), str(row["period_end"]))):
        periods.setdefault(tuple(row[k] for k in key), {})[row["period_label"]] = None
    return Shown(
        f"Values of release {release}: `outcomes explain` tells where each comes from",
        ("Indicator", "Area", "Sex", "Age", "As", "Periods", "Status"),
        tuple(
            (
                indicator if segment == ALL else f"{indicator} ({segment})",
                *(area, sex, age, role, ", ".join(labelled)),
                state_label("indicator_values", "status", status),
            )
            for (indicator, area, sex, age, segment, role, status), labelled in periods.items()
        ),
        about=tuple(found[0] for found in periods),
    )


def state_label(table: str, column: str, code: str) -> str:
    """What a code of a released column is called."""
    return words(table, column).get(code, in_words(code))

"""What must hold between the rows that make a contract: all of it is told before any is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import groupby

from dagster_project.registry.forms import Finding, Row, Tables, numbered
from dagster_project.registry.payments import fault

CONTRACTS, OUTCOMES, TERMS = "contracts.csv", "contract_outcomes.csv", "contract_terms.csv"
PERIODS, PROVIDERS = "contract_periods.csv", "contract_providers.csv"
Numbered = list[tuple[int, Row]]


def _number(cell: str) -> Fraction | None:
    """The cell as a number; None where it has another form, which is told by itself."""
    try:
        return Fraction(cell)
    except ValueError:
        return None


def _by_contract(tables: Tables, file: str) -> dict[str, Numbered]:
    rows = sorted(numbered(tables, file), key=lambda pair: pair[1]["contract_id"])
    grouped = groupby(rows, key=lambda pair: pair[1]["contract_id"])
    return {contract: list(found) for contract, found in grouped}


def _outcome(row: Row) -> tuple[str, str]:
    return row["contract_id"], row["outcome_id"]


def contracts_are_whole(tables: Tables) -> Iterator[Finding]:
    """A contract has periods, providers and outcomes."""
    for file in (PERIODS, PROVIDERS, OUTCOMES):
        there = _by_contract(tables, file).keys()
        for number, row in numbered(tables, CONTRACTS):
            if row["contract_id"] not in there:
                yield fault(
                    CONTRACTS,
                    number,
                    "contract_id",
                    f"has no row in {file}",
                    row["contract_id"],
                    "at least one",
                    f"add it to seeds/{file}",
                )


def weights_make_a_whole(tables: Tables) -> Iterator[Finding]:
    """The weights of a contract's outcomes add up to 1 exactly, and none is below nought."""
    for rows in _by_contract(tables, OUTCOMES).values():
        weights = [_number(row["weight"]) for _, row in rows]
        known = [weight for weight in weights if weight is not None]
        if len(known) == len(weights) and (sum(known) != 1 or min(known) < 0):
            yield fault(
                OUTCOMES,
                rows[-1][0],
                "weight",
                f"the weights of {rows[0][1]['contract_id']} aren't 100%",
                f"{float(sum(known)) * 100:g}% over {len(rows)} outcomes",
                "weights from 0 that add up to 1",
                "mend the weights of its outcomes",
            )


def terms_are_of_outcomes(tables: Tables) -> Iterator[Finding]:
    """Each term is of an outcome of its contract, and each outcome has a term."""
    outcomes = {_outcome(row) for _, row in numbered(tables, OUTCOMES)}
    with_terms = {_outcome(row) for _, row in numbered(tables, TERMS)}
    for number, row in numbered(tables, TERMS):
        if outcomes and _outcome(row) not in outcomes:
            yield fault(
                TERMS,
                number,
                "outcome_id",
                "isn't an outcome of this contract",
                " / ".join(_outcome(row)),
                "an outcome_id of contract_outcomes.csv",
                "correct the cell, or add the outcome",
            )
    for number, row in numbered(tables, OUTCOMES):
        if with_terms and _outcome(row) not in with_terms:
            yield fault(
                OUTCOMES,
                number,
                "outcome_id",
                "has no term that says what is paid for",
                row["outcome_id"],
                "a row of contract_terms.csv",
                "add the term",
            )


def targets_are_on_the_better_side(tables: Tables) -> Iterator[Finding]:
    """Full payment asks for no less than its start, and for no step back from the baseline."""
    better = {_outcome(row): row["better"] for _, row in numbered(tables, OUTCOMES)}
    for number, row in numbered(tables, TERMS):
        start, full = _number(row["pays_from"]), _number(row["pays_in_full"])
        if start is None or full is None or _outcome(row) not in better:
            continue
        # A share of the gap to a goal is positive whichever way is better.
        is_gap = row["measured_in"] == "gap"
        sign = -1 if better[_outcome(row)] == "lower" and not is_gap else 1
        side = "below" if sign < 0 else "above"
        if sign * full < sign * start:
            yield fault(
                TERMS,
                number,
                "pays_in_full",
                "the target is on the wrong side of where payment starts",
                f"{row['pays_in_full']} beside {row['pays_from']}",
                f"pays_from or {side}, since {better[_outcome(row)]} is better",
            )
        elif row["measured_in"] != "level" and sign * full <= 0:
            yield fault(
                TERMS,
                number,
                "pays_in_full",
                "the target is on the wrong side of the baseline",
                row["pays_in_full"],
                f"a change {side} nought, since {better[_outcome(row)]} is better",
            )
        if is_gap != bool(row["goal"]):
            yield fault(
                TERMS,
                number,
                "goal",
                f"doesn't go with {row['measured_in']}",
                row["goal"] or "nothing",
                "a goal beside gap, and beside nothing else",
            )
        floor, cap = _number(row["floor"]), _number(row["cap"])
        if floor is not None and cap is not None and floor > cap:
            yield fault(
                TERMS,
                number,
                "cap",
                "is below floor",
                row["cap"],
                f"{row['floor']} or more",
            )


def baselines_come_first(tables: Tables) -> Iterator[Finding]:
    """A baseline ends before the first period starts, and is there where a term needs one."""
    first = {
        contract: min(row["starts"] for _, row in rows)
        for contract, rows in _by_contract(tables, PERIODS).items()
    }
    relative = {
        _outcome(row) for _, row in numbered(tables, TERMS) if row["measured_in"] != "level"
    }
    for number, row in numbered(tables, OUTCOMES):
        has_none = row["baseline_rule"] == "none"
        for column in ("baseline_from", "baseline_to"):
            if has_none == bool(row[column]):
                got, expected = row[column] or "nothing", "both days, or none beside none"
                yield fault(
                    OUTCOMES, number, column, "doesn't go with baseline_rule", got, expected
                )
        if has_none and _outcome(row) in relative:
            expected = "last, mean or best_prior, since a term asks for a change"
            yield fault(OUTCOMES, number, "baseline_rule", "leaves no baseline", "none", expected)
        starts = first.get(row["contract_id"], "")
        if row["baseline_to"] and starts and row["baseline_to"] >= starts:
            yield fault(
                OUTCOMES,
                number,
                "baseline_to",
                "the baseline runs into the contract",
                row["baseline_to"],
                f"a day before {starts}",
            )


def periods_stand_apart(tables: Tables) -> Iterator[Finding]:
    """A contract's periods don't overlap, lie within it, and are paid after they end."""
    terms = {row["contract_id"]: row for _, row in numbered(tables, CONTRACTS)}
    for contract, rows in _by_contract(tables, PERIODS).items():
        last = ""
        for number, row in sorted(rows, key=lambda pair: pair[1]["starts"]):
            if last and row["starts"] <= last:
                yield fault(
                    PERIODS,
                    number,
                    "starts",
                    "overlaps the period before",
                    row["starts"],
                    f"a day after {last}",
                    "mend the dates: a day is paid for once",
                )
            last = max(last, row["ends"])
            if row["pay_by"] <= row["ends"]:
                expected = f"a day after {row['ends']}"
                got = row["pay_by"]
                yield fault(PERIODS, number, "pay_by", "is before the period ends", got, expected)
            whole = terms.get(contract)
            if whole and not whole["starts"] <= row["starts"] <= row["ends"] <= whole["ends"]:
                yield fault(
                    PERIODS,
                    number,
                    "ends",
                    "isn't within the contract",
                    f"{row['starts']} to {row['ends']}",
                    f"days from {whole['starts']} to {whole['ends']}",
                )


def providers_have_activity(tables: Tables) -> Iterator[Finding]:
    """A provider has a value and a share of its area's activity; no area has more than all."""
    for rows in _by_contract(tables, PROVIDERS).values():
        shares: dict[str, Fraction] = {}
        for number, row in rows:
            for column in ("annual_value", "activity_share"):
                amount = _number(row[column])
                if amount is not None and amount <= 0:
                    yield fault(
                        PROVIDERS,
                        number,
                        column,
                        "a provider with no activity",
                        row[column],
                        "more than nought",
                        "give its figure, or take the provider out",
                    )
            share = _number(row["activity_share"]) or Fraction(0)
            area = row["area_code"]
            shares[area] = shares.get(area, Fraction(0)) + share
            if shares[area] > 1:
                yield fault(
                    PROVIDERS,
                    number,
                    "activity_share",
                    f"the shares of {area} are more than all of it",
                    f"{float(shares[area]) * 100:g}%",
                    "at most 100% of an area's activity in one contract",
                )


CONTRACT_RULES: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    contracts_are_whole,
    weights_make_a_whole,
    terms_are_of_outcomes,
    targets_are_on_the_better_side,
    baselines_come_first,
    periods_stand_apart,
    providers_have_activity,
)

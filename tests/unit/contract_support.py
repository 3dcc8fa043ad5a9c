"""Contracts and values in memory, for the tests of payment and risk; forms with other cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl

from dagster_project.contracts.distributions import Measure
from dagster_project.contracts.terms import Contract, Gate, Outcome, Period, Provider, Series, Term
from dagster_project.contracts.values import Release, Value, Values

AREA = "E08000007"
SERIES = Series("smoking_adults", "Persons", "18+ yrs")
SAFE = Series("people_who_use_services_feel_safe", "Persons", "All ages")
RELEASE = Release("1.0.0-000000000000", True, "2026-01-01")
YEAR = Period("2023/24", "2023-04-01", "2024-03-31", "2024-12-31", Fraction(1))


def value(year: int, figure: float | None, series: Series = SERIES, **other: Any) -> Value:
    """The value of the financial year that begins in `year`."""
    key = {
        "indicator_id": series.indicator_id,
        "area_code": AREA,
        "period_type": "financial_year",
        "period_start": f"{year}-04-01",
        "period_end": f"{year + 1}-03-31",
        "sex": series.sex,
        "age": series.age,
        "segment": series.segment,
        "breakdown_type": series.breakdown_type,
        "breakdown": series.breakdown,
        "origin": "published",
    }
    known: dict[str, Any] = {
        "key": key,
        "period_label": f"{year}/{str(year + 1)[2:]}",
        "period_start": date(year, 4, 1),
        "period_end": date(year + 1, 3, 31),
        "value": figure,
        "lower_95": None,
        "upper_95": None,
        "numerator": None if figure is None else figure * 10,
        "denominator": None if figure is None else 1000.0,
        "status": "published",
        "status_reason": "",
        "flags": (),
    }
    return Value(**{**known, **other})


def values(*found: Value) -> Values:
    kinds = {SERIES.indicator_id: "proportion", SAFE.indicator_id: "proportion"}
    return Values(found, kinds)


def term(measured_in: str, pays_from: float, pays_in_full: float, **other: Any) -> Term:
    known = Term(
        "term",
        measured_in,
        Fraction(str(pays_from)),
        Fraction(str(pays_in_full)),
        None,
        Fraction(0),
        Fraction(1),
        None,
    )
    return replace(known, **other)


def outcome(name: str = "one", *terms: Term, **other: Any) -> Outcome:
    """An outcome that pays from a level of 10 to one of 20, unless otherwise said."""
    known = Outcome(
        outcome_id=name,
        title=name,
        series=SERIES,
        weight=Fraction(1),
        better="higher",
        baseline_rule="none",
        baseline_from="",
        baseline_to="",
        minimum_cases=0,
        if_missing="wait",
        if_provisional="pay",
        between_year_cv=0.0,
        late_share=0.0,
        revision_cv=0.0,
        is_stand_in=False,
        terms=terms or (term("level", 10, 20),),
    )
    return replace(known, **other)


def contract(outcomes: Iterable[Outcome], **other: Any) -> Contract:
    """A contract with one provider of £1,000,000 a year, of which a tenth is linked."""
    known = Contract(
        contract_id="test",
        title="A test",
        commissioner="A board",
        configuration="lead",
        basis="withhold",
        share_linked=Fraction(1, 10),
        starts="2023-04-01",
        ends="2024-03-31",
        least_share=Fraction(0),
        most_share=Fraction(1),
        correlation=0.0,
        draws=2000,
        seed=1,
        is_made_up=False,
        note="",
        periods=(YEAR,),
        providers=(
            Provider(
                "provider", "A provider", AREA, Fraction(1_000_000), Fraction(1), Fraction(20_000)
            ),
        ),
        outcomes=tuple(outcomes),
        gates=(),
    )
    return replace(known, **other)


def like(share: float, people: int) -> Measure:
    """A share out of people, in per cent."""
    return Measure("binomial", 100.0 / people, people)


def gate(threshold: float = 70, lost_share: str = "0.25") -> Gate:
    """A gate that is met from a threshold on."""
    bound = Fraction(str(threshold))
    return Gate("safe", "Safe", SAFE, "at_least", bound, Fraction(lost_share))


def altered(path: Path, *cells: tuple[str, str, Any]) -> None:
    """After this those cells of the workbook hold something else."""
    book = openpyxl.load_workbook(path)
    for sheet, place, value in cells:
        book[sheet][place] = value
    book.save(path)

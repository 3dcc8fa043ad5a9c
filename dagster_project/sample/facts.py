"""What the registry says of an indicator that made-up figures must agree with."""

from __future__ import annotations

from dataclasses import dataclass

from dagster_project.registry.registry import Registry
from dagster_project.registry.rules import Row

BOTH_SEXES = ("Male", "Female")
# Kinds of value that are set against a standard, so aren't count over denominator.
STANDARDISED = ("dsr", "isr", "isr_ratio")


@dataclass(frozen=True)
class Fact:
    """One indicator under one publisher's code. `threshold`: counts from 1 to it are hidden."""

    code: str
    indicator_id: str
    name: str
    value_type: str
    multiplier: float
    ci_method: str
    year_type: str
    pooled: int
    headline_sex: str
    age: str
    polarity: str
    basis: str
    threshold: int

    @property
    def is_proportion(self) -> bool:
        return self.value_type == "proportion"

    @property
    def is_standardised(self) -> bool:
        return self.value_type in STANDARDISED


def facts(registry: Registry, source_id: str, edition: str = "") -> dict[str, Fact]:
    """Each code of a source (in one edition, where its codes were reused) with what it means."""
    indicators = {row["indicator_id"]: row for row in registry.indicators}
    thresholds = {
        row["disclosure_policy"]: int(row["primary_threshold"] or 0)
        for row in registry.disclosure_policies
    }
    found = {}
    for link in registry.indicator_sources:
        if link["source_id"] == source_id and link["edition"] == edition:
            row = indicators[link["indicator_id"]]
            threshold = thresholds[row["disclosure_policy"]]
            found[link["source_code"]] = _fact(link["source_code"], row, threshold)
    return found


def _fact(code: str, row: Row, threshold: int) -> Fact:
    return Fact(
        code=code,
        indicator_id=row["indicator_id"],
        name=row["title"],
        value_type=row["value_type"],
        multiplier=float(row["multiplier"] or 1),
        ci_method=row["ci_method"],
        year_type=row["year_type"],
        pooled=int(row["pooled_years"]),
        headline_sex=row["headline_sex"],
        age=row["headline_age"],
        polarity=row["polarity"],
        basis=row["population_basis"],
        threshold=threshold,
    )


def period_label(fact: Fact, start: int) -> str:
    """The publisher's label of the period that begins in `start`: 2021, 2021/22, 2019 - 21."""
    end = start + fact.pooled - 1
    if fact.year_type == "calendar":
        return str(start) if fact.pooled == 1 else f"{start} - {end % 100:02d}"
    first = f"{start}/{(start + 1) % 100:02d}"
    return first if fact.pooled == 1 else f"{first} - {end % 100:02d}/{(end + 1) % 100:02d}"

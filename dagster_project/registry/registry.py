"""The registry: reference data in `seeds/` that analysts keep by hand, read and checked as a whole.

Only the standard library is used here, because this runs before anything heavy is imported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from dagster_project.errors import RegistryError
from dagster_project.registry.alerts import ALERT_RULES
from dagster_project.registry.alignment import ALIGNMENT_RULES
from dagster_project.registry.cells import table_findings
from dagster_project.registry.checks import review_findings, revision_limit_findings
from dagster_project.registry.comparability import COMPARABILITY_RULES
from dagster_project.registry.contracts import CONTRACT_RULES
from dagster_project.registry.definitions import (
    DEFINITION_RULES,
    FOLDER,
    as_error,
    defined,
    is_told,
    keep,
    with_definitions,
)
from dagster_project.registry.disclosure import DISCLOSURE_RULES
from dagster_project.registry.forms import Finding, Row
from dagster_project.registry.frameworks import FRAMEWORK_RULES
from dagster_project.registry.live import LIVE_RULES
from dagster_project.registry.methods import METHOD_RULES
from dagster_project.registry.payments import PAYMENT_RULES
from dagster_project.registry.reading import read_table
from dagster_project.registry.rules import RULES
from dagster_project.registry.tables import TABLES

RULES_OF_ALL = (
    *(*RULES, *FRAMEWORK_RULES, *LIVE_RULES, *METHOD_RULES),
    *(*COMPARABILITY_RULES, *ALIGNMENT_RULES, *DISCLOSURE_RULES, *DEFINITION_RULES),
    *(*CONTRACT_RULES, *PAYMENT_RULES, *ALERT_RULES, revision_limit_findings, review_findings),
)


class RegistryProblems(RegistryError):
    """Every mistake found in `seeds/`, told together; `problems` holds them one by one."""

    def __init__(self, problems: Iterable[RegistryError]) -> None:
        self.problems = tuple(problems)
        number = len(self.problems)
        listing = "\n".join(f"  {problem.message}" for problem in self.problems)
        super().__init__(
            f"{number} {'mistake' if number == 1 else 'mistakes'} in the registry:\n{listing}"
        )


@dataclass(frozen=True)
class Registry:
    """The seeds, one field a file; each row maps column to text, and empty text is unknown."""

    owners: tuple[Row, ...]
    subscribers: tuple[Row, ...]
    reviews: tuple[Row, ...]
    bank_holidays: tuple[Row, ...]
    disclosure_policies: tuple[Row, ...]
    sources: tuple[Row, ...]
    live_sources: tuple[Row, ...]
    out_of_scope: tuple[Row, ...]
    status_reasons: tuple[Row, ...]
    publisher_notes: tuple[Row, ...]
    frameworks: tuple[Row, ...]
    domains: tuple[Row, ...]
    outcome_types: tuple[Row, ...]
    indicators: tuple[Row, ...]
    framework_indicators: tuple[Row, ...]
    programmes: tuple[Row, ...]
    selection_principles: tuple[Row, ...]
    goals: tuple[Row, ...]
    indicator_sources: tuple[Row, ...]
    crosswalk: tuple[Row, ...]
    measures: tuple[Row, ...]
    series_breaks: tuple[Row, ...]
    published_together: tuple[Row, ...]
    comparability_reasons: tuple[Row, ...]
    methods: tuple[Row, ...]
    peer_sets: tuple[Row, ...]
    breakdown_dimensions: tuple[Row, ...]
    deprivation_quantiles: tuple[Row, ...]
    standard_populations: tuple[Row, ...]
    areas: tuple[Row, ...]
    area_redraws: tuple[Row, ...]
    area_tiles: tuple[Row, ...]
    combined_areas: tuple[Row, ...]
    rounding: tuple[Row, ...]
    stand_ins: tuple[Row, ...]
    harmonised_categories: tuple[Row, ...]
    payment_schemes: tuple[Row, ...]
    payment_steps: tuple[Row, ...]
    contracts: tuple[Row, ...]
    contract_periods: tuple[Row, ...]
    contract_providers: tuple[Row, ...]
    contract_outcomes: tuple[Row, ...]
    contract_terms: tuple[Row, ...]
    contract_gates: tuple[Row, ...]
    contract_mechanisms: tuple[Row, ...]
    contract_decisions: tuple[Row, ...]
    contract_guidance: tuple[Row, ...]
    revision_limits: tuple[Row, ...]
    definition_reviews: tuple[Row, ...]
    period_kinds: tuple[Row, ...]
    provisional_periods: tuple[Row, ...]
    instruments: tuple[Row, ...]
    instrument_items: tuple[Row, ...]
    instrument_weights: tuple[Row, ...]


def load_registry(seeds_dir: Path, definitions: Path = FOLDER) -> Registry:
    """The registry, or one `RegistryProblems` that tells every mistake in it."""
    tables, problems = _check(seeds_dir, definitions)
    if problems:
        raise RegistryProblems(problems)
    return Registry(**{field.name: tables[f"{field.name}.csv"] for field in fields(Registry)})


def validate(seeds_dir: Path, definitions: Path = FOLDER) -> list[RegistryError]:
    """Every mistake in the registry, in the order of the tables; none where it is sound."""
    return _check(seeds_dir, definitions)[1]


def live_areas(registry: Registry, day: str, area_type: str | None = None) -> tuple[Row, ...]:
    """The areas that exist on `day` (YYYY-MM-DD), all of them or those of one type."""
    return tuple(
        row
        for row in registry.areas
        if row["valid_from"] <= day
        and (not row["valid_to"] or day <= row["valid_to"])
        and area_type in (None, row["area_type"])
    )


def _check(
    seeds_dir: Path, definitions: Path
) -> tuple[dict[str, tuple[Row, ...]], list[RegistryError]]:
    seeds: dict[str, tuple[Row, ...]] = {}
    findings: list[Finding] = []
    for table in TABLES:
        seeds[table.file], found = read_table(seeds_dir / table.file, table)
        findings += found
    said = defined(definitions, seeds)
    tables = with_definitions(seeds, said.rows)
    for table in TABLES:
        findings += table_findings(table, tables)
    for rule in RULES_OF_ALL:
        findings += rule(tables)
    problems = [as_error(each, tables) for each in findings if not is_told(each, tables, said.told)]
    problems += said.problems
    if not problems:
        keep(definitions, said)
    return tables, problems

"""The registry: reference data in `seeds/` that analysts keep by hand, read and checked as a whole.

Only the standard library is used here, because this runs before anything heavy is imported. What
today's code found sound is known by its bytes: then a file is read when its rows are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.errors import RegistryError
from dagster_project.registry import sound
from dagster_project.registry.definitions import FOLDER
from dagster_project.registry.forms import Row
from dagster_project.registry.reading import contents_of

UNREAD = "_unread"


class RegistryProblems(RegistryError):
    """Every mistake found in `seeds/`, told together; `problems` holds them one by one."""

    def __init__(self, problems: Iterable[RegistryError]) -> None:
        self.problems = tuple(problems)
        number = len(self.problems)
        listing = "\n".join(f"  {problem.message}" for problem in self.problems)
        super().__init__(
            f"{number} {'mistake' if number == 1 else 'mistakes'} in the registry:\n{listing}"
        )


# Nobody compares two whole registries, and methods for so many fields take time to be made.
@dataclass(frozen=True, eq=False, repr=False)
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

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> tuple[Row, ...]:
            """The rows of sound seeds, once they are asked for; they stay with the registry."""
            unread = vars(self).get(UNREAD)
            if unread is None or name not in FIELDS:
                raise AttributeError(f"a registry has no {name}")
            vars(self)[name] = rows = unread.rows(f"{name}.csv")
            return rows


FIELDS = frozenset(field.name for field in fields(Registry))


def load_registry(seeds_dir: Path, definitions: Path = FOLDER) -> Registry:
    """The registry, or one `RegistryProblems` that tells every mistake in it."""
    seeds = contents_of(seeds_dir)
    known = sound.known(seeds_dir, definitions, seeds)
    if known is not None:
        registry = object.__new__(Registry)
        vars(registry)[UNREAD] = known
        return registry
    from dagster_project.registry.checking import check

    tables, problems = check(seeds, definitions)
    if problems:
        raise RegistryProblems(problems)
    sound.note(seeds_dir, definitions, seeds)
    return Registry(**{name: tables[f"{name}.csv"] for name in FIELDS})


def validate(seeds_dir: Path, definitions: Path = FOLDER) -> list[RegistryError]:
    """Every mistake in the registry, in the order of the tables; none where it is sound."""
    from dagster_project.registry.checking import check

    return check(contents_of(seeds_dir), definitions)[1]


def live_areas(registry: Registry, day: str, area_type: str | None = None) -> tuple[Row, ...]:
    """The areas that exist on `day` (YYYY-MM-DD), all of them or those of one type."""
    return tuple(
        row
        for row in registry.areas
        if row["valid_from"] <= day
        and (not row["valid_to"] or day <= row["valid_to"])
        and area_type in (None, row["area_type"])
    )

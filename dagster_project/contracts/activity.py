"""How much of an area's hospital activity each provider has, by the linked records of a home.

The records stay where they are: what leaves is a share in whole per cent of a number rounded to
five, and neither where fewer than eight admissions are the provider's, or are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.contracts.account import guided
from dagster_project.contracts.terms import Contract, Provider
from dagster_project.errors import OutcomesError
from dagster_project.registry import Registry

if TYPE_CHECKING:
    import duckdb

FEWEST, ROUNDED_TO = 8, 5
TABLES = ("int_linked__spells", "int_linked__person_years")
# Of the last whole year in which admissions of the area's registered people are known.
ADMISSIONS = """
with admissions as (
    select
        years.period_start,
        spells.provider_code
    from intermediate.int_linked__spells as spells
    inner join intermediate.int_linked__person_years as years
        on spells.person_id = years.person_id
        and spells.admitted_on between years.period_start and years.period_end
    where years.utla_code = ? and years.period_type = 'financial_year'
),

latest as (
    select max(period_start) as period_start from admissions
)

select
    latest.period_start,
    count(*) as admissions,
    count_if(admissions.provider_code = ?) as own
from admissions
inner join latest on admissions.period_start = latest.period_start
group by latest.period_start
"""
Found = tuple[str, str, str]


@dataclass(frozen=True)
class Activity:
    """A provider's part of the admissions of an area in the year that starts in `year`."""

    year: int
    admissions: int
    share: float


def activity_of(warehouse: Path | None, contract: Contract) -> Mapping[str, Activity]:
    """By provider: those whose code the contract names and whose records the home has."""
    coded = [provider for provider in contract.providers if provider.provider_code]
    if not coded or warehouse is None or not warehouse.exists():
        return {}
    import duckdb

    try:
        with duckdb.connect(str(warehouse), read_only=True) as con:
            return dict(_found(con, coded))
    except duckdb.IOException as problem:
        raise OutcomesError(
            "the linked records can't be read now",
            file=str(warehouse),
            got=str(problem).splitlines()[0],
            fix="ask again when the refresh that holds them has ended",
        ) from problem


def _found(
    con: duckdb.DuckDBPyConnection, providers: list[Provider]
) -> Iterator[tuple[str, Activity]]:
    there = con.execute(
        "select count(*) from information_schema.tables"
        " where table_schema = 'intermediate' and list_contains(?, table_name)",
        [list(TABLES)],
    ).fetchall()[0][0]
    for provider in providers if there == len(TABLES) else ():
        asked = [provider.area_code, provider.provider_code]
        for start, admissions, own in con.execute(ADMISSIONS, asked).fetchall():
            if min(own, admissions - own) >= FEWEST:
                told = ROUNDED_TO * round(admissions / ROUNDED_TO)
                yield provider.provider_id, Activity(start.year, told, round(own / admissions, 2))


def activity_findings(
    registry: Registry, contract: Contract, known: Mapping[str, Activity]
) -> Iterator[Found]:
    """Kind, subject and reason of each share of activity that the linked records don't bear out."""
    bound = guided(registry, "activity_gap")
    for provider in contract.providers:
        found = known.get(provider.provider_id)
        if found and abs(found.share - float(provider.activity_share)) > bound:
            yield (
                "activity",
                f"{provider.title}, {provider.area_code}",
                f"The record gives it {float(provider.activity_share):.0%} of the activity; in the"
                f" linked records it had {found.share:.0%} of about {found.admissions:,} admissions"
                f" in the year from April {found.year} ({provider.provider_code}). A difference of"
                f" more than {bound:.0%} has to be explained: other activity than admissions, or"
                " another share.",
            )

"""How much of an area's hospital activity each provider has, by the linked records of a home.

The records stay where they are: what leaves is a share in whole per cent of two numbers rounded to
five. Of an area nothing leaves where one of the contract's providers, or all others together, have
1 to 7 admissions: what is told of the rest would give them away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dagster_project.contracts.account import guided
from dagster_project.contracts.terms import Contract, Provider
from dagster_project.errors import OutcomesError
from dagster_project.home import Home
from dagster_project.registry.registry import Registry

if TYPE_CHECKING:
    import duckdb

FEWEST, ROUNDED_TO = 8, 5
TABLES = (
    ("intermediate", "int_linked__spells"),
    ("intermediate", "int_linked__person_years"),
    ("raw", "extracts"),
)
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
    year(latest.period_start) as starts_in,
    admissions.provider_code,
    count(*) as admissions
from admissions
inner join latest on admissions.period_start = latest.period_start
group by latest.period_start, admissions.provider_code
"""
Found = tuple[str, str, str]


@dataclass(frozen=True)
class Activity:
    """A provider's part of the admissions of an area in the year that starts in `year`."""

    year: int
    admissions: int
    share: float


def activity_of(home: Home | None, contract: Contract) -> Mapping[str, Activity]:
    """By provider: those whose code the contract names and whose records the home has.

    None while the records hold a landing that was taken back.
    """
    coded = [provider for provider in contract.providers if provider.provider_code]
    if not coded or home is None or not home.warehouse.exists():
        return {}
    import duckdb

    from dagster_project import warehouse

    try:
        with warehouse.connect(home, read_only=True) as con:
            if not _may_be_read(con, home):
                return {}
            areas = {provider.area_code for provider in coded}
            return {
                provider_id: activity
                for area in sorted(areas)
                for provider_id, activity in _found(
                    con, area, [each for each in coded if each.area_code == area]
                )
            }
    except (duckdb.IOException, duckdb.SerializationException) as problem:
        raise OutcomesError(
            "the linked records can't be read now",
            file=str(home.warehouse),
            got=str(problem).splitlines()[0],
            fix="ask again when the refresh that holds them has ended",
        ) from problem


def _may_be_read(con: duckdb.DuckDBPyConnection, home: Home) -> bool:
    """True if the linked records are there, and none of a landing that was taken back."""
    tables = con.execute("select table_schema, table_name from information_schema.tables")
    if not set(TABLES) <= set(tables.fetchall()):
        return False
    from dagster_project.lineage.shown import landings_taken_back
    from dagster_project.release.store import ReleaseStore
    from dagster_project.sources import LAYOUTS_BY_ID

    of_people = {each.source_id for each in LAYOUTS_BY_ID.values() if each.is_of_people}
    extracts = con.execute("select source_id, sha256, period from raw.extracts").fetchall()
    held = {(sha256, period) for source, sha256, period in extracts if source in of_people}
    # A refresh that was killed may have taken it from `raw` and not yet from what is made of it.
    latest = ReleaseStore(home).latest()
    held |= (
        {each.landing for each in latest.inputs if each.source_id in of_people} if latest else set()
    )
    return held.isdisjoint(landings_taken_back(home))


def _found(
    con: duckdb.DuckDBPyConnection, area: str, providers: list[Provider]
) -> Iterator[tuple[str, Activity]]:
    """Nothing at all where a part of the area's admissions is small."""
    rows = con.execute(ADMISSIONS, [area]).fetchall()
    own = {provider.provider_code: 0 for provider in providers}
    own |= {code: number for _, code, number in rows if code in own}
    admissions = sum(number for _, _, number in rows)
    if any(0 < number < FEWEST for number in (*own.values(), admissions - sum(own.values()))):
        return
    told = _rounded(admissions)
    for provider in providers:
        number = own[provider.provider_code]
        if min(number, admissions - number) >= FEWEST:
            share = round(_rounded(number) / told, 2)
            yield provider.provider_id, Activity(rows[0][0], told, share)


def _rounded(number: int) -> int:
    return ROUNDED_TO * round(number / ROUNDED_TO)


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

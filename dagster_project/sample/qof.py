"""Made-up Quality and Outcomes Framework files: registers of made-up practices, and where they are.

The same registers, summed, are what the made-up Fingertips extract shows of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np

from dagster_project.registry.registry import Registry
from dagster_project.sample.facts import facts
from dagster_project.sample.figures import counted
from dagster_project.sample.fingertips import cell, rows
from dagster_project.sample.recipes import (
    LAST_YEAR,
    LIST_SHARES,
    REGISTERS,
    SHOWN_TO_PRACTICES,
    SHOWN_TO_SUB_ICBS,
    RegisterRecipe,
)
from dagster_project.sample.world import Geography, Place, Real, generator, settled

YEARS = tuple(range(LAST_YEAR - 6, LAST_YEAR + 1))
GEOGRAPHY_HEADER = (
    "NAT_ONS_CODE,NAT_CODE,COUNTRY,REGION_ODS_CODE,REGION_ONS_CODE,REGION_NAME,"
    "ICB_ODS_CODE,ICB_ONS_CODE,ICB_NAME,"
    "SUB_ICB_LOC_ODS_CODE,SUB_ICB_LOC_ONS_CODE,SUB_ICB_LOC_NAME,"
    "PCN_ODS_CODE,PCN_NAME,PRACTICE_CODE,PRACTICE_NAME"
)
REGISTERS_HEADER = "PRACTICE_CODE,GROUP_CODE,REGISTER,PATIENT_LIST_TYPE,PRACTICE_LIST_SIZE"
# One practice in so many had another name the year before.
RENAMED = 40
AREA_TYPES = {"practice": ("GPs", 5), "pcn": ("NHS Primary Care Networks", 4)}

Registers = dict[str, tuple[Real, Real]]


def registers(geography: Geography, seed: int) -> Registers:
    """By group, the people on the register and on the list: years by practices."""
    return {recipe.group_code: _register(recipe, geography, seed) for recipe in REGISTERS}


def _register(recipe: RegisterRecipe, geography: Geography, seed: int) -> tuple[Real, Real]:
    chance = generator(seed, "qof", recipe.group_code)
    practices = len(geography.population)
    people = np.array([geography.people(year) for year in YEARS])
    # Older lists have more of every disease, younger ones fewer: one age factor a practice.
    age = generator(seed, "qof", "age").normal(0, 0.2, practices)
    own = 0.1 * chance.normal(0, 1, practices) + 0.06 * geography.deprivation + age
    trend = settled(0.02 * chance.normal(0, 1, 1))
    since = np.array(YEARS)[:, None] - LAST_YEAR
    lists = np.rint(people * LIST_SHARES[recipe.list_type])
    level = recipe.level / 100
    odds = level / (1 - level) * np.exp(settled(own + since * trend, 5))
    drawn = chance.binomial(lists.astype(np.int64), odds / (1 + odds))
    return drawn.astype(np.float64), lists


def registers_csv(geography: Geography, drawn: Registers, year: int) -> Iterator[str]:
    """The rows of PREVALENCE for one year, by practice and group."""
    nth = YEARS.index(year)
    practices = geography.places[geography.leaves]
    columns = [
        (recipe, *(figures[nth].tolist() for figures in drawn[recipe.group_code]))
        for recipe in REGISTERS
    ]
    yield REGISTERS_HEADER
    for number, practice in enumerate(practices):
        for recipe, count, lists in columns:
            yield (
                f"{practice.code},{recipe.group_code},{count[number]:.0f},"
                f"{recipe.list_type},{lists[number]:.0f}"
            )


def geography_csv(geography: Geography, registry: Registry, year: int) -> Iterator[str]:
    """The rows of MAPPING_NHS_GEOGRAPHIES: each practice and all that it is part of."""
    known = {place.code: place for place in geography.places}
    short = {area["area_code"]: area["ods_code"] for area in registry.areas}
    yield GEOGRAPHY_HEADER
    for number, practice in enumerate(geography.places[geography.leaves]):
        network = known[practice.parent]
        sub_icb = known[network.parent]
        icb = known[sub_icb.parent]
        region = known[icb.parent]
        england = known[region.parent]
        levels = [
            f"{short[area.code]},{area.code},{cell(area.name)}" for area in (region, icb, sub_icb)
        ]
        yield (
            f"{england.code},ENG,{england.name},{','.join(levels)},"
            f"{network.code},{network.name},{practice.code},{_name(practice, number, year)}"
        )


def _name(practice: Place, number: int, year: int) -> str:
    """The name in that year: some practices took another in the last one."""
    if year < LAST_YEAR and number % RENAMED == 0:
        return practice.name.replace("Practice", "Surgery")
    return practice.name


def fingertips_rows(geography: Geography, drawn: Registers, registry: Registry) -> Iterator[str]:
    """What Fingertips shows of some registers: the same counts, for more areas and years."""
    shown = {fact.indicator_id: fact for fact in facts(registry, "fingertips").values()}
    groups = facts(registry, "qof")
    upper = geography.down_to("sub_icb")
    for group in (*SHOWN_TO_PRACTICES, *SHOWN_TO_SUB_ICBS):
        fact = shown[groups[group].indicator_id]
        count, lists = (geography.summed(figures) for figures in drawn[group])
        places = geography if group in SHOWN_TO_PRACTICES else upper
        seen = slice(len(places.places))
        block = counted(fact, count[:, seen], count[:, seen], lists[:, seen])
        yield from rows(fact, "Persons", list(YEARS), block, places)


def areas_json(geography: Geography) -> str:
    """Made-up practices and networks as FingertipsNext lists areas, a line each."""
    lines = [json.dumps(_area(place)) for place in geography.places if place.kind in AREA_TYPES]
    return "[" + ",\n".join(lines) + "]\n"


def _area(place: Place) -> dict[str, object]:
    label, level = AREA_TYPES[place.kind]
    return {
        **{f"addressLine{number}": None for number in range(1, 5)},
        "postcode": None,
        "areaType": label,
        "latitude": 0,
        "longitude": 0,
        "hierarchyType": "NHS",
        "parentAreas": [{"areaCode": place.parent}],
        "childAreas": [],
        "level": level,
        "areaCode": place.code,
        "areaName": place.name,
    }

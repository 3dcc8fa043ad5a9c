"""The made-up country: real area codes, with people and deprivation that are drawn by chance."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dagster_project.registry.registry import Registry, live_areas
from dagster_project.registry.rules import Row

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

ENGLAND = "E92000001"
TODAY = "2023-04-01"
POPULATION_YEAR = 2019
GROWTH = 0.006
# People in an area of each kind, in the middle of the draw.
TYPICAL_POPULATION = {
    "county": 720_000,
    "unitary": 225_000,
    "metropolitan_district": 300_000,
    "london_borough": 265_000,
}
# These two are tiny in truth as well, and tiny areas are where publishers hide figures.
TINY = {"E09000001": 8_400, "E06000053": 2_000}
SMALLEST = 38_000

DECILES = (
    "Most deprived",
    "Second most deprived",
    "Third more deprived",
    "Fourth more deprived",
    "Fifth more deprived",
    "Fifth less deprived",
    "Fourth less deprived",
    "Third less deprived",
    "Second least deprived",
    "Least deprived",
)
DECILE_TYPE = "County & UA deprivation deciles in England (IMD2019, 4/21 geography)"

PRACTICES = 600
FEWEST_PRACTICES = 4
PRACTICES_A_NETWORK = 3
TYPICAL_LIST = 8_900


@dataclass(frozen=True)
class Place:
    """An area, or a group of areas such as a deprivation decile, as a publisher shows it."""

    code: str
    name: str
    kind: str
    parent: str = ""
    category_type: str = ""
    category: str = ""


@dataclass(frozen=True)
class Geography:
    """Places from England down to the smallest (the leaves), of which all others are sums.

    `members` says which leaves each place is the sum of, `parent` which place each leaf's parent
    is. England is the first place; the leaves stand together from `first_leaf` on, and groups of
    them come after.
    """

    places: tuple[Place, ...]
    members: tuple[Whole, ...]
    parent: Whole
    first_leaf: int
    population: Real
    deprivation: Real

    @property
    def leaves(self) -> slice:
        """Where among the places the leaves are."""
        return slice(self.first_leaf, self.first_leaf + len(self.parent))

    def summed(self, figures: Real) -> Real:
        """Leaves' figures (years by leaves) summed to every place; exact for counts."""
        sums = np.empty((len(figures), len(self.places)))
        sums[:, self.leaves] = figures
        for number, leaves in enumerate(self.members):
            if not self.leaves.start <= number < self.leaves.stop:
                sums[:, number] = figures[:, leaves].sum(axis=1)
        return sums

    def people(self, year: int) -> Real:
        """How many people each leaf has in that year."""
        return np.rint(self.population * (1 + GROWTH * (year - POPULATION_YEAR)))

    def with_groups(self, groups: dict[Place, NDArray[np.bool_]]) -> Geography:
        """The same with a further place for each group of leaves."""
        members = [np.flatnonzero(group) for group in groups.values()]
        return replace(self, places=(*self.places, *groups), members=(*self.members, *members))

    def down_to(self, kind: str) -> Geography:
        """The first places, down to those of `kind`, which are its leaves."""
        last = max(number for number, place in enumerate(self.places) if place.kind == kind)
        places = list(self.places[: last + 1])
        first = next(number for number, place in enumerate(places) if place.kind == kind)
        figures = np.array([self.population, self.population * self.deprivation])
        people, weighted = self.summed(figures)[:, first : last + 1]
        return _tree(places, first, people, settled(weighted / people))


def generator(seed: int, *names: str) -> np.random.Generator:
    """A stream of chance of its own for each name: a new indicator changes no other's figures."""
    return np.random.Generator(
        np.random.PCG64([seed, *(zlib.crc32(name.encode()) for name in names)])
    )


def settled(drawn: Real, decimals: int = 3) -> Real:
    """Rounded, so that the last bits of one machine's logarithms can't reach a figure."""
    return np.round(drawn, decimals)


def councils(registry: Registry, seed: int, day: str = TODAY) -> Geography:
    """England, its regions and the upper-tier authorities that exist on `day`.

    People and deprivation are drawn once, for the authorities of `TODAY`; one that has ended has
    the people of its successors.
    """
    drawn = _drawn_councils(live_areas(registry, TODAY, "utla"), seed)
    areas = live_areas(registry, day, "utla")
    parts = [_today(area, drawn) for area in areas]
    population = np.array([sum(people for people, _ in part) for part in parts])
    deprivation = [sum(people * degree for people, degree in part) for part in parts]
    places = [
        _place(area) for kind in ("england", "region") for area in live_areas(registry, day, kind)
    ]
    return _tree(
        [*places, *map(_place, areas)],
        len(places),
        population,
        settled(np.array(deprivation) / population),
    )


def _drawn_councils(areas: tuple[Row, ...], seed: int) -> dict[str, tuple[float, float]]:
    """People and deprivation of each area; neighbours in a region are a little alike."""
    chance = generator(seed, "councils")
    size = chance.normal(0, 0.42, len(areas))
    typical = np.array([TYPICAL_POPULATION[area["area_kind"]] for area in areas])
    people = np.maximum(np.round(typical * np.exp(size), -2), SMALLEST)
    regions = sorted({area["region_code"] for area in areas})
    of_region = dict(zip(regions, chance.normal(0, 0.45, len(regions)).tolist(), strict=True))
    own = chance.normal(0, 0.9, len(areas))
    shared = np.array([of_region[area["region_code"]] for area in areas])
    return {
        area["area_code"]: (float(TINY.get(area["area_code"], number)), degree)
        for area, number, degree in zip(
            areas, people.tolist(), settled(own + shared).tolist(), strict=True
        )
    }


def _today(area: Row, drawn: dict[str, tuple[float, float]]) -> list[tuple[float, float]]:
    if area["area_code"] in drawn:
        return [drawn[area["area_code"]]]
    return [drawn[code] for code in area["successor_codes"].split("|")]


def deciles(geography: Geography) -> dict[Place, NDArray[np.bool_]]:
    """Ten groups of leaves, from the most deprived to the least, as places of England."""
    count = len(geography.deprivation)
    order = np.argsort(-geography.deprivation, kind="stable")
    decile = np.empty(count, dtype=np.int64)
    decile[order] = np.arange(count) * len(DECILES) // count
    england = geography.places[0]
    return {
        replace(england, category_type=DECILE_TYPE, category=f"{name} decile (IMD2019)"): (
            decile == number
        )
        for number, name in enumerate(DECILES)
    }


def practices(registry: Registry, seed: int) -> Geography:
    """England, NHS regions, ICBs and sub-ICB locations, with made-up networks and practices."""
    places = [
        _place(area)
        for kind in ("england", "nhs_region", "icb", "sub_icb")
        for area in live_areas(registry, TODAY, kind)
    ]
    chance = generator(seed, "practices")
    homes = [place.code for place in places if place.kind == "sub_icb"]
    more = PRACTICES - FEWEST_PRACTICES * len(homes)
    number = FEWEST_PRACTICES + chance.multinomial(more, [1 / len(homes)] * len(homes))
    networks, members = _networks(homes, number.tolist())
    size = np.rint(TYPICAL_LIST * np.exp(chance.normal(0, 0.5, len(members))))
    return _tree(
        [*places, *networks, *members],
        len(places) + len(networks),
        np.clip(size, 1_600, 42_000),
        settled(chance.normal(0, 1, len(members))),
    )


def _networks(homes: list[str], number: list[int]) -> tuple[list[Place], list[Place]]:
    """Practices by threes in networks, none of which crosses from one sub-ICB to another."""
    networks: list[Place] = []
    members: list[Place] = []
    for home, count in zip(homes, number, strict=True):
        for nth in range(count):
            if nth % PRACTICES_A_NETWORK == 0:
                name = f"Made-up Network {len(networks) + 1:04d} (synthetic)"
                networks.append(Place(f"U9{len(networks) + 1:04d}", name, "pcn", home))
            name = f"Made-up Practice {len(members) + 1:04d} (synthetic)"
            code = f"Z9{len(members) + 1:04d}"
            members.append(Place(code, name, "practice", networks[-1].code))
    return networks, members


def _place(area: Row) -> Place:
    return Place(area["area_code"], area["area_name"], area["area_type"], area["parent_code"])


def _tree(places: list[Place], first_leaf: int, population: Real, deprivation: Real) -> Geography:
    column = {place.code: number for number, place in enumerate(places)}
    inside: list[list[int]] = [[] for _ in places]
    for leaf, place in enumerate(places[first_leaf:]):
        code = place.code
        while code:
            inside[column[code]].append(leaf)
            code = places[column[code]].parent
    parent = np.array([column[place.parent] for place in places[first_leaf:]], dtype=np.int64)
    members = tuple(np.array(leaves, dtype=np.int64) for leaves in inside)
    return Geography(tuple(places), members, parent, first_leaf, population, deprivation)

"""Made-up Adult Social Care Outcomes Framework files, in the layout with `Measure_Value`.

Two years on either side of the change of codes: 3A is satisfaction in 2022-23 and control over
daily life in 2023-24.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dagster_project.registry.registry import Registry
from dagster_project.sample.facts import Fact, facts
from dagster_project.sample.figures import Z_95, Block, hidden, ratio
from dagster_project.sample.fingertips import cell
from dagster_project.sample.fingertips import rows as fingertips_rows
from dagster_project.sample.recipes import CARE, CareRecipe
from dagster_project.sample.world import Geography, Place, Real, councils, generator, settled

HEADER = (
    "Geographical_Code,Geographical_Description,Geographical_Level,ONS_Code,ASCOF_Measure_Code,"
    "Disaggregation_Level,Measure_Type,Measure_Value,Measure_Group,Measure_Group_Description"
)
EDITIONS = {2022: "to 2022/23", 2023: "from 2023/24"}
LEVELS = {
    "england": "England",
    "region": "Region",
    "utla": "Council",
    "council_type": "Council Type",
}
SHORT = {"england": "E", "region": "R", "utla": "C", "council_type": "T"}
COUNCIL_TYPES = {"E06": "Unitary Authority", "E08": "Metropolitan District", "E10": "Shire County"}
LONDON = "London Borough"
# The publisher rounds what comes from a survey to the nearest 5.
NEAREST = 5
FEWEST = 4
# The part of councils that runs no survey in a year, and of women among those who get care.
NOT_ASKED = 0.02
FEMALE_SHARE = 0.56
NO_REABLEMENT = ("E06000053",)
# Fingertips' code of a measure that ASCOF and PHOF share; one council in so many was corrected, by
# that share of its people.
SHOWN_TWICE = "90280"
CORRECTED = 40
UNCORRECTED = 0.02
CONFIDENTIAL, NOT_AVAILABLE, NOT_APPLICABLE = "[c]", "[x]", "[z]"
SUFFIXES = {"Total": "", "Female": "F", "Male": "M"}


Triple = tuple[Real, ...]
Marks = NDArray[np.str_]


@dataclass(frozen=True)
class Year:
    """What one year's file is drawn for. `numbers` tells the councils apart in any year."""

    seed: int
    year: int
    geography: Geography
    numbers: NDArray[np.int64]
    all_councils: int


@dataclass(frozen=True)
class Cells:
    """One measure and cut, for every place; a marker, where there is one, hides all its cells."""

    numerator: Real
    denominator: Real
    base: Real | None
    markers: Marks


def rows(registry: Registry, seed: int, year: int) -> Iterator[str]:
    """The rows of one year's file, a measure after the other."""
    drawn_for = _year(registry, seed, year)
    recipes = {recipe.indicator_id: recipe for recipe in CARE}
    places = _place_texts(drawn_for.geography.places)
    yield HEADER
    for code, fact in sorted(facts(registry, "ascof", EDITIONS[year]).items()):
        if fact.indicator_id in recipes:
            recipe = recipes[fact.indicator_id]
            measure = f"{code},{cell(f'{fact.name} (synthetic)')}"
            for cut, cells in _measure(recipe, fact, drawn_for).items():
                columns = _columns(recipe, fact, cells)
                yield from _cells_rows(places, f"{code}{SUFFIXES[cut]},{cut}", columns, measure)


def shown_by_fingertips(registry: Registry, seed: int) -> Iterator[str]:
    """The newer year of one measure as Fingertips gives it too.

    Unrounded, and for a few councils as it was before it was corrected.
    """
    fact = facts(registry, "fingertips")[SHOWN_TWICE]
    recipe = next(recipe for recipe in CARE if recipe.indicator_id == fact.indicator_id)
    year = max(EDITIONS)
    places = councils(registry, seed, f"{year}-04-01")
    cells = _measure(recipe, fact, _year(registry, seed, year))["Total"]
    seen = slice(len(places.places))
    gaps = cells.markers[seen] != ""
    counted = cells.numerator[places.leaves].copy()
    counted[::CORRECTED] -= np.rint(UNCORRECTED * cells.denominator[places.leaves][::CORRECTED])
    count, total, base = (
        np.where(gaps, np.nan, figures)
        for figures in (
            places.summed(counted[None, :])[0],
            cells.denominator[seen],
            _base(cells)[seen],
        )
    )
    share = ratio(count, total)
    margin = Z_95 * np.sqrt(share * (1 - share) / base)
    none = np.full(share.shape, np.nan)
    limits = [100 * (share - margin), 100 * (share + margin), none, none]
    block = Block(*(figure[None, :] for figure in (100 * share, *limits, count, total)))
    yield from fingertips_rows(fact, "Persons", [year], block, places)


def _year(registry: Registry, seed: int, year: int) -> Year:
    geography = _with_council_types(councils(registry, seed, f"{year}-04-01"))
    known = [area["area_code"] for area in registry.areas if area["area_type"] == "utla"]
    present = [place.code for place in geography.places[geography.leaves]]
    numbers = np.array([known.index(code) for code in present], dtype=np.int64)
    return Year(seed, year, geography, numbers, len(known))


def _with_council_types(geography: Geography) -> Geography:
    kinds = [
        COUNCIL_TYPES.get(place.code[:3], LONDON) for place in geography.places[geography.leaves]
    ]
    groups = {
        Place("-", name, "council_type"): np.array([kind == name for kind in kinds])
        for name in sorted(set(kinds))
    }
    return geography.with_groups(groups)


def _place_texts(places: tuple[Place, ...]) -> list[str]:
    """Code, name, level and ONS code of each place; the first code is our own, as in R01, C001."""
    seen: dict[str, int] = {}
    texts = []
    for place in places:
        seen[place.kind] = seen.get(place.kind, 0) + 1
        short = f"{SHORT[place.kind]}{seen[place.kind]:03d}"
        texts.append(f"{short},{cell(place.name)},{LEVELS[place.kind]},{place.code}")
    return texts


def _measure(recipe: CareRecipe, fact: Fact, of: Year) -> dict[str, Cells]:
    """The cells of a measure by cut; the total is the sum of both sexes where they are shown."""
    geography = of.geography
    chance = generator(of.seed, "ascof", recipe.indicator_id, str(of.year))
    # A council's own ways are those of the measure, not of the year.
    own = generator(of.seed, "ascof", recipe.indicator_id).normal(0, 1, of.all_councils)
    off = settled(recipe.gradient * (geography.deprivation + 0.6 * own[of.numbers]))
    takes_part = np.full(len(off), True)
    if recipe.base:
        takes_part = (chance.random(len(off)) > NOT_ASKED) & (of.year in recipe.survey_years)
    people = geography.people(of.year) * takes_part
    cuts = {"Female": FEMALE_SHARE, "Male": 1 - FEMALE_SHARE} if recipe.by_sex else {"Total": 1.0}
    drawn = {cut: _drawn(recipe, fact, people * part, off, chance) for cut, part in cuts.items()}
    if recipe.by_sex:
        both = zip(*drawn.values(), strict=True)
        drawn = {"Total": tuple(one + other for one, other in both), **drawn}
    markers = _markers(recipe, fact, drawn, geography)
    return {cut: _summed(recipe, drawn[cut], markers[cut], geography) for cut in drawn}


def _drawn(
    recipe: CareRecipe, fact: Fact, people: Real, off: Real, chance: np.random.Generator
) -> Triple:
    """Numerator, denominator and respondents of each council."""
    if recipe.base:
        return _surveyed(recipe, people, off, chance)
    total: Real = np.rint(people * recipe.share)
    level = recipe.level / fact.multiplier
    if fact.is_proportion:
        odds = level / (1 - level) * np.exp(off)
        events = chance.binomial(total.astype(np.int64), odds / (1 + odds))
    else:
        events = chance.poisson(total * level * np.exp(off))
    return events.astype(np.float64), total, total


def _surveyed(recipe: CareRecipe, people: Real, off: Real, chance: np.random.Generator) -> Triple:
    """The same from those who answered, weighted up to all who could have."""
    total = _to_nearest(people * recipe.share)
    asked = np.minimum(_to_nearest(people * recipe.base), total)
    if recipe.deviation:
        noise = np.nan_to_num(recipe.deviation * ratio(np.ones(len(asked)), np.sqrt(asked)))
        mean = settled(recipe.level + off + noise * chance.normal(0, 1, len(asked)), 5)
        return np.rint(mean * total), total, asked
    odds = recipe.level / (100 - recipe.level) * np.exp(off)
    answers = chance.binomial(asked.astype(np.int64), odds / (1 + odds)).astype(np.float64)
    return _to_nearest(np.nan_to_num(ratio(answers, asked)) * total), total, asked


def _to_nearest(figures: Real) -> Real:
    return np.asarray(NEAREST * np.rint(figures / NEAREST), dtype=np.float64)


def _markers(
    recipe: CareRecipe, fact: Fact, drawn: dict[str, Triple], geography: Geography
) -> dict[str, Marks]:
    """What stands in a council's place: few people, nobody asked, or no such service."""
    smallest = np.minimum.reduce([figures[2] for figures in drawn.values()])
    few = hidden(smallest[None, :], NEAREST if recipe.base else FEWEST, geography.parent)[0]
    codes = [place.code for place in geography.places[geography.leaves]]
    without = np.isin(codes, NO_REABLEMENT) & ("reablement" in fact.indicator_id)
    found = {}
    for cut, (_, total, asked) in drawn.items():
        # Where both sexes are hidden their total gives neither away.
        hides = few & (cut != "Total") if recipe.by_sex else few
        marks = np.where(hides, CONFIDENTIAL, "")
        marks = np.where((total == 0) | (asked == 0), NOT_AVAILABLE, marks)
        found[cut] = np.where(without, NOT_APPLICABLE, marks)
    return found


def _base(cells: Cells) -> Real:
    """Who answered; of a return, who is counted."""
    return cells.denominator if cells.base is None else cells.base


def _summed(recipe: CareRecipe, drawn: Triple, marks: Marks, geography: Geography) -> Cells:
    counts = np.where((marks == NOT_AVAILABLE) | (marks == NOT_APPLICABLE), 0, np.array(drawn))
    numerator, denominator, base = geography.summed(counts)
    everywhere = np.where(denominator > 0, "", NOT_AVAILABLE).astype("<U3")
    everywhere[geography.leaves] = marks
    return Cells(numerator, denominator, base if recipe.base else None, everywhere)


def _columns(recipe: CareRecipe, fact: Fact, cells: Cells) -> dict[str, list[str]]:
    """The text of each measure type, place by place."""
    decimals = 3 if recipe.level < 1 else 1
    share = ratio(cells.numerator, cells.denominator)
    columns = {"Outcome": _texts(fact.multiplier * share, decimals, cells.markers)}
    columns["Numerator"] = _texts(cells.numerator, 0, cells.markers)
    columns["Denominator"] = _texts(cells.denominator, 0, cells.markers)
    if cells.base is not None:
        deviation = recipe.deviation or 100 * np.sqrt(np.clip(share * (1 - share), 0, None))
        margin = Z_95 * deviation * ratio(np.ones(share.shape), np.sqrt(cells.base))
        columns["Base"] = _texts(cells.base, 0, cells.markers)
        columns["Margin Of Error"] = _texts(margin, decimals, cells.markers)
    return columns


def _texts(figures: Real, decimals: int, markers: Marks) -> list[str]:
    """Figures rounded half away from zero, as the publisher does; markers in place of some."""
    scale = 10**decimals
    rounded = np.floor(np.nan_to_num(figures) * scale + 0.5) / scale
    return [
        mark or f"{figure:.{decimals}f}"
        for figure, mark in zip(rounded.tolist(), markers.tolist(), strict=True)
    ]


def _cells_rows(
    places: list[str], code: str, columns: dict[str, list[str]], measure: str
) -> Iterator[str]:
    for number, place in enumerate(places):
        for kind, texts in columns.items():
            yield f"{place},{code},{kind},{texts[number]},{measure}"

"""Made-up Fingertips extracts, in the layout of 27 columns with "Time period range"."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dagster_project.sample.draws import draw
from dagster_project.sample.facts import Fact, period_label
from dagster_project.sample.figures import Block, hidden
from dagster_project.sample.recipes import Recipe
from dagster_project.sample.world import Geography, Place, Real, Whole

HEADER = (
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,"
    "Category Type,Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,"
    "Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,Value note,Recent Trend,"
    "Compared to England value or percentiles,Compared to percentiles,Time period Sortable,"
    "New data,Compared to goal,Time period range"
)
MADE_UP = "Synthetic: made-up figure"
# The publisher's own words come first: that is how a note is understood.
NOTES = (
    MADE_UP,
    f"Aggregated from all known lower geography values; {MADE_UP}",
    f"Value suppressed for disclosure control due to small count; {MADE_UP}",
    f"Value cannot be calculated as number of cases is too small; {MADE_UP}",
    f"Value missing in source data; {MADE_UP}",
    f"Value missing due to small sample size; {MADE_UP}",
)
PLAIN, AGGREGATED, HIDDEN, TOO_FEW, MISSING, SMALL_SAMPLE = range(len(NOTES))
FEWEST_STANDARDISED = 10
FEWEST_RESPONDENTS = 30
FEWEST_PEOPLE = 10_000
LABELS = {
    "england": "England",
    "region": "Regions (statistical)",
    "utla": "Counties & UAs (from Apr 2023)",
    "nhs_region": "NHS regions",
    "icb": "ICBs",
    "sub_icb": "ICB sub-locations",
    "pcn": "PCNs (v. 28/07/22)",
    "practice": "GPs",
}
# Fingertips writes an n before the codes of these.
WITH_N = ("icb", "sub_icb")
WORDS = {
    "higher_is_better": ("Worse", "Similar", "Better"),
    "lower_is_better": ("Better", "Similar", "Worse"),
    "no_judgement": ("Lower", "Similar", "Higher"),
}


# Made-up goals: what Fingertips holds of its own isn't in its files, only how a value stands to it.
GOALS = {"30310": 95.0}


@cache
def cell(text: str) -> str:
    """A text as it stands in a CSV file; nothing where it is empty."""
    if not text:
        return ""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="").writerow([text])
    return stream.getvalue()


def drawn_rows(recipe: Recipe, fact: Fact, geography: Geography, seed: int) -> Iterator[str]:
    """The rows of one indicator whose figures are drawn here."""
    first = recipe.last - recipe.periods - fact.pooled + 2
    starts = list(range(first, first + recipe.periods))
    for sex, block in draw(recipe, fact, geography, seed).items():
        yield from rows(fact, sex, starts, block, geography)


def rows(
    fact: Fact, sex: str, starts: list[int], block: Block, geography: Geography
) -> Iterator[str]:
    """The rows of a block: England without a parent, England again as its own, then the rest."""
    notes = _notes(fact, block, geography)
    figures = _shown(block, notes)
    compared = _compared(fact, figures[:3], figures[0][:, :1])
    goal = np.array([[GOALS.get(fact.code, np.nan)]])
    goals = _compared(fact, figures[:3], goal)
    places = _place_texts(geography.places)
    indicator = f"{fact.code},{cell(f'{fact.name} (synthetic)')}"
    for period, start in enumerate(starts):
        columns = [_decimals(figure[period]) for figure in figures[:5]]
        columns += [_wholes(figure[period]) for figure in figures[5:]]
        label = period_label(fact, start)
        for (area, cut), *numbers, note, word, beside_goal in zip(
            places, *columns, notes[period].tolist(), compared[period], goals[period], strict=True
        ):
            said = beside_goal if fact.code in GOALS else ""
            end = f"Not compared,{start}0000,,{said},{fact.pooled}y"
            middle = f"{sex},{fact.age},{cut},{label},{','.join(numbers)},{NOTES[note]}"
            if area.startswith(",,") and cut == ",":
                yield f"{indicator},{area},{middle},Cannot be calculated,Not compared,{end}"
                area = f"{geography.places[0].code},{geography.places[0].name}{area[1:]}"
            yield f"{indicator},{area},{middle},Cannot be calculated,{word},{end}"


@cache
def _place_texts(places: tuple[Place, ...]) -> list[tuple[str, str]]:
    """Parent, area and type of each place as they stand in a row; and what cuts it."""
    known = {place.code: place for place in places}
    texts = []
    for place in places:
        parent = known.get(place.parent)
        above = f"{_code(parent)},{cell(parent.name)}" if parent else ","
        area = f"{above},{_code(place)},{cell(place.name)},{cell(LABELS[place.kind])}"
        texts.append((area, f"{cell(place.category_type)},{cell(place.category)}"))
    return texts


def _code(place: Place) -> str:
    return f"n{place.code}" if place.kind in WITH_N else place.code


def _decimals(figures: Real) -> list[str]:
    return ["" if number != number else f"{number:.6f}" for number in figures.tolist()]


def _wholes(figures: Real) -> list[str]:
    return ["" if number != number else str(int(number)) for number in figures.tolist()]


def _notes(fact: Fact, block: Block, geography: Geography) -> Whole:
    """Which note stands with each figure; the later ones here outweigh the earlier."""
    notes = np.full(block.value.shape, PLAIN)
    notes[:, 1 : geography.first_leaf] = AGGREGATED
    if fact.is_standardised:
        notes[block.count < FEWEST_STANDARDISED] = TOO_FEW
    if fact.basis == "survey":
        notes[block.denominator < FEWEST_RESPONDENTS] = SMALL_SAMPLE
    leaves = geography.leaves
    if np.isnan(block.count).all() and not np.isnan(block.lower_95).all():
        notes[:, leaves][:, geography.population < FEWEST_PEOPLE] = SMALL_SAMPLE
    if fact.threshold:
        small = hidden(block.count[:, leaves], fact.threshold, geography.parent)
        notes[:, leaves][small] = HIDDEN
    notes[np.isnan(block.value)] = MISSING
    return notes


def _shown(block: Block, notes: Whole) -> list[Real]:
    """The block's figures with gaps where a note says that there is none to be seen."""
    gap = notes >= HIDDEN
    figures = [block.value, block.lower_95, block.upper_95, block.lower_998, block.upper_998]
    shown = [np.where(gap, np.nan, figure) for figure in figures]
    counts_hidden = gap & (notes != TOO_FEW)
    return shown + [
        np.where(counts_hidden, np.nan, figure) for figure in (block.count, block.denominator)
    ]


def _compared(fact: Fact, figures: list[Real], beside: Real) -> list[list[str]]:
    """The publisher's word for each value beside another, England's or a goal."""
    _, lower, upper = figures
    side: NDArray[np.int64] = 1 + (lower > beside).astype(np.int64) - (upper < beside)
    unknown = np.isnan(lower) | np.isnan(beside)
    words = (*WORDS[fact.polarity], "Not compared")
    return [[words[n] for n in row] for row in np.where(unknown, 3, side).tolist()]

"""Drawing the figures of one indicator for every place of a geography, year by year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dagster_project.sample.facts import BOTH_SEXES, Fact
from dagster_project.sample.figures import Block, counted, estimated
from dagster_project.sample.recipes import Recipe
from dagster_project.sample.world import Geography, Real, Whole, generator, settled

MALE_SHARE = 0.491
REFERENCE_PEOPLE = 250_000
# How much of an area's own difference it gains or loses in a year, and how years differ.
DRIFT = 0.06
YEARLY = 0.1


@dataclass(frozen=True)
class Drawn:
    """Leaves' figures of one sex, years by leaves.

    For counts: `amount` the count, `weighted` the count once standardised, `base` the denominator.
    For estimates: `amount` the value and `base` its standard error.
    """

    amount: Real
    weighted: Real
    base: Real


def draw(recipe: Recipe, fact: Fact, geography: Geography, seed: int) -> dict[str, Block]:
    """The blocks of one indicator, by sex; England, regions and groups are sums of the leaves."""
    chance = generator(seed, "fingertips", recipe.code)
    first = recipe.last - recipe.periods - fact.pooled + 2
    years = np.arange(first, recipe.last + 1)
    people = np.array([geography.people(year) for year in years.tolist()])
    latent = _latent(recipe, geography, years, chance)
    if recipe.share == 0:
        parts = _estimates(recipe, fact, people, latent, chance)
        return {
            sex: _block_of_estimates(fact, part, people, geography) for sex, part in parts.items()
        }
    parts = _counts(recipe, fact, people, latent, chance)
    return {sex: _block_of_counts(fact, part, geography) for sex, part in parts.items()}


def _latent(
    recipe: Recipe, geography: Geography, years: Whole, chance: np.random.Generator
) -> Real:
    """How far each leaf is off England's level each year: deprivation, own ways, trend, chance."""
    leaves = len(geography.deprivation)
    since = (years - recipe.last)[:, None]
    own = recipe.spread * chance.normal(0, 1, leaves)
    drift = recipe.spread * DRIFT * chance.normal(0, 1, leaves)
    yearly = recipe.spread * YEARLY * chance.normal(0, 1, len(years))[:, None]
    off = recipe.gradient * geography.deprivation + own + since * (recipe.trend + drift) + yearly
    return settled(off, 5)


def sexes_of(recipe: Recipe, fact: Fact) -> tuple[str, ...]:
    """The sexes that are drawn; persons are the sum of two that were."""
    if fact.headline_sex == "|".join(BOTH_SEXES) or recipe.female is not None:
        return BOTH_SEXES
    return (fact.headline_sex or "Persons",)


def _tilt(recipe: Recipe, sex: str, sexes: tuple[str, ...]) -> float:
    """How far one of two sexes is off the middle of both."""
    if len(sexes) == 1 or recipe.female is None:
        return 0.0
    return recipe.female / 2 if sex == "Female" else -recipe.female / 2


def _counts(
    recipe: Recipe, fact: Fact, people: Real, latent: Real, chance: np.random.Generator
) -> dict[str, Drawn]:
    leaves = len(latent[0])
    # Everybody is everybody; but groups of people aren't the same part of each area.
    jitter = np.where(recipe.share == 1, 1, 1 + settled(0.07 * chance.normal(0, 1, leaves)))
    ages = settled(np.exp(0.1 * chance.normal(0, 1, leaves)))
    case_mix = ages if fact.is_standardised else np.ones(leaves)
    everyone = np.rint(people * recipe.share * jitter)
    sexes = sexes_of(recipe, fact)
    men = np.rint(everyone * MALE_SHARE)
    drawn = {}
    for sex in sexes:
        base = everyone if len(sexes) == 1 else men if sex == "Male" else everyone - men
        amount = _events(recipe, fact, base, latent + _tilt(recipe, sex, sexes), chance)
        drawn[sex] = Drawn(amount, amount * case_mix, base)
    if len(sexes) == 1 or fact.headline_sex == "|".join(BOTH_SEXES):
        return drawn
    male, female = (drawn[sex] for sex in BOTH_SEXES)
    persons = Drawn(
        male.amount + female.amount, male.weighted + female.weighted, male.base + female.base
    )
    return {"Persons": persons, **drawn}


def _events(
    recipe: Recipe, fact: Fact, base: Real, latent: Real, chance: np.random.Generator
) -> Real:
    level = recipe.level / fact.multiplier
    if fact.value_type == "count":
        return base
    if fact.is_proportion:
        odds = level / (1 - level) * np.exp(latent)
        return chance.binomial(base.astype(np.int64), odds / (1 + odds)).astype(np.float64)
    return chance.poisson(base * level * np.exp(latent)).astype(np.float64)


def _estimates(
    recipe: Recipe, fact: Fact, people: Real, latent: Real, chance: np.random.Generator
) -> dict[str, Drawn]:
    sexes = sexes_of(recipe, fact)
    error = recipe.error * np.sqrt(REFERENCE_PEOPLE / people)
    drawn = {}
    for sex in sexes:
        noise = error * chance.normal(0, 1, latent.shape)
        value = settled(recipe.level + latent + _tilt(recipe, sex, sexes) + noise, 5)
        drawn[sex] = Drawn(value, value, error)
    return drawn


def _pooled(figures: Real, years: int) -> Real:
    """Sums over each run of `years` years."""
    windows = np.lib.stride_tricks.sliding_window_view(figures, years, axis=0)
    return np.asarray(windows.sum(axis=-1))


def _block_of_counts(fact: Fact, part: Drawn, geography: Geography) -> Block:
    count, weighted, base = (
        geography.summed(_pooled(figures, fact.pooled))
        for figures in (part.amount, part.weighted, part.base)
    )
    return counted(fact, count, weighted, base)


def _block_of_estimates(fact: Fact, part: Drawn, people: Real, geography: Geography) -> Block:
    """A place's estimate is the mean over its people, and as certain as a mean is."""
    total = geography.summed(_pooled(people, fact.pooled))
    value = geography.summed(_pooled(people * part.amount, fact.pooled)) / total
    squares = geography.summed(_pooled((people * part.base) ** 2, fact.pooled))
    return estimated(fact, value, np.sqrt(squares) / total)

"""Values and limits that follow from made-up counts, and which of them are hidden."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dagster_project.sample.facts import Fact
from dagster_project.sample.world import Real, Whole

Z_95 = 1.959963984540054
Z_998 = 3.090232306167813
DECIMALS = 6
# With one weight for each age a rate is a little less certain than its count alone would say.
AGE_WEIGHTS = 1.08
WITH_998 = ("wilson", "byar", "dobson_byar")
WITHOUT_LIMITS = ("none",)


@dataclass(frozen=True)
class Block:
    """The figures of one indicator and sex, periods by places; NaN where there is no figure."""

    value: Real
    lower_95: Real
    upper_95: Real
    lower_998: Real
    upper_998: Real
    count: Real
    denominator: Real


def ratio(above: Real, below: Real) -> Real:
    """One over the other; NaN where there is nothing to divide by."""
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0))


def wilson(count: Real, total: Real, z: float) -> tuple[Real, Real]:
    """Wilson's limits of a proportion, as proportions; NaN where the total is 0."""
    share = ratio(count, total)
    middle = 2 * count + z * z
    width = z * np.sqrt(z * z + 4 * count * (1 - share))
    below = 2 * (total + z * z)
    return np.maximum((middle - width) / below, 0), np.minimum((middle + width) / below, 1)


def byar(count: Real, z: float) -> tuple[Real, Real]:
    """Byar's limits of a count that follows Poisson's law."""
    some = np.maximum(count, 1)
    lower = some * np.maximum(1 - 1 / (9 * some) - z / (3 * np.sqrt(some)), 0) ** 3
    upper = (count + 1) * (1 - 1 / (9 * (count + 1)) + z / (3 * np.sqrt(count + 1))) ** 3
    return np.where(count > 0, lower, 0), upper


def counted(fact: Fact, count: Real, weighted: Real, total: Real) -> Block:
    """The block that follows from counts.

    `weighted` is what the counts come to once they are standardised: the counts themselves where
    nothing is.
    """
    if fact.value_type == "count":
        nothing = np.full(count.shape, np.nan)
        return Block(count, nothing, nothing, nothing, nothing, count, nothing)
    value = fact.multiplier * ratio(weighted, total)
    lower_95, upper_95 = _limits(fact, count, weighted, total, Z_95)
    lower_998, upper_998 = _limits(fact, count, weighted, total, Z_998)
    if fact.ci_method not in WITH_998:
        lower_998 = upper_998 = np.full(count.shape, np.nan)
    return Block(
        np.round(value, DECIMALS),
        np.round(lower_95, DECIMALS),
        np.round(upper_95, DECIMALS),
        np.round(lower_998, DECIMALS),
        np.round(upper_998, DECIMALS),
        count,
        total,
    )


def _limits(fact: Fact, count: Real, weighted: Real, total: Real, z: float) -> tuple[Real, Real]:
    if fact.ci_method in WITHOUT_LIMITS:
        nothing = np.full(count.shape, np.nan)
        return nothing, nothing
    if fact.is_proportion:
        lower, upper = wilson(count, total, z)
        return fact.multiplier * lower, fact.multiplier * upper
    fewest, most = byar(count, z)
    # Dobson: the standardised rate, give or take what the count's own limits differ from it.
    scale = np.where(count > 0, ratio(weighted, count), 1)
    scale = fact.multiplier * scale * (AGE_WEIGHTS if fact.is_standardised else 1)
    value = fact.multiplier * ratio(weighted, total)
    lower = np.maximum(value - scale * ratio(count - fewest, total), 0)
    return lower, value + scale * ratio(most - count, total)


def estimated(fact: Fact, value: Real, error: Real) -> Block:
    """The block of an estimate that has a standard error and no counts."""
    nothing = np.full(value.shape, np.nan)
    lower, upper = value - Z_95 * error, value + Z_95 * error
    if fact.ci_method in WITHOUT_LIMITS:
        lower = upper = nothing
    value, lower, upper = (np.round(figure, DECIMALS) for figure in (value, lower, upper))
    return Block(value, lower, upper, nothing, nothing, nothing, nothing)


def hidden(size: Real, threshold: int, parent: Whole) -> NDArray[np.bool_]:
    """Which leaves' figures are hidden: those with a size from 1 to `threshold`, and a second one.

    `size` is periods by leaves. Where only one of a parent's leaves is hidden, the next smallest
    goes with it: else the parent's sum, less the others, would give it away.
    """
    small = (size >= 1) & (size <= threshold)
    for period in np.flatnonzero(small.any(axis=1)):
        for family in np.unique(parent[small[period]]):
            of_family = np.flatnonzero(parent == family)
            if small[period, of_family].sum() == 1:
                others = of_family[~small[period, of_family] & (size[period, of_family] > 0)]
                small[period, others[np.argsort(size[period, others], kind="stable")][:1]] = True
    return small

"""A made-up county, and the start of its life table in plain Python."""

from __future__ import annotations

AGES = [0, 1, *range(5, 91, 5)]
# Years of each band, and how much of it those live who die in it.
SHAPES = [(1, 0.1), (4, 0.5), *[(5, 0.5)] * 18]
Z = {"95": 1.959963984540054, "998": 3.090232306167813}

DEATHS = [4, 1, 1, 1, 3, 5, 6, 8, 11, 16, 25, 38, 55, 80, 125, 190, 290, 420, 480, 560]
PEOPLE = [
    *(1100, 4500, 5800, 5900, 5600, 5900, 6400, 6700, 6800, 6500),
    *(7000, 7300, 6700, 5900, 5600, 5300, 4100, 2900, 1700, 1200),
]
HEALTHY = [19, 48, 57, 56, 54, 52, 51, 50, 49, 47, 45, 43, 40, 37, 35, 32, 28, 25, 21, 8]
SAMPLE = [20, 50, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 30]


def county(survey: bool = False) -> str:
    """The county as a table written as text."""
    names = ["area", "age", "numerator", "denominator"] + ["healthy", "sample"] * survey
    columns = [AGES, DEATHS, PEOPLE] + [HEALTHY, SAMPLE] * survey
    rows = [" | ".join(("A", *map(str, row))) for row in zip(*columns, strict=True)]
    return "\n".join([" | ".join(names), *rows])


def chances(deaths: list[float], people: list[float]) -> list[float]:
    """The chance to die in each band."""
    found = []
    for (n, a), d, p in zip(SHAPES, deaths, people, strict=True):
        alive = d <= p / n / a and len(found) < 19
        found.append(n * d / p / (1 + n * d / p * (1 - a)) if alive else 1.0)
    return found


def survivors(chances: list[float]) -> list[float]:
    """Of 100,000 born, those alive at the start of each band."""
    alive = [100_000.0]
    for chance in chances[:-1]:
        alive.append(alive[-1] * (1 - chance))
    return alive

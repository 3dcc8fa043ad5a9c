"""Clean extracts, made up: a Fingertips file an indicator, five years, England to upper tier.

Parts make their whole (sexes, areas to regions to England), limits follow from counts by the method
that the registry names, and years move by chance alone. What is damaged afterwards is known
against these, cell by cell.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from scipy.stats import chi2

from dagster_project.home import PROJECT_ROOT
from dagster_project.sample.fingertips import HEADER

COLUMNS = tuple(HEADER.split(","))
(
    CODE, NAME, PARENT, PARENT_NAME, AREA, AREA_NAME, AREA_TYPE, SEX, AGE, CATEGORY_TYPE, CATEGORY,
    PERIOD, VALUE, LOWER, UPPER, LOWER_998, UPPER_998, COUNT, DENOMINATOR, NOTE, TREND,
    COMPARED, COMPARED_PARENT, SORTABLE, NEW, GOAL, RANGE,
) = COLUMNS  # fmt: skip
# Five years without a change among the upper tier: sums over areas can be made.
FIRST_YEAR, YEARS = 2014, 5
HIDDEN = "* Value suppressed for disclosure control due to small count"
# So few people live there that their counts are hidden.
SMALLEST = "E06000053"
LEVELS = {0.95: (LOWER, UPPER), 0.998: (LOWER_998, UPPER_998)}
NORMAL = {0.95: 1.959963984540054, 0.998: 3.090232306167813}

YEAR_TYPES = ("financial", "academic", "calendar")

Row = dict[str, str]


@dataclass(frozen=True)
class Series:
    """One indicator as its publisher knows it, and how its figures are made."""

    code: str
    indicator_id: str
    title: str
    value_type: str
    multiplier: float
    year_type: str
    sexes: tuple[str, ...] = ("Persons", "Male", "Female")
    years: tuple[int, ...] = field(default=tuple(range(FIRST_YEAR, FIRST_YEAR + YEARS)))

    @property
    def newest(self) -> str:
        """The label of the latest year."""
        return self.label(self.years[-1])

    def label(self, year: int) -> str:
        """A year as Fingertips writes it."""
        return str(year) if self.year_type == "calendar" else f"{year}/{(year + 1) % 100:02d}"


@cache
def places() -> tuple[Row, ...]:
    """England, its regions and the whole upper tier of those years, as the registry has them."""
    first, last = f"{FIRST_YEAR}-01-01", f"{FIRST_YEAR + YEARS}-03-31"
    with (PROJECT_ROOT / "seeds" / "areas.csv").open(encoding="utf-8", newline="") as stream:
        rows = [
            row for row in csv.DictReader(stream) if not row["valid_to"] or row["valid_to"] >= last
        ]
    rows = [row for row in rows if row["valid_from"] <= first]
    upper = [row for row in rows if row["is_utla"] == "true"]
    others = [row for row in rows if row["area_type"] in ("england", "region")]
    return (*others, *upper)


@cache
def available() -> tuple[Series, ...]:
    """The indicators of single years whose limits follow from their counts."""
    with (PROJECT_ROOT / "seeds" / "indicators.csv").open(encoding="utf-8", newline="") as stream:
        indicators = {row["indicator_id"]: row for row in csv.DictReader(stream)}
    path = PROJECT_ROOT / "seeds" / "indicator_sources.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        sources = [row for row in csv.DictReader(stream) if row["source_id"] == "fingertips"]
    once = {row["indicator_id"]: row for row in reversed(sources) if not row["sex"]}
    found = []
    for identifier, source in sorted(once.items()):
        row = indicators[identifier]
        is_yearly = row["year_type"] in YEAR_TYPES and row["pooled_years"] == "1"
        if is_yearly and (row["value_type"], row["ci_method"]) in (
            ("proportion", "wilson"),
            ("crude_rate", "byar"),
        ):
            found.append(
                Series(
                    source["source_code"],
                    identifier,
                    row["title"],
                    row["value_type"],
                    float(row["multiplier"]),
                    row["year_type"],
                )
            )
    return tuple(found)


def rows_of(series: Series, seed: str) -> list[Row]:
    """All rows of a series, in the order of Fingertips: a year, England first, persons first."""
    draws = random.Random(f"{seed}|{series.code}")  # noqa: S311 (made-up data, no secret)
    counts = _counts(series, draws)
    return [
        _row(series, place, sex, year, *counts[place["area_code"], sex, year])
        for year in series.years
        for place in places()
        for sex in series.sexes
    ]


def _counts(series: Series, draws: random.Random) -> dict[tuple[str, str, int], tuple[int, int]]:
    """Numerator and denominator of each area, sex and year; wholes are sums of their parts."""
    counts: dict[tuple[str, str, int], tuple[int, int]] = {}
    level = draws.uniform(0.05, 0.4) if series.value_type == "proportion" else 1.0 / 80
    for place in (row for row in places() if row["is_utla"] == "true"):
        people = 900 if place["area_code"] == SMALLEST else draws.randint(20_000, 120_000)
        tilt, sexes = draws.gauss(0, 0.15), draws.gauss(0.1, 0.02)
        for year in series.years:
            for sex, sign in (("Male", -1), ("Female", 1)):
                size = round(people * draws.uniform(0.49, 0.51))
                expected = size * level * math.exp(tilt + sign * sexes)
                events = max(0, round(draws.gauss(expected, math.sqrt(expected))))
                counts[place["area_code"], sex, year] = (min(events, size), size)
            counts[place["area_code"], "Persons", year] = _sum(
                counts[place["area_code"], sex, year] for sex in ("Male", "Female")
            )
    for whole in ("region", "england"):
        for place in (row for row in places() if row["area_type"] == whole):
            parts = [
                row["area_code"]
                for row in places()
                if row["is_utla"] == "true"
                and (whole == "england" or row["region_code"] == place["area_code"])
            ]
            for year in series.years:
                for sex in ("Persons", "Male", "Female"):
                    counts[place["area_code"], sex, year] = _sum(
                        counts[part, sex, year] for part in parts
                    )
    return counts


def _sum(pairs: Iterator[tuple[int, int]]) -> tuple[int, int]:
    both = list(pairs)
    return sum(one for one, _ in both), sum(other for _, other in both)


def _row(series: Series, place: Row, sex: str, year: int, events: int, people: int) -> Row:
    row = dict.fromkeys(COLUMNS, "")
    types = {"england": "England", "region": "Regions (statistical)"}
    row |= {
        CODE: series.code,
        NAME: series.title,
        AREA: place["area_code"],
        AREA_NAME: place["area_name"],
        AREA_TYPE: types.get(place["area_type"], "Counties & UAs (pre Apr 2019)"),
        SEX: sex,
        AGE: "All ages",
        PERIOD: series.label(year),
        TREND: "Cannot be calculated",
        COMPARED: "Not compared",
        COMPARED_PARENT: "Not compared",
        SORTABLE: f"{year}0000",
        RANGE: "1y",
    }
    if place["area_type"] != "england":
        row |= {PARENT: place["parent_code"], PARENT_NAME: "Parent"}
    if place["area_code"] == SMALLEST:
        return row | {NOTE: HIDDEN}
    return row | figures(series, events, people)


def figures(series: Series, events: int, people: int) -> Row:
    """Value, limits and counts as text, by the method that the registry names for the series."""
    row = {
        VALUE: f"{series.multiplier * events / people:.8g}",
        COUNT: str(events),
        DENOMINATOR: str(people),
    }
    for confidence, (low, high) in LEVELS.items():
        limits = wilson if series.value_type == "proportion" else byar
        lower, upper = limits(events, people, confidence)
        row |= {low: f"{series.multiplier * lower:.8g}", high: f"{series.multiplier * upper:.8g}"}
    return row


def wilson(events: int, people: int, confidence: float) -> tuple[float, float]:
    """Limits of a share (Wilson 1927)."""
    z, share = NORMAL[confidence], events / people
    middle = 2 * events + z * z
    spread = z * math.sqrt(z * z + 4 * events * (1 - share))
    return (middle - spread) / (2 * (people + z * z)), (middle + spread) / (2 * (people + z * z))


def byar(events: int, people: int, confidence: float) -> tuple[float, float]:
    """Limits of a rate: Byar's, and exact ones where events are few."""
    tail = (1 - confidence) / 2
    if events < 10:
        low = chi2.ppf(tail, 2 * events) / 2 if events else 0.0
        return low / people, chi2.isf(tail, 2 * events + 2) / 2 / people
    z, more = NORMAL[confidence], events + 1
    low = events * (1 - 1 / (9 * events) - z / (3 * math.sqrt(events))) ** 3
    high = more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3
    return low / people, high / people


def write(path: Path, rows: list[Row]) -> None:
    """After this the file holds the rows, as Fingertips' own CSV does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

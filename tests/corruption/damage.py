"""What a kind of damage is, and the words that the kinds are written in."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tests.corruption.clean import (
    AREA,
    COUNT,
    DENOMINATOR,
    LOWER,
    LOWER_998,
    NOTE,
    PERIOD,
    SEX,
    UPPER,
    UPPER_998,
    VALUE,
    Row,
    Series,
)

FIGURES = (VALUE, LOWER, UPPER, LOWER_998, UPPER_998)
COUNTS = (COUNT, DENOMINATOR)
# What says something of a cell; where these differ from the clean file, the cell was touched.
SAID = (*FIGURES, *COUNTS, NOTE)


@dataclass
class Extract:
    """The clean rows of one indicator, to be damaged: a copy that may be changed at will."""

    series: Series
    rows: list[Row]
    draws: random.Random

    def newest(self, **cells: str) -> list[Row]:
        """The rows of the latest year that have a value; `cells` narrows them by sex or area."""
        wanted = {{"sex": SEX, "area": AREA}[name]: cell for name, cell in cells.items()}
        return [
            row
            for row in self.rows
            if row[PERIOD] == self.series.newest
            and row[VALUE]
            and all(row[name] == cell for name, cell in wanted.items())
        ]

    def local(self, sex: str = "Persons") -> list[Row]:
        """The newest rows of local areas."""
        return [row for row in self.newest(sex=sex) if row[AREA].startswith(("E06", "E08", "E09"))]

    def one(self, sex: str = "Persons") -> Row:
        """The newest row of one local area, whichever."""
        return self.draws.choice(self.local(sex))

    def before(self, row: Row) -> Row:
        """The row of the same cell a year earlier."""
        year = int(row[PERIOD][:4]) - 1
        return next(
            other
            for other in self.rows
            if (other[AREA], other[SEX]) == (row[AREA], row[SEX])
            and other[PERIOD].startswith(str(year))
        )


# Gives the rows of the damaged file, its bytes where it is no longer rows of this shape, or nothing
# where the extract's own rows were changed.
Done = Iterable[Row] | bytes | None


@dataclass(frozen=True)
class Kind:
    """One kind of damage. `harmless`: nothing that is published may come to differ by it."""

    name: str
    story: str
    do: Callable[[Extract], Done]
    value_type: str = "proportion"
    harmless: bool = False
    # Why it can't be told, even in principle, or not without holding what is sound.
    beyond: str = ""


KINDS: dict[str, Kind] = {}


def kind(
    story: str, *, value_type: str = "proportion", harmless: bool = False, beyond: str = ""
) -> Callable[[Callable[[Extract], Done]], Callable[[Extract], Done]]:
    """Enter a function as a kind of damage, under its own name."""

    def enter(do: Callable[[Extract], Done]) -> Callable[[Extract], Done]:
        name = do.__name__
        KINDS[name] = Kind(name, story, do, value_type, harmless, beyond)
        return do

    return enter


def scale(row: Row, columns: Iterable[str], factor: float) -> None:
    """After this the row's figures in these columns are multiplied; blanks stay blank."""
    for name in columns:
        if row[name]:
            row[name] = f"{float(row[name]) * factor:.8g}"


def exchange(row: Row, one: str, other: str) -> None:
    """After this the two cells have changed places."""
    row[one], row[other] = row[other], row[one]


def take(row: Row, other: Row, columns: Iterable[str]) -> None:
    """After this the row says in these columns what the other says."""
    for name in columns:
        row[name] = other[name]


def pairs(rows: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Each row with a copy of the one after it, the last with the first's."""
    copies = [dict(row) for row in rows]
    return zip(rows, [*copies[1:], copies[0]], strict=True)

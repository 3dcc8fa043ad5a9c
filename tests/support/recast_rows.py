"""A Fingertips file of areas that have ended, each of which asks something of today's areas."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.support.small_inbox import HEADER

MMR, HIB, DSR = "30309,MMR", "30307,Hib", "41001,Suicide rate"
ENGLAND, SOMERSET_COUNTY, SOMERSET = "E92000001", "E10000027", "E06000066"
CUMBRIA, CUMBERLAND, WESTMORLAND = "E10000006", "E06000063", "E06000064"
ALLERDALE, BARROW, CARLISLE, COPELAND, EDEN, SOUTH_LAKELAND = (
    f"E070000{number}" for number in (26, 27, 28, 29, 30, 31)
)
AYLESBURY_VALE, CHILTERN, BUCKINGHAMSHIRE = "E07000004", "E07000005", "E06000060"
BOURNEMOUTH, POOLE, CHRISTCHURCH, BCP = "E06000028", "E06000029", "E07000048", "E06000058"
NORTHAMPTONSHIRE, NORTH, WEST = "E10000021", "E06000061", "E06000062"
TAUNTON_DEANE, SOMERSET_WEST = "E07000190", "E07000246"
HACKNEY, CITY = "E09000012", "E09000001"
CORNWALL, SCILLY = "E06000052", "E06000053"


@dataclass(frozen=True)
class Said:
    """One row of a Fingertips file."""

    area: str
    count: float | None = None
    people: float | None = None
    value: float | None = None
    note: str = ""
    period: str = "2018/19"
    indicator: str = MMR
    sex: str = "Persons"
    age: str = "2 yrs"
    limits: tuple[float, float] | None = None

    @property
    def line(self) -> str:
        value = self.value
        if value is None and self.count is not None and self.people is not None:
            value = 100 * self.count / self.people
        figures = [value, *(self.limits or ("", "")), "", "", self.count, self.people]
        cells = ",".join("" if figure is None else str(figure) for figure in figures)
        return (
            f"{self.indicator},,,{self.area},Name,UA,{self.sex},{self.age},,,{self.period},{cells},"
            f"{self.note},,Similar,Not compared,{self.period[:4]}0000,,,1y"
        )


HIDDEN = "* Value suppressed for disclosure control due to small count"
OF_SOMERSET = "Value for Somerset Cty applied to Somerset UA"
OF_HACKNEY = "Value for Hackney and City of London combined"
OF_CORNWALL = "Value for Cornwall & Isles of Scilly combined"
ROWS = (
    Said(ENGLAND, 90000, 100000),
    # One county that became one unitary.
    Said(SOMERSET_COUNTY, 4500, 5000),
    # A county that became two, with all districts of the one and a hidden one of the other.
    Said(CUMBRIA, 4300, 4800),
    Said(ALLERDALE, 700, 800),
    Said(CARLISLE, 900, 1000),
    Said(COPELAND, 500, 600),
    Said(BARROW, note=HIDDEN),
    Said(EDEN, 400, 450),
    Said(SOUTH_LAKELAND, 800, 900),
    # Two of four districts; a county without districts; two unitaries and a district.
    Said(AYLESBURY_VALE, 900, 1000),
    Said(CHILTERN, 800, 900),
    Said(NORTHAMPTONSHIRE, 6500, 7000),
    Said(BOURNEMOUTH, 1500, 1700),
    Said(POOLE, 1300, 1500),
    Said(CHRISTCHURCH, 300, 350),
    # The publisher has today's area too: nothing is added up.
    Said("E07000049", 600, 700),
    Said("E06000059", 3000, 3300),
    # Counts that don't make the value; a value that no counts make.
    Said("E08000016", 2000, 2300, value=80.0),
    Said("E08000019", 5000, 5500),
    Said(SOMERSET_COUNTY, 60, 500000, 12.0, "", "2015 - 17", DSR, "Persons", "10+ yrs"),
    # One value for two areas: with a row for the other, with its row showing it too, without a row.
    Said(CORNWALL, 5000, 5500, note=OF_CORNWALL),
    Said(HACKNEY, 4000, 4400, note=OF_HACKNEY),
    Said(CITY, 4000, 4400, note=OF_HACKNEY),
    Said(HACKNEY, 30, 1000, indicator="93085,Smoking", sex="Female", age="All ages"),
    # The old county's value under the new code, in the first year of that.
    Said(SOMERSET, 4400, 5000, note=OF_SOMERSET, period="2023/24", indicator=HIB),
)


def write(inbox: Path, *rows: Said) -> None:
    inbox.mkdir(exist_ok=True)
    lines = "\n".join((HEADER, *(row.line for row in rows)))
    (inbox / "values.csv").write_text(lines + "\n", encoding="utf-8")

"""Forms of frameworks for tests: filled from the registry, changed as somebody might, and saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from dagster_project.home import Home
from dagster_project.sources.framework_sheets import SHEETS, SHEETS_BY_NAME
from dagster_project.templates import editions, framework
from tests.support.landing_place import Place

DAY = date(2026, 11, 22)
NAMES = tuple(sheet.name for sheet in SHEETS)
NOWHERE = Home(Path("/nonexistent"))
# The row of the outcome that fewer people smoke; the first row is the header, the next shows how.
SMOKING = 7


def form(of: str = "bnssg", edition: str | None = None, home: Home = NOWHERE) -> Any:
    """The form, filled with the edition as it stands."""
    return framework.workbook(editions.edition_of(home, of, edition, DAY))


def content(book: Any) -> bytes:
    """The workbook as a file."""
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(change: Callable[[Any], None], of: str = "bnssg") -> bytes:
    """The filled form as a file, after somebody changed it and threw the lists away."""
    book = openpyxl.load_workbook(BytesIO(_without_lists(of)))
    change(book)
    return content(book)


@cache
def _without_lists(of: str) -> bytes:
    """The filled form without what only its drop-downs read: most of its cells."""
    book = form(of)
    for name in set(book.sheetnames).difference(("Read me", *NAMES)):
        book.remove(book[name])
    return content(book)


def column(sheet: str, header: str) -> int:
    """Where the column of that header stands, from 1."""
    names = [each.header for each in SHEETS_BY_NAME[sheet].columns]
    return names.index(header) + 1


def put(book: Any, sheet: str, row: int, **cells: Any) -> None:
    """After this the row has these cells; `_` in a name stands for a space of the header."""
    for name, value in cells.items():
        book[sheet].cell(row, column(sheet, name.replace("_", " "))).value = value


def next_row(book: Any, sheet: str) -> int:
    """The first row below all that is filled."""
    return int(book[sheet].max_row) + 1


def grid(book: Any) -> dict[str, list[list[Any]]]:
    """Each sheet's cells, row by row."""
    return {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book
    }


def refusal(place: Place, change: Callable[[Any], None]) -> str:
    """What is told of the filled form after that change."""
    place.put("form.xlsx", changed(change))
    place.land()
    assert place.ledger() == []
    assert place.query("select count(*) from raw.framework_cells") == [(0,)]
    return str(place.refused("form.xlsx").problem)


def typed(sheet: str, row: int, header: str, value: Any, shown_as: str | None = None) -> Any:
    """What puts that into a cell, shown in that format."""

    def change(book: Any) -> None:
        put(book, sheet, row, **{header: value})
        if shown_as:
            book[sheet].cell(row, column(sheet, header.replace("_", " "))).number_format = shown_as

    return change


def with_goal(**cells: Any) -> Callable[[Any], None]:
    """What puts a sound goal into the form, but for these cells."""
    goal = {
        "Goal": "bnssg_smoking",
        "Code": "BNSSG-M04",
        "Measure": "smoking_adults",
        "Area": "E06000023",
        "Sex": "Persons",
        "Age": "18+ yrs",
        "Target": 5,
        "By": date(2030, 3, 31),
        "Path": "at_end",
        "Owner": "Council",
        "Decided_in": "Board paper",
        "Stand-in": "yes",
        "How_sure": "verified",
    }
    return lambda book: put(book, "Goals", 3, **(goal | cells))

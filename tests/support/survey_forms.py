"""Returns of questionnaires as partners send them: the form, filled in with made-up rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from typing import Any

import openpyxl

from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.registry import load_registry
from dagster_project.sources.survey_form import COLUMNS, SHEET
from dagster_project.templates.survey_returns import workbook

PLACE = {column.name: number for number, column in enumerate(COLUMNS, start=1)}
STOCKPORT = "E08000007"
Row = Mapping[str, Any]
SHORT = 30


@cache
def _empty(*, short: bool) -> bytes:
    """The form as it is handed out; short, without most of its thousand rows to be filled in."""
    book = workbook(load_registry(PROJECT_ROOT / "seeds"))
    if short:
        book[SHEET].delete_rows(SHORT, book[SHEET].max_row)
    return content(book)


def sent(person: str, instrument: str, *answers: float | None, **said: Any) -> dict[str, Any]:
    """A questionnaire that came back a week later, but for what is said."""
    row: dict[str, Any] = {
        "person_key": person,
        "area_code": STOCKPORT,
        "sex": "Persons",
        "age": 70,
        "instrument": instrument,
        "occasion": "once",
        "sent_on": "2023-05-01",
        "answered_on": "2023-05-08" if answers else None,
        "answered_by": "person" if answers else None,
    }
    row |= {f"answer_{number}": answer for number, answer in enumerate(answers, start=1)}
    return row | said


def form(rows: Sequence[Row], *, short: bool = True) -> Any:
    """The form with those rows, as a workbook."""
    book = openpyxl.load_workbook(BytesIO(_empty(short=short)))
    for number, row in enumerate(rows, start=2):
        for name, value in row.items():
            if value is not None:
                book[SHEET].cell(number, PLACE[name], value)
    return book


def content(book: Any) -> bytes:
    """The workbook as a file."""
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def returned(*rows: Row, short: bool = True) -> bytes:
    """The bytes of a filled return."""
    return content(form(rows, short=short))

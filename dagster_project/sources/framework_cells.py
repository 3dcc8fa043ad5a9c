"""One cell of a framework's workbook, as the registry writes it, or what is wrong with it.

A spreadsheet takes 1.10 for a number, 1-2 for a day and 5% for 0.05: that is refused, not guessed.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from typing import Any

from dagster_project.sources.framework_sheets import FLAGS

PLAIN_NUMBERS = ("General", "@", "0")
DAY = "a date, or text such as 2025-04-01"
Read = tuple[str, str, str, str]


def text_of(cell: Any, kind: str) -> Read:
    """The cell as the registry writes it; or what is wrong, what was expected, and a fix."""
    value = cell.value
    if cell.data_type == "f":
        return _wrong("a formula", "a value", "copy the cell, paste it as a value")
    if cell.data_type == "e":
        return _wrong("an error of the spreadsheet", "a value", "mend or empty the cell")
    if isinstance(value, bool):
        return _boolean(value, kind)
    if isinstance(value, date | time_of_day | timedelta):
        return _day(value, kind)
    if isinstance(value, int | float):
        return _number(value, kind, cell.number_format)
    return _text(str(value), kind)


def _wrong(problem: str, expected: str, fix: str) -> Read:
    return "", problem, expected, fix


def _right(text: str) -> Read:
    return text, "", "", ""


def _boolean(value: bool, kind: str) -> Read:
    if kind == "flag":
        return _right(str(value).lower())
    return _wrong("a truth value", "text", "format the cell as text and type it again")


def _day(value: date | time_of_day | timedelta, kind: str) -> Read:
    if kind != "date":
        return _wrong(
            "a date: the spreadsheet took what was typed for one",
            "what was meant, as text",
            "format the cell as text and type it again",
        )
    if isinstance(value, datetime) and value.time() == time_of_day():
        return _right(value.date().isoformat())
    if isinstance(value, date) and not isinstance(value, datetime):
        return _right(value.isoformat())
    return _wrong("a date with a time of day", "a day", "type the day alone")


def _number(value: int | float, kind: str, shown_as: str) -> Read:
    if kind == "date":
        return _wrong("a number where a day should stand", DAY, "format the cell as a date")
    if kind in ("whole", "number"):
        if "%" in shown_as:
            return _wrong(
                "a share that is shown as per cent",
                "the figure itself: 12.5, never 12.5%",
                "format the cell as a number and type the figure again",
            )
        return _right(f"{Decimal(repr(value)):f}" if kind == "number" else str(value))
    if isinstance(value, int) and shown_as in PLAIN_NUMBERS:
        return _right(str(value))
    return _wrong(
        "a number where text should stand: 1.10 as a number is 1.1",
        "text",
        "format the cell as text and type it again",
    )


def _text(value: str, kind: str) -> Read:
    text = re.sub(r"\s*[\r\n]+\s*|_x000D_", " ", value).replace("\u00a0", " ").strip()
    if kind == "flag":
        return _right(FLAGS.get(text.casefold(), text.casefold()))
    if kind == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return _wrong(
            "a date typed as text, which can be read in more than one way",
            DAY,
            "format the cell as a date and type the day again",
        )
    return _right(text)

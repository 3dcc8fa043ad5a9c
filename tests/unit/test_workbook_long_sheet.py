"""Rows spelled out at once stand in the file as xlsxwriter's own cells do, byte for byte."""

from __future__ import annotations

import io
import math
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from dagster_project.workbook.long_sheet import LongSheet, Speller
from dagster_project.workbook.writing import LONGEST_TEXT, _text

HEADS = [{"header": name} for name in ("Area", "Value", "Day", "Word", "Count")]
# Forty rows: those of a sheet are told in sixteens, of which the first has the header too.
Row = tuple[str, float, date, str | None, int | None]
ROWS: list[Row] = [
    ("York & Selby <1>", 12.345678901234567, date(2020, 2, 29), None, 7),
    ("Leeds", -0.1, date(1999, 12, 31), "a\nb", None),
    ("Leeds", 1e21, date(2024, 4, 1), " kept ", 0),
    ("Leeds", 3, date(2024, 4, 1), None, None),
] * 10


def _book(*, is_long: bool) -> bytes:
    """The same rows, cell by cell or each at once."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})
        bold, plain = book.add_format({"bold": True}), book.add_format({"valign": "top"})
        # The numbers that formats have in the file are given out in the order in which it is asked.
        bold._get_xf_index()
        number = plain._get_xf_index()
        page = book.add_worksheet("Rows", LongSheet)
        page.write_string(0, 0, "Title", bold)
        if is_long:
            page.add_long_table(2, 2 + len(ROWS), len(HEADS), {"columns": HEADS})
        else:
            page.add_table(2, 0, 2 + len(ROWS), len(HEADS) - 1, {"columns": HEADS})
        for place, row in enumerate(ROWS, start=3):
            if place % 2:
                page.set_row(place, 30)
            if is_long:
                page.write_cells(place, _spelled(page, place, row, number))
            else:
                _by_cell(page, place, row, plain)
    return stream.getvalue()


def _by_cell(page: Any, place: int, row: Row, style: Any) -> None:
    area, value, day, word, count = row
    page.write_string(place, 0, area, style)
    page.write_number(place, 1, value, style)
    page.write_datetime(place, 2, day, style)
    if word is not None:
        page.write_string(place, 3, word, style)
    if count is not None:
        page.write_number(place, 4, count, style)


def _spelled(page: LongSheet, place: int, row: Row, number: int) -> list[str]:
    area, value, day, word, count = row
    spell = [Speller(page, column) for column in range(len(HEADS))]
    return [
        spell[0].string(place, area, number),
        spell[1].number(place, value, number),
        spell[2].day(place, day, number),
        "" if word is None else spell[3].string(place, word, number),
        "" if count is None else spell[4].number(place, count, number),
    ]


def test_a_row_at_once_is_what_its_cells_are() -> None:
    assert _book(is_long=True) == _book(is_long=False)


def test_what_is_no_number_is_refused() -> None:
    with xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True}) as book:
        page = book.add_worksheet("Rows", LongSheet)
        for value in (math.nan, math.inf):
            with pytest.raises(TypeError, match="not supported"):
                Speller(page, 0).number(3, value, 0)


@pytest.mark.parametrize("letter", ["a", "\N{GRINNING FACE}"])
def test_a_text_is_cut_to_what_a_cell_holds(letter: str) -> None:
    units = len(letter.encode("utf-16-le")) // 2
    whole = letter * (LONGEST_TEXT // units)
    assert _text(whole) == whole
    cut = _text(whole + letter)
    assert cut.endswith(f"{letter}…")
    assert LONGEST_TEXT - units <= len(cut.encode("utf-16-le")) // 2 <= LONGEST_TEXT

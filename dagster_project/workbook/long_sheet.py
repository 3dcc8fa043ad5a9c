"""A worksheet that is given whole rows, each spelled out as it comes.

xlsxwriter keeps every cell as an object until the workbook is closed, and then spells each out by
itself: of the half million cells of a large release that was most of the work. What stands in the
file is the same, byte for byte, and a test holds the two together. The workbook asks for sheets of
this kind (`worksheet_class`, which xlsxwriter offers for it); what is overridden is its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet


class LongSheet(Worksheet):
    """A worksheet whose table may be long."""

    def add_long_table(self, first: int, last: int, columns: int, options: Any) -> None:
        """After this the rows from header to last are a table.

        xlsxwriter notes each cell of a table, so that no other may lie over it. A sheet of ours has
        one: it is told of the first row alone, and its range is set to all.
        """
        self.add_table(first, 0, first + 1, columns - 1, options)
        whole = xl_range(first, 0, last, columns - 1)
        self.tables[-1] |= {"range": whole, "a_range": whole, "autofilter": whole}

    def write_cells(self, row: int, cells: Sequence[str]) -> None:
        """After this the row has these cells and no others: what `Speller` made, from column A on.

        An empty text is no cell.
        """
        columns = [column for column, cell in enumerate(cells) if cell]
        if not columns:
            return
        for column in (columns[0], columns[-1]):
            self._check_dimensions(row, column)
        # All stand in the place of the first; an empty last one tells how far the row goes.
        self.table[row] = {columns[-1]: "", columns[0]: "".join(cells)}

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if isinstance(cell, str):
            self.fh.write(cell)
        else:
            super()._write_cell(row, col, cell)


class Speller:
    """Cells of one column as the sheet's file has them. `style` is the number of a format."""

    def __init__(self, page: LongSheet, column: int) -> None:
        self._page = page
        self._start = f'<c r="{xl_col_to_name(column)}'
        # A column has few days, each many times.
        self._days: dict[Any, float] = {}

    def number(self, row: int, number: float, style: int) -> str:
        """A cell with a number; a day is one as well."""
        if not isfinite(number):
            # Refused by it, with its own words: a cell can't hold such a number.
            self._page.write_number(row, 0, number)
        return f'{self._start}{row + 1}" s="{style}"><v>{number:.16G}</v></c>'

    def string(self, row: int, text: str, style: int) -> str:
        """A cell with a text, which stands once in the file however many cells have it."""
        place = self._page.str_table._get_shared_string_index(text)
        return f'{self._start}{row + 1}" s="{style}" t="s"><v>{place}</v></c>'

    def day(self, row: int, day: Any, style: int) -> str:
        """A cell with a day."""
        number = self._days.get(day)
        if number is None:
            number = self._days[day] = self._page._convert_date_time(day)
        return self.number(row, number, style)

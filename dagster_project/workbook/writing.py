"""The workbook on disk. Text from extracts stays text: never a formula, a link or a number."""

from __future__ import annotations

import re
import textwrap
from datetime import datetime
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.collecting import uncollected
from dagster_project.errors import printable
from dagster_project.release.manifest import Manifest
from dagster_project.workbook import contents, contracts, definitions, glance, headline
from dagster_project.workbook.contents import MADE_UP, Link
from dagster_project.workbook.prepared import prepare
from dagster_project.workbook.released import Released, released
from dagster_project.workbook.sheets import (
    COUNT,
    DATE,
    FIGURE,
    PLAIN,
    STATE,
    WRAPPED,
    Column,
    Figure,
    Names,
    Sheet,
    TableSheet,
    TextSheet,
)
from dagster_project.workbook.styles import Styles

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FILE = "outcomes.xlsx"
# What a cell of Excel holds at most.
LONGEST_TEXT = 32_767
# What a spreadsheet would take for the start of a formula, if a person edited the cell.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
A4 = 9
# Height of a line of text and of a sheet's title, in points: where it isn't said, LibreOffice makes
# a title's row as high as any. And the columns that the band of a warning takes.
LINE, TITLE, BAND = 15, 24, 4
# The highest that Excel makes a row, in points.
HIGHEST = 409
# Wider sheets can't be read when they are shrunk to one page: their first columns are printed.
WIDEST_PAGE = 260


def write(directory: Path, manifest: Manifest) -> None:
    """After this `outcomes.xlsx` of the release shows what its tables say."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        # What is written on the way stands in the release's own directory, and goes.
        "tmpdir": str(directory),
    }
    try:
        with (
            uncollected(),
            released(directory, manifest) as release,
            xlsxwriter.Workbook(str(directory / FILE), options) as book,
        ):
            book.set_properties(_properties(manifest))
            Book(book, manifest.synthetic).add(_sheets(release))
    except FileCreateError as problem:
        # A full disk, told as what it is.
        raise problem.args[0] from problem


def _properties(manifest: Manifest) -> dict[str, Any]:
    """What the file says of itself."""
    return {
        "title": f"Outcomes: release {manifest.id}",
        "subject": "Outcome indicators for health and care in England",
        "author": "outcomes",
        "comments": MADE_UP if manifest.synthetic else "",
        # The clock would change the bytes.
        "created": datetime.fromisoformat(manifest.as_of[:10]),
    }


def _sheets(release: Released) -> list[Sheet]:
    """The sheets in their order, the contents of the others first."""
    rooms = prepare(release)
    latest, years = headline.latest(release), headline.five_years(release)
    sheets: list[Sheet] = [
        *glance.frameworks(release, rooms),
        *(glance.domains(release), latest, years, definitions.held(release)),
        *contracts.contracts(release),
        *(definitions.coverage(release), definitions.indicators(release)),
        definitions.notes(release),
    ]
    return [contents.contents(release, sheets, rooms.headline), *sheets]


class Book:
    """A workbook under way."""

    def __init__(self, book: Workbook, synthetic: bool) -> None:
        self._book = book
        self._synthetic = synthetic
        self._styles = Styles(book)

    def add(self, sheets: list[Sheet]) -> None:
        """After this the workbook has the sheets, the first of them open."""
        names = Names()
        named = {sheet.name: names.name(sheet.name) for sheet in sheets}
        for sheet in sheets:
            page = self._book.add_worksheet(named[sheet.name])
            first = self._head(page, sheet)
            if isinstance(sheet, TableSheet):
                self._table(page, sheet, first)
            else:
                self._text(page, sheet, first, named)
            self._paper(page, sheet, first)

    def _head(self, page: Worksheet, sheet: Sheet) -> int:
        """The title, what the sheet says, the way back and the banner; the next free row."""
        row = 0
        page.set_row(row, TITLE)
        self._string(page, row, 0, sheet.title, "title")
        if self._synthetic:
            row += 1
            self._banner(page, row)
        self._string(page, row + 1, 0, sheet.says, "lead")
        if sheet.name != "Contents":
            row += 1
            link = self._styles.named("link")
            page.write_url(row + 1, 0, "internal:'Contents'!A1", link, "Back to Contents")
        page.hide_gridlines(2)
        return row + 3

    def _banner(self, page: Worksheet, row: int) -> None:
        """The warning, on a band that is longer than it."""
        for number in range(BAND):
            page.write_blank(row, number, None, self._styles.named("made_up"))
        self._string(page, row, 0, MADE_UP, "made_up")

    def _table(self, page: Worksheet, sheet: TableSheet, first: int) -> None:
        for number, column in enumerate(sheet.columns):
            page.set_column(number, number, column.width)
        if not sheet.rows:
            self._string(page, first, 0, sheet.empty, "bold")
            return
        last = first + len(sheet.rows)
        page.add_table(
            first,
            0,
            last,
            len(sheet.columns) - 1,
            {
                "name": table_name(sheet.name),
                "style": "Table Style Light 1",
                "banded_rows": False,
                "columns": [self._header(column) for column in sheet.columns],
            },
        )
        page.set_row(first, LINE * max(map(_header_lines, sheet.columns)))
        page.freeze_panes(first + 1, sheet.frozen)
        writers = [self._writer(page, column) for column in sheet.columns]
        wrapped = [n for n, column in enumerate(sheet.columns) if column.kind == WRAPPED]
        for place, cells in enumerate(sheet.rows, start=first + 1):
            if wrapped:
                lines = max(_lines(str(cells[n] or ""), sheet.columns[n].width) for n in wrapped)
                page.set_row(place, min(LINE * lines, HIGHEST))
            for number, (write_cell, cell) in enumerate(zip(writers, cells, strict=True)):
                if cell is not None:
                    write_cell(place, number, cell)

    def _header(self, column: Column) -> dict[str, Any]:
        text = _text(column.header)
        style = self._styles.named("header", guarded=text.startswith(FORMULA_STARTS))
        return {"header": text, "header_format": style}

    def _writer(self, page: Worksheet, column: Column) -> Any:
        """How a cell of the column is written."""
        if column.kind == FIGURE:
            return lambda row, number, cell: self._figure(page, row, number, cell)
        if column.kind == STATE:
            return lambda row, number, cell: self._string(page, row, number, cell[1], cell[0])
        style = self._styles.named(column.kind if column.kind != "text" else "")
        if column.kind in (COUNT, PLAIN):
            return lambda row, number, cell: page.write_number(row, number, cell, style)
        if column.kind == DATE:
            return lambda row, number, cell: page.write_datetime(row, number, cell, style)
        look = column.kind if column.kind != "text" else ""
        return lambda row, number, cell: self._string(page, row, number, cell, look)

    def _figure(self, page: Worksheet, row: int, number: int, cell: Figure) -> None:
        if cell.number is None:
            self._string(page, row, number, cell.words, cell.look)
            return
        style = self._styles.figure(cell.decimals, cell.words, cell.look)
        page.write_number(row, number, cell.number, style)

    def _string(self, page: Worksheet, row: int, number: int, cell: Any, look: str) -> None:
        text = _text(str(cell))
        if text:
            guarded = text.startswith(FORMULA_STARTS)
            page.write_string(row, number, text, self._styles.named(look, guarded=guarded))

    def _text(self, page: Worksheet, sheet: TextSheet, first: int, named: dict[str, str]) -> None:
        for number, width in enumerate(sheet.widths):
            page.set_column(number, number, width)
        for row, line in enumerate(sheet.lines, start=first):
            if line:
                page.set_row(row, LINE * _lines(str(line[-1]), sheet.widths[len(line) - 1]))
            for number, cell in enumerate(line):
                if isinstance(cell, Link):
                    name = named[cell]
                    target = f"internal:'{name}'!A1"
                    page.write_url(row, number, target, self._styles.named("link"), name)
                elif isinstance(cell, int):
                    page.write_number(row, number, cell, self._styles.named("count"))
                elif isinstance(cell, tuple):
                    self._string(page, row, number, cell[1], cell[0])
                elif len(line) == 1:
                    self._string(page, row, number, cell, "heading")
                else:
                    look = "wrapped" if number == len(line) - 1 else ""
                    self._string(page, row, number, cell, look)

    def _paper(self, page: Worksheet, sheet: Sheet, first: int) -> None:
        """How the sheet prints: A4, across, its header on each page."""
        page.set_paper(A4)
        page.set_landscape()
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.fit_to_pages(1, 0)
        said = ["Made-up sample data"] if self._synthetic else []
        if isinstance(sheet, TableSheet) and sheet.rows:
            page.repeat_rows(first)
            columns = _printed(sheet)
            page.print_area(0, 0, first + len(sheet.rows), columns - 1)
            if columns < len(sheet.columns):
                said.append(f"{columns} of {len(sheet.columns)} columns")
        page.set_footer(f"&L{', '.join(said)}&C&A&RPage &P of &N")


def _printed(sheet: TableSheet) -> int:
    """How many of the sheet's columns are printed: those that fit one page across."""
    widths = accumulate(column.width for column in sheet.columns)
    return sum(width <= WIDEST_PAGE for width in widths)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column: few programs work that out for themselves."""
    return max(1, len(textwrap.wrap(text, max(1, int(width * 0.95)))))


def _header_lines(column: Column) -> int:
    # The button of the filter takes some of each.
    return _lines(column.header, column.width - 2)


def table_name(sheet: str) -> str:
    """The name of a sheet's table, as Excel takes one: letters, digits and _, never a cell's."""
    return "table_" + re.sub(r"[^a-z0-9]+", "_", sheet.lower()).strip("_")


@lru_cache(maxsize=65_536)
def _text(text: str) -> str:
    """Text as a cell may hold it: what would turn or hide it is spelt out."""
    shown = printable(text, keep="\n")
    if len(shown) <= LONGEST_TEXT // 2:
        return shown
    # Excel counts what UTF-16 is made of: a letter beyond its first 65,536 is two.
    units = shown.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return shown
    return units[: 2 * (LONGEST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"

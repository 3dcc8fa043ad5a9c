"""Why a CSV file couldn't be scanned, told row by row; and mending what may be mended.

Mended is what publishers and pasting do without harm: rows that end before the last columns, where
those are ones the layout can do without; line ends of two kinds in one file; figures that are
nothing but spaces.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dagster_project.errors import RefusedError
from dagster_project.landing import encodings
from dagster_project.landing.flattening import Source
from dagster_project.sources.matching import Recognised

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
# What stands where a figure should, and what helps with it.
NO_NUMBERS = (
    (
        re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?"),
        "a comma parts the thousands: save the column again as plain numbers",
    ),
    (
        re.compile(r"#[A-Z/0-9]+[!?]?"),
        "a spreadsheet's formula failed there: ask whoever made the file to mend it, and to save"
        " the sheet again",
    ),
    (
        re.compile(r".*", re.DOTALL),
        "a footnote or a mark stands with the figure: ask the publisher for a clean file",
    ),
)
SHOWN = 20


def explain_or_mend(found: Recognised, source: Source, scratch: Path) -> Source:
    """A copy with its rows made whole; RefusedError that names the row at fault."""
    target = scratch / "mended.csv"
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        width, widths, rowid = 0, (0, 0), -1 if source.has_header else 0
        place = "line 1"
        for line, row in _records(found, source):
            if not row:
                continue
            place = f"line {line:,}" if source.has_header else source.place(rowid)
            width = width or len(row)
            if len(row) != width:
                _check_width(found, place, row, width)
            if rowid >= 0:
                _mend_figures(found, place, row)
            writer.writerow(row + [""] * (width - len(row)))
            widths, rowid = (widths[1], len(row)), rowid + 1
    if widths[1] < min(widths[0], width) and not _ends_line(source.path):
        raise _damaged(found, place, f"{widths[1]} columns and no end of line")
    return replace(source, path=target, is_rewritten=True)


def _records(found: Recognised, source: Source) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line that it begins in, from 1."""
    begins = 1
    try:
        with source.path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            for row in reader:
                yield begins, row
                begins = reader.line_num + 1
    except csv.Error as problem:
        raise _damaged(found, f"line {begins:,}", str(problem)) from problem
    except UnicodeDecodeError as problem:
        # It names the byte; the layout allows no other encoding, or the file would have been
        # turned into UTF-8 before.
        encodings.settle(found.extract, found.layout)
        raise ValueError(f"{found.extract.relative_path} is UTF-8 after all") from problem


def _damaged(found: Recognised, place: str, got: str) -> RefusedError:
    return RefusedError(
        "the file breaks off, or a quotation mark isn't closed",
        file=found.extract.relative_path,
        place=place,
        got=got,
        expected="whole rows to the end",
        fix="fetch it again from the publisher: it may have been cut short",
    )


def _ends_line(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(-1, 2)
        return stream.read(1) in b"\r\n"


def _check_width(found: Recognised, place: str, row: list[str], width: int) -> None:
    by_position = {position: name for name, position in found.match.positions.items()}
    optional = {item.name for item in found.layout.fields if not item.required}
    can_end_early = all(
        by_position.get(position) in optional for position in range(len(row), width)
    )
    if len(row) > width or not can_end_early:
        raise RefusedError(
            "a row has too many columns" if len(row) > width else "a row breaks off",
            file=found.extract.relative_path,
            place=place,
            got=f"{len(row)} columns",
            expected=f"{width}",
            fix="fetch it again from the publisher: it may have been cut short, or a comma"
            " stands in a name without quotation marks",
        )


def _mend_figures(found: Recognised, place: str, row: list[str]) -> None:
    for item in found.layout.fields:
        position = found.match.positions.get(item.name)
        if item.kind != "figure" or item.markers or position is None or position >= len(row):
            continue
        cell = row[position].strip()
        if cell and not NUMBER.fullmatch(cell):
            raise not_a_number(found, f"{place}, column {item.headers[0]!r}", cell)
        row[position] = cell


def not_a_number(
    found: Recognised, place: str, cell: str, expected: str = "a number, or nothing"
) -> RefusedError:
    """The refusal for a cell that should hold a number; long cells are not repeated."""
    shown = cell if len(cell) <= SHOWN else f"{cell[:SHOWN]}…"
    return RefusedError(
        "not a number",
        file=found.extract.relative_path,
        place=place,
        got=repr(shown),
        expected=expected,
        fix=next(fix for form, fix in NO_NUMBERS if form.fullmatch(cell)),
    )

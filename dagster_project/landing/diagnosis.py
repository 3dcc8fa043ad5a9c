"""Why a CSV file couldn't be scanned, told row by row; and mending what may be mended.

The one thing mended is what Fingertips itself does: a row that ends before the last columns,
where those are ones the layout can do without.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path

from dagster_project.errors import RefusedError
from dagster_project.sources.layout import Recognised


def explain_or_mend(found: Recognised, scratch: Path, scanner_said: str) -> Path:
    """A copy with its short rows filled up; RefusedError that names the row at fault."""
    target = scratch / "mended.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    mended = 0
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        width = 0
        for line, row in _records(found):
            if not width:
                width = len(row)
            short = width - len(row)
            if short:
                _check_width(found, line, row, width)
                mended += 1
            elif line > 1:
                _check_figures(found, line, row)
            writer.writerow(row + [""] * short)
    if not mended:
        raise RefusedError(
            "the file can't be read",
            file=found.extract.relative_path,
            got=scanner_said.splitlines()[0][:200],
            expected=f"a file in the layout {found.layout.layout_id}",
            fix="fetch it again from the publisher",
        )
    return target


def _records(found: Recognised) -> Iterator[tuple[int, list[str]]]:
    encoding = "utf-8-sig" if found.encoding == "utf-8" else found.encoding
    reader = None
    try:
        with found.extract.path.open(encoding=encoding, newline="") as stream:
            reader = csv.reader(stream, strict=True)
            for row in reader:
                yield reader.line_num, row
    except csv.Error as problem:
        raise _damaged(found, reader.line_num if reader else 1, str(problem)) from problem
    except UnicodeDecodeError as problem:
        raise RefusedError(
            "the text isn't all in one encoding",
            file=found.extract.relative_path,
            place=f"about byte {problem.start:,}",
            got=f"0x{problem.object[problem.start]:02x}",
            expected=found.encoding,
            fix="save it as CSV UTF-8",
        ) from problem


def _damaged(found: Recognised, line: int, got: str) -> RefusedError:
    return RefusedError(
        "the file breaks off, or a quotation mark isn't closed",
        file=found.extract.relative_path,
        place=f"line {line:,}",
        got=got,
        expected="whole rows to the end",
        fix="fetch it again from the publisher: it may have been cut short",
    )


def _check_width(found: Recognised, line: int, row: list[str], width: int) -> None:
    by_position = {position: name for name, position in found.match.positions.items()}
    optional = {item.name for item in found.layout.fields if not item.required}
    can_end_early = all(
        by_position.get(position) in optional for position in range(len(row), width)
    )
    if len(row) > width or not can_end_early:
        raise RefusedError(
            "a row has too many columns" if len(row) > width else "a row breaks off",
            file=found.extract.relative_path,
            place=f"line {line:,}",
            got=f"{len(row)} columns",
            expected=f"{width}",
            fix="fetch it again from the publisher: it may have been cut short, or a comma"
            " stands in a name without quotation marks",
        )


def _check_figures(found: Recognised, line: int, row: list[str]) -> None:
    for item in found.layout.fields:
        position = found.match.positions.get(item.name)
        if item.kind != "figure" or item.markers or position is None:
            continue
        cell = row[position].strip()
        if cell and not is_number(cell):
            raise not_a_number(found, f"line {line:,}", item.headers[0], cell)


def is_number(text: str) -> bool:
    """True if `text` is a finite number in plain notation."""
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False


def not_a_number(found: Recognised, place: str, column: str, cell: str) -> RefusedError:
    """The refusal for a cell that should hold a number; long cells are not repeated."""
    shown = cell if len(cell) <= 20 else f"{cell[:20]}…"
    return RefusedError(
        "not a number",
        file=found.extract.relative_path,
        place=f"{place}, column {column!r}",
        got=repr(shown),
        expected="a number, or nothing",
        fix="a footnote or a mark stands with the figure: ask the publisher for a clean file",
    )

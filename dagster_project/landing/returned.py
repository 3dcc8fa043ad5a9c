"""A form with mistakes goes back to whoever filled it in: a copy with the cells marked.

It is put in `outbox/returns` of the home, never sent. What couldn't be searched for NHS numbers, or
holds one, is not copied.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from dagster_project.errors import Mark, RefusedError
from dagster_project.home import Home
from dagster_project.sources.layout import Extract

SHEET = "Mistakes"
# Its columns, and how wide they are.
LISTED = (
    *(("Sheet", 18), ("Cell", 10), ("What is wrong", 42), ("What stands there", 28)),
    *(("What is expected", 48), ("What to do", 48)),
)
CELL = re.compile(r"[A-Z]{1,3}[0-9]{1,7}")
RED = "FFFFC7CE"
# What a comment of a spreadsheet shows without being scrolled.
LONGEST = 400
# Of the 255 bytes that a name may have, what is left for the sender's own.
STEM_BYTES = 200


def given_back(home: Home, extract: Extract, refusal: RefusedError) -> RefusedError:
    """The refusal, once its marked copy is there; where none can be made, it says so.

    A form may hold anything that a spreadsheet writes: that one can't be copied stops no other.
    """
    try:
        give_back(home, extract, refusal.marks)
    except Exception as problem:
        # What a library says may repeat a cell; what the system says doesn't.
        why = (problem.strerror if isinstance(problem, OSError) else None) or type(problem).__name__
        parts = refusal.as_dict()
        parts["problem"] += f"\n  no marked copy of it could be made: {why}"
        said = type(refusal)(**parts)
        said.marks, said.keep_bytes = refusal.marks, refusal.keep_bytes
        return said
    return refusal


def give_back(home: Home, extract: Extract, marks: Sequence[Mark]) -> Path:
    """The copy: each cell of a mistake red and commented, and all of them on one sheet."""
    import openpyxl

    # The bytes, since the reader refuses a path that doesn't end in .xlsx.
    book = openpyxl.load_workbook(BytesIO(extract.path.read_bytes()))
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    said: dict[tuple[str, str], list[str]] = {}
    for mark in marks:
        # A range, a row or a sheet has no cell of its own: those are on the list alone.
        if mark.sheet in sheets and CELL.fullmatch(mark.cell):
            cell = _shown(sheets[mark.sheet], mark.cell)
            said.setdefault((mark.sheet, cell), []).append(_comment(mark, cell))
    for (sheet, cell), lines in said.items():
        _mark(sheets[sheet][cell], "\n".join(lines))
    _list(book, marks)
    home.returns.mkdir(parents=True, exist_ok=True)
    # The beginning of the digest tells two returns of one name apart.
    stem = os.fsencode(Path(extract.name).stem)[:STEM_BYTES].decode(errors="ignore").rstrip()
    path = home.returns / f"{stem} {extract.sha256[:8]} mistakes.xlsx"
    building = path.with_name(f".{path.name}")
    try:
        book.save(building)
        building.replace(path)
    finally:
        building.unlink(missing_ok=True)
    return path


def _shown(sheet: Any, name: str) -> str:
    """The cell of that name; of one that is hidden in merged cells, the first of them."""
    from openpyxl.cell.cell import MergedCell

    cell = sheet[name]
    if not isinstance(cell, MergedCell):
        return name
    return next(
        str(area.start_cell.coordinate)
        for area in sheet.merged_cells.ranges
        if area.min_row <= cell.row <= area.max_row and area.min_col <= cell.column <= area.max_col
    )


def _comment(mark: Mark, beside: str) -> str:
    """What stands beside a cell: of that one no address, and what it holds is to be seen."""
    elsewhere = "" if mark.cell == beside else f"Cell {mark.cell}: "
    parts = [f"{elsewhere}{_sentence(mark.problem)}."]
    parts += [f"Expected: {mark.expected}."] if mark.expected else []
    return " ".join([*parts, f"{_sentence(mark.fix)}."])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _mark(cell: Any, said: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell.fill = PatternFill("solid", RED)
    cell.comment = Comment(said[:LONGEST], "outcomes", height=140, width=320)


def _list(book: Any, marks: Sequence[Mark]) -> None:
    """After this the first sheet says every mistake in plain words."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    if SHEET in book.sheetnames:
        del book[SHEET]
    sheet = book.create_sheet(SHEET, 0)
    sheet.append([header for header, _ in LISTED])
    for mark in marks:
        problem, fix = _sentence(mark.problem), _sentence(mark.fix)
        sheet.append([mark.sheet, mark.cell, problem, mark.got, mark.expected, fix])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, (_, width) in enumerate(LISTED, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            # What was typed may begin with =, and is no formula here.
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    book.active = 0

"""A framework's workbook as a form: empty, or filled with what an edition holds now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from dagster_project.home import PROJECT_ROOT
from dagster_project.new_files import refuse_taken
from dagster_project.registry.registry import Registry, load_registry
from dagster_project.sources.framework_sheets import (
    EXAMPLE,
    FLAGS,
    SHEETS,
    SheetColumn,
    SheetForm,
    allowed,
)
from dagster_project.templates.editions import Edition

READ_ME = (
    "How to fill in this workbook",
    "",
    "It holds one edition of an outcomes framework. Another edition is another workbook.",
    "Put the filled workbook in an inbox: `outcomes refresh --inbox FOLDER`. It then stands,",
    "whole, before what was held of that edition. Earlier workbooks are kept: changes can be seen.",
    "If anything is wrong, nothing is taken in, and every mistake is told by sheet and cell.",
    "",
    f"Rows that start with {EXAMPLE!r} show how, and are left out. So are empty rows.",
    "Codes are text: 1.10 is not 1.1. The columns are formatted as text; keep them so.",
    "Days are dates, or text such as 2025-04-01. No formulas, no merged cells, no hidden sheets.",
    "Hidden rows and columns are read like any others. Sheets of your own are left unread.",
    "Change 'As of' on the sheet Framework whenever you change anything: it orders workbooks.",
    "Don't delete an indicator that is given up: say that it is retired, since when, why, and what",
    "follows it.",
    "",
)
# Rows that are prepared for more than is there: drop-downs, and columns as text.
ROOM = 500
FIRST_ROW = 3
# What a sheet's drop-down takes from another sheet, and whether anything else is refused.
FROM_OTHER_SHEETS = {
    "domain_code": ("Domains", True),
    "indicator_id": ("Known measures", False),
    "area_code": ("Known areas", True),
}


def write(path: Path, edition: Edition | None) -> None:
    """After this `path` is a form, filled with the edition's rows where one is given."""
    refuse_taken(path)
    workbook(edition).save(path)


def workbook(edition: Edition | None) -> Any:
    """The form as a workbook of openpyxl."""
    import openpyxl

    registry = load_registry(PROJECT_ROOT / "seeds")
    book = openpyxl.Workbook()
    book.properties.creator = "outcomes"
    _read_me(book.active)
    for form in SHEETS:
        rows = edition.rows[form.file] if edition else ()
        _sheet(book.create_sheet(form.name), form, rows, registry)
    _known(
        book.create_sheet("Known measures"),
        {"Measure": 44, "Title": 90, "Unit": 16},
        [(row["indicator_id"], row["title"], row["unit"]) for row in registry.indicators],
    )
    _known(
        book.create_sheet("Known areas"),
        {"Area": 14, "Name": 60, "Type": 14, "Valid to": 12},
        [
            (row["area_code"], row["area_name"], row["area_type"], row["valid_to"])
            for row in registry.areas
        ],
    )
    return book


def _read_me(sheet: Any) -> None:
    from openpyxl.styles import Font

    sheet.title = "Read me"
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 28
    sheet.column_dimensions["C"].width = 100
    for line in READ_ME:
        sheet.append([line])
    for form in SHEETS:
        sheet.append([form.name, "", form.says])
        for column in form.columns:
            sheet.append(["", column.header + _star(form, column), column.note])
    sheet.append(["", "", "* must be filled in each row"])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.sheet_view.showGridLines = False


def _star(form: SheetForm, column: SheetColumn) -> str:
    is_given = column.name in ("framework", "edition") and form.file != "frameworks.csv"
    return "*" if form.forms[column.name].required and not is_given else ""


def _sheet(
    sheet: Any, form: SheetForm, rows: Sequence[Mapping[str, str]], registry: Registry
) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    grey, blue = Font(italic=True, color="FF767676"), PatternFill("solid", "FFD9E2F3")
    for number, column in enumerate(form.columns, start=1):
        letter = get_column_letter(number)
        header = sheet.cell(1, number, column.header)
        header.font, header.fill = Font(bold=True), blue
        header.comment = Comment(column.note, "outcomes", height=90, width=260)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].number_format = _format(form, column)
        example = sheet.cell(2, number, column.example or None)
        example.font, example.number_format = grey, "@"
        for place, row in enumerate(rows, start=FIRST_ROW):
            cell = sheet.cell(place, number, _value(form, column, row.get(column.name, "")))
            if isinstance(cell.value, str):
                # A text that begins with = is none of Excel's formulas.
                cell.data_type = "s"
            cell.number_format = _format(form, column)
            cell.alignment = Alignment(wrap_text=column.width >= 34, vertical="top")
        _drop_down(sheet, form, column, letter, len(rows), registry)
    sheet.freeze_panes = "A2"


def _format(form: SheetForm, column: SheetColumn) -> str:
    kind = form.forms[column.name].kind
    return {"date": "yyyy-mm-dd", "whole": "0", "number": "General"}.get(kind, "@")


def _value(form: SheetForm, column: SheetColumn, text: str) -> Any:
    """A cell as people fill it in: a day, a number, yes or no, or text."""
    if not text:
        return None
    kind = form.forms[column.name].kind
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "whole":
        return int(text)
    if kind == "number":
        return float(text)
    if kind == "flag":
        return next(word for word, flag in FLAGS.items() if flag == text)
    return text


def _drop_down(
    sheet: Any, form: SheetForm, column: SheetColumn, letter: str, rows: int, registry: Registry
) -> None:
    """After this the cells of the column offer the words that they may hold."""
    from openpyxl.worksheet.datavalidation import DataValidation

    choices, is_strict = _choices(form, column, registry)
    if not choices:
        return
    offered = DataValidation(type="list", formula1=choices, allow_blank=True)
    offered.showErrorMessage = is_strict
    offered.error = column.note
    offered.errorTitle = column.header
    offered.add(f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + max(ROOM, rows)}")
    sheet.add_data_validation(offered)


def _choices(form: SheetForm, column: SheetColumn, registry: Registry) -> tuple[str, bool]:
    """Where the words of a drop-down are, and whether the column takes no others."""
    words = allowed(form, column.name)
    if column.name == "outcome_type":
        words = tuple(row["outcome_type"] for row in registry.outcome_types)
    if form.file == "local_measures.csv" and column.name == "owner":
        words = tuple(row["owner_id"] for row in registry.owners)
    if words:
        return f'"{",".join(words)}"', True
    other = FROM_OTHER_SHEETS.get(column.name)
    if other is None or other[0] == form.name or form.file == "local_measures.csv":
        return "", False
    name, is_strict = other
    last = {"Known measures": len(registry.indicators), "Known areas": len(registry.areas)}
    first = FIRST_ROW if name == "Domains" else 2
    return f"'{name}'!$A${first}:$A${last.get(name, ROOM) + 1}", is_strict


def _known(sheet: Any, widths: Mapping[str, int], rows: Sequence[tuple[str, ...]]) -> None:
    """After this a sheet lists what the form's cells may name, for looking up."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.append(list(widths))
    for number, width in enumerate(widths.values(), start=1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row in rows:
        sheet.append([cell or None for cell in row])
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions

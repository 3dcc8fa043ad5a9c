"""The form of survey returns: drop-downs, ranges, notes, and headers that can't be changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dagster_project.home import PROJECT_ROOT
from dagster_project.new_files import refuse_taken
from dagster_project.registry.registry import Registry, load_registry
from dagster_project.sources.survey_form import COLUMNS, READ_ME, SHEET, FormColumn

# Rows that are prepared: open to be filled in, with their drop-downs.
ROOM = 1000
FORMATS = {"date": "yyyy-mm-dd", "number": "General", "age": "0"}


def write(path: Path) -> None:
    """After this `path` is an empty form; what was there before is refused."""
    refuse_taken(path)
    workbook(load_registry(PROJECT_ROOT / "seeds")).save(path)


def workbook(registry: Registry) -> Any:
    """The form as a workbook of openpyxl."""
    import openpyxl

    book = openpyxl.Workbook()
    book.properties.creator = "outcomes"
    _read_me(book.active)
    _returns(book.create_sheet(SHEET), registry)
    _list(
        book.create_sheet("Questionnaires"),
        ("Questionnaire", "Item", "What it asks", "Lowest", "Highest"),
        [
            (row["instrument"], int(row["item"]), row["label"], *map(float, _span(row)))
            for row in sorted(
                registry.instrument_items, key=lambda r: (r["instrument"], int(r["item"]))
            )
        ],
    )
    _list(
        book.create_sheet("Areas"),
        ("Area", "Name"),
        [
            (row["area_code"], row["area_name"])
            for row in registry.areas
            if row["is_utla"] == "true" and not row["valid_to"]
        ],
    )
    return book


def _span(row: Any) -> tuple[str, str]:
    return row["lowest"], row["highest"]


def _read_me(sheet: Any) -> None:
    from openpyxl.styles import Font

    sheet.title = "Read me"
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 90
    for line in READ_ME:
        sheet.append([line])
    for column in COLUMNS:
        sheet.append([column.header + ("*" if column.required else ""), column.note])
    sheet.append(["", "* must be filled in each row"])
    sheet["A1"].font = Font(bold=True, size=14)


def _returns(sheet: Any, registry: Registry) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter

    open_cell, blue = Protection(locked=False), PatternFill("solid", "FFD9E2F3")
    for number, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(number)
        header = sheet.cell(1, number, column.header)
        header.font, header.fill = Font(bold=True), blue
        header.comment = Comment(column.note, "outcomes", height=90, width=260)
        sheet.column_dimensions[letter].width = column.width
        for row in range(2, ROOM + 2):
            cell = sheet.cell(row, number)
            cell.number_format = FORMATS.get(column.kind, "@")
            cell.protection = open_cell
        _validate(sheet, column, letter, registry)
    # Locks the headers alone, without a password: against mishaps, not against anybody.
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.sort = False
    sheet.freeze_panes = "B2"


def _validate(sheet: Any, column: FormColumn, letter: str, registry: Registry) -> None:
    """After this the cells of the column offer what they may hold, and refuse the rest."""
    from openpyxl.worksheet.datavalidation import DataValidation

    made: dict[str, Any] = {}
    if column.name == "instrument":
        words = ",".join(row["instrument"] for row in registry.instruments)
        made = {"type": "list", "formula1": f'"{words}"'}
    elif column.name == "area_code":
        areas = sum(row["is_utla"] == "true" and not row["valid_to"] for row in registry.areas)
        made = {"type": "list", "formula1": f"Areas!$A$2:$A${areas + 1}"}
    elif column.choices:
        made = {"type": "list", "formula1": f'"{",".join(column.choices)}"'}
    elif column.kind == "age":
        made = {"type": "whole", "operator": "between", "formula1": "0", "formula2": "120"}
    elif column.kind == "number":
        made = {"type": "decimal", "operator": "between", "formula1": "-2", "formula2": "100"}
    elif column.kind == "date":
        made = {"type": "date", "operator": "greaterThan", "formula1": "DATE(2000,1,1)"}
    if not made:
        return
    # An empty cell is told when the return is read: it may be the row that isn't there yet.
    rule = DataValidation(allow_blank=True, showErrorMessage=True, **made)
    rule.errorTitle, rule.error = column.header, column.note
    rule.add(f"{letter}2:{letter}{ROOM + 1}")
    sheet.add_data_validation(rule)


def _list(sheet: Any, header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    from openpyxl.styles import Font

    sheet.append(list(header))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 26
    for row in rows:
        sheet.append(list(row))
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True

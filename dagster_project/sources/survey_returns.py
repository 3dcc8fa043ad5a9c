"""Questionnaires that partners return, in the form of `outcomes template survey_returns`.

Recognised by the headers of its sheet and checked as a whole: every mistake is told at once, by
sheet and cell, and a copy of the workbook goes back with the cells marked. A value set of EQ-5D is
a file that the user supplies, since it needs a licence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dagster_project.errors import RefusedError
from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.forms import Row
from dagster_project.registry.registry import load_registry
from dagster_project.sources.framework_cells import text_of
from dagster_project.sources.framework_checks import Fault
from dagster_project.sources.layout import Field, Layout, Table, day_field, normalised
from dagster_project.sources.survey_form import (
    ANSWERS,
    AREA,
    COLUMNS,
    GOALS,
    SHEET,
    FormColumn,
    answer,
    weight,
)

MAX_ROWS, MAX_COLUMNS = 100_000, 200
KINDS = {"date": "date", "number": "number", "age": "whole"}
NUMBERS = {"number": re.compile(r"-?\d+(\.\d+)?"), "age": re.compile(r"\d+")}
RESTORE = "take it from a new form: `outcomes template survey_returns`"
Cells = dict[str, str]
Items = Mapping[tuple[str, int], Row]


def is_survey_return(tables: Sequence[Table]) -> bool:
    """True for a workbook whose sheet Returns has persons and questionnaires."""
    return any(
        normalised(table.sheet or "") == normalised(SHEET)
        and {"personkey", "questionnaire"} <= {normalised(name) for name in table.header}
        for table in tables
    )


def cells(book: Any, file: str) -> Iterator[tuple[str, ...]]:
    """A row a questionnaire, and one an answer; else all mistakes are told, and marked."""
    sheets = {normalised(sheet.title): sheet for sheet in book.worksheets}
    sheet = sheets[normalised(SHEET)]
    items = {
        (row["instrument"], int(row["item"])): row
        for row in load_registry(PROJECT_ROOT / "seeds").instrument_items
    }
    faults: list[Fault] = []
    rows = list(_rows(sheet, faults))
    letters = {column.name: _letter(sheet, column) for column in COLUMNS}
    seen: dict[tuple[str, ...], int] = {}
    for number, row, wrong in rows:
        faults += [
            Fault(SHEET, f"{letters[name]}{number}", *said)
            for name, *said in (*_row_faults(row, items, wrong), *_repeat(row, number, seen))
        ]
    if faults:
        raise refused(faults, file)
    for number, row, _ in rows:
        yield from _long(number, row)


def refused(faults: Sequence[Fault], file: str) -> RefusedError:
    """The refusal that tells them all, and bears the marks for the copy that goes back.

    What people answered stands in the marks alone: a refusal is printed, kept and mailed.
    """
    ordered = sorted(faults, key=lambda fault: [int(n) for n in re.findall(r"\d+", fault.cell)])
    number = len(ordered)
    head = f"{number} {'mistake' if number == 1 else 'mistakes'} in this return"
    lines = [replace(fault, got="").line for fault in ordered[:20]]
    told = "\n  ".join([f"{head}; nothing of it is taken in:", *lines])
    more = f"\n  and {number - 20} more, on the marked copy" if number > 20 else ""
    refusal = RefusedError(told + more, file=file)
    refusal.marks = tuple(ordered)
    return refusal


def _rows(sheet: Any, faults: list[Fault]) -> Iterator[tuple[int, Cells, set[str]]]:
    """Each filled row: its number, its cells as text, and the columns that can't be read."""
    if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
        faults.append(
            Fault(
                SHEET,
                "",
                "something stands far from the others",
                f"{sheet.max_row:,} rows, {sheet.max_column} columns",
                f"at most {MAX_ROWS:,} rows and {MAX_COLUMNS} columns",
                "delete the rows below the last and the columns right of it, and save",
            )
        )
        return
    grid = sheet.iter_rows()
    columns = _columns(next(grid, ()), faults)
    for area in sheet.merged_cells.ranges:
        faults.append(
            Fault(SHEET, area.coord, "merged cells", "", "single cells", "unmerge and fill each")
        )
    for line in grid:
        filled = [cell for cell in line if str(cell.value or "").strip() or cell.value == 0]
        if not filled:
            continue
        found: Cells = {}
        wrong: set[str] = set()
        for cell in filled:
            column = columns.get(cell.column)
            if column is None:
                faults.append(_outside(cell))
                continue
            text, problem, expected, fix = text_of(cell, KINDS.get(column.kind, "text"))
            form = NUMBERS.get(column.kind)
            if not problem and form and not form.fullmatch(text):
                problem, expected, fix = "isn't a number", "a number", "type the figure alone"
            if problem:
                got = repr(str(cell.value)[:40])
                faults.append(Fault(SHEET, cell.coordinate, problem, got, expected, fix))
                wrong.add(column.name)
            found[column.name] = text
        yield line[0].row, found, wrong


def _outside(cell: Any) -> Fault:
    return Fault(
        SHEET, cell.coordinate, "a cell outside the columns", "", "nothing there", "empty it"
    )


def _columns(header: Sequence[Any], faults: list[Fault]) -> dict[int, FormColumn]:
    known = {normalised(column.header): column for column in COLUMNS}
    columns = {
        cell.column: known[normalised(str(cell.value))]
        for cell in header
        if cell.value is not None and normalised(str(cell.value)) in known
    }
    for column in COLUMNS:
        if column not in columns.values():
            faults.append(Fault(SHEET, "row 1", "a column is missing", "", column.header, RESTORE))
    return columns


def _letter(sheet: Any, column: FormColumn) -> str:
    for cell in sheet[1]:
        if normalised(str(cell.value or "")) == normalised(column.header):
            return str(cell.column_letter)
    return "A"


Said = tuple[str, str, str, str, str]


def _row_faults(row: Cells, items: Items, wrong: set[str]) -> Iterator[Said]:
    """Column, problem, got, expected, fix: of cells by themselves and of cells together."""
    instruments = sorted({instrument for instrument, _ in items})
    for column in COLUMNS:
        text = row.get(column.name, "")
        if column.name in wrong:
            continue
        choices = tuple(instruments) if column.name == "instrument" else column.choices
        if column.required and not text:
            yield column.name, "is empty", "", column.note, "fill it in, or empty the whole row"
        elif text and choices and text not in choices:
            yield column.name, "isn't on the list", text, ", ".join(choices), "choose one"
        elif text and column.kind == "area" and not re.fullmatch(AREA, text):
            yield (
                column.name,
                "isn't the code of an area",
                text,
                "a code of the sheet Areas, such as E08000007",
                "choose one from the drop-down of the cell",
            )
        elif text and column.kind == "age" and not 0 <= int(text) <= 120:
            yield column.name, "is no age", text, "whole years from 0 to 120", "correct it"
    yield from _answer_faults(row, items, wrong)
    yield from _day_faults(row, wrong)


def _answer_faults(row: Cells, items: Items, wrong: set[str]) -> Iterator[Said]:
    instrument = row.get("instrument", "")
    if not any(known == instrument for known, _ in items):
        return
    given = [n for n in range(1, ANSWERS + 1) if row.get(answer(n)) and answer(n) not in wrong]
    for number in given:
        item, text = items.get((instrument, number)), row[answer(number)]
        if item is None:
            known = max(n for name, n in items if name == instrument)
            expected = f"answers 1 to {known}"
            yield answer(number), "its questionnaire has no such item", text, expected, "empty it"
        elif not float(item["lowest"]) <= float(text) <= float(item["highest"]):
            span = f"{item['lowest']} to {item['highest']} ({item['label']})"
            yield (
                answer(number),
                "is outside the scale",
                text,
                span,
                "correct it, or leave it empty",
            )
    if given and not row.get("answered_on") and "answered_on" not in wrong:
        yield "answered_on", "is empty beside answers", "", "the day of the answers", "fill it in"
    if row.get("answered_on") and not given and not any("answer" in name for name in wrong):
        yield "answered_on", "stands without an answer", "", "answers", "empty it, or fill them in"
    if given and not row.get("answered_by") and "answered_by" not in wrong:
        yield "answered_by", "is empty beside answers", "", "person, carer or staff", "choose one"
    for number in range(1, GOALS + 1):
        text = row.get(weight(number), "")
        if text and weight(number) not in wrong and (instrument != "gas" or float(text) < 0):
            expected = "weights from 0, of the goals of gas alone"
            yield weight(number), "isn't a weight", text, expected, "correct it, or empty it"


def _day_faults(row: Cells, wrong: set[str]) -> Iterator[Said]:
    sent, answered = row.get("sent_on", ""), row.get("answered_on", "")
    if sent and answered and not {"sent_on", "answered_on"} & wrong and answered < sent:
        expected = "the day it was sent, or later"
        yield "answered_on", "is before it was sent", answered, expected, "correct one of the days"


def _repeat(row: Cells, number: int, seen: dict[tuple[str, ...], int]) -> Iterator[Said]:
    names = ("person_key", "instrument", "occasion", "sent_on")
    key = tuple(row.get(name, "") for name in names)
    if all(key) and key in seen:
        problem = f"the same questionnaire stands in row {seen[key]} already"
        once = "one row for a person, questionnaire, occasion and day"
        yield "person_key", problem, "", once, "delete one of the two rows"
    seen.setdefault(key, number)


def _long(number: int, row: Cells) -> Iterator[tuple[str, ...]]:
    head = tuple(row.get(column.name, "") for column in COLUMNS[:10])
    yield (str(number), *head, "0", "", "")
    for item in range(1, ANSWERS + 1):
        if row.get(answer(item)):
            yield (str(number), *head, str(item), row[answer(item)], row.get(weight(item), ""))


SURVEY_RETURN = Layout(
    layout_id="survey_return",
    source_id="survey_returns",
    title="Return of questionnaires (the form of `outcomes template survey_returns`)",
    container="xlsx",
    table="survey_answers",
    key=("sheet_row", "item"),
    values=("answer",),
    is_of_people=True,
    is_whole_workbook=is_survey_return,
    cells=cells,
    fields=(
        Field("sheet_row", ("row",), "code", filled=True, pattern=r"\d+"),
        Field("person_key", ("person_key",), filled=True),
        Field("area_code", ("area_code",), "code", filled=True, pattern=AREA),
        Field("segment", ("segment",)),
        Field("sex", ("sex",), filled=True),
        Field("age", ("age",), "figure"),
        Field("instrument", ("instrument",), filled=True),
        Field("occasion", ("occasion",), filled=True),
        day_field("sent_on", "sent_on", between="-", filled=True),
        day_field("answered_on", "answered_on", between="-"),
        Field("answered_by", ("answered_by",)),
        # 0 stands for the questionnaire itself, whether it came back or not.
        Field("item", ("item",), "code", filled=True, pattern=r"\d+"),
        Field("answer", ("answer",), "figure"),
        Field("weight", ("weight",), "figure"),
    ),
)

VALUE_SET = Layout(
    layout_id="eq5d_value_set",
    source_id="value_sets",
    title="Value set of EQ-5D, supplied by its user (CSV)",
    container="csv",
    table="eq5d_value_sets",
    key=("value_set", "dimension", "level"),
    values=("value",),
    is_verified=False,
    fields=(
        Field("value_set", ("VALUE_SET",), filled=True),
        Field("instrument", ("INSTRUMENT",), filled=True, pattern="eq5d_3l|eq5d_5l"),
        # 1 to 5 are the dimensions; full_health, any_not_best and any_worst stand for themselves.
        Field(
            "dimension",
            ("DIMENSION",),
            "code",
            filled=True,
            pattern="[1-5]|full_health|any_not_best|any_worst",
        ),
        Field("level", ("LEVEL",), "code", filled=True, pattern="[0-5]"),
        Field("value", ("VALUE",), "figure", filled=True),
    ),
)

LAYOUTS = (SURVEY_RETURN, VALUE_SET)

"""What must hold between the cells of a framework's workbook: the registry's own rules.

The workbook's sheets and the seeds that they name are put to the rules as one registry; what is
found is said by sheet and cell, in the words that stand above the columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from dagster_project.errors import OutcomesError
from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.cells import table_findings
from dagster_project.registry.forms import EDITION_COLUMNS, FIRST_ROW, Finding, Row, is_date
from dagster_project.registry.frameworks import FRAMEWORK_RULES
from dagster_project.registry.registry import Registry, load_registry
from dagster_project.registry.rules import fingertips_ids_agree
from dagster_project.sources.framework_sheets import SHEETS, SHEETS_BY_FILE, table_columns

if TYPE_CHECKING:
    from dagster_project.sources.framework_workbook import FilledRow

    Rows = Mapping[str, Sequence[FilledRow]]

FRAMEWORKS, MEASURES, GOALS = "frameworks.csv", "local_measures.csv", "goals.csv"
# What the rules call the seeds, and where a commissioner sees the same.
SEEN_IN = {
    "indicators.csv": "the sheet Known measures or Local measures",
    "areas.csv": "the sheet Known areas",
    "outcome_types.csv": "the drop-down of the column",
    "owners.csv": "the drop-down of the column",
    "indicator_sources.csv": "the publisher's list",
}
NAMED_FIRST = {MEASURES: "indicator_id", GOALS: "goal_id"}


@dataclass(frozen=True)
class Fault:
    """One mistake of a workbook: the sheet and cell, what is wrong, and how to mend it."""

    sheet: str
    cell: str
    problem: str
    got: str
    expected: str
    fix: str

    @property
    def line(self) -> str:
        place = f"sheet {self.sheet!r}" + (f", {_named(self.cell)}" if self.cell else "")
        return OutcomesError(
            self.problem,
            place=place,
            got=self.got or None,
            expected=self.expected or None,
            fix=self.fix,
        ).message


def _named(cell: str) -> str:
    return cell if cell.startswith("row") else f"cell {cell}"


def told(faults: Sequence[Fault]) -> str:
    """All of them, one a line, under their number."""
    number = len(faults)
    head = f"{number} {'mistake' if number == 1 else 'mistakes'} in this framework's workbook"
    return "\n  ".join([f"{head}; nothing of it is taken in:", *(fault.line for fault in faults)])


def findings_of(
    rows: Rows, letters: Mapping[tuple[str, str], str], before: Sequence[Fault]
) -> list[Fault]:
    """What is wrong beyond single cells; a cell that is told of already isn't told again."""
    known = {(fault.sheet, fault.cell) for fault in before}
    faults: list[Fault] = list(_unfilled(rows))
    for finding in _findings(rows):
        sheet = SHEETS_BY_FILE[finding.file]
        filled = rows[finding.file]
        number = filled[finding.row - FIRST_ROW].number
        # A column of the edition stands on the sheet Framework alone.
        letter = letters.get((finding.file, finding.column))
        cell = f"{letter}{number}" if letter else f"row {number}"
        if (sheet.name, cell) not in known:
            expected, fix = _in_words(finding.expected), _in_words(finding.fix)
            problem = _in_words(finding.problem)
            faults.append(Fault(sheet.name, cell, problem, finding.got, expected, fix))
    return faults


def _unfilled(rows: Rows) -> Iterator[Fault]:
    if len(rows[FRAMEWORKS]) != 1:
        yield Fault(
            "Framework",
            "",
            "doesn't say which edition this is",
            f"{len(rows[FRAMEWORKS])} rows below the example",
            "one row",
            "fill in one row; another edition is another workbook",
        )
    for file in ("domains.csv", "framework_indicators.csv"):
        if not rows[file]:
            name = SHEETS_BY_FILE[file].name
            yield Fault(name, "", "is empty", "", "at least one row", "fill in the sheet")


def _findings(rows: Rows) -> Iterator[Finding]:
    seeds = load_registry(PROJECT_ROOT / "seeds")
    tables = _tables(rows, seeds)
    for sheet in SHEETS:
        yield from table_findings(sheet.table, tables, sorted_rows=False)
    for rule in (*FRAMEWORK_RULES, fingertips_ids_agree):
        yield from rule(tables)
    yield from _days(rows)
    yield from _own_names(rows, {row["indicator_id"] for row in seeds.indicators})


def _tables(rows: Rows, seeds: Registry) -> dict[str, tuple[Row, ...]]:
    edition = rows[FRAMEWORKS][0].cells if rows[FRAMEWORKS] else {}
    tables: dict[str, tuple[Row, ...]] = {}
    for sheet in SHEETS:
        names = table_columns(sheet)
        said = {name: edition.get(name, "") for name in EDITION_COLUMNS if name in names}
        tables[sheet.file] = tuple(
            MappingProxyType({**dict.fromkeys(names, ""), **said, **row.cells})
            for row in rows[sheet.file]
        )
    return tables | {
        "areas.csv": seeds.areas,
        "outcome_types.csv": seeds.outcome_types,
        "owners.csv": seeds.owners,
        "indicator_sources.csv": seeds.indicator_sources,
        "indicators.csv": (*seeds.indicators, *tables[MEASURES]),
    }


def _days(rows: Rows) -> Iterator[Finding]:
    for number, row in enumerate(rows[FRAMEWORKS], start=FIRST_ROW):
        day = row.cells.get("as_of", "")
        if not is_date(day):
            yield Finding(
                FRAMEWORKS,
                number,
                "as_of",
                "doesn't say on which day this list is true",
                day or "nothing",
                "a day such as 2025-04-01",
                "fill the cell",
            )


def _own_names(rows: Rows, taken: set[str]) -> Iterator[Finding]:
    """What a workbook names for itself bears its framework's name, and is nobody else's."""
    framework = rows[FRAMEWORKS][0].cells.get("framework", "") if rows[FRAMEWORKS] else ""
    for file, column in NAMED_FIRST.items():
        for number, row in enumerate(rows[file], start=FIRST_ROW):
            name = row.cells.get(column, "")
            if name and not name.startswith(f"{framework}_"):
                problem, expected = "might be another framework's", f"{framework}_ and a name"
                fix = "begin the name with the framework's"
            elif file == MEASURES and name in taken:
                problem, expected = "is a known measure", "a new name"
                fix = "take the row out and use the measure on Indicators"
            else:
                continue
            yield Finding(file, number, column, problem, name, expected, fix)


def _in_words(text: str) -> str:
    """What a rule says of files and columns, as whoever fills in the form sees them."""
    for sheet in SHEETS:
        text = re.sub(rf"(seeds/)?{re.escape(sheet.file)}", f"the sheet {sheet.name}", text)
        for column in sheet.columns:
            if "_" in column.name:
                text = re.sub(rf"\b{column.name}\b", column.header, text)
    for file, place in SEEN_IN.items():
        text = re.sub(rf"(seeds/)?{re.escape(file)}", place, text)
    return text

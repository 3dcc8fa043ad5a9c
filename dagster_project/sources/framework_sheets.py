"""The sheets of a framework's workbook, as data: what a commissioner fills in and what lands.

Each sheet is a table of the registry without the columns that say which edition it is; the sheet
Framework says that once. The forms of the cells are those of `registry_tables_frameworks.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dagster_project.registry.forms import (
    CERTAINTY,
    EDITION_COLUMNS,
    Column,
    Table,
    columns,
    words,
)
from dagster_project.registry.tables import BASES, VALUE_TYPES
from dagster_project.registry.tables_frameworks import FRAMEWORK_TABLES

# A row whose first cell starts so shows how to fill the sheet, and is left out.
EXAMPLE = "Example:"
POLARITIES = words("higher_is_better lower_is_better no_judgement")

LOCAL_MEASURES = Table(
    "local_measures.csv",
    ("indicator_id",),
    columns(
        "indicator_id*:id title* definition_version*:whole unit multiplier:whole value_type*"
        " polarity* population_basis numerator denominator owner* certainty* note"
    ),
    allowed={
        "value_type": VALUE_TYPES,
        "polarity": POLARITIES,
        "population_basis": BASES,
        "certainty": CERTAINTY,
    },
    refers_to={"owner": ("owners.csv", "owner_id")},
)
TABLES = {table.file: table for table in (*FRAMEWORK_TABLES, LOCAL_MEASURES)}


@dataclass(frozen=True)
class SheetColumn:
    """A column: its name with us, its header and note in plain words, and an example of a cell."""

    name: str
    header: str
    note: str
    example: str = ""
    width: int = 16


@dataclass(frozen=True)
class SheetForm:
    """A sheet: its name, the registry's table that it fills, and its columns from the left."""

    name: str
    file: str
    says: str
    columns: tuple[SheetColumn, ...]

    @property
    def table(self) -> Table:
        return TABLES[self.file]

    @property
    def stem(self) -> str:
        return self.file.removesuffix(".csv")

    @cached_property
    def forms(self) -> dict[str, Column]:
        """The registry's form of each column; `as_of` is the workbook's own."""
        known = {column.name: column for column in self.table.columns}
        return known | {"as_of": Column("as_of", True, "date")}


CERTAIN = SheetColumn("certainty", "How sure", "How sure the wording is", "verified")
STAND_IN = SheetColumn(
    "is_stand_in", "Stand-in", "yes if it only stands in for something not known yet", "no", 10
)
NOTE = SheetColumn("note", "Note", "What else there is to know", "", 40)
TITLE_WIDTH = 50

SHEETS: tuple[SheetForm, ...] = (
    SheetForm(
        "Framework",
        "frameworks.csv",
        "One row: which edition this workbook holds, and the day on which it is true.",
        (
            SheetColumn(
                "framework", "Framework", "Short name, small letters and _", "Example: our_place"
            ),
            SheetColumn("edition", "Edition", "As your partners call it", "2025"),
            SheetColumn(
                "as_of", "As of", "The day on which this list is true: later days replace earlier"
            ),
            SheetColumn("name", "Name", "The framework in words", "Our Place Outcomes", 40),
            SheetColumn("kind", "National or local", "Who it is for", "local"),
            SheetColumn("publisher", "Published by", "Who decides on it", "Our Place Board", 30),
            SheetColumn(
                "area_codes", "Areas", "ONS codes, | between them; local only", "E06000023", 24
            ),
            SheetColumn("valid_from", "Valid from", "First day of the edition", "2025-04-01"),
            SheetColumn("valid_to", "Valid to", "Last day; empty while it is in use"),
            STAND_IN,
            CERTAIN,
            NOTE,
        ),
    ),
    SheetForm(
        "Domains",
        "domains.csv",
        "The parts of the framework: domains, segments of people, or themes.",
        (
            SheetColumn("domain_code", "Domain code", "Short code", "Example: 1"),
            SheetColumn("domain_name", "Domain", "In words", "Living well", 40),
            SheetColumn("kind", "Kind", "What the parts are", "domain"),
            SheetColumn("sort_order", "Order", "1, 2, 3 and so on", "1", 8),
        ),
    ),
    SheetForm(
        "Indicators",
        "framework_indicators.csv",
        "One row per code and measure. Keep retired ones, and say why: that is the history.",
        (
            SheetColumn("code", "Code", "As the framework prints it, as text", "Example: 1.1"),
            SheetColumn(
                "indicator_id",
                "Measure",
                "A name of the sheet Known measures (then it is that very measure, by its national"
                " definition) or of Local measures",
                "smoking_adults",
                34,
            ),
            SheetColumn("title", "Title", "As the framework has it", "Fewer smokers", TITLE_WIDTH),
            SheetColumn("domain_code", "Domain code", "A code of the sheet Domains", "1"),
            SheetColumn("outcome_type", "Outcome type", "Where the framework has them", "health"),
            SheetColumn("role", "Part played", "measure, where you aren't sure", "measure"),
            SheetColumn("life_cycle", "Life cycle", "Where it stands today", "live"),
            SheetColumn("valid_from", "Counts from", "Where that isn't the edition's first day"),
            SheetColumn("valid_to", "Counted until", "Last day; where it is retired"),
            SheetColumn("life_cycle_reason", "Reason", "Why it is under review or retired", "", 40),
            SheetColumn("successor_code", "Followed by", "Code that took its place"),
            SheetColumn("owner_partner", "Owning partner", "Who answers for it", "Council", 24),
            SheetColumn("programmes", "Programmes", "Short names, | between them", "", 24),
            SheetColumn("sort_order", "Order", "1, 2, 3 and so on", "1", 8),
            SheetColumn("fingertips_id", "Fingertips id", "Where it has one and you know it"),
            STAND_IN,
            CERTAIN,
            SheetColumn("evidence", "Seen in", "Where the wording stands", "Board paper", 40),
            NOTE,
        ),
    ),
    SheetForm(
        "Local measures",
        "local_measures.csv",
        "Measures that nobody else has: name one here, then use it on Indicators.",
        (
            SheetColumn(
                "indicator_id",
                "Measure",
                "Starts with the framework's short name and _; never changes meaning",
                "Example: our_place_isolation",
                34,
            ),
            SheetColumn("title", "Title", "What it measures", "Lonely adults", TITLE_WIDTH),
            SheetColumn("definition_version", "Definition version", "1, then 2 and so on", "1"),
            SheetColumn("unit", "Unit", "Such as % or per 100,000", "%"),
            SheetColumn("multiplier", "Multiplier", "100 for %, 100000 for per 100,000", "100"),
            SheetColumn("value_type", "Kind of figure", "What the figure is", "proportion"),
            SheetColumn("polarity", "Better when", "Which way is better", "lower_is_better"),
            SheetColumn("population_basis", "Who is counted", "Whose outcome it is", "survey"),
            SheetColumn("numerator", "Numerator", "What is counted", "Adults often lonely", 40),
            SheetColumn("denominator", "Denominator", "Out of whom", "Adults asked", 40),
            SheetColumn("owner", "Who is told", "Role to tell of errors", "geography"),
            CERTAIN,
            NOTE,
        ),
    ),
    SheetForm(
        "Programmes",
        "programmes.csv",
        "Programmes and projects that indicators belong to.",
        (
            SheetColumn("programme_id", "Programme", "Short name, small letters, _", "Example: x"),
            SheetColumn("name", "Name", "In words", "Ageing well", 40),
            SheetColumn("kind", "Kind", "programme or project", "programme"),
            SheetColumn("owner_partner", "Owning partner", "Who runs it", "Council", 24),
            NOTE,
        ),
    ),
    SheetForm(
        "Principles",
        "selection_principles.csv",
        "Each principle once without a code; below, the answers for each code.",
        (
            SheetColumn("principle", "Principle", "In words", "Example: measurable", 34),
            SheetColumn("code", "Code", "Empty where the principle itself is named", "1.1"),
            SheetColumn("is_met", "Is it met", "yes or no, beside a code", "yes"),
            SheetColumn("why", "Why", "In words, beside a code", "Published every year", 50),
        ),
    ),
    SheetForm(
        "Goals",
        "goals.csv",
        "What is to be reached, where and by when.",
        (
            SheetColumn(
                "goal_id",
                "Goal",
                "Starts with the framework's short name and _",
                "Example: our_place_smoking",
                30,
            ),
            SheetColumn("code", "Code", "A code of the sheet Indicators", "1.1"),
            SheetColumn("indicator_id", "Measure", "As on Indicators", "smoking_adults", 34),
            SheetColumn("area_code", "Area", "ONS code", "E06000023"),
            SheetColumn("sex", "Sex", "Whose figure", "Persons"),
            SheetColumn("age", "Age", "As the figure's publisher writes it", "18+ yrs"),
            SheetColumn("baseline_start", "Baseline from", "First day of the baseline period"),
            SheetColumn("baseline_end", "Baseline to", "Last day of the baseline period"),
            SheetColumn("target_value", "Target", "In the measure's unit: 12.5, never 12.5%", "5"),
            SheetColumn("target_by", "By", "Day by which it is to be reached", "2030-03-31"),
            SheetColumn("path", "Path", "linear: a share a year; at_end: by the day", "at_end"),
            SheetColumn("owner", "Owner", "The role that answers for it", "Council", 24),
            SheetColumn("source", "Decided in", "Where the target stands", "Board paper", 34),
            STAND_IN,
            CERTAIN,
            NOTE,
        ),
    ),
)
SHEETS_BY_FILE = {sheet.file: sheet for sheet in SHEETS}
SHEETS_BY_NAME = {sheet.name: sheet for sheet in SHEETS}
# What people write, and the registry's word for it.
FLAGS = {"yes": "true", "no": "false"}


def table_columns(sheet: SheetForm) -> tuple[str, ...]:
    """The names of the sheet's columns, and before them those of its edition."""
    names = tuple(column.name for column in sheet.columns)
    return (
        names
        if sheet.file in ("frameworks.csv", "local_measures.csv")
        else (
            *EDITION_COLUMNS,
            *names,
        )
    )


def allowed(sheet: SheetForm, name: str) -> tuple[str, ...]:
    """The words that a cell may hold, as people write them; none where it may hold any."""
    if sheet.forms[name].kind == "flag":
        return tuple(FLAGS)
    return sheet.table.allowed.get(name, ())

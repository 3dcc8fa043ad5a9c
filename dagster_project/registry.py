"""The registry: reference data in `seeds/` that analysts keep by hand, read and checked as a whole.

Only the standard library is used here, because this runs before anything heavy is imported.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType

from dagster_project.errors import RegistryError
from dagster_project.registry_alerts import ALERT_RULES
from dagster_project.registry_alignment import ALIGNMENT_RULES
from dagster_project.registry_checks import review_findings, revision_limit_findings
from dagster_project.registry_comparability import COMPARABILITY_RULES
from dagster_project.registry_contracts import CONTRACT_RULES
from dagster_project.registry_definitions import (
    DEFINITION_RULES,
    FOLDER,
    as_error,
    defined,
    is_told,
    keep,
    with_definitions,
)
from dagster_project.registry_disclosure import DISCLOSURE_RULES
from dagster_project.registry_forms import FIRST_ROW, KINDS, Column, Finding, Row, Table
from dagster_project.registry_frameworks import FRAMEWORK_RULES
from dagster_project.registry_live import LIVE_RULES
from dagster_project.registry_methods import METHOD_RULES
from dagster_project.registry_payments import PAYMENT_RULES
from dagster_project.registry_rules import RULES
from dagster_project.registry_tables import TABLES

RULES_OF_ALL = (
    *(*RULES, *FRAMEWORK_RULES, *LIVE_RULES, *METHOD_RULES),
    *(*COMPARABILITY_RULES, *ALIGNMENT_RULES, *DISCLOSURE_RULES, *DEFINITION_RULES),
    *(*CONTRACT_RULES, *PAYMENT_RULES, *ALERT_RULES, revision_limit_findings, review_findings),
)
# A spreadsheet runs a cell that starts so as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t")


class RegistryProblems(RegistryError):
    """Every mistake found in `seeds/`, told together; `problems` holds them one by one."""

    def __init__(self, problems: Iterable[RegistryError]) -> None:
        self.problems = tuple(problems)
        number = len(self.problems)
        listing = "\n".join(f"  {problem.message}" for problem in self.problems)
        super().__init__(
            f"{number} {'mistake' if number == 1 else 'mistakes'} in the registry:\n{listing}"
        )


@dataclass(frozen=True)
class Registry:
    """The seeds, one field a file; each row maps column to text, and empty text is unknown."""

    owners: tuple[Row, ...]
    subscribers: tuple[Row, ...]
    reviews: tuple[Row, ...]
    bank_holidays: tuple[Row, ...]
    disclosure_policies: tuple[Row, ...]
    sources: tuple[Row, ...]
    live_sources: tuple[Row, ...]
    out_of_scope: tuple[Row, ...]
    status_reasons: tuple[Row, ...]
    publisher_notes: tuple[Row, ...]
    frameworks: tuple[Row, ...]
    domains: tuple[Row, ...]
    outcome_types: tuple[Row, ...]
    indicators: tuple[Row, ...]
    framework_indicators: tuple[Row, ...]
    programmes: tuple[Row, ...]
    selection_principles: tuple[Row, ...]
    goals: tuple[Row, ...]
    indicator_sources: tuple[Row, ...]
    crosswalk: tuple[Row, ...]
    measures: tuple[Row, ...]
    series_breaks: tuple[Row, ...]
    published_together: tuple[Row, ...]
    comparability_reasons: tuple[Row, ...]
    methods: tuple[Row, ...]
    peer_sets: tuple[Row, ...]
    breakdown_dimensions: tuple[Row, ...]
    deprivation_quantiles: tuple[Row, ...]
    standard_populations: tuple[Row, ...]
    areas: tuple[Row, ...]
    area_redraws: tuple[Row, ...]
    area_tiles: tuple[Row, ...]
    combined_areas: tuple[Row, ...]
    rounding: tuple[Row, ...]
    stand_ins: tuple[Row, ...]
    harmonised_categories: tuple[Row, ...]
    payment_schemes: tuple[Row, ...]
    payment_steps: tuple[Row, ...]
    contracts: tuple[Row, ...]
    contract_periods: tuple[Row, ...]
    contract_providers: tuple[Row, ...]
    contract_outcomes: tuple[Row, ...]
    contract_terms: tuple[Row, ...]
    contract_gates: tuple[Row, ...]
    contract_mechanisms: tuple[Row, ...]
    contract_decisions: tuple[Row, ...]
    contract_guidance: tuple[Row, ...]
    revision_limits: tuple[Row, ...]
    definition_reviews: tuple[Row, ...]
    period_kinds: tuple[Row, ...]
    provisional_periods: tuple[Row, ...]
    instruments: tuple[Row, ...]
    instrument_items: tuple[Row, ...]
    instrument_weights: tuple[Row, ...]


def load_registry(seeds_dir: Path, definitions: Path = FOLDER) -> Registry:
    """The registry, or one `RegistryProblems` that tells every mistake in it."""
    tables, problems = _check(seeds_dir, definitions)
    if problems:
        raise RegistryProblems(problems)
    return Registry(**{field.name: tables[f"{field.name}.csv"] for field in fields(Registry)})


def validate(seeds_dir: Path, definitions: Path = FOLDER) -> list[RegistryError]:
    """Every mistake in the registry, in the order of the tables; none where it is sound."""
    return _check(seeds_dir, definitions)[1]


def live_areas(registry: Registry, day: str, area_type: str | None = None) -> tuple[Row, ...]:
    """The areas that exist on `day` (YYYY-MM-DD), all of them or those of one type."""
    return tuple(
        row
        for row in registry.areas
        if row["valid_from"] <= day
        and (not row["valid_to"] or day <= row["valid_to"])
        and area_type in (None, row["area_type"])
    )


def _check(
    seeds_dir: Path, definitions: Path
) -> tuple[dict[str, tuple[Row, ...]], list[RegistryError]]:
    seeds: dict[str, tuple[Row, ...]] = {}
    findings: list[Finding] = []
    for table in TABLES:
        seeds[table.file], found = _read(seeds_dir / table.file, table)
        findings += found
    said = defined(definitions, seeds)
    tables = with_definitions(seeds, said.rows)
    for table in TABLES:
        findings += table_findings(table, tables)
    for rule in RULES_OF_ALL:
        findings += rule(tables)
    problems = [as_error(each, tables) for each in findings if not is_told(each, tables, said.told)]
    problems += said.problems
    if not problems:
        keep(definitions, said)
    return tables, problems


def _read(path: Path, table: Table) -> tuple[tuple[Row, ...], list[Finding]]:
    """The rows of one file; none of them where its header or its form is wrong."""
    text, fault = _text(path, table.file)
    if fault:
        return (), [fault]
    lines = list(csv.reader(io.StringIO(text, newline="")))
    header = lines[0] if lines else []
    if header != table.header:
        return (), [
            Finding(
                table.file,
                1,
                next((name for name in table.header if name not in header), ""),
                "the header is wrong",
                ",".join(header) or "nothing",
                ",".join(table.header),
                "give the file exactly these columns, in this order",
            )
        ]
    rows, findings = [], []
    for number, cells in enumerate(lines[1:], start=FIRST_ROW):
        if len(cells) != len(header):
            findings.append(_ragged(table.file, number, len(cells), len(header)))
        cells = [*cells, *[""] * len(header)][: len(header)]
        rows.append(MappingProxyType(dict(zip(header, cells, strict=True))))
    return tuple(rows), findings


def _text(path: Path, file: str) -> tuple[str, Finding | None]:
    def fault(problem: str, got: str, expected: str, fix: str) -> tuple[str, Finding]:
        return "", Finding(file, 1, "", problem, got, expected, fix)

    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return fault("the file is missing", "no file", "a CSV file", "restore it")
    save = "save the file as CSV, UTF-8, with Unix line ends"
    if content.startswith(b"\xef\xbb\xbf"):
        return fault("starts with a byte order mark", "a mark", "plain UTF-8", save)
    if b"\r" in content:
        return fault("has Windows line ends", "CRLF", "LF", save)
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError as error:
        return fault("isn't UTF-8", f"byte {error.start} is another encoding", "UTF-8", save)


def _ragged(file: str, number: int, got: int, expected: int) -> Finding:
    return Finding(
        file,
        number,
        "",
        "has the wrong number of cells",
        str(got),
        str(expected),
        "put cells that hold a comma in quotation marks",
    )


def table_findings(
    table: Table, tables: Mapping[str, tuple[Row, ...]], *, sorted_rows: bool = True
) -> Iterator[Finding]:
    """What is wrong with the cells of a table, and with the keys of its rows."""
    rows = tables[table.file]
    known = {
        (file, column): {row[column] for row in tables[file]}
        for file, column in table.refers_to.values()
    }
    for number, row in enumerate(rows, start=FIRST_ROW):
        for column in table.columns:
            cell = row[column.name]
            fault = _form_fault(cell, column) or _value_fault(cell, column, table, known)
            if fault:
                problem, expected, fix = fault
                yield Finding(table.file, number, column.name, problem, repr(cell), expected, fix)
        if table.span:
            yield from _span_findings(table, number, row)
    yield from _key_findings(table, rows, sorted_rows=sorted_rows)


Fault = tuple[str, str, str]


def _form_fault(cell: str, column: Column) -> Fault | None:
    if cell != cell.strip() or "\n" in cell or "\u00a0" in cell:
        return ("has stray space", "no space at either end and no line break", "take it out")
    if cell.startswith(FORMULA_STARTS) and column.kind != "number":
        return ("would run as a formula", "a cell that starts with none of = + - @", "reword it")
    if column.required and not cell:
        return ("is empty", "a value in every row", "fill the cell")
    return None


def _value_fault(
    cell: str, column: Column, table: Table, known: Mapping[tuple[str, str], set[str]]
) -> Fault | None:
    if not cell:
        return None
    allowed = table.allowed.get(column.name)
    values = cell.split("|") if column.name in table.several else [cell]
    if allowed and not set(values) <= set(allowed):
        return ("isn't an allowed value", ", ".join(allowed), "use one of these")
    accepts, wording = KINDS[column.kind]
    target = table.refers_to.get(column.name)
    for value in values:
        if not accepts(value):
            return ("has the wrong form", wording, "rewrite the cell in this form")
        # An empty set means that the other file couldn't be read: that has its own finding.
        if target and known[target] and value not in known[target]:
            where = f"seeds/{target[0]}"
            return (
                "refers to a row that doesn't exist",
                f"{target[1]} of a row of {where}",
                f"correct the cell, or add the row to {where}",
            )
    return None


def _span_findings(table: Table, number: int, row: Row) -> Iterator[Finding]:
    start, end = table.span or ("", "")
    if row[start] and row[end] and row[end] < row[start]:
        yield Finding(
            table.file,
            number,
            end,
            f"is before {start}",
            row[end],
            f"{row[start]} or later",
            "mend one of the two dates",
        )


def _key_findings(table: Table, rows: tuple[Row, ...], *, sorted_rows: bool) -> Iterator[Finding]:
    keys = [tuple(row[name] for name in table.key) for row in rows]
    seen: set[tuple[str, ...]] = set()
    last: tuple[str, ...] = ()
    for number, (key, row) in enumerate(zip(keys, rows, strict=True), start=FIRST_ROW):
        got = " / ".join(key)
        column = table.key[-1]
        if key in seen:
            expected = f"{', '.join(table.key)} once"
            yield Finding(
                table.file, number, column, "is there twice", got, expected, "keep one of the rows"
            )
        elif key < last and sorted_rows and "defined_in" not in row:
            expected = f"rows sorted by {', '.join(table.key)}"
            yield Finding(
                table.file, number, column, "is out of order", got, expected, "sort the rows"
            )
        seen.add(key)
        last = max(key, last) if "defined_in" not in row else last

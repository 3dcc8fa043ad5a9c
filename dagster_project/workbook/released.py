"""The tables of a release as the workbook asks for them, whatever version wrote them.

A release of an earlier version lacks tables and columns. What it lacks is empty here, so that the
workbook of a redacted copy of it can still be made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.contracts.tables import ALL_TABLES, INPUTS
from dagster_project.release.files import spill_folder
from dagster_project.release.manifest import Manifest
from dagster_project.release.sql import parquet, quoted
from dagster_project.release.tables import STORED_AS

if TYPE_CHECKING:
    import duckdb

SETTINGS: dict[str, Any] = {
    "memory_limit": "1GB",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}

SERIES = {
    **dict.fromkeys(("indicator_id", "area_code", "period_type"), "string"),
    **dict.fromkeys(("period_start", "period_end"), "date"),
    **dict.fromkeys(("sex", "age", "segment", "breakdown_type", "breakdown", "origin"), "string"),
}
LABELLED = {**SERIES, "period_label": "string", "area_type": "string"}
FIGURES = ("value", "lower_95", "upper_95", "numerator", "denominator")
COUNTS = ("better", "similar", "worse", "mixed", "no_judgement", "not_compared", "no_data")
EDITION = dict.fromkeys(("framework", "edition", "code", "indicator_id", "title"), "string")

# What the workbook reads, with the datatype of each column.
ASKED: dict[str, dict[str, str]] = {
    "indicator_values": {
        **LABELLED,
        **dict.fromkeys(FIGURES, "number"),
        **dict.fromkeys(("unit", "status", "status_reason", "held_since", "source_id"), "string"),
        "flags": "list",
    },
    "headlines": {**LABELLED, "framework": "string", "edition": "string"},
    "comparisons": {
        **SERIES,
        **dict.fromkeys(("area_type", "comparator_type", "judgement", "reason"), "string"),
        "comparator_value": "number",
    },
    "trends": {
        **{name: kind for name, kind in SERIES.items() if kind == "string"},
        **dict.fromkeys(("direction", "judgement", "reason"), "string"),
    },
    "domain_summary": {
        **dict.fromkeys(
            ("framework", "edition", "domain_code", "area_type", "area_code"), "string"
        ),
        **dict.fromkeys(("indicators", *COUNTS), "integer"),
        **dict.fromkeys(("earliest_period_start", "latest_period_end"), "date"),
        "expected_worse_by_chance": "number",
    },
    "framework_indicators": {
        **EDITION,
        **dict.fromkeys(("domain_code", "domain_name", "framework_name"), "string"),
        **dict.fromkeys(("framework_kind", "publisher", "life_cycle"), "string"),
        "sort_order": "integer",
    },
    "coverage": {
        **EDITION,
        **dict.fromkeys(("coverage", "meaning", "sources", "waits_for", "owner"), "string"),
        **dict.fromkeys(("published_values", "published_areas"), "integer"),
        "latest_period_end": "date",
    },
    "holds": {
        **LABELLED,
        **dict.fromkeys(("check_id", "reason", "held_since", "source_id"), "string"),
        "keeps_last_good_value": "boolean",
    },
    "indicators": {
        **dict.fromkeys(("indicator_id", "title", "definition_version", "unit"), "string"),
        **dict.fromkeys(("value_type", "method", "ci_method", "standard_population"), "string"),
        **dict.fromkeys(("polarity", "polarity_certainty", "population_basis"), "string"),
        **dict.fromkeys(("numerator_definition", "denominator_definition"), "string"),
        **dict.fromkeys(("headline_sex", "headline_age", "periodicity", "owner"), "string"),
        **dict.fromkeys(("certainty", "evidence", "note", "life_cycle"), "string"),
        "decimals": "integer",
    },
    "areas": {
        **dict.fromkeys(("area_code", "area_name", "area_type", "region_code"), "string"),
    },
    **{
        table.name: {column.name: column.datatype for column in table.columns}
        for table in ALL_TABLES
        if table.name != INPUTS
    },
}


@dataclass(frozen=True)
class Released:
    """A release that can be asked: each table of `ASKED` is a view of its name."""

    manifest: Manifest
    con: duckdb.DuckDBPyConnection

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of an answer."""
        return self.con.execute(query).fetchall()

    def number(self, query: str) -> int:
        """The one whole number that is asked for."""
        return int(self.rows(query)[0][0] or 0)


@contextmanager
def released(directory: Path, manifest: Manifest) -> Iterator[Released]:
    """The release in that directory, until the block ends."""
    import duckdb

    with (
        spill_folder(directory) as spill,
        duckdb.connect(config={**SETTINGS, "temp_directory": str(spill)}) as con,
    ):
        for name, columns in ASKED.items():
            table = manifest.table(name)
            found = table.column_names if table else ()
            cells = ", ".join(
                quoted(column)
                if column in found
                else f"cast(null as {STORED_AS[kind]}) as {quoted(column)}"
                for column, kind in columns.items()
            )
            source = (
                f"from {parquet(directory / 'data' / f'{name}.parquet')}"
                if table
                else "where false"
            )
            con.execute(f"create view {quoted(name)} as select {cells} {source}")
        yield Released(manifest, con)

"""A small release for the tests of the workbook: any rows of any table, the rest as it comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.release.manifest import Manifest
from dagster_project.release.tables import STORED_AS, Column, PublishedTable
from dagster_project.workbook.released import ASKED

Row = Mapping[str, Any]

SERIES = {
    "period_type": "financial_year",
    "sex": "Persons",
    "age": "All ages",
    "segment": "all",
    "breakdown_type": "all",
    "breakdown": "all",
    "origin": "published",
    "period_start": date(2023, 4, 1),
    "period_end": date(2024, 3, 31),
    "period_label": "2023/24",
}


def value(indicator: str, area: str, number: float | None, **more: Any) -> dict[str, Any]:
    """A published value of an upper-tier authority, but for what is said otherwise."""
    return {
        **SERIES,
        "indicator_id": indicator,
        "area_code": area,
        "area_type": "utla",
        "value": number,
        "status": "published",
        "flags": [],
        "unit": "%",
        **more,
    }


def years_before(row: Row, years: int, number: float | None, **more: Any) -> dict[str, Any]:
    """The value of the same series so many years before."""
    start, end = row["period_start"], row["period_end"]
    return {
        **row,
        "value": number,
        "period_label": f"{start.year - years}",
        "period_start": start.replace(year=start.year - years),
        "period_end": end.replace(year=end.year - years),
        **more,
    }


def headline(row: Row, framework: str = "none", edition: str = "none") -> dict[str, Any]:
    """The value speaks for its indicator, in a framework's name or in none."""
    named = {name: cell for name, cell in row.items() if name in ASKED["headlines"]}
    return {**named, "framework": framework, "edition": edition}


def make_release(
    directory: Path,
    tables: Mapping[str, Sequence[Row]],
    *,
    synthetic: bool = False,
    missing: Sequence[str] = (),
    **more: Any,
) -> Manifest:
    """A release in that directory with those rows, and none of the tables that are `missing`."""
    (directory / "data").mkdir(parents=True)
    described = []
    with duckdb.connect() as con:
        for name, columns in ASKED.items():
            if name in missing:
                continue
            cells = ", ".join(f'"{column}" {STORED_AS[kind]}' for column, kind in columns.items())
            con.execute(f"create table {name} ({cells})")
            marks = ", ".join("?" for _ in columns)
            for row in tables.get(name, ()):
                unknown = set(row) - set(columns)
                assert not unknown, f"the workbook doesn't read {unknown} of {name}"
                con.execute(f"insert into {name} values ({marks})", [row.get(c) for c in columns])
            con.execute(f"copy {name} to '{directory}/data/{name}.parquet' (format parquet)")
            described.append(
                PublishedTable(
                    name,
                    "",
                    tuple(columns)[:1],
                    tuple(Column(column, kind, column) for column, kind in columns.items()),
                    name,
                )
            )
    return Manifest(
        **{
            "id": "1.0.0-0123456789ab",
            "data_version": "1.0.0",
            "previous": None,
            "fingerprint": "0" * 64,
            "commit": "0" * 40,
            "created_at": "2026-11-26T08:00:00Z",
            "as_of": "2026-11-26",
            "synthetic": synthetic,
            "tables": tuple(described),
            **more,
        }
    )

"""Small releases for the tests of alerts: every table there, with the rows that a test gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from dagster_project.alerts import from_release, machine
from dagster_project.alerts.causes import Cause, from_json
from dagster_project.alerts.machine import Alert, Entry, Stake
from dagster_project.alerts.message import compose
from dagster_project.alerts.release_tables import TABLES, Pair, Payment
from dagster_project.alerts.routing import directory
from dagster_project.alerts.wording import Places, Speaker
from dagster_project.contracts.tables import CONTRACT_TABLES
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.pipeline.tables import CHANGE_COLUMNS, KEY
from dagster_project.release.manifest import InputRecord, Manifest, write_manifest
from dagster_project.release.sql import names, quoted, text
from dagster_project.release.store import ReleaseStore
from dagster_project.release.tables import STORED_AS
from tests.support.alerts_place import MONDAY

Rows = Sequence[Mapping[str, Any]]
ENGLAND, STOCKPORT, BRISTOL = "E92000001", "E08000007", "E06000023"
DEMENTIA, ASTHMA = "dementia_qof_prevalence", "asthma_qof_prevalence"

# What a row has unless it says otherwise.
USUAL: dict[str, Any] = {
    "indicator_id": DEMENTIA,
    "area_type": "utla",
    "area_code": STOCKPORT,
    "area_name": "Stockport",
    "period_type": "financial_year",
    "period_start": "2024-04-01",
    "period_end": "2025-03-31",
    "period_label": "2024/25",
    "sex": "Persons",
    "age": "All ages",
    "segment": "all",
    "breakdown_type": "all",
    "breakdown": "all",
    "origin": "published",
    "source_id": "qof",
    "status": "published",
    "headline_sex": "Persons",
    "headline_age": "All ages",
    "comparator_type": "england",
    "severity": "warning",
    "left_kind": "indicator",
    "right_kind": "indicator",
}


@cache
def _columns() -> dict[str, dict[str, str]]:
    """The columns of each released table with their types, as the models declare them."""
    declared = yaml.safe_load((PROJECT_ROOT / "dbt/models/marts/_marts.yml").read_text("utf-8"))
    found = {
        model["name"].removeprefix("published_"): {
            column["name"]: column["data_type"] for column in model["columns"]
        }
        for model in declared["models"]
    }
    # What changed is worked out while publishing: no model declares it.
    changes = {name: found["comparisons"][name] for name in KEY} | {
        column.name: STORED_AS[column.datatype] for column in CHANGE_COLUMNS
    }
    contracts = {
        table.name: {column.name: STORED_AS[column.datatype] for column in table.columns}
        for table in CONTRACT_TABLES
    }
    return found | contracts | {"changes": changes}


@dataclass
class Releases:
    """The releases of one home, each made of the rows that it is given."""

    home: Home
    made: list[Manifest] = field(default_factory=list)

    @property
    def store(self) -> ReleaseStore:
        return ReleaseStore(self.home)

    def make(self, files: Sequence[str] = (), **tables: Rows) -> Manifest:
        """A release that follows the last, of these QOF files, and is the latest."""
        number = len(self.made)
        identifier = f"1.{number}.0-{number:012x}"
        folder = self.home.releases / identifier
        (folder / "data").mkdir(parents=True)
        with duckdb.connect() as con:
            for table in TABLES:
                write(con, folder / "data" / f"{table}.parquet", table, tables.get(table, ()))
        inputs = tuple(
            InputRecord(f"{name:0>64}"[-64:], "qof", "qof", name, None, None, 1) for name in files
        )
        manifest = Manifest(
            id=identifier,
            data_version=f"1.{number}.0",
            previous=self.made[-1].id if self.made else None,
            fingerprint=f"{number:064x}",
            commit="",
            created_at=f"2026-11-{16 + number:02}T09:45:00Z",
            as_of="2026-11-16",
            synthetic=False,
            inputs=inputs,
        )
        write_manifest(folder, manifest)
        self.point_at(manifest)
        self.made.append(manifest)
        return manifest

    def point_at(self, manifest: Manifest) -> None:
        """After this that release is the latest."""
        link = self.home.releases / "latest"
        link.unlink(missing_ok=True)
        link.symlink_to(manifest.id)


def write(con: duckdb.DuckDBPyConnection, path: Path, table: str, rows: Rows) -> None:
    """After this the file holds these rows of the released table."""
    columns = _columns()[table]
    typed = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
    con.execute(f"create or replace table made ({typed})")
    for row in rows:
        whole = {name: {**USUAL, **row}.get(name) for name in columns}
        con.execute(
            f"insert into made ({names(whole)}) values ({', '.join('?' * len(whole))})",
            list(whole.values()),
        )
    con.execute(f"copy made to {text(path)} (format parquet)")


def told(
    releases: Releases,
    known: dict[str, Cause] | None = None,
    final: frozenset[Payment] = frozenset(),
) -> dict[str, Cause]:
    """The causes of the latest release beside the one before, by key; each survives being kept."""
    *earlier, now = releases.made
    before = earlier[-1] if earlier else None
    pair = Pair(releases.store, now, before, final=final)
    found = {each.key: each for each in from_release.collect(pair, directory(), known or {})}
    for cause in found.values():
        assert said(cause)
        kept = from_json(cause.as_json())
        assert (kept.key, kept.all_parts) == (cause.key, cause.all_parts)
    return found


def recipients(cause: Cause) -> set[str]:
    return {stake.recipient for stake in directory().stakes(cause)}


def said(cause: Cause, reads_as: str = "owner") -> str:
    """The whole message that tells the cause to somebody."""
    alert = Alert(cause.key, cause, machine.OPEN, MONDAY)
    entry = Entry(machine.OPENED, alert, Stake("somebody", reads_as, "weekly", cause))
    speaker = Speaker(directory(), Places(site="https://outcomes.example.org"))
    return compose(speaker, [entry], others=0, is_sample=False).as_text()

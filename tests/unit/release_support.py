"""A small release with every kind of table that rests on a value, for the tests of releases."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.home import Home
from dagster_project.release.manifest import FileEntry, Manifest, write_manifest
from dagster_project.release.redact import count_statuses
from dagster_project.release.store import ReleaseStore, release_id
from dagster_project.release.tables import Column, PublishedTable, Redaction
from dagster_project.release.writing import write_tables

ENGLAND, STOCKPORT, TOWER_HAMLETS = "E92000001", "E08000007", "E09000030"
KEY = ("indicator_id", "area_code", "period_type", "period_start", "period_end", "sex")
FIGURES = ("value", "lower_95", "upper_95", "numerator", "denominator")

TYPES = {
    "string": "varchar",
    "number": "double",
    "integer": "integer",
    "date": "date",
    "list": "varchar[]",
}
VALUE_COLUMNS = {
    **dict.fromkeys(KEY, "string"),
    "period_start": "date",
    "period_end": "date",
    "period_label": "string",
    "definition_version": "integer",
    **dict.fromkeys(FIGURES, "number"),
    "status": "string",
    "status_reason": "string",
    "flags": "list",
}


def columns(datatypes: dict[str, str]) -> tuple[Column, ...]:
    """Columns with those datatypes, described by their own names."""
    return tuple(Column(name, kind, name.replace("_", " ")) for name, kind in datatypes.items())


def table(
    name: str, datatypes: dict[str, str], key: tuple[str, ...], *redactions: Redaction
) -> PublishedTable:
    """A published table that reads the relation of its own name."""
    return PublishedTable(name, f"from {name}", key, columns(datatypes), f"All {name}.", redactions)


WITHDRAWN = (("status", "withdrawn"), ("status_reason", "withdrawn"))
VALUES = table("indicator_values", VALUE_COLUMNS, KEY, Redaction(FIGURES, marks=WITHDRAWN))
COMPARISONS = table(
    "comparisons",
    {
        **{name: VALUE_COLUMNS[name] for name in KEY},
        "value": "number",
        "comparator_area_code": "string",
        "comparator_value": "number",
    },
    (*KEY, "comparator_area_code"),
    Redaction(("value",)),
    Redaction(("comparator_value",), match=(("area_code", "comparator_area_code"),)),
)
FRAMEWORK = table(
    "framework_indicators",
    {"framework": "string", "domain": "string", "indicator_id": "string"},
    ("framework", "indicator_id"),
)
SUMMARY = table(
    "domain_summary",
    {"framework": "string", "domain": "string", "area_code": "string", "sum_of_values": "number"},
    ("framework", "domain", "area_code"),
    Redaction(("sum_of_values",), via="framework_indicators", via_columns=("framework", "domain")),
)
CHANGES = table(
    "changes",
    {
        **{name: VALUE_COLUMNS[name] for name in KEY},
        "previous_release": "string",
        "old_value": "number",
        "new_value": "number",
    },
    KEY,
    Redaction(("old_value", "new_value")),
    Redaction(("old_value",), match=(("release_id", "previous_release"),)),
)
TABLES = (VALUES, COMPARISONS, FRAMEWORK, SUMMARY, CHANGES)


def make_values(con: duckdb.DuckDBPyConnection, version: int) -> None:
    """`indicator_values` with two indicators, three areas and two periods; figures vary by version.

    Each figure has its own digits, so that a test can look for them in any file.
    """
    figures = ", ".join(
        f"{start} + n + {version} / 100 as {name}"
        for name, start in zip(FIGURES, (7000, 6000, 8000, 30000, 40000), strict=True)
    )
    con.execute(
        f"""
        create or replace table indicator_values as
        from (
            from (values ('falls'), ('smoking')) as indicators(i),
                (values ('{ENGLAND}'), ('{STOCKPORT}'), ('{TOWER_HAMLETS}')) as areas(j),
                (values (2021), (2022)) as years(k)
            select *, row_number() over (order by i, j, k) as n
        )
        select
            i as indicator_id, j as area_code, 'financial_year' as period_type,
            make_date(k, 4, 1) as period_start, make_date(k + 1, 3, 31) as period_end,
            'persons' as sex, k || '/' || (k - 1999) as period_label, 1 as definition_version,
            {figures},
            'published' as status, null as status_reason, ['provisional'] as flags
        """
    )


def make_derived(con: duckdb.DuckDBPyConnection, version: int, previous: str | None) -> None:
    """The tables that rest on `indicator_values`."""
    keys = ", ".join(f"v.{name}" for name in KEY)
    con.execute(
        f"""
        create or replace table comparisons as
        from indicator_values as v
        join indicator_values as e using (indicator_id, period_start, sex)
        select {keys}, v.value, e.area_code as comparator_area_code, e.value as comparator_value
        where e.area_code = '{ENGLAND}'
        """
    )
    con.execute(
        """
        create or replace table framework_indicators as
        from (values ('asc', 'safe', 'falls'), ('ph', 'healthy', 'smoking'))
            as t(framework, domain, indicator_id)
        """
    )
    con.execute(
        """
        create or replace table domain_summary as
        from indicator_values join framework_indicators using (indicator_id)
        select framework, domain, area_code, sum(value) as sum_of_values
        group by framework, domain, area_code
        """
    )
    con.execute(
        f"""
        create or replace table changes as
        from indicator_values as v
        select {keys}, '{previous or "none"}' as previous_release,
            v.value - 0.01 as old_value, v.value as new_value
        where {version} > 1
        """
    )


Written = tuple[tuple[FileEntry, ...], dict[str, int]]


def write_anew(building: Path, version: int, previous: str | None, hidden: str) -> Written:
    """The tables' files, which are there after this, and how many values have which status."""
    with duckdb.connect() as con:
        make_values(con, version)
        figures = ", ".join(f"{name} = null" for name in FIGURES)
        con.execute(f"update indicator_values set status = 'suppressed', {figures} where {hidden}")
        make_derived(con, version, previous)
        files = write_tables(con, TABLES, building, synthetic=True)
        return tuple(files), count_statuses(con, "indicator_values")


def write_from_copy(building: Path, version: int, previous: str | None, hidden: str) -> Written:
    """The same, copied: most tests publish what another has published, bytes for bytes."""
    folder, *written = _written(version, previous, hidden)
    shutil.copytree(folder, building, dirs_exist_ok=True)
    return written[0], written[1]


@cache
def _written(
    version: int, previous: str | None, hidden: str
) -> tuple[Path, tuple[FileEntry, ...], dict[str, int]]:
    folder = Path(tempfile.mkdtemp(prefix="release-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return (folder, *write_anew(folder, version, previous, hidden))


def publish(
    store: ReleaseStore,
    version: int,
    minor: int | None = None,
    hidden: str = "false",
    write: Callable[[Path, int, str | None, str], Written] = write_from_copy,
    **more: Any,
) -> Manifest:
    """One release more, with the figures of that version; the manifest that it got.

    `hidden` is a condition on the values that are suppressed; `more` goes into the manifest.
    """
    minor = version if minor is None else minor
    identifier = release_id(f"1.{minor}.0", f"{version:064x}"[::-1])
    previous = store.latest_id()
    with store.begin(identifier) as building:
        files, counts = write(building, version, previous, hidden)
        manifest = Manifest(
            id=identifier,
            data_version=f"1.{minor}.0",
            previous=previous,
            fingerprint=f"{version:064x}"[::-1],
            commit="0" * 40,
            created_at="2024-01-01T00:00:00Z",
            as_of="2024-01-01",
            synthetic=True,
            files=files,
            tables=TABLES,
            counts=dict(counts),
            **more,
        )
        write_manifest(building, manifest)
    return manifest


def store_at(directory: Path) -> ReleaseStore:
    """The store of a home that is made there."""
    home = Home(directory)
    home.make()
    return ReleaseStore(home)


def publish_for_ever(directory: Path) -> None:
    """What a process does that a test kills: reconcile, then publish without end.

    Each release is written where it is built: a kill may fall into it.
    """
    store = store_at(directory)
    store.reconcile()
    version = len(store.ids()) + 1
    while True:
        publish(store, version, write=write_anew)
        (directory / "ready").touch()
        version += 1


def texts_in(release: Path) -> Iterable[str]:
    """Every cell of every Parquet file, and every line of every other file, as text."""
    with duckdb.connect() as con:
        for path in sorted(release.rglob("*")):
            if path.suffix == ".parquet":
                for row in con.execute(f"from read_parquet('{path}')").fetchall():
                    yield from map(str, row)
            elif path.is_file():
                yield from path.read_text(encoding="utf-8").splitlines()

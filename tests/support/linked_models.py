"""The models of linked records put to DuckDB without dbt, on extracts that a test gives."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from dagster_project.home import PROJECT_ROOT
from dagster_project.landing.reading import ROW_COLUMNS, column_types
from dagster_project.landing.sql import quoted
from dagster_project.sources import raw_tables
from tests.support import models

DBT = PROJECT_ROOT / "dbt" / "models"
# Models that stand for the ledger here: what landed counts, whole.
GIVEN = ("int_latest_extracts", "stg_ledger__extracts", "stg_code_lists__members")


@cache
def _files() -> dict[str, Path]:
    return {path.stem: path for path in DBT.rglob("*.sql")}


@cache
def _seeds() -> frozenset[str]:
    return frozenset(path.stem for path in (PROJECT_ROOT / "seeds").glob("*.csv"))


@cache
def _environment() -> tuple[jinja2.Environment, dict[str, Any]]:
    """Jinja as `tests.support.models` has it, with `var` of its own."""
    made, known = models.environment_of_models()
    made.globals |= {"source": lambda source, table: f"landed_{table}"}
    return made, known


def source(name: str) -> str:
    """A model as it stands in its file."""
    return _files()[name].read_text(encoding="utf-8")


def text(name: str, variables: Mapping[str, Any] | None = None) -> str:
    """The SQL of a model, its references by their plain names."""
    chosen = dict(variables or {})
    made, known = _environment()
    template = made.from_string(source(name), known)
    return template.render({"var": lambda variable, default=None: chosen.get(variable, default)})


@cache
def needs(name: str) -> tuple[str, ...]:
    """Every model that has to stand before this one, in order, itself last."""
    found: list[str] = []

    def visit(model: str) -> None:
        if model in found or model in GIVEN or model in _seeds():
            return
        for other in _references(model):
            visit(other)
        found.append(model)

    visit(name)
    return tuple(found)


@cache
def _references(model: str) -> tuple[str, ...]:
    said = text(model, None)
    words = set(re.findall(r"\w+", said))
    return tuple(sorted((words & (set(_files()) | _seeds())) - {model}))


def place(connection: duckdb.DuckDBPyConnection) -> None:
    """After this the connection has empty landed tables, the seeds, and a ledger of one extract."""
    for table, fields in raw_tables().items():
        columns = ", ".join([*ROW_COLUMNS, *column_types(fields)])
        connection.execute(f"create or replace table landed_{table} ({columns})")
    for seed in sorted(_seeds()):
        path = quoted(str(PROJECT_ROOT / "seeds" / f"{seed}.csv"))
        connection.execute(
            f"create or replace table {seed} as"
            f" select * from read_csv({path}, all_varchar = true, header = true)"
        )
    connection.execute("create or replace table int_latest_extracts as select 1 as extract_id")
    connection.execute(
        "create or replace table stg_ledger__extracts as select 1 as extract_id,"
        " date '2024-04-01' as vintage_date, 1 as run_number, 'a' as sha256"
    )
    connection.execute(
        "create or replace table stg_code_lists__members as"
        " select 1 as extract_id, '' as list_name, '' as code where false"
    )


def build(
    connection: duckdb.DuckDBPyConnection,
    names: list[str],
    built: set[str] | None = None,
    **variables: Any,
) -> dict[str, float]:
    """After this the models stand, with all that they need; how many seconds each took.

    Those that are `built` are left as they are; the others join them.
    """
    took: dict[str, float] = {}
    known = set() if built is None else built
    for name in names:
        for model in needs(name):
            if model not in known:
                known.add(model)
                began = time.perf_counter()
                kind = "view" if model.startswith("stg_") else "table"
                try:
                    connection.execute(
                        f"create or replace {kind} {model} as {text(model, variables)}"
                    )
                except duckdb.Error as problem:
                    raise AssertionError(
                        f"{model}: {problem}\n{text(model, variables)[:3000]}"
                    ) from problem
                took[model] = time.perf_counter() - began
    return took


def linked() -> Iterator[str]:
    """The intermediate models of linked records."""
    yield from sorted(path.stem for path in (DBT / "intermediate" / "linked").glob("*.sql"))

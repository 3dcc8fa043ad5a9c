"""A method as a dbt model, beside the same statement run by hand in DuckDB."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import duckdb

from tests.support import dbt_scratch

PASSES = 3
# The first model of a run opens the warehouse and pays for it (0.1 s); no run has one model.
OPENING = "{{ config(materialized='table') }} select 1 as opened"
MODEL = """{{ config(materialized='table') }}
-- depends_on: {{ ref('opening') }}

{{ method_dsr('main.counts', ['area'], 'main.standard') }}
"""


def time_of_dbt_and_by_hand(folder: Path, source: Path) -> tuple[float, float]:
    """Seconds of a directly standardised rate as a model, and as a statement: middle of three."""
    dbt_scratch.write_project(folder, {"opening": OPENING, "dsr_values": MODEL})
    by_dbt, by_hand = [], []
    # Turn about, since a machine isn't always as fast.
    for _ in range(PASSES):
        _write_warehouse(folder, source)
        by_dbt.append(dbt_scratch.run(folder)["dsr_values"])
        _write_warehouse(folder, source)
        by_hand.append(_by_hand(folder))
    return statistics.median(by_dbt), statistics.median(by_hand)


def _write_warehouse(folder: Path, source: Path) -> None:
    (folder / dbt_scratch.WAREHOUSE).unlink(missing_ok=True)
    with duckdb.connect(str(folder / dbt_scratch.WAREHOUSE)) as connection:
        connection.execute(
            f"create table counts as from read_csv('{source}', types={{'band': 'VARCHAR'}})"
        )
        connection.execute("create table standard as select distinct band, weight from counts")


def _by_hand(folder: Path) -> float:
    (compiled,) = (folder / "target" / "compiled").rglob("dsr_values.sql")
    statement = compiled.read_text(encoding="utf-8")
    warehouse = str(folder / dbt_scratch.WAREHOUSE)
    with duckdb.connect(warehouse, config=dbt_scratch.settings()) as connection:
        began = time.perf_counter()
        connection.execute(f"create table dsr_values as ({statement})")
        return time.perf_counter() - began

"""A method as a dbt model, beside the same statement run by hand in DuckDB."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import yaml

from dagster_project.home import PROJECT_ROOT

PASSES = 3
MODEL = """{{ config(materialized='table') }}

{{ method_dsr('main.counts', ['area'], 'main.standard') }}
"""


def time_of_dbt_and_by_hand(folder: Path, source: Path) -> tuple[float, float]:
    """Seconds of a directly standardised rate as a model, and as a statement: middle of three."""
    _write_project(folder)
    by_dbt, by_hand = [], []
    # Turn about, since a machine isn't always as fast.
    for _ in range(PASSES):
        _write_warehouse(folder, source)
        by_dbt.append(_by_dbt(folder))
        _write_warehouse(folder, source)
        by_hand.append(_by_hand(folder))
    return statistics.median(by_dbt), statistics.median(by_hand)


def _settings() -> dict[str, object]:
    profiles = yaml.safe_load((PROJECT_ROOT / "dbt" / "profiles.yml").read_text(encoding="utf-8"))
    settings: dict[str, object] = profiles["outcomes"]["outputs"]["duckdb"]["settings"]
    return {name: value for name, value in settings.items() if name != "temp_directory"}


def _write_project(folder: Path) -> None:
    """After this `folder` is a dbt project of one model and the product's macros and settings."""
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "dsr_values.sql").write_text(MODEL, encoding="utf-8")
    project = {
        "name": "bench",
        "profile": "bench",
        "macro-paths": [str(PROJECT_ROOT / "dbt" / "macros")],
        "flags": {"send_anonymous_usage_stats": False},
    }
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(project), encoding="utf-8")
    output = {"type": "duckdb", "path": str(folder / "w.duckdb"), "threads": 1}
    profiles = {"bench": {"target": "d", "outputs": {"d": output | {"settings": _settings()}}}}
    (folder / "profiles.yml").write_text(yaml.safe_dump(profiles), encoding="utf-8")


def _write_warehouse(folder: Path, source: Path) -> None:
    (folder / "w.duckdb").unlink(missing_ok=True)
    with duckdb.connect(str(folder / "w.duckdb")) as connection:
        connection.execute(
            f"create table counts as from read_csv('{source}', types={{'band': 'VARCHAR'}})"
        )
        connection.execute("create table standard as select distinct band, weight from counts")


def _by_dbt(folder: Path) -> float:
    dbt = Path(sys.executable).with_name("dbt")
    subprocess.run(
        [dbt, "run", "--project-dir", folder, "--profiles-dir", folder],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    results = json.loads((folder / "target" / "run_results.json").read_text(encoding="utf-8"))
    (result,) = results["results"]
    return float(result["execution_time"])


def _by_hand(folder: Path) -> float:
    (compiled,) = (folder / "target" / "compiled").rglob("dsr_values.sql")
    statement = compiled.read_text(encoding="utf-8")
    with duckdb.connect(str(folder / "w.duckdb"), config=_settings()) as connection:
        began = time.perf_counter()
        connection.execute(f"create table dsr_values as ({statement})")
        return time.perf_counter() - began

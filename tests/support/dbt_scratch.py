"""A dbt project of a few models, with the product's macros and settings, in a folder of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from dagster_project.home import PROJECT_ROOT

WAREHOUSE = "w.duckdb"


def settings() -> dict[str, object]:
    """DuckDB's settings, as the product's profile has them."""
    profiles = yaml.safe_load((PROJECT_ROOT / "dbt" / "profiles.yml").read_text(encoding="utf-8"))
    found: dict[str, object] = profiles["outcomes"]["outputs"]["duckdb"]["config_options"]
    return {name: value for name, value in found.items() if name != "temp_directory"}


def write_project(
    folder: Path, models: Mapping[str, str], macros: Sequence[str] = ("macros",)
) -> None:
    """After this `folder` is a dbt project of the models, with its warehouse beside it."""
    (folder / "models").mkdir(parents=True)
    for name, text in models.items():
        (folder / "models" / f"{name}.sql").write_text(text, encoding="utf-8")
    project = {
        "name": "scratch",
        "profile": "scratch",
        "macro-paths": [str(PROJECT_ROOT / "dbt" / each) for each in macros],
        "flags": {"send_anonymous_usage_stats": False},
    }
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(project), encoding="utf-8")
    output = {"type": "duckdb", "path": str(folder / WAREHOUSE), "threads": 1}
    profiles = {"scratch": {"target": "d", "outputs": {"d": output | {"settings": settings()}}}}
    (folder / "profiles.yml").write_text(yaml.safe_dump(profiles), encoding="utf-8")


def run(folder: Path) -> dict[str, float]:
    """The seconds that each model took, by dbt's own account; all of them must succeed.

    In this process: another would take longer to import dbt than dbt takes for a few models.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    folders = ["--project-dir", str(folder), "--profiles-dir", str(folder)]
    target = ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    try:
        done = dbtRunner().invoke(["--quiet", "run", *folders, *target])
    finally:
        # Otherwise the warehouse stays open, with dbt's settings, for whoever opens it next.
        DuckDBConnectionManager.close_all_connections()
    results: Any = done.result
    assert done.success, done.exception or [each.message for each in results]
    return {each.node.name: float(each.execution_time) for each in results}

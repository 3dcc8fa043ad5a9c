"""What models take by Dagster's event log of a home, and what of it the first tables don't need."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

# What a release had from the first; what these rest on is theirs, whoever else reads it.
FIRST = (
    "indicator_values",
    "comparisons",
    "domain_summary",
    "provenance",
    "holds",
    "published_areas",
    "published_indicators",
    "published_framework_indicators",
)


def added_since(home: Path) -> dict[str, tuple[float, float]]:
    """Wall and CPU seconds of each model that was built there and that none of `FIRST` rests on."""
    from dagster_project.indicators.upstream import beneath
    from dagster_project.pipeline import dbt_project

    manifest = dbt_project.manifest()
    ids = [f"model.outcomes.{name}" for name in FIRST]
    needed = {*ids, *(each for unique_id in ids for each in beneath(manifest, unique_id))}
    names = {
        (node["schema"], node["name"]): unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
    }
    return {
        key[-1]: (float(told["seconds"]), float(told["cpu_seconds"]))
        for key, told in _materialized(home).items()
        if key in names and names[key] not in needed
    }


def _materialized(home: Path) -> dict[tuple[str, ...], Mapping[str, Any]]:
    """What the last refresh said of each asset, by its key."""
    import dagster as dg

    from dagster_project.home import Home

    with dg.DagsterInstance.from_config(str(Home(home).dagster)) as instance:
        keys = instance.get_asset_keys()
        latest = {key: instance.get_latest_materialization_event(key) for key in keys}
    return {
        tuple(key.path): {
            name: entry.value for name, entry in event.asset_materialization.metadata.items()
        }
        for key, event in latest.items()
        if event is not None and event.asset_materialization is not None
    }

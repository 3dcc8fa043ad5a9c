"""Thin Dagster definitions: assets, checks, the job, its schedules and its sensor."""

from __future__ import annotations

import dagster as dg

from dagster_project.defs import assets, automation, telling
from dagster_project.defs.settings import RefreshSettings
from dagster_project.home import Home


def build_definitions(home: Home) -> dg.Definitions:
    """Everything Dagster shows and runs for one home."""
    job = dg.define_asset_job(
        "refresh",
        selection=dg.AssetSelection.all(),
        # Steps share a process: every other way, each would import everything again.
        executor_def=dg.in_process_executor,
        hooks={telling.told_when_done, telling.told_when_failed},
        description="Land, measure, judge, publish.",
    )
    return dg.Definitions(
        assets=[
            assets.landed_extracts,
            *assets.dbt_asset_definitions(),
            assets.judgement_definition(),
            assets.release_definition(),
            telling.status_spec(),
        ],
        jobs=[job],
        sensors=[
            automation.inbox_sensor(home, job),
            automation.retry_sensor(home, job),
            telling.alert_sensor(home),
        ],
        schedules=automation.source_schedules(home, job),
        resources={"settings": RefreshSettings(home=str(home.root))},
        executor=dg.in_process_executor,
    )

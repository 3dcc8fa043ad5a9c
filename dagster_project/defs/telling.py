"""Telling what is wrong when nobody is at hand: at the end of a run, and as time passes."""

import hashlib
from typing import Any

import dagster as dg

from dagster_project import state
from dagster_project.alerts.after_refresh import tell
from dagster_project.alerts.look import look_between
from dagster_project.defs.translator import OWNER
from dagster_project.home import Home
from dagster_project.pipeline import runs
from dagster_project.reporting_status import status_record

STATUS = dg.AssetKey(["home", "status"])
TELL_EVERY_SECONDS = 30


def status_spec() -> dg.AssetSpec:
    """The status of the home as an asset: what `outcomes status` shows, as metadata."""
    return dg.AssetSpec(
        STATUS,
        group_name="home",
        owners=[OWNER],
        description="Sources with last landed and next due, the latest release, holds and alerts.",
    )


def _tell_if_over(context: dg.HookContext) -> None:
    """A run that is over, well or not, has whoever is to be told told at once."""
    request = context.resources.settings.request()
    run = runs.last(request.home)
    # A person who started it is told by the command, which looks itself.
    if request.unattended and run is not None and run["outcome"] is not None:
        tell(request.home)


@dg.success_hook(required_resource_keys={"settings"})
def told_when_done(context: dg.HookContext) -> None:
    """After the step that ended a run, whoever is to be told has been."""
    _tell_if_over(context)


@dg.failure_hook(required_resource_keys={"settings"})
def told_when_failed(context: dg.HookContext) -> None:
    """After the step that failed, whoever is to be told has been."""
    _tell_if_over(context)


def alert_sensor(home: Home) -> dg.SensorDefinition:
    """Looks at the alerts between refreshes, since time passes: sources are late, messages wait."""

    @dg.sensor(
        name="alerts",
        minimum_interval_seconds=TELL_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells what is to be told, delivers what waits, and shows the home's status.",
    )
    def watch(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        looked = look_between(home)
        if looked.skipped:
            return dg.SkipReason(f"Not looked at: {looked.skipped}.")
        record = status_record(home)
        stamp = hashlib.sha256(state.to_json(record).encode()).hexdigest()
        if stamp != context.cursor:
            context.instance.report_runless_asset_event(
                dg.AssetMaterialization(STATUS, metadata=status_metadata(record))
            )
            context.update_cursor(stamp)
        waiting = sum(each.status != "sent" for each in looked.delivered)
        return dg.SkipReason(f"{looked.open} alerts open, {waiting} messages wait.")

    return watch


def status_metadata(record: dict[str, Any]) -> dict[str, Any]:
    """The status as Dagster shows it: the table of `outcomes status`, and what goes with it."""
    latest = record["latest"] or {}
    alerts = [
        dg.TableRecord({name: str(each[name]) for name in ("id", "severity", "state", "title")})
        for each in record["alerts"]
    ]
    sources = [
        dg.TableRecord(
            {
                name: str(each[name] if each[name] is not None else "—")
                for name in ("source_id", "last_landed", "next_due", "state", "working_days_late")
            }
        )
        for each in record["sources"]
    ]
    return {
        "latest release": latest.get("release", "none yet"),
        "open holds": latest.get("counts", {}).get("held", 0),
        "open alerts": len(record["alerts"]),
        **({"alerts": dg.MetadataValue.table(alerts)} if alerts else {}),
        **({"sources": dg.MetadataValue.table(sources)} if sources else {}),
    }

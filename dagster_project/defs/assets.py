"""The assets of a refresh: extracts, models, judgement, marts, release. Thin: each calls a step."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from dagster_project.defs.settings import RefreshSettings
from dagster_project.defs.translator import OWNER, Translator, asset_key
from dagster_project.errors import BusyError
from dagster_project.fetching.telling import live_lines
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.judging.suites import load_suites
from dagster_project.pipeline import dbt_project, steps
from dagster_project.pipeline.dbt_runner import NodeResult
from dagster_project.sources import LAYOUTS, raw_tables

JUDGED = dg.AssetKey(["judged", "check_results"])
UNCHANGED = "unchanged"
BUSY_TRIES, BUSY_SECONDS = 20, 30
FAILURES = dg.AssetKey(["judged", "failures"])
RELEASE = dg.AssetKey(["release", "latest"])
CONTEXT = tuple(
    dg.AssetKey(["run", name]) for name in ("context", "stale_sources", "withdrawn_keys", "waivers")
)


def _landed_spec(table: str) -> dg.AssetSpec:
    titles = sorted({layout.title for layout in LAYOUTS if layout.table == table})
    return dg.AssetSpec(
        dg.AssetKey(["landed", table]),
        # Not materialised when nothing is new: then nothing downstream runs.
        skippable=True,
        group_name="landed",
        owners=[OWNER],
        description="; ".join(titles) or "The ledger of landed extracts.",
        kinds={"duckdb"},
    )


@dg.multi_asset(
    name="landed_extracts", specs=[_landed_spec(table) for table in (*raw_tables(), "extracts")]
)
def landed_extracts(
    context: dg.AssetExecutionContext, settings: RefreshSettings
) -> Iterator[dg.MaterializeResult[None]]:
    """Every extract of the inboxes landed or refused; its rows in the raw tables."""
    try:
        landed = steps.land_step(settings.request(context.run.run_id))
    except BusyError as problem:
        # A person refreshes at this moment, who may have looked at the inbox before this file came.
        raise dg.RetryRequested(max_retries=BUSY_TRIES, seconds_to_wait=BUSY_SECONDS) from problem
    for source in landed.live:
        context.log.info("Live: %s", "; ".join(live_lines([source])))
    if not landed.is_new:
        context.log.info("Nothing that changes a release: the steps that follow are left out.")
        return
    for table, rows in landed.rows.items():
        yield dg.MaterializeResult(
            asset_key=dg.AssetKey(["landed", table]),
            metadata={
                "dagster/row_count": rows,
                "fingerprint": landed.fingerprint,
            },
        )


def _model_results(
    manifest: dict[str, Any], results: list[NodeResult], home: Home
) -> Iterator[dg.MaterializeResult[None]]:
    nodes = manifest["nodes"]
    done = {result.unique_id: result for result in results}
    rows = _row_counts(home, [nodes[name] for name in done if name in nodes])
    for name, result in done.items():
        node = nodes.get(name)
        if node is None or node["resource_type"] not in ("model", "seed"):
            continue
        key = asset_key(node)
        metadata: dict[str, Any] = {
            "seconds": round(result.seconds, 3),
            "cpu_seconds": round(result.cpu_seconds, 3),
            "built_now": result.status != UNCHANGED,
        }
        if key in rows:
            metadata["dagster/row_count"] = rows[key]
        yield dg.MaterializeResult(asset_key=key, metadata=metadata)


def _row_counts(home: Home, nodes: list[dict[str, Any]]) -> dict[dg.AssetKey, int]:
    """Rows of each table that was built; a view's would have to be worked out, so it has none."""
    from dagster_project import warehouse

    tables = [
        node
        for node in nodes
        if node["resource_type"] == "seed" or node.get("config", {}).get("materialized") == "table"
    ]
    with warehouse.connect(home) as connection:
        return {
            asset_key(node): int(
                connection.execute(
                    f'select count(*) from "{node["schema"]}"."{node["alias"]}"'
                ).fetchall()[0][0]
            )
            for node in tables
        }


def dbt_asset_definitions() -> list[dg.AssetsDefinition]:
    """dbt's models as assets: those before the judging, and the marts after it."""
    manifest = dbt_project.manifest()

    @dbt_assets(
        manifest=manifest,
        name="models",
        select=" ".join(("resource_type:seed", *steps.BEFORE)),
        exclude=" ".join(steps.AFTER),
        dagster_dbt_translator=Translator(),
    )
    def models(settings: RefreshSettings) -> Iterator[Any]:
        request = settings.request()
        results = steps.measure_step(request)
        seen = {result.unique_id for result in results}
        # What stands as it was is there all the same, and comes first: models rest on it.
        nodes = manifest["nodes"]
        seeds = [name for name in sorted(nodes) if nodes[name]["resource_type"] == "seed"]
        unchanged = [
            NodeResult(name, UNCHANGED, 0.0, "")
            for name in (*seeds, *steps.MEASURED.models(nodes))
            if name not in seen
        ]
        yield from _model_results(manifest, unchanged + results, request.home)

    @dbt_assets(
        manifest=manifest,
        name="marts",
        select=" ".join(steps.AFTER),
        dagster_dbt_translator=Translator(),
    )
    def marts(settings: RefreshSettings) -> Iterator[Any]:
        request = settings.request()
        yield from _model_results(manifest, steps.tell_step(request), request.home)

    return [models, marts]


def _check_specs() -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            name=check.check_id,
            asset=JUDGED,
            description=f"{check.title}. {check.why}",
        )
        for suite in load_suites(PROJECT_ROOT / "expectations")
        for check in suite.checks
    ]


def judgement_definition() -> dg.AssetsDefinition:
    """The judging as an asset, with one asset check for each check of the suites."""
    upstream = [
        dg.AssetKey(["evidence", "evidence_groups"]),
        dg.AssetKey(["evidence", "evidence_rows"]),
        dg.AssetKey(["intermediate", "candidate_values"]),
    ]

    def spec(key: dg.AssetKey, description: str) -> dg.AssetSpec:
        return dg.AssetSpec(
            key,
            deps=upstream,
            # Where nothing landed that gives a value, there is nothing to judge or to publish.
            skippable=True,
            group_name=key.path[0],
            owners=[OWNER],
            description=description,
        )

    @dg.multi_asset(
        name="judgement",
        specs=[
            spec(JUDGED, "What came of every check on every group of values."),
            spec(FAILURES, "The values that failed a check."),
            *(spec(key, "What the marts must know beside the data.") for key in CONTEXT),
        ],
        check_specs=_check_specs(),
    )
    def judgement(settings: RefreshSettings) -> Iterator[Any]:
        described = steps.judge_step(settings.request())
        if described is None:
            # Dagster waits for a result of each check: one that tested nothing hasn't passed.
            yield from (
                dg.AssetCheckResult(
                    check_name=check.name,
                    asset_key=JUDGED,
                    passed=False,
                    severity=dg.AssetCheckSeverity.WARN,
                    description="There was no value to judge.",
                )
                for check in _check_specs()
            )
            return
        failing = {entry["check"]: entry for entry in described["failing"]}
        for key in (JUDGED, FAILURES, *CONTEXT):
            yield dg.MaterializeResult(asset_key=key, metadata={"outcomes": described["outcomes"]})
        for check in _check_specs():
            entry = failing.get(check.name)
            yield dg.AssetCheckResult(
                check_name=check.name,
                asset_key=JUDGED,
                passed=entry is None,
                # What fails is held value by value; nothing good waits for it.
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"groups": entry["groups"], "values": entry["values"]} if entry else {},
            )

    return judgement


def release_definition() -> dg.AssetsDefinition:
    """The release as an asset: written whole, or not at all."""
    manifest = dbt_project.manifest()
    released = [
        asset_key(node)
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    ]

    @dg.asset(
        key=RELEASE,
        deps=[*released, JUDGED],
        group_name="release",
        owners=[OWNER],
        description="The published tables, their manifest, and `latest` that points to them.",
    )
    def release(settings: RefreshSettings) -> dg.MaterializeResult[None]:
        described = steps.publish_step(settings.request())
        return dg.MaterializeResult(
            metadata={
                "release": described["release"],
                "counts": described["counts"],
                "changes": described["changes"],
                "files": described["files"],
            },
            data_version=dg.DataVersion(described["release"]),
        )

    return release

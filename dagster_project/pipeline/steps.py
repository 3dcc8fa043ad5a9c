"""The steps of a refresh, in order: land, measure, judge, tell, publish.

Each is a plain function of a request. Dagster calls them one by one; each writes down what it
came to, for the command line, for `outcomes status` and for Dagster's metadata.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from dagster_project import progress, set_aside, state, stopping, warehouse
from dagster_project.errors import BusyError
from dagster_project.fetching.ledger import note_landing
from dagster_project.fingerprint import fingerprint
from dagster_project.holding import take_lock
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.landing import loading, quarantine, shown, taken_back
from dagster_project.landing.landing import Landing, LandingSummary, land
from dagster_project.landing.sql import spilling_into
from dagster_project.newness import nothing_to_publish
from dagster_project.pipeline import (
    context,
    dbt_project,
    dbt_runner,
    judging_worker,
    marts_seal,
    past,
    rebuilding,
    released_before,
    runs,
)
from dagster_project.pipeline.dbt_runner import NodeResult
from dagster_project.refresh import Request, fetch_live, put_right, settle_kind
from dagster_project.registry.registry import load_registry
from dagster_project.release.store import ReleaseStore
from dagster_project.release.withdraw import finish_withdrawals

BEFORE = (
    *("outcomes.staging", "outcomes.indicators", "outcomes.generated"),
    *("outcomes.intermediate", "outcomes.evidence"),
)
AFTER = (
    *("outcomes.marts", "int_failed_rows", "int_held_rows"),
    *("int_withdrawn_rows", "int_kept_back", "int_given_way", "int_comparators"),
    "int_headline_judgements",
)
MEASURED = rebuilding.Selection(BEFORE, AFTER)
UNIT_TESTS = ("resource_type:unit_test",)
NOTHING_TO_PUBLISH = "nothing to publish"


Step = TypeVar("Step")


def alone(step: Callable[[Request], Step]) -> Callable[[Request], Step]:
    """The same step with the home held until it ends; BusyError if another process has it.

    A refresh that holds its home takes it again. In Dagster a step may be asked for by itself.
    """

    @wraps(step)
    def held(request: Request) -> Step:
        lock = take_lock(request.home)
        try:
            return step(request)
        finally:
            lock.release()

    return held


def failure_is_noted(step: Callable[[Request], Step]) -> Callable[[Request], Step]:
    """The same step; what stops it stands in the ledger, for those who weren't there."""

    @wraps(step)
    def noted(request: Request) -> Step:
        stopping.listen()
        try:
            return step(request)
        except BusyError:
            # The run that is under way is another's.
            raise
        except BaseException as problem:
            if stopping.was_told(problem):
                runs.stop(
                    request.home, unattended=request.unattended, dagster_run=request.dagster_run
                )
                # Whatever a library has made of it.
                raise KeyboardInterrupt from problem
            if not isinstance(problem, Exception):
                raise
            try:
                runs.fail(
                    request.home,
                    problem,
                    unattended=request.unattended,
                    dagster_run=request.dagster_run,
                )
            except Exception as further:
                problem.add_note(f"Nor could it be noted: {further}")
            raise

    return noted


@dataclass(frozen=True)
class Landed:
    """What landing came to: the rows of each raw table, and whether there is anything to do."""

    is_new: bool
    rows: dict[str, int] = field(default_factory=dict)
    fingerprint: str = ""
    live: tuple[dict[str, Any], ...] = ()


@failure_is_noted
@alone
def land_step(request: Request) -> Landed:
    """After this the inboxes have been taken in, and the raw tables hold all that has landed."""
    home = request.home
    home.make()
    put_right(home)
    settle_kind(home, sample=request.sample)
    load_registry(PROJECT_ROOT / "seeds")
    live = tuple(fetch_live(request)) if request.live else ()
    progress.current().stage("Taking in the extracts")
    _tidy_up(home)
    run_number = runs.start(home)
    runs.begun_by(home, unattended=request.unattended, dagster_run=request.dagster_run)
    judging_worker.make_ready(home)
    with warehouse.connect(home) as connection, spilling_into(home.cache / "duckdb"):
        loading.make_tables(connection)
        refused_again = loading.load_missing(connection, home)
        landing = Landing(home, run_number, request.sample, request.sources)
        summary = land(connection, landing, list(request.inboxes))
        summary.refused.extend(refused_again)
        shown.show(connection, home)
        rows = _landed_rows(connection)
    runs.note(home, "landing", _describe(home, summary))
    if home.live in request.inboxes:
        note_landing(home, summary.refused_at)
    made_from = fingerprint(home, request.as_of)
    if not rows["extracts"]:
        runs.end(home, NOTHING_TO_PUBLISH)
        judging_worker.dismiss(home)
        return Landed(False, rows, made_from, live)
    nothing = nothing_to_publish(home, made_from)
    if nothing is None:
        # Its values may be shown again as the last good ones.
        ReleaseStore(home).check_basis()
    else:
        runs.end(home, nothing.outcome, nothing.release)
        judging_worker.dismiss(home)
    return Landed(nothing is None, rows, made_from, live)


def _tidy_up(home: Home) -> None:
    # A killed run leaves what DuckDB had spilled to disk, which may be rows of a refused file.
    shutil.rmtree(home.cache / "duckdb", ignore_errors=True)
    store = ReleaseStore(home)
    for done in store.reconcile():
        progress.current().note(done)
    finish_withdrawals(store, home.state)
    taken_back.settle(home)


def _landed_rows(connection: Any) -> dict[str, int]:
    tables = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'landed' order by 1"
    ).fetchall()
    return {
        name: int(connection.execute(f"select count(*) from landed.{name}").fetchall()[0][0])
        for (name,) in tables
    }


def _describe(home: Home, summary: LandingSummary) -> dict[str, Any]:
    return {
        "landed": summary.landed,
        "known": summary.known,
        "unchanged": summary.unchanged,
        "superseded": summary.superseded,
        "taken_out": summary.taken_out,
        "taken_back": summary.taken_back,
        "of_other_sources": summary.of_other_sources,
        "rows_read": summary.rows_read,
        "rows_dropped": summary.rows_dropped,
        "refused": [
            {**refusal.as_dict(), "message": refusal.message} for refusal in summary.refused
        ],
        "in_quarantine": quarantine.count_noted(home, summary.refused),
        "out_of_scope": [left.as_dict() for left in summary.out_of_scope],
        "ignored": [[item.relative_path, item.reason] for item in summary.ignored],
    }


@failure_is_noted
@alone
def measure_step(request: Request) -> list[NodeResult]:
    """After this the seeds and all models before the judging are built, and dbt's tests passed.

    The answer is what was built now: what would come out as it stands is left as it is.
    """
    progress.current().stage("Building the models")
    with warehouse.connect(request.home) as connection:
        released_before.write(connection, request.home)
        past.write(connection, request.home)
    results = rebuilding.build(request.home, MEASURED, (*UNIT_TESTS, *AFTER))
    models = set(MEASURED.models(dbt_project.manifest()["nodes"]))
    built = models.intersection(result.unique_id for result in results)
    runs.note(request.home, "models", {"built": len(built), "stood": len(models - built)})
    with warehouse.connect(request.home) as connection:
        aside = set_aside.counted(connection)
        lacking = connection.execute(
            "select source_id, sum(cells) from intermediate.int_cells_lacking"
            " group by all order by all"
        ).fetchall()
    runs.note(request.home, "lacking", {source: int(cells) for source, cells in lacking})
    rows = sum(each["rows"] for each in aside)
    runs.note(request.home, set_aside.STEP, {"rows": rows, "files": aside})
    return results


@failure_is_noted
@alone
def judge_step(request: Request) -> dict[str, Any] | None:
    """After this every candidate value is judged and sealed; None if there is no value.

    What wasn't built from today's inputs isn't judged, since that is what is noted of it.
    """
    progress.current().stage("Judging the values")
    with warehouse.connect(request.home) as connection:
        rebuilding.refuse_outdated(connection, dbt_project.manifest(), MEASURED)
        if not connection.execute("select 1 from intermediate.int_observations limit 1").fetchall():
            landed = connection.execute(
                "select source_id, cast(sum(rows_kept) as bigint) from raw.extracts"
                " group by source_id order by source_id"
            ).fetchall()
            runs.note(request.home, "valueless", dict(landed))
            runs.end(request.home, NOTHING_TO_PUBLISH)
            judging_worker.dismiss(request.home)
            return None
    summary = judging_worker.judge(request.home)
    with warehouse.connect(request.home) as connection:
        failed = connection.execute(
            "select check_id, any_value(title), count(*), sum(failed),"
            " bool_or(outcome in ('fail', 'error') and reach <> 'nothing')"
            " from judged.check_results"
            " where outcome in ('fail', 'error', 'pass with failures') group by 1 order by 1"
        ).fetchall()
        context.write_context(connection, request.home, request.as_of)
    described = {
        "checks": summary["checks"],
        "groups": summary["groups"],
        "outcomes": summary["outcomes"],
        "failing": [
            {
                "check": check,
                "title": title,
                "groups": int(groups),
                "values": int(values or 0),
                "holds": holds,
            }
            for check, title, groups, values, holds in failed
        ],
    }
    runs.note(request.home, "judging", described)
    return described


@failure_is_noted
@alone
def tell_step(request: Request) -> list[NodeResult]:
    """After this the marts are built on what passed, and sealed."""
    progress.current().stage("Building the marts")
    results = dbt_runner.run(request.home, "build", AFTER, UNIT_TESTS)
    with warehouse.connect(request.home) as connection:
        marts_seal.write(connection, dbt_project.manifest())
        held = connection.execute(
            "select check_id, count(*) from marts.holds group by check_id order by check_id"
        ).fetchall()
    runs.note(request.home, "held", dict(held))
    return results


@failure_is_noted
@alone
def publish_step(request: Request) -> dict[str, Any]:
    """After this a new release stands and `latest` names it."""
    from dagster_project.pipeline.publication import publish, summary_of

    progress.current().stage("Publishing")
    with warehouse.connect(request.home) as connection:
        published = publish(connection, request.home, request.as_of)
    described = {
        **summary_of(published.manifest),
        "changes": {
            "added": published.changes.added,
            "removed": published.changes.removed,
            "revised": published.changes.revised,
            "status_changed": published.changes.status_changed,
            "no_longer_shown": published.changes.no_longer_shown,
        },
        "disclosure": published.disclosure.as_dict(),
    }
    runs.note(request.home, "release", described)
    runs.end(request.home, "published", published.manifest.id)
    with state.connect(request.home.state) as ledger:
        ledger.execute("delete from meta where key = ?", (state.ROLLED_BACK,))
    return described

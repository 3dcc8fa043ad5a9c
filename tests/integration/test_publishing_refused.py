"""Publishing is refused unless what would go out is what was judged, whoever calls it and how."""

from __future__ import annotations

import shutil
from datetime import date
from typing import Any

import pytest

from dagster_project import state, waivers, warehouse
from dagster_project.errors import PublicationRefused
from dagster_project.home import Home
from dagster_project.pipeline import dbt_project, marts_seal, rebuilding, steps
from dagster_project.pipeline.judging import verify_judged
from dagster_project.pipeline.publication import publish
from dagster_project.refresh import request_for
from dagster_project.release.store import ReleaseStore
from dagster_project.revising import reasons
from tests.support.real import AS_OF

pytestmark = pytest.mark.xdist_group("sample")
DAY = date.fromisoformat(AS_OF)

EDITS = {
    "a value": "create or replace view marts.indicator_values as"
    " select * replace (case area_code when 'E08000007' then value + 1e-9 else value end as value)"
    " from ({indicator_values})",
    "a judgement": "create or replace view marts.comparisons as"
    " select * replace ('worse' as judgement) from ({comparisons})",
    "a count of judgements": "update marts.domain_summary set worse = worse + 100",
    "a direction": "update marts.trends set direction = 'increasing'",
    "what is held": "insert into intermediate.int_held_rows"
    " select row_id, 'C42' from intermediate.candidate_values limit 1",
    "a value that was kept back": "insert into intermediate.int_kept_back by name"
    " select *, null as held_since from intermediate.candidate_values limit 1",
    "a list of words": "create or replace type intermediate.words_of_indicator_id as enum ('one')",
    "what is compared with": "update intermediate.int_comparators"
    " set comparator_value = comparator_value + 1e-9",
    "a polarity": "update intermediate.int_indicators set polarity = 'lower_is_better'",
    "why a value moved": "insert into evidence.evidence_reasons"
    " select row_id, 1 from intermediate.candidate_values limit 1",
    "a reason that nobody gave": "insert into run.revision_reasons (reason_number, reason)"
    " values (1, 'made up')",
    "a waiver that nobody granted": "insert into run.waivers (check_id) values ('C43')",
    # Results that aren't of these rows, this code, these suites, or aren't all of them.
    "an outcome": "update judged.check_results set outcome = 'pass'"
    " where outcome = 'pass with failures'",
    "a figure of a check": "update judged.check_results set observed = coalesce(observed, 0) + 1",
    "a result that is gone": "delete from judged.check_results where check_id = 'C42'",
    "a failure that nobody found": "insert into judged.failures by name"
    " select 'C42' as check_id, row_id from intermediate.candidate_values limit 1",
    "the verdict on other rows": "update judged.seal set rows_digest = rows_digest || '1'",
    "the verdict of other code": "update judged.seal set code_version = 'another'",
    "the verdict by other suites": "update judged.seal set suite_digest = 'another'",
    "the verdict of another engine": "update judged.seal set engine_version = 'another'",
    # Marts for other files, waivers or withdrawals than are here now.
    "what it was built from": "update run.context set fingerprint = 'another'",
    # Models that another run left, or one that failed.
    "a model built from other inputs": "update run.built set digest = 'another'"
    " where unique_id = 'model.outcomes.int_areas'",
    "a model that was never tested": "delete from run.built"
    " where unique_id = 'model.outcomes.int_observations'",
    "rows that landed since the models were built": "insert into raw.gp_people"
    " from raw.gp_people limit 1",
    "a judgement that did not finish": "drop table judged.check_results",
    "the seal of the marts": "drop table run.marts_seal",
    "the seal of the judging": "drop table judged.seal",
}


@pytest.mark.parametrize("edit", EDITS)
def test_by_hand_what_was_edited_since_is_refused(sample_home: Home, edit: str) -> None:
    with warehouse.connect(sample_home) as connection:
        views = {
            name: text[text.index(" AS ") + 4 :].rstrip(";")
            for name, text in connection.execute(
                "select view_name, sql from duckdb_views() where schema_name = 'marts'"
            ).fetchall()
        }
        connection.execute("begin")
        connection.execute(EDITS[edit].format(**views))
        with pytest.raises(PublicationRefused):
            publish(connection, sample_home, DAY)
        connection.execute("rollback")


@pytest.fixture(scope="module")
def copy(sample_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home of its own, whose warehouse may be harmed."""
    home = Home(tmp_path_factory.mktemp("refused") / "home")
    shutil.copytree(sample_home.root, home.root, symlinks=True)
    return home


def test_what_was_not_edited_is_not_refused(copy: Home) -> None:
    """Without this, each refusal might have another reason than its edit."""
    with warehouse.connect(copy, read_only=True) as connection:
        verify_judged(connection)
        marts_seal.verify(connection, dbt_project.manifest())
        waivers.verify(connection, copy, DAY)
        reasons.verify(connection, copy)
    with warehouse.connect(copy) as connection:
        rebuilding.refuse_outdated(connection, dbt_project.manifest(), steps.MEASURED)


def test_by_another_job_it_is_refused_as_well(copy: Home) -> None:
    """The asset of the release alone, materialised without the steps before it."""
    import dagster as dg

    from dagster_project.defs.assets import release_definition
    from dagster_project.defs.settings import RefreshSettings

    settings = RefreshSettings(home=str(copy.root), inboxes=[], as_of=AS_OF, sample=True)
    before = ReleaseStore(copy).ids()
    with warehouse.connect(copy) as connection:
        connection.execute("update marts.domain_summary set worse = worse + 100")
    with pytest.raises(PublicationRefused, match="the marts"):
        dg.materialize([release_definition()], resources={"settings": settings})
    assert ReleaseStore(copy).ids() == before
    with warehouse.connect(copy) as connection:
        connection.execute("update marts.domain_summary set worse = worse - 100")


def test_what_landed_since_is_not_published_by_what_was_judged_before(copy: Home) -> None:
    with state.connect(copy.state) as ledger:
        columns = "source_id, layout_id, relative_path, bytes, run_number, landed_at"
        ledger.execute(
            f"insert into landings (sha256, {columns}) select 'another', {columns} from landings"
            " limit 1"
        )
    try:
        with (
            warehouse.connect(copy) as connection,
            pytest.raises(PublicationRefused, match="other inputs"),
        ):
            publish(connection, copy, DAY)
    finally:
        with state.connect(copy.state) as ledger:
            ledger.execute("delete from landings where sha256 = 'another'")


def test_what_a_failed_run_left_of_the_models_is_not_judged(copy: Home) -> None:
    """Judged, it would be noted as made of what is here now."""
    request = request_for(copy, None, sample=True, as_of=AS_OF)
    with warehouse.connect(copy) as connection:
        noted = connection.execute("from run.context").fetchall()
        connection.execute("create table run.kept as from run.built")
        connection.execute("delete from run.built where unique_id like '%.evidence_rows'")
    try:
        with pytest.raises(PublicationRefused) as caught:
            steps.judge_step(request)
    finally:
        with warehouse.connect(copy) as connection:
            connection.execute("create or replace table run.built as from run.kept")
            connection.execute("drop table run.kept")
    assert caught.value.place == "evidence_rows"
    with warehouse.connect(copy) as connection:
        assert connection.execute("from run.context").fetchall() == noted


def test_the_results_of_another_run_are_not_its_own(copy: Home) -> None:
    """Judged in one home, they are no verdict on the same rows with one figure changed."""
    with warehouse.connect(copy) as connection:
        kept: list[Any] = connection.execute("from judged.seal").fetchall()
        connection.execute(
            "update intermediate.int_observations set value = value + 1e-9"
            " where row_id = (select min(row_id) from intermediate.int_observations"
            " where value is not null)"
        )
        with pytest.raises(PublicationRefused, match="isn't what was judged"):
            publish(connection, copy, DAY)
        assert connection.execute("from judged.seal").fetchall() == kept

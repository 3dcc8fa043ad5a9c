"""What a preview builds: the indicator, what is made of it, and what isn't as it would be now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dagster_project import warehouse
from dagster_project.errors import OutcomesError
from dagster_project.home import Home
from dagster_project.pipeline import dbt_project, dbt_runner, rebuilding, steps
from dagster_project.preview import building
from dagster_project.preview.scratch import scratch_home

NAME = "hba1c_controlled"
BENEATH = "model.outcomes.stg_gp__people"
READS_IT = "model.outcomes.int_linked__people"
# Read by the evidence, and beneath no indicator.
BESIDE = "model.outcomes.int_area_leads"
OF_ANOTHER_SOURCE = "model.outcomes.int_ascof__observations"

Chosen = Callable[[], set[str]]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A warehouse in which every model before the judging stands as it would be made now."""
    home = Home(tmp_path)
    home.make()
    manifest = dbt_project.manifest()
    models = steps.MEASURED.models(manifest["nodes"])
    with warehouse.connect(home) as connection:
        for node in (manifest["nodes"][name] for name in models):
            connection.execute(f"create schema if not exists {node['schema']}")
            connection.execute(f"create table {node['schema']}.{node['alias']} (n integer)")
        connection.execute("create schema run; create schema landed")
        connection.execute("create table landed.gp_people (person_id varchar)")
        connection.execute("create table run.built (unique_id varchar primary key, digest varchar)")
        connection.executemany(
            "insert into run.built values (?, ?)",
            list(rebuilding.digests(connection, manifest, models).items()),
        )
    return home


@pytest.fixture
def chosen(home: Home, monkeypatch: pytest.MonkeyPatch) -> Chosen:
    monkeypatch.setattr(dbt_runner, "seeds_to_load", lambda home: ())
    monkeypatch.setattr(dbt_runner, "run", lambda *given: given[-1])
    monkeypatch.setattr(building, "_alone", lambda node, names: set(names))

    def ask() -> set[str]:
        found: Any = building.build(home, NAME)
        return set(found)

    return ask


def execute(home: Home, statement: str) -> None:
    with warehouse.connect(home) as connection:
        connection.execute(statement)


def test_where_all_stands_only_what_is_made_of_the_indicator_is_built(chosen: Chosen) -> None:
    found = chosen()
    assert {building.COUNTS, building.DEFINED, f"model.outcomes.{NAME}"} <= found
    assert not {BENEATH, READS_IT, BESIDE, OF_ANOTHER_SOURCE} & found
    # Its siblings may have been told by an older refresh, or by none.
    assert building.COMPARABILITY in found


def test_an_edited_model_beneath_it_is_built_again_with_what_reads_it(
    chosen: Chosen, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = dbt_project.manifest()
    edited = {**manifest["nodes"][BENEATH], "raw_code": "select 1 as another"}
    edition = {**manifest, "nodes": {**manifest["nodes"], BENEATH: edited}}
    monkeypatch.setattr(dbt_project, "manifest", lambda: edition)
    found = chosen()
    assert {BENEATH, READS_IT} <= found
    assert BESIDE not in found


def test_rows_that_landed_since_are_read(home: Home, chosen: Chosen) -> None:
    execute(home, "insert into landed.gp_people values ('someone')")
    assert {BENEATH, READS_IT} <= chosen()


def test_what_a_failed_refresh_had_in_hand_is_built_again(home: Home, chosen: Chosen) -> None:
    """Its tables are there, and nobody knows of which run."""
    execute(
        home,
        "delete from run.built where unique_id in"
        f" ('{READS_IT}', '{BESIDE}', '{OF_ANOTHER_SOURCE}')",
    )
    found = chosen()
    assert {READS_IT, BESIDE} <= found
    # Of which no row is read.
    assert OF_ANOTHER_SOURCE not in found


def test_another_source_gives_its_columns_even_where_it_was_never_built(
    home: Home, chosen: Chosen
) -> None:
    execute(home, "drop table intermediate.int_ascof__observations")
    assert OF_ANOTHER_SOURCE in chosen()


def test_a_warehouse_that_cannot_be_read_is_told_as_that(home: Home) -> None:
    execute(home, "create table run.released_before (n integer)")
    with scratch_home(home):
        pass
    execute(home, "drop table run.released_before")
    with pytest.raises(OutcomesError, match="nothing is built of it yet"), scratch_home(home):
        pass
    home.warehouse.write_bytes(b"x" * 100_000)
    unreadable = pytest.raises(OutcomesError, match="the warehouse can't be read")
    with unreadable as caught, scratch_home(home):
        pass
    assert caught.value.file == str(home.warehouse)
    assert "makes it anew" in str(caught.value.fix)

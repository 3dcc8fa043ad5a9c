"""Only what depends on something new is built again, and what a run that failed had in hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dagster_project import warehouse
from dagster_project.errors import OutcomesError
from dagster_project.fingerprint import OF_NO_RELEASE
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.landing.loading import LOADED
from dagster_project.pipeline import dbt_project, dbt_runner, rebuilding
from dagster_project.pipeline.rebuilding import Selection

WHOLE = Selection(("p.early",), ("left_out",))
LANDED = (
    "create table landed.{} as from range(3) select range as n, 'x' as t, []::varchar[] as several"
)


def model(name: str, *reads: str, folder: str = "early", code: str = "select 1") -> dict[str, Any]:
    return {
        "resource_type": "model",
        "name": name,
        "fqn": ["p", folder, name],
        "schema": "made",
        "alias": name,
        "raw_code": code,
        "config": {"materialized": "table"},
        "columns": {},
        "depends_on": {"nodes": list(reads)},
    }


def project(**codes: str) -> dict[str, Any]:
    """A model of each of two sources, one of both, one of a seed, and two that are left out."""
    models = [
        model("both", "m.of_a", "m.of_b"),
        model("of_a", "s.a"),
        model("of_b", "s.b"),
        model("of_seed", "seed.s"),
        model("left_out", "m.both"),
        model("late", "m.both", folder="late"),
    ]
    nodes: dict[str, Any] = {
        f"m.{each['name']}": each | {"raw_code": codes.get(each["name"], each["raw_code"])}
        for each in models
    }
    nodes["seed.s"] = {"resource_type": "seed", "fqn": ["p", "s"], "name": "s"}
    sources = {f"s.{name}": {"schema": "landed", "identifier": name} for name in "ab"}
    return {"nodes": nodes, "sources": sources}


class Dbt:
    """Stands in for dbt: makes the tables that it is told to select, or fails on one."""

    def __init__(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home, self.manifest = home, project()
        self.selected: list[str] = []
        self.fails_on = ""
        monkeypatch.setattr(dbt_project, "manifest", lambda: self.manifest)
        monkeypatch.setattr(dbt_runner, "seeds_to_load", lambda home: ())
        monkeypatch.setattr(dbt_runner, "note_seeds", lambda home: None)
        monkeypatch.setattr(dbt_runner, "run", self.run)

    def run(
        self, home: Home, command: str, select: Sequence[str], exclude: Sequence[str]
    ) -> list[dbt_runner.NodeResult]:
        self.selected = list(select)
        if "p.early" in select:
            select = ["p.early.of_a", "p.early.of_b", "p.early.both", "p.early.of_seed"]
        with warehouse.connect(home) as connection:
            connection.execute("create schema if not exists made")
            for name in (each.rsplit(".", 1)[-1] for each in select):
                if name == self.fails_on:
                    raise OutcomesError("dbt build failed")
                connection.execute(f"create or replace table made.{name} as select 1 as n")
        return []

    def build(self) -> list[str]:
        """What was selected for a build."""
        self.selected = []
        rebuilding.build(self.home, WHOLE, ())
        return self.selected

    def execute(self, statement: str) -> None:
        with warehouse.connect(self.home) as connection:
            connection.execute(statement)


@pytest.fixture
def dbt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dbt:
    home = Home(tmp_path)
    home.make()
    dbt = Dbt(home, monkeypatch)
    dbt.execute("create schema landed")
    for name in "ab":
        dbt.execute(LANDED.format(name))
    return dbt


def test_a_selection_is_what_dbt_would_select_each_after_what_it_reads() -> None:
    found = WHOLE.models(project()["nodes"])
    assert sorted(found) == ["m.both", "m.of_a", "m.of_b", "m.of_seed"]
    assert found.index("m.both") > max(found.index("m.of_a"), found.index("m.of_b"))


def test_the_first_time_all_is_built_and_then_nothing(dbt: Dbt) -> None:
    assert dbt.build() == ["p.early"]
    assert dbt.build() == []


def test_what_reads_a_source_that_changed_is_built_again(dbt: Dbt) -> None:
    dbt.build()
    for change in (
        "insert into landed.a values (9, 'x', [])",
        "update landed.a set t = 'y' where n = 1",
        "update landed.a set several = null where n = 1",
        "delete from landed.a where n = 1",
        "insert into landed.a from landed.a",
        "alter table landed.a rename t to u",
        "alter table landed.a alter n type integer",
    ):
        dbt.execute(change)
        assert sorted(dbt.build()) == ["p.early.both", "p.early.of_a"], change
    assert dbt.build() == []


def test_the_rows_of_a_part_are_told_by_what_they_were_read_from(dbt: Dbt) -> None:
    """And not gone through: the same rows, read from other bytes, count as others."""
    dbt.execute("create schema raw; create table raw.a as from landed.a; drop table landed.a")
    unreadable = "select error('it was read')::bigint as n"
    dbt.execute(f"create view landed.a as from raw.a union all by name {unreadable}")
    dbt.execute(LOADED)
    part = "insert into raw.loaded values ({}, '{}', '{}', {}, '{}', {})"
    dbt.execute(part.format(1, "bytes", "code", 3, "c", True))
    dbt.execute(part.format(2, "bytes", "code", 3, "a", False))
    dbt.execute(part.format(3, "bytes", "code", 3, "a", True))
    dbt.build()
    for change in (
        "insert into raw.a values (9, 'x', [])",
        "update raw.loaded set token = 'others' where extract_id = 3",
        "update raw.loaded set reader = 'another' where extract_id = 3",
        part.format(4, "bytes", "code", 3, "a", True),
        "delete from raw.loaded where extract_id = 3",
    ):
        dbt.execute(change)
        assert sorted(dbt.build()) == ["p.early.both", "p.early.of_a"]
    dbt.execute("update raw.loaded set token = 'others' where extract_id = 2")
    assert dbt.build() == []


def test_the_order_of_rows_is_no_change(dbt: Dbt) -> None:
    dbt.build()
    dbt.execute("create or replace table landed.a as from landed.a order by n desc")
    assert dbt.build() == []


def test_a_model_whose_code_changed_is_built_again_with_what_reads_it(dbt: Dbt) -> None:
    dbt.build()
    dbt.manifest = project(of_b="select 2")
    assert sorted(dbt.build()) == ["p.early.both", "p.early.of_b"]
    dbt.manifest = project(of_b="select 2", late="select 2")
    assert dbt.build() == []


def test_where_other_code_changed_all_is_built(dbt: Dbt, monkeypatch: pytest.MonkeyPatch) -> None:
    dbt.build()
    monkeypatch.setattr(rebuilding, "code_version_but", lambda beginnings: "another")
    assert dbt.build() == ["p.early"]


def test_what_a_failed_run_had_in_hand_is_built_again_even_if_its_inputs_went_back(
    dbt: Dbt,
) -> None:
    dbt.build()
    dbt.execute("insert into landed.a values (9, 'x', [])")
    dbt.fails_on = "both"
    with pytest.raises(OutcomesError, match="dbt build failed"):
        dbt.build()
    dbt.fails_on = ""
    dbt.execute("delete from landed.a where n = 9")
    assert sorted(dbt.build()) == ["p.early.both", "p.early.of_a"]


def test_a_table_that_is_gone_is_built_again(dbt: Dbt) -> None:
    dbt.build()
    dbt.execute("drop table made.of_seed")
    assert dbt.build() == ["p.early.of_seed"]


def test_a_warehouse_made_anew_is_built_whole(dbt: Dbt) -> None:
    dbt.build()
    warehouse.discard(dbt.home)
    dbt.execute("create schema landed")
    for name in "ab":
        dbt.execute(LANDED.format(name))
    assert dbt.build() == ["p.early"]


def test_no_model_reads_what_its_digest_does_not_know() -> None:
    """A clock, chance, the environment, or a file that is no source."""
    hidden = re.compile(
        r"\b(current_date|current_timestamp|localtimestamp|now\(|today\(|random\(|uuid\(|getenv"
        r"|read_(?:csv|parquet|json|text|blob)|env_var|run_started_at)",
        re.IGNORECASE,
    )
    found = [
        f"{path.relative_to(PROJECT_ROOT)}: {word}"
        for folder in ("models", "macros")
        for path in sorted((PROJECT_ROOT / "dbt" / folder).rglob("*.sql"))
        for word in hidden.findall(path.read_text(encoding="utf-8"))
    ]
    assert found == []
    # A seed that isn't in the digest of the code is in none.
    left_out = {f"seed.outcomes.{name.removesuffix('.csv')}" for name in OF_NO_RELEASE}
    manifest = dbt_project.manifest()
    assert left_out <= set(manifest["nodes"])
    readers = [
        name
        for name, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and left_out & set(node["depends_on"]["nodes"])
    ]
    assert readers == []

"""Indicators that two files define, in the sample's release: worked examples, values, registry."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project import warehouse
from dagster_project.home import Home
from dagster_project.indicators.upstream import indicator_models
from dagster_project.pipeline import dbt_project, dbt_runner

NAME = "average_practice_list_size"


@pytest.fixture(scope="module")
def home(sample_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A copy of the sample's warehouse, in a home of its own."""
    copy = Home(tmp_path_factory.mktemp("defined") / "home")
    copy.make()
    shutil.copyfile(sample_home.warehouse, copy.warehouse)
    return copy


def released(home: Home, table: str) -> Path:
    return home.releases / "latest" / "data" / f"{table}.parquet"


def test_every_worked_example_comes_out(home: Home) -> None:
    results = dbt_runner.run(home, "test", ("resource_type:unit_test",))
    assert {result.status for result in results} == {"pass"}
    worked = {result.unique_id.split(".")[2] for result in results}
    assert worked == {node["name"] for node in indicator_models(dbt_project.manifest())}


def test_its_values_are_released_with_limits(sample_home: Home) -> None:
    with warehouse.connect(sample_home, read_only=True) as connection:
        counted = connection.execute(
            "select period, sum(patients), count(*) from (select period, practice_code,"
            " max(denominator) as patients from staging.stg_qof__registers"
            " where list_type = 'TOTAL' group by all) group by all order by all"
        ).fetchall()
    values: list[tuple[Any, ...]] = duckdb.sql(
        f"select period_label, numerator, denominator, value, lower_95 < value, upper_95 > value,"
        f" method, origin, status from '{released(sample_home, 'indicator_values')}'"
        f" where indicator_id = '{NAME}' and area_code = 'E92000001' order by period_label"
    ).fetchall()
    assert values == [
        (*row, row[1] / row[2], True, True, "ratio", "computed", "published") for row in counted
    ]
    assert len(values) == 2


def test_what_its_definition_says_is_released(sample_home: Home) -> None:
    path = released(sample_home, "indicators")
    ((meaning, why, checked_by, review_by, is_stand_in),) = duckdb.sql(
        "select meaning, why_it_matters, checked_by, cast(review_by as varchar), is_stand_in"
        f" from '{path}' where indicator_id = '{NAME}'"
    ).fetchall()
    assert meaning.startswith("People registered with general practices")
    assert why
    assert (checked_by, review_by, is_stand_in) == (None, "2027-11-26", False)

"""Every measure of linked records, cut by cut, is what plain Python finds by following each person."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from dagster_project.home import PROJECT_ROOT
from tests.support import linked_models, linked_world
from tests.support.linked_by_hand import Counts, Population
from tests.support.linked_measures import MEASURES
from tests.support.linked_people import followed

PEOPLE = 700
MEANS = {"hospital_days_in_last_90_days"}
Found = tuple[duckdb.DuckDBPyConnection, Population]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Found]:
    paths = linked_world.drawn(tmp_path_factory.mktemp("linked"), PEOPLE)
    world = linked_world.read(paths)
    connection = linked_world.landed(paths)
    linked_models.build(connection, sorted(MEASURES))
    yield connection, Population(followed(world), world)
    connection.close()


def counted(connection: duckdb.DuckDBPyConnection, indicator: str) -> Counts:
    rows = connection.execute(
        "select area_code, cast(period_start as varchar), sex, age, segment, breakdown_type,"
        f" breakdown, band, sum(numerator), sum(denominator), count(*) from {indicator} group by all"
    ).fetchall()
    # A mean has a row for each value, the others one for each key.
    assert {row[10] for row in rows} == {1} or indicator in MEANS
    return {row[:8]: (row[8], row[9]) for row in rows}


@pytest.mark.parametrize("indicator", sorted(MEASURES))
def test_a_measure_is_what_each_person_followed_by_hand_adds_up_to(
    indicator: str, found: Found
) -> None:
    connection, population = found
    by_sql, by_hand = counted(connection, indicator), MEASURES[indicator](population)
    assert by_sql.keys() == by_hand.keys()
    differ = {
        key: (by_sql[key], by_hand[key])
        for key in by_sql
        if by_sql[key] != pytest.approx(by_hand[key], abs=1e-9)
    }
    assert differ == {}
    assert sum(above for above, _ in by_hand.values()) > 0


def test_every_indicator_of_linked_records_is_stated_by_hand() -> None:
    reads_people = {
        path.stem
        for path in (PROJECT_ROOT / "dbt" / "models" / "indicators").rglob("*.sql")
        if "int_linked__" in path.read_text(encoding="utf-8")
    }
    assert reads_people == set(MEASURES)

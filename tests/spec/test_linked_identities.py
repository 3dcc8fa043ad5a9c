"""What holds by arithmetic among linked records, on a made-up population."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from tests.support import linked_models, linked_world

MODELS = (
    *("int_linked__person_years", "int_linked__population", "int_linked__spells"),
    *("int_linked__stays", "int_linked__admissions", "int_linked__segment_flows"),
    *("int_linked__deaths", "int_linked__days_away", "int_linked__hospital_days"),
)
PEOPLE = 1_000


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    paths = linked_world.drawn(tmp_path_factory.mktemp("linked"), PEOPLE, seed=11)
    made = linked_world.landed(paths)
    linked_models.build(made, list(MODELS))
    yield made
    made.close()


def ask(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()


@pytest.mark.parametrize(
    "cut",
    [
        "segment <> 'all' and breakdown_type = 'all'",
        "breakdown_type = 'Ethnic groups'",
        "breakdown_type = 'Deprivation quintiles (IMD2019)'",
        "breakdown_type = 'Locality'",
        "age_group <> 'all'",
    ],
)
def test_the_parts_of_a_cut_sum_to_the_population(
    connection: duckdb.DuckDBPyConnection, cut: str
) -> None:
    whole = "segment = 'all' and breakdown_type = 'all' and age_group = 'all' and sex = 'Persons'"
    sums = "select period_start, area_code, age, sum(people), sum(person_days)"
    by = "where area_type = 'utla' and {} group by all order by all"
    wholes = ask(connection, f"{sums} from int_linked__population {by.format(whole)}")
    assert wholes == ask(connection, f"{sums} from int_linked__population {by.format(cut)}")
    assert len(wholes) > 100


def test_networks_and_practices_sum_to_authorities(connection: duckdb.DuckDBPyConnection) -> None:
    people = "select period_start, sum(people), sum(person_days) from int_linked__population where"
    plain = "segment = 'all' and breakdown_type = 'all' and age_group = 'all' and sex = 'Persons'"
    found = [
        ask(connection, f"{people} {plain} and area_type = '{kind}' group by 1 order by 1")
        for kind in ("utla", "pcn", "practice")
    ]
    assert found[0] == found[1] == found[2]


def test_person_time_is_every_day_that_somebody_is_followed(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    days = ask(
        connection,
        "select sum(days), sum((followed_to - period_start) + 1),"
        " min(days), max(days), count_if(died_on < followed_to) from int_linked__person_years",
    )[0]
    assert days[0] == days[1]
    assert (days[2] >= 1, days[3] <= 366, days[4]) == (True, True, 0)
    counted = ask(
        connection,
        "select sum(person_days) from int_linked__population where area_type = 'practice'",
    )
    assert counted == [(days[0],)]


def test_first_episodes_are_spells_and_those_of_no_known_spell(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    first, spells, unknown, stays, in_stays = (
        ask(connection, query)[0][0]
        for query in (
            "select count(*) from int_linked__admissions",
            "select count(*) from int_linked__spells"
            " where first_episode_key in (select episode_key from int_linked__admissions)",
            "select count(*) from int_linked__episodes where spell_key is null and episode_order = 1",
            "select count(*) from int_linked__stays",
            "select sum(spells) from int_linked__stays",
        )
    )
    assert first == spells + unknown
    all_spells = ask(connection, "select count(*) from int_linked__spells")[0][0]
    assert stays < in_stays == all_spells


def test_everybody_dies_once_and_lies_in_one_bed(connection: duckdb.DuckDBPyConnection) -> None:
    registered, once = ask(
        connection,
        "select (select count(distinct person_id) from landed_registered_deaths),"
        " count(*) from int_linked__deaths",
    )[0]
    assert registered == once > 0
    for stretches in ("int_linked__hospital_days", "int_linked__days_away"):
        overlaps = ask(
            connection,
            f"select count(*) from {stretches} as one inner join {stretches} as other"
            " on one.person_id = other.person_id and one.from_day < other.from_day"
            " and other.from_day <= one.to_day + 1",
        )
        assert overlaps == [(0,)]


def test_the_flows_of_a_year_lead_from_its_segments_to_the_next(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    began = "select period_start, segment, count(*) from int_linked__person_years group by all"
    flows = "select period_start, from_segment, sum(people) from int_linked__segment_flows"
    here = "where from_segment <> 'not here' group by all"
    assert ask(connection, f"{began} order by all") == ask(
        connection, f"{flows} {here} order by all"
    )
    arrived = "select period_start, to_segment, sum(people) from int_linked__segment_flows"
    next_year = (
        "select period_start - interval 1 year, segment, count(*) from int_linked__person_years"
    )
    assert ask(
        connection,
        f"{arrived} where to_segment not in ('died', 'left')"
        " and period_start < (select max(period_start) from int_linked__person_years)"
        " group by all order by all",
    ) == [
        (start.date(), segment, people)
        for start, segment, people in ask(
            connection,
            f"{next_year} where period_start > (select min(period_start)"
            " from int_linked__person_years) group by all order by all",
        )
    ]

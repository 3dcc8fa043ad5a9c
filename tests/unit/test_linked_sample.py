"""The made-up linked population: the same for the same seed, coherent, and with known faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.landing import nhs_numbers
from dagster_project.sample import linked
from tests.support.linked_world import PRACTICES

PEOPLE = 3_000


def digests(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, ...]]:
    """Of each extract how many rows it has, and a digest of every column."""
    return {
        name: connection.execute(
            f"select count(*), sum(hash(columns(*))) from ({rows})"
        ).fetchall()[0]
        for name, rows in linked.EXTRACTS.items()
    }


def digest(threads: int, seed: int) -> dict[str, tuple[int, ...]]:
    with duckdb.connect(config={"threads": str(threads)}) as connection:
        linked.draw(connection, linked.Recipe(500, PRACTICES, seed=seed, other_codes=0.1))
        return digests(connection)


def test_the_same_seed_draws_the_same_rows_however_many_draw_them() -> None:
    once = digest(1, 5)
    assert once == digest(2, 5)
    assert once != digest(1, 6)


def test_people_drawn_in_parts_are_the_people_drawn_at_once() -> None:
    recipe = linked.Recipe(500, PRACTICES, seed=5, other_codes=0.1)
    parts = []
    for connection, following in linked.draw_in_parts(recipe, 180, duckdb.connect):
        parts.append(digests(connection))
        if following.first > 180:
            break
    # What was left off goes on from where it was.
    rest = linked.draw_in_parts(recipe, 180, duckdb.connect, following)
    parts += [digests(connection) for connection, _ in rest]
    assert len(parts) == 3
    at_once = digest(1, 5)
    for name, whole in at_once.items():
        if name == "gp_practices":
            assert all(part[name] == whole for part in parts)
        else:
            assert tuple(map(sum, zip(*(part[name] for part in parts), strict=True))) == whole


@pytest.fixture(scope="module")
def connection() -> Any:
    made = duckdb.connect(config={"threads": "2"})
    linked.draw(made, linked.Recipe(PEOPLE, PRACTICES, stays=2.0, other_codes=0.1))
    yield made
    made.close()


def count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(f"select count(*) from {query}").fetchall()[0][0])


def test_keys_say_nothing_and_are_one_a_person(connection: duckdb.DuckDBPyConnection) -> None:
    keys = [row[0] for row in connection.execute("select person_id from people").fetchall()]
    assert len(set(keys)) == PEOPLE
    assert nhs_numbers.find_in(" ".join(keys)) == []


@pytest.mark.parametrize(
    "fault",
    [
        "apc where spell_id = '-1'",
        "apc where admidate = '1801-01-01'",
        "apc where is_unfinished",
        "apc where admimeth = '2B'",
        "(select 1 from deaths group by pseudo_nhs_number having count(*) > 1)",
        "people where ethnic_category is null",
        "registrations as one join registrations as other on one.id = other.id"
        " and one.nth = 1 and other.nth = 2 and one.end_date > other.start_date",
        "observations where code = '271649006' and value < 50",
        "observations where comparator = '<'",
    ],
)
def test_the_faults_of_real_extracts_are_in_them(
    connection: duckdb.DuckDBPyConnection, fault: str
) -> None:
    assert 0 < count(connection, fault) < 4_000


@pytest.mark.parametrize(
    "impossible",
    [
        "apc join people on pseudo_hesid = person_id where admidate > death_date"
        " or (admidate < birth_date and admidate > '1802-01-01')",
        "stays as one join stays as other on one.id = other.id"
        " and one.admitted_on < other.admitted_on and other.admitted_on <= one.left_on",
        "outpatients join people on pseudo_hesid = people.person_id where apptdate > death_date",
        "registrations where end_date < start_date",
        "apc where epiend < epistart or disdate < admidate",
    ],
)
def test_nobody_is_treated_after_death_or_in_two_places_at_once(
    connection: duckdb.DuckDBPyConnection, impossible: str
) -> None:
    assert count(connection, impossible) == 0


def test_harder_lives_have_more_illness(connection: duckdb.DuckDBPyConnection) -> None:
    rates = connection.execute(
        "select deprivation_decile <= 3 as is_deprived, avg(ill) from (select people.id,"
        " any_value(deprivation_decile) as deprivation_decile, count(diagnoses.id) as ill"
        " from people left join diagnoses on people.id = diagnoses.id"
        " and condition in ('copd', 'diabetes', 'heart_failure', 'depression')"
        " where date_diff('year', birth_date, date '2019-04-01') between 40 and 80"
        " and deprivation_decile not between 4 and 7 group by people.id) group by 1 order by 1"
    ).fetchall()
    assert rates[1][1] > 1.1 * rates[0][1]


def test_the_files_of_the_sample_say_what_they_are(tmp_path: Path) -> None:
    with duckdb.connect() as made:
        linked.draw(made, linked.Recipe(50, PRACTICES))
        paths = linked.write(made, tmp_path, prefix="SYNTHETIC_linked_")
    assert len(paths) == len(linked.EXTRACTS) == 9
    assert all(path.name.startswith("SYNTHETIC_") and path.stat().st_size > 50 for path in paths)

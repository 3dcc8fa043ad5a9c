"""Measures from linked records in the sample's release: cut, hidden where small, and nobody's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.lineage.explain import explain
from dagster_project.lineage.lines import explain_lines
from dagster_project.lineage.question import Question
from dagster_project.sample.surveys import ASKED

pytestmark = pytest.mark.xdist_group("sample")

MEASURES = sorted(
    path.stem
    for path in (PROJECT_ROOT / "dbt" / "models" / "indicators").rglob("*.sql")
    if "int_linked__" in path.read_text(encoding="utf-8")
)
KEY_OF_A_PERSON = re.compile(rb"S\d{11}(?!\d)")
# Sums of days, and cases expected, count nobody.
NOT_PEOPLE = "('hospital_days_in_last_90_days', 'days_at_home_frailty')"


@pytest.fixture(scope="module")
def ask(sample_home: Home) -> Any:
    data = sample_home.releases / "latest" / "data"
    connection = duckdb.connect()
    names = ", ".join(f"'{name}'" for name in MEASURES)
    connection.execute(
        f"create view shown as select * from read_parquet('{data}/indicator_values.parquet')"
        f" where indicator_id in ({names})"
    )
    yield lambda query: connection.execute(query).fetchall()
    connection.close()


def test_every_measure_has_three_years_in_every_cut(ask):
    found = ask(
        "select count(distinct indicator_id), min(years), min(cuts) from (select indicator_id,"
        " count(distinct period_start) as years,"
        " count(distinct (area_type, segment <> 'all', sex <> 'Persons', breakdown_type)) as cuts"
        " from shown group by 1)"
    )
    # Practice, network, authority; and of authorities segments, sexes and three kinds of group.
    assert found == [(len(MEASURES), 3, 8)]


def test_small_counts_of_people_are_nowhere_shown(ask):
    assert ask(
        "select count(*) from shown where coalesce(value, lower_95, upper_95, lower_998, upper_998,"
        " numerator, denominator) is not null and status = 'suppressed'"
    ) == [(0,)]
    assert ask("select count(*) > 1000 from shown where status = 'suppressed'") == [(True,)]
    assert ask("select count(*) > 1000 from shown where status = 'published'") == [(True,)]
    assert ask(
        f"select count(*) from shown where numerator between 1 and 7"
        f" and indicator_id not in {NOT_PEOPLE}"
    ) == [(0,)]


def test_counts_that_are_shown_are_rounded(ask):
    assert ask(
        f"select count(*) from shown where numerator % 5 <> 0 and indicator_id not in {NOT_PEOPLE}"
    ) == [(0,)]


def test_no_key_of_a_person_is_anywhere_in_the_release(sample_home: Home):
    release = (sample_home.releases / "latest").resolve()
    files = [path for path in release.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert [path.name for path in files if holds_a_key(path)] == []


def holds_a_key(path: Path) -> bool:
    if path.suffix != ".parquet":
        return KEY_OF_A_PERSON.search(path.read_bytes()) is not None
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select count(*) from (select cast(columns(*) as varchar) from read_parquet('{path}'))"
            " as cells where regexp_matches(cast(cells as varchar), 'S[0-9]{11}([^0-9]|$)')"
        ).fetchall()
    return found != [(0,)]


def test_what_stands_in_says_so_on_every_value_and_page(sample_home: Home):
    release = sample_home.releases / "latest"
    with duckdb.connect() as connection:
        found = connection.execute(
            "select indicator_id, any_value(is_stand_in),"
            " count_if(list_contains(flags, 'stand_in')), count(*)"
            f" from read_parquet('{release}/data/indicator_values.parquet') as shown"
            f" inner join read_parquet('{release}/data/indicators.parquet') as defined"
            " using (indicator_id)"
            " group by indicator_id order by indicator_id"
        ).fetchall()
    assert [row for row in found if row[2] != (row[3] if row[1] else 0)] == []
    stand_ins = [name for name, is_stand_in, *_ in found if is_stand_in]
    # Eight from linked records, and statements and scores of people who were asked.
    assert len(stand_ins) > 20
    pages = {name: release / "site" / "indicators" / f"{name}.html" for name in stand_ins}
    assert [
        name for name, page in pages.items() if "Stand-in" not in page.read_text(encoding="utf-8")
    ] == []


def test_what_people_answered_stands_beside_how_many_did(sample_home: Home):
    values = sample_home.releases / "latest" / "data" / "indicator_values.parquet"
    with duckdb.connect() as connection:
        rates = connection.execute(
            "select area_code, breakdown, status, value between 65 and 95"
            f" from read_parquet('{values}') where segment = 'all'"
            " and indicator_id = 'personal_outcomes_response_rate' and breakdown_type <> 'all'"
            " order by all"
        ).fetchall()
        told = connection.execute(
            "select count(distinct indicator_id), count_if(value is not null) > 15"
            f" from read_parquet('{values}') where source_id = 'survey_returns'"
        ).fetchall()
    asked = sorted((one.area, one.instrument) for one in ASKED)
    assert rates == [(*each, "published", True) for each in asked]
    # The rate, two scores, and of two frameworks all that can be asked without a value set.
    assert told == [(32, True)]


def test_a_value_is_explained_by_a_file_of_each_of_its_sources(sample_home: Home):
    asked = Question("emergency_admissions_respiratory", "Stockport")
    record = explain(sample_home, asked)
    wanted = {"hospital_admitted_care", "gp_records", "registered_deaths"}
    assert set(record["indicator"]["sources"].split("|")) == wanted
    for each in record["values"]:
        assert {item["source_id"] for item in each["inputs"]} == wanted
    said = "\n".join(explain_lines(record))
    assert all(file in said for file in ("hes_admitted_care", "gp_observations", "linked_deaths"))

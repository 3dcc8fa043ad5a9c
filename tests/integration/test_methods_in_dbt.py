"""Each method as a view that dbt makes and another connection reads: what the tests' own rendering
of macros can't show."""

from __future__ import annotations

import ast

import duckdb

from dagster_project.home import PROJECT_ROOT
from tests.support import dbt_scratch, macros
from tests.support.examples import Table
from tests.support.life_tables import county

# The columns that say which value a row of ours is; no method has a column of its own called so.
KEYS = (
    "['indicator_id', 'area_code', 'period_type', 'period_start', 'period_end', 'sex', 'age',"
    " 'segment', 'breakdown_type', 'breakdown', 'origin']"
)
STANDARD = "standard_population('standard_populations', 'esp2013', 18)"
CALLS = {
    "crude_rate": "method_crude_rate('bands', KEYS + ['band'])",
    "proportion": "method_proportion('bands', KEYS + ['band'])",
    "ratio": "method_ratio('bands', KEYS + ['band'])",
    "average": "method_mean('bands', KEYS, value='numerator')",
    "dsr": f"method_dsr('bands', KEYS, {STANDARD})",
    "dsr_people": f"method_dsr_non_independent('bands', KEYS, {STANDARD})",
    "isr": "method_isr('bands', KEYS, 'bands')",
    "isr_ratio": "method_isr_ratio('bands', KEYS, 'bands')",
    "life": "method_life_expectancy('county', KEYS, age='age_from')",
    "healthy": "method_healthy_life_expectancy('county', KEYS,"
    " age='age_from', variance='survey_and_mortality')",
}


def test_every_method_is_a_view_that_another_connection_reads(tmp_path):
    folder = tmp_path / "scratch"
    models = {
        name: f"{{{{ config(materialized='view') }}}}\n\n{{{{ {call.replace('KEYS', KEYS)} }}}}\n"
        for name, call in CALLS.items()
    }
    dbt_scratch.write_project(folder, models)
    with duckdb.connect(str(folder / dbt_scratch.WAREHOUSE)) as connection:
        seed = PROJECT_ROOT / "seeds" / "standard_populations.csv"
        connection.execute(
            f"create table standard_populations as from read_csv('{seed}', all_varchar=true)"
        )
        keys = ", ".join(f"'{key}' as {key}" for key in ast.literal_eval(KEYS))
        connection.execute(
            f"create table bands as select {keys}, band, 1.0 as frequency,"
            " 3 + age_from::integer as numerator, 1000 as denominator"
            " from standard_populations where bands = '18'"
        )
        Table.of(county(survey=True)).load(connection, "survey")
        connection.execute(
            f"create table county as select {keys}, age as age_from, * exclude (age) from survey"
        )
    assert set(dbt_scratch.run(folder)) == set(CALLS)
    with duckdb.connect(str(folder / dbt_scratch.WAREHOUSE), read_only=True) as connection:
        for name, call in CALLS.items():
            found = connection.execute(f"select * from {name} order by all").fetchall()
            by_tests = f"select * from ({macros.render(call.replace('KEYS', KEYS))}) order by all"
            assert found == connection.execute(by_tests).fetchall()
            statuses = connection.execute(f"select distinct status from {name}").fetchall()
            assert statuses == [("published",)], name

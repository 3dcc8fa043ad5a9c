"""Two runs give the same figures to the last digit, whatever the threads and the order of rows."""

from __future__ import annotations

import math
from collections.abc import Iterator

import duckdb
import pytest

from tests.support import macros
from tests.support.life_tables import AGES

AREAS = 8_000
METHODS = {
    "rate": "method_crude_rate('rows', ['area', 'band'], numerator='floor(numerator)')",
    "proportion": "method_proportion('rows', ['area', 'band'])",
    "mean": "method_mean('rows', ['area'], value='figure')",
    "dsr": "method_dsr('rows', ['area'], 'standard')",
    "dsr of non-independent events": "method_dsr_non_independent('repeated', ['area'], 'standard')",
    "isr": "method_isr('rows', ['area'], 'standard', reference_denominator='weight')",
    "life expectancy": "method_life_expectancy('rows', ['area'])",
    "healthy life expectancy": "method_healthy_life_expectancy("
    "'rows', ['area'], healthy='numerator', sample='denominator', variance='survey_and_mortality')",
}


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """`sorted` and `mixed` hold the same rows; a hundredth of a count makes rounding matter."""
    with duckdb.connect() as connection:
        connection.execute(f"""
            create table sorted as
            select
                area,
                age,
                cast(age as varchar) as band,
                hash(area, age) % 9000 / 100 + 0.01 as numerator,
                95 + hash(age, area) % 900000 / 100 as denominator,
                cast(hash(age, area, 1) % 1000 as double) / 7 as figure,
                1 + hash(area, age, 2) % 3 as frequency
            from range({AREAS}) as areas(area), (select unnest({AGES}) as age) as ages
        """)
        connection.execute("create table mixed as from sorted order by hash(area, age, 3)")
        connection.execute("""
            create table standard as
            select band, 1000.0 + age * 7 as weight, 10.0 + age as numerator
            from (select distinct band, age from sorted)
        """)
        yield connection


@pytest.mark.parametrize("method", sorted(METHODS))
def test_order_and_threads_do_not_change_a_digit(connection, method):
    found = set()
    for table, threads in (("sorted", 1), ("sorted", 2), ("mixed", 1), ("mixed", 2), ("mixed", 2)):
        connection.execute(f"set threads = {threads}")
        connection.execute(f"create or replace view rows as from {table}")
        connection.execute("""
            create or replace view repeated as
            select * from rows union all by name select * replace (frequency + 3 as frequency) from rows
        """)
        query = macros.render(METHODS[method])
        figures = "count(value), sum(hash(ours)), bool_and(coalesce(isfinite(value), true))"
        found.add(connection.execute(f"select {figures} from ({query}) as ours").fetchall()[0])
    ((values, _, finite),) = found
    assert values > AREAS / 2
    assert finite


def test_a_plain_sum_of_these_rows_would_differ(connection):
    # Were it not so, the test above could not fail.
    sums = {
        connection.execute(
            f"select sum(hash(area, total)) from"
            f" (select area, sum(numerator / denominator) as total from {table} group by area)"
        ).fetchall()[0]
        for table in ("sorted", "mixed")
    }
    assert len(sums) == 2


def test_a_steady_sum_is_as_right_as_can_be():
    terms = [0.1, 1e-20, 3e12, -7.7, 123456.789, 2.0**-70, 1e-12, 1 / 3]
    sums = [macros.render(f"{name}('x')") for name in ("steady_sum", "steady_sum_of_small")]
    with duckdb.connect() as connection:
        connection.execute("create table t as select unnest(?::double[]) as x", [terms])
        found = connection.execute(f"select {', '.join(sums)} from t where x < 1000").fetchall()[0]
        few = math.fsum(x for x in terms if x < 1000)
        assert found == (pytest.approx(few, rel=1e-15), pytest.approx(few, rel=1e-15))
        (many,) = connection.execute(f"select {sums[0]} from t").fetchall()[0]
        assert many == pytest.approx(math.fsum(terms), rel=1e-15)
        tiny = connection.execute(f"select {sums[1]} from t where abs(x) < 1e-19").fetchall()[0][0]
        assert tiny == pytest.approx(1e-20, rel=1e-12)

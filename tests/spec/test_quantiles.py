"""Quantiles of areas by their values.

Areas of a group are put into `quantiles` parts by the rank of their values. Values alike share the
lowest rank among them, so that they are never parted; the parts may then be of unequal size, and
one may be empty. Rank r among n values belongs to the quantile q + 1 - ceil((n + 1 - r) · q / n),
q being the number of quantiles. Quantile 1 is that of the highest values, or of the lowest with
`highest_first=false`.

An area without a value has no quantile and isn't counted; a group with fewer values than
quantiles has none.

Source: the Department of Health and Social Care's phe_quantile (PHEindicatormethods), as documented.

Differs from other tools: the formula is worked in whole numbers. Peers divide first, and a rounding
error then moves some values that lie exactly on a boundary (28 areas in 20 parts: the eighth).
"""

from __future__ import annotations

import math

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import answers, macros, vectors
from tests.support.examples import Example

EXAMPLES = [
    Example(
        title="five areas in two parts, two of them alike, and one without a value",
        given={
            "areas": """
                area | value
                A    | 50
                B    | 40
                C    | 40
                D    | 20
                E    | 10
                F    |
            """
        },
        call="method_quantile('areas', ['area'], quantiles=2)",
        answer="""
            area | quantile | status         | status_reason
            A    | 1        | published      |
            B    | 1        | published      |
            C    | 1        | published      |
            D    | 2        | published      |
            E    | 2        | published      |
            F    |          | not_calculated | missing_value
        """,
    ),
    Example(
        title="fewer areas than parts",
        given={"areas": "region | area | value\nN | A | 5\nN | B | 6"},
        call="method_quantile('areas', ['region', 'area'], groups=['region'], quantiles=5)",
        answer="""
            region | area | quantile | status         | status_reason
            N      | A    |          | not_calculated | too_few_areas
            N      | B    |          | not_calculated | too_few_areas
        """,
    ),
]

NASTY = st.sampled_from([None, 0.0, -0.0, 1.0, 1e308, -1e308, 5e-324, math.nan, math.inf])


def plainly(values: list[float | None], quantiles: int, highest_first: bool) -> list[int | None]:
    """The rule in plain Python, by counting who is ahead."""
    there = [value for value in values if value is not None and math.isfinite(value)]
    n = len(there)

    def one(value: float | None) -> int | None:
        if value is None or not math.isfinite(value) or n < quantiles:
            return None
        rank = 1 + sum((other > value) if highest_first else (other < value) for other in there)
        return quantiles + 1 - math.ceil((n + 1 - rank) * quantiles / n - 1e-12)

    return [one(value) for value in values]


@settings(deadline=None, max_examples=40)
@given(
    values=st.lists(st.one_of(NASTY, st.integers(0, 9).map(float), st.floats(-1, 1)), max_size=60),
    quantiles=st.integers(2, 12),
    highest_first=st.booleans(),
)
def test_sql_and_plain_python_agree(values, quantiles, highest_first):
    call = f"method_quantile('given', ['area'], [], {quantiles}, {str(highest_first).lower()})"
    got = answers.of(call, "area integer, value double", list(enumerate(values)))
    assert [row["quantile"] for row in got] == plainly(values, quantiles, highest_first)
    assert all((row["quantile"] is None) == (row["status"] == "not_calculated") for row in got)


def test_a_value_on_a_boundary_is_not_moved_by_a_rounding_error():
    rows = [(place, float(-place)) for place in range(1, 29)]
    got = answers.of(
        "method_quantile('given', ['area'], [], 20)", "area integer, value double", rows
    )
    # (28 + 1 - 8) · 20 / 28 is 15 exactly; 21 / (28 / 20) comes out above it.
    assert got[7]["quantile"] == 20 + 1 - 15


@pytest.mark.parametrize("highest_first", [True, False])
def test_vector_cases_of_quantiles(highest_first):
    with duckdb.connect() as connection:
        vectors.load(connection, "quantile")
        vectors.load(connection, "quantile", "expected", "expected")
        connection.execute(
            f"create table areas as from input where invert = '{str(highest_first).upper()}'"
        )
        wrong, compared = [], 0
        for (quantiles,) in connection.execute(
            "select distinct nquantiles from expected"
        ).fetchall():
            query = macros.render(
                f"method_quantile('areas', ['case_id', 'area'], ['case_id'], {quantiles},"
                f" {str(highest_first).lower()})"
            )
            rows = connection.execute(
                f"""
                select case_id, area, ours.quantile, expected.quantile
                from expected inner join ({query}) as ours using (case_id, area)
                where nquantiles = '{quantiles}'
                """
            ).fetchall()
            compared += len(rows)
            wrong += [row for row in rows if vectors.number(row[2]) != vectors.number(row[3])]
        (expected,) = connection.execute(
            """
            select count(*) from expected
            where case_id in (select case_id from areas)
            """
        ).fetchall()[0]
    assert compared == expected > 0
    assert wrong == []

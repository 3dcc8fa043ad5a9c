"""Crude rate with its limits.

Events over people, times a multiplier: O/n·m. Its limits are those of the count of events
([exact below 10, Byar's from 10](count_limits.md)), divided and multiplied likewise: the number of
people is taken as fixed.

The rate is refused where the count or the number of people is missing (`no_numerator`,
`no_denominator`), where nobody is in the group (`zero_denominator`), and where a figure is negative
or no number (`impossible_figure`). A rate may be above 1: a person may have several events.

Source: Breslow NE, Day NE. Statistical methods in cancer research, volume II, IARC 1987.

Differs from other tools: one row in is one row out, whatever the number of rows; counts are summed
before they come here. A rate of 0 events has limits (PHStatsMethods raises an error), and a group
of nobody is a refused row (PHEindicatormethods stops).
"""

from __future__ import annotations

import math

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import macros, vectors
from tests.support.examples import Example

EXAMPLES = [
    Example(
        title="a large count, a small one, none, and nobody to count",
        given={
            "counts": """
                area | numerator | denominator
                A    | 65        | 10000
                B    | 3         | 10000
                C    | 0         | 10000
                D    | 3         | 0
                E    |           | 10000
            """
        },
        call="method_crude_rate('counts', ['area'], multiplier=100000)",
        answer="""
            area | value | lower_95 | upper_95 | status         | status_reason
            A    | 650.0 | 501.632  | 828.491  | published      |
            B    | 30.0  | 6.187    | 87.673   | published      |
            C    | 0.0   | 0.000    | 36.889   | published      |
            D    |       |          |          | not_available  | zero_denominator
            E    |       |          |          | not_calculated | no_numerator
        """,
    )
]

COUNTS = st.one_of(
    st.integers(0, 60).map(float),
    st.floats(0, 1e7),
    st.sampled_from([None, 9.5, 10.0, -1.0, 1e15, 1e19, math.nan, math.inf, -math.inf]),
)


def refusal(numerator: float | None, denominator: float | None) -> str | None:
    """Why a rate is refused."""
    if denominator is None:
        return "no_denominator"
    if numerator is None:
        return "no_numerator"
    # A comparison with NaN is false.
    if not (0 <= numerator <= 1e18 and 0 <= denominator <= 1e18):
        return "impossible_figure"
    return "zero_denominator" if denominator == 0 else None


@settings(deadline=None, max_examples=40)
@given(pairs=st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=30))
def test_sql_and_plain_python_agree(pairs):
    table = {
        "area": [str(n) for n in range(len(pairs))],
        "numerator": [numerator for numerator, _ in pairs],
        "denominator": [denominator for _, denominator in pairs],
    }
    found = macros.rows("method_crude_rate('t', ['area'], multiplier=1000)", t=table)
    assert len(found) == len(pairs)
    for row in found:
        numerator, denominator = pairs[int(row["area"])]
        assert row["status_reason"] == refusal(numerator, denominator) or (
            # Next to nobody: a limit is beyond all numbers.
            row["status_reason"] == "impossible_figure" and denominator < 1e-280
        )
        figures = [row[name] for name in ("value", *vectors.LIMITS)]
        if row["status_reason"]:
            assert figures == [None] * 5
            assert row["status"] in ("not_calculated", "not_available")
        else:
            assert all(math.isfinite(figure) for figure in figures)
            assert row["value"] == pytest.approx(1000 * numerator / denominator, rel=1e-12)
            assert row["lower_998"] <= row["lower_95"] <= row["value"]
            assert row["value"] < row["upper_95"] < row["upper_998"]


def test_the_limits_of_a_rate_are_those_of_its_count():
    counts = [0.0, 1.0, 9.0, 9.5, 10.0, 5000.0]
    table = {"area": [str(n) for n in range(6)], "numerator": counts, "denominator": [250.0] * 6}
    rates = macros.rows(
        "method_crude_rate('t', ['area'], multiplier=1000) ~ ' order by 1'", t=table
    )
    for side, level in (("lower", "95"), ("upper", "95"), ("lower", "998"), ("upper", "998")):
        limit = macros.render(f"count_{side}('x', z{level}(), tail{level}())")
        limits = macros.rows(
            f"""'select {limit.replace("'", "''")} as x from t order by x'""", t={"x": counts}
        )
        for rate, count in zip(rates, limits, strict=True):
            assert rate[f"{side}_{level}"] == pytest.approx(4 * count["x"], rel=1e-12)


def test_vectors_of_rates():
    connection = duckdb.connect()
    vectors.load(connection, "rate")
    got = macros.render(
        "method_crude_rate('input', ['case_id'], numerator='x', denominator='n',"
        " multiplier='multiplier')"
    )
    told = vectors.disagreements(
        connection, "rate", got, {"case_id": "case_id"}, {"value": "value"} | vectors.LIMITS
    )
    assert not told, told[:10]

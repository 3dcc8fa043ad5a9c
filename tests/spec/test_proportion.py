"""Proportion with its limits.

How many of the people have the outcome, times a multiplier: x/n·m, with
[Wilson's limits](wilson_limits.md).

It is refused where a count is missing (`no_numerator`, `no_denominator`), where nobody is in the
group (`zero_denominator`), where more are counted than there are (`more_events_than_people`), and
where a figure is negative or no number (`impossible_figure`).

Source: Wilson EB. Probable inference, the law of succession, and statistical inference. Journal of
the American Statistical Association 1927;22:209-12.

Differs from other tools: what is impossible is a refused row; PHEindicatormethods stops.
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
        title="some, all, nobody to count, and too many",
        given={
            "counts": """
                area | numerator | denominator
                A    | 65        | 100
                B    | 7         | 7
                C    | 0         | 0
                D    | 9         | 7
            """
        },
        call="method_proportion('counts', ['area'])",
        answer="""
            area | value | lower_95 | upper_95 | lower_998 | upper_998 | status         | status_reason
            A    | 65.0  | 55.25    | 73.64    | 49.55     | 77.84     | published      |
            B    | 100.0 | 64.57    | 100.00   | 42.30     | 100.00    | published      |
            C    |       |          |          |           |           | not_available  | zero_denominator
            D    |       |          |          |           |           | not_calculated | more_events_than_people
        """,
    )
]

Z = {"95": 1.959963984540054, "998": 3.090232306167813}
COUNTS = st.one_of(
    st.integers(0, 40).map(float),
    st.floats(0, 1e9),
    st.sampled_from([None, -1.0, 1e15, 1e19, math.nan, math.inf, -math.inf]),
)


def refusal(numerator: float | None, denominator: float | None) -> str | None:
    """Why a proportion is refused."""
    if denominator is None:
        return "no_denominator"
    if numerator is None:
        return "no_numerator"
    if not (0 <= numerator <= 1e18 and 0 <= denominator <= 1e18):
        return "impossible_figure"
    if denominator == 0:
        return "zero_denominator"
    return "more_events_than_people" if numerator > denominator else None


@settings(deadline=None, max_examples=60)
@given(pairs=st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=30))
def test_sql_and_plain_python_agree(pairs):
    table = {
        "area": [str(n) for n in range(len(pairs))],
        "numerator": [numerator for numerator, _ in pairs],
        "denominator": [denominator for _, denominator in pairs],
    }
    found = macros.rows("method_proportion('t', ['area'], multiplier=1)", t=table)
    assert len(found) == len(pairs)
    for row in found:
        numerator, denominator = pairs[int(row["area"])]
        assert row["status_reason"] == refusal(numerator, denominator)
        if row["status_reason"]:
            assert [row[name] for name in ("value", *vectors.LIMITS)] == [None] * 5
            continue
        share = numerator / denominator
        assert row["value"] == pytest.approx(share, rel=1e-12)
        for level, z in Z.items():
            # Wilson's limits are the shares whose own score test just fails.
            for limit in (row[f"lower_{level}"], row[f"upper_{level}"]):
                score = denominator * (share - limit) ** 2
                assert score == pytest.approx(z * z * limit * (1 - limit), rel=1e-6, abs=1e-6)
            assert 0 <= row[f"lower_{level}"] <= share * (1 + 1e-12)
            assert share * (1 - 1e-12) <= row[f"upper_{level}"] <= 1


def test_vectors_of_proportions():
    connection = duckdb.connect()
    vectors.load(connection, "proportion")
    multiplier = vectors.params("proportion").get("multiplier", 100)
    got = macros.render(
        "method_proportion('input', ['case_id'], numerator='x', denominator='n',"
        f" multiplier={multiplier})"
    )
    told = vectors.disagreements(
        connection, "proportion", got, {"case_id": "case_id"}, {"value": "value"} | vectors.LIMITS
    )
    assert not told, told[:10]

"""Mean with its limits.

The sum of the values over their number k, with limits mean ± t·s/√k: s is the standard deviation
with k − 1, t the quantile of Student's distribution with k − 1 degrees of freedom that leaves half
of what is outside the limits beyond it.

One value that is missing makes the mean missing. The mean of one value is given without limits, and
says so: `limits_need_two_values`.

Student's quantile is worked out in SQL. To 200 degrees of freedom it is the exact root; from there
it is its expansion in powers of 1/df, which is right to twelve digits.

Source: Armitage P, Berry G, Matthews JNS. Statistical methods in medical research, 4th edition,
2002. The expansion: Abramowitz M, Stegun IA. Handbook of mathematical functions, 26.7.5.

Recalled, not verified: the fifth term of the expansion (Fisher and Cornish). The tests hold it to
the distribution itself.
"""

from __future__ import annotations

import math
import statistics

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import macros, vectors
from tests.support.examples import Example

EXAMPLES = [
    Example(
        title="four values, one, and a missing one",
        given={
            "answers": """
                area | value
                A    | 6
                A    | 7
                A    | 7
                A    | 10
                B    | 8
                C    | 5
                C    |
            """
        },
        call="method_mean('answers', ['area'])",
        answer="""
            area | value | lower_95 | upper_95 | numerator | denominator | status         | status_reason
            A    | 7.5   | 4.7439   | 10.2561  | 30        | 4           | published      |
            B    | 8.0   |          |          | 8         | 1           | published      | limits_need_two_values
            C    |       |          |          |           | 2           | not_calculated | missing_value
        """,
    )
]

TAILS = {"95": 0.025, "998": 0.001}


def chance_beyond(t: float, df: int) -> float:
    """What Student's distribution has above t: Abramowitz & Stegun 26.7.3 and 26.7.4."""
    angle = math.atan(t / math.sqrt(df))
    cosine = math.cos(angle)
    terms, term = [], 1.0 if df % 2 == 0 else cosine
    for k in range(1 if df % 2 == 0 else 2, df, 2):
        terms.append(term)
        term *= cosine**2 * k / (k + 1)
    total = math.fsum(terms)
    if df % 2 == 0:
        return (1 - math.sin(angle) * total) / 2
    # π/2 − angle by its own tangent, since nearly all is taken away.
    return (math.atan(math.sqrt(df) / t) - math.sin(angle) * total) / math.pi


@pytest.mark.parametrize("level", sorted(TAILS))
def test_the_quantile_leaves_its_share_of_the_distribution_beyond_it(level):
    call = macros.render(f"student_t('df', z{level}(), tail{level}())")
    degrees = [*range(1, 260), 500, 1001, 5000]
    with duckdb.connect() as connection:
        connection.execute("create table t as select unnest(?::bigint[]) as df", [degrees])
        found = connection.execute(f"select df, {call} from t").fetchall()
    for df, t in found:
        assert chance_beyond(t, df) == pytest.approx(TAILS[level], rel=1e-9), df


@pytest.mark.parametrize(("df", "t"), [(1, 12.7062), (10, 2.2281), (30, 2.0423), (120, 1.9799)])
def test_the_quantile_is_that_of_the_printed_tables(df, t):
    assert round(macros.value(macros.render(f"student_t('{df}', z95(), tail95())")), 4) == t


def test_no_degrees_of_freedom_have_no_quantile():
    assert macros.value(macros.render("student_t('0', z95(), tail95())")) is None


FIGURES = st.one_of(
    st.floats(-1e6, 1e6),
    st.sampled_from([None, 0.0, -0.0, 1.0, 1e99, -1e99, 1e-300, math.nan, math.inf, -math.inf]),
)


@settings(deadline=None, max_examples=60)
@given(groups=st.lists(st.lists(FIGURES, min_size=1, max_size=12), min_size=1, max_size=6))
def test_sql_and_plain_python_agree(groups):
    table = {
        "area": [f"A{n}" for n, group in enumerate(groups) for _ in group],
        "value": [value for group in groups for value in group],
    }
    found = {row["area"]: row for row in macros.rows("method_mean('t', ['area'])", t=table)}
    assert len(found) == len(groups)
    for number, group in enumerate(groups):
        row = found[f"A{number}"]
        assert (row["value"] is None) == (row["status"] != "published")
        if None in group:
            assert row["status_reason"] == "missing_value"
        elif not all(math.isfinite(value) for value in group):
            assert row["status_reason"] == "impossible_figure"
        else:
            mean = math.fsum(group) / len(group)
            size = max(abs(value) for value in group)
            assert row["value"] == pytest.approx(mean, rel=1e-9, abs=1e-12 * size)
            if len(group) == 1:
                assert row["lower_95"] is row["upper_998"] is None
                assert row["status_reason"] == "limits_need_two_values"
            else:
                # Squares of figures below 1e-160 are 0, and a spread in the last digits is rounding.
                half = statistics.stdev(group) / math.sqrt(len(group))
                if half > max(1e-9 * size, 1e-100):
                    t = (row["upper_95"] - row["lower_95"]) / 2 / half
                    beyond = chance_beyond(t, len(group) - 1)
                    assert beyond == pytest.approx(0.025, rel=1e-6)


def test_vectors_of_means():
    connection = duckdb.connect()
    vectors.load(connection, "mean")
    got = macros.render("method_mean('input', ['case_id'])")
    figures = {"value": "value", "numerator": "value_sum", "denominator": "value_count"}
    told = vectors.disagreements(
        connection,
        "mean",
        got,
        {"case_id": "case_id"},
        figures | vectors.LIMITS,
        # How many values there are is known where one of them is missing; R says it isn't.
        unless="ours.status_reason = 'missing_value' and their_value is null",
    )
    assert not told, told[:10]

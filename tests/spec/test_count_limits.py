"""Limits of a count of events.

Below 10 events the limits are exact: the lower is the mean of a Poisson distribution of which that
count or more has the chance α/2, the upper the mean of which that count or fewer has. In terms of
the chi-squared distribution, χ²(α/2; 2O)/2 and χ²(1 − α/2; 2O + 2)/2; 0 is the lower limit of 0.

From 10 events on they are Byar's approximation, with z the normal quantile of the level:
O(1 − 1/(9O) − z/(3√O))³ and (O + 1)(1 − 1/(9(O + 1)) + z/(3√(O + 1)))³.

The step at 10 is the field's own. Byar's lower limit is wrong by up to half below 10 at 95%, and is
no number at 0. Counts needn't be whole: a sum of apportioned events may be 9.5. The exact limits
are worked out in SQL, to twelve digits, for a count of any size.

Source: Armitage P, Berry G, Matthews JNS. Statistical methods in medical research, 4th edition,
2002 (exact); Breslow NE, Day NE. Statistical methods in cancer research, volume II, IARC 1987
(Byar); the rule to change at 10 as the two public packages of England's health departments have it.

Differs from other tools: PHStatsMethods has no limits for 0 events, and raises an error; ours has.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import macros, vectors
from tests.support.examples import Example

EXAMPLES = [
    Example(
        title="on both sides of 10",
        given={
            "counts": """
                events
                0
                1
                9
                9.5
                10
                100
            """
        },
        call={
            "lower_95": "count_lower('events', z95(), tail95())",
            "upper_95": "count_upper('events', z95(), tail95())",
            "lower_998": "count_lower('events', z998(), tail998())",
            "upper_998": "count_upper('events', z998(), tail998())",
        },
        answer="""
            events | lower_95 | upper_95 | lower_998 | upper_998
            0      | 0.0000   | 3.6889   | 0.0000    | 6.9078
            1      | 0.0253   | 5.5716   | 0.0010    | 9.2334
            9      | 4.1154   | 17.0848  | 2.4524    | 22.6574
            9.5    | 4.4533   | 17.7394  | 2.7034    | 23.3985
            10     | 4.7874   | 18.3915  | 2.9163    | 24.1937
            100    | 81.3621  | 121.6279 | 71.9037   | 134.9436
        """,
    )
]

LEVELS = {"95": 0.95, "998": 0.998}


def chance_of_as_many(count: float, mean: float) -> float:
    """The chance of `count` events or more: the incomplete gamma function, term by term."""
    terms = range(400 + int(count + mean))
    return math.fsum(
        math.exp((count + k) * math.log(mean) - mean - math.lgamma(count + k + 1)) for k in terms
    )


def chance_of_as_few(count: int, mean: float) -> float:
    """The chance of a whole `count` or fewer, from the Poisson distribution itself."""
    return math.fsum(
        math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1)
    )


def limits(count: float, level: str) -> tuple[float | None, float | None]:
    calls = ", ".join(
        f"count_{side}('x', z{level}(), tail{level}()) ~ ' as {side}'"
        for side in ("lower", "upper")
    )
    (row,) = macros.rows(f"'select ' ~ [{calls}] | join(', ') ~ ' from t'", t={"x": [count]})
    return row["lower"], row["upper"]


@settings(deadline=None, max_examples=60)
@given(
    count=st.one_of(st.integers(1, 9), st.floats(0.02, 9.999)),
    level=st.sampled_from(sorted(LEVELS)),
)
def test_a_limit_below_10_leaves_its_share_beyond_it(count, level):
    lower, upper = limits(count, level)
    beyond = (1 - LEVELS[level]) / 2
    assert chance_of_as_many(count, lower) == pytest.approx(beyond, rel=1e-9)
    # What is left of 1 has fewer digits.
    assert 1 - chance_of_as_many(count + 1, upper) == pytest.approx(beyond, rel=1e-9)
    if float(count).is_integer():
        assert 1 - chance_of_as_few(int(count) - 1, lower) == pytest.approx(beyond, rel=1e-9)
        assert chance_of_as_few(int(count), upper) == pytest.approx(beyond, rel=1e-9)


@settings(deadline=None, max_examples=40)
@given(count=st.floats(10, 1e15), level=st.sampled_from(sorted(LEVELS)))
def test_a_limit_from_10_is_byars(count, level):
    z = NormalDist().inv_cdf(0.5 + LEVELS[level] / 2)
    lower, upper = limits(count, level)
    next_count = count + 1
    assert lower == pytest.approx(
        count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3, rel=1e-12
    )
    assert upper == pytest.approx(
        next_count * (1 - 1 / (9 * next_count) + z / (3 * math.sqrt(next_count))) ** 3, rel=1e-12
    )


def test_no_events_have_a_lower_limit_of_0_and_the_known_upper_one():
    # e^-μ = α/2.
    assert limits(0, "95") == (0.0, pytest.approx(-math.log(0.025), rel=1e-14))
    assert limits(0, "998") == (0.0, pytest.approx(-math.log(0.001), rel=1e-14))


def test_a_whole_count_and_one_beside_it_have_limits_beside_each_other():
    # One is looked up in a list that the planner makes, the other worked out.
    for count in range(1, 10):
        for level in LEVELS:
            beside = limits(count + 1e-9, level)
            assert limits(count, level) == pytest.approx(beside, rel=1e-7)


def test_a_count_below_0_and_none_have_no_limits():
    assert limits(-1, "95") == (None, None)
    assert limits(None, "95") == (None, None)


def test_vectors_of_count_limits():
    connection = duckdb.connect()
    vectors.load(connection, "count_ci")
    levels = connection.execute("select distinct confidence from input").fetchall()
    told = []
    for (level,) in levels:
        z = f"cast({NormalDist().inv_cdf(0.5 + float(level) / 2)!r} as double)"
        tail = f"cast({(1 - float(level)) / 2!r} as double)"
        sides = {
            "exact_lower": f"exact_lower('count', '{z}', '{tail}')",
            "exact_upper": f"exact_upper('count', '{z}', '{tail}')",
            "byars_lower": f"byar_lower('count', '{z}')",
            "byars_upper": f"byar_upper('count', '{z}')",
            "lower": f"count_lower('count', '{z}', '{tail}')",
            "upper": f"count_upper('count', '{z}', '{tail}')",
        }
        figures = ", ".join(f"{macros.render(call)} as {side}" for side, call in sides.items())
        connection.execute(
            f"create or replace table got as select *, {figures}"
            " from (select *, x::double as count from input where confidence = ?)",
            [level],
        )
        told += vectors.disagreements(
            connection,
            "count_ci",
            # Where Byar's limit is below 0, R gives none. Nobody uses it there.
            "select * replace (nullif(greatest(byars_lower, 0), 0) as byars_lower) from got",
            {"x": "x", "confidence": "confidence"},
            {side: side for side in ("exact_lower", "exact_upper", "byars_lower", "byars_upper")},
            unless=f"their_confidence is distinct from '{level}'",
        )
        # The published rule chooses between the two.
        wrong = connection.execute(
            "select x from got where"
            " lower <> case when count < 10 then exact_lower else byars_lower end or"
            " upper <> case when count < 10 then exact_upper else byars_upper end"
        ).fetchall()
        told += [f"count {x} at {level}: not by the rule" for (x,) in wrong]
    assert not told, told[:10]

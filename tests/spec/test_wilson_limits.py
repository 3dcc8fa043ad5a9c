"""Limits of a proportion (Wilson).

For a proportion x out of n, with z the normal quantile of the level, the limits are
(2x + z² ∓ z√(z² + 4x(1 − x/n))) / (2(n + z²)): never below 0, never above 1, and defined where
nobody or everybody has the outcome.

Source: Wilson EB. Probable inference, the law of succession, and statistical inference. Journal of
the American Statistical Association 1927;22:209-12.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import macros
from tests.support.examples import Example

EXAMPLES = [
    Example(
        title="nobody, some and everybody",
        given={
            "counts": """
                x  | n
                0  | 10
                3  | 10
                10 | 10
            """
        },
        call={
            "lower_95": "wilson_lower('x', 'n', z95())",
            "upper_95": "wilson_upper('x', 'n', z95())",
        },
        answer="""
            x  | n  | lower_95 | upper_95
            0  | 10 | 0.0000   | 0.2775
            3  | 10 | 0.1078   | 0.6032
            10 | 10 | 0.7225   | 1.0000
        """,
    )
]

# Worked from the published formula by hand, to ten digits.
Z95 = 1.959963984540054
Z998 = 3.090232306167813


def limits(x: str, n: str, z: str) -> tuple[str, str]:
    return (
        macros.sql("limits.sql", f"wilson_lower('{x}', '{n}', '{z}')"),
        macros.sql("limits.sql", f"wilson_upper('{x}', '{n}', '{z}')"),
    )


def plainly(x: float, n: float, z: float) -> tuple[float, float]:
    """The same formula the textbook way: centre and half-width of the score interval."""
    p = x / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def test_the_two_quantiles_are_those_of_the_normal_distribution():
    assert macros.value(macros.sql("limits.sql", "z95()")) == Z95
    assert macros.value(macros.sql("limits.sql", "z998()")) == Z998
    # Φ(z) by the error function.
    assert 0.5 * (1 + math.erf(Z95 / math.sqrt(2))) == pytest.approx(0.975, abs=1e-12)
    assert 0.5 * (1 + math.erf(Z998 / math.sqrt(2))) == pytest.approx(0.999, abs=1e-12)


@settings(deadline=None, max_examples=60)
@given(n=st.integers(1, 10**8), share=st.floats(0, 1), z=st.sampled_from([Z95, Z998]))
def test_sql_and_plain_python_agree(n, share, z):
    x = min(n, round(share * n))
    lower, upper = limits(f"cast({x} as double)", f"cast({n} as double)", f"cast({z!r} as double)")
    expected = plainly(float(x), float(n), z)
    assert macros.value(lower) == pytest.approx(expected[0], rel=1e-9, abs=1e-12)
    assert macros.value(upper) == pytest.approx(expected[1], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("x", "n"), [("5", "0"), ("11", "10"), ("-1", "10")])
def test_an_impossible_count_has_no_limits(x, n):
    lower, upper = limits(f"{x}::double", f"{n}::double", f"{Z95}")
    assert macros.value(lower) is None
    assert macros.value(upper) is None


def test_nobody_and_everybody_have_limits_within_nought_and_one():
    lower, upper = limits("0::double", "10::double", f"{Z95}")
    assert macros.value(lower) == 0.0
    assert 0.27 < macros.value(upper) < 0.28
    lower, upper = limits("10::double", "10::double", f"{Z95}")
    assert 0.72 < macros.value(lower) < 0.73
    assert macros.value(upper) == 1.0

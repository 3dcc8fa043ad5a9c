"""Ratio with its limits.

A count over a figure of another kind, times a multiplier, where the one isn't a part of the other.
The figure below is taken as fixed, so that the limits are those of the count
([exact below 10, Byar's from 10](count_limits.md)) over it: a [crude rate](crude_rate.md) in all
but name, with the same refusals.

Source: Breslow NE, Day NE. Statistical methods in cancer research, volume II, IARC 1987.

Recalled, not verified: that Fingertips gives its ratios the limits of a rate.
"""

from __future__ import annotations

from tests.support import macros
from tests.support.examples import Example

EXAMPLES = [
    Example(
        title="places on waiting lists for each place there is",
        given={
            "counts": """
                area | numerator | denominator
                A    | 36        | 24
                B    | 4         | 24
                C    | 4         | 0
            """
        },
        call="method_ratio('counts', ['area'])",
        answer="""
            area | value  | lower_95 | upper_95 | status        | status_reason
            A    | 1.5000 | 1.0504   | 2.0767   | published     |
            B    | 0.1667 | 0.0454   | 0.4267   | published     |
            C    |        |          |          | not_available | zero_denominator
        """,
    )
]


def test_a_ratio_is_a_rate_for_one():
    table = {"area": ["A", "B"], "numerator": [12.0, 3.0], "denominator": [5.0, 7.5]}
    ratios = macros.rows("method_ratio('t', ['area'])", t=table)
    assert ratios == macros.rows("method_crude_rate('t', ['area'], multiplier=1)", t=table)

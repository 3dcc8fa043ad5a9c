"""Absolute and relative gap between two groups.

The value of the second group less that of the first, and the one over the other. Both groups are
named beforehand (the most and the least deprived, women and men) and counted independently.

Limits are those of the two values, squared and added. With values f and s, and their limits below
(fl, sl) and above (fu, su), the gap s - f lies between

    s - f - √((s - sl)² + (fu - f)²)  and  s - f + √((su - s)² + (f - fl)²)

and the ratio s / f between the same of their logarithms. They need no standard error, so they follow
the limits of each method, symmetrical or not. Where a limit is nought or less its logarithm doesn't
exist, and the ratio stands without limits.

Groups that were picked because their values are the highest and the lowest have a gap without limits:
such a gap is large by the picking alone.

Refused: `group_missing` where one of the two has no value; the ratio by `reference_is_nought` where the
first value is nought or less, or the second is less; either by `impossible_figure` where it's too large to
be a number.

Source: R. G. Newcombe, Interval estimation for the difference between independent proportions,
Statistics in Medicine 17 (1998); G. Y. Zou and A. Donner, Construction of confidence limits about
effect measures, Statistics in Medicine 27 (2008).

Recalled, not verified: both papers, from memory. No file of a publisher was at hand to hold the limits of
a gap against.
"""

import math
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support import macros
from tests.support.examples import Example

FIGURES = ("value", "lower_95", "upper_95", "lower_998", "upper_998")
COLUMNS = [f"{side}_{figure}" for side, figure in product(("first", "second"), FIGURES)]

EXAMPLES = [
    Example(
        title="women and men, and one group that lacks a value",
        given={
            "groups": """
                area | first_value | first_lower_95 | first_upper_95 | first_lower_998 | first_upper_998 | second_value | second_lower_95 | second_upper_95 | second_lower_998 | second_upper_998
                A    | 20          | 18             | 23             | 17              | 25              | 25           | 22              | 29              | 20               | 31
                B    | 0           | 0              | 2              | 0               | 3               | 4            | 1               | 9               | 0                | 11
                C    |             |                |                |                 |                 | 4            | 1               | 9               | 0                | 11
            """
        },
        call="method_gap('groups', ['area'])",
        answer="""
            area | measure      | value | lower_95 | upper_95 | status         | status_reason
            A    | absolute_gap | 5.000 | 0.7574   | 9.4721   | published      |
            A    | relative_gap | 1.250 | 1.0343   | 1.4995   | published      |
            B    | absolute_gap | 4.000 | 0.3944   | 9.0000   | published      |
            B    | relative_gap |       |          |          | not_calculated | reference_is_nought
            C    | absolute_gap |       |          |          | not_calculated | group_missing
            C    | relative_gap |       |          |          | not_calculated | group_missing
        """,
    )
]  # fmt: skip

FIGURE = st.one_of(
    st.none(), st.floats(-10, 1e6), st.sampled_from([0.0, 1.0, math.inf, math.nan, 1e-9, 1e12])
)


def finite(figure):
    return figure if figure is not None and math.isfinite(figure) else None


def carried_back(end, back):
    """A limit on the scale of the values; none where it's too large for a figure."""
    try:
        return finite(back(end))
    except OverflowError:
        return None


def by_hand(row):
    """The two measures in plain Python: value and 95% limits, or the reason."""
    fv, fl, fu = (finite(row[f"first_{name}"]) for name in FIGURES[:3])
    sv, sl, su = (finite(row[f"second_{name}"]) for name in FIGURES[:3])
    if fv is None or sv is None:
        return {"absolute_gap": "group_missing", "relative_gap": "group_missing"}

    def limits(scale, back):
        try:
            f, s = scale(fv), scale(sv)
            low = None if None in (sl, fu) else math.hypot(s - scale(sl), scale(fu) - f)
            high = None if None in (su, fl) else math.hypot(scale(su) - s, f - scale(fl))
        except ValueError:
            return None, None
        ends = (None if low is None else s - f - low, None if high is None else s - f + high)
        return tuple(None if end is None else carried_back(end, back) for end in ends)

    absolute = (sv - fv, *limits(float, float))
    if fv <= 0 or sv < 0:
        return {"absolute_gap": absolute, "relative_gap": "reference_is_nought"}
    known = [figure for figure in (fv, sv, fl, sl) if figure is not None]
    # A ratio over next to nothing is too large for a figure.
    if not math.isfinite(sv / fv):
        return {"absolute_gap": absolute, "relative_gap": "impossible_figure"}
    relative = (sv / fv, *(limits(math.log, math.exp) if min(known) > 0 else (None, None)))
    return {"absolute_gap": absolute, "relative_gap": relative}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.floats(0.01, 1e3), min_size=6, max_size=6), min_size=1, max_size=20))
def test_sql_and_plain_python_agree(figures):
    table = {name: [] for name in ["area", *COLUMNS]}
    for number, row in enumerate(figures):
        table["area"].append(str(number))
        first, second = sorted(row[:3]), sorted(row[3:])
        for side, (low, middle, high) in (("first", first), ("second", second)):
            for figure, cell in zip(FIGURES, (middle, low, high, low, high), strict=True):
                table[f"{side}_{figure}"].append(cell)
    for found in macros.rows("method_gap('t', ['area'])", t=table):
        given_row = {name: table[name][int(found["area"])] for name in COLUMNS}
        value, lower, upper = by_hand(given_row)[found["measure"]]
        assert found["value"] == pytest.approx(value, rel=1e-9, abs=1e-9)
        assert found["lower_95"] == found["lower_998"] == pytest.approx(lower, rel=1e-7, abs=1e-7)
        assert found["upper_95"] == found["upper_998"] == pytest.approx(upper, rel=1e-7, abs=1e-7)
        assert found["lower_95"] <= found["value"] <= found["upper_95"]


@settings(deadline=None, max_examples=80)
@example([[1.0, 2e-311, None, None, None, 1.0, None, 1.0, None, None]])
@example([[2e-311, None, None, None, None, 1.0, None, None, None, None]])
@given(st.lists(st.lists(FIGURE, min_size=10, max_size=10), min_size=1, max_size=20))
def test_whatever_comes_in_nothing_but_figures_or_a_reason_comes_out(figures):
    table = {name: [row[place] for row in figures] for place, name in enumerate(COLUMNS)}
    table["area"] = [str(number) for number in range(len(figures))]
    found = macros.rows("method_gap('t', ['area'])", t=table)
    assert len(found) == 2 * len(figures)
    for row in found:
        expected = by_hand({name: table[name][int(row["area"])] for name in COLUMNS})
        reason = expected[row["measure"]]
        assert row["status_reason"] == (reason if isinstance(reason, str) else None)
        assert (row["value"] is None) == (row["status_reason"] is not None)
        assert all(row[name] is None or math.isfinite(row[name]) for name in FIGURES)


def test_groups_picked_by_their_values_have_no_limits():
    table = {name: [2.0] for name in COLUMNS} | {"area": ["A"]}
    found = macros.rows("method_gap('t', ['area'], with_limits='false')", t=table)
    assert {row["measure"] for row in found} == {"absolute_gap", "relative_gap"}
    for row in found:
        assert row["status"] == "published"
        assert [row[name] for name in FIGURES[1:]] == [None] * 4

"""Recent trend of a series, and whether it is for the better.

The latest five points of a series with a valid value are used, at the times 1 to 5. A trend must
pass two tests:

1. chi-squared with one degree of freedom above 9.5495, which is 99.8% and not 95%;
2. the slope has the same sign whichever one of the points is left out, so that no single point
   makes the trend. A slope of nought counts as rising.

There are two ways to reckon both. From values and limits: a point's standard error is s = (upper
95% limit - lower) / 3.92, its weight 1/s²; the slope is that of weighted least squares and
chi-squared is (slope / its standard error)². From counts, for proportions: chi-squared for trend is
N (N Σxt - X Σnt)² / (X (N - X) (N Σnt² - (Σnt)²)), x and n being numerator and denominator, X and N
their sums; the signs are those of the least squares slope of the logit of x/n, which is also the
slope given.

Direction is increasing, decreasing or no_change; polarity makes it better, worse or similar.

It is refused where there are fewer than five valid points (a value, its limits or counts missing, as
where they are suppressed); over a break in the series; where everybody is counted at any point of a
proportion; where limits have no width, as rounded ones may; where a period is there twice. Periods
must not overlap: the caller says so by `refusal`.

Options: `points`; `gaps` (a period without a valid point is passed over, or refused); `noughts`
(below); `threshold`.

Source: Fingertips, the Department of Health and Social Care's public health profiles: guidance on
trend markers, and the published code of fingertips-open (the test of counts) and FingertipsNext (the
test of values). The logit with halves: Cox DR. Analysis of binary data. 1970.

Recalled, not verified: which value types the guidance page allows at present.

Differs from other tools: the guidance allows gaps where the code of 2020 stops at one; the default
here follows the guidance. The direction of a trend of counts is that of its slope: fingertips-open
never sets it and calls every such trend decreasing. Where nobody is counted at a point, its logit is
infinite; Fingertips goes on with an undefined slope, which its sign test takes for rising and its
result for falling. Here a half is then added to every count of the five. `noughts='undefined'` does
as Fingertips does, to compare with what it published.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import answers
from tests.support.examples import Example
from tests.support.plain_trend import CRITICAL, plainly

EXAMPLES = [
    Example(
        title="from values and limits",
        given={
            "series": """
                area | period | value | lower_95 | upper_95 | numerator | denominator | polarity
                A    | 2018   | 50    | 48       | 52       |           |             | lower_is_better
                A    | 2019   | 48    | 46       | 50       |           |             | lower_is_better
                A    | 2020   | 46    | 44       | 48       |           |             | lower_is_better
                A    | 2021   | 44    | 42       | 46       |           |             | lower_is_better
                A    | 2022   | 42    | 40       | 44       |           |             | lower_is_better
                B    | 2018   | 50    | 40       | 60       |           |             | lower_is_better
                B    | 2019   | 48    | 38       | 58       |           |             | lower_is_better
                B    | 2020   | 46    | 36       | 56       |           |             | lower_is_better
                B    | 2021   | 44    | 34       | 54       |           |             | lower_is_better
                B    | 2022   | 42    | 32       | 52       |           |             | lower_is_better
            """
        },
        call="method_recent_trend('series', ['area'])",
        answer="""
            area | direction  | judgement | slope | chi_squared | status    | status_reason
            A    | decreasing | better    | -2.00 | 38.416      | published |
            B    | no_change  | similar   | -2.00 | 1.537       | published |
        """,
        note="The same values: with limits five times as wide the fall may be chance.",
    ),
    Example(
        title="from counts, for a proportion",
        given={
            "series": """
                area | period | value | lower_95 | upper_95 | numerator | denominator | polarity
                A    | 2018   | 10    |          |          | 100       | 1000        | higher_is_better
                A    | 2019   | 12    |          |          | 120       | 1000        | higher_is_better
                A    | 2020   | 14    |          |          | 140       | 1000        | higher_is_better
                A    | 2021   | 15    |          |          | 150       | 1000        | higher_is_better
                A    | 2022   | 17    |          |          | 170       | 1000        | higher_is_better
            """
        },
        call="method_recent_trend('series', ['area'], is_proportion='true')",
        answer="""
            area | direction  | judgement | slope  | chi_squared | slopes_agree | points
            A    | increasing | better    | 0.1481 | 24.5949     | True         | 5
        """,
    ),
    Example(
        title="four valid points, and a break",
        given={
            "series": """
                area | period | value | lower_95 | upper_95 | numerator | denominator | polarity | starts_anew
                A    | 2018   | 50    | 48       | 52       |           |             |          | no
                A    | 2019   |       |          |          |           |             |          | no
                A    | 2020   | 46    | 44       | 48       |           |             |          | no
                A    | 2021   | 44    | 42       | 46       |           |             |          | no
                A    | 2022   | 42    | 40       | 44       |           |             |          | no
                B    | 2018   | 50    | 48       | 52       |           |             |          | no
                B    | 2019   | 48    | 46       | 50       |           |             |          | no
                B    | 2020   | 46    | 44       | 48       |           |             |          | yes
                B    | 2021   | 44    | 42       | 46       |           |             |          | no
                B    | 2022   | 42    | 40       | 44       |           |             |          | no
            """
        },
        call="method_recent_trend('series', ['area'], is_break=\"starts_anew = 'yes'\")",
        answer="""
            area | direction | points | status         | status_reason
            A    |           | 4      | not_calculated | too_few_points
            B    |           | 5      | not_calculated | series_break
        """,
    ),
]

COLUMNS = (
    "series integer, period integer, value double, lower_95 double, upper_95 double,"
    " numerator double, denominator double, polarity varchar, is_break boolean"
)


@st.composite
def series(draw, by_counts):
    """Up to nine periods, some missing, with a drift, and odd figures among them."""
    periods = draw(st.lists(st.integers(2010, 2020), unique=True, min_size=3, max_size=9))
    level, drift = draw(st.floats(-1000, 1000)), draw(st.sampled_from([0.0, 0.0, 1.0, -3.0]))
    people = draw(st.sampled_from([1, 5, 200, 10_000, 10**9]))
    odd = draw(st.sampled_from([True, False, False]))
    rows = []
    for place, period in enumerate(periods):
        value = level + drift * place + draw(st.floats(-1, 1))
        width = draw(st.floats(0.01, 5))
        n = float(draw(st.integers(1, people)))
        x = float(draw(st.integers(0, int(n))))
        row = [period, value, value - width, value + width * 1.5, x, n]
        if odd and draw(st.booleans()):
            row[draw(st.integers(1, 5))] = draw(
                st.sampled_from([None, math.nan, math.inf, 0.0, value])
            )
        rows.append((*row, draw(st.sampled_from(["lower_is_better", "no_judgement", None])), False))
    if draw(st.integers(0, 9)) == 0:
        at = draw(st.integers(0, len(rows) - 1))
        rows[at] = (*rows[at][:-1], True)
    return rows


@pytest.mark.parametrize("gaps", ["skip", "stop"])
@pytest.mark.parametrize("by_counts", [True, False])
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_sql_and_plain_python_agree(by_counts, gaps, data):
    many = data.draw(st.lists(series(by_counts), min_size=1, max_size=12))
    call = (
        f"method_recent_trend('given', ['series'], is_proportion='{str(by_counts).lower()}',"
        f" is_break='is_break', gaps='{gaps}')"
    )
    rows = [(place, *row) for place, each in enumerate(many) for row in each]
    got = answers.of(call, COLUMNS, rows)
    assert len(got) == len(many)
    names = [column.split()[0] for column in COLUMNS.split(",")][1:]
    for each, found in zip(many, got, strict=True):
        expected = plainly([dict(zip(names, row, strict=True)) for row in each], by_counts, gaps)
        assert found["status_reason"] == expected["status_reason"]
        if found["status"] != "published":
            assert found["direction"] is None and found["chi_squared"] is None
            continue
        assert found["slope"] == pytest.approx(
            expected["slope"], rel=1e-9, abs=1e-9 * expected["scale"]
        )
        assert found["chi_squared"] == pytest.approx(expected["chi_squared"], rel=1e-6, abs=1e-9)
        assert expected["direction"] in (None, found["direction"])
        if each[0][-2] != "lower_is_better" and len({row[-2] for row in each}) == 1:
            assert found["judgement"] == "no_judgement"


def put(values: list, **options: str) -> dict:
    """The trend of values with limits 1 apart on each side, from 2001 on."""
    rows = [
        (0, 2001 + at, value, value - 1, value + 1, None, None, "lower_is_better", False)
        for at, value in enumerate(values)
    ]
    chosen = "".join(f", {name}={value}" for name, value in options.items())
    (row,) = answers.of(f"method_recent_trend('given', ['series']{chosen})", COLUMNS, rows)
    return row


def test_one_point_alone_makes_no_trend():
    # Without the last point the others are level: their slope is 0, which counts as rising.
    assert put([50.0, 50.0, 50.0, 50.0, 40.0])["chi_squared"] > CRITICAL
    assert put([50.0, 50.0, 50.0, 50.0, 40.0])["direction"] == "no_change"
    assert put([40.0, 40.0, 40.0, 40.0, 50.0])["direction"] == "increasing"


def test_only_the_latest_points_count_and_their_number_can_be_chosen():
    values = [90.0, 10.0, 90.0, 50.0, 48.0, 46.0, 44.0, 42.0]
    assert put(values)["direction"] == "decreasing"
    assert put(values)["first_period"] == 2004
    assert put(values, points="8")["direction"] == "no_change"
    assert put(values, points="9")["status_reason"] == "too_few_points"
    assert put(values, threshold="1000")["direction"] == "no_change"


def test_a_period_that_is_there_twice_is_refused_at_the_edge_too():
    rows = [
        (0, period, 10.0, 9.0, 11.0, None, None, None, False)
        for period in [2001, 2001, 2002, 2003, 2004, 2005]
    ]
    (row,) = answers.of("method_recent_trend('given', ['series'])", COLUMNS, rows)
    assert row["status_reason"] == "period_repeated"


def test_a_reason_known_beforehand_refuses():
    row = put([1.0, 2.0, 3.0, 4.0, 5.0], refusal="\"'periods_overlap'\"")
    assert (row["status"], row["status_reason"]) == ("not_calculated", "periods_overlap")


def counted(noughts: str, xs: list[int]) -> dict:
    rows = [
        (0, 2001 + at, x / 10, None, None, x, 1000, "lower_is_better", False)
        for at, x in enumerate(xs)
    ]
    call = f"method_recent_trend('given', ['series'], is_proportion='true', noughts='{noughts}')"
    (row,) = answers.of(call, COLUMNS, rows)
    return row


def test_a_rise_from_nobody_is_a_rise():
    rise, fall = [0, 20, 40, 60, 80], [80, 60, 40, 20, 0]
    assert counted("half", rise)["direction"] == "increasing"
    assert counted("half", fall)["direction"] == "decreasing"
    # As Fingertips has it: the undefined slope counts as rising, and is told as falling.
    assert counted("undefined", rise)["direction"] == "decreasing"
    assert counted("undefined", fall)["direction"] == "no_change"


def test_nobody_at_any_point_is_no_change():
    row = counted("half", [0, 0, 0, 0, 0])
    assert (row["direction"], row["chi_squared"], row["slope"]) == ("no_change", 0, 0)


def test_the_same_bits_whatever_the_threads():
    made = """
        select
            k, y as period, 100 + y * (k % 5 - 2) + hash(k, y) % 997 / 99.7 as value,
            value - 3.3 as lower_95, value + 3.1 as upper_95,
            cast(hash(y, k) % 900 + 50 as double) as numerator, 1000.5 as denominator,
            'lower_is_better' as polarity
        from range(3000) as a(k), range(12) as b(y)
    """
    call = "method_recent_trend('given', ['k'], is_proportion='k % 2 = 0')"
    assert len(answers.to_the_last_bit(call, made)) == 1

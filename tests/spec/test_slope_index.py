"""Slope index and relative index of inequality (SII and RII).

How much a value changes from the most to the least deprived end of a population. The quantiles of
deprivation, 1 being the most deprived, are laid side by side on a line from 0 to 1, each as wide as
its share of the population. A line is fitted through the values at the middles of the quantiles,
weighted by population. SII is the difference between its two ends, least deprived less most
deprived; RII is their ratio. A negative `multiplier` turns both, so that the worse end of a measure
such as mortality makes them positive and above 1.

With shares a_j, middles b_j and values y_j the slope is Σ c_j y_j, where c_j = a_j (b_j - ½) /
Σ a_k (b_k - ½)². It is a fixed sum, so its variance is Σ c_j² se_j² and its limits have a closed form.
se is (upper - lower) / 2 / 1.96 of each value's 95% limits, taken on the scale on which they are
symmetrical: `identity` for means and life expectancy, `log` for rates, `logit` for proportions.

| the line is fitted | limits of SII | limits of RII |
|---|---|---|
| to values of scale `identity` | slope ± z √variance | Fieller's, for a ratio of two correlated figures |
| on the scale (`fit_on_scale`), and taken back | those of the slope, taken back | the same |
| to values whose limits are symmetrical on another scale | draws | draws |

Only the last has no closed form. There 100,000 draws are taken from each quantile's normal
distribution on its scale (`dagster_project/methods/slope_draws.py`). They come from one seed and are
the same for every series, so that two runs agree.

It is refused under five quantiles, and unless every quantile is there once, with population, value
and limits; where a value or limit of nought (or, for a proportion, of one) has no logarithm; where a
lower limit is above its upper one; and where draws are needed and not asked for. RII alone is
refused where an end of the line isn't above nought, and where the lower figure of the ratio isn't
clear of nought at 99.8%, for the ratio then has no limits.

Source: Low A, Low A. Measuring the gap: quantifying and comparing local health inequalities. Journal
of Public Health 2004;26:388-395. Fieller EC. Some problems in interval estimation. Journal of the
Royal Statistical Society B 1954;16:175-185.

Recalled, not verified: the page numbers of both.

Differs from other tools: PHEindicatormethods simulates all limits, so that they change from run to
run; the closed forms differ from its simulations by no more than their noise. With a multiplier
between 0 and 1 on the log scale it exchanges the limits; here the lower one is the lower. It crashes
on a logarithm that is infinite, and gives ratios below nought.
"""

from __future__ import annotations

import math

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.methods.duckdb_functions import register
from tests.support import answers
from tests.support.examples import Example
from tests.support.plain_slope import plainly

LIFE_EXPECTANCY = """
    area | quantile | population | value | lower_95 | upper_95
    A    | 1        | 1000       | 76    | 75       | 77
    A    | 2        | 1000       | 78    | 77       | 79
    A    | 3        | 1000       | 79    | 78       | 80
    A    | 4        | 1000       | 81    | 80       | 82
    A    | 5        | 1000       | 82    | 81       | 83
    B    | 1        | 1000       | 76    | 75       | 77
    B    | 2        | 1000       | 78    | 77       | 79
    B    | 3        | 1000       | 79    | 78       | 80
    B    | 4        | 1000       | 81    | 80       | 82
"""

MORTALITY = """
    area | quantile | population | value | lower_95 | upper_95
    A    | 1        | 1000       | 400   | 360      | 444
    A    | 2        | 1000       | 350   | 315      | 389
    A    | 3        | 1000       | 300   | 270      | 333
    A    | 4        | 1000       | 260   | 234      | 289
    A    | 5        | 1000       | 230   | 207      | 255
    B    | 1        | 1000       | 4     | 1        | 10
    B    | 2        | 1000       | 3     | 1        | 9
    B    | 3        | 1000       | 0     | 0        | 4
    B    | 4        | 1000       | 2     | 0        | 7
    B    | 5        | 1000       | 3     | 1        | 9
"""

EXAMPLES = [
    Example(
        title="life expectancy by fifths, one area without its least deprived fifth",
        given={"fifths": LIFE_EXPECTANCY},
        call="method_slope_index('fifths', ['area'], quantiles=5)",
        answer="""
            area | measure | value  | lower_95 | upper_95 | lower_998 | upper_998 | status_reason
            A    | sii     | 7.50   | 5.919    | 9.081    | 5.007     | 9.993     |
            A    | rii     | 1.0994 | 1.0776   | 1.1216   | 1.0653    | 1.1347    |
            B    | sii     |        |          |          |           |           | quantile_missing
            B    | rii     |        |          |          |           |           | quantile_missing
        """,
        note="Each fifth is 0.2 of the population: its middle is 0.1, 0.3, … 0.9.",
    ),
    Example(
        title="mortality fitted on the log scale, turned so that more is worse",
        given={"fifths": MORTALITY},
        call="method_slope_index('fifths', ['area'], quantiles=5, scale=\"'log'\","
        " fit_on_scale='true', multiplier='-1')",
        answer="""
            area | measure | value | lower_95 | upper_95 | status         | status_reason
            A    | sii     | 216.4 | 163.9    | 270.3    | published      |
            A    | rii     | 2.018 | 1.710    | 2.381    | published      |
            B    | sii     |       |          |          | not_calculated | logarithm_infinite
            B    | rii     |       |          |          | not_calculated | logarithm_infinite
        """,
    ),
]

COLUMNS = (
    "series integer, quantile integer, population double, value double, lower_95 double,"
    " upper_95 double, scale varchar, on_scale boolean, multiplier double"
)


@st.composite
def series(draw):
    """Five quantiles of one scale, with equal and steep values, large and small populations."""
    scale = draw(st.sampled_from(["identity", "log", "logit"]))
    on_scale = scale != "identity"
    level = draw(st.floats(0.05, 0.5))
    unit = 1.0 if scale == "logit" else draw(st.sampled_from([1.0, 80.0, 1e6]))
    steepness = draw(st.sampled_from([0.0, 0.0, 0.1, -0.1, 0.4]))
    multiplier = draw(st.sampled_from([1.0, -1.0, 100.0, -100.0, 0.5]))
    rows = []
    for quantile in range(1, 6):
        value = level * (1 + steepness * (quantile - 3) / 2) * draw(st.floats(0.95, 1.05))
        width = level * draw(st.sampled_from([0.0, 0.01, 0.05, 0.2]))
        population = draw(st.one_of(st.integers(1, 10**6), st.sampled_from([1, 10**9]))) * 1.0
        limits = [(value - width) * unit, (value + 1.2 * width) * unit]
        rows.append((quantile, population, value * unit, *limits, scale, on_scale, multiplier))
    return rows


CALL = (
    "method_slope_index('given', ['series'], quantiles=5, scale='scale',"
    " fit_on_scale='on_scale', multiplier='multiplier')"
)


@settings(deadline=None, max_examples=40)
@given(many=st.lists(series(), min_size=1, max_size=8))
def test_sql_and_plain_python_agree(many):
    rows = [(place, *row) for place, each in enumerate(many) for row in each]
    got = {(row["series"], row["measure"]): row for row in answers.of(CALL, COLUMNS, rows)}
    assert len(got) == 2 * len(many)
    for (place, measure), row in got.items():
        expected = plainly(many[place])
        if row["status"] != "published":
            # An end of the line at nought or below it, or Fieller's ratio without limits.
            assert measure == "rii"
            if row["status_reason"] == "ratio_not_positive":
                assert expected["rii", "value"] <= 0
            else:
                assert row["status_reason"] == "ratio_unbounded"
                assert math.isnan(expected["rii", "upper_998"])
            continue
        values = [each[2] for each in many[place]]
        for figure in ("value", "lower_95", "upper_95", "lower_998", "upper_998"):
            scale = abs(many[place][0][-1]) * max(values) if measure == "sii" else 1
            assert row[figure] == pytest.approx(
                expected[measure, figure], rel=1e-9, abs=1e-9 * scale
            ), (place, measure, figure)


def fifths(values: list, half: float = 1.0, **changed: object) -> list[tuple]:
    """Five quantiles of equal population, limits `half` apart from each value."""
    return [
        (1, at, 1000.0, value, value - half, value + half, "identity", False, 1.0)
        for at, value in enumerate(values, 1)
    ]


@pytest.mark.parametrize(
    ("at", "figure", "reason"),
    [
        (0, None, "quantile_missing"),
        (0, 6, "quantile_missing"),
        (0, 2, "quantile_repeated"),
        (1, None, "no_denominator"),
        (1, 0.0, "no_denominator"),
        (1, -5.0, "no_denominator"),
        (2, None, "missing_value"),
        (2, math.nan, "missing_value"),
        (3, None, "no_limits"),
        (4, math.inf, "no_limits"),
        (4, 1.0, "limits_reversed"),
    ],
)
def test_a_quantile_that_lacks_anything_refuses_both_measures(at, figure, reason):
    rows = fifths([76.0, 78.0, 79.0, 81.0, 82.0])
    rows[0] = (*rows[0][: at + 1], figure, *rows[0][at + 2 :])
    got = answers.of(CALL, COLUMNS, rows)
    assert [row["status_reason"] for row in got] == [reason, reason]
    assert all(row["status"] == "not_calculated" and row["value"] is None for row in got)


@pytest.mark.parametrize(
    ("quantiles", "reason"), [(4, "too_few_quantiles"), (6, "quantile_missing")]
)
def test_five_quantiles_are_needed_and_all_that_are_said(quantiles, reason):
    call = CALL.replace("quantiles=5", f"quantiles={quantiles}")
    rows = fifths([76.0, 78.0, 79.0, 81.0, 82.0])
    assert [row["status_reason"] for row in answers.of(call, COLUMNS, rows)] == [reason, reason]


@pytest.mark.parametrize("value", [0.0, -1.0])
@pytest.mark.parametrize("scale", ["log", "logit"])
def test_what_has_no_logarithm_is_refused(scale, value):
    rows = [
        (1, at, 1000.0, value if at == 3 else 0.5, 0.4, 0.6, scale, True, 1.0) for at in range(1, 6)
    ]
    assert {row["status_reason"] for row in answers.of(CALL, COLUMNS, rows)} == {
        "logarithm_infinite"
    }


def test_a_ratio_without_limits_or_sense_is_refused_and_the_difference_stands():
    for values, half, reason in [
        ([1.0, 2.0, 3.0, 4.0, 5.0], 3.0, "ratio_unbounded"),
        ([-2.0, 0.0, 2.0, 4.0, 6.0], 0.1, "ratio_not_positive"),
    ]:
        rii, sii = answers.of(CALL, COLUMNS, fifths(values, half))
        assert (rii["measure"], rii["status_reason"], rii["value"]) == ("rii", reason, None)
        assert (sii["measure"], sii["status"]) == ("sii", "published")


def test_a_standard_error_may_be_given_instead_of_limits():
    call = CALL.replace("multiplier='multiplier'", "standard_error='1 / 1.959963984540054'")
    rows = fifths([76.0, 78.0, 79.0, 81.0, 82.0])
    bare = [(*row[:4], None, None, *row[6:]) for row in rows]
    by_error, by_limits = answers.of(call, COLUMNS, bare), answers.of(CALL, COLUMNS, rows)
    for ours, theirs in zip(by_error, by_limits, strict=True):
        assert ours["lower_998"] == pytest.approx(theirs["lower_998"], rel=1e-12)


def test_the_same_bits_whatever_the_threads():
    made = """
        select
            k as series, q as quantile, 1000.5 + hash(q, k) % 977 as population,
            0.2 + hash(k, q) % 997 / 9970 as value, value * 0.9 as lower_95, value * 1.1 as upper_95,
            (['identity', 'log', 'logit'])[1 + k % 3] as scale, true as on_scale, 100 as multiplier
        from range(4000) as a(k), range(1, 6) as b(q)
    """
    assert len(answers.to_the_last_bit(CALL, made)) == 1


def test_draws_that_are_needed_are_to_be_asked_for():
    rows = [
        (1, at, 1000.0, value, value - 20, value + 20, "log", False, 1.0)
        for at, value in enumerate([400.0, 350.0, 300.0, 260.0, 230.0], 1)
    ]
    assert {row["status_reason"] for row in answers.of(CALL, COLUMNS, rows)} == {"draws_needed"}
    with duckdb.connect() as connection:
        register(connection)
        asked = CALL[:-1] + ", draws='slope_draws')"
        rii, sii = answers.of(asked, COLUMNS, rows, connection)
    assert sii["status"] == rii["status"] == "published"
    assert sii["lower_998"] < sii["lower_95"] < sii["value"] < sii["upper_95"] < sii["upper_998"]
    assert rii["lower_998"] < rii["lower_95"] < rii["value"] < rii["upper_95"] < rii["upper_998"]

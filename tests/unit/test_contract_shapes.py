"""Exact arithmetic, and one shape said twice: exactly for payments, of many draws for the risk."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dagster_project.contracts.arithmetic import Formula, decimal_text, exact, rounded
from dagster_project.contracts.engine import Step, numbers, work_out
from dagster_project.contracts.shapes import Shape, shares
from dagster_project.errors import OutcomesError

THOUSANDTHS = st.integers(-100_000, 100_000).map(lambda n: Fraction(n, 1000))


@given(
    values=st.lists(THOUSANDTHS, min_size=1, max_size=5),
    start=THOUSANDTHS,
    width=st.integers(0, 50_000).map(lambda n: Fraction(n, 1000)),
    better=st.sampled_from(["higher", "lower"]),
    floor=st.sampled_from([Fraction(0), Fraction(-1), None]),
    cap=st.sampled_from([Fraction(1), Fraction(1, 2), None]),
)
def test_many_draws_get_what_each_would_exactly(values, start, width, better, floor, cap):
    full = start + width if better == "higher" else start - width
    # Open ends and cliffs don't go together: a cliff is all or nothing.
    assume(width or (floor == 0 and cap == 1))
    shape = Shape(start, full, better, floor, cap)
    drawn = shares(np.array([float(v) for v in values]), float(start), float(full), shape)
    assert drawn == pytest.approx([float(shape.share(value)) for value in values], abs=1e-6)


@given(value=THOUSANDTHS, start=THOUSANDTHS, width=st.integers(1, 50_000))
def test_the_two_directions_mirror_each_other(value, start, width):
    full = start + Fraction(width, 1000)
    up, down = Shape(start, full, "higher"), Shape(-start, -full, "lower")
    assert up.share(value) == down.share(-value)


@given(value=THOUSANDTHS, more=st.integers(0, 1000), start=THOUSANDTHS, width=st.integers(0, 9))
def test_better_never_pays_less(value, more, start, width):
    shape = Shape(start, start + width)
    assert 0 <= shape.share(value) <= shape.share(value + more) <= 1


def test_a_share_that_is_just_met_is_met():
    # 0.65 isn't a double, and 130 of 200 is 65% all the same.
    shape = Shape(Fraction(65), Fraction(65))
    assert shares(np.array([130 * (100 / 200)]), 65.0, 65.0, shape).tolist() == [1.0]
    assert shares(np.array([0.65 * 100]), 0.65 * 100, 0.65 * 100, shape).tolist() == [1.0]


@pytest.mark.parametrize(
    ("number", "step", "comes_to"),
    [
        ("0.005", "0.01", "0.01"),
        ("-0.005", "0.01", "-0.01"),
        ("2.5", "1", "3"),
        ("0.1", "0", "0.1"),
    ],
)
def test_a_half_is_rounded_away_from_nought(number, step, comes_to):
    assert rounded(exact(number), exact(step)) == exact(comes_to)


def test_a_number_is_what_is_printed():
    assert exact(0.1) == Fraction(1, 10)
    assert exact("67.762167") == Fraction(67762167, 1_000_000)
    assert decimal_text(Fraction(2, 3), 2) == "0.67"
    for bad in ("12%", "nan", "", "1,000"):
        with pytest.raises(OutcomesError):
            decimal_text(exact(bad), 2)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "a.b",
        "a ** 2",
        "a[0]",
        "lambda: 1",
        "max()",
        "max",
        "'a'",
        "a if b else c",
        "True",
        "1; 2",
        "",
    ],
)
def test_a_formula_holds_arithmetic_and_nothing_else(text):
    known = numbers({"a": 1, "b": 2, "c": 3})
    with pytest.raises(OutcomesError, match="formula"):
        Formula(text).of(known)


def test_what_a_formula_lacks_or_divides_by_is_named():
    with pytest.raises(OutcomesError, match="register"):
        Formula("achieved / register").of(numbers({"achieved": 1}))
    with pytest.raises(OutcomesError, match="divides by nought"):
        Formula("achieved / register").of(numbers({"achieved": 1, "register": 0}))
    assert Formula("-(a + 1) * max(a, 2, 3) / 4").of(numbers({"a": 1})) == Fraction(-3, 2)


def test_too_few_cases_pay_nothing_and_say_so():
    step = Step("paid", value="y", pays_from="0", pays_in_full="1", cases="n", minimum_cases="25")
    line = work_out([step], numbers({"y": 1, "n": 24}))["paid"]
    assert (line.amount, line.has_too_few_cases) == (0, True)
    assert work_out([step], numbers({"y": 1, "n": 25}))["paid"].amount == 1


def test_two_things_may_not_have_one_name():
    with pytest.raises(OutcomesError, match="name of something else"):
        work_out([Step("paid"), Step("paid")], {})

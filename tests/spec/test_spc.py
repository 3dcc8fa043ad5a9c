"""Control chart of a process (SPC, XmR).

Each point is compared with the mean of its process and with limits that lie 2.66 times the mean
moving range from it, a moving range being the difference between neighbouring points. Moving ranges
of 3.267 times their mean and more are left out first, once, so that a single jump doesn't hide
itself. A point is marked with the first of these special causes that it is part of:

1. `above_limits`, `below_limits`;
2. `rising_trend`, `falling_trend`: seven points, each further the same way;
3. `two_of_three_above`, `…_below`: at least two of three neighbours between two thirds of the way to
   a limit and the limit, all three on one side of the mean; only those near the limit are marked;
4. `run_above`, `run_below`: seven points on one side of the mean.

A point on the mean is on no side, one on a limit is within. All points that make up a pattern are
marked. `rebase` starts a new process: mean, limits and patterns start anew. Under twelve points the
limits are trial limits, and say so. Polarity makes a special cause better or worse.

A point without a value is passed over. One point alone has no limits, nor have values that never
vary where moving ranges are screened; the mean then stands without them.

Options, where tools disagree: `run` and `trend` (seven points, six in older guidance);
`two_of_three='beyond'`, which counts points outside the limits too; `third_on_same_side`;
`screened`; `outliers_in_mean=false`, which leaves a point out of the mean if every moving range it
has is left out; `trial_below`.

Source: NHS England, Making Data Count; the published rules of NHSRplotthedots, the package of the
NHS-R Community. Wheeler DJ. Understanding variation. 1993 (2.66 and 3.267).

Recalled, not verified: that NHS England means to count points outside the limits among two of three.

Differs from other tools: the last point of a rising trend is rising, also where a level step leads
from it into another trend; NHSRplotthedots calls it falling. A point is on a line where rounding
error alone parts it from the line.
"""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import answers
from tests.support.examples import Example

EXAMPLES = [
    Example(
        title="a process that jumps once",
        given={
            "points": """
                ward | period | value | polarity
                A    | 1      | 10    | lower_is_better
                A    | 2      | 12    | lower_is_better
                A    | 3      | 11    | lower_is_better
                A    | 4      | 30    | lower_is_better
                A    | 5      | 10    | lower_is_better
                A    | 6      | 12    | lower_is_better
                A    | 7      |       | lower_is_better
            """
        },
        call="method_spc('points', ['ward'], screened=false)",
        answer="""
            period | mean   | lower_limit | upper_limit | special_cause | judgement | is_trial
            1      | 14.167 | -9.241      | 37.575      | common_cause  | similar   | True
            2      | 14.167 | -9.241      | 37.575      | common_cause  | similar   | True
            3      | 14.167 | -9.241      | 37.575      | common_cause  | similar   | True
            4      | 14.167 | -9.241      | 37.575      | common_cause  | similar   | True
            5      | 14.167 | -9.241      | 37.575      | common_cause  | similar   | True
            6      | 14.167 | -9.241      | 37.575      | common_cause  | similar   | True
            7      |        |             |             |               |           |
        """,
    ),
    Example(
        title="a new process with limits of its own",
        given={
            "points": """
                period | value | polarity         | starts_anew
                1      | 12    | higher_is_better | no
                2      | 9     | higher_is_better | no
                3      | 11    | higher_is_better | no
                4      | 8     | higher_is_better | no
                5      | 22    | higher_is_better | yes
                6      | 21    | higher_is_better | no
                7      | 23    | higher_is_better | no
                8      | 22    | higher_is_better | no
            """
        },
        call="method_spc('points', [], rebase=\"starts_anew = 'yes'\")",
        answer="""
            period | process | mean | lower_limit | upper_limit | special_cause
            1      | 0       | 10   | 2.907       | 17.093      | common_cause
            2      | 0       | 10   | 2.907       | 17.093      | common_cause
            3      | 0       | 10   | 2.907       | 17.093      | common_cause
            4      | 0       | 10   | 2.907       | 17.093      | common_cause
            5      | 1       | 22   | 18.453      | 25.547      | common_cause
            6      | 1       | 22   | 18.453      | 25.547      | common_cause
            7      | 1       | 22   | 18.453      | 25.547      | common_cause
            8      | 1       | 22   | 18.453      | 25.547      | common_cause
        """,
    ),
    Example(
        title="whether a target can be relied on",
        given={
            "limits": """
                target | lower | upper | polarity
                95     | 80    | 90    | higher_is_better
                70     | 80    | 90    | higher_is_better
                85     | 80    | 90    | higher_is_better
                95     | 80    | 90    | lower_is_better
            """
        },
        call={"assurance": "spc_assurance('target', 'lower', 'upper', 'polarity')"},
        answer="""
            target | polarity         | assurance
            95     | higher_is_better | missed
            70     | higher_is_better | met
            85     | higher_is_better | hit_or_miss
            95     | lower_is_better  | met
        """,
    ),
]

COLUMNS = "series integer, period integer, value double, polarity varchar, rebase boolean"
PATTERNS = ["trend", "two_of_three", "run"]


def mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def limits(values: list[float], screened: bool, outliers_in_mean: bool) -> tuple:
    """Mean and the distance to each limit; None where it can't be had."""
    ranges = [abs(b - a) for a, b in pairwise(values)]
    if not ranges:
        return mean(values), None
    kept = [each < 3.267 * mean(ranges) or not screened for each in ranges]
    beside = [kept[max(at - 1, 0) : at + 1] for at in range(len(values))]
    stays = [outliers_in_mean or any(each) for each in beside]
    left = [each for each, is_kept in zip(ranges, kept, strict=True) if is_kept]
    if not left:
        return (mean(values) if outliers_in_mean else None), None
    middle = mean([value for value, stay in zip(values, stays, strict=True) if stay])
    return middle, 2.66 * mean(left)


def marks(values: list[float], middle: float, reach: float | None, options: dict) -> list[set[str]]:
    """Every special cause that each point is part of, looked for pattern by pattern."""
    found: list[set[str]] = [set() for _ in values]
    hair = [1e-12 * max(abs(value), abs(middle)) for value in values]
    away = [value - middle for value in values]
    sides = [
        0 if abs(a) <= h else int(math.copysign(1, a)) for a, h in zip(away, hair, strict=True)
    ]
    out = [reach is not None and abs(a) > reach + h for a, h in zip(away, hair, strict=True)]
    near = [
        reach is not None and abs(a) > reach * 2 / 3 + h for a, h in zip(away, hair, strict=True)
    ]
    if options["two_of_three"] == "within":
        near = [n and not o for n, o in zip(near, out, strict=True)]
    for side, (limit, trend, word) in {
        1: ("above_limits", "rising_trend", "above"),
        -1: ("below_limits", "falling_trend", "below"),
    }.items():
        for at in range(len(values)):
            if out[at] and sides[at] == side:
                found[at].add(limit)
            run = range(at, at + options["run"])
            if run.stop <= len(values) and all(sides[i] == side for i in run):
                for i in run:
                    found[i].add(f"run_{word}")
            rise = range(at, at + options["trend"])
            if rise.stop <= len(values) and all(
                side * (values[i + 1] - values[i]) > 0 for i in rise[:-1]
            ):
                for i in rise:
                    found[i].add(trend)
            three = range(at, at + 3)
            if options["two_of_three"] == "off" or three.stop > len(values):
                continue
            together = all(sides[i] == side for i in three) or not options["third_on_same_side"]
            flagged = [i for i in three if near[i] and sides[i] == side]
            if together and len(flagged) >= 2:
                for i in flagged:
                    found[i].add(f"two_of_three_{word}")
    return found


def first(causes: set[str], next_step: float) -> str:
    """The cause that goes before the others."""
    ranked = ["above_limits", "below_limits", "rising_trend", "falling_trend"]
    ranked += ["two_of_three_above", "two_of_three_below", "run_above", "run_below"]
    if {"rising_trend", "falling_trend"} <= causes:
        causes = causes - {"falling_trend" if next_step > 0 else "rising_trend"}
    return next((cause for cause in ranked if cause in causes), "common_cause")


VALUES = st.one_of(
    st.lists(st.integers(0, 12).map(float), min_size=1, max_size=40),
    st.lists(st.floats(-100, 100), min_size=1, max_size=30),
    st.integers(1, 30).map(lambda n: [0.1] * n),
    st.integers(3, 30).map(lambda n: [i * 1.1 if i < n / 2 else (n - i) * 1.1 for i in range(n)]),
    st.lists(st.sampled_from([0.0, 1e300, -1e300, 1e-300]), min_size=1, max_size=10),
)
OPTIONS = st.fixed_dictionaries(
    {
        "run": st.sampled_from([6, 7, 8]),
        "trend": st.sampled_from([6, 7]),
        "two_of_three": st.sampled_from(["within", "beyond", "off"]),
        "third_on_same_side": st.booleans(),
        "screened": st.booleans(),
        "outliers_in_mean": st.booleans(),
    }
)


@settings(deadline=None, max_examples=120)
@given(values=VALUES, gaps=st.sets(st.integers(0, 45)), options=OPTIONS)
def test_sql_and_plain_python_agree(values, gaps, options):
    rest = iter(values)
    spread = [None if at in gaps else next(rest, None) for at in range(len(values) + len(gaps))]
    rows = [(1, at, value, "higher_is_better", False) for at, value in enumerate(spread)]
    chosen = ", ".join(f"{name}={value!r}" for name, value in options.items())
    got = answers.of(f"method_spc('given', ['series'], {chosen})", COLUMNS, rows)
    assert len(got) == len(rows)
    there = [row for row in got if row["value"] is not None]
    assert all(row["status_reason"] == "missing_value" for row in got if row["value"] is None)
    if there:
        check([row["value"] for row in there], there, options)


def check(values: list[float], rows: list[dict], options: dict) -> None:
    middle, reach = limits(values, options["screened"], options["outliers_in_mean"])
    if max(map(abs, values)) > 1e200:
        # Their squares and sums leave what a double can hold; no figure may be infinite all the same.
        figures = [row[name] for row in rows for name in ("mean", "lower_limit", "upper_limit")]
        assert all(figure is None or math.isfinite(figure) for figure in figures)
        return
    if middle is None:
        assert all(row["mean"] is None or row["lower_limit"] is None for row in rows)
        return
    size = max(1e-300, *map(abs, values))
    marked = marks(values, middle, reach, options)
    for at, row in enumerate(rows):
        assert row["mean"] == pytest.approx(middle, rel=1e-12, abs=1e-13 * size)
        assert row["is_trial"] == (len(values) < 12)
        if reach is None:
            assert row["lower_limit"] is row["upper_limit"] is None
            assert row["status_reason"] in ("no_variation", "limits_need_two_values")
        else:
            assert row["lower_limit"] == pytest.approx(middle - reach, rel=1e-9, abs=1e-9 * size)
            assert row["upper_limit"] == pytest.approx(middle + reach, rel=1e-9, abs=1e-9 * size)
            assert row["status_reason"] is None
        after = values[at + 1] - values[at] if at + 1 < len(values) else 0.0
        assert row["special_cause"] == first(marked[at], after)


def causes(values: list[float], **options: object) -> list[str]:
    rows = [(1, at, value, None, False) for at, value in enumerate(values)]
    chosen = "".join(f", {name}={value!r}" for name, value in options.items())
    got = answers.of(f"method_spc('given', ['series']{chosen})", COLUMNS, rows)
    return [row["special_cause"] for row in got]


def test_a_turning_point_belongs_to_the_trend_that_it_begins():
    up = [float(i) for i in range(7)]
    # The restless start keeps the limits wide.
    found = causes([-30.0, 30.0, -30.0, 30.0, -30.0, *up, *up[-2::-1]], screened=False)
    assert found[5:11] == ["rising_trend"] * 6
    assert found[11:] == ["falling_trend"] * 7


def test_six_points_make_a_run_where_six_are_asked_for():
    values = [1.0, 3.0, 1.0, 3.0, 1.0, 3.0, 8.0, 9.0, 8.0, 9.0, 8.0, 9.0]
    assert "run_above" not in causes(values)
    assert causes(values, run=6, two_of_three="off")[6:] == ["run_above"] * 6


def test_a_rebase_holds_although_its_own_point_is_missing():
    values = [1.0, 2.0, 1.0, None, 11.0, 12.0, 11.0]
    rows = [(1, at, value, None, at == 3) for at, value in enumerate(values)]
    got = answers.of("method_spc('given', ['series'], rebase='rebase')", COLUMNS, rows)
    assert [row["process"] for row in got] == [0, 0, 0, 1, 1, 1, 1]
    assert got[-1]["mean"] == pytest.approx(34 / 3)


def test_the_same_bits_whatever_the_threads():
    made = """
        select k as series, y as period, hash(k, y) % 997 / 99.7 as value, 'no_judgement' as polarity,
            y = 15 as rebase
        from range(500) as a(k), range(30) as b(y)
    """
    call = "method_spc('given', ['series'], rebase='rebase')"
    assert len(answers.to_the_last_bit(call, made)) == 1

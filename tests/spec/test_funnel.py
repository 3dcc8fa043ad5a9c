"""Funnels: how far from the average chance alone takes an area of its size.

`method_funnel` places each area: its value along its size, the average of its group, and whether it
is within the funnel or outside it at 95% or 99.8%. An area is outside where its own limits exclude
the average, so that a funnel and a table of limits never disagree: Wilson's limits for a proportion,
exact or Byar's limits of the count for rates and ratios. The average is that of all counts over all
sizes, and 1 for a ratio.

`method_funnel_limits` gives the lines to draw. For a proportion p with N people they are Wilson's
limits turned round, p ± z √(p (1 - p) / N), cut off at 0 and at all. For rates and ratios a count O
is on the line where it is just significant: the expected counts of which O is the lower and the
upper 95% (99.8%) Poisson limit, found exactly; at these sizes the line stands at O over the size.

A directly standardised rate has no population of its own: its size is the one that makes its count
and its rate agree. It is refused below 10 events. So is an area that lacks a count or a denominator,
or counts more than there are people; it has no part in the average.

Source: Spiegelhalter DJ. Funnel plots for comparing institutional performance. Statistics in Medicine
2005;24:1185-1202; the funnels of PHEindicatormethods, the Department of Health and Social Care's
package, as documented.

Recalled, not verified: the page numbers.

Differs from other tools: PHEindicatormethods looks for the lines of rates and ratios by steps and
stops up to 0.005% away; here they are exact. It cuts the lines of proportions off at 100 whatever
the multiplier; here they are cut off at everybody.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import answers
from tests.support.examples import Example

EXAMPLES = [
    Example(
        title="proportions, 200 of 1,000 on average",
        given={
            "areas": """
                area | numerator | denominator
                A    | 150       | 1000
                B    | 228       | 1000
                C    | 24        | 100
                D    | 18        | 0
            """
        },
        call="method_funnel('areas', ['area'], [], 'proportion', multiplier=100)",
        answer="""
            area | value | size | average | position | status        | status_reason
            A    | 15    | 1000 | 19.143  | low_998  | published     |
            B    | 22.8  | 1000 | 19.143  | high_95  | published     |
            C    | 24    | 100  | 19.143  | within   | published     |
            D    |       |      |         |          | not_available | zero_denominator
        """,
    ),
    Example(
        title="the lines of that funnel",
        given={"axis": "along | average\n10 | 0.2\n100 | 0.2\n1000 | 0.2"},
        call="method_funnel_limits('axis', [], 'proportion', multiplier=100)",
        answer="""
            along | lower_998 | lower_95 | upper_95 | upper_998
            10    | 0         | 0        | 44.79    | 59.09
            100   | 7.64      | 12.16    | 27.84    | 32.36
            1000  | 16.09     | 17.52    | 22.48    | 23.91
        """,
    ),
    Example(
        title="directly standardised rates per 100,000",
        given={
            "areas": """
                area | numerator | denominator | value
                A    | 130       | 60000       | 225
                B    | 60        | 20000       | 330
                C    | 9         | 5000        | 190
            """
        },
        call="method_funnel('areas', ['area'], [], 'dsr', multiplier=100000)",
        answer="""
            area | size     | average | position | status         | status_reason
            A    | 57777.78 | 246.60  | within   | published      |
            B    | 18181.82 | 246.60  | high_95  | published      |
            C    |          |         |          | not_calculated | too_few_events
        """,
    ),
    Example(
        title="the lines of a ratio: observed over expected, times 100",
        given={"axis": "along | average\n1 | 1\n10 | 1\n100 | 1"},
        call="method_funnel_limits('axis', [], 'ratio', multiplier=100)",
        answer="""
            along | size_of_lower_95 | lower_95 | size_of_upper_95 | upper_95
            1     | 5.5716           | 17.948   | 0.0253           | 3949.789
            10    | 18.3904          | 54.376   | 4.7954           | 208.534
            100   | 121.6268         | 82.219   | 81.3640          | 122.904
        """,
    ),
]

Z = {"95": 1.959963984540054, "998": 3.090232306167813}
TAIL = {"95": 0.025, "998": 0.001}


def chance_of_at_most(count: int, mean: float) -> float:
    """The Poisson distribution, its terms added up from the largest on."""
    if mean == 0:
        return 1.0
    top = min(count, int(mean))
    term = math.exp(top * math.log(mean) - mean - math.lgamma(top + 1))
    terms, down, up = [term], term, term
    for k in range(top, 0, -1):
        down *= k / mean
        terms.append(down)
    for k in range(top + 1, count + 1):
        up *= mean / k
        terms.append(up)
    return math.fsum(terms)


def chance_of_at_least(count: int, mean: float) -> float:
    """The other tail by itself, since 1 less the distribution would lose its digits."""
    if count == 0:
        return 1.0
    terms, k = (
        [math.exp(count * math.log(mean) - mean - math.lgamma(count + 1)) if mean else 0.0],
        count,
    )
    while terms[-1] > 1e-20 * terms[0] or k < mean:
        k += 1
        terms.append(terms[-1] * mean / k)
    return math.fsum(terms)


@settings(deadline=None, max_examples=60)
@given(counts=st.lists(st.integers(1, 2000), min_size=1, max_size=10, unique=True))
def test_the_lines_of_a_ratio_are_where_a_count_is_just_significant(counts):
    call = "method_funnel_limits('given', [], 'ratio')"
    rows = [(float(count), 1.0) for count in counts]
    found = answers.of(call, "along double, average double", rows)
    assert [row["along"] for row in found] == sorted(counts)
    for row in found:
        count = int(row["along"])
        for level, tail in TAIL.items():
            larger, smaller = row[f"size_of_lower_{level}"], row[f"size_of_upper_{level}"]
            assert chance_of_at_most(count, larger) == pytest.approx(tail, rel=1e-9)
            assert chance_of_at_least(count, smaller) == pytest.approx(tail, rel=1e-9)
            assert row[f"lower_{level}"] == count / larger
            assert row[f"upper_{level}"] == count / smaller


@settings(deadline=None, max_examples=60)
@given(p=st.floats(1e-6, 1 - 1e-6), n=st.integers(1, 10**8))
def test_the_lines_of_a_proportion_are_where_wilsons_limits_meet_the_average(p, n):
    call = "method_funnel_limits('given', [], 'proportion')"
    (row,) = answers.of(call, "along double, average double", [(float(n), p)])
    for level, z in Z.items():
        for side, sign in (("lower", 1), ("upper", -1)):
            q = row[f"{side}_{level}"]
            if q in (0.0, 1.0):
                assert abs(q - p) <= z * math.sqrt(p * (1 - p) / n)
                continue
            # Wilson's other limit of the proportion on the line, the textbook way.
            centre = (q + z * z / (2 * n)) / (1 + z * z / n)
            half = z / (1 + z * z / n) * math.sqrt(q * (1 - q) / n + z * z / (4 * n * n))
            assert centre + sign * half == pytest.approx(p, rel=1e-9, abs=1e-12)


COLUMNS = "region varchar, area integer, numerator double, denominator double, value double"
COUNTS = st.one_of(
    st.integers(0, 3000).map(float),
    st.sampled_from([0.0, 1.0, 9.0, 9.5, 10.0, None, math.nan, -1.0]),
)


def byar(count: float, z: float, sign: int) -> float:
    o = count if sign < 0 else count + 1
    return o * (1 - 1 / (9 * o) + sign * z / (3 * math.sqrt(o))) ** 3


def outside(kind: str, row: dict, average: float, level: str) -> int:
    """-1 below the funnel, 1 above, 0 within, by a test instead of limits where it is exact."""
    x, n, z = row["numerator"], row["size"], Z[level]
    if kind == "proportion":
        away = x / n - average
        # The score test, of which Wilson's limits are the other face.
        return int(math.copysign(abs(away) > z * math.sqrt(average * (1 - average) / n), away))
    expected = average * n
    if x >= 10:
        return (byar(x, z, -1) > expected) - (byar(x, z, 1) < expected)
    if chance_of_at_most(int(x), expected) < TAIL[level]:
        return -1
    return int(chance_of_at_least(int(x), expected) < TAIL[level])


@pytest.mark.parametrize("kind", ["proportion", "crude_rate", "dsr", "ratio"])
@settings(deadline=None, max_examples=30)
@given(
    areas=st.lists(
        st.tuples(st.sampled_from("NS"), COUNTS, COUNTS, st.floats(0.01, 10)),
        min_size=1,
        max_size=30,
    )
)
def test_sql_and_plain_python_agree(kind, areas):
    rows = [(region, at, x, n, value) for at, (region, x, n, value) in enumerate(areas)]
    got = answers.of(
        f"method_funnel('given', ['region', 'area'], ['region'], '{kind}')", COLUMNS, rows
    )
    usable: dict[int, dict] = {}
    for region, at, x, n, value in rows:
        figures = [x, n]
        if any(figure is None or math.isnan(figure) or figure < 0 for figure in figures) or n == 0:
            continue
        if kind == "proportion" and x > n:
            continue
        size = (x / value if x > 0 else None) if kind == "dsr" else n
        usable[at] = {"region": region, "numerator": x, "size": size}
    for found in got:
        row = usable.get(found["area"])
        if row is None or (kind == "dsr" and row["numerator"] < 10):
            assert found["status"] != "published" and found["position"] is None
            assert found["status_reason"] is not None
            continue
        others = [
            r for r in usable.values() if r["region"] == row["region"] and r["size"] is not None
        ]
        average = math.fsum(r["numerator"] for r in others) / math.fsum(r["size"] for r in others)
        average = 1.0 if kind == "ratio" else average
        assert found["average"] == pytest.approx(average, rel=1e-12)
        assert found["size"] == pytest.approx(row["size"], rel=1e-12)
        if row["numerator"] % 1 or (kind == "proportion" and average in (0.0, 1.0)):
            continue
        far, near = (outside(kind, row, average, level) for level in ("998", "95"))
        words = {-1: "low", 1: "high"}
        expected = f"{words[far]}_998" if far else f"{words[near]}_95" if near else "within"
        assert found["position"] == expected, (row, average)


def test_an_axis_is_whole_numbers_evenly_spaced_by_their_logarithm():
    rows = [(1, 54.0, 50494.0), (2, 5001.0, 7841.0), (3, 3.0, 20.5), (4, 0.0, 0.0)]
    call = "funnel_axis('given', ['chart'])"
    columns = "chart integer, smallest double, largest double"
    along: dict[int, list[float]] = {}
    for row in answers.of(call, columns, rows):
        along.setdefault(row["chart"], []).append(row["along"])
    assert [along[chart][0] for chart in along] == [1, 5001, 1, 1]
    assert [along[chart][-1] for chart in along] == [50494, 7841, 21, 1]
    assert [len(along[chart]) for chart in along] == [100, 100, 21, 1]
    assert all(figure % 1 == 0 for figures in along.values() for figure in figures)
    assert all(len(set(figures)) == len(figures) for figures in along.values())
    ratios = [b / a for a, b in zip(along[1][60:], along[1][61:], strict=False)]
    assert max(ratios) / min(ratios) < 1.01


@pytest.mark.parametrize("average", [None, 0.0, -1.0, math.nan])
def test_a_funnel_without_an_average_has_no_lines(average):
    call = "method_funnel_limits('given', [], 'crude_rate')"
    (row,) = answers.of(call, "along double, average double", [(10.0, average)])
    assert row["status"] == "not_calculated" and row["status_reason"]
    assert row["lower_95"] is None and row["size_of_upper_998"] is None


def test_the_same_bits_whatever_the_threads():
    made = """
        select
            k % 30 as region, k as area, cast(hash(k) % 900 as double) as numerator,
            1000.1 + hash(k, 1) % 997 / 9.97 as denominator
        from range(20000) as made(k)
    """
    for kind in ("proportion", "crude_rate"):
        call = f"method_funnel('given', ['region', 'area'], ['region'], '{kind}')"
        assert len(answers.to_the_last_bit(call, made)) == 1

"""Comparison by quintiles.

For indicators that no limits suit, each area is placed in a fifth of all areas' values: quintile 1
has the lowest. Turned by polarity, `quintile_from_worst` is 1 for the worst fifth and 5 for the
best; it is empty where neither end is better.

- `percentile`: the bounds are the 20th, 40th, 60th and 80th percentiles by linear interpolation,
  rounded to ten decimals; a value on a bound belongs below it. Values alike are never parted.
- `ntile`: as many areas in each fifth as can be, in order of value. Values alike may be parted;
  here the keys decide which goes first, so that it is the same each time.

Fewer than five values aren't compared.

Source: the quintile comparison of Fingertips, the Department of Health and Social Care's public
health profiles: `percentile` as the code of fingertips-open has it, `ntile` as that of
FingertipsNext.

Differs from other tools: `ntile` leaves nothing to the order in which a database finds the rows.
"""

from __future__ import annotations

import math

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import answers, macros, vectors
from tests.support.examples import Example

AREAS = """
    area | value | polarity
    A    | 1     | lower_is_better
    B    | 2     | lower_is_better
    C    | 2     | lower_is_better
    D    | 3     | lower_is_better
    E    | 9     | lower_is_better
"""

EXAMPLES = [
    Example(
        title="values alike stay together by percentiles",
        given={"areas": AREAS},
        call="method_quintile('areas', ['area'])",
        answer="""
            area | quintile | quintile_from_worst
            A    | 1        | 5
            B    | 2        | 4
            C    | 2        | 4
            D    | 4        | 2
            E    | 5        | 1
        """,
    ),
    Example(
        title="and are parted by equal numbers",
        given={"areas": AREAS},
        call="method_quintile('areas', ['area'], rule='ntile')",
        answer="""
            area | quintile | quintile_from_worst
            A    | 1        | 5
            B    | 2        | 4
            C    | 3        | 3
            D    | 4        | 2
            E    | 5        | 1
        """,
    ),
    Example(
        title="four areas",
        given={
            "areas": "area | value | polarity\nA | 1 |\nB | 2 |\nC | 2 |\nD | 3 |\nE | |",
        },
        call="method_quintile('areas', ['area'])",
        answer="""
            area | quintile | status         | status_reason
            A    |          | not_calculated | too_few_areas
            B    |          | not_calculated | too_few_areas
            C    |          | not_calculated | too_few_areas
            D    |          | not_calculated | too_few_areas
            E    |          | not_calculated | missing_value
        """,
    ),
]

COLUMNS = "area integer, value double, polarity varchar"
FIGURES = st.one_of(
    st.sampled_from([None, 0.0, 1.0, 1e15, -1e15, math.nan, math.inf]),
    st.integers(0, 6).map(float),
    st.floats(-100, 100),
)


def bound(ordered: list[float], share: float) -> float:
    """A percentile by linear interpolation between the two values beside it, to ten decimals."""
    place = (len(ordered) - 1) * share
    below = ordered[math.floor(place)]
    above = ordered[math.ceil(place)]
    between = below + (above - below) * (place - math.floor(place))
    return math.copysign(math.floor(abs(between) * 1e10 + 0.5) / 1e10, between)


@settings(deadline=None, max_examples=60)
@given(values=st.lists(FIGURES, max_size=40))
def test_a_value_is_in_the_fifth_that_its_percentiles_enclose(values):
    rows = [(place, value, "higher_is_better") for place, value in enumerate(values)]
    got = answers.of("method_quintile('given', ['area'])", COLUMNS, rows)
    there = sorted(value for value in values if value is not None and math.isfinite(value))
    for value, row in zip(values, got, strict=True):
        if value is None or not math.isfinite(value) or len(there) < 5:
            assert row["quintile"] is None
            assert row["status"] == "not_calculated"
            continue
        bounds = [bound(there, share) for share in (0.2, 0.4, 0.6, 0.8)]
        # Both ways of working a percentile out may differ in the last digit.
        near = [abs(value - each) <= 1e-9 * max(1, abs(value)) for each in bounds]
        least = 1 + sum(
            value > each and not close for each, close in zip(bounds, near, strict=True)
        )
        assert least <= row["quintile"] <= least + sum(near)
        assert row["quintile_from_worst"] == row["quintile"]


@settings(deadline=None, max_examples=60)
@given(values=st.lists(FIGURES, max_size=40), order=st.randoms(use_true_random=False))
def test_fifths_of_equal_numbers_are_in_order_and_do_not_depend_on_the_order_of_rows(values, order):
    rows = [(place, value, "lower_is_better") for place, value in enumerate(values)]
    mixed = order.sample(rows, len(rows))
    call = "method_quintile('given', ['area'], rule='ntile')"
    got = answers.of(call, COLUMNS, rows)
    assert answers.of(call, COLUMNS, mixed) == got
    there = [(v, p) for p, v in enumerate(values) if v is not None and math.isfinite(v)]
    if len(there) < 5:
        assert all(row["quintile"] is None for row in got)
        return
    sizes = [len(there) // 5 + (fifth < len(there) % 5) for fifth in range(5)]
    fifths = [fifth + 1 for fifth, size in enumerate(sizes) for _ in range(size)]
    expected = {place: fifth for (_, place), fifth in zip(sorted(there), fifths, strict=True)}
    assert {row["area"]: row["quintile"] for row in got if row["quintile"]} == expected
    assert all(row["quintile_from_worst"] == 6 - row["quintile"] for row in got if row["quintile"])


def test_vector_cases_of_quintiles():
    with duckdb.connect() as connection:
        vectors.load(connection, "quintile_comparison")
        vectors.load(connection, "quintile_comparison", "expected", "expected")
        connection.execute("create table areas as select *, 'no_judgement' as polarity from input")
        query = macros.render("method_quintile('areas', ['case_id', 'area'], ['case_id'])")
        rows = connection.execute(
            f"""
            select case_id, area, expected.quintile, ours.quintile
            from expected left join ({query}) as ours using (case_id, area)
            """
        ).fetchall()
    assert rows
    assert [row for row in rows if vectors.number(row[2]) != vectors.number(row[3])] == []

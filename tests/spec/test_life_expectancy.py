"""Life expectancy with its limits.

The years that a person of some age would live on average, were all their life as deadly at each age
as these years were. From deaths d and people p of the same years, in the twenty bands that begin at
0, 1, 5, 10 … 85 and 90 (and over), of n years each:

- M = d/p. Those who die in a band live a of it: a = 0.1 in the first year of life, else 0.5.
- The chance to die in a band is q = M·n/(1 + M·n·(1 − a)), and 1 where d > p/n/a; 1 in the last.
- Of l = 100,000 born, l·(1 − q) are left at the next band. They live L = n·(l' + a·(l − l')) years
  in the band, l' being those left; in the last, l/M.
- Life expectancy at an age is all years lived from there over those alive: e = ΣL/l.
- Its variance is Σ s·l²·((1 − a)·n + e')² / l², with s = q²(1 − q)/d and e' the expectancy at the next
  band; the last band adds (l/2)²·4/(d·M²). Limits are e ± z·√variance.

Refused are: a band missing, or with no people (`missing_band`); another or one twice (`odd_band`);
a negative figure (`impossible_figure`); more deaths than people (`more_events_than_people`); 5,000
people or fewer in all (`too_few_people`); no deaths in the last band, where the years lived have no
end (`no_deaths_in_last_band`). A band with no deaths known has 0. At single ages: where 95% limits
are more than 20 years apart (`limits_too_wide`), and where nobody is left (`nobody_reaches_age`).

Numerator and denominator are the deaths and people from the age on. Deaths of three years need the
people of three years.

Source: Chiang CL. The life table and its construction, 1968 (second method); Newell C. Methods and
models in demography, 1994; Silcocks PBS, Jenner DA, Reza R. Life expectancy as a summary of
mortality in a population. Journal of Epidemiology and Community Health 2001;55:38-43; Eayres D,
Williams ES. Evaluation of methodologies for small area life expectancy estimation. Journal of
Epidemiology and Community Health 2004;58:243-9 (5,000 people).

Recalled, not verified: the Office for National Statistics uses another share of the first year.

Differs from other tools: PHEindicatormethods still shows the limits of a value it has blanked for
being too wide, gives 0 years at an age that nobody reaches, and blanks a whole area without saying
why; ours gives no figure and the reason.
"""

from __future__ import annotations

import math
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import life_tables, macros, vectors
from tests.support.examples import Example
from tests.support.life_tables import AGES, SHAPES, Z, chances, survivors

EXAMPLES = [
    Example(
        title="at birth and at 65",
        given={"deaths": life_tables.county()},
        call="method_life_expectancy('deaths', ['area'], ages=[0, 65])",
        answer="""
            area | age | value   | lower_95 | upper_95 | lower_998 | upper_998 | numerator | denominator | status
            A    | 0   | 74.5526 | 73.8032  | 75.3020  | 73.3710   | 75.7342   | 2319      | 102900      | published
            A    | 65  | 14.7404 | 14.3699  | 15.1109  | 14.1562   | 15.3246   | 2065      | 20800       | published
        """,
    ),
    Example(
        title="without the people of 90 and over",
        given={"deaths": life_tables.county()},
        call="method_life_expectancy('(select * from deaths where age < 90)', ['area'], ages=[0])",
        answer="""
            area | age | value | lower_95 | upper_95 | status         | status_reason
            A    | 0   |       |          |          | not_calculated | missing_band
        """,
    ),
]


def plainly(deaths: list[float], people: list[float]) -> list[tuple[float, float] | None]:
    """Expectancy and standard error at each age, from the oldest down; None where nobody is left."""
    q = chances(deaths, people)
    alive = survivors(q)
    years = alive[-1] * people[-1] / deaths[-1]
    last = deaths[-1] * (deaths[-1] / people[-1]) ** 2
    variance = (alive[-1] / 2) ** 2 * 4 / last
    found = [(years / alive[-1], math.sqrt(variance) / alive[-1]) if alive[-1] else None]
    for band in range(18, -1, -1):
        n, a = SHAPES[band]
        after = found[0]
        if after and deaths[band] > 0:
            spread = q[band] ** 2 * (1 - q[band]) / deaths[band]
            variance += spread * alive[band] ** 2 * ((1 - a) * n + after[0]) ** 2
        years += n * (alive[band + 1] + a * (alive[band] - alive[band + 1]))
        found.insert(
            0, None if not alive[band] else (years / alive[band], math.sqrt(variance) / alive[band])
        )
    return found


def refusal(deaths: list[float | None], people: list[float | None]) -> str | None:
    """Why an area with all its bands is refused; of several reasons, the last by name."""
    reasons = set()
    for d, p in zip([d or 0 for d in deaths], people, strict=True):
        if not p:
            reasons.add("missing_band")
        elif not (1e-3 <= p <= 8e9 and 0 <= d <= 8e9):
            reasons.add("impossible_figure")
        elif d > p:
            reasons.add("more_events_than_people")
    if reasons:
        return max(reasons)
    if math.fsum(p or 0 for p in people) <= 5000:
        return "too_few_people"
    return None if deaths[-1] else "no_deaths_in_last_band"


def same(
    rows: list[dict[str, Any]], deaths: list[float | None], people: list[float | None]
) -> None:
    reason = refusal(deaths, people)
    if reason:
        assert {row["status_reason"] for row in rows} == {reason}
        assert all(row[name] is None for row in rows for name in ("value", *vectors.LIMITS))
        return
    expected = plainly([d or 0.0 for d in deaths], [p or 0.0 for p in people])
    for row, figures in zip(rows, expected, strict=True):
        if figures is None:
            assert (row["value"], row["status_reason"]) == (None, "nobody_reaches_age")
        elif Z["95"] * figures[1] > 10:
            assert (row["value"], row["status_reason"]) == (None, "limits_too_wide")
        else:
            assert row["value"] == pytest.approx(figures[0], rel=1e-9)
            for level, z in Z.items():
                half = row[f"upper_{level}"] - row["value"], row["value"] - row[f"lower_{level}"]
                assert half == pytest.approx((z * figures[1],) * 2, rel=1e-9, abs=1e-9)


SOUND = st.tuples(
    st.lists(st.integers(0, 40).map(float) | st.none(), min_size=19, max_size=19).flatmap(
        lambda head: st.integers(1, 900).map(lambda last: [*head, float(last)])
    ),
    st.lists(st.integers(41, 10**6).map(float), min_size=19, max_size=19).flatmap(
        lambda head: st.integers(900, 5000).map(lambda last: [*head, float(last)])
    ),
)
NASTY = st.tuples(
    st.lists(
        st.sampled_from([None, 0.0, 1.0, 3e4, 1e13, -1.0, math.nan]), min_size=20, max_size=20
    ),
    st.lists(
        st.sampled_from([1e4, 1e4, 1e4, 0.0, 1.0, None, -1.0, math.inf]), min_size=20, max_size=20
    ),
)
DEADLY = SOUND.flatmap(
    lambda area: st.integers(0, 18).map(
        lambda band: ([*area[0][:band], area[1][band], *area[0][band + 1 :]], area[1])
    )
)


@settings(deadline=None, max_examples=60)
@given(areas=st.lists(st.one_of(SOUND, DEADLY, NASTY), min_size=1, max_size=5))
def test_sql_and_plain_python_agree(areas):
    table = {
        "area": [f"A{n}" for n, _ in enumerate(areas) for _ in AGES],
        "age": [float(age) for _ in areas for age in AGES],
        "numerator": [d for deaths, _ in areas for d in deaths],
        "denominator": [p for _, people in areas for p in people],
    }
    found = macros.rows("method_life_expectancy('t', ['area']) ~ ' order by area, age'", t=table)
    for number, (deaths, people) in enumerate(areas):
        same([row for row in found if row["area"] == f"A{number}"], deaths, people)


@pytest.mark.parametrize(
    ("ages", "reason"),
    [
        (AGES[:-1], "missing_band"),
        ([*AGES, 95], "odd_band"),
        ([*AGES, 90], "odd_band"),
        ([*AGES[:-1], 85], "missing_band"),
        ([0, *range(5, 96, 5)], "missing_band"),
    ],
)
def test_an_area_without_just_the_twenty_bands_is_refused(ages, reason):
    table = {
        "area": ["A"] * len(ages),
        "age": [float(age) for age in ages],
        "numerator": [10.0] * len(ages),
        "denominator": [1000.0] * len(ages),
    }
    found = macros.rows("method_life_expectancy('t', ['area'])", t=table)
    assert [row["age"] for row in found] == AGES
    assert {(row["value"], row["status_reason"]) for row in found} == {(None, reason)}


def test_a_key_may_be_called_age():
    table = {
        "area": ["A"] * 20,
        "age": ["All ages"] * 20,
        "age_from": [float(age) for age in AGES],
        "numerator": [float(d) for d in life_tables.DEATHS],
        "denominator": [float(p) for p in life_tables.PEOPLE],
    }
    call = "method_life_expectancy('t', ['area', 'age'], age='age_from', ages=[0])"
    (row,) = macros.rows(call, t=table)
    assert (row["age"], row["age_from"], row["status"]) == ("All ages", 0, "published")


def test_vectors_of_life_expectancy():
    connection = duckdb.connect()
    vectors.load(connection, "life_expectancy")
    got = macros.render(
        "method_life_expectancy('input', ['case_id'], age='startage', numerator='deaths',"
        " denominator='population')"
    )
    # Cases without a band have no row for it in R's answer; ours has one for each age.
    got = f"""
        select ours.* from ({got}) as ours
        where (case_id, startage) in (select (case_id, startage::integer) from input)
    """
    told = vectors.disagreements(
        connection,
        "life_expectancy",
        got,
        {"case_id": "case_id", "startage": "startage"},
        {"value": "value", "numerator": "dths_used", "denominator": "pops_used"} | vectors.LIMITS,
        # R sums what it has of an area it refuses; it blanks the value alone where limits are too wide, and has 0 years where nobody is left.
        unless="""
            ours.status_reason = 'limits_too_wide' and their_value is null
            and their_upper95_0cl::double - their_lower95_0cl::double > 20
            or ours.status_reason in ('missing_band', 'odd_band', 'impossible_figure')
            and their_value is null and their_lower95_0cl is null and their_upper95_0cl is null
            or ours.status_reason = 'nobody_reaches_age' and their_value::double = 0
        """,
    )
    assert not told, told[:10]

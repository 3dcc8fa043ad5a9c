"""Deprivation of an area from the small areas in it.

Four measures sum up the Index of Multiple Deprivation for an area made of small areas (LSOAs):

- average score: the scores, weighted by population;
- average rank: the ranks turned round, so that the most deprived has the highest, weighted by
  population;
- proportion of small areas, and of the population, in the most deprived tenth of England.

The decile of rank r among n is ceil(10 r / n), rank 1 being the most deprived. n is the number of
small areas in England that the index ranks: 32,844 for the 2019 index (areas of 2011).

The population is the one published with the index. An area is refused where a small area lacks its
population, score or rank; where a rank is above n or below 1; and where editions of small areas are
mixed, since their ranks aren't of the same list.

Source: English indices of deprivation 2019, Ministry of Housing, Communities and Local Government:
summary measures for higher-level geographies.

Recalled, not verified: 33,755 small areas for the 2025 index (areas of 2021).

Differs from other tools: deciles are worked out in whole numbers, so that an area on a boundary
doesn't depend on how n / 10 is rounded.
"""

from __future__ import annotations

import math
from fractions import Fraction

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import answers, macros, vectors
from tests.support.examples import Example

EXAMPLES = [
    Example(
        title="one area of three small areas, another with a rank missing",
        given={
            "small_areas": """
                area | small_area | population | score | rank  | vintage
                A    | A1         | 1000       | 60    | 1     | 2011
                A    | A2         | 2000       | 30    | 3284  | 2011
                A    | A3         | 1000       | 10    | 32844 | 2011
                B    | B1         | 1500       | 25    |       | 2011
            """
        },
        call="method_deprivation('small_areas', ['area'], 32844)",
        answer="""
            area | average_score | average_rank | status_reason
            A    | 32.5          | 22991.75     |
            B    |               |              | missing_value
        """,
    ),
    Example(
        title="how much of it is in the most deprived tenth",
        given={
            "small_areas": """
                area | small_area | population | score | rank  | vintage
                A    | A1         | 1000       | 60    | 1     | 2011
                A    | A2         | 2000       | 30    | 3284  | 2011
                A    | A3         | 1000       | 10    | 32844 | 2011
            """
        },
        call="method_deprivation('small_areas', ['area'], 32844)",
        answer="""
            area | proportion_small_areas_in_decile_1 | proportion_population_in_decile_1
            A    | 0.667                              | 0.750
        """,
    ),
    Example(
        title="deciles of ranks",
        given={"ranks": "rank\n1\n3284\n3285\n16422\n16423\n32844"},
        call={"decile": "decile_of_rank('rank', 32844)"},
        answer="""
            rank  | decile
            1     | 1
            3284  | 1
            3285  | 2
            16422 | 5
            16423 | 6
            32844 | 10
        """,
    ),
]

COLUMNS = "area integer, population double, score double, rank integer, vintage integer"
MEASURES = {
    "average_score": "average_score",
    "average_rank": "average_rank_most_deprived_highest",
    "proportion_small_areas_in_decile_1": "proportion_lsoas_most_deprived_decile",
    "proportion_population_in_decile_1": "proportion_population_most_deprived_decile",
}


def plainly(rows: list[tuple], n: int) -> dict[str, Fraction] | None:
    """The measures in exact fractions; None where the area is refused."""
    populations, scores, ranks, vintages = zip(*rows, strict=True)
    figures = [*populations, *scores, *ranks]
    if any(figure is None or not math.isfinite(figure) for figure in figures):
        return None
    if min(populations) < 0 or sum(populations) == 0 or len(set(vintages)) > 1:
        return None
    if min(ranks) < 1 or max(ranks) > n:
        return None
    people = [Fraction(population) for population in populations]
    worst = [Fraction(10 * rank, n) <= 1 for rank in ranks]
    total = sum(people)
    return {
        "average_score": sum(p * Fraction(s) for p, s in zip(people, scores, strict=True)) / total,
        "average_rank": sum(p * (n + 1 - r) for p, r in zip(people, ranks, strict=True)) / total,
        "proportion_small_areas_in_decile_1": Fraction(sum(worst), len(rows)),
        "proportion_population_in_decile_1": sum(
            (p for p, is_worst in zip(people, worst, strict=True) if is_worst), Fraction(0)
        )
        / total,
    }


SMALL_AREAS = st.lists(
    st.tuples(
        st.one_of(
            st.integers(0, 9000).map(float), st.sampled_from([0.0, 1e12, None, math.nan, -1.0])
        ),
        st.one_of(st.floats(0, 100), st.sampled_from([None, math.inf, 0.0])),
        st.one_of(st.integers(1, 200), st.sampled_from([None, 0, 20, 21, 201])),
        st.sampled_from([2011, 2011, 2011, 2011, 2021]),
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=60)
@given(areas=st.lists(SMALL_AREAS, min_size=1, max_size=5))
def test_sql_and_exact_fractions_agree(areas):
    rows = [(place, *row) for place, area in enumerate(areas) for row in area]
    got = answers.of("method_deprivation('given', ['area'], 200)", COLUMNS, rows)
    for area, row in zip(areas, got, strict=True):
        expected = plainly(area, 200)
        if expected is None:
            assert row["status"] == "not_calculated"
            assert row["status_reason"] is not None
            assert all(row[measure] is None for measure in MEASURES)
            continue
        assert row["status"] == "published"
        for measure, figure in expected.items():
            assert row[measure] == pytest.approx(float(figure), rel=1e-12, abs=1e-12)


def test_the_same_bits_whatever_the_threads():
    made = """
        select
            l % 7 as area, 1000.1 + hash(l) % 1000 as population,
            (hash(l * 3) % 90000) / 997.0 as score, l + 1 as rank, 2011 as vintage
        from range(30000) as made(l)
    """
    assert len(answers.to_the_last_bit("method_deprivation('given', ['area'], 32844)", made)) == 1


@pytest.mark.parametrize("measure", MEASURES)
def test_vector_cases_of_deprivation(measure):
    said = vectors.params("imd_aggregate")
    with duckdb.connect() as connection:
        vectors.load(connection, "imd_aggregate")
        vectors.load(connection, "imd_aggregate", "expected", "expected")
        connection.execute(
            "create table small_areas as"
            " select *, imd_score as score, imd_rank as rank, 'one' as vintage from input"
        )
        query = macros.render(f"method_deprivation('small_areas', ['case_id'], {said['n_lsoa']})")
        rows = connection.execute(
            f"""
            select case_id, ours.{measure}, expected.{MEASURES[measure]}
            from expected left join ({query}) as ours using (case_id)
            """
        ).fetchall()
    assert rows
    assert [row for row in rows if not vectors.agree(row[1], row[2], rel=said["rel_tol"])] == []

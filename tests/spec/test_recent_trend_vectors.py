"""Recent trends beside those of Fingertips' code of 2020, whose choices are asked for."""

from __future__ import annotations

import duckdb
import pytest

from tests.support import macros, vectors


@pytest.mark.parametrize("test_of", ["weighted", "chi2_proportion"])
def test_vector_cases_of_recent_trend(test_of):
    said = vectors.params("recent_trend")
    with duckdb.connect() as connection:
        vectors.load(connection, "recent_trend")
        vectors.load(connection, "recent_trend", "expected", "expected")
        connection.execute(
            """
            create table series as
            select
                case_id, cast(year as integer) as period, value, lower95 as lower_95,
                upper95 as upper_95, count as numerator, denominator, 'no_judgement' as polarity
            from input
            """
        )
        # The cases are of proportions, by the code of 2020.
        query = macros.render(
            "method_recent_trend('series', ['case_id'], is_proportion='true',"
            f" by_counts='{str(test_of == 'chi2_proportion').lower()}', gaps='stop',"
            f" noughts='undefined', points={said['points']}, threshold={said['chi2_critical']})"
        )
        rows = connection.execute(
            f"""
            select
                case_id, coalesce(direction, 'cannot_be_calculated'), trend,
                ours.slope, expected.slope, chi_squared, chi2,
                lower(cast(slopes_agree as varchar)), lower(leave_one_out_signs_agree)
            from expected left join ({query}) as ours using (case_id)
            where method = '{test_of}'
            """
        ).fetchall()
    assert rows
    for case, direction, trend, slope, their_slope, chi, their_chi, agree, their_agree in rows:
        assert (case, direction, agree) == (case, trend, their_agree)
        assert vectors.agree(slope, their_slope, rel=said["rel_tol"]), case
        assert vectors.agree(chi, their_chi, rel=said["rel_tol"]), case

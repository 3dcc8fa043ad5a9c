"""Control charts beside those of NHSRplotthedots."""

from __future__ import annotations

import duckdb
import pytest

from tests.support import answers, macros, vectors

SAID = {
    "Common Cause": "common_cause",
    "Above UCL": "above_limits",
    "Below LCL": "below_limits",
    "7 Point Trend (Increasing)": "rising_trend",
    "7 Point Trend (Decreasing)": "falling_trend",
    "2 in 3 Above CL": "two_of_three_above",
    "2 in 3 Below CL": "two_of_three_below",
    "7 Points Above CL": "run_above",
    "7 Points Below CL": "run_below",
}
JUDGED = {
    "common_cause": "similar",
    "special_cause_improvement": "better",
    "special_cause_concern": "worse",
}


@pytest.mark.parametrize("screened", [True, False])
def test_vector_cases_of_spc(screened):
    said = vectors.params("spc_xmr")
    polarity = "higher_is_better" if said["improvement_direction"] > 0 else "lower_is_better"
    with duckdb.connect() as connection:
        vectors.load(connection, "spc_xmr")
        vectors.load(connection, "spc_xmr", "expected", "expected")
        connection.execute(
            f"""
            create table points as
            select case_id, cast(x as integer) as period, y as value, rebase = '1' as rebase,
                '{polarity}' as polarity
            from input
            """
        )
        query = macros.render(
            f"method_spc('points', ['case_id'], rebase='rebase', screened={screened})"
        )
        rows = answers.table(
            connection,
            f"""
            select expected.* rename (mean as their_mean), ours.* exclude (case_id)
            from expected
            left join ({query}) as ours
                on expected.case_id = ours.case_id and expected.x = cast(ours.period as varchar)
            where screen_outliers = '{str(screened).upper()}'
            """,
        )
    assert rows
    for row in rows:
        assert row["special_cause"] == SAID[row["special_cause_type"]], row
        assert row["judgement"] == JUDGED[row["point_type_increase_is_good"]], row
        for ours, theirs in (
            ("mean", "their_mean"),
            ("lower_limit", "lpl"),
            ("upper_limit", "upl"),
        ):
            assert vectors.agree(row[ours], row[theirs], rel=said["rel_tol"]), (row, ours)

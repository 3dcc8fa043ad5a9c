"""Slope indices beside the simulations of PHEindicatormethods and references in closed form."""

from __future__ import annotations

import duckdb
import pytest

from dagster_project.methods.duckdb_functions import register
from tests.support import answers, macros, vectors

TOLERANCE = {"95": 0.02, "998": 0.08}


@pytest.mark.parametrize("measure", ["sii", "rii"])
def test_vector_cases_of_slope_index(measure):
    said = vectors.params("sii")
    with duckdb.connect() as connection:
        vectors.load(connection, "sii")
        vectors.load(connection, "sii", "expected", "expected")
        register(connection)
        connection.execute(
            """
            create table quantiles as
            select
                case_id, quantile, population, value, lower_cl as lower_95, upper_cl as upper_95,
                (['identity', 'log', 'logit'])[cast(value_type as integer) + 1] as scale,
                cast(transform as boolean) as on_scale, multiplier,
                count(*) over (partition by case_id) as quantiles
            from input
            """
        )
        query = macros.render(
            "method_slope_index('quantiles', ['case_id'], 'quantiles', scale='scale',"
            " fit_on_scale='on_scale', multiplier='multiplier', draws='slope_draws')"
        )
        cases = answers.table(
            connection,
            f"""
            select expected.* rename (intercept as their_intercept), ours.* exclude (case_id), inputs.multiplier, inputs.on_scale
            from expected
            left join ({query}) as ours using (case_id)
            left join (
                select case_id, max(cast(multiplier as double)) as multiplier, bool_or(on_scale) as on_scale
                from quantiles group by case_id
            ) as inputs using (case_id)
            where ours.measure = '{measure}'
            """,
        )
        assert (
            len(cases) == connection.execute("select count(*) from expected").fetchall()[0][0] > 0
        )
    for case in cases:
        if measure == "rii" and vectors.number(case["rii"]) <= 0:
            # Stated above: a ratio below nought is refused.
            assert case["status_reason"] == "ratio_not_positive", case
            continue
        assert vectors.agree(case["value"], case[measure], rel=said["point_rel_tol"]), case
        # Peers multiply the intercept only where it was taken back from a scale.
        times = abs(case["multiplier"]) if case["on_scale"] else 1
        intercept = case["intercept"] * times
        assert vectors.agree(intercept, case["their_intercept"], rel=said["point_rel_tol"]), case
        for level, theirs in (("95", "95_0"), ("998", "99_8")):
            simulated = [float(case[f"{measure}_{side}{theirs}cl"]) for side in ("lower", "upper")]
            half = (simulated[1] - simulated[0]) / 2
            for side, at in zip(("lower", "upper"), simulated, strict=True):
                ours = case[f"{side}_{level}"]
                assert abs(ours - at) <= TOLERANCE[level] * abs(half), (case, side, level)
                if case["ref_kind"] == "closed form":
                    reference = case[f"ref_{measure}_{side}{theirs}"]
                    assert vectors.agree(ours, reference, rel=1e-9), (case, side, level)

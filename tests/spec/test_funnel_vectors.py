"""Funnels beside those of PHEindicatormethods."""

from __future__ import annotations

import duckdb
import pytest

from tests.support import answers, macros, vectors

SAID = {
    "Low (0.001)": "low_998",
    "Low (0.025)": "low_95",
    "Not significant": "within",
    "High (0.025)": "high_95",
    "High (0.001)": "high_998",
    "Not applicable for events less than 10 for dsrs": None,
}
# By the folder of cases: the kinds of its odd and even cases, and what they call size on the axis.
FOLDERS = {
    "funnel_proportion": (("proportion", "proportion"), "Population", None),
    "funnel_ratio": (("ratio", "ratio"), "Observed_events", "exp_events"),
    "funnel_rate": (("crude_rate", "dsr"), "Events", "population_1_year"),
}
ODD = [1, 0]


def cases(connection: duckdb.DuckDBPyConnection, folder: str, odd: int) -> str:
    """After this `areas` holds the odd or the even cases of a folder; the call that places them."""
    vectors.load(connection, folder)
    value = "rate" if folder == "funnel_rate" else "null"
    connection.execute(
        f"create table areas as select *, {value} as value from input where case_id::int % 2 = {odd}"
    )
    kind = FOLDERS[folder][0][1 - odd]
    multiplier = vectors.params(folder).get("multiplier", 1)
    return macros.render(
        f"method_funnel('areas', ['case_id', 'area'], ['case_id'], '{kind}', {multiplier})"
    )


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("folder", FOLDERS)
def test_vector_cases_of_funnel_positions(folder, odd):
    with duckdb.connect() as connection:
        query = cases(connection, folder, odd)
        vectors.load(connection, folder, "expected_significance", "expected")
        rows = answers.table(
            connection,
            f"select * from expected left join ({query}) using (case_id, area) where case_id::int % 2 = {odd}",
        )
    assert rows
    for row in rows:
        assert row["position"] == SAID[row["significance"]], row
        assert (row["position"] is None) == (row["status_reason"] == "too_few_events")


@pytest.mark.parametrize("odd", ODD)
def test_vector_cases_of_funnel_rate_points(odd):
    said = vectors.params("funnel_rate")
    with duckdb.connect() as connection:
        query = cases(connection, "funnel_rate", odd)
        vectors.load(connection, "funnel_rate", "expected_points", "expected")
        rows = answers.table(
            connection,
            f"select * from expected left join ({query}) using (case_id, area) where case_id::int % 2 = {odd}",
        )
    assert rows
    for row in rows:
        assert vectors.agree(row["value"], row["rate_chart"], rel=said["rel_tol"]), row
        assert vectors.agree(row["size"], row["denominator_derived"], rel=said["rel_tol"]), row


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("folder", FOLDERS)
def test_vector_cases_of_funnel_lines(folder, odd):
    kinds, along, size = FOLDERS[folder]
    said = vectors.params(folder)
    # A ratio is shown times 100 (odd cases), or as an excess over 1.
    multiplier, above = said.get("multiplier", 100 if odd else 1), 0
    if folder == "funnel_ratio" and not odd:
        above = 1
    with duckdb.connect() as connection:
        placed = cases(connection, folder, odd)
        vectors.load(connection, folder, "expected_limits", "expected")
        average = f"max(average) / {said.get('multiplier', 1)}"
        connection.execute(
            f"""
            create table axis as
            select case_id, {along} as along, average
            from expected inner join (select case_id, {average} as average from ({placed}) group by case_id)
                using (case_id)
            """
        )
        query = macros.render(
            f"method_funnel_limits('axis', ['case_id'], '{kinds[1 - odd]}',"
            f" multiplier={multiplier}, above={above})"
        )
        rows = answers.table(
            connection,
            f"""
            select ours.*, expected.* exclude (case_id), average
            from expected
            inner join ({query}) as ours
                on expected.case_id = ours.case_id and cast(expected.{along} as double) = ours.along
            inner join axis on axis.case_id = ours.case_id and axis.along = expected.{along}
            """,
        )
        (expected,) = connection.execute(
            f"select count(*) from expected where case_id::int % 2 = {odd}"
        ).fetchall()[0]
    assert len(rows) == expected
    for row in rows:
        if "baseline" in row:
            baseline = row["average"] * said["multiplier"]
            assert vectors.agree(baseline, row["baseline"], rel=said["rel_tol"])
        for ours, theirs in (("95", "2s"), ("998", "3s")):
            for side in ("lower", "upper"):
                pairs = [(f"{side}_{ours}", f"{side}_{theirs}_limit")]
                if size:
                    pairs.append((f"size_of_{side}_{ours}", f"{side}_{theirs}_{size}"))
                for got, cell in pairs:
                    assert vectors.agree(row[got], row[cell], rel=said["rel_tol"]), (row, got)

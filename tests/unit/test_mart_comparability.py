"""The mart `comparability`, and the signatures by which series of one indicator are told apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from tests.support import comparable, models

HAMLETS = "E09000030"
READMISSION, SETTLED = "emergency_readmissions_within_30_days", "settled_home_learning_disability"


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with comparable.warehouse() as opened:
        yield opened


@pytest.fixture(scope="module")
def mart(connection) -> list[dict[str, Any]]:
    found = connection.execute(models.model_sql("marts/comparability.sql"))
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_every_link_has_its_pairs(connection, mart):
    named = {(row["theme"], row["left_name"], row["right_name"]) for row in mart}
    for row in models.seed("crosswalk"):
        left, right = (
            f"{row[f'{side}_framework']} {row[f'{side}_edition']} {row[f'{side}_code']}"
            for side in ("left", "right")
        )
        assert (row["theme"], left, right) in named
    key = ("theme", "relation", "left", "right", "left_name", "right_name")
    assert len({tuple(row[name] for name in key) for row in mart}) == len(mart)
    assert all(row[name] for row in mart for name in key)


def test_codes_that_mean_something_else_are_never_comparable(mart):
    codes = [row for row in mart if row["relation"] == "same_code"]
    names = {(row["left_name"], row["right_name"]) for row in codes}
    assert ("ascof to 2022/23 3A", "ascof from 2023/24 3A") in names
    assert ("ascof to 2022/23 2B(1)", "ascof from 2023/24 2B") in names
    assert ("nhsof 2013/14 1.6.ii", "nhsof 2016/17 1.6.ii") in names
    assert {row["verdict"] for row in codes} == {"not_comparable"}
    assert not [row for row in codes if "not_described" in row["reasons"]]


def test_only_one_measure_is_comparable_with_itself(mart):
    same = [row for row in mart if row["left"] == row["right"]]
    assert {row["verdict"] for row in mart if row["left"] != row["right"]} <= {
        "caution",
        "not_comparable",
    }
    alike = {row["relation"] for row in same if row["verdict"] == "comparable"}
    assert "shared" in alike
    assert alike <= {"shared", "local_mirror"}
    assert {row["relation"] for row in same if row["verdict"] == "caution"} == {"two_origins"}


def test_what_took_a_measures_place_stands_beside_it(mart):
    rows = [row for row in mart if row["relation"] == "successor"]
    assert len(rows) == sum(row["replaces"] is not None for row in models.seed("measures"))
    assert all("replaced_measure" in row["reasons"] for row in rows)


# Signatures


def candidate(**said: Any) -> dict[str, Any]:
    """A row of candidate_values, as far as signatures read it."""
    row = models.value(indicator_id=SETTLED, period_start="2022-04-01", period_end="2023-03-31")
    return (
        row | {"value_type": "proportion", "is_recast_area": False, "is_area_ended": False} | said
    )


LATER = {"period_start": "2024-04-01", "period_end": "2025-03-31"}


@pytest.mark.parametrize(
    ("left", "right", "verdict", "reasons"),
    [
        ({}, {"area_code": HAMLETS}, "comparable", []),
        ({}, {"period_start": "2021-04-01", "period_end": "2022-03-31"}, "comparable", []),
        ({}, LATER, "not_comparable", ["break_in_series"]),
        ({}, {"period_start": "2020-04-01"}, "not_comparable", ["period_length"]),
        ({}, {"sex": "Male"}, "not_comparable", ["part_of_whole"]),
        ({}, {"area_type": "icb"}, "caution", ["area_tier"]),
        ({}, {"is_recast_area": True}, "caution", ["recast_area"]),
        ({}, {"origin": "computed", "method": "proportion"}, "caution", ["origin"]),
        (
            {"period_start": "2022-01-01", "period_end": "2022-12-31"},
            {},
            "caution",
            ["period_type"],
        ),
    ],
)
def test_series_of_one_signature_are_comparable_and_others_say_why(left, right, verdict, reasons):
    with comparable.warehouse() as connection:
        rows = [candidate(**left), candidate(**right)]
        models.load(connection, "candidate_values", rows)
        view = models.model_sql("intermediate/int_series_signature.sql")
        connection.execute(f"create view int_series_signature as {view}")
        found = connection.execute("select signature from int_series_signature").fetchall()
        signatures = [signature for (signature,) in found]
        assert len(signatures) == (1 if verdict == "comparable" else 2)
        connection.execute("create table pairs (left_signature text, right_signature text)")
        connection.execute("insert into pairs values (?, ?)", [signatures[0], signatures[-1]])
        query = models.sql("{{ comparability_of('pairs') }}")
        (judged,) = connection.execute(f"select verdict, reasons from ({query})").fetchall()
    assert judged == (verdict, reasons)


def test_areas_whose_values_are_indirectly_standardised_have_england_beside_them():
    with comparable.warehouse() as connection:
        rows = [candidate(indicator_id=READMISSION, value_type="isr"), candidate()]
        models.load(connection, "candidate_values", rows)
        view = models.model_sql("intermediate/int_series_signature.sql")
        found = connection.execute(f"select indicator_id, compared_with from ({view})").fetchall()
    assert dict(found) == {READMISSION: "england", SETTLED: "areas"}

"""The mart `indicator_values` on made-up candidates: where a series breaks, its value says so."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from tests.support import models

BROKEN, SOUND = "settled_home_learning_disability", "smoking"
BREAK = {
    "indicator_id": BROKEN,
    "source_id": None,
    "from_date": "2024-04-01",
    "applies_to": "period",
    "kind": "source",
    "effect": "not_comparable",
    "reason": "made up",
}
RECAST = "'' as row_id, '' as area_tier, '' as predecessor_tier, '' as source_id"
RUN = {
    # Nothing here is recast from other areas.
    "int_recast_parts": f"select {RECAST}, '' as recast_row_id limit 0",
    "int_recast__observations": f"select {RECAST} limit 0",
    "int_indicators": f"select '{SOUND}' as indicator_id, true as is_stand_in",
    "run_context": "select 'r1' as release_id, false as is_synthetic",
    "int_provisional_rows": "select '' as row_id limit 0",
    "run_stale_sources": "select '' as source_id limit 0",
    "run_withdrawn_keys": "select *, '' as period_label from keys limit 0",
    "run_previous_values": "select *, '' as held_since from candidate_values limit 0",
}


def candidate(start: int, **said: Any) -> dict[str, Any]:
    """A year's value of the broken series, from April of `start`."""
    period = {"period_start": f"{start}-04-01", "period_end": f"{start + 1}-03-31"}
    row = models.value(indicator_id=BROKEN) | period | {"period_label": str(start)} | said
    row["row_id"] = "/".join(str(row[name]) for name in models.given("key_columns"))
    del row["held_since"], row["flags"]
    return row | {"is_recast_area": False, "is_combined_area": False}


def flagged(
    candidates: list[dict[str, Any]],
    held: tuple[int, ...] = (),
    said: dict[str, Any] | None = None,
    flag: str = "break_in_series",
) -> list[tuple[str, str]]:
    """Label and status of the values with the flag, in the order of their periods."""
    with duckdb.connect() as connection:
        models.load(connection, "candidate_values", candidates)
        models.load(connection, "int_series_breaks", [BREAK | (said or {})])
        connection.execute("alter table int_series_breaks alter from_date type date")
        columns = ", ".join(models.given("key_columns"))
        connection.execute(f"create view keys as select {columns} from candidate_values")
        for name, query in RUN.items():
            connection.execute(f"create table {name} as {query}")
        connection.execute("create table int_held_rows (row_id varchar, check_id varchar)")
        for start in held:
            connection.execute(
                "insert into int_held_rows select row_id, 'a_check' from candidate_values"
                " where period_label = ?",
                [str(start)],
            )
        for name in ("int_broken_rows", "int_withdrawn_rows", "int_kept_back"):
            made_of = models.model_sql(f"intermediate/{name}.sql")
            connection.execute(f"create table {name} as {made_of}")
        query = models.model_sql("marts/indicator_values.sql")
        made = connection.execute(f"create table made as {query}")
        assert made is not None
        ((rows,),) = connection.execute("select count(*) from made").fetchall()
        assert rows == len(candidates), "a value lost or doubled"
        return connection.execute(
            "select period_label, status from made where list_contains(flags, ?)"
            " order by period_start",
            [flag],
        ).fetchall()


YEARS = [candidate(start) for start in (2022, 2023, 2024, 2025)]


@pytest.mark.parametrize(
    ("candidates", "said", "labels"),
    [
        (YEARS, {}, ["2024"]),
        ([candidate(2022), candidate(2023)], {}, []),
        # The year of the break itself is missing: the next says so.
        ([candidate(2023), candidate(2025)], {}, ["2025"]),
        # A series that begins with the break, and one that began long after it.
        ([candidate(2024), candidate(2025)], {}, ["2024"]),
        ([candidate(2025), candidate(2026)], {}, []),
        (YEARS, {"indicator_id": SOUND}, []),
        (YEARS, {"source_id": "ascof"}, []),
        (YEARS, {"source_id": "fingertips"}, ["2024"]),
        (YEARS, {"applies_to": "publication"}, []),
        (YEARS, {"from_date": "2024-10-01"}, ["2024"]),
        (YEARS, {"effect": "caution"}, ["2024"]),
        ([candidate(2023, sex="Male"), candidate(2025)], {}, []),
    ],
)
def test_the_first_value_after_a_break_says_so(candidates, said, labels):
    assert [label for label, _ in flagged(candidates, said=said)] == labels


def test_a_value_that_is_hidden_or_held_keeps_the_flag():
    hidden = [candidate(2023), candidate(2024, status="suppressed", value=None)]
    assert flagged(hidden) == [("2024", "suppressed")]
    assert flagged(YEARS, held=(2024,)) == [("2024", "held")]
    assert flagged(YEARS, held=(2023,)) == [("2024", "published")]


def test_the_values_of_a_stand_in_say_so():
    values = [candidate(2022, indicator_id=SOUND), candidate(2023)]
    assert flagged(values, flag="stand_in") == [("2022", "published")]

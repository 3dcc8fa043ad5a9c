"""Which rows of a landed file a value is said to stand in."""

from __future__ import annotations

from pathlib import Path

import duckdb

from dagster_project.lineage.inputs import _disagreeing_query, _rows
from dagster_project.lineage.lines import _input
from dagster_project.lineage.question import records
from dagster_project.pipeline.tables import KEY
from tests.support.landing_place import Place
from tests.support.small_inbox import HEADER, line


def test_a_row_that_names_the_area_as_its_parent_is_another_areas(tmp_path: Path) -> None:
    place = Place(tmp_path)
    parts = [
        line(area, "1.2", "1.0", "1.4").replace("prevalence,,,", "prevalence,E92000001,England,")
        for area in ("E08000007", "E08000006")
    ]
    rows = [HEADER, parts[0], line("E92000001", "1.0", "0.9", "1.1"), parts[1]]
    place.put("a.csv", "\n".join(rows).encode())
    place.land()
    (landing,) = place.ledger()
    value = {"sex": "Persons", "age": "All ages", "period_label": "2020/21"}
    found = _rows(place.home, landing, "247", {"E92000001", "England"}, value)
    assert found == ["row 3"]


def test_of_files_that_disagree_each_is_named_that_no_later_one_replaced() -> None:
    value = dict.fromkeys(KEY, "x")
    key = ", ".join(f"'x' as {name}" for name in KEY)
    with duckdb.connect() as con:
        con.execute("create schema intermediate")
        con.execute(
            f"create table intermediate.int_observations as select {', '.join(KEY)}, extract_id,"
            " 'fingertips' as source_id, '2020/21' as period_label, '247' as source_code,"
            " 'published' as status, value from (values (1, 1.2e0), (2, 1.2e0), (3, 2.2e0))"
            f" as given(extract_id, value), (select {key})"
        )
        con.execute(
            "create table intermediate.int_extract_order as select 1 as earlier_id, 3 as later_id"
        )
        found = records(con, _disagreeing_query(value))
    assert [(row["extract_id"], row["value"]) for row in found] == [(2, 1.2), (3, 2.2)]
    item = {"layout_id": "l", "period": None, "vintage": None, "rows": ["row 3"], "file": "b.csv"}
    assert _input(item | {"sha256": "0" * 64, "figure": 1.2}).endswith("row 3 says 1.2")

"""Which rows of a landed file a value is said to stand in."""

from __future__ import annotations

from pathlib import Path

from dagster_project.lineage.inputs import _rows
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

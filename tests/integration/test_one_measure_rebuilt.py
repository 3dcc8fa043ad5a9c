"""One changed measure: it is built again with what rests on it, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from dagster_project import warehouse
from dagster_project.home import Home
from dagster_project.pipeline import dbt_project, rebuilding, steps
from dagster_project.preview.building import above

MEASURE = "model.outcomes.emergency_admissions_falls_65_and_over"


@pytest.fixture(scope="module")
def changed(sample_home: Home) -> tuple[dict[str, Any], list[str]]:
    """dbt's graph, and the models that a refresh would build after an edit of one measure."""
    graph = dbt_project.manifest()
    models = steps.MEASURED.models(graph["nodes"])
    edited = graph["nodes"][MEASURE] | {
        "raw_code": graph["nodes"][MEASURE]["raw_code"].replace("first=65", "first=66")
    }
    assert edited["raw_code"] != graph["nodes"][MEASURE]["raw_code"]
    with warehouse.connect(sample_home) as connection:
        assert rebuilding.outdated(connection, graph, models) == []
        after = graph | {"nodes": graph["nodes"] | {MEASURE: edited}}
        return graph, rebuilding.outdated(connection, after, models)


def test_it_is_built_with_all_that_rests_on_it(changed: tuple[dict[str, Any], list[str]]) -> None:
    graph, found = changed
    models = set(steps.MEASURED.models(graph["nodes"]))
    assert set(found) == {MEASURE} | (above(graph, [MEASURE]) & models)


def test_no_other_measure_is_built_nor_what_people_are_made_of(
    changed: tuple[dict[str, Any], list[str]],
) -> None:
    graph, found = changed
    nodes = graph["nodes"]
    measures = [name for name in found if nodes[name]["fqn"][1] == "indicators"]
    assert measures == [MEASURE]
    assert not [name for name in found if "int_linked__" in name or "staging" in nodes[name]["fqn"]]

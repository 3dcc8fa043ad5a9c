"""What an indicator rests on: a source that isn't public is named, and no raw table is read."""

from __future__ import annotations

from typing import Any

import pytest

from dagster_project.errors import RegistryError
from dagster_project.indicators.upstream import beneath, check
from dagster_project.pipeline import dbt_project

OPEN = ({"source_id": "qof", "is_public": "true"},)
CLOSED = ({"source_id": "qof", "is_public": "false"},)


def graph(*sources: str, direct: bool = False) -> dict[str, Any]:
    """One indicator over a staging model over QOF's registers."""
    node = {
        "unique_id": "model.a",
        "name": "a",
        "resource_type": "model",
        "path": "indicators/care/a.sql",
        "original_file_path": "models/indicators/care/a.sql",
        "config": {"meta": {"indicator": {"sources": list(sources)}}},
        "depends_on": {"nodes": ["source.registers" if direct else "model.stg"]},
    }
    return {
        "nodes": {"model.a": node},
        "sources": {"source.registers": {"name": "qof_registers"}},
        "parent_map": {
            "model.a": node["depends_on"]["nodes"],
            "model.stg": ["source.registers"],
        },
    }


@pytest.mark.parametrize(
    ("found", "sources"),
    [(graph("fingertips"), OPEN), (graph("qof"), CLOSED), (graph("ascof", "qof"), CLOSED)],
)
def test_what_is_public_or_named_may_be_read(found: dict[str, Any], sources: Any) -> None:
    check(found, sources)


def test_a_closed_source_that_is_not_named_stops_the_load() -> None:
    with pytest.raises(RegistryError) as caught:
        check(graph("fingertips"), CLOSED)
    message = caught.value.message
    assert "dbt/models/indicators/care/a.yml: indicator.sources: rests on a source" in message
    assert "got fingertips; expected qof among them" in message


def test_a_raw_table_is_not_read() -> None:
    with pytest.raises(RegistryError) as caught:
        check(graph("qof", direct=True), OPEN)
    assert "a.sql: reads a raw table. got qof_registers" in caught.value.message


def test_the_projects_own_graph_is_followed() -> None:
    manifest = dbt_project.manifest()
    found = beneath(manifest, "model.outcomes.average_practice_list_size")
    assert {"source.outcomes.qof.qof_registers", "source.outcomes.ledger.extracts"} <= found

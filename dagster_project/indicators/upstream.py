"""What an indicator's SQL rests on, as dbt's graph has it: that nothing closed is read unsaid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dagster_project.errors import RegistryError
from dagster_project.registry.forms import Row
from dagster_project.registry.registry import RegistryProblems
from dagster_project.sources import LAYOUTS

Graph = Mapping[str, Any]


def check(manifest: Graph, sources: tuple[Row, ...]) -> None:
    """Nothing happens if each definition names what it reads; else one error that tells all."""
    problems = list(_problems(manifest, sources))
    if problems:
        raise RegistryProblems(problems)


def indicator_models(manifest: Graph) -> list[Mapping[str, Any]]:
    """The models of `dbt/models/indicators`, in the order of their names."""
    nodes = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["path"].startswith("indicators/")
    ]
    return sorted(nodes, key=lambda node: node["name"])


def beneath(manifest: Graph, unique_id: str) -> set[str]:
    """All that a model rests on, near and far."""
    found: set[str] = set()
    waiting = [unique_id]
    while waiting:
        for name in manifest["parent_map"].get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _problems(manifest: Graph, sources: tuple[Row, ...]) -> Iterator[RegistryError]:
    closed = {row["source_id"] for row in sources if row["is_public"] == "false"}
    by_table: dict[str, set[str]] = {}
    for layout in LAYOUTS:
        by_table.setdefault(layout.table, set()).add(layout.source_id)
    for node in indicator_models(manifest):
        named = set(node["config"]["meta"]["indicator"]["sources"])
        file = node["original_file_path"]
        tables = [
            manifest["sources"][name]
            for name in sorted(beneath(manifest, node["unique_id"]))
            if name in manifest["sources"]
        ]
        direct = [name for name in node["depends_on"]["nodes"] if name in manifest["sources"]]
        if direct:
            yield RegistryError(
                "reads a raw table",
                file=f"dbt/{file}",
                got=", ".join(manifest["sources"][name]["name"] for name in sorted(direct)),
                expected="staging and intermediate models, through ref",
                fix="read the staging model of that table, in dbt/models/staging",
            )
        unsaid = {
            source for table in tables for source in by_table.get(table["name"], set()) & closed
        }
        if unsaid - named:
            yield RegistryError(
                "rests on a source that isn't public and that it doesn't name",
                file=f"dbt/{file.removesuffix('.sql')}.yml",
                place="indicator.sources",
                got=", ".join(sorted(named)),
                expected=f"{', '.join(sorted(unsaid - named))} among them",
                fix="name it, so that its disclosure policy holds, or don't read it",
            )

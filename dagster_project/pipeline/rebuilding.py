"""Which models before the judging are built again: those whose code or inputs have changed.

Each model that is built has a digest: of its own code, of all code that it may call, of the seeds,
of the rows of the sources that it reads and of the digests of the models that it reads. A model
whose digest is what it was when its table was built would come out as it stands, so it stays.

The digests of what is about to be built are forgotten first, and noted when all of it is built and
tested: after a run that failed or was killed, what it had in hand is built again. A warehouse that
was made anew knows of none, and is built whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from dagster_project import warehouse
from dagster_project.errors import PublicationRefused
from dagster_project.fingerprint import code_version_but
from dagster_project.home import Home
from dagster_project.pipeline import dbt_project, dbt_runner
from dagster_project.pipeline.dbt_runner import NodeResult
from dagster_project.state import to_json

if TYPE_CHECKING:
    import duckdb

Nodes = Mapping[str, Mapping[str, Any]]
# Judging comes after these models; and each one's own code is in its digest.
OF_OTHERS = ("expectations/", "dbt/models/")
# What of a model decides its table, beside what it reads.
OWN = ("raw_code", "config", "columns", "schema", "alias")


@dataclass(frozen=True)
class Selection:
    """Which models a step builds: those in these folders of the project, but for some."""

    folders: tuple[str, ...]
    but: tuple[str, ...]

    def models(self, nodes: Nodes) -> list[str]:
        """The ids of the models, each after those that it reads."""
        chosen = [
            name
            for name, node in sorted(nodes.items())
            if node["resource_type"] == "model"
            and _lies_in(node, self.folders)
            and not _lies_in(node, self.but)
        ]
        reads = {
            name: set(nodes[name]["depends_on"]["nodes"]).intersection(chosen) for name in chosen
        }
        return list(TopologicalSorter(reads).static_order())


def _lies_in(node: Mapping[str, Any], selectors: Iterable[str]) -> bool:
    """True of the model that one of them names, or of one in a folder that one names."""
    path = ".".join(node["fqn"])
    return any(
        selector in (path, node["name"]) or path.startswith(f"{selector}.")
        for selector in selectors
    )


def build(home: Home, selection: Selection, exclude: Iterable[str]) -> list[NodeResult]:
    """After this the seeds and all models of the selection stand as a full build would leave them.

    The answer is what was built and tested now; the rest stood already.
    """
    manifest = dbt_project.manifest()
    models = selection.models(manifest["nodes"])
    seeds = dbt_runner.seeds_to_load(home)
    with warehouse.connect(home) as connection:
        wanted = digests(connection, manifest, models)
        changed = _changed(connection, manifest, wanted)
        _forget(connection, changed)
    # By their names only where there is something to leave out.
    names = [".".join(manifest["nodes"][name]["fqn"]) for name in changed]
    chosen = selection.folders if len(changed) == len(models) else tuple(names)
    select = (*seeds, *chosen)
    results = dbt_runner.run(home, "build", select, tuple(exclude)) if select else []
    dbt_runner.note_seeds(home)
    with warehouse.connect(home) as connection:
        _note(connection, {name: wanted[name] for name in changed})
    return results


def digests(
    connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any], models: Iterable[str]
) -> dict[str, str]:
    """The digest of each of these models, from what their sources hold now."""
    import duckdb

    everything = to_json([code_version_but(OF_OTHERS), duckdb.__version__])
    there = _there(connection)
    found: dict[str, str] = {}

    def digest(name: str) -> str:
        if name not in found:
            if name in manifest["sources"]:
                parts = _content(connection, manifest["sources"][name], there)
            else:
                parts = _parts(manifest["nodes"][name], name, digest)
            text = to_json([name, everything, parts])
            found[name] = hashlib.sha256(text.encode()).hexdigest()
        return found[name]

    return {name: digest(name) for name in models}


def _parts(node: Mapping[str, Any], name: str, digest: Callable[[str], str]) -> list[Any]:
    """What tells one state of a seed or model from another."""
    if node["resource_type"] == "seed":
        # All seeds that a model reads are in the digest of the code.
        return [name]
    read = [digest(each) for each in sorted(node["depends_on"]["nodes"])]
    return [{each: node[each] for each in OWN}, read]


def _there(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """Every table and view by schema and name: asked one by one they cost more than their rows."""
    return set(
        connection.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()
    )


def _content(
    connection: duckdb.DuckDBPyConnection, source: Mapping[str, Any], there: set[tuple[str, str]]
) -> list[Any]:
    """What tells one content of a relation from another, in whatever order its rows stand."""
    relation = f'"{source["schema"]}"."{source["identifier"]}"'
    if (source["schema"], source["identifier"]) not in there:
        # A home that was made by older code, or whose first refresh came to nothing.
        return []
    columns = connection.execute(
        f"select column_name, column_type from (describe {relation})"
    ).fetchall()
    parts = _parts_of(connection, source, there)
    if parts:
        relation = f'"raw"."{source["identifier"]}"'
    # No list and an empty one have the same hash.
    row = ", ".join(
        ["each_row", *(f'"{name}" is null' for name, kind in columns if kind.endswith("[]"))]
    )
    rows = connection.execute(
        f"select count(*), cast(sum(hash({row})) as varchar) from {relation} as each_row"
    ).fetchall()
    return [[list(column) for column in columns], [list(row) for row in rows], parts]


def _parts_of(
    connection: duckdb.DuckDBPyConnection, source: Mapping[str, Any], there: set[tuple[str, str]]
) -> list[list[Any]]:
    """What tells the rows of large extracts, which stand in files beside the warehouse.

    Only the landing writes such a file, whole, and what it writes depends on nothing but the bytes,
    layout and period that the token names and the code that reads them. To go through its rows
    would cost more, each time, than to build most models.
    """
    if source["schema"] != "landed" or ("raw", "loaded") not in there:
        return []
    told = connection.execute(
        "select extract_id, token, reader, rows_kept from raw.loaded"
        " where is_part and table_name = ? order by extract_id",
        [source["identifier"]],
    ).fetchall()
    return [list(part) for part in told]


def outdated(
    connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any], models: Iterable[str]
) -> list[str]:
    """Those of the models that don't stand as they would be made now, by code or by inputs."""
    return _changed(connection, manifest, digests(connection, manifest, models))


def refuse_outdated(
    connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any], selection: Selection
) -> None:
    """Nothing happens if all models stand as they would be made now; else PublicationRefused."""
    found = outdated(connection, manifest, selection.models(manifest["nodes"]))
    if found:
        names = [manifest["nodes"][name]["name"] for name in found]
        raise PublicationRefused(
            "the models weren't built from what is here now",
            place=", ".join(names[:5]) + (" and more" if len(names) > 5 else ""),
            got=f"{len(names):,} built from other inputs, or in a run that failed",
            expected="each model built and tested with today's code, seeds and extracts",
            fix="run `outcomes refresh`",
        )


def _changed(
    connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any], wanted: Mapping[str, str]
) -> list[str]:
    """The models that weren't built so, or whose tables or views aren't there."""
    connection.execute("create schema if not exists run")
    connection.execute(
        "create table if not exists run.built (unique_id varchar primary key, digest varchar)"
    )
    built = dict(connection.execute("select unique_id, digest from run.built").fetchall())
    gone = set(lacking(connection, manifest, wanted))
    return [name for name, digest in wanted.items() if built.get(name) != digest or name in gone]


def lacking(
    connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any], models: Iterable[str]
) -> list[str]:
    """Those of the models whose tables or views aren't there."""
    there = _there(connection)
    nodes = manifest["nodes"]
    return [name for name in models if (nodes[name]["schema"], nodes[name]["alias"]) not in there]


def _forget(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    connection.execute(
        "delete from run.built where list_contains($names, unique_id)", {"names": list(names)}
    )


def _note(connection: duckdb.DuckDBPyConnection, built: Mapping[str, str]) -> None:
    connection.execute(
        "insert into run.built select unnest($names), unnest($digests)",
        {"names": list(built), "digests": list(built.values())},
    )

"""One indicator built alone: dbt's graph with every other value left out of it.

The models are the product's own. Two are given other text for the occasion: the union of counts has
this indicator alone, and what landed is what is made of it. All that follows then has few rows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dagster_project import warehouse
from dagster_project.errors import UsageError
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.indicators import generated
from dagster_project.indicators.upstream import beneath, indicator_models
from dagster_project.pipeline import dbt_project, dbt_runner, steps
from dagster_project.registry import load_registry

if TYPE_CHECKING:
    import duckdb

COUNTS = "model.outcomes.int_indicator_counts"
DEFINED_NAME = "int_defined__observations"
DEFINED = f"model.outcomes.{DEFINED_NAME}"
LANDED = "model.outcomes.int_observations_landed"
REGISTER = "model.outcomes.int_indicators"
# What may be compared with it, and why not: rules over what is registered, no figures.
COMPARABILITY = "model.outcomes.comparability"
CHOSEN = "preview"
BUILT_IN = ("intermediate", "evidence")

SOURCE = re.compile(r"from \{\{ ref\('\w+'\) \}\}")

Graph = Mapping[str, Any]


def known(manifest: Graph, indicator_id: str) -> Mapping[str, Any]:
    """The model of an indicator; UsageError with those that there are."""
    models = {node["name"]: node for node in indicator_models(manifest)}
    if indicator_id not in models:
        raise UsageError(
            "there is no such indicator in dbt/models/indicators",
            got=indicator_id,
            expected="one of " + ", ".join(models),
            fix=f"correct the id, or write its two files: outcomes new-indicator {indicator_id}",
        )
    return models[indicator_id]


def build(scratch: Home, indicator_id: str) -> list[dbt_runner.NodeResult]:
    """After this the scratch home holds the indicator's values and evidence; examples passed.

    What doesn't depend on the indicator stands as the last refresh left it.
    """
    graph = dbt_project.manifest()
    node = known(graph, indicator_id)
    seeds = dbt_runner.seeds_to_load(scratch)
    with warehouse.connect(scratch) as connection:
        made = set(
            connection.execute(
                "select table_schema || '.' || table_name from information_schema.tables"
            ).fetchall()
        )
        changed = set() if not seeds and _definitions_stand(connection, made) else _written(graph)
    chosen = {*_upstream(made, graph, node["unique_id"]), *_downstream(graph, changed)}
    return dbt_runner.run(
        scratch,
        "build",
        (*seeds, f"tag:{CHOSEN}"),
        ("test_type:generic", "test_type:singular"),
        _alone(node, {*chosen, node["unique_id"]}),
    )


def _definitions_stand(connection: duckdb.DuckDBPyConnection, made: Collection[tuple[str]]) -> bool:
    """Whether the definitions say what they said when the last refresh read them."""
    registry = load_registry(PROJECT_ROOT / "seeds")
    for file, name in generated.MODELS.items():
        if (f"intermediate.{name}",) not in made:
            return False
        found = connection.execute(f"select * from intermediate.{name}")
        columns = [column[0] for column in found.description or ()]
        rows = [row for row in getattr(registry, file.removesuffix(".csv")) if "defined_in" in row]
        said = sorted(tuple(row.get(column, "") for column in columns) for row in rows)
        if said != sorted(tuple(cell or "" for cell in row) for row in found.fetchall()):
            return False
    return True


def _upstream(made: Collection[tuple[str]], graph: Graph, unique_id: str) -> list[str]:
    """What the indicator reads and the last refresh didn't make."""
    return sorted(
        name
        for name in beneath(graph, unique_id)
        if (node := graph["nodes"].get(name)) and node["resource_type"] == "model"
        if (f"{node['schema']}.{node['alias']}",) not in made
    )


def _written(graph: Graph) -> set[str]:
    """The models that are written from the definitions."""
    return {name for name, node in graph["nodes"].items() if node["path"].startswith("generated/")}


def _downstream(graph: Graph, changed: Collection[str]) -> list[str]:
    """What is made of its counts, and of definitions where they changed, up to the evidence."""
    first = {COUNTS, *changed}
    of_others = beneath(graph, LANDED) - {DEFINED, REGISTER, COUNTS, *first}
    late = set(steps.AFTER)
    found = {
        name
        for name in (*first, *_above(graph, first))
        if (node := graph["nodes"].get(name)) and node["resource_type"] == "model"
        if node["schema"] in BUILT_IN and node["name"] not in late and name not in of_others
    }
    return sorted({*found, *([COMPARABILITY] if changed else [])})


def _above(graph: Graph, names: Iterable[str]) -> set[str]:
    """All that rests on the models, near and far."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        for name in graph["child_map"].get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _alone(node: Mapping[str, Any], chosen: Iterable[str]) -> Any:
    """dbt's own graph, read anew since it is changed: the indicator is all there is."""
    manifest = dbt_project.read_for_dbt(dbt_project.parsed())
    # One tag: dbt looks for each name by itself, and among all nodes.
    for name in chosen:
        manifest.nodes[name].tags = [*manifest.nodes[name].tags, CHOSEN]
    counts = manifest.nodes[COUNTS]
    counts.raw_code = generated.counts([node["name"]])
    counts.depends_on.nodes = [node["unique_id"]]
    landed = manifest.nodes[LANDED]
    # The others give the columns that the common shape has, and no row.
    others = SOURCE.sub(r"\g<0> where false", landed.raw_code)
    landed.raw_code = (
        f"{others}\nunion all by name\nselect * from {{{{ ref('{DEFINED_NAME}') }}}}\n"
    )
    landed.depends_on.nodes.append(DEFINED)
    return manifest

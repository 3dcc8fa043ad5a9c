"""One indicator built alone: dbt's graph with every other value left out of it.

The models are the product's own. Two are given other text for the occasion: the union of counts has
this indicator alone, and what landed is what is made of it. All that follows then has few rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dagster_project import warehouse
from dagster_project.errors import UsageError
from dagster_project.home import Home
from dagster_project.indicators import generated
from dagster_project.indicators.upstream import beneath, indicator_models
from dagster_project.nearest import instead
from dagster_project.pipeline import dbt_project, dbt_runner, rebuilding, steps

if TYPE_CHECKING:
    import duckdb

COUNTS = "model.outcomes.int_indicator_counts"
DEFINED_NAME = "int_defined__observations"
DEFINED = f"model.outcomes.{DEFINED_NAME}"
LANDED = "model.outcomes.int_observations_landed"
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
            expected=instead(indicator_id, sorted(models)),
            fix="dbt/models/indicators has them all; what a publisher gives as a value has no"
            " preview: `outcomes explain` shows it. To write the two files of another:"
            f" outcomes new-indicator {indicator_id}",
        )
    return models[indicator_id]


def build(scratch: Home, indicator_id: str) -> list[dbt_runner.NodeResult]:
    """After this the scratch home holds the indicator's values and evidence; examples passed.

    What doesn't depend on the indicator stands as the last refresh left it, if that is how it would
    be made now.
    """
    graph = dbt_project.manifest()
    node = known(graph, indicator_id)
    seeds = dbt_runner.seeds_to_load(scratch)
    with warehouse.connect(scratch) as connection:
        chosen = _chosen(connection, graph, node["unique_id"])
    return dbt_runner.run(
        scratch,
        "build",
        (*seeds, f"tag:{CHOSEN}"),
        ("test_type:generic", "test_type:singular"),
        _alone(node, chosen),
    )


def _chosen(connection: duckdb.DuckDBPyConnection, graph: Graph, unique_id: str) -> list[str]:
    """The indicator, what is made of its counts, and what of all else they read is outdated."""
    measured = steps.MEASURED.models(graph["nodes"])
    evidence = {name for name in measured if graph["nodes"][name]["schema"] == "evidence"}
    made = {unique_id, *_of_counts(graph), COMPARABILITY}
    # Of the other indicators and sources nothing is read.
    alone = {"parent_map": {**graph["parent_map"], COUNTS: [unique_id], LANDED: [DEFINED]}}
    read = {*evidence, *(each for name in (*made, *evidence) for each in beneath(alone, name))}
    beside = [name for name in measured if name in read - made]
    # The columns of the other sources are.
    others = [name for name in measured if name in beneath(graph, LANDED) - read - made]
    return sorted(
        {
            *made,
            *rebuilding.outdated(connection, graph, beside),
            *rebuilding.lacking(connection, graph, others),
        }
    )


def _of_counts(graph: Graph) -> set[str]:
    """What is made of an indicator's counts, up to the evidence."""
    late = set(steps.AFTER)
    of_others = beneath(graph, LANDED) - {COUNTS, DEFINED}
    return {
        name
        for name in (COUNTS, *above(graph, [COUNTS]))
        if (node := graph["nodes"].get(name)) and node["resource_type"] == "model"
        if node["schema"] in BUILT_IN and node["name"] not in late and name not in of_others
    }


def above(graph: Graph, names: Iterable[str]) -> set[str]:
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

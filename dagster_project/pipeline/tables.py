"""The released tables, made from what `dbt/models/marts` declares: columns, keys, descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dagster_project.errors import RegistryError
from dagster_project.release.shapes import TABLE as AREA_SHAPES
from dagster_project.release.tables import Column, PublishedTable, Redaction

VALUES = "marts.indicator_values"
KEY = (
    "indicator_id",
    "area_code",
    "period_type",
    "period_start",
    "period_end",
    "sex",
    "age",
    "segment",
    "breakdown_type",
    "breakdown",
    "origin",
)

DATATYPES = {
    "varchar": "string",
    "double": "number",
    "integer": "integer",
    "bigint": "integer",
    "boolean": "boolean",
    "date": "date",
    "varchar[]": "list",
}

FIGURES = (
    "value",
    "lower_95",
    "upper_95",
    "lower_998",
    "upper_998",
    "numerator",
    "denominator",
)
COUNTS = (
    "better",
    "similar",
    "worse",
    "mixed",
    "no_judgement",
    "not_compared",
    "no_data",
    "expected_worse_by_chance",
)

# Of the whole cut, whichever of its groups is taken back.
OF_THE_CUT = Redaction(
    (*FIGURES[:5], "from_group", "to_group", "method"),
    marks=(("status", "not_calculated"),),
    notes=(("status_reason", "value_set_aside"),),
    is_remade=True,
)

# Which column stands for which of the key on one side of `alignment`.
SIDE_OF_KEY = ("indicator_id", "period_type", "period_start", "period_end", "period_label")
SIDE_ONLY = ("sex", "age", "origin")


def _of_side(side: str) -> tuple[Redaction, Redaction]:
    """The side's own value taken back, and England's, against which the side is judged."""
    match = tuple((name, f"{side}_{name}") for name in (*SIDE_OF_KEY, *SIDE_ONLY))
    judged = ((f"{side}_judgement", "not_compared"),)
    own = Redaction(
        (
            *(f"{side}_{name}" for name in FIGURES[:3]),
            *(f"difference{name}" for name in ("", "_lower_95", "_upper_95")),
            *("is_beyond_chance", "says_better", "says_worse", "differs_since", "likeliest_cause"),
        ),
        match=match,
        marks=judged,
        notes=(("agreement", "value_set_aside"),),
    )
    england = Redaction(
        ("says_better", "says_worse"),
        match=(("area_code", "compared_with"), *match),
        marks=judged,
        notes=(("agreement", "not_judged"),),
    )
    return own, england


# What is emptied or marked in each table when a value is taken back after publication.
REDACTIONS = {
    "alignment": (*_of_side("left"), *_of_side("right")),
    "goals": (
        Redaction(
            ("baseline_value", *FIGURES[:3], "expected_value", "publisher_verdict"),
            marks=(("state", "no_value"),),
            notes=(("reason", "value_withdrawn"),),
        ),
        # The path begins at the baseline's value.
        Redaction(
            ("baseline_value", "expected_value"),
            match=(
                ("period_start", "baseline_start"),
                ("period_end", "baseline_end"),
                ("period_label", "baseline_label"),
            ),
            marks=(("state", "no_value"),),
            notes=(("reason", "baseline_withdrawn"),),
        ),
    ),
    "indicator_values": (
        Redaction(FIGURES, marks=(("status", "withdrawn"), ("status_reason", "withdrawn"))),
    ),
    "comparisons": (
        Redaction(
            ("value", "comparator_value"),
            marks=(("judgement", "not_compared"),),
            notes=(("reason", "value_withdrawn"),),
        ),
        # Where England's value goes, or a region's or a peer's, so does what was compared with it.
        Redaction(
            ("value", "comparator_value"),
            match=(("area_code", "comparator_code"),),
            marks=(("judgement", "not_compared"),),
            notes=(("reason", "comparator_withdrawn"),),
        ),
    ),
    # Of the series, whichever of its periods is taken back: a trend doesn't name all it rests on.
    "trends": (
        Redaction(
            ("method",),
            marks=(("direction", "not_calculated"), ("judgement", "not_compared")),
            notes=(("reason", "value_set_aside"),),
            is_remade=True,
        ),
    ),
    "inequalities": (
        OF_THE_CUT,
        # The sexes are groups too.
        replace(OF_THE_CUT, match=(("sex", "from_group"),)),
        replace(OF_THE_CUT, match=(("sex", "to_group"),)),
    ),
    "domain_summary": (
        Redaction(
            COUNTS,
            via="framework_indicators",
            via_columns=("framework", "edition", "domain_code"),
        ),
    ),
    "changes": (
        # Who gave a reason may have told the figure in it.
        Redaction(("old_value", "new_value", "change_pct", "sentence", "reason")),
        # Where the release before is taken back, so is what is said of it here.
        Redaction(
            ("old_value", "change_pct", "sentence", "reason"),
            match=(("release_id", "previous_release"),),
        ),
    ),
    "check_results": (Redaction(("observed",)),),
}

RELEASE_COLUMN = Column(
    "release_first_published", "string", "Release in which this key first appeared."
)

CHANGES_DESCRIPTION = (
    "One row per key that differs from the release before: what changed, by how much, and why."
)
CHANGE_COLUMNS = (
    Column(
        "change",
        "string",
        "added, removed, revised, no_longer_shown (no value any more) or status_changed.",
    ),
    Column("old_value", "number", "The value before; empty where it is or was hidden."),
    Column("new_value", "number", "The value now; empty where it is or was hidden."),
    Column("old_status", "string", "The status before."),
    Column("new_status", "string", "The status now."),
    Column("change_pct", "number", "Change as a percentage of the value before."),
    Column("cause", "string", "Why it changed, found by comparing what made it then and now."),
    Column("also", "list", "What else differs in what made it, if several things do."),
    Column("reason", "string", "The reason that a role gave for it; empty where none was given."),
    Column("reason_by", "string", "The role that gave the reason."),
    Column("sentence", "string", "The same in words."),
    Column("previous_release", "string", "The release before, which this one is compared with."),
)


def published_tables(
    manifest: Mapping[str, Any], queries: Mapping[str, str]
) -> tuple[PublishedTable, ...]:
    """Every mart with a release key, as the release declares it; what Python makes beside them.

    `queries` replaces the plain reading of a mart, by table name, and gives `changes`, which is no
    mart: without its query that table is a shape alone.
    """
    tables = []
    for node in sorted(manifest["nodes"].values(), key=lambda node: str(node["alias"])):
        declared = node.get("config", {}).get("meta", {}).get("release")
        if node["resource_type"] == "model" and declared:
            tables.append(_table(node, declared["key"], queries))
    values = next(table for table in tables if table.name == "indicator_values")
    columns = {column.name: column for column in values.columns}
    tables.append(
        PublishedTable(
            name="changes",
            query=queries.get("changes", ""),
            key=KEY,
            columns=(*(columns[name] for name in KEY), *CHANGE_COLUMNS),
            description=CHANGES_DESCRIPTION,
            redactions=REDACTIONS["changes"],
        )
    )
    tables.append(AREA_SHAPES)
    return tuple(sorted(tables, key=lambda table: table.name))


def _table(node: Mapping[str, Any], key: list[str], queries: Mapping[str, str]) -> PublishedTable:
    columns = [_column(node, column) for column in node["columns"].values()]
    names = ", ".join(f'"{column.name}"' for column in columns)
    plain = f"select {names} from marts.{node['alias']}"
    if node["alias"] == "indicator_values":
        columns.append(RELEASE_COLUMN)
    return PublishedTable(
        name=node["alias"],
        query=queries.get(node["alias"], plain),
        key=tuple(key),
        columns=tuple(columns),
        description=node["description"],
        redactions=REDACTIONS.get(node["alias"], ()),
    )


def _column(node: Mapping[str, Any], column: Mapping[str, Any]) -> Column:
    kind = DATATYPES.get(str(column["data_type"]).lower())
    if kind is None or not column["description"]:
        raise RegistryError(
            "a released column needs a known type and a description",
            file=str(node["original_file_path"]),
            place=f"{node['name']}.{column['name']}",
            got=str(column["data_type"]),
            expected=", ".join(DATATYPES),
            fix="complete it in dbt/models/marts/_marts.yml",
        )
    return Column(column["name"], kind, column["description"])

"""What must also run on Spark: the indicators' SQL and all they read, as dbt's macros render it.

Each model is read as DuckDB's and written as Spark's by sqlglot. Told are constructs that only
DuckDB has, what sqlglot can't write for Spark, and functions that Spark calls by another name or
doesn't have: the text itself must run on both.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, UnsupportedError

from dagster_project.home import PROJECT_ROOT
from dagster_project.indicators.upstream import beneath, indicator_models
from dagster_project.pipeline import dbt_project
from tests.support import models

Fault = tuple[str, str, str]
Test = Callable[[Any], bool]


def _always(_: Any) -> bool:
    return True


def _has(*words: str) -> Test:
    return lambda node: any(node.args.get(word) for word in words)


def _by_all(node: Any) -> bool:
    return any(getattr(each.this, "name", "").lower() == "all" for each in node.expressions)


# Constructs, when they count, what they are called, and what to write instead.
BANNED: tuple[tuple[type[exp.Expression], Test, str, str], ...] = (
    (exp.Pivot, _always, "PIVOT", "sum(case when … end) for each column"),
    (exp.Qualify, _always, "QUALIFY", "a row number in one step, and where in the next"),
    (exp.Star, _has("except", "except_", "replace", "rename"), "EXCLUDE or REPLACE", "the columns"),
    (exp.Group, _has("all"), "GROUP BY ALL", "the columns by name"),
    (exp.Order, _by_all, "ORDER BY ALL", "the columns by name"),
    (exp.Distinct, _has("on"), "DISTINCT ON", "a row number"),
    (exp.Union, _has("by_name"), "UNION BY NAME", "the columns in one order"),
    (exp.Lambda, _always, "a lambda", "a join or a case"),
    (exp.Array, _always, "a list", "rows, or text with a separator"),
    (exp.ArrayAgg, _always, "a list of values", "min, max or a row number"),
    (exp.Struct, _always, "a struct", "columns"),
    (exp.Unnest, _always, "UNNEST", "rows in the first place"),
    (exp.IntDiv, _always, "//", "cast(floor(a / b) as integer)"),
)
# What sqlglot knows, and yet writes for Spark as it stands.
PASSED_ON = frozenset({"regexp_full_match"})
# Comments and text, in which a bracket calls nothing.
PROSE = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
CALLED = re.compile(r"\b([a-z_]\w*)\s*\(", re.IGNORECASE)


def files() -> dict[str, Path]:
    """The indicators and every model beneath them, with the file of each."""
    graph = dbt_project.manifest()
    names: set[str] = set()
    for node in indicator_models(graph):
        names |= {node["unique_id"], *beneath(graph, node["unique_id"])}
    nodes = [graph["nodes"][name] for name in names if name in graph["nodes"]]
    return {
        node["name"]: PROJECT_ROOT / "dbt" / node["original_file_path"]
        for node in nodes
        if node["resource_type"] == "model"
    }


def faults_of_file(path: Path) -> list[Fault]:
    """What keeps the model from Spark."""
    return list(faults(models.sql(path.read_text(encoding="utf-8"))))


def faults(sql: str) -> Iterator[Fault]:
    """What it is, where it stands, and what to write instead; nothing of portable SQL."""
    # It says in the log what it raises as well.
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
    except ParseError as problem:
        yield "unreadable", str(problem).splitlines()[0], "SQL that sqlglot reads as DuckDB's"
        return
    for kind, counts, name, instead in BANNED:
        for node in tree.find_all(kind):
            if counts(node):
                yield name, node.sql("duckdb")[:80], instead
    try:
        written = tree.sql("spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
        sqlglot.parse_one(written, read="spark")
    except (UnsupportedError, ParseError) as problem:
        yield "unsupported", str(problem).splitlines()[0], "something that both engines have"
        return
    theirs = {name.lower() for name in CALLED.findall(written)}
    ours = {name.lower() for name in CALLED.findall(PROSE.sub("", sql))}
    # What sqlglot doesn't know it passes on as it stands: it may be DuckDB's alone.
    unknown = {node.name.lower() for node in tree.find_all(exp.Anonymous)}
    for name in sorted((ours - theirs) | unknown | (ours & PASSED_ON)):
        yield f"{name}()", "Spark has it by another name, or not at all", "what both have"

"""The seal of the marts: that what publishing reads is what the build left, table by table.

The values have a seal of their own, from the judging. This one holds all that is released beside
them, and what it is worked out from while it is written: a view by its text, a table by its rows.
Like the other it guards against mix-ups and edits, not against an adversary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dagster_project.errors import PublicationRefused
from dagster_project.judging import sql
from dagster_project.judging.seal import rows_digest
from dagster_project.pipeline.judging import CANDIDATES

if TYPE_CHECKING:
    import duckdb

SEAL = "run.marts_seal"
# What the table of changes reads beside the marts.
BESIDE = ("evidence.evidence_reasons",)
# What views cast text to: a word left out of one would leave out rows.
LISTS = """
    select schema_name || '.' || type_name, md5(cast(labels as varchar)) from duckdb_types()
    where logical_type = 'ENUM' and labels is not null
"""
# DuckDB tells these names in another order each time it is asked.
EXCLUDED = re.compile(r"EXCLUDE \(([^()]*)\)")


def write(con: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> None:
    """After this the marts, and what they rest on while they are read, are sealed as they stand."""
    digests = _digests(con, manifest)
    con.execute(f"create or replace table {SEAL} (relation VARCHAR, digest VARCHAR)")
    con.executemany(f"insert into {SEAL} values (?, ?)", list(digests.items()))


def verify(con: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> None:
    """Nothing happens if they stand as they were sealed; else PublicationRefused names those."""
    there = con.execute(
        "select 1 from information_schema.tables where table_schema || '.' || table_name = ?",
        [SEAL],
    ).fetchall()
    sealed = dict(con.execute(f"select relation, digest from {SEAL}").fetchall()) if there else {}
    now = _digests(con, manifest)
    differing = sorted(
        name for name in sealed.keys() | now.keys() if sealed.get(name) != now.get(name)
    )
    if differing:
        raise PublicationRefused(
            "the marts aren't those that were built after the judging",
            place=", ".join(differing[:5]) + (" and more" if len(differing) > 5 else ""),
            got="a table or view that was changed since" if sealed else "marts without a seal",
            expected="the marts as `outcomes refresh` left them",
            fix="run `outcomes refresh`; if a mart was edited by hand, that edit is lost",
        )


def _digests(con: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> dict[str, str]:
    views = {
        name: EXCLUDED.sub(_in_order, text)
        for name, text in con.execute(
            "select schema_name || '.' || view_name, sql from duckdb_views()"
        ).fetchall()
    }
    tables = {
        relation: views.get(relation)
        or rows_digest(con, relation, list(sql.column_types(con, relation)))
        for relation in sorted(set(_relations(manifest)))
    }
    return {**tables, **dict(con.execute(LISTS).fetchall())}


def _in_order(match: re.Match[str]) -> str:
    return f"EXCLUDE ({', '.join(sorted(match[1].split(', ')))})"


def _relations(manifest: Mapping[str, Any]) -> Iterator[str]:
    """The released marts, and through those that are views all that is read when they are.

    Save what the candidates are made of: the judging has sealed their rows.
    """
    nodes = {**manifest["nodes"], **manifest["sources"]}
    waiting = [
        name
        for name, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["config"].get("meta", {}).get("release")
    ]
    seen = set(waiting)
    yield from BESIDE
    while waiting:
        node = nodes[waiting.pop()]
        if node["schema"] == "judged":
            # Sealed by the judging itself.
            continue
        relation = f"{node['schema']}.{node.get('alias') or node['name']}"
        yield relation
        # The rows of the candidates are sealed by the judging too.
        if relation != CANDIDATES and node.get("config", {}).get("materialized") == "view":
            parents = [parent for parent in node["depends_on"]["nodes"] if parent not in seen]
            seen.update(parents)
            waiting.extend(parents)

"""Whether the groups' figures are those of their rows. No bound is applied: figures are compared.

A pass rests on two numbers that SQL computed: the extreme of a group, and how many were tested.
Both are computed again from the rows, so that neither can let a failing or untested row through.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dagster_project.errors import OutcomesError
from dagster_project.judging.sql import column_types, fill, quote, relation

if TYPE_CHECKING:
    import duckdb

    from dagster_project.judging.suites import Check

# How many rows the evidence says a group has: what no figure can show is a row that it never saw.
ROW_COUNT = "n_rows"
NUMERIC = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\)|BOOLEAN")

COMPARISON = """
    with held as (
        select {key} as held_key, count(*) as held_rows{figures}
        from {rows}
        group by all
    )
    select
        {key} as known_key,
        held_key,
        n_rows is distinct from coalesce(held_rows, 0) as miscounted
        {differences}
    from {groups} as known
    full join held on known.{key} = held_key
    where known_key is null or miscounted {any_difference}
    order by known_key, held_key
"""


@dataclass(frozen=True)
class Disagreements:
    """`groups`: by check id, the groups whose figure isn't that of their rows.

    `broken`: by check id, why its rows can't be read at all.
    """

    groups: Mapping[str, Sequence[Any]]
    broken: Mapping[str, str]


def compare_figures(
    con: duckdb.DuckDBPyConnection,
    checks: Sequence[Check],
    *,
    groups_table: str,
    rows_table: str,
    key: str,
) -> Disagreements:
    """Which checks and groups can't be trusted; OutcomesError if the tables aren't a pair."""
    group_columns = column_types(con, groups_table)
    row_columns = column_types(con, rows_table)
    broken = {check.check_id: _unreadable(check, row_columns) for check in checks if check.rows}
    readable = [
        check
        for check in checks
        if check.rows
        and not broken[check.check_id]
        # A figure that the groups lack is the engine's to report.
        and all(_is_numeric(group_columns, name) for name in (check.column, check.tested))
    ]
    found = con.execute(_comparison(readable, groups_table, rows_table, key)).fetchall()
    strays = [row[1] for row in found if row[0] is None]
    miscounted = [row[0] for row in found if row[0] is not None and row[2]]
    if strays or miscounted:
        raise _not_a_pair(groups_table, rows_table, strays, miscounted)
    groups = {
        check.check_id: [row[0] for row in found if row[3 + place]]
        for place, check in enumerate(readable)
    }
    return Disagreements(groups, {check: why for check, why in broken.items() if why})


def _unreadable(check: Check, row_columns: Mapping[str, str]) -> str:
    if check.rows not in row_columns:
        return f"the row figure {check.rows} isn't in the rows"
    if not _is_numeric(row_columns, check.rows):
        return f"the row figure {check.rows} isn't numeric"
    return ""


def _is_numeric(types: Mapping[str, str], column: str | None) -> bool:
    return NUMERIC.fullmatch(types.get(column or "", "")) is not None


def _comparison(checks: Sequence[Check], groups_table: str, rows_table: str, key: str) -> str:
    """One pass over the rows for all checks."""
    figures, differences = [], []
    for place, check in enumerate(checks):
        extreme = "max" if "max_value" in check.arguments else "min"
        figure = quote(str(check.rows))
        figures.append(f", {extreme}({figure}) as extreme_{place}, count({figure}) as n_{place}")
        differences.append(
            f", known.{quote(check.column)} is distinct from extreme_{place}"
            f" or known.{quote(check.tested)} is distinct from coalesce(n_{place}, 0)"
            f" as differs_{place}"
        )
    return fill(
        COMPARISON,
        key=quote(key),
        groups=relation(groups_table),
        rows=relation(rows_table),
        figures=" ".join(figures),
        differences=" ".join(differences),
        any_difference=" ".join(f"or differs_{place}" for place in range(len(checks))),
    )


def _not_a_pair(
    groups_table: str, rows_table: str, strays: Sequence[Any], miscounted: Sequence[Any]
) -> OutcomesError:
    """Rows that no group speaks for would be published unjudged."""
    return OutcomesError(
        "the groups and the rows of the evidence don't belong together",
        place=f"{groups_table}, {rows_table}",
        got=f"{len(strays)} groups of rows that the groups table lacks {strays[:3]}, "
        f"{len(miscounted)} groups with another number of rows than {ROW_COUNT} {miscounted[:3]}",
        expected=f"every row in one known group, and {ROW_COUNT} rows in each",
        fix="build both tables in one run, from the same model",
    )

"""The groups that are judged, each with its rows' figures: their extreme, and how many have one.

No model works these two out. They are read from the rows where these are judged, so that nothing
stands between a row and what its group is judged by. No bound is applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dagster_project.errors import OutcomesError
from dagster_project.judging.sql import as_text, column_types, fill, quote, relation
from dagster_project.judging.store import GROUP_COLUMNS

if TYPE_CHECKING:
    import duckdb
    import pandas

    from dagster_project.judging.suites import Check

# How many rows the evidence says a group has: what no figure can show is a row that it never saw.
ROW_COUNT = "n_rows"
EXPECTS_VALUES = "expects_values"
NUMERIC = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\)|BOOLEAN")

# One pass over the rows for all checks.
HOLD = """
    create or replace temp table held_figures as
    select {key} as held_key, count(*) as held_rows{figures}
    from {rows}
    group by held_key
"""
READ = """
    select {columns}, coalesce(held_rows, 0) as held_rows
    from {groups} as known
    left join temp.held_figures as held on known.{key} = held.held_key
    order by known.{key}
"""
STRAYS = """
    select held_key
    from temp.held_figures
    anti join {groups} as known on held_key = known.{key}
    order by held_key
"""


@dataclass(frozen=True, eq=False)
class Groups:
    """`frame`: one row a group, in the order of their key.

    `broken`: by check id, why its rows can't be read at all. Its figures aren't in the frame.
    """

    frame: pandas.DataFrame
    broken: Mapping[str, str]


def read_groups(
    con: duckdb.DuckDBPyConnection,
    checks: Sequence[Check],
    *,
    groups_table: str,
    rows_table: str,
    key: str,
) -> Groups:
    """The groups with what the checks ask for; OutcomesError if the two tables aren't a pair."""
    row_columns = column_types(con, rows_table)
    there = column_types(con, groups_table)
    always = [key, EXPECTS_VALUES, ROW_COUNT, *GROUP_COLUMNS]
    if missing := [name for name in always if name not in there]:
        raise _unusable(groups_table, f"no column {', '.join(missing)}")
    of_rows = [check for check in checks if check.rows]
    broken = {check.check_id: _unreadable(check, row_columns) for check in of_rows}
    held = _figures([check for check in of_rows if not broken[check.check_id]])
    # What is of rows is read from them alone.
    elsewhere = {name for check in of_rows for name in (check.column, check.tested)}
    asked = {
        name
        for check in checks
        for name in (check.column, check.tested, check.applies, check.names)
        if name is not None
    }
    wanted = [*always, *sorted((asked - elsewhere).intersection(there).difference(always))]
    with _held_figures(con, rows_table, key, held):
        columns = [*(as_text(name, there[name]) for name in wanted), *_told(held)]
        names = {"groups": relation(groups_table), "key": quote(key)}
        groups = con.execute(fill(READ, columns=", ".join(columns), **names)).df()
        strays = con.execute(fill(STRAYS, **names)).fetchall()
    _check_groups(groups, groups_table, key)
    counted = groups.pop("held_rows")
    # No number is none of rows either.
    agrees = groups[ROW_COUNT].eq(counted).fillna(False).astype(bool)
    miscounted = groups.loc[~agrees, key]
    if strays or len(miscounted):
        raise _not_a_pair(groups_table, rows_table, [row[0] for row in strays], list(miscounted))
    return Groups(groups, {check: why for check, why in broken.items() if why})


def _unreadable(check: Check, row_columns: Mapping[str, str]) -> str:
    if check.rows not in row_columns:
        return f"the row figure {check.rows} isn't in the rows"
    if NUMERIC.fullmatch(row_columns[str(check.rows)]) is None:
        return f"the row figure {check.rows} isn't numeric"
    return ""


def _figures(checks: Sequence[Check]) -> dict[str, str]:
    """What is said of rows, by the name that the checks know it by in the groups."""
    figures = {}
    for check in checks:
        extreme = "max" if "max_value" in check.arguments else "min"
        figures[check.column] = f"{extreme}({quote(str(check.rows))})"
        figures[str(check.tested)] = f"count({quote(str(check.rows))})"
    return figures


def _told(figures: Mapping[str, str]) -> Iterator[str]:
    """The figures as each group has them: of a group without rows nothing was tested."""
    for name, figure in figures.items():
        counts = figure.startswith("count(")
        of_group = f"held.{quote(name)}"
        yield f"coalesce({of_group}, 0) as {quote(name)}" if counts else of_group


@contextmanager
def _held_figures(
    con: duckdb.DuckDBPyConnection, rows_table: str, key: str, figures: Mapping[str, str]
) -> Iterator[None]:
    """Inside the block there is a table of them, one row a group that has rows."""
    told = "".join(f", {figure} as {quote(name)}" for name, figure in figures.items())
    con.execute(fill(HOLD, key=quote(key), rows=relation(rows_table), figures=told))
    try:
        yield
    finally:
        con.execute("drop table temp.held_figures")


def _check_groups(groups: pandas.DataFrame, groups_table: str, key: str) -> None:
    if groups.empty:
        raise _unusable(groups_table, "no groups")
    if groups[key].isna().any() or groups[key].duplicated().any():
        raise _unusable(groups_table, f"gaps or repeats in {key}")
    if groups.duplicated(list(GROUP_COLUMNS)).any():
        raise _unusable(groups_table, f"the same {', '.join(GROUP_COLUMNS)} in two groups")


def _unusable(groups_table: str, got: str) -> OutcomesError:
    return OutcomesError(
        "the groups can't be judged",
        place=groups_table,
        got=got,
        expected=f"one row a group, with its key, {EXPECTS_VALUES}, {ROW_COUNT}, "
        f"{', '.join(GROUP_COLUMNS)}",
        fix="correct the evidence model; the expected grid comes from the registry",
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

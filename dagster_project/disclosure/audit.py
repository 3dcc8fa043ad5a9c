"""The proof of each release that no hidden count of ours can be worked out from what it shows.

Asked of the values as they are about to be released, not of what the hiding meant to do: what is
hidden is what bears no figure there, and everything else counts as known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from dagster_project.disclosure.attack import narrowed
from dagster_project.disclosure.cells import Cell, cell_from_row
from dagster_project.disclosure.in_duckdb import COLUMNS
from dagster_project.disclosure.knowledge import table_of
from dagster_project.errors import PublicationRefused

if TYPE_CHECKING:
    import duckdb

COUNTS = "intermediate.int_disclosure_counts"
# What is withdrawn was read before it was: it hides nothing but what is small itself.
IS_HIDDEN = (
    "(shown.status = 'suppressed'"
    " or shown.status = 'withdrawn' and length(counts.small_figures) > 0)"
)


@dataclass(frozen=True)
class Audit:
    """What the audit came to. No figure of anybody's: how many values, and of which indicators."""

    guarded: int = 0
    small: int = 0
    hidden: int = 0
    proved: int = 0
    already_known: int = 0
    found_out: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "guarded": self.guarded,
            "small": self.small,
            "hidden": self.hidden,
            "proved": self.proved,
            "already_known": self.already_known,
        }


@dataclass(frozen=True)
class Verdict:
    """How many hidden figures of a table were asked about, and which can be found out."""

    proved: int
    found_out: tuple[int, ...]
    already_known: int


def audit_table(cells: Sequence[Cell], hidden: set[int]) -> Verdict:
    """Whether what is shown of one indicator leaves every hidden figure open.

    A figure that is narrowed only by what stands in earlier releases or with a publisher, and by
    the marks of what is hidden, isn't found out by this release: nothing shown here could be hidden
    to help it. It is counted as already known.
    """
    table = table_of(cells)
    must_be_hidden = table.stay_hidden() | {cell.row_id for cell in cells if cell.small}
    shown = [cell.row_id for cell in cells if cell.row_id in must_be_hidden - hidden]
    goals = {goal.which: goal for goal in table.goals(hidden)}
    found_out = shown
    known = sum(1 for cell in cells if cell.small and cell.is_known)
    parts = table.parts(hidden)
    every = narrowed(table, parts, goals)
    for part in parts:
        missed = [which for which in part.unknown if which in every]
        if table.told_here(part, hidden):
            found_out += [int(str(which[0])) for which in missed]
        else:
            known += len(missed)
    return Verdict(len(goals), tuple(dict.fromkeys(found_out)), known)


def audit(con: duckdb.DuckDBPyConnection, values: str, key: Sequence[str]) -> Audit:
    """The audit of `values`, the relation that is about to be released."""
    # Nearly always there is nothing to ask: no source that isn't public has landed.
    if not con.execute(f"select 1 from {COUNTS} limit 1").fetchall():
        return Audit()
    same = " and ".join(f"shown.{name} = chosen.{name}" for name in key)
    columns = ", ".join(f"counts.{name}" for name in COLUMNS)
    result = con.execute(
        f"select counts.indicator_id, counts.definition_version, {columns},"
        f" coalesce({IS_HIDDEN}, false) and"
        " coalesce(shown.value, shown.lower_95, shown.upper_95, shown.lower_998, shown.upper_998,"
        " shown.numerator, shown.denominator) is null as is_hidden"
        f" from {COUNTS} as counts"
        " join intermediate.int_chosen_values as chosen on chosen.row_id = counts.row_id"
        f" left join {values} as shown on {same}"
        " order by 1, 2, counts.row_id"
    )
    names = [column[0] for column in result.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return _all_together(rows)


def _all_together(rows: Sequence[dict[str, Any]]) -> Audit:
    proved = known = small = hidden = 0
    found_out: dict[str, None] = {}
    for (indicator, _), of_it in groupby(
        rows, key=lambda row: (row["indicator_id"], row["definition_version"])
    ):
        listed = list(of_it)
        cells = [cell_from_row(row) for row in listed]
        kept_back = {
            cell.row_id for cell, row in zip(cells, listed, strict=True) if row["is_hidden"]
        }
        small += sum(1 for cell in cells if cell.small)
        hidden += len(kept_back)
        if not kept_back and not any(cell.small or cell.was_hidden for cell in cells):
            continue
        verdict = audit_table(cells, kept_back)
        proved += verdict.proved
        known += verdict.already_known
        if verdict.found_out:
            found_out[str(indicator)] = None
    return Audit(len(rows), small, hidden, proved, known, tuple(found_out))


def refuse_found_out(found: Audit) -> None:
    """Nothing happens if no hidden figure can be found out; else PublicationRefused names where."""
    if found.found_out:
        raise PublicationRefused(
            "hidden counts could be worked out from what would be shown",
            place=", ".join(found.found_out[:5])
            + (" and more" if len(found.found_out) > 5 else ""),
            got=f"{len(found.found_out)} indicators with a hidden count that isn't safe",
            expected="every hidden count open to all that its policy hides",
            fix="run `outcomes refresh`; if it says so again, report it: nothing was published",
        )

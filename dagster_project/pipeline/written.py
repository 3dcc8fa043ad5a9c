"""Verifying what was written of a release, before it stands: the values, and where none may be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.errors import PublicationRefused
from dagster_project.judging.seal import rows_digest
from dagster_project.judging.sql import as_text, column_types
from dagster_project.pipeline.judging import CANDIDATES
from dagster_project.pipeline.tables import FIGURES, KEY, VALUES
from dagster_project.release.sql import names, parquet

if TYPE_CHECKING:
    import duckdb


# What is said of a figure, beside its key, and stays as it was judged where the value is published.
SAID = ("definition_version", "period_label", "population_basis", "unit", "method", "source_id")

# What int_observations makes of the key, for its `row_id`: in a file the key is text and dates.
ROW_ID = f"hash({names(KEY)})"


def verify_passed(con: duckdb.DuckDBPyConnection, directory: Path) -> None:
    """Refused unless what was written is, row by row, what passed, figures and words."""
    told = names((*FIGURES, *SAID))
    types = column_types(con, CANDIDATES)
    texts = ", ".join(as_text(name, types[name]) for name in (*FIGURES, *SAID))
    passed = (
        f"(select candidates.row_id, {texts} from {CANDIDATES} as candidates"
        " anti join intermediate.int_held_rows as held on held.row_id = candidates.row_id"
        " anti join intermediate.int_withdrawn_rows as gone on gone.row_id = candidates.row_id"
        " where status = 'published')"
    )
    file = parquet(directory / "data" / "indicator_values.parquet")
    written = f"(select {ROW_ID} as row_id, {told} from {file} where status = 'published')"
    con.execute(f"create or replace temp view values_that_passed as from {passed}")
    con.execute(f"create or replace temp view values_written as from {written}")
    columns = ("row_id", *FIGURES, *SAID)
    judged = rows_digest(con, "values_that_passed", columns)
    published = rows_digest(con, "values_written", columns)
    if judged != published:
        raise PublicationRefused(
            "the values to be published aren't those that passed",
            place=VALUES,
            got=f"digest {published[-24:]}",
            expected=f"digest {judged[-24:]}",
            fix="run `outcomes refresh`; if the mart was edited by hand, that edit is lost",
        )


def verify_the_rest(con: duckdb.DuckDBPyConnection, directory: Path) -> None:
    """Refused if a row shows a figure that it may not.

    What is hidden or withdrawn shows none; what is held shows its last good figures or none; what
    else has no value may have counts.
    """
    file = parquet(directory / "data" / "indicator_values.parquet")
    same = " and ".join(f"written.{name} = past.{name}" for name in KEY)
    changed = " or ".join(f"written.{name} is distinct from past.{name}" for name in FIGURES)
    every = ", ".join(f"written.{name}" for name in FIGURES)
    value_and_limits = ", ".join(f"written.{name}" for name in FIGURES[:5])
    shown = con.execute(
        f"select written.status, count(*) from {file} as written"
        f" left join run.previous_values as past on {same} and written.status = 'held'"
        " and past.status in ('published', 'held')"
        " where written.status <> 'published' and case written.status"
        f" when 'held' then coalesce({every}) is not null"
        f" and (past.status is null or {changed})"
        f" when 'suppressed' then coalesce({every}) is not null"
        f" when 'withdrawn' then coalesce({every}) is not null"
        f" else coalesce({value_and_limits}) is not null end"
        " group by 1 order by 1"
    ).fetchall()
    if shown:
        raise PublicationRefused(
            "figures stand where none may be shown",
            place=VALUES,
            got=", ".join(f"{count:,} {status}" for status, count in shown),
            expected="figures of published values, and of held ones the last good",
            fix="run `outcomes refresh`; if it says so again, report it: nothing was published",
        )

"""Whom a release names: the publishers of what it was made from."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from dagster_project.calendar import source_rows

if TYPE_CHECKING:
    import duckdb

# The sources that values name, and those that the definitions of these values name.
COUNTED_FROM = (
    "select source_id from marts.provenance"
    " union select unnest(string_split(sources, '|')) from intermediate.int_indicators"
    " where indicator_id in (select indicator_id from marts.provenance)"
)


def attributions(con: duckdb.DuckDBPyConnection, landed: Set[str]) -> tuple[str, ...]:
    """What the licences of the sources that landed ask to be said, each once.

    A source that isn't public gives a release counts alone, and what counts from it names it: where
    the release has none of them, it isn't named. Any other may be in lookups, and always is.
    """
    counted_from = {str(source) for (source,) in con.execute(COUNTED_FROM).fetchall()}
    return tuple(
        sorted(
            {
                row["attribution"]
                for row in source_rows()
                if row["source_id"] in landed
                and (row["is_public"] == "true" or row["source_id"] in counted_from)
            }
        )
    )

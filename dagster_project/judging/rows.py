"""The second stage: which rows make a group fail, judged by the bound that the group broke.

Only rows of failing groups are judged, and of those each figure that occurs once: rows of one
figure have one verdict. Since max(gap) <= t exactly when every gap <= t, no row outside them can
fail. The rows are a view over all values, worked out at each reading: those of all failing groups
are read once, for all checks, and kept while these are settled, unless they are too many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dagster_project.judging.engine import answer_rows
from dagster_project.judging.sql import columns, fill, quote, relation

if TYPE_CHECKING:
    import duckdb
    import pandas

    from dagster_project.judging.suites import Check, Suite

# DuckDB hands rows over in vectors of this many.
VECTOR = 2048
# More figures than this aren't kept: where most groups fail, each check reads its own of all rows.
KEPT_FIGURES = 20_000_000
KEPT_ROWS = "temp.failing_rows"

KEEP = """
    create or replace temp table failing_rows as
    select {columns}
    from {rows}
    where {key} in (select group_id from failing_groups) and ({said})
"""

FIGURES = """
    select cast({figure} as double) as observed, count(*) as held_by
    from {rows}
    where {key} in (select group_id from failing_groups) and {figure} is not null
    group by observed
"""
FAILING_ROWS = """
    select held.{row_key} as row_id, held.{key} as group_id, failing.observed
    from {rows} as held
    join failing_figures as failing on cast(held.{figure} as double) = failing.observed
    where held.{key} in (select group_id from failing_groups)
    order by all
"""
# Over the cap: one example a group, its worst row, so that the owner has something to look at.
WORST_ROWS = """
    select min(held.{row_key}) as row_id, failing.group_id, failing.observed
    from {rows} as held
    join failing_groups as failing
        on held.{key} = failing.group_id and cast(held.{figure} as double) = failing.observed
    group by failing.group_id, failing.observed
    order by failing.group_id
    limit {cap}
"""


@dataclass(frozen=True, eq=False)
class RowsAsked:
    """What all checks together will read of rows.

    `groups` has one row a failing group, its group_id; `row_count` says how many rows they have.
    """

    key: str
    row_keys: Sequence[str]
    figures: Sequence[str]
    groups: pandas.DataFrame
    row_count: int


@dataclass(frozen=True, eq=False)
class RowFindings:
    """The failing rows of one check: row_id, group_id, observed.

    `failing` counts them all. Where `capped`, `rows` holds one example a group. `broken` says why
    they couldn't be judged.
    """

    rows: pandas.DataFrame
    failing: int = 0
    capped: bool = False
    broken: str = ""


@dataclass(frozen=True)
class RowJudge:
    """Where rows are, and how many are listed and read at a time."""

    con: duckdb.DuckDBPyConnection
    rows_table: str
    cap: int
    chunk_rows: int

    @contextmanager
    def at_hand(self, asked: RowsAsked) -> Iterator[RowJudge]:
        """Inside the block there is a judge that reads these rows from a table of their own."""
        if not asked.figures or asked.row_count * len(asked.figures) > KEPT_FIGURES:
            yield self
            return
        keep = fill(
            KEEP,
            columns=columns([asked.key, *asked.row_keys, *asked.figures]),
            rows=relation(self.rows_table),
            key=quote(asked.key),
            said=" or ".join(f"{quote(figure)} is not null" for figure in asked.figures),
        )
        with registered(self.con, asked.groups, "failing_groups"):
            self.con.execute(keep)
        try:
            yield replace(self, rows_table=KEPT_ROWS)
        finally:
            self.con.execute(fill("drop table {kept}", kept=relation(KEPT_ROWS)))

    def judge(self, check: Check, suite: Suite, failing_groups: pandas.DataFrame) -> RowFindings:
        """The failing rows of the groups given by group_id and observed."""
        import pandas

        names = {
            "row_key": quote(str(suite.rows_key)),
            "key": quote(suite.key),
            "figure": quote(str(check.rows)),
            "rows": relation(self.rows_table),
            "cap": str(self.cap),
        }
        kept: list[pandas.DataFrame] = []
        failing = 0
        with registered(self.con, failing_groups, "failing_groups"):
            for chunk in self._chunks(fill(FIGURES, **names)):
                answer = answer_rows(chunk["observed"].to_numpy(), check)
                if answer.broken:
                    return RowFindings(_no_rows(), broken=answer.broken)
                found = chunk.iloc[_with_infinite(chunk["observed"], answer.positions)]
                failing += int(found["held_by"].sum())
                # Beyond the cap rows are only counted.
                kept = [*kept, found] if failing <= self.cap else []
            if failing > self.cap:
                examples = self.con.execute(fill(WORST_ROWS, **names)).df()
                return RowFindings(examples, failing, capped=True)
            if not failing:
                return RowFindings(_no_rows())
            with registered(self.con, pandas.concat(kept), "failing_figures"):
                return RowFindings(self.con.execute(fill(FAILING_ROWS, **names)).df(), failing)

    def _chunks(self, statement: str) -> Iterator[pandas.DataFrame]:
        """The result in parts; the connection is free again however the reading ends."""
        vectors = max(1, self.chunk_rows // VECTOR)
        result = self.con.execute(statement)
        try:
            while len(chunk := result.fetch_df_chunk(vectors)):
                yield chunk
        finally:
            self.con.abort()


@contextmanager
def registered(
    con: duckdb.DuckDBPyConnection, frame: pandas.DataFrame, name: str
) -> Iterator[None]:
    """Inside the block the frame can be read by that name, and not after it."""
    con.register(name, frame)
    try:
        yield
    finally:
        con.unregister(name)


def _no_rows() -> pandas.DataFrame:
    import pandas

    return pandas.DataFrame({"row_id": [], "group_id": [], "observed": []})


def _with_infinite(figures: pandas.Series[Any], positions: Any) -> Any:
    """The failing positions and those of infinite figures, which fail in groups as well."""
    import numpy

    return numpy.union1d(positions, numpy.flatnonzero(numpy.isinf(figures.to_numpy())))

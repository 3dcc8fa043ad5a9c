"""The tables of one release, as rows for pages: nothing else is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.errors import OutcomesError
from dagster_project.release.files import spill_folder
from dagster_project.release.manifest import Manifest, read_manifest
from dagster_project.release.sql import parquet, quoted
from dagster_project.site.levels import LEVELS

if TYPE_CHECKING:
    import duckdb

QUERIES = Path(__file__).with_name("sql")
# Of these a release has rows by the million, nearly all of practices: a view of each has those of
# the levels with pages alone. Joined with a table, what isn't wanted isn't read; of seven words
# between brackets DuckDB 2.0 makes a join that comes after everything was read.
OF_LEVELS = ("indicator_values", "comparisons")
PREPARED = ("glance", "spines", "digests", "drawn")
# A level of memory at which a release of a million values isn't slower, and another run has room.
MEMORY = "1GB"
FETCHED = 2000
Row = dict[str, Any]


class Tables:
    """A connection on which every table of the release is a view of its name."""

    def __init__(self, con: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
        self.con = con
        self.manifest = manifest
        self._is_stopped = False
        self._asking: list[duckdb.DuckDBPyConnection] = []

    def again(self) -> Tables:
        """Another connection to the same, for another thread."""
        return Tables(self.con.cursor(), self.manifest)

    def stop(self) -> None:
        """After this whoever asks here, in another thread, is refused, and what was asked is left.

        Who is between two statements of `con` itself doesn't hear it: it is said until all is done.
        """
        self._is_stopped = True
        for asked in (self.con, *self._asking):
            asked.interrupt()

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """What a query gives; `query` is SQL, or the name of a file of `sql/`."""
        return list(self.stream(query, parameters))

    def stream(self, query: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        """The same row by row, so that a long answer needn't be held whole."""
        self._refuse_stopped()
        cursor = self.con.cursor()
        self._asking.append(cursor)
        try:
            found = cursor.execute(_text(query), list(parameters))
            names = [column[0] for column in found.description or ()]
            while chunk := found.fetchmany(FETCHED):
                self._refuse_stopped()
                for row in chunk:
                    yield dict(zip(names, row, strict=True))
        finally:
            self._asking.remove(cursor)

    def _refuse_stopped(self) -> None:
        if self._is_stopped:
            raise RuntimeError("nobody waits for what would be made of this")

    def by(
        self, column: str, query: str, parameters: Sequence[Any] = ()
    ) -> Iterator[tuple[str, list[Row]]]:
        """The rows of each value of a column; the query has to order by it first."""
        for key, rows in groupby(self.stream(query, parameters), lambda row: str(row[column])):
            yield key, list(rows)


@contextmanager
def open_release(release: Path, manifest: Manifest | None = None) -> Iterator[Tables]:
    """The tables of a release, and what pages are made of; OutcomesError where a table lacks."""
    import duckdb

    manifest = manifest or read_manifest(release)
    with (
        spill_folder(release) as spill,
        duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(spill)}) as con,
    ):
        for table in manifest.tables:
            source = parquet(release / "data" / f"{table.name}.parquet")
            con.execute(f"create view {quoted(table.name)} as from {source}")
        if manifest.table("headlines") is None:
            raise OutcomesError(
                "this release can't be shown as a site",
                file=str(release),
                got="a release that was written before there were sites",
                expected="a release with the table headlines",
                fix="run `outcomes refresh`, and look at the new release",
            )
        con.execute("create table levels (area_type varchar)")
        con.executemany("insert into levels values (?)", [[level.area_type] for level in LEVELS])
        for name in OF_LEVELS:
            shown = f"from {name} semi join levels using (area_type)"
            con.execute(f"create view shown_{name} as {shown}")
        for name in PREPARED:
            con.execute(_text(name))
        yield Tables(con, manifest)


def _text(query: str) -> str:
    """The SQL itself, or that of the file of this name."""
    if query.isidentifier():
        return (QUERIES / f"{query}.sql").read_text(encoding="utf-8")
    return query

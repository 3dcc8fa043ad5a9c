"""Which figures of a release may be shown today, and what is said where its data can't be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster_project.errors import OutcomesError
from dagster_project.home import Home
from dagster_project.landing import taken_back
from dagster_project.release.manifest import Manifest
from dagster_project.release.sql import text
from dagster_project.release.store import ReleaseStore

HIDDEN = ("suppressed", "withdrawn")
BY_THE_LATEST = "the latest release doesn't show it"
BY_A_LANDING = "it may rest on a file that was taken back"


def standing(store: ReleaseStore) -> str | None:
    """The release that says what is hidden today: the latest, or the newest that can be read."""
    latest = store.latest_id()
    usable = [m.id for m in store.manifests() if not m.is_withdrawn]
    return latest if latest in usable else store.newest_usable()


def landings_taken_back(home: Home) -> set[tuple[str, str | None]]:
    """Which landings were taken back; the marks in `landing/` say it where the state is gone."""
    return {each.name for each in (*taken_back.recorded(home), *taken_back.marked(home))}


def sources_taken_back(
    manifest: Manifest, gone: Collection[tuple[str, str | None]]
) -> tuple[str, ...]:
    """The sources of which the release was made from a landing that was taken back since.

    A release doesn't say which file a value came from, so no value of such a source is shown, and
    none that was worked out from several: the rule by which a refresh picks last good figures.
    """
    return tuple(sorted({each.source_id for each in manifest.inputs if each.landing in gone}))


def rests_on(sources: Collection[str], value: dict[str, Any]) -> bool:
    """Whether the value may rest on a landing of those sources."""
    return bool(sources) and (value["source_id"] in sources or value["origin"] == "computed")


def rests_on_sql(sources: Collection[str]) -> str:
    """The same as SQL."""
    if not sources:
        return "false"
    return f"(source_id in ({', '.join(map(text, sources))}) or origin = 'computed')"


@contextmanager
def data_of(*directories: Path) -> Iterator[None]:
    """The block reads those releases; OutcomesError that names them where a file can't be read."""
    import duckdb

    try:
        yield
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.OutOfMemoryException):
        # A question that is wrong, or no room to answer it: that says nothing against the files.
        raise
    except duckdb.Error as problem:
        raise OutcomesError(
            "the data of a release can't be read",
            file=", ".join(sorted(map(str, directories))),
            got=str(problem).splitlines()[0],
            expected="the files that were published",
            fix="run `outcomes verify`, and restore from a backup the release that it names",
        ) from problem

"""A home whose policy lets go soon, with releases of any age, and what tidying it lets go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from release_support import publish

from dagster_project.keeping.policy import FILE
from dagster_project.keeping.tidying import tidy_record
from dagster_project.refresh import settle_kind
from dagster_project.release.manifest import Manifest, write_manifest
from dagster_project.release.store import ReleaseStore
from tests.support.landing_place import Place

TODAY = date(2026, 11, 26)
YOUNG, OLD = "2026-11-01T08:00:00Z", "2024-11-01T08:00:00Z"
STRICT = "[releases]\ndays = 100\nnewest = 1\nyearly = false\n"


def kept_strictly(root: Path) -> Place:
    """A home of made-up data whose releases are to go after 100 days."""
    place = Place(root)
    settle_kind(place.home, sample=True)
    (place.home.root / FILE).write_text(STRICT)
    return place


def dated(store: ReleaseStore, manifest: Manifest, day: str, **more: Any) -> str:
    """The release was made on that day."""
    write_manifest(store.path(manifest.id), replace(manifest, created_at=day, **more))
    return manifest.id


def made(place: Place, *days: str) -> list[str]:
    """A release for each day, the first the oldest."""
    store = ReleaseStore(place.home)
    return [dated(store, publish(store, n), day) for n, day in enumerate(days, start=1)]


def tidied(place: Place, kind: str, *, apply: bool = True) -> list[str]:
    """What of that kind goes, by name."""
    record = tidy_record(place.home, TODAY, apply=apply)
    return [each["name"] for each in record["going"] if each["kind"] == kind]


def once(then: Callable[[Path], None]) -> Callable[[Path], None]:
    """Nothing the first time, when the place is made free; what is asked for the second."""
    calls: Iterator[int] = iter(range(9))

    def call(path: Path) -> None:
        if next(calls):
            then(path)

    return call

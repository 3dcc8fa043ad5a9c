"""The version of the data: what a change between two releases does to its number."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from dagster_project.errors import OutcomesError

FIRST_VERSION = "1.0.0"
VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True)
class ChangeCounts:
    """How many published keys came, went, or now have another value or status, or no value.

    `columns_added` and `columns_removed` count those of the released tables, a new or lost table
    by its columns.
    """

    added: int = 0
    removed: int = 0
    revised: int = 0
    status_changed: int = 0
    no_longer_shown: int = 0
    columns_added: int = 0
    columns_removed: int = 0


def with_shape(
    changes: ChangeCounts,
    before: Collection[tuple[str, str]] | None,
    after: Collection[tuple[str, str]],
) -> ChangeCounts:
    """The counts with what came and went of tables and columns; a first release has no before."""
    if before is None:
        return changes
    return replace(
        changes,
        columns_added=len(set(after) - set(before)),
        columns_removed=len(set(before) - set(after)),
    )


def version_parts(version: str) -> tuple[int, int, int]:
    """Major, minor and patch as numbers, so that 1.10.0 comes after 1.9.0."""
    found = VERSION.fullmatch(version)
    if not found:
        raise OutcomesError(
            "this isn't a data version",
            got=repr(version),
            expected="major.minor.patch, such as 1.4.0",
        )
    major, minor, patch = found.groups()
    return int(major), int(minor), int(patch)


def next_version(previous: str | None, changes: ChangeCounts) -> str:
    """The data version of the release that comes after `previous`.

    A key that is gone (area, breakdown, period or indicator) breaks what readers built on it, and
    so does a table or column that is gone: major. What is added or changed: minor. Otherwise, a
    correction around the values: patch.
    """
    if previous is None:
        return FIRST_VERSION
    major, minor, patch = version_parts(previous)
    if changes.removed or changes.columns_removed:
        return f"{major + 1}.0.0"
    changed = changes.revised or changes.status_changed or changes.no_longer_shown
    if changes.added or changed or changes.columns_added:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"

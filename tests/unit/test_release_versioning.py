"""What a change does to the version of the data."""

from __future__ import annotations

import pytest

from dagster_project.errors import OutcomesError
from dagster_project.release.store import release_id
from dagster_project.release.versioning import ChangeCounts, next_version, version_parts, with_shape


@pytest.mark.parametrize(
    ("previous", "changes", "expected"),
    [
        (None, ChangeCounts(added=10), "1.0.0"),
        ("1.4.2", ChangeCounts(removed=1), "2.0.0"),
        ("1.4.2", ChangeCounts(added=5, removed=1, revised=3, status_changed=2), "2.0.0"),
        ("1.4.2", ChangeCounts(added=1), "1.5.0"),
        ("1.4.2", ChangeCounts(revised=1), "1.5.0"),
        ("1.4.2", ChangeCounts(status_changed=1), "1.5.0"),
        ("1.4.2", ChangeCounts(no_longer_shown=1), "1.5.0"),
        ("1.4.2", ChangeCounts(added=9, columns_removed=1), "2.0.0"),
        ("1.4.2", ChangeCounts(columns_added=1), "1.5.0"),
        ("1.4.2", ChangeCounts(), "1.4.3"),
        ("9.9.9", ChangeCounts(), "9.9.10"),
    ],
)
def test_the_worst_change_decides(
    previous: str | None, changes: ChangeCounts, expected: str
) -> None:
    assert next_version(previous, changes) == expected


def test_versions_are_ordered_as_numbers() -> None:
    assert version_parts("1.10.0") > version_parts("1.9.9")


@pytest.mark.parametrize("wrong", ["1.0", "v1.0.0", "1.0.0-rc1", ""])
def test_anything_else_is_no_version(wrong: str) -> None:
    with pytest.raises(OutcomesError, match=r"major\.minor\.patch"):
        next_version(wrong, ChangeCounts())


def test_a_release_id_is_version_and_fingerprint() -> None:
    assert release_id("1.2.3", "0123456789abcdef" * 4) == "1.2.3-0123456789ab"


@pytest.mark.parametrize(
    ("version", "fingerprint"), [("1.2", "0" * 64), ("1.2.3", "xyz"), ("../1.2.3", "0" * 64)]
)
def test_nothing_else_can_be_a_release_id(version: str, fingerprint: str) -> None:
    with pytest.raises(OutcomesError, match="can't be the id of a release"):
        release_id(version, fingerprint)


def test_tables_and_columns_that_came_or_went_are_counted() -> None:
    before = {("values", "value"), ("values", "flags"), ("holds", "reason")}
    after = {("values", "value"), ("values", "flags"), ("values", "unit"), ("notes", "note")}
    assert with_shape(ChangeCounts(added=1), before, after) == ChangeCounts(
        added=1, columns_added=2, columns_removed=1
    )
    assert with_shape(ChangeCounts(), None, after) == ChangeCounts()

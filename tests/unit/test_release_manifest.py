"""The manifest reads back as it was written, and proves the release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from release_support import publish, store_at

from dagster_project.errors import OutcomesError
from dagster_project.release.manifest import (
    InputRecord,
    Manifest,
    Tombstone,
    read_manifest,
    verify,
    write_manifest,
)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    store = store_at(tmp_path)
    return store.path(publish(store, 1).id)


def test_it_reads_back_as_it_was_written(release: Path, tmp_path: Path) -> None:
    manifest = replace(
        read_manifest(release),
        inputs=(InputRecord("ab" * 32, "phof", "phof_csv", "phof.csv", "2023", None, 12),),
        withdrawn=(Tombstone("key", '{"area_code":"E1"}', "wrong", "2024-01-01T00:00:00Z"),),
        checks={"C41": {"passed": 3, "failed": 0}},
        publisher_attributions=("Contains public sector information",),
    )
    write_manifest(tmp_path, manifest)
    read = read_manifest(tmp_path)
    assert [table.query for table in read.tables] == [""] * 5
    described = tuple(replace(table, query="") for table in manifest.tables)
    assert read == replace(manifest, tables=described)


def test_equal_manifests_are_equal_bytes(release: Path, tmp_path: Path) -> None:
    manifest = read_manifest(release)
    write_manifest(tmp_path, replace(manifest, files=tuple(reversed(manifest.files))))
    assert (tmp_path / "manifest.json").read_bytes() == (release / "manifest.json").read_bytes()


def test_a_sound_release_is_verified(release: Path) -> None:
    assert isinstance(verify(release), Manifest)


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("name", "harm", "problem"),
    [
        ("data/changes.parquet", flip_a_byte, "different from what was published"),
        ("csv/changes.csv", Path.unlink, "missing"),
        ("csv/changes.csv", lambda path: path.write_text(""), "of another size"),
        ("csv/extra.csv", Path.touch, "not in the manifest"),
        ("data/.hidden", Path.touch, "not in the manifest"),
    ],
)
def test_the_file_that_differs_is_named(
    release: Path, name: str, harm: Callable[[Path], object], problem: str
) -> None:
    harm(release / name)
    with pytest.raises(OutcomesError, match=problem) as refused:
        verify(release)
    assert name in str(refused.value)


@pytest.mark.parametrize("body", [None, "{", "[]", "{}", '{"id": 1}'])
def test_a_manifest_that_cannot_be_read_is_named(release: Path, body: str | None) -> None:
    path = release / "manifest.json"
    path.unlink() if body is None else path.write_text(body)
    with pytest.raises(OutcomesError, match=r"manifest\.json"):
        read_manifest(release)

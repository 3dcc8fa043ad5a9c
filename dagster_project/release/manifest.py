"""The manifest: what a release is made of, and the proof that it still is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from dagster_project.errors import OutcomesError
from dagster_project.release.files import FileEntry, relative_files, sha256_of, write_json
from dagster_project.release.tables import PublishedTable, from_record

MANIFEST = "manifest.json"
NAMED_IN_MESSAGE = 5


@dataclass(frozen=True)
class InputRecord:
    """One landed file that the release was made from."""

    sha256: str
    source_id: str
    layout_id: str
    name: str
    period: str | None
    vintage: str | None
    rows: int

    @property
    def landing(self) -> tuple[str, str | None]:
        """Which landing it was: the bytes, and the period that they speak of."""
        return (self.sha256, self.period)


@dataclass(frozen=True)
class Tombstone:
    """What was taken back after it was published. `kind` is key, release or landing."""

    kind: str
    target: str
    reason: str
    at: str


@dataclass(frozen=True)
class Manifest:
    """All that is known of one release. `tables` describe its data, without their queries."""

    id: str
    data_version: str
    previous: str | None
    fingerprint: str
    commit: str
    created_at: str
    as_of: str
    synthetic: bool
    inputs: tuple[InputRecord, ...] = ()
    files: tuple[FileEntry, ...] = ()
    tables: tuple[PublishedTable, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    checks: Mapping[str, Any] = field(default_factory=dict)
    publisher_attributions: tuple[str, ...] = ()
    withdrawn: tuple[Tombstone, ...] = ()
    waivers: tuple[Mapping[str, Any], ...] = ()
    # All reasons for revisions that were given, for the same end as `in_force`.
    reasons: tuple[Mapping[str, Any], ...] = ()
    # All that was taken back, here or elsewhere, when this was published: a home that has lost its
    # state learns it from here.
    in_force: tuple[Tombstone, ...] = ()
    # What it is in a few sentences, when each of its sources is expected next, and the first of
    # these days.
    note: tuple[str, ...] = ()
    next_expected: Mapping[str, str] = field(default_factory=dict)
    next_release: str = ""
    # A digest of the code, definitions, seeds and suites; a commit doesn't tell what isn't in it.
    code: str = ""

    @property
    def is_withdrawn(self) -> bool:
        """Whether the release itself, not only some of its keys, was taken back."""
        return any(stone.kind == "release" and stone.target == self.id for stone in self.withdrawn)

    def table(self, name: str) -> PublishedTable | None:
        """The table of that name, if the release has it."""
        return next((table for table in self.tables if table.name == name), None)


def write_manifest(release_directory: Path, manifest: Manifest) -> Path:
    """After this `manifest.json` holds the manifest, and is on the disk."""
    record = asdict(manifest)
    record["tables"] = [table.as_record() for table in manifest.tables]
    record["files"] = sorted(record["files"], key=lambda file: str(file["path"]))
    path = release_directory / MANIFEST
    write_json(path, record)
    return path


def read_manifest(release_directory: Path) -> Manifest:
    """The manifest of a release."""
    path = release_directory / MANIFEST
    try:
        return _manifest(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutcomesError(
            "the manifest can't be read",
            file=str(path),
            got=f"{type(error).__name__}: {error}",
            expected="a release with its manifest",
            fix="restore the release from a backup, or `outcomes withdraw` it",
        ) from error


def _manifest(record: dict[str, Any]) -> Manifest:
    return Manifest(
        **{
            **record,
            "inputs": tuple(InputRecord(**each) for each in record["inputs"]),
            "files": tuple(FileEntry(**each) for each in record["files"]),
            "tables": tuple(from_record(each) for each in record["tables"]),
            "publisher_attributions": tuple(record["publisher_attributions"]),
            "note": tuple(record.get("note", ())),
            "waivers": tuple(record.get("waivers", ())),
            "reasons": tuple(record.get("reasons", ())),
            "withdrawn": tuple(Tombstone(**each) for each in record["withdrawn"]),
            # Manifests of earlier versions don't have it.
            "in_force": tuple(Tombstone(**each) for each in record.get("in_force", ())),
        }
    )


def differences(release_directory: Path, manifest: Manifest) -> dict[str, list[str]]:
    """Paths by what is wrong with them; sizes are compared, the bytes aren't read."""
    found = relative_files(release_directory)
    found.pop(MANIFEST, None)
    listed = {file.path: file.bytes for file in manifest.files}
    problems = {
        "missing": [path for path in listed if path not in found],
        "not in the manifest": [path for path in found if path not in listed],
        "of another size": [p for p in listed if p in found and found[p] != listed[p]],
    }
    return {problem: paths for problem, paths in problems.items() if paths}


def check_files(release_directory: Path, manifest: Manifest) -> None:
    """Refused unless the release holds exactly the files of its manifest, at their sizes."""
    _refuse_if(release_directory, differences(release_directory, manifest))


def verify(release_directory: Path) -> Manifest:
    """The manifest, once every file was read again and has the SHA-256 that it gives."""
    manifest = read_manifest(release_directory)
    _refuse_if(release_directory, problems(release_directory, manifest))
    return manifest


def problems(release_directory: Path, manifest: Manifest) -> dict[str, list[str]]:
    """Paths by what is wrong with them; every file of the right size is read again."""
    from concurrent.futures import ThreadPoolExecutor

    found = differences(release_directory, manifest)
    wrong = {path for paths in found.values() for path in paths}
    whole = [file for file in manifest.files if file.path not in wrong]
    with ThreadPoolExecutor() as pool:
        read = pool.map(lambda file: sha256_of(release_directory / file.path), whole)
        changed = [f.path for f, sha256 in zip(whole, read, strict=True) if f.sha256 != sha256]
    return found | ({"different from what was published": changed} if changed else {})


def _refuse_if(release_directory: Path, problems: Mapping[str, list[str]]) -> None:
    shown = []
    for problem, paths in problems.items():
        if paths:
            more = len(paths) - NAMED_IN_MESSAGE
            listed = ", ".join(sorted(paths)[:NAMED_IN_MESSAGE])
            shown.append(f"{problem}: {listed}" + (f" and {more} more" if more > 0 else ""))
    if shown:
        raise OutcomesError(
            "the release isn't what its manifest says",
            file=str(release_directory),
            got="; ".join(shown),
            expected="the files of manifest.json and no others, byte for byte",
            fix="restore the release from a backup, or roll back to another",
        )

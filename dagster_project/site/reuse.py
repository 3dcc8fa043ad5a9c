"""What a site takes over from the release before: files that are made of the same inputs.

A group of files (an indicator's pages, an area's paper) has a key: a digest of the code, the
seeds, what all pages share, and every row that the group shows. `made-of.json` keeps the keys and
the files of each group. The next release takes a group over where its key is the same and its files
have the SHA-256 that their manifest gives, and makes it anew otherwise. Each file is written, not
linked, since it names its release: those words alone are put in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dagster_project.errors import OutcomesError
from dagster_project.release.manifest import Manifest, read_manifest
from dagster_project.site.rendering import end_of_page
from dagster_project.site.scripts import start_of

FOLDER = "site"
MADE_OF = "made-of.json"
# Of the shape of that file.
VERSION = 1


def digest(*parts: Any) -> str:
    """A digest of values: the same text, numbers, days, lists and mappings give the same."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class Earlier:
    """The site of the release before, as far as it may be relied on."""

    site: Path
    manifest: Manifest
    groups: Mapping[str, tuple[str, Sequence[str]]]
    sha256: Mapping[str, str]

    def files(self, group: str, key: str) -> dict[str, bytes] | None:
        """The group's files by path; None where its key is another or a file isn't as it was."""
        known, paths = self.groups.get(group, ("", ()))
        if known != key:
            return None
        found = {path: self._read(path) for path in paths}
        return None if None in found.values() else {p: b for p, b in found.items() if b is not None}

    def _read(self, path: str) -> bytes | None:
        """The file's bytes; None where it is gone or isn't what was published."""
        try:
            body = (self.site / path).read_bytes()
        except OSError:
            # A file that can't be read is made anew, as one that is gone.
            return None
        return body if hashlib.sha256(body).hexdigest() == self.sha256.get(path) else None


@dataclass
class Reuse:
    """The groups of the site that is being written, and the site that some are taken from."""

    out: Path
    manifest: Manifest
    earlier: Earlier | None
    # What all files are made of: the code of now, which may not be that of the release's tables.
    base: str
    # What all pages are made of beside their own rows.
    shared: str
    groups: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    taken: list[Path] = field(default_factory=list)

    def key(self, *parts: Any) -> str:
        return digest(self.base, *parts)

    def takes(self, group: str, key: str) -> bool:
        """Whether the group stands in `out` now, as it is to be; if not, it is to be made."""
        files = self.earlier.files(group, key) if self.earlier else None
        renamed = {path: self._renamed(path, body) for path, body in (files or {}).items()}
        if not renamed or None in renamed.values():
            return False
        for path, body in renamed.items():
            target = self.out / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body or b"")
            self.taken.append(target)
        self.groups[group] = (key, sorted(renamed))
        return True

    def made(self, group: str, key: str, paths: Iterable[str]) -> None:
        """The group was made of what the key says: the next release may take it over."""
        self.groups[group] = (key, sorted(paths))

    def write(self) -> Path:
        """`made-of.json` says what each group of this site is made of."""
        path = self.out / MADE_OF
        body = json.dumps({"version": VERSION, "groups": self.groups}, sort_keys=True, indent=0)
        path.write_text(body + "\n", encoding="utf-8", newline="\n")
        return path

    def _renamed(self, path: str, body: bytes) -> bytes | None:
        """The file with the words of this release; None where those of its own aren't found."""
        if self.earlier is None:
            return None
        both = (self.earlier.manifest, self.manifest)
        if path.endswith(".csv"):
            # The last cell of every row but the first.
            old, new = (f",{each.id}\r\n".encode() for each in both)
            is_whole = body.count(old) == body.count(b"\n") - 1
            return body.replace(old, new) if is_whole else None
        if path.endswith(".js"):
            old, new = (start_of(each.id).encode() for each in both)
            return new + body[len(old) :] if body.startswith(old) else None
        old, new = (end_of_page(path, each).encode() for each in both)
        return body[: -len(old)] + new if body.endswith(old) else None


def earlier_of(previous: Path | None) -> Earlier | None:
    """The site of that release; None where there is none to rely on, so that all is made anew."""
    if previous is None:
        return None
    try:
        manifest = read_manifest(previous)
        body = (previous / FOLDER / MADE_OF).read_bytes()
    except (OutcomesError, OSError):
        # A release that is gone, damaged, emptied or older than this: nothing is lost but time.
        return None
    start = f"{FOLDER}/"
    listed = {
        entry.path.removeprefix(start): entry.sha256
        for entry in manifest.files
        if entry.path.startswith(start)
    }
    if hashlib.sha256(body).hexdigest() != listed.get(MADE_OF):
        return None
    made_of = json.loads(body)
    if not isinstance(made_of, dict) or made_of.get("version") != VERSION:
        # As other code wrote it.
        return None
    groups = {group: (key, paths) for group, (key, paths) in made_of["groups"].items()}
    return Earlier(previous / FOLDER, manifest, groups, listed)

"""Where releases are kept: whole or not there, one of them `latest`, and nothing to tidy by hand.

Names that begin with a dot are work in progress. A process may be killed at any instant; what it
leaves is told apart by its name, and `reconcile` finishes or removes it:

    .building-<id>-<process>   a release being written               removed
    .latest-<id>               `latest` about to be moved to <id>    moved if <id> is in place
    .redacted-<id>             <id> being copied without some rows   put in place if <id> is gone
    .old-<id>                  <id> as it was before the copy        removed
    .going-<id>                <id>, which was let go of             removed
    .no-latest                 no release may be read: the only      kept until one may be
                               ones it could be were taken back

Whatever changes a store is called while the home's lock is held.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dagster_project.errors import OutcomesError, PublicationRefused, UsageError
from dagster_project.home import Home
from dagster_project.landing import taken_back
from dagster_project.release.files import remove_tree, sha256_of, sync_directory, sync_tree
from dagster_project.release.manifest import (
    MANIFEST,
    Manifest,
    check_files,
    differences,
    read_manifest,
    verify,
)
from dagster_project.release.versioning import version_parts

GOING = ".going-"
VALUES_FILE = "data/indicator_values.parquet"
RELEASE_ID = re.compile(r"(\d+\.\d+\.\d+)-[0-9a-f]{12}")


@dataclass(frozen=True)
class ListedRelease:
    """A release as `outcomes releases` shows it."""

    manifest: Manifest
    is_latest: bool


def release_id(data_version: str, fingerprint: str) -> str:
    """The id of a release: its data version and the start of what it was made from."""
    name = f"{data_version}-{fingerprint[:12]}"
    _check_id(name)
    return name


def rename(source: Path, target: Path) -> None:
    """After this what was at `source` is at `target`, and on the disk."""
    source.rename(target)
    sync_directory(target.parent)


@dataclass(frozen=True)
class ReleaseStore:
    """The releases of one home."""

    home: Home

    @property
    def root(self) -> Path:
        return self.home.releases

    @property
    def link(self) -> Path:
        return self.root / "latest"

    @property
    def _no_latest(self) -> Path:
        return self.root / ".no-latest"

    def path(self, identifier: str) -> Path:
        return self.root / identifier

    def redacted_path(self, identifier: str) -> Path:
        return self.root / f".redacted-{identifier}"

    def ids(self) -> list[str]:
        """The ids of all releases, the newest data version first."""
        if not self.root.is_dir():
            return []
        found = [path.name for path in self.root.iterdir() if RELEASE_ID.fullmatch(path.name)]
        return sorted(found, key=lambda name: (_version_order(name), name), reverse=True)

    def releases(self) -> list[ListedRelease]:
        """Every release, the newest data version first."""
        latest = self.latest_id()
        return [ListedRelease(read_manifest(self.path(i)), i == latest) for i in self.ids()]

    def manifests(self) -> list[Manifest]:
        """The manifest of every release, the newest data version first."""
        return [read_manifest(self.path(identifier)) for identifier in self.ids()]

    def check_basis(self) -> None:
        """Refused unless the latest release, which the next is built on, is what was published."""
        latest = self.latest()
        if latest is not None and not latest.is_withdrawn:
            verify(self.path(latest.id))

    def newest_version(self) -> str | None:
        """The highest data version there is, `latest` or not: the next one has to be above it."""
        return next((identifier.split("-")[0] for identifier in self.ids()), None)

    def latest_id(self) -> str | None:
        """The id that `latest` names, whether or not that release is there."""
        if self.link.is_symlink():
            return self.link.readlink().name
        if self.link.exists():
            raise OutcomesError(
                "`latest` isn't a link",
                file=str(self.link),
                got="a file or directory, as some copying programs make of a link",
                expected="a link to a release",
                fix="delete it, then run `outcomes rollback` with the release it should name",
            )
        return None

    def latest(self) -> Manifest | None:
        """The manifest of the release that readers see, or None before the first."""
        identifier = self.latest_id()
        if identifier is None:
            return None
        if not self.path(identifier).is_dir():
            raise OutcomesError(
                "`latest` names a release that isn't there",
                file=str(self.link),
                got=identifier,
                expected=", ".join(self.ids()) or "a release, but none is there",
                fix="run `outcomes refresh`: it points `latest` at the newest whole release;"
                " or `outcomes rollback` with the one it should name",
            )
        return read_manifest(self.path(identifier))

    @contextmanager
    def begin(self, identifier: str) -> Iterator[Path]:
        """An empty directory to build in; when the block ends well it is the latest release.

        If the block raises, or leaves something else than its manifest says, nothing remains of
        it and `latest` is what it was.
        """
        _check_id(identifier)
        target = self.path(identifier)
        if target.exists():
            raise PublicationRefused(
                "a release is never written twice",
                file=str(target),
                got=f"{identifier}, which is there already",
                expected="a release that isn't there yet",
            )
        building = self.root / f".building-{identifier}-{os.getpid()}"
        remove_tree(building)
        building.mkdir(parents=True)
        try:
            yield building
            _check_built(building, identifier)
            sync_tree(building)
            self._announce(identifier)
            rename(building, target)
        except BaseException:
            if not target.exists():
                self._announced(identifier).unlink(missing_ok=True)
            remove_tree(building)
            raise
        self._switch(identifier)

    def point_latest(self, identifier: str | None) -> None:
        """After this `latest` names that release, or there is no `latest`."""
        if identifier is None:
            # So that a link that is merely gone is told from one that is meant to be.
            self._no_latest.touch()
            self.link.unlink(missing_ok=True)
            sync_directory(self.root)
        else:
            self._announce(identifier)
            self._switch(identifier)

    def rollback(self, identifier: str) -> str:
        """`latest` names that release; the answer says what was done, in a sentence."""
        current = self.latest_id()
        self.check_usable(identifier)
        if identifier == current:
            return f"{identifier} is the latest release already; nothing was changed."
        self.point_latest(identifier)
        return f"The latest release is now {identifier}; it was {current or 'none'}."

    def replace(self, identifier: str) -> None:
        """The redacted copy of a release has taken its place, and the original is gone."""
        current, old = self.path(identifier), self.root / f".old-{identifier}"
        sync_tree(self.redacted_path(identifier))
        rename(current, old)
        rename(self.redacted_path(identifier), current)
        remove_tree(old)

    def reconcile(self) -> list[str]:
        """Nothing is left of killed processes; what they had all but done is done.

        Releases in place are never touched. The answer is one sentence for each thing done.
        """
        if not self.root.is_dir():
            return []
        done = [self._finish_replacement(path) for path in self._named(".old-")]
        for prefix in (".redacted-", ".building-", GOING):
            for path in self._named(prefix):
                remove_tree(path)
                done.append(f"Removed {path.name}, left by a run that was stopped.")
        done.extend(self._finish_switch(path) for path in self._named(".latest-"))
        if not self.link.exists():
            done.extend(self._find_latest())
        return done

    def _find_latest(self) -> list[str]:
        """After this `latest` names the newest release that may be read, if there is one."""
        # It hides what is hidden today, as whoever points `latest` back does; that needs the store.
        from dagster_project.release.hiding import hide

        gone = self.latest_id()
        newest, today = self.newest_usable(), self.newest_values()
        if gone is None and self._no_latest.exists():
            return []
        if gone is None and newest is None:
            return []
        problem = hide(self, newest, today).problem if newest and today else None
        self.point_latest(newest)
        if problem:
            raise problem
        was = f"named {gone}, which isn't there" if gone else "was gone"
        return [f"`latest` {was}; it is now {newest or 'none'}."]

    def newest_usable(self, before: str | None = None) -> str | None:
        """The newest release that may be shown; with `before`, older than that.

        It is whole, isn't withdrawn, and was made from no file that was taken back.
        """
        for identifier in self.ids():
            older = before is None or _version_order(identifier) < _version_order(before)
            if older and self._is_usable(identifier):
                return identifier
        return None

    def newest_values(self) -> str | None:
        """The newest release that isn't withdrawn, if its values are those that were published.

        It says what is hidden today, whatever else of it is damaged. Refused where that can't be
        told: what it hid might be shown again.
        """
        for identifier in self.ids():
            try:
                manifest = read_manifest(self.path(identifier))
            except OutcomesError:
                # Not even what its values should be is known; `outcomes verify` names it.
                continue
            if manifest.is_withdrawn:
                continue
            path = self.path(identifier) / VALUES_FILE
            published = {file.sha256 for file in manifest.files if file.path == VALUES_FILE}
            if not path.is_file() or sha256_of(path) not in published:
                raise OutcomesError(
                    "what is hidden today can't be told",
                    file=str(path),
                    got="another file than was published" if path.is_file() else "no file",
                    expected="the values of the newest release",
                    fix="restore it from a backup, or `outcomes withdraw` that release",
                )
            return identifier
        return None

    def check_usable(self, identifier: str) -> None:
        """Refused unless the release is there, whole, and shows nothing that was taken back."""
        is_there = identifier in self.ids()
        if not is_there or read_manifest(self.path(identifier)).is_withdrawn:
            usable = filter(self._is_usable, self.ids())
            raise UsageError(
                "that release was withdrawn" if is_there else "there is no such release",
                got=identifier,
                expected=", ".join(usable) or "a release, but none is there",
                fix="give the id as `outcomes releases` shows it",
            )
        manifest = verify(self.path(identifier))
        gone = taken_back.names(self.home)
        files = [each.name for each in manifest.inputs if each.landing in gone]
        if files:
            raise UsageError(
                "that release was made from a file that was taken back since",
                got=f"{identifier}, made from {files[0]}",
                expected="a release that doesn't show what was taken back",
                fix="roll back to another, or refresh: it publishes without that file",
            )

    def _is_usable(self, identifier: str) -> bool:
        try:
            manifest = read_manifest(self.path(identifier))
        except OutcomesError:
            # One that is damaged is none that readers may be sent to; `outcomes verify` names it.
            return False
        gone = taken_back.names(self.home)
        return not (
            manifest.is_withdrawn
            or any(each.landing in gone for each in manifest.inputs)
            or differences(self.path(identifier), manifest)
        )

    def _named(self, prefix: str) -> list[Path]:
        return sorted(path for path in self.root.iterdir() if path.name.startswith(prefix))

    def _announced(self, identifier: str) -> Path:
        return self.root / f".latest-{identifier}"

    def _announce(self, identifier: str) -> None:
        """After this a reconciliation would point `latest` at the release, once it is in place."""
        announced = self._announced(identifier)
        announced.unlink(missing_ok=True)
        announced.symlink_to(identifier)

    def _switch(self, identifier: str) -> None:
        self.latest_id()
        self._announced(identifier).replace(self.link)
        self._no_latest.unlink(missing_ok=True)
        sync_directory(self.root)

    def _finish_replacement(self, old: Path) -> str:
        """The redacted copy was whole before the original was moved away: it goes in place."""
        identifier = old.name.removeprefix(".old-")
        redacted = self.redacted_path(identifier)
        if not self.path(identifier).exists():
            rename(redacted if redacted.exists() else old, self.path(identifier))
        remove_tree(old)
        return f"Finished replacing {identifier} by its redacted copy."

    def _finish_switch(self, announced: Path) -> str:
        identifier = announced.name.removeprefix(".latest-")
        if self.path(identifier).exists() and not read_manifest(self.path(identifier)).is_withdrawn:
            self._switch(identifier)
            return f"Finished pointing `latest` at {identifier}."
        announced.unlink()
        return f"Removed {announced.name}, left by a run that was stopped."


def _check_id(name: str) -> None:
    if not RELEASE_ID.fullmatch(name):
        raise OutcomesError(
            "this can't be the id of a release",
            got=name,
            expected="major.minor.patch, a dash and 12 hexadecimal digits",
        )


def _version_order(identifier: str) -> tuple[int, int, int]:
    return version_parts(identifier.split("-")[0])


def _check_built(building: Path, identifier: str) -> None:
    """Refused unless the directory holds the release it is for, whole."""
    manifest = read_manifest(building)
    if manifest.id != identifier:
        raise PublicationRefused(
            "the manifest is another release's",
            file=str(building / MANIFEST),
            got=manifest.id,
            expected=identifier,
        )
    check_files(building, manifest)

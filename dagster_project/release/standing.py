"""Which releases stand, which of them readers see, and which may be shown.

Nothing here changes a release or `latest`: that is the store's.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dagster_project.errors import OutcomesError, UsageError
from dagster_project.home import Home
from dagster_project.landing import taken_back
from dagster_project.nearest import instead
from dagster_project.release.files import sha256_of
from dagster_project.release.manifest import Manifest, differences, read_manifest, verify
from dagster_project.release.versioning import version_parts

ANNOUNCED = ".latest-"
VALUES_FILE = "data/indicator_values.parquet"
RELEASE_ID = re.compile(r"(\d+\.\d+\.\d+)-[0-9a-f]{12}")


@dataclass(frozen=True)
class ListedRelease:
    """A release as `outcomes releases` shows it."""

    manifest: Manifest
    is_latest: bool


@dataclass(frozen=True)
class StandingReleases:
    """The releases of one home, as they are read."""

    home: Home

    @property
    def root(self) -> Path:
        return self.home.releases

    @property
    def link(self) -> Path:
        return self.root / "latest"

    @property
    def no_latest(self) -> Path:
        return self.root / ".no-latest"

    def path(self, identifier: str) -> Path:
        return self.root / identifier

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

    def readable(self) -> list[Manifest]:
        """As `manifests`, without those that can't be read; `outcomes verify` names them."""
        found = []
        for identifier in self.ids():
            with suppress(OutcomesError):
                found.append(read_manifest(self.path(identifier)))
        return found

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

    def meant_latest(self) -> str | None:
        """The id that `latest` names, or that it is just about to name."""
        # The sign goes when the link has moved, so it is looked for first.
        announced = (path.name.removeprefix(ANNOUNCED) for path in self.root.glob(f"{ANNOUNCED}*"))
        in_place = [identifier for identifier in announced if self.path(identifier).is_dir()]
        return in_place[0] if in_place else self.latest_id()

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

    def newest_usable(self, before: str | None = None) -> str | None:
        """The newest release that may be shown; with `before`, older than that.

        It is whole, isn't withdrawn, and was made from no file that was taken back.
        """
        for identifier in self.ids():
            older = before is None or _version_order(identifier) < _version_order(before)
            if older and self._is_usable(identifier):
                return identifier
        return None

    def speaking(self) -> str | None:
        """The newest release that isn't withdrawn: it says what is hidden today.

        One whose manifest can't be read is not known to be withdrawn.
        """
        withdrawn = {manifest.id for manifest in self.readable() if manifest.is_withdrawn}
        return next((each for each in self.ids() if each not in withdrawn), None)

    def newest_values(self) -> str | None:
        """The release that says what is hidden today, whatever else of it is damaged.

        Refused where its values aren't those that were published: what it hid might be shown again.
        """
        speaks = self.speaking()
        if speaks is not None:
            self.check_values(speaks)
        return speaks

    def check_values(self, identifier: str) -> None:
        """Refused unless the values of a release are those that were published."""
        path = self.path(identifier) / VALUES_FILE
        try:
            files = read_manifest(self.path(identifier)).files
        except OutcomesError as problem:
            raise _not_told(identifier, problem.file, problem.got) from problem
        published = {file.sha256 for file in files if file.path == VALUES_FILE}
        if not path.is_file():
            raise _not_told(identifier, str(path), "no file")
        if sha256_of(path) not in published:
            raise _not_told(identifier, str(path), "another file than was published")

    def check_usable(self, identifier: str) -> None:
        """Refused unless the release is there, whole, and shows nothing that was taken back."""
        is_there = identifier in self.ids()
        if not is_there or read_manifest(self.path(identifier)).is_withdrawn:
            usable = filter(self._is_usable, self.ids())
            raise UsageError(
                "that release was withdrawn" if is_there else "there is no such release",
                got=identifier,
                expected=instead(identifier, usable, "a release, but none is there"),
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


def _not_told(identifier: str, file: str | None, got: str | None) -> OutcomesError:
    return OutcomesError(
        "what is hidden today can't be told",
        file=file,
        got=got,
        expected=f"the manifest and values of release {identifier}, as they were published",
        fix="restore it from a backup, or `outcomes withdraw` that release",
    )


def _version_order(identifier: str) -> tuple[int, int, int]:
    return version_parts(identifier.split("-")[0])

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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dagster_project.errors import OutcomesError, PublicationRefused
from dagster_project.release.files import remove_tree, sync_directory, sync_tree
from dagster_project.release.manifest import MANIFEST, check_files, read_manifest
from dagster_project.release.standing import ANNOUNCED, RELEASE_ID, StandingReleases

GOING = ".going-"


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
class ReleaseStore(StandingReleases):
    """The releases of one home, as they are changed."""

    def redacted_path(self, identifier: str) -> Path:
        return self.root / f".redacted-{identifier}"

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
            self.no_latest.touch()
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

    def reconcile(self, *, find_latest: bool = True) -> list[str]:
        """Nothing is left of killed processes; what they had all but done is done.

        Releases in place are never touched. The answer is one sentence for each thing done. A
        `latest` that is lost is found, unless that waits until a release was taken back.
        """
        if not self.root.is_dir():
            return []
        done = [self._finish_replacement(path) for path in self._named(".old-")]
        for prefix in (".redacted-", ".building-", GOING):
            for path in self._named(prefix):
                remove_tree(path)
                done.append(f"Removed {path.name}, left by a run that was stopped.")
        done.extend(self._finish_switch(path) for path in self._named(ANNOUNCED))
        if find_latest and not self.link.exists():
            done.extend(self._find_latest())
        return done

    def _find_latest(self) -> list[str]:
        """After this `latest` names the newest release that may be read, if there is one."""
        # It hides what is hidden today, as whoever points `latest` back does; that needs the store.
        from dagster_project.release.hiding import hide

        gone = self.latest_id()
        if gone is None and self.no_latest.exists():
            return []
        newest, today = self.newest_usable(), self.newest_values()
        if gone is None and newest is None:
            return []
        problem = hide(self, newest, today).problem if newest and today else None
        self.point_latest(newest)
        if problem:
            raise problem
        was = f"named {gone}, which isn't there" if gone else "was gone"
        return [f"`latest` {was}; it is now {newest or 'none'}."]

    def _named(self, prefix: str) -> list[Path]:
        return sorted(path for path in self.root.iterdir() if path.name.startswith(prefix))

    def _announced(self, identifier: str) -> Path:
        return self.root / f"{ANNOUNCED}{identifier}"

    def _announce(self, identifier: str) -> None:
        """After this a reconciliation would point `latest` at the release, once it is in place."""
        announced = self._announced(identifier)
        announced.unlink(missing_ok=True)
        announced.symlink_to(identifier)

    def _switch(self, identifier: str) -> None:
        self.latest_id()
        self._announced(identifier).replace(self.link)
        self.no_latest.unlink(missing_ok=True)
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
        identifier = announced.name.removeprefix(ANNOUNCED)
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

"""What stands in an inbox: files, what is no file, and the sidecars that speak for files.

An inbox is read, never changed; only the live one, which is ours, loses what may not be kept.
Links are not followed out of it. Names are told in a form that any terminal and any file can hold:
what isn't UTF-8, or would steer a terminal, is escaped.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from dagster_project.errors import RefusedError, UsageError, printable

SIDECAR_SUFFIX = ".period"
IGNORED_NAMES = {".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep"}


@dataclass(frozen=True)
class InboxFile:
    """One file of an inbox, by its path inside it."""

    path: Path
    relative_path: str
    size: int
    mtime_ns: int
    inode: int

    @property
    def stamp(self) -> tuple[int, int, int]:
        return (self.size, self.mtime_ns, self.inode)

    @property
    def place(self) -> str:
        """Where the file stands, as the ledger of sightings names it."""
        return printable(str(self.path))


@dataclass(frozen=True)
class Ignored:
    """A file that carries no data by its nature, and why it was left."""

    relative_path: str
    reason: str


@dataclass
class _Found:
    files: list[InboxFile] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    refused: list[RefusedError] = field(default_factory=list)


def walk(inboxes: list[Path]) -> tuple[list[InboxFile], list[Ignored], list[RefusedError]]:
    """Every file under the inboxes in a fixed order; what is ignored and refused, named."""
    found = _Found()
    for inbox in inboxes:
        refuse_no_folder(inbox)
        _walk_one(inbox, found)
    return found.files, found.ignored, found.refused


def refuse_no_folder(inbox: Path) -> None:
    """UsageError for an inbox that isn't there, or is a file."""
    if not inbox.is_dir():
        raise UsageError(
            "this inbox is not a directory",
            file=str(inbox),
            expected="a folder that holds extracts",
            fix="check the path given to --inbox",
        )


def refuse_unreadable(inbox: Path) -> None:
    """UsageError for a folder of which the system doesn't let the files be listed and read."""
    try:
        if inbox.is_dir():
            # The one asks for the right to list, the other for that to reach what is listed.
            os.scandir(inbox).close()
            (inbox / "..").stat()
    except OSError as problem:
        raise UsageError(
            "this inbox can't be read",
            file=str(inbox),
            got=problem.strerror,
            expected="a folder that the user who runs the refresh may read",
            fix="give that user the right to read it, or name another folder",
        ) from problem


def _walk_one(inbox: Path, found: _Found) -> None:
    def unreadable(problem: OSError) -> None:
        found.refused.append(_cannot_read(inbox, Path(problem.filename), problem))

    for folder, subfolders, names in os.walk(inbox, onerror=unreadable):
        here = Path(folder)
        for name in sorted(subfolders):
            if name.startswith("."):
                label = _relative(inbox, here / name)
                found.ignored.append(Ignored(label, "a hidden folder, not extracts"))
            elif (here / name).is_symlink():
                _sort_linked_folder(inbox, here / name, found)
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            _sort_file(inbox, here / name, found)


def _relative(inbox: Path, path: Path) -> str:
    return printable(path.relative_to(inbox).as_posix())


def _sort_linked_folder(inbox: Path, path: Path, found: _Found) -> None:
    if _leads_out(inbox, path):
        found.refused.append(_refused_link(inbox, path))
    else:
        found.ignored.append(
            Ignored(_relative(inbox, path), "a link to a folder that is read where it stands")
        )


def _sort_file(inbox: Path, path: Path, found: _Found) -> None:
    relative = _relative(inbox, path)
    if path.name in IGNORED_NAMES or path.name.startswith(("~$", ".")):
        found.ignored.append(Ignored(relative, "made by a desktop, not an extract"))
        return
    if path.is_symlink() and _leads_out(inbox, path):
        found.refused.append(_refused_link(inbox, path))
        return
    try:
        status = path.stat()
    except OSError as problem:
        found.refused.append(_cannot_read(inbox, path, problem))
        return
    if not stat.S_ISREG(status.st_mode):
        found.ignored.append(Ignored(relative, "a pipe, socket or device, not a file"))
        return
    found.files.append(InboxFile(path, relative, status.st_size, status.st_mtime_ns, status.st_ino))


def _leads_out(inbox: Path, path: Path) -> bool:
    try:
        return not path.resolve().is_relative_to(inbox.resolve())
    # A link that leads back to itself leads nowhere; the stat that follows says so.
    except (OSError, RuntimeError):
        return False


def _refused_link(inbox: Path, path: Path) -> RefusedError:
    return RefusedError(
        "a link that leads out of the inbox",
        file=_relative(inbox, path),
        got=f"a link to {path.readlink()}",
        expected="a file inside the inbox",
        fix="put the file itself in the inbox",
    )


def _cannot_read(inbox: Path, path: Path, problem: OSError) -> RefusedError:
    return cannot_read(_relative(inbox, path), problem)


def cannot_read(relative_path: str, problem: OSError) -> RefusedError:
    """The refusal for what the system won't let be read, in the system's words."""
    return RefusedError(
        "it can't be read",
        file=relative_path,
        got=problem.strerror or type(problem).__name__,
        expected="a file that the user who runs the refresh may read",
        fix="give that user the right to read it, or take it out of the inbox",
    )


def is_sidecar(file: InboxFile) -> bool:
    """True for `NAME.period`, which states the period and vintage of `NAME`."""
    return file.path.name.endswith(SIDECAR_SUFFIX)


def with_sidecars(
    files: list[InboxFile],
) -> tuple[list[tuple[InboxFile, InboxFile | None]], list[InboxFile]]:
    """Each extract with the sidecar that stands beside it, and the sidecars beside nothing.

    They are paired by where they stand: two inboxes may hold files of the same relative path.
    """
    sidecars = {str(file.path): file for file in files if is_sidecar(file)}
    pairs = [
        (file, sidecars.pop(str(file.path) + SIDECAR_SUFFIX, None))
        for file in files
        if not is_sidecar(file)
    ]
    return pairs, list(sidecars.values())

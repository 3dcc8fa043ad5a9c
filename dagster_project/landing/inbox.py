"""What stands in an inbox: files, the members of zips, and the sidecars that speak for them.

An inbox is read, never changed. Links are not followed out of it.
"""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dagster_project.errors import OutcomesError, RefusedError, UsageError
from dagster_project.landing import limits
from dagster_project.sources.layout import Extract

SIDECAR_SUFFIX = ".period"
IGNORED_NAMES = {".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep"}
CHUNK = 2**20


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


@dataclass(frozen=True)
class Ignored:
    """A file that carries no data by its nature, and why it was left."""

    relative_path: str
    reason: str


def walk(inboxes: list[Path]) -> tuple[list[InboxFile], list[Ignored], list[RefusedError]]:
    """Every file under the inboxes in a fixed order; what is ignored and refused, named."""
    files: list[InboxFile] = []
    ignored: list[Ignored] = []
    refused: list[RefusedError] = []
    for inbox in inboxes:
        if not inbox.is_dir():
            raise UsageError(
                "this inbox is not a directory",
                file=str(inbox),
                expected="a folder that holds extracts",
                fix="check the path given to --inbox",
            )
        for folder, subfolders, names in os.walk(inbox):
            subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
            for name in sorted(names):
                _sort_file(inbox, Path(folder) / name, files, ignored, refused)
    return files, ignored, refused


def _sort_file(
    inbox: Path,
    path: Path,
    files: list[InboxFile],
    ignored: list[Ignored],
    refused: list[RefusedError],
) -> None:
    relative = path.relative_to(inbox).as_posix()
    if path.name in IGNORED_NAMES or path.name.startswith("~$") or path.name.startswith("."):
        ignored.append(Ignored(relative, "a file that the desktop made, not an extract"))
        return
    if path.is_symlink() and not path.resolve().is_relative_to(inbox.resolve()):
        refused.append(
            RefusedError(
                "a link that leads out of the inbox",
                file=relative,
                got=f"a link to {path.readlink()}",
                expected="a file inside the inbox",
                fix="put the file itself in the inbox",
            )
        )
        return
    try:
        status = path.stat()
    except OSError as problem:
        refused.append(
            RefusedError(f"the file can't be read ({problem.strerror})", file=relative)
        )
        return
    if not stat.S_ISREG(status.st_mode):
        ignored.append(Ignored(relative, "not a regular file"))
        return
    files.append(
        InboxFile(path, relative, status.st_size, status.st_mtime_ns, status.st_ino)
    )


def is_sidecar(file: InboxFile) -> bool:
    """True for `NAME.period`, which states the period and vintage of `NAME`."""
    return file.relative_path.endswith(SIDECAR_SUFFIX)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def extracts_in(file: InboxFile, scratch: Path) -> Iterator[Extract | Ignored | OutcomesError]:
    """The extract that a file is, or those inside it if it is a zip of extracts.

    Members are unpacked into `scratch`, one after the other, up to the declared limits.
    A workbook is a zip too, and is left whole.
    """
    if zipfile.is_zipfile(file.path) and not _is_workbook(file.path):
        yield from _members(file, scratch)
        return
    yield Extract(file.path, file.relative_path, file.size, sha256_of(file.path))


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False
    return "[Content_Types].xml" in names or "mimetype" in names


def _members(file: InboxFile, scratch: Path) -> Iterator[Extract | Ignored | OutcomesError]:
    try:
        with zipfile.ZipFile(file.path) as archive:
            infos = archive.infolist()
            _check_archive(file, infos)
            for number, info in enumerate(infos):
                label = f"{file.relative_path}!{info.filename}"
                if info.is_dir() or _is_junk(info.filename):
                    if not info.is_dir():
                        yield Ignored(label, "macOS bookkeeping inside a zip")
                    continue
                yield _unpack(archive, info, label, scratch / f"{number}.member")
    except RefusedError as refusal:
        yield refusal
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as problem:
        yield RefusedError(
            "the zip is damaged",
            file=file.relative_path,
            got=str(problem) or type(problem).__name__,
            expected="a zip that can be read to its end",
            fix="fetch it again from the publisher",
        )


def _is_junk(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or (bool(parts) and parts[-1].startswith("._"))


def _check_archive(file: InboxFile, infos: list[zipfile.ZipInfo]) -> None:
    total = sum(info.file_size for info in infos)
    for info in infos:
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in info.filename:
            raise RefusedError(
                "the zip has a member whose path leads outside it",
                file=file.relative_path,
                place=f"member {info.filename!r}",
                expected="paths inside the zip",
                fix="ask the sender for a clean zip; nothing of this one was read",
            )
        if info.flag_bits & 0x1:
            raise RefusedError(
                "the zip is protected by a password",
                file=file.relative_path,
                place=f"member {info.filename!r}",
                expected="a zip without a password",
                fix="unpack it and put the files in the inbox",
            )
    if len(infos) > limits.MAX_ZIP_MEMBERS:
        raise RefusedError(
            "the zip has too many members",
            file=file.relative_path,
            got=f"{len(infos):,}",
            expected=f"at most {limits.MAX_ZIP_MEMBERS:,}",
            fix="split it, or unpack it into the inbox",
        )
    if total > limits.MAX_UNZIPPED_BYTES or total > limits.MAX_ZIP_RATIO * max(file.size, 1):
        raise RefusedError(
            "the zip would unpack to more than is allowed",
            file=file.relative_path,
            got=f"{total:,} bytes unpacked from {file.size:,}",
            expected=(
                f"at most {limits.MAX_UNZIPPED_BYTES:,} bytes and {limits.MAX_ZIP_RATIO} times"
                " the packed size"
            ),
            fix="unpack what is needed and put the files in the inbox",
        )


def _unpack(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str, target: Path
) -> Extract | RefusedError:
    digest = hashlib.sha256()
    size = 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(info) as packed, target.open("wb") as unpacked:
        while chunk := packed.read(CHUNK):
            size += len(chunk)
            # The size in the zip's directory is the sender's word; this is the fact.
            if size > info.file_size or size > limits.MAX_UNZIPPED_BYTES:
                return RefusedError(
                    "the zip's member is larger than the zip says",
                    file=label,
                    got=f"more than {info.file_size:,} bytes",
                    expected=f"{info.file_size:,} bytes",
                    fix="ask the sender for a clean zip",
                )
            digest.update(chunk)
            unpacked.write(chunk)
    return Extract(target, label, size, digest.hexdigest())

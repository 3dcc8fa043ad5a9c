"""From a file of an inbox to extracts: a snapshot of its bytes, and of each member of a zip.

What is recognised, searched, read and kept is the snapshot: a file that is overwritten meanwhile
can't make them differ, and no name it has reaches a program that would read meaning into it.
"""

from __future__ import annotations

import hashlib
import lzma
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dagster_project.errors import RefusedError, printable
from dagster_project.landing import copying, inbox, limits
from dagster_project.landing.inbox import Ignored, InboxFile
from dagster_project.sources.layout import Extract

# Larger pieces are got from the system anew each time, which costs more than to copy them.
CHUNK = 2**18
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
# What Python's zip reader lets through when a zip is damaged or of a kind it can't unpack.
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True)
class Unusable:
    """An extract that can't be unpacked, and why; a zip is refused whole."""

    extract: Extract
    refusal: RefusedError


Item = Extract | Ignored | Unusable


def extracts_in(file: InboxFile, scratch: Path) -> Iterator[Item]:
    """The extract that a file is, or those inside it if it is a zip of extracts.

    A workbook is a zip too, and is left whole. RefusedError if the file can't be read.
    """
    extract = snapshot(file, scratch / "extract")
    if is_zip(extract.path) and not is_office_file(extract.path):
        yield from _members(extract, scratch)
    else:
        yield extract


def snapshot(file: InboxFile, target: Path) -> Extract:
    """After this `target` holds the bytes of `file`, and the extract says what they are."""
    if file.size > limits.MAX_FILE_BYTES:
        raise RefusedError(
            "the file is too large",
            file=file.relative_path,
            got=f"{file.size:,} bytes",
            expected=f"at most {limits.MAX_FILE_BYTES:,}",
            fix="check that it is what it says it is, or split it",
        )
    size, sha256 = _copy(file, target)
    if size != file.size or _stamp(file) != file.stamp:
        raise RefusedError(
            "the file changed while it was read",
            file=file.relative_path,
            expected="a file that nobody is writing",
            fix="wait until it has been copied whole, and refresh again",
        )
    return Extract(target, file.relative_path, size, sha256)


def _copy(file: InboxFile, target: Path) -> tuple[int, str]:
    if file.size > copying.PART:
        done = copying.copied(file.path, target)
        if done is not None:
            return done
    return _write(target, _chunks(file))


def _chunks(file: InboxFile) -> Iterator[bytes]:
    try:
        with file.path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except OSError as problem:
        raise inbox.cannot_read(file.relative_path, problem) from problem


def _stamp(file: InboxFile) -> tuple[int, int, int]:
    try:
        status = file.path.stat()
    except OSError as problem:
        raise inbox.cannot_read(file.relative_path, problem) from problem
    return (status.st_size, status.st_mtime_ns, status.st_ino)


def _write(target: Path, chunks: Iterable[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as stream:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            stream.write(chunk)
    return size, digest.hexdigest()


def is_zip(path: Path) -> bool:
    """True if the file begins as a zip and has a zip's directory; a CSV may end as one."""
    with path.open("rb") as stream:
        begins_as_zip = stream.read(4) in ZIP_STARTS
    return begins_as_zip and zipfile.is_zipfile(path)


def is_office_file(path: Path) -> bool:
    """True for a zip that is one document: a workbook, or another of the office programs."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except ZIP_ERRORS:
        return False
    return "[Content_Types].xml" in names or "mimetype" in names


def _members(extract: Extract, scratch: Path) -> Iterator[Item]:
    try:
        archive = zipfile.ZipFile(extract.path)
    except ZIP_ERRORS as problem:
        yield Unusable(extract, _damaged(extract.relative_path, problem))
        return
    with archive:
        infos = archive.infolist()
        try:
            check_archive(extract, infos)
        except RefusedError as refusal:
            yield Unusable(extract, refusal)
            return
        for number, info in enumerate(infos):
            if not info.is_dir():
                yield _member(archive, info, extract, scratch / f"{number}.member")


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, extract: Extract, target: Path
) -> Item:
    label = f"{extract.relative_path}!{printable(info.filename)}"
    if _is_junk(info.filename):
        return Ignored(label, "macOS bookkeeping inside a zip")
    try:
        size, sha256 = _write(target, unpacked(archive, info, label))
    except RefusedError as refusal:
        target.unlink(missing_ok=True)
        return Unusable(extract, refusal)
    return Extract(target, label, size, sha256)


def unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str) -> Iterator[bytes]:
    """The bytes of a member, in parts; RefusedError if the zip is damaged there.

    Python's reader stops at the size that the zip's directory declares.
    """
    try:
        with archive.open(info) as packed:
            while chunk := packed.read(CHUNK):
                yield chunk
    except ZIP_ERRORS as problem:
        raise _damaged(label, problem) from problem


def _damaged(label: str, problem: Exception) -> RefusedError:
    return RefusedError(
        "the zip is damaged",
        file=label,
        got=str(problem) or type(problem).__name__,
        expected="a zip that can be read to its end",
        fix="fetch it again from the publisher",
    )


def _is_junk(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or (bool(parts) and parts[-1].startswith("._"))


def check_archive(extract: Extract, infos: list[zipfile.ZipInfo]) -> None:
    """Nothing happens if the zip may be unpacked; RefusedError says why it may not."""
    for info in infos:
        _check_member(extract, info)
    twice = [name for name, times in Counter(i.filename for i in infos).items() if times > 1]
    if twice:
        raise RefusedError(
            "the zip has two members of one name",
            file=extract.relative_path,
            place=f"member {twice[0]!r}",
            expected="each member once",
            fix="ask the sender which is meant, and put that file in the inbox",
        )
    if not any(not info.is_dir() and not _is_junk(info.filename) for info in infos):
        raise RefusedError(
            "the zip holds no file",
            file=extract.relative_path,
            expected="extracts in it",
            fix="ask the sender for the zip again",
        )
    _check_size(extract, infos)


def _check_member(extract: Extract, info: zipfile.ZipInfo) -> None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or DRIVE.match(info.filename):
        raise RefusedError(
            "the zip has a member whose path leads outside it",
            file=extract.relative_path,
            place=f"member {info.filename!r}",
            expected="paths inside the zip",
            fix="ask the sender for a clean zip; nothing of this one was read",
        )
    if info.flag_bits & 0x1:
        raise RefusedError(
            "the zip is protected by a password",
            file=extract.relative_path,
            place=f"member {info.filename!r}",
            expected="a zip without a password",
            fix="unpack it and put the files in the inbox",
        )


def _check_size(extract: Extract, infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > limits.MAX_ZIP_MEMBERS:
        raise RefusedError(
            "the zip has too many members",
            file=extract.relative_path,
            got=f"{len(infos):,}",
            expected=f"at most {limits.MAX_ZIP_MEMBERS:,}",
            fix="split it, or unpack it into the inbox",
        )
    total = sum(info.file_size for info in infos)
    if is_bomb(total, extract.bytes):
        raise RefusedError(
            "the zip would unpack to more than is allowed",
            file=extract.relative_path,
            got=f"{total:,} bytes unpacked from {extract.bytes:,}",
            expected=(
                f"at most {limits.MAX_UNZIPPED_BYTES:,} bytes and {limits.MAX_ZIP_RATIO} times"
                " the packed size"
            ),
            fix="unpack what is needed and put the files in the inbox",
        )


def is_bomb(unpacked: int, packed: int) -> bool:
    """True if a zip declares more than an honest one of its size would hold."""
    return unpacked > limits.MAX_UNZIPPED_BYTES or unpacked > limits.MAX_ZIP_RATIO * max(packed, 1)

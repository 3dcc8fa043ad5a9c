"""One download: asked on condition, tried again, gone on with, measured as it comes."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project import progress
from dagster_project.fetching.addresses import Address
from dagster_project.fetching.looks import is_compressed, look_at, take_head, too_large
from dagster_project.fetching.manners import too_long
from dagster_project.fetching.partial import Partial
from dagster_project.fetching.problems import NoAnswer, Passing, RefusedAnswer
from dagster_project.fetching.wire import Wire
from dagster_project.landing import store

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

CHUNK = 2**16
TELL_EVERY_SECONDS = 30.0


@dataclass(frozen=True)
class Validators:
    """What a server called its last answer, for it to say whether that still stands."""

    etag: str | None = None
    last_modified: str | None = None

    def question(self) -> dict[str, str]:
        """The headers that ask only for what has changed."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True)
class Fetched:
    """A whole file, still at its provisional place."""

    path: Path
    sha256: str
    bytes: int
    validators: Validators


def download(address: Address, known: Validators, folder: Path, wire: Wire) -> Fetched | None:
    """The file, whole and of the kind asked for; None where the server says it hasn't changed.

    Raises NoAnswer or RefusedAnswer. Of what has come by then, `folder` keeps only what a later
    download can go on with.
    """
    partial = Partial(address, folder)
    try:
        return _until_whole(address, known, partial, wire)
    except RefusedAnswer:
        partial.drop()
        raise
    except NoAnswer:
        if not partial.question():
            partial.drop()
        raise
    except OSError as problem:
        partial.drop()
        raise NoAnswer(
            "what came can't be written",
            file=address.place,
            place=str(folder),
            got=problem.strerror or type(problem).__name__,
            expected="room on the disk, and the right to write there",
            fix="make room, and refresh again",
        ) from problem


def _until_whole(
    address: Address, known: Validators, partial: Partial, wire: Wire
) -> Fetched | None:
    deadline = wire.manners.deadline()
    for attempt in count(1):
        try:
            return _try(address, known, partial, wire, deadline)
        except Passing as passing:
            progress.current().detail(f"{address.place}: {passing.problem}; trying again soon")
            wire.manners.wait_out(passing, attempt, deadline, address.place)
    raise AssertionError("the count has no end")


def _try(
    address: Address, known: Validators, partial: Partial, wire: Wire, deadline: float
) -> Fetched | None:
    rest = partial.question()
    condition = known.question()
    with wire.answer(address, rest or condition) as response:
        if response.status == 304 and condition and not rest:
            return None
        whole = take_head(address, response, partial, asked_for_rest=bool(rest))
        _take_body(address, response, partial, whole, wire, deadline)
        validators = Validators(response.headers.get("ETag"), response.headers.get("Last-Modified"))
        unpack = is_compressed(response)
    came = partial.bytes
    if whole not in (None, came):
        partial.drop()
        raise Passing(f"{came:,} bytes came, where the server had said {whole:,}")
    if unpack:
        _unpack(address, partial)
    look_at(address, partial.path)
    partial.complete()
    return Fetched(partial.path, store.sha256_of(partial.path), partial.bytes, validators)


def _unpack(address: Address, partial: Partial) -> None:
    """After this the bytes are the file, not a compressed form of it; Passing if they are cut."""
    unpacked = partial.path.with_suffix(".unpacked")
    size = 0
    try:
        with gzip.open(partial.path) as packed, unpacked.open("wb") as stream:
            while chunk := packed.read(CHUNK):
                size += stream.write(chunk)
                if size > address.max_bytes:
                    raise too_large(address, f"more than {address.max_bytes:,} bytes unpacked")
        unpacked.replace(partial.path)
    except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
        partial.drop()
        raise Passing("the compressed answer is damaged") from problem
    finally:
        unpacked.unlink(missing_ok=True)


def _take_body(
    address: Address,
    response: BaseHTTPResponse,
    partial: Partial,
    whole: int | None,
    wire: Wire,
    deadline: float,
) -> None:
    """After this all that came of the answer is on disk, and it wasn't more than is allowed."""
    came, clock = partial.bytes, wire.manners.clock
    tell_at = clock() + TELL_EVERY_SECONDS
    with partial.path.open("ab") as stream:
        # What has come, even one byte of it, is handed over at once: so a slow drip is noticed.
        while chunk := response.read1(CHUNK, decode_content=False):
            came += stream.write(chunk)
            said = f"{address.place}: {_megabytes(came)}"
            said += f" of {_megabytes(whole)} MB" if whole else " MB"
            progress.current().detail(said)
            if came > address.max_bytes:
                raise too_large(address, f"more than {address.max_bytes:,} bytes")
            if clock() > deadline:
                raise too_long(address.place, wire.manners.patience.total, said)
            if clock() > tell_at:
                progress.current().note(said)
                tell_at = clock() + TELL_EVERY_SECONDS


def _megabytes(size: int) -> str:
    return f"{size / 10**6:,.1f}"

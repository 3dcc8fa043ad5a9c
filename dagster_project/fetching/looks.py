"""Whether an answer is what was asked for: told by its head, and by how the file begins."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagster_project.errors import printable
from dagster_project.fetching.addresses import Address, shown
from dagster_project.fetching.partial import Partial
from dagster_project.fetching.problems import Passing, RefusedAnswer

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

# Answers of a server that may answer better soon.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
PLAIN = frozenset({"", "identity"})
COMPRESSED = frozenset({"gzip", "x-gzip"})
WEB_PAGES = frozenset({"text/html", "application/xhtml+xml"})
LOOKED_AT = 1024
STARTS = {".zip": (b"PK\x03\x04",), ".xlsx": (b"PK\x03\x04",), ".json": (b"{", b"[")}
LOOK = "look at the publisher's page; if the file has moved, correct seeds/live_sources.csv"


def take_head(
    address: Address, response: BaseHTTPResponse, partial: Partial, *, asked_for_rest: bool
) -> int | None:
    """How many bytes are to come in all, None if that can't be known; the body may now be read.

    Raises Passing or RefusedAnswer for a head that promises nothing of use.
    """
    status = response.status
    if status in PASSING:
        raise Passing(f"the server answered {status}", wait=_retry_after(response))
    if status == 416 and asked_for_rest:
        partial.drop()
        raise Passing("the server has no such rest of the file")
    if status not in (200, 206) or (status == 206 and not asked_for_rest):
        raise _refused(
            address,
            "a part of the file, unasked" if status == 206 else "the server doesn't give the file",
            got=f"status {status}",
            expected="status 200 and the whole file",
            fix=LOOK,
        )
    _check_kind(address, response)
    if status == 206:
        whole: int | None = partial.go_on(response)
    else:
        whole = _declared(address, response)
        partial.begin(response)
    if whole is not None and whole > address.max_bytes:
        raise too_large(address, f"{whole:,} bytes, as the server says")
    return whole


def _retry_after(response: BaseHTTPResponse) -> float | None:
    """The seconds that the server asks us to wait, be they given as such or as a date."""
    from urllib3 import Retry
    from urllib3.exceptions import InvalidHeader

    try:
        return Retry(retry_after_max=10**9).get_retry_after(response)
    except (InvalidHeader, ValueError, OverflowError):
        # What can't be understood asks for nothing: we wait as long as we would have.
        return None


def _declared(address: Address, response: BaseHTTPResponse) -> int | None:
    declared = response.headers.get("Content-Length", "")
    if declared.isdigit():
        return int(declared)
    if "chunked" in response.headers.get("Transfer-Encoding", "").lower():
        return None
    raise _refused(
        address,
        "the answer doesn't say where it ends",
        got="neither a Content-Length nor chunks, so that a cut can't be told from the end",
        expected="one of the two",
        fix="fetch the file by hand, and put it in the inbox",
    )


def is_compressed(response: BaseHTTPResponse) -> bool:
    """True for an answer that is to be unpacked."""
    return _encoding(response) in COMPRESSED


def _encoding(response: BaseHTTPResponse) -> str:
    return response.headers.get("Content-Encoding", "").strip().lower()


def _check_kind(address: Address, response: BaseHTTPResponse) -> None:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in WEB_PAGES and kind not in address.content_types:
        raise _web_page(address, f"{kind} with status {response.status}")
    if kind not in address.content_types:
        raise _refused(
            address,
            "another kind of answer",
            got=kind[:80] or "no Content-Type",
            expected=" or ".join(sorted(address.content_types)),
            fix="if it is the file all the same, add the type to seeds/live_sources.csv",
        )
    if _encoding(response) not in PLAIN | COMPRESSED:
        raise _refused(
            address,
            "an answer compressed in a way that wasn't asked for",
            got=_encoding(response)[:80],
            expected="gzip, or none",
            fix="tell the publisher",
        )


def look_at(address: Address, path: Path) -> None:
    """After this the file on disk begins as a file of its kind does; RefusedAnswer if not."""
    with path.open("rb") as stream:
        start = stream.read(LOOKED_AT).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise _refused(
            address,
            "an empty answer",
            got="nothing but spaces" if path.stat().st_size else "0 bytes",
            expected="the file",
            fix="refresh again later; if it goes on, look at the publisher's page",
        )
    if start.startswith(b"<"):
        raise _web_page(address, printable(start[:60].decode("utf-8", errors="replace")))
    ending = Path(address.place).suffix
    wanted = STARTS.get(ending)
    if wanted and not start.startswith(wanted):
        raise _refused(
            address,
            f"not a {ending} file",
            got=f"a file that begins with {start[:16]!r}",
            expected=" or ".join(repr(each) for each in wanted),
            fix=LOOK,
        )


def _web_page(address: Address, got: str) -> RefusedAnswer:
    return _refused(
        address,
        "a web page instead of the file",
        got=got,
        expected="the file",
        fix=f"the service may be down: {LOOK}",
    )


def too_large(address: Address, got: str) -> RefusedAnswer:
    """The refusal of more bytes than the address is allowed to give."""
    return _refused(
        address,
        "the file is larger than is allowed",
        got=got,
        expected=f"at most {address.max_bytes:,} bytes",
        fix="if it is right, raise max_megabytes in seeds/live_sources.csv",
    )


def _refused(address: Address, problem: str, **parts: str) -> RefusedAnswer:
    return RefusedAnswer(problem, file=address.place, place=shown(address.url), **parts)

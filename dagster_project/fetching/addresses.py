"""The addresses that are asked, worked out from `seeds/live_sources.csv` and the registry."""

from __future__ import annotations

import hashlib
import ipaddress
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from dagster_project.errors import UsageError
from dagster_project.registry.live import IDS, PAGE
from dagster_project.registry.registry import Registry
from dagster_project.registry.rules import Row

# A server on this machine that stands in for every publisher: for tests, and for a mirror.
SERVER = "OUTCOMES_LIVE_SERVER"
DEFAULT_PORTS = {"http": 80, "https": 443}


def origin(url: str) -> str:
    """Who answers at an address: scheme, host and port, in one form."""
    parts = urlsplit(url)
    port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"


def shown(url: str) -> str:
    """An address as it may be printed: without its query, a fragment or a password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" + ("?…" if parts.query else "")


@dataclass(frozen=True)
class Address:
    """One thing to ask for: where it is, where it goes, and what it may be.

    `place` is its path in the live inbox. `origins` are all that may answer, redirects included.
    A page is one of several that are asked by code, and may have nothing to say of its codes.
    """

    live_id: str
    source_id: str
    place: str
    url: str
    origins: frozenset[str]
    content_types: frozenset[str]
    max_bytes: int
    pause: float
    is_page: bool = False
    is_local: bool = False

    @property
    def request_key(self) -> str:
        """What tells this question from another; the address itself is kept nowhere."""
        return hashlib.sha256(self.url.encode()).hexdigest()


def plan(registry: Registry) -> tuple[Address, ...]:
    """Every address of the live sources, in the order of their rows."""
    server = local_server()
    return tuple(
        _address(row, page, server)
        for row in registry.live_sources
        for page in _pages(row, registry)
    )


def _pages(row: Row, registry: Registry) -> Iterator[Sequence[str]]:
    """The indicator codes of each page, in their order; one page of none where none are asked."""
    if not row["codes_of"]:
        yield ()
        return
    codes = sorted(
        {
            known["source_code"]
            for known in registry.indicator_sources
            if known["source_id"] == row["codes_of"]
        },
        key=int,
    )
    size = int(row["page_size"])
    for first in range(0, len(codes), size):
        yield codes[first : first + size]


def _address(row: Row, codes: Sequence[str], server: str | None) -> Address:
    url = row["address"].replace(IDS, ",".join(codes))
    page = f"{codes[0]}-{codes[-1]}" if codes else ""
    origins = frozenset(f"https://{host}:443" for host in row["hosts"].split("|"))
    if server:
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        url = f"{server}/{parts.netloc}{parts.path}{query}"
        origins = frozenset({origin(server)})
    return Address(
        live_id=row["live_id"],
        source_id=row["source_id"],
        place=f"{row['source_id']}/{row['file_name'].replace(PAGE, page)}",
        url=url,
        origins=origins,
        content_types=frozenset(row["content_types"].split("|")),
        max_bytes=int(row["max_megabytes"]) * 10**6,
        # Nobody else waits for a server on this machine.
        pause=0.0 if server else float(row["pause_seconds"]),
        is_page=bool(codes),
        is_local=server is not None,
    )


def local_server() -> str | None:
    """The server on this machine that OUTCOMES_LIVE_SERVER names, if it names one.

    It is asked for /HOST/PATH in place of https://HOST/PATH. No other machine may be named, so that
    the variable can't send anybody's refresh elsewhere.
    """
    named = os.environ.get(SERVER, "").strip().rstrip("/")
    if not named:
        return None
    if not _is_local(named):
        raise UsageError(
            f"{SERVER} may only name a server on this machine",
            got=shown(named),
            expected="an address such as http://127.0.0.1:8000, by number, with nothing behind it",
            fix=f"unset {SERVER} to ask the publishers themselves",
        )
    return named


def _is_local(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in DEFAULT_PORTS
            and parts.port is not None
            and ipaddress.ip_address(parts.hostname or "").is_loopback
            and parts.netloc.rpartition("@")[1] == ""
            and not (parts.path or parts.query or parts.fragment)
        )
    # No port that is a number, or a host that isn't one.
    except ValueError:
        return False

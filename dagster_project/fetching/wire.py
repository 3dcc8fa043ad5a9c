"""Questions over HTTP: who may be asked, how trust is checked, and what went wrong in words.

Only https is spoken, or http with a server on this machine that was named on purpose. The system's
proxies are honoured, never for this machine. No cookie, no netrc, no credential in an address.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import unquote, urljoin, urlsplit

from dagster_project import __version__
from dagster_project.fetching.addresses import Address, origin, shown
from dagster_project.fetching.manners import Manners
from dagster_project.fetching.problems import NoAnswer, Passing, RefusedAnswer

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager
    from urllib3.exceptions import HTTPError

AGENT = f"outcomes/{__version__} (outcome indicators for health and care in England)"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 5


def trust() -> ssl.SSLContext:
    """Who is trusted: what SSL_CERT_FILE or SSL_CERT_DIR name, else the system's and Mozilla's."""
    import certifi

    context = ssl.create_default_context()
    if not (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")):
        # Some builds of Python come without a store of their own.
        context.load_verify_locations(certifi.where())
    return context


def proxy_for(url: str) -> str | None:
    """The proxy that the environment or the system names for an address, or None."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    if proxy_bypass(parts.hostname or ""):
        return None
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")


def _manager(proxy: str | None) -> PoolManager:
    import urllib3

    if proxy is None:
        return urllib3.PoolManager(ssl_context=trust())
    parts = urlsplit(proxy if "//" in proxy else f"http://{proxy}")
    headers = None
    if parts.username:
        credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers = urllib3.make_headers(proxy_basic_auth=credentials)
    port = f":{parts.port}" if parts.port else ""
    plain = f"{parts.scheme}://{parts.hostname}{port}"
    return urllib3.ProxyManager(plain, proxy_headers=headers, ssl_context=trust())


def _onwards(address: Address, url: str, location: str) -> str:
    """Where a redirect leads; RefusedAnswer if that is another host, or no address at all."""
    try:
        following = urljoin(url, location)
        if origin(following) in address.origins:
            return following
        got = shown(following)
    except ValueError:
        got = "an address that can't be read"
    raise RefusedAnswer(
        "the server sends us to another host",
        file=address.place,
        place=shown(address.url),
        got=got,
        expected=" or ".join(sorted(address.origins)),
        fix="if the publisher has moved, correct seeds/live_sources.csv",
    )


@dataclass
class Wire:
    """The connections of one run, and the manners that are kept on them."""

    manners: Manners = field(default_factory=Manners)
    _managers: dict[str | None, PoolManager] = field(default_factory=dict)

    @contextmanager
    def answer(self, address: Address, headers: dict[str, str]) -> Iterator[BaseHTTPResponse]:
        """The answer of an address, its body still to be read; closed when the block ends.

        Raises Passing where another try may go better.
        """
        from urllib3.exceptions import HTTPError

        answered = False
        try:
            response = self._follow(address, headers)
            answered = True
            try:
                yield response
            finally:
                response.close()
        except HTTPError as problem:
            self._tell(address, problem, answered=answered)

    def _follow(self, address: Address, headers: dict[str, str]) -> BaseHTTPResponse:
        """The first answer that doesn't send us on; a way to another host is refused."""
        url = address.url
        for _ in range(MOST_REDIRECTS + 1):
            response = self._get(address, url, headers)
            location = response.headers.get("Location")
            if response.status not in REDIRECTS or not location:
                return response
            response.close()
            url = _onwards(address, url, location)
        raise RefusedAnswer(
            "the server sends us on and on",
            file=address.place,
            place=shown(address.url),
            got=f"more than {MOST_REDIRECTS} redirects, the last to {shown(url)}",
            expected="the file",
            fix="look at the publisher's page, and correct seeds/live_sources.csv",
        )

    def _get(self, address: Address, url: str, headers: dict[str, str]) -> BaseHTTPResponse:
        import urllib3

        proxy = None if address.is_local else proxy_for(url)
        if proxy not in self._managers:
            self._managers[proxy] = _manager(proxy)
        self.manners.take_turn(urlsplit(url).netloc, address.pause)
        patience = self.manners.patience
        return self._managers[proxy].request(
            "GET",
            url,
            headers={"User-Agent": AGENT, "Accept-Encoding": "gzip", **headers},
            timeout=urllib3.Timeout(connect=patience.connect, read=patience.read),
            # Tried again by us, since a body that breaks off is to be tried again too.
            retries=False,
            redirect=False,
            preload_content=False,
        )

    def _tell(self, address: Address, problem: HTTPError, *, answered: bool) -> NoReturn:
        """Raises what a failure means, in our words: the library's may hold the query."""
        distrust = [part for part in problem.args if isinstance(part, ssl.SSLCertVerificationError)]
        if distrust:
            raise NoAnswer(
                "the server's certificate isn't trusted",
                file=address.place,
                place=shown(address.url),
                got=distrust[0].verify_message,
                expected="a certificate for that host, from somebody this machine trusts",
                fix="if a proxy of your network signs for others, name its certificate in"
                " SSL_CERT_FILE",
                is_host=True,
            ) from problem
        raise Passing(self._words(problem), answered=answered) from problem

    def _words(self, problem: HTTPError) -> str:
        from urllib3 import exceptions

        patience = self.manners.patience
        words = {
            exceptions.NameResolutionError: "the host's name can't be resolved",
            exceptions.NewConnectionError: "no connection: it was turned down",
            exceptions.ConnectTimeoutError: f"no connection within {patience.connect:g} s",
            exceptions.ReadTimeoutError: f"nothing came for {patience.read:g} s",
            exceptions.ProxyError: "the proxy gave no connection",
            exceptions.SSLError: "the encrypted connection failed",
            exceptions.ProtocolError: "the connection broke off before the end",
        }
        said = [text for kind, text in words.items() if isinstance(problem, kind)]
        return said[0] if said else type(problem).__name__

"""`outcomes serve`: the published site at an address of this machine, and nothing beside it."""

from __future__ import annotations

import mimetypes
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from dagster_project.errors import UsageError
from dagster_project.home import Home
from dagster_project.nearest import instead
from dagster_project.release.store import ReleaseStore
from dagster_project.serving import check_port

# Beside the site a release has what its pages link to, and nothing that isn't published.
OPEN = ("site", "data", "csv", "outcomes.xlsx", "manifest.json")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:;"
        " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Another release may stand here in a moment.
    "Cache-Control": "no-cache",
}
TYPES = {".parquet": "application/vnd.apache.parquet", ".js": "text/javascript"}


class Handler(SimpleHTTPRequestHandler):
    """Reads files of one release, and says no to all else."""

    server_version = "outcomes"
    sys_version = ""

    def send_head(self) -> BytesIO | BinaryIO | None:
        """The answer's head and its file; a path that leads elsewhere is not found."""
        if urlsplit(self.path).path in ("", "/"):
            self._send_to("/site/index.html")
            return None
        found = resolve(Path(self.directory), self.path)
        if found is None:
            self.send_error(HTTPStatus.NOT_FOUND, "There is no such page")
            return None
        return super().send_head()

    def translate_path(self, path: str) -> str:
        """The file that a path names; `send_head` has seen that it is one."""
        found = resolve(Path(self.directory), path)
        return str(found) if found else str(Path(self.directory) / OPEN[0] / "no such page")

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def guess_type(self, path: object) -> str:
        suffix = Path(str(path)).suffix
        if suffix in TYPES:
            return TYPES[suffix]
        kind = mimetypes.guess_type(str(path))[0] or "application/octet-stream"
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: who looks at what is nobody's business."""

    def _send_to(self, address: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()


def resolve(release: Path, path: str) -> Path | None:
    """The file of the release that an address names; None where it names no published file.

    Links are followed before it is asked where the file lies, so that none leads out.
    """
    relative = unquote(urlsplit(path).path).lstrip("/")
    if "\0" in relative or relative.split("/", 1)[0] not in OPEN:
        return None
    root = release.resolve()
    found = (root / relative).resolve()
    if found.is_dir():
        found = found / "index.html"
    return found if found.is_relative_to(root) and found.is_file() else None


def make_server(release: Path, host: str, port: int) -> ThreadingHTTPServer:
    """A server of one release, that listens and hasn't answered yet."""
    return ThreadingHTTPServer((host, port), partial(Handler, directory=str(release)))


def site_of(home: Home, identifier: str | None) -> Path:
    """The directory of the release that is asked for, the latest otherwise; it has a site."""
    store = ReleaseStore(home)
    wanted = identifier or store.latest_id()
    release = home.releases / str(wanted)
    is_name = wanted is not None and wanted == Path(wanted).name and wanted[:1] != "."
    if not is_name or not release.is_dir():
        raise UsageError(
            "there is no such release" if identifier else "nothing is published yet",
            file=str(home.releases),
            got=identifier,
            expected=instead(identifier or "", store.ids(), "a release"),
            fix="run `outcomes releases`, or `outcomes refresh` to make one",
        )
    if not (release / "site" / "index.html").is_file():
        raise UsageError(
            "this release has no site",
            file=str(release),
            got="a release that was written before there were sites",
            expected="a release with site/index.html",
            fix="run `outcomes refresh`, and look at the new release",
        )
    return release.resolve()


def serve(home: Home, identifier: str | None, host: str, port: int) -> int:
    """The site is served until Ctrl-C; 0."""
    release = site_of(home, identifier)
    check_port(host, port)
    with make_server(release, host, port) as server:
        print(
            f"Release {release.name}: http://{host}:{port}/  (stop with Ctrl-C)",
            file=sys.stderr,
            flush=True,
        )
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print(file=sys.stderr)
    return 0

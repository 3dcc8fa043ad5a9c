"""The sample's site in a real browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from dagster_project.home import Home
from tests.browser.altered import altered_release

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Ask = Callable[..., list[tuple[Any, ...]]]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# How long a view may take on a machine that does other things besides.
PATIENCE = 20_000


@pytest.fixture(scope="session")
def release(sample_home: Home) -> Path:
    return (sample_home.releases / "latest").resolve()


@pytest.fixture(scope="session")
def site(release: Path) -> Path:
    """The site of the sample, as it was published."""
    return release / "site"


@pytest.fixture(scope="session")
def altered(release: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A release with what the sample lacks, and its explorer: release and site."""
    folder = tmp_path_factory.mktemp("altered")
    return altered_release(release, folder / "release", folder / "site")


@pytest.fixture(scope="session")
def ask(release: Path) -> Iterator[Ask]:
    """What the tables of the sample answer."""
    connection = duckdb.connect()
    for path in sorted((release / "data").glob("*.parquet")):
        connection.execute(f"create view {path.stem} as from read_parquet('{path}')")
    yield lambda query, *values: connection.execute(query, list(values)).fetchall()
    connection.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here: `apt-get install chromium`")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # As root, in a container, Chromium's own sandbox can't start.
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """The address of a plain file server of the site."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the tests' own output is enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new page; afterwards it has said no error, and has asked for nothing off its site."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda problem: said.append(str(problem)))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    home = page.url.split("#")[0].split("/site")[0][:21]
    context.close()
    assert said == []
    assert [url for url in asked if not url.startswith((home, "blob:", "data:"))] == []

"""`outcomes serve` gives the files of one release, with a strict policy, and nothing else."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagster_project import cli
from dagster_project.errors import UsageError
from dagster_project.home import Home
from dagster_project.site.serve import make_server, site_of

RELEASE = "1.0.0-0123456789ab"
SECRET = "nobody may read this"  # noqa: S105 (a text of the test's own)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a release, a file beside it, and a link in it that leads out."""
    release = tmp_path / "releases" / RELEASE
    for name, body in {
        "site/index.html": "<h1>Front</h1>",
        "site/assets/site.css": "h1 { margin: 0 }",
        "data/areas.parquet": "PAR1",
        "manifest.json": "{}",
        "notes.txt": SECRET,
    }.items():
        (release / name).parent.mkdir(parents=True, exist_ok=True)
        (release / name).write_text(body, encoding="utf-8")
    (tmp_path / "state.sqlite").write_text(SECRET, encoding="utf-8")
    (release / "site" / "out.html").symlink_to(tmp_path / "state.sqlite")
    (tmp_path / "releases" / "latest").symlink_to(RELEASE)
    return Home(tmp_path)


@pytest.fixture
def ask(home: Home) -> Iterator[http.client.HTTPConnection]:
    server = make_server(site_of(home, None), "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    yield connection
    connection.close()
    server.shutdown()
    server.server_close()
    thread.join()


def get(ask: http.client.HTTPConnection, path: str) -> tuple[http.client.HTTPResponse, str]:
    ask.request("GET", path)
    answer = ask.getresponse()
    return answer, answer.read().decode("utf-8", errors="replace")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/site/index.html", "text/html; charset=utf-8"),
        ("/site/", "text/html; charset=utf-8"),
        ("/site/index.html?r=1", "text/html; charset=utf-8"),
        ("/site/assets/site.css", "text/css; charset=utf-8"),
        ("/data/areas.parquet", "application/vnd.apache.parquet"),
        ("/manifest.json", "application/json"),
    ],
)
def test_files_of_the_release_are_given_with_a_strict_policy(ask, path, kind):
    answer, _ = get(ask, path)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_first_address_leads_to_the_front_page(ask):
    answer, _ = get(ask, "/")
    assert (answer.status, answer.headers["Location"]) == (302, "/site/index.html")


@pytest.mark.parametrize(
    "path",
    [
        "/site/../../state.sqlite",
        "/site/%2e%2e/%2e%2e/%2e%2e/state.sqlite",
        "/site/..%2f..%2f..%2fstate.sqlite",
        "//state.sqlite",
        "/../state.sqlite",
        "/site/out.html",
        "/site/index.html%00.css",
        "/notes.txt",
        "/site/assets/",
        "/site/nothing.html",
        "/state.sqlite",
    ],
)
def test_nothing_else_is_given(ask, path):
    answer, body = get(ask, path)
    assert answer.status == 404
    assert SECRET not in body
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_nothing_can_be_sent(ask):
    ask.request("POST", "/site/index.html", body="x")
    assert ask.getresponse().status == 501


def test_a_release_without_a_site_is_refused_with_what_to_do(home, monkeypatch, capsys):
    (home.releases / RELEASE / "site" / "index.html").unlink()
    with pytest.raises(UsageError, match="this release has no site"):
        site_of(home, None)
    with pytest.raises(UsageError, match="there is no such release"):
        site_of(home, "2.0.0-ba9876543210")
    with pytest.raises(UsageError, match="there is no such release"):
        site_of(home, "..")
    monkeypatch.setenv("OUTCOMES_HOME", str(home.root / "empty"))
    assert cli.main(["serve"]) == 2
    assert "there is nothing here yet" in capsys.readouterr().err

"""Where the publishers are asked: worked out from the seeds, and never elsewhere."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from subprocess import run
from urllib.parse import parse_qs, urlsplit

import pytest

from dagster_project.errors import UsageError
from dagster_project.fetching.addresses import SERVER, local_server, origin, plan, shown
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.refresh import request_for
from dagster_project.registry.registry import Registry, load_registry

SEEDS = PROJECT_ROOT / "seeds"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(SEEDS)


def test_the_registrys_codes_are_asked_for_once_a_question_in_pages_of_a_hundred(
    registry: Registry,
) -> None:
    known = {
        row["source_code"] for row in registry.indicator_sources if row["source_id"] == "fingertips"
    }
    asked: dict[str, list[str]] = {}
    for address in plan(registry):
        (codes,) = parse_qs(urlsplit(address.url).query).get("indicator_ids", [""])
        if codes:
            assert 1 <= len(codes.split(",")) <= 100
            asked.setdefault(address.live_id, []).extend(codes.split(","))
    assert set(asked) == {"fingertips_utla", "fingertips_icb", "fingertips_metadata_json"}
    for codes_of_question in asked.values():
        assert Counter(codes_of_question) == Counter(known)


def test_each_page_is_a_file_that_says_what_it_is(registry: Registry) -> None:
    places = [address.place for address in plan(registry)]
    assert len(set(places)) == len(places)
    first = next(address for address in plan(registry) if address.live_id == "fingertips_utla")
    codes = parse_qs(urlsplit(first.url).query)["indicator_ids"][0].split(",")
    assert first.place == f"fingertips/utla_{codes[0]}-{codes[-1]}.csv"


def test_only_declared_hosts_are_asked_and_only_with_tls(registry: Registry) -> None:
    for address in plan(registry):
        assert origin(address.url) in address.origins
        assert all(each.startswith("https://") for each in address.origins)
        assert "{" not in address.url
        assert not address.is_local
        assert address.pause > 0


def test_a_server_on_this_machine_stands_in_for_all(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SERVER, "http://127.0.0.1:8000/")
    for address in plan(registry):
        assert address.origins == {"http://127.0.0.1:8000"}
        assert address.url.startswith("http://127.0.0.1:8000/")
        assert urlsplit(address.url).path.split("/")[1].count(".") >= 2
        assert address.is_local


@pytest.mark.parametrize("named", ["http://127.0.0.1:8000", "https://[::1]:8443", " "])
def test_servers_that_may_be_named(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv(SERVER, named)
    assert local_server() == (named.strip() or None)


@pytest.mark.parametrize(
    "named",
    [
        "http://10.0.0.1:8000",
        "http://localhost:8000",
        "http://127.0.0.1.example.org:8000",
        "http://127.0.0.1",
        "http://127.0.0.1:x",
        "http://user:secret@127.0.0.1:8000",
        "http://127.0.0.1:8000/path",
        "http://127.0.0.1:8000?secret",
        "ftp://127.0.0.1:8000",
        "//127.0.0.1:8000",
        "somewhere",
    ],
)
def test_no_other_server_may_be_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: str
) -> None:
    monkeypatch.setenv(SERVER, named)
    with pytest.raises(UsageError) as caught:
        request_for(Home(tmp_path), None, sample=False, as_of=None, live=True)
    assert "secret" not in caught.value.message
    assert list(tmp_path.iterdir()) == []


def test_what_is_shown_of_an_address_holds_no_secret() -> None:
    url = "https://user:secret@files.example.org:8443/a/b.csv?token=secret#secret"
    assert shown(url) == "https://files.example.org:8443/a/b.csv?…"


def test_a_sample_home_takes_nothing_live(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a sample home takes nothing from publishers"):
        request_for(Home(tmp_path), None, sample=True, as_of=None, live=True)


def test_a_source_without_an_address_cant_be_asked_for(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no address to be fetched from"):
        request_for(
            Home(tmp_path), None, sample=False, as_of=None, sources=["areas_ons"], live=True
        )


def test_nothing_heavy_is_imported_for_a_refresh_that_isnt_live(tmp_path: Path) -> None:
    """The way that finds nothing new, as far as the home's state: no HTTP library on it."""
    code = (
        "import sys; from dagster_project import refresh, reporting, cli;"
        "from dagster_project.home import Home; from pathlib import Path;"
        "refresh.request_for(Home(Path(sys.argv[1])), None, sample=False, as_of=None);"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in"
        " ('urllib3', 'certifi', 'ssl', 'http') or name.startswith('dagster_project.fetching')))"
    )
    done = run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT_ROOT,
    )
    assert done.stdout.strip() == "[]"

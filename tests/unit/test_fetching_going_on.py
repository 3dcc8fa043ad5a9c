"""A download that broke off is gone on with, and only where the rest is of the same file."""

from __future__ import annotations

import gzip
import sys
import time
from datetime import date
from pathlib import Path
from subprocess import DEVNULL, Popen
from urllib.parse import urlsplit

import pytest

from dagster_project.fetching import live
from dagster_project.fetching.addresses import plan
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.registry.registry import load_registry
from tests.support.fetching_place import FILE, Desk
from tests.support.http_publisher import (
    Handler,
    Publisher,
    Reply,
    cut,
    known_by,
    reset,
    stall,
    status,
)

SEEDS = PROJECT_ROOT / "seeds"
NEWER = FILE.replace(b"1.0", b"2.0")
HALF = len(FILE) // 2


def tampered(start: int, total: int, etag: str, body: bytes, **headers: str) -> Reply:
    """A part of the file that says of itself what it is told to say."""

    def reply(handler: Handler) -> None:
        handler.head(
            206,
            Content_Type="text/csv",
            Content_Length=len(body),
            Content_Range=f"bytes {start}-{start + len(body) - 1}/{total}",
            ETag=etag,
            **headers,
        )
        handler.wfile.write(body)

    return reply


def test_what_broke_off_is_gone_on_with(desk: Desk, publisher: Publisher) -> None:
    publisher.gives("/a.csv", cut(FILE, HALF, ETag='"1"'), known_by(FILE, '"1"'))
    assert desk.ask()["qof"].outcome == "fetched"
    assert desk.content() == FILE
    again = publisher.asked[1].headers
    assert (again["Range"], again["If-Range"]) == (f"bytes={HALF}-", '"1"')


def test_what_comes_compressed_is_gone_on_with_too(desk: Desk, publisher: Publisher) -> None:
    packed = gzip.compress(FILE, mtime=0)
    publisher.gives(
        "/a.csv",
        cut(packed, 20, ETag='"1z"', Content_Encoding="gzip"),
        known_by(packed, '"1z"', Content_Encoding="gzip"),
    )
    assert desk.ask()["qof"].outcome == "fetched"
    assert publisher.asked[1].headers["Range"] == "bytes=20-"
    assert desk.content() == FILE


def test_it_is_gone_on_with_by_a_later_run_too(desk: Desk, publisher: Publisher) -> None:
    publisher.gives("/a.csv", cut(FILE, HALF, ETag='"1"'), reset)
    assert desk.ask()["qof"].outcome == "failed"
    assert desk.half_downloads() == ["qof__a.csv.json", "qof__a.csv.part"]
    assert desk.content() is None
    publisher.gives("/a.csv", known_by(FILE, '"1"'))
    assert desk.ask()["qof"].outcome == "fetched"
    assert publisher.asked[-1].headers["Range"] == f"bytes={HALF}-"
    assert desk.content() == FILE
    assert desk.half_downloads() == []


def test_without_a_strong_name_of_the_version_it_is_begun_again(
    desk: Desk, publisher: Publisher
) -> None:
    publisher.gives("/a.csv", cut(FILE, HALF, ETag='W/"1"'), known_by(FILE, '"1"'))
    assert desk.ask()["qof"].outcome == "fetched"
    assert publisher.asked[1].headers["Range"] is None


def test_a_server_that_has_another_version_gives_all_of_that(
    desk: Desk, publisher: Publisher
) -> None:
    publisher.gives("/a.csv", cut(FILE, HALF, ETag='"1"'), known_by(NEWER, '"2"'))
    assert desk.ask()["qof"].outcome == "fetched"
    assert publisher.asked[1].headers["Range"] == f"bytes={HALF}-"
    assert desk.content() == NEWER


@pytest.mark.parametrize(
    "wrong",
    [
        # From elsewhere, of another version, not to the end, and without a word on what it is.
        tampered(HALF - 1, len(FILE), '"1"', FILE[HALF - 1 :]),
        tampered(HALF, len(FILE), '"2"', NEWER[HALF:]),
        tampered(HALF, len(FILE), '"1"', FILE[HALF:-1]),
        tampered(HALF, len(FILE), '"1"', FILE[HALF:], Content_Encoding="gzip"),
        status(416),
    ],
)
def test_the_rest_of_something_else_is_dropped_and_all_is_asked_for(
    desk: Desk, publisher: Publisher, wrong: Reply
) -> None:
    publisher.gives("/a.csv", cut(FILE, HALF, ETag='"1"'), wrong, known_by(FILE, '"1"'))
    assert desk.ask()["qof"].outcome == "fetched"
    assert publisher.asked[2].headers["Range"] is None
    assert desk.content() == FILE


def test_a_header_that_changes_while_it_comes_isnt_mixed_with_the_old(
    desk: Desk, publisher: Publisher
) -> None:
    """The publisher releases between the two halves: what comes is the new file, whole."""
    renamed = FILE.replace(b"area,value", b"code,figure")
    publisher.gives("/a.csv", cut(FILE, HALF, ETag='"1"'), known_by(renamed, '"2"'))
    desk.ask()
    assert desk.content() == renamed


def test_half_a_download_of_another_address_is_not_gone_on_with(
    desk: Desk, publisher: Publisher
) -> None:
    publisher.gives("/a.csv", cut(FILE, HALF, ETag='"1"'), reset)
    desk.ask()
    desk.addresses.clear()
    desk.address(url=f"{publisher.url}/moved.csv")
    publisher.gives("/moved.csv", known_by(NEWER, '"1"'))
    assert desk.ask()["qof"].outcome == "fetched"
    assert desk.content() == NEWER


def test_half_a_download_of_an_address_that_is_gone_goes_too(
    desk: Desk, publisher: Publisher
) -> None:
    desk.address("b.csv")
    publisher.gives("/a.csv", cut(FILE, HALF, ETag='"1"'), status(500))
    publisher.gives("/b.csv", cut(FILE, HALF, ETag='"1"'), status(500))
    desk.ask()
    kept = ["qof__a.csv.json", "qof__a.csv.part"]
    assert desk.half_downloads() == [*kept, "qof__b.csv.json", "qof__b.csv.part"]
    # What a kill left as it was unpacked is gone on with by nobody.
    (desk.home.partial_downloads / "qof__a.csv.unpacked").write_bytes(FILE)
    desk.addresses.pop()
    # Asked for another source, of which there is none: so what is left is what was tidied.
    desk.ask("ascof")
    assert desk.half_downloads() == kept


def test_a_note_cut_short_vouches_for_nothing(desk: Desk, publisher: Publisher) -> None:
    publisher.gives("/a.csv", cut(FILE, HALF, ETag='"1"'), reset)
    desk.ask()
    (desk.home.partial_downloads / "qof__a.csv.json").write_text('{"requ', encoding="utf-8")
    publisher.gives("/a.csv", known_by(FILE, '"1"'))
    assert desk.ask()["qof"].outcome == "fetched"
    assert publisher.asked[-1].headers["Range"] is None


def test_a_run_killed_while_it_downloads_leaves_what_the_next_goes_on_with(
    tmp_path: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("OUTCOMES_HOME", str(home.root))
    monkeypatch.setenv("OUTCOMES_LIVE_SERVER", publisher.url)
    (address,) = (one for one in plan(load_registry(SEEDS)) if one.live_id == "council_register")
    path = urlsplit(address.url).path
    publisher.gives(path, stall(FILE, HALF, ETag='"1"'), known_by(FILE, '"1"'))
    command = [sys.executable, "-m", "dagster_project.cli", "refresh", "--live"]
    process = Popen([*command, "--source", "areas_registry"], stdout=DEVNULL, stderr=DEVNULL)
    part = home.partial_downloads / "areas_registry__uk_local_authorities_future.csv.part"
    give_up = time.monotonic() + 30
    while not (part.exists() and part.stat().st_size == HALF) and time.monotonic() < give_up:
        time.sleep(0.02)
    process.kill()
    process.wait()
    (told,) = live.fetch(home, date(2026, 11, 24), ["areas_registry"])
    assert told.outcome == "fetched"
    assert publisher.asked[1].headers["Range"] == f"bytes={HALF}-"
    assert (home.live / address.place).read_bytes() == FILE
    assert list(home.partial_downloads.iterdir()) == []

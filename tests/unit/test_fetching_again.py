"""Asking again: what hasn't changed isn't sent, what broke off is gone on with."""

from __future__ import annotations

import gzip
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Any
from urllib.parse import urlsplit

import pytest

from dagster_project import state
from dagster_project.fetching import ledger, live
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
    whole,
)

SEEDS = PROJECT_ROOT / "seeds"
NEWER = FILE.replace(b"1.0", b"2.0")
HALF = len(FILE) // 2


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, publisher: Publisher) -> Desk:
    made = Desk(tmp_path, publisher)
    made.address()
    return made


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


# Unchanged


def test_what_the_server_says_hasnt_changed_isnt_sent_again(
    desk: Desk, publisher: Publisher
) -> None:
    publisher.gives("/a.csv", known_by(FILE, '"1"'))
    desk.ask()
    stamp = (desk.home.live / "qof/a.csv").stat().st_mtime_ns
    assert desk.ask("qof")["qof"].outcome == "unchanged"
    assert publisher.asked[1].headers["If-None-Match"] == '"1"'
    assert (desk.home.live / "qof/a.csv").stat().st_mtime_ns == stamp
    assert desk.half_downloads() == []


def test_the_time_of_change_serves_where_there_is_no_etag(desk: Desk, publisher: Publisher) -> None:
    day = "Mon, 02 Nov 2026 09:30:00 GMT"
    publisher.gives("/a.csv", whole(FILE, Last_Modified=day), status(304))
    desk.ask()
    assert desk.ask("qof")["qof"].outcome == "unchanged"
    assert publisher.asked[1].headers["If-Modified-Since"] == day


def test_yesterdays_bytes_sent_again_are_unchanged(desk: Desk, publisher: Publisher) -> None:
    publisher.gives("/a.csv", whole(FILE))
    desk.ask()
    path = desk.home.live / "qof/a.csv"
    before = path.stat()
    assert desk.ask("qof")["qof"].outcome == "unchanged"
    # Not even touched: landing needn't look at it again.
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert desk.half_downloads() == []


def test_a_change_is_fetched_and_told(desk: Desk, publisher: Publisher) -> None:
    publisher.gives("/a.csv", known_by(FILE, '"1"'), known_by(NEWER, '"2"'))
    desk.ask()
    assert desk.ask("qof")["qof"].fetched == ["qof/a.csv"]
    assert desk.content() == NEWER
    assert desk.row()["etag"] == '"2"'


def test_a_file_that_isnt_here_any_more_is_asked_for_whole(
    desk: Desk, publisher: Publisher
) -> None:
    publisher.gives("/a.csv", known_by(FILE, '"1"'))
    desk.ask()
    (desk.home.live / "qof/a.csv").unlink()
    assert desk.ask("qof")["qof"].outcome == "unchanged"
    assert publisher.asked[1].headers["If-None-Match"] is None
    assert desk.content() == FILE


def test_another_question_isnt_answered_by_the_last_ones_etag(
    desk: Desk, publisher: Publisher
) -> None:
    publisher.gives("/a.csv", known_by(FILE, '"1"'))
    publisher.gives("/moved.csv", known_by(NEWER, '"1"'))
    desk.ask()
    desk.addresses.clear()
    desk.address(url=f"{publisher.url}/moved.csv")
    assert desk.ask("qof")["qof"].outcome == "fetched"
    assert desk.content() == NEWER


# Vintages


class Killed(BaseException):
    """What no code of ours catches, as it would not catch a kill."""


def killed_after(step: Callable[..., Any] | None) -> Callable[..., Any]:
    """A step that is the last thing the run does; None for a run that doesn't get to it."""

    def last(*arguments: Any, **named: Any) -> None:
        if step is not None:
            step(*arguments, **named)
        raise Killed

    return last


def days(desk: Desk, monkeypatch: pytest.MonkeyPatch, *moments: str) -> None:
    """Asking once on each of these days."""
    for moment in moments:
        monkeypatch.setattr(state, "now", lambda moment=moment: f"{moment}T09:45:00Z")
        desk.ask("qof")


def test_the_vintage_is_the_day_on_which_the_bytes_were_first_given(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.gives("/a.csv", whole(FILE), whole(FILE), whole(NEWER))
    days(desk, monkeypatch, "2026-11-02", "2026-11-03")
    assert desk.vintage() == "vintage: 2026-11-02\n"
    days(desk, monkeypatch, "2026-11-04")
    assert desk.vintage() == "vintage: 2026-11-04\n"


def test_the_same_bytes_at_two_addresses_of_a_source_have_one_vintage(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.gives("/a.csv", whole(FILE))
    days(desk, monkeypatch, "2026-11-02")
    desk.address("b.csv")
    publisher.gives("/b.csv", whole(FILE))
    days(desk, monkeypatch, "2026-11-09")
    assert desk.vintage("b.csv") == "vintage: 2026-11-02\n"


def test_an_older_file_after_a_newer_one_is_refused_and_the_newer_stands(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.gives("/a.csv", whole(FILE), whole(NEWER), whole(FILE))
    days(desk, monkeypatch, "2026-11-02", "2026-11-03", "2026-11-04")
    assert desk.told["qof"].outcome == "refused"
    assert desk.problem().problem == "an older file than it gave before"
    assert "2026-11-02" in str(desk.problem().got)
    assert desk.content() == NEWER
    assert desk.vintage() == "vintage: 2026-11-03\n"
    assert desk.half_downloads() == []


@pytest.mark.parametrize(
    "at", ["enter_answer", "note_good"], ids=["before it stands", "before it is noted"]
)
def test_a_run_killed_as_a_file_is_put_takes_it_the_next_time(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """What was on record before the kill isn't an older file than the one it follows."""
    publisher.gives("/a.csv", known_by(FILE, '"1"'))
    days(desk, monkeypatch, "2026-11-02")
    publisher.gives("/a.csv", known_by(NEWER, '"2"'))
    with monkeypatch.context() as patch:
        patch.setattr(ledger, at, killed_after(getattr(ledger, at) if at != "note_good" else None))
        with pytest.raises(Killed):
            days(desk, monkeypatch, "2026-11-03")
    days(desk, monkeypatch, "2026-11-04")
    assert desk.told["qof"].outcome == "fetched"
    assert desk.content() == NEWER
    assert desk.vintage() == "vintage: 2026-11-03\n"
    assert desk.row()["etag"] == '"2"'
    days(desk, monkeypatch, "2026-11-05")
    assert desk.told["qof"].outcome == "unchanged"


def test_two_files_of_one_second_are_not_older_than_each_other(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.gives("/a.csv", whole(FILE), whole(NEWER), whole(FILE))
    days(desk, monkeypatch, "2026-11-02", "2026-11-02", "2026-11-02")
    assert desk.told["qof"].outcome == "fetched"
    assert desk.content() == FILE


def test_a_clock_that_was_moved_back_makes_no_newer_file_older(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.gives("/a.csv", whole(FILE), whole(NEWER))
    days(desk, monkeypatch, "2026-11-03", "2001-01-01")
    assert desk.told["qof"].outcome == "fetched"
    assert desk.content() == NEWER
    assert desk.vintage() == "vintage: 2026-11-03\n"


# Going on


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


# Pages

HEADER = FILE.split(b"\n")[0]


@pytest.mark.parametrize(
    ("name", "kind", "nothing"),
    [("a.csv", "text/csv", HEADER + b"\r\n"), ("a.json", "application/json", b" {}\n")],
)
def test_a_page_that_never_had_a_row_is_nothing_to_land(
    desk: Desk, publisher: Publisher, name: str, kind: str, nothing: bytes
) -> None:
    """Not every indicator is published at every level."""
    desk.addresses.clear()
    desk.address(name, content_types=frozenset({kind}), is_page=True)
    publisher.gives(f"/{name}", whole(nothing, kind))
    assert desk.ask()["qof"].outcome == "unchanged"
    assert desk.ask("qof")["qof"].outcome == "unchanged"
    assert desk.content(name) is None
    assert desk.half_downloads() == []


def test_a_page_that_had_rows_and_has_none_is_refused(desk: Desk, publisher: Publisher) -> None:
    desk.addresses.clear()
    desk.address(is_page=True)
    publisher.gives("/a.csv", whole(FILE), whole(HEADER))
    desk.ask()
    assert desk.ask("qof")["qof"].outcome == "refused"
    assert "without a row" in desk.problem().problem
    assert desk.content() == FILE


def test_a_page_of_one_line_of_json_is_a_page(desk: Desk, publisher: Publisher) -> None:
    desk.addresses.clear()
    desk.address("a.json", content_types=frozenset({"application/json"}), is_page=True)
    publisher.gives("/a.json", whole(b'{"108":{"IID":108}}', "application/json"))
    assert desk.ask()["qof"].outcome == "fetched"


def test_a_single_file_of_a_header_is_left_to_landing(desk: Desk, publisher: Publisher) -> None:
    publisher.gives("/a.csv", whole(HEADER))
    assert desk.ask()["qof"].outcome == "fetched"

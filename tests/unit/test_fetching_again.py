"""What is asked again: what hasn't changed isn't sent, and a page that is empty is told."""

from __future__ import annotations

import pytest

from tests.support.fetching_place import FILE, Desk
from tests.support.http_publisher import (
    Publisher,
    known_by,
    status,
    whole,
)

NEWER = FILE.replace(b"1.0", b"2.0")


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

"""What a publisher's server may do to a download, played by a real server on this machine.

A fault that may pass is tried again; one that doesn't pass is named; what stood before stands.
"""

from __future__ import annotations

import gzip
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.support.fetching_place import FILE, QUICK, Desk
from tests.support.http_publisher import (
    Publisher,
    Reply,
    chunked,
    cut,
    cut_chunk,
    drip,
    endless,
    reset,
    stall,
    status,
    whole,
)

# What passes


@pytest.mark.parametrize(
    "fault",
    [
        status(500),
        status(502),
        status(503),
        status(504),
        status(429),
        status(408),
        reset,
        stall(FILE, 30),
        stall(FILE, 0),
        cut(FILE, 30),
        cut_chunk(FILE, 30),
        chunked(FILE, ends=False),
        # Whole as answers, but not as compressed files: cut, damaged, and none at all.
        whole(gzip.compress(FILE)[:-12], Content_Encoding="gzip"),
        whole(gzip.compress(FILE)[:40] + b"damage" * 9, Content_Encoding="gzip"),
        whole(FILE, Content_Encoding="gzip"),
    ],
)
def test_a_fault_that_passes_leaves_the_whole_file(
    desk: Desk, publisher: Publisher, fault: Reply
) -> None:
    publisher.gives("/a.csv", fault, whole(FILE))
    assert desk.ask()["qof"].outcome == "fetched"
    assert desk.content() == FILE
    assert desk.row()["problem"] is None
    assert desk.half_downloads() == []


def test_the_waits_between_tries_grow_and_are_spread_by_chance(
    desk: Desk, publisher: Publisher
) -> None:
    desk.patience = replace(QUICK, attempts=5)
    publisher.gives("/a.csv", *[status(500)] * 4, whole(FILE))
    desk.ask()
    # With a chance of one half: the wait itself. It doubles.
    assert desk.clock.slept == [1.0, 2.0, 4.0, 8.0]


def test_a_server_that_asks_for_time_is_given_it(desk: Desk, publisher: Publisher) -> None:
    publisher.gives("/a.csv", status(429, Retry_After=7), whole(FILE))
    assert desk.ask()["qof"].outcome == "fetched"
    assert desk.clock.slept == [7.0]


def test_a_server_may_ask_for_time_by_a_date(desk: Desk, publisher: Publisher) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    publisher.gives("/a.csv", status(503, Retry_After=moment), whole(FILE))
    assert desk.ask()["qof"].outcome == "fetched"
    assert len(desk.clock.slept) == 1
    assert 15 < desk.clock.slept[0] <= 20


@pytest.mark.parametrize(
    "words",
    ["soon", "-3", "Thu, 01 Jan 1970 00:00:00 GMT", "9" * 5000, "Thu, 01 Jan 0000 00:00:00 GMT"],
)
def test_a_time_that_says_nothing_is_our_own(desk: Desk, publisher: Publisher, words: str) -> None:
    publisher.gives("/a.csv", status(503, Retry_After=words), whole(FILE))
    assert desk.ask()["qof"].outcome == "fetched"
    assert desk.clock.slept == [1.0]


def test_a_server_that_asks_for_hours_is_left_alone_until_then(
    desk: Desk, publisher: Publisher
) -> None:
    desk.address("b.csv")
    publisher.gives("/a.csv", status(429, Retry_After=7200))
    publisher.gives("/b.csv", whole(FILE))
    desk.ask()
    first, second = desk.told["qof"].problems
    assert "longer than a run waits" in first.problem
    assert "wasn't asked" in second.problem
    assert desk.clock.slept == []
    # Nor is it asked by the next run, nor by a schedule, which names its source.
    desk.ask(by_hand=True)
    desk.ask("qof")
    assert publisher.paths() == ["/a.csv"]
    assert desk.row()["ask_after"] > datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_person_who_names_a_source_has_it_asked_all_the_same(
    desk: Desk, publisher: Publisher
) -> None:
    publisher.gives("/a.csv", status(429, Retry_After=7200), whole(FILE))
    desk.ask()
    assert desk.ask("qof", by_hand=True)["qof"].outcome == "fetched"
    assert desk.row()["ask_after"] is None


def test_a_server_that_asks_for_years_is_left_alone_for_days(
    desk: Desk, publisher: Publisher
) -> None:
    publisher.gives("/a.csv", status(429, Retry_After=10**9))
    desk.ask()
    until = datetime.fromisoformat(desk.row()["ask_after"])
    assert timedelta(days=2) < until - datetime.now(UTC) <= timedelta(days=3)


# What doesn't


def test_a_fault_that_stays_is_named_and_what_stood_stands(
    desk: Desk, publisher: Publisher
) -> None:
    publisher.gives("/a.csv", whole(FILE), status(500))
    desk.ask()
    assert desk.ask("qof")["qof"].outcome == "failed"
    problem = desk.problem()
    assert problem.problem == "no whole answer in 3 tries"
    assert problem.got == "the server answered 500"
    assert problem.file == "qof/a.csv"
    assert desk.content() == FILE
    assert len(publisher.asked) == 4


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 204, 206, 304])
def test_an_answer_without_the_file_is_refused_at_once(
    desk: Desk, publisher: Publisher, code: int
) -> None:
    publisher.gives("/a.csv", status(code))
    assert desk.ask()["qof"].outcome == "refused"
    assert desk.problem().got == f"status {code}"
    assert len(publisher.asked) == 1
    assert desk.content() is None


PAGE = b"<!DOCTYPE html>\n<html><body>Service unavailable</body></html>"
REFUSED = {
    "a page, as a page": (whole(PAGE, "text/html; charset=utf-8"), "a web page instead"),
    "a page that says it is CSV": (whole(PAGE), "a web page instead"),
    "XML that says it is CSV": (whole(b"\xef\xbb\xbf\n <Error/>"), "a web page instead"),
    "another type": (whole(FILE, "application/pdf"), "another kind of answer"),
    "no type": (whole(FILE, ""), "another kind of answer"),
    "nothing": (whole(b""), "an empty answer"),
    "spaces": (whole(b" \n \n"), "an empty answer"),
    "no end": (endless(FILE), "doesn't say where it ends"),
    "brotli": (whole(FILE, Content_Encoding="br"), "compressed in a way"),
    "as large as it says": (whole(b"a,b\n" * 300_000), "larger than is allowed"),
    "larger than it says": (chunked(b"a,b\n" * 300_000), "larger than is allowed"),
    "larger once unpacked": (
        whole(gzip.compress(b"a,b\n" * 300_000), Content_Encoding="gzip"),
        "larger than is allowed",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_isnt_the_file_is_refused_and_named(
    desk: Desk, publisher: Publisher, name: str
) -> None:
    reply, words = REFUSED[name]
    publisher.gives("/a.csv", whole(FILE), reply)
    desk.ask()
    assert desk.ask("qof")["qof"].outcome == "refused"
    assert words in desk.problem().problem
    assert desk.problem().message.startswith("qof/a.csv: ")
    assert len(publisher.asked) == 2
    assert desk.content() == FILE
    assert desk.half_downloads() == []


@pytest.mark.parametrize(
    ("name", "kind", "body"),
    [("a.zip", "application/zip", FILE), ("a.json", "application/json", FILE)],
)
def test_a_file_begins_as_its_kind_does(
    desk: Desk, publisher: Publisher, name: str, kind: str, body: bytes
) -> None:
    desk.addresses.clear()
    desk.address(name, content_types=frozenset({kind}))
    publisher.gives(f"/{name}", whole(body, kind))
    assert desk.ask()["qof"].outcome == "refused"
    assert "not a ." in desk.problem().problem


def test_a_slow_drip_is_cut_off_when_its_time_is_up(desk: Desk, publisher: Publisher) -> None:
    desk.patience = replace(QUICK, total=0.4)
    publisher.gives("/a.csv", drip(FILE, every=0.05))
    began = time.monotonic()
    assert desk.ask()["qof"].outcome == "failed"
    assert desk.problem().problem == "the download took too long"
    assert time.monotonic() - began < 2


def test_waits_count_towards_the_time_of_a_download(desk: Desk, publisher: Publisher) -> None:
    desk.patience = replace(QUICK, total=2.5, attempts=9)
    publisher.gives("/a.csv", status(500))
    assert desk.ask()["qof"].outcome == "failed"
    assert desk.problem().problem == "the download took too long"
    assert len(publisher.asked) == 2


def test_a_host_that_isnt_there_is_tried_for_one_address_only(
    desk: Desk, publisher: Publisher, tmp_path: Path
) -> None:
    with Publisher() as gone:
        url = gone.url
    desk.addresses.clear()
    origins = frozenset({f"{url.rpartition(':')[0]}:{url.rpartition(':')[2]}"})
    for name in ("a.csv", "b.csv"):
        desk.address(name, url=f"{url}/{name}", origins=origins)
    desk.address("c.csv", source="ascof")
    publisher.gives("/c.csv", whole(FILE))
    desk.ask()
    first, second = desk.told["qof"].problems
    assert first.got == "no connection: it was turned down"
    assert "wasn't asked" in second.problem
    assert len(desk.clock.slept) == QUICK.attempts - 1
    # One source that fails stops no other.
    assert desk.told["ascof"].outcome == "fetched"

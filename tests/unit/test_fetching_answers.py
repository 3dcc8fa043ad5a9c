"""How a server leads on, packs and paces its answers, played by a real server on this machine."""

from __future__ import annotations

import gzip

import pytest

from dagster_project import progress
from dagster_project.fetching import download
from tests.support.fetching_place import FILE, Desk
from tests.support.http_publisher import (
    Publisher,
    chunked,
    known_by,
    moved,
    whole,
)

NEWER = FILE.replace(b"1.0", b"2.0")


# Other hosts


def test_a_way_within_the_host_is_followed(desk: Desk, publisher: Publisher) -> None:
    publisher.gives("/a.csv", moved("/elsewhere/b.csv", 301))
    publisher.gives("/elsewhere/b.csv", moved("c.csv", 307))
    publisher.gives("/elsewhere/c.csv", whole(FILE))
    assert desk.ask()["qof"].outcome == "fetched"
    assert publisher.paths() == ["/a.csv", "/elsewhere/b.csv", "/elsewhere/c.csv"]


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1:9/a.csv?token=secret",
        "https://files.example.org/a.csv?token=secret",
        "//files.example.org/a.csv?token=secret",
        "file:///etc/passwd?token=secret",
        "http://127.0.0.1:secret/a.csv",
        "http://[::secret/a.csv",
    ],
)
def test_a_way_to_another_host_is_refused_and_not_taken(
    desk: Desk, publisher: Publisher, to: str
) -> None:
    publisher.gives("/a.csv", moved(to))
    assert desk.ask()["qof"].outcome == "refused"
    assert "another host" in desk.problem().problem
    assert "token" not in desk.problem().message
    assert len(publisher.asked) == 1


def test_a_way_to_another_server_of_this_machine_is_another_host(
    desk: Desk, publisher: Publisher
) -> None:
    with Publisher() as other:
        other.gives("/a.csv", whole(FILE))
        publisher.gives("/a.csv", moved(f"{other.url}/a.csv"))
        assert desk.ask()["qof"].outcome == "refused"
        assert other.asked == []


def test_a_way_in_a_circle_ends(desk: Desk, publisher: Publisher) -> None:
    publisher.gives("/a.csv", moved("/a.csv"))
    assert desk.ask()["qof"].outcome == "refused"
    assert "on and on" in desk.problem().problem
    assert len(publisher.asked) == 6


# Compressed, and in pieces


def test_a_compressed_file_is_kept_unpacked(desk: Desk, publisher: Publisher) -> None:
    publisher.gives("/a.csv", whole(gzip.compress(FILE), Content_Encoding="gzip"))
    assert desk.ask()["qof"].outcome == "fetched"
    assert desk.content() == FILE


def test_a_file_in_chunks_is_whole_with_its_last_chunk(desk: Desk, publisher: Publisher) -> None:
    publisher.gives("/a.csv", chunked(FILE))
    assert desk.ask()["qof"].outcome == "fetched"
    assert desk.content() == FILE


def test_we_say_who_asks(desk: Desk, publisher: Publisher) -> None:
    publisher.gives("/a.csv", whole(FILE))
    desk.ask()
    headers = publisher.asked[0].headers
    assert headers["User-Agent"].startswith("outcomes/")
    assert headers["Authorization"] is None
    assert headers["Cookie"] is None


def test_a_host_is_given_its_pause_between_questions(desk: Desk, publisher: Publisher) -> None:
    desk.addresses.clear()
    for name in ("a.csv", "b.csv", "c.csv"):
        desk.address(name, pause=5.0)
        publisher.gives(f"/{name}", whole(FILE))
    desk.ask()
    assert len(desk.clock.slept) == 2
    assert all(4.5 < wait <= 5.0 for wait in desk.clock.slept)


def test_a_full_disk_is_told_and_nothing_is_left(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dagster_project.fetching import partial

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    publisher.gives("/a.csv", known_by(FILE, '"1"'), known_by(NEWER, '"2"'))
    desk.ask()
    monkeypatch.setattr(partial.Partial, "begin", full)
    assert desk.ask("qof")["qof"].outcome == "failed"
    assert desk.problem().got == "No space left on device"
    assert desk.content() == FILE
    assert desk.half_downloads() == []


class Listener(progress.Silent):
    """A display that remembers what it was told."""

    def __init__(self) -> None:
        self.details: list[str] = []
        self.notes: list[str] = []

    def detail(self, text: str) -> None:
        self.details.append(text)

    def note(self, text: str) -> None:
        self.notes.append(text)


def test_a_download_is_told_as_it_comes(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.addresses.clear()
    desk.address(max_bytes=10**7)
    publisher.gives("/a.csv", whole(b"a,b\n" * 500_000))
    with progress.shown(Listener()) as listener:
        desk.ask()
        # A short one needs no line of its own in a log.
        assert listener.notes == []
        monkeypatch.setattr(download, "TELL_EVERY_SECONDS", 0.0)
        desk.ask("qof")
    assert listener.details[-1] == "qof/a.csv: 2.0 of 2.0 MB"
    assert "qof/a.csv: 2.0 of 2.0 MB" in listener.notes

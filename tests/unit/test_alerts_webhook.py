"""A notice reaches a real HTTP receiver through Apprise, whatever that answers first."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagster_project import state
from dagster_project.alerts import store
from dagster_project.alerts.trial import trial_record
from dagster_project.errors import UsageError
from dagster_project.home import Home
from tests.support.alerts_place import Place, only_made_up, refused
from tests.support.http_publisher import Publisher, Reply, cut, reset, stall, status, whole
from tests.support.mail_server import post_office

SECRET = "s3cr3t-in-the-address"  # noqa: S105 (of the test)
TAKEN = whole(b"{}", "application/json")
HOOK = f"/{SECRET}/hook"


@pytest.fixture
def receiver() -> Iterator[Publisher]:
    with Publisher() as server:
        server.gives(HOOK, TAKEN)
        yield server


@pytest.fixture
def place(tmp_path: Path, receiver: Publisher, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A home with a webhook for the engineers and no mail server; one file is refused."""
    made = Place(Home(tmp_path / "home"))
    only_made_up(made, monkeypatch)
    monkeypatch.setenv("THE_HOOK", f"json://127.0.0.1:{receiver.port}{HOOK}?rto=1&cto=1")
    text = '[webhooks]\ndata-engineering = {url_env = "THE_HOOK"}\n'
    (made.home.root / "alerts.toml").write_text(text)
    made.causes = [refused(tmp_path / "qof.csv")]
    return made


def notices(place: Place) -> list[store.Notice]:
    with state.connect(place.home.state) as ledger:
        return store.notices(ledger)


def test_it_is_posted_once_with_its_number(place: Place, receiver: Publisher) -> None:
    for _ in range(3):
        place.later(minutes=5).look()
    (asked,) = receiver.asked
    said = json.loads(asked.body)
    (notice,) = notices(place)
    assert said["title"] == "A file was refused: qof.csv"
    assert "Where: line 3" in said["message"]
    assert notice.notice_id in said["message"]
    assert (notice.channel, notice.status) == ("webhook", "sent")


@pytest.mark.parametrize(
    "bad",
    [status(500), status(429), reset, stall(b"{}" * 50, 10), cut(b"{}" * 50, 10)],
    ids=["500", "429", "reset", "stall", "half an answer"],
)
def test_what_the_receiver_does_not_take_is_posted_again(
    place: Place, receiver: Publisher, bad: Reply
) -> None:
    receiver.gives(HOOK, bad, TAKEN)
    (first,) = place.look().delivered
    assert (first.status, first.problem) == ("queued", "the webhook gave no good answer")
    place.later(seconds=10).look()
    assert len(receiver.asked) == 1
    place.later(minutes=2).look()
    assert [each.status for each in notices(place)] == ["sent"]
    bodies = {asked.body for asked in receiver.asked}
    assert len(receiver.asked) == 2
    assert len(bodies) == 1


def test_a_receiver_that_is_gone_is_given_up_and_visible(place: Place, receiver: Publisher) -> None:
    receiver.gives(HOOK, status(404))
    for _ in range(7):
        place.later(days=1).look()
    lost = [each for each in notices(place) if each.status == "undeliverable"]
    assert lost
    assert lost[0].last_problem == "the webhook gave no good answer"


def test_an_address_that_is_none_holds_up_nobody_else(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THE_HOOK", f"jsn:/{SECRET}")
    with post_office() as post:
        hook = '[webhooks]\ndata-engineering = {url_env = "THE_HOOK"}\n'
        place.delivers_to(post.port, after=hook)
        looked = place.look()
        assert len(post.letters) == 3
    (lost,) = [each for each in looked.delivered if each.status != "sent"]
    assert (lost.channel, lost.status) == ("webhook", "undeliverable")
    assert lost.problem == "this webhook's address can't be understood"
    # By hand it is a mistake to be mended.
    with pytest.raises(UsageError, match="can't be understood") as told:
        trial_record(place.home, "data-engineering")
    assert SECRET not in str(told.value)


def test_its_address_is_told_to_nobody(
    place: Place, receiver: Publisher, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.gives(HOOK, status(500), TAKEN)
    place.look()
    place.later(minutes=5).look()
    written = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert SECRET.encode() not in written
    assert SECRET not in "\n".join(each.getMessage() for each in caplog.records)


def test_a_long_message_is_cut_and_says_so(place: Place, receiver: Publisher) -> None:
    names = [f"{number:03} {'a long name ' * 8}.csv" for number in range(60)]
    place.causes = [refused(Path("x"), name) for name in names]
    place.look()
    said = json.loads(receiver.asked[0].body)["message"]
    assert len(said) < 4000
    assert "… and more: see `outcomes alerts list`." in said

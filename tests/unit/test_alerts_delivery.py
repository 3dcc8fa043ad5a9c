"""Each notice reaches a real mail server once, whatever the server does; what can't is visible."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagster_project import state
from dagster_project.alerts import after_refresh, commands, delivery, look, outbox, store
from dagster_project.alerts.causes import Cause
from dagster_project.alerts.routing import directory
from dagster_project.alerts.settings import load
from dagster_project.home import Home
from tests.support import mail_server
from tests.support.alerts_place import Place, only_made_up, refused
from tests.support.mail_server import Post, post_office

OWNER, ENGINEERS = "primary-care-analysts", "data-engineering"


@pytest.fixture(scope="module")
def server() -> Iterator[Post]:
    with post_office() as post:
        yield post


@pytest.fixture
def post(server: Post) -> Post:
    server.letters.clear()
    server.manners.clear()
    server.tries = 0
    return server


@pytest.fixture
def place(tmp_path: Path, post: Post, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A home with one refused file; its owner, the engineers and the release managers are told."""
    made = Place(Home(tmp_path / "home"))
    made.delivers_to(post.port)
    only_made_up(made, monkeypatch)
    made.causes = [refused(tmp_path / "qof.csv")]
    return made


def statuses(place: Place) -> dict[str, str]:
    with state.connect(place.home.state) as ledger:
        return {each.recipient: each.status for each in store.notices(ledger)}


def test_a_letter_says_it_in_text_and_html_with_links_and_the_command(
    place: Place, post: Post
) -> None:
    place.look()
    (letter,) = post.to(OWNER)
    assert letter["Subject"] == "A file was refused: qof.csv"
    assert letter["From"] == "outcomes@example.org"
    assert letter["Auto-Submitted"] == "auto-generated"
    text, html = (part.get_content() for part in letter.iter_parts())
    assert "What to do by 18 November 2026: Ask whoever sent it" in text
    assert "outcomes alerts ack " in text
    assert "of Quality and Outcomes Framework" in text
    assert "(20 indicators) comes from other extracts." in text
    assert "<strong>What to do by 18 November 2026:</strong> Ask whoever sent it" in html
    # An owner isn't told the line; an engineer is.
    assert "line 3" not in text
    assert "Where: line 3" in post.to(ENGINEERS)[0].get_body(("plain",)).get_content()


def test_looking_again_sends_nothing_more(place: Place, post: Post) -> None:
    for _ in range(3):
        place.later(minutes=5).look()
    assert len(post.letters) == 3
    assert statuses(place).keys() == {OWNER, ENGINEERS, "release-managers"}
    assert set(statuses(place).values()) == {"sent"}


def test_the_end_goes_on_in_the_thread_of_the_beginning(place: Place, post: Post) -> None:
    place.look()
    place.causes = []
    place.later(hours=2).look()
    first, last = post.to(OWNER)
    assert last["Subject"] == "Resolved: A file was refused: qof.csv"
    assert last["In-Reply-To"] == first["Message-ID"]
    assert last["References"] == first["Message-ID"]
    assert last["Message-ID"] != first["Message-ID"]
    assert place.look().told == ()


def test_the_end_of_what_was_told_at_once_does_not_wait_for_the_next_digest(
    place: Place, post: Post
) -> None:
    facts = {"due": "2026-10-01", "last_landed": "2025-10-01"}
    late = Cause("source_overdue", "qof", "qof", parts=("2026-10-01",), facts=facts)
    (refusal,) = place.causes
    place.causes = [refusal, late]
    place.look()
    # The digest of the day has gone.
    assert len(post.to(OWNER)) == 2
    place.causes = [late]
    place.later(minutes=5).look()
    assert post.to(OWNER)[-1]["Subject"] == "Resolved: A file was refused: qof.csv"
    # What was told in a digest is over in one.
    place.causes = []
    place.later(minutes=5).look()
    assert len(post.to(OWNER)) == 3
    place.later(days=1).look()
    assert str(post.to(OWNER)[-1]["Subject"]).startswith("Resolved: A source is overdue")


@pytest.mark.parametrize("manner", [mail_server.LATER, mail_server.CUT, mail_server.STALL])
def test_what_fails_for_now_is_tried_again_until_it_is_taken(
    place: Place, post: Post, manner: str
) -> None:
    post.manners = [manner]
    looked = place.look()
    waiting = [each for each in looked.delivered if each.status == "queued"]
    assert waiting[0].problem
    assert "sent" not in statuses(place)[waiting[0].recipient]
    place.later(seconds=30).look()
    assert len(post.to(waiting[0].recipient)) == 0
    place.later(minutes=2).look()
    assert set(statuses(place).values()) == {"sent"}
    assert {name: len(post.to(name)) for name in statuses(place)} == dict.fromkeys(
        statuses(place), 1
    )


def test_a_server_that_is_not_there_is_asked_once_a_look(place: Place, post: Post) -> None:
    place.delivers_to(1)
    looked = place.look()
    assert [each.status for each in looked.delivered] == ["queued"] * 3
    with state.connect(place.home.state) as ledger:
        assert sorted(each.attempts for each in store.notices(ledger)) == [0, 0, 1]
    place.delivers_to(post.port)
    place.later(minutes=10).look()
    assert len(post.letters) == 3


def test_a_half_answer_leaves_a_second_copy_that_can_be_told_by_its_id(
    place: Place, post: Post
) -> None:
    """The server took it and hung up: nobody can know, so it comes again under the same id."""
    post.manners = [mail_server.TAKE_AND_CUT]
    place.look()
    place.later(minutes=10).look()
    ids = [str(each["Message-ID"]) for each in post.letters]
    assert len(ids) == 4
    assert len(set(ids)) == 3


def test_a_mailbox_that_is_refused_is_visible_and_told_to_the_engineers(
    place: Place, post: Post
) -> None:
    post.manners = ["", mail_server.REFUSE]
    place.look()
    lost = [name for name, status in statuses(place).items() if status == "undeliverable"]
    assert lost == [OWNER]
    record = commands.list_record(place.home)
    assert record["undelivered"][0]["problem"] == "the mail server says 550 no such mailbox"
    assert "primary-care-analysts by mail" in "\n".join(commands.list_lines(record))
    from dagster_project.alerts.from_state import undelivered

    (cause,) = undelivered(place.home)
    place.causes.append(cause)
    place.later(days=1).look()
    assert "Messages don't reach somebody" in post.subjects(ENGINEERS)[-1]
    # Mended by hand, it is tried at once; then the alert is over.
    with delivery.alone(place.home, 1):
        assert delivery.try_again_all(place.home, place.at) == 1
    place.look()
    assert len(post.to(OWNER)) == 1
    assert list(undelivered(place.home)) == []


def test_what_is_not_taken_for_days_is_given_up(place: Place, post: Post) -> None:
    place.delivers_to(1)
    for _ in range(7):
        place.later(days=1).look()
    assert set(statuses(place).values()) == {"undeliverable"}


@pytest.mark.parametrize("after", ["sent", "put away"])
def test_killed_after_it_was_taken(
    place: Place, post: Post, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    """With its file put away nothing is sent again; without, the same id comes again."""

    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        if after == "sent":
            patched.setattr(outbox, "put_away", killed)
        else:
            patched.setattr(delivery, "_end", killed)
        with pytest.raises(Killed):
            place.look()
    taken = str(post.letters[0]["Message-ID"])
    place.later(minutes=1).look()
    ids = [str(each["Message-ID"]) for each in post.letters]
    assert ids.count(taken) == (2 if after == "sent" else 1)
    assert len(set(ids)) == 3
    assert set(statuses(place).values()) == {"sent"}


def test_killed_before_anything_was_written_nothing_is_lost(
    place: Place, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(store, "save", killed)
        with pytest.raises(Killed):
            place.look()
    assert statuses(place) == {}
    with monkeypatch.context() as patched:
        patched.setattr(outbox, "write", killed)
        with pytest.raises(Killed):
            place.look()
    place.later(minutes=1).look()
    assert len(post.letters) == 3


def test_a_lost_state_is_learnt_from_the_outbox_and_nobody_is_told_twice(
    place: Place, post: Post
) -> None:
    from dagster_project.alerts.rebuild import rebuild

    place.look()
    for path in place.home.root.glob("state.sqlite*"):
        path.unlink()
    place.__post_init__()
    assert rebuild(place.home) == 3
    place.later(hours=1).look()
    assert len(post.letters) == 3
    place.causes = []
    place.later(days=1).look()
    assert len(post.letters) == 6
    assert all(str(each["Subject"]).startswith("Resolved") for each in post.letters[3:])


def test_what_was_given_up_stays_so_in_a_state_that_was_learnt_again(
    place: Place, post: Post
) -> None:
    from dagster_project.alerts.rebuild import rebuild

    place.delivers_to(1)
    for _ in range(7):
        place.later(days=1).look()
    for path in place.home.root.glob("state.sqlite*"):
        path.unlink()
    place.later(days=300).__post_init__()
    old = rebuild(place.home)
    place.delivers_to(post.port)
    with delivery.alone(place.home, 1):
        settings, those = load(place.home), directory()
        done = delivery.deliver(place.home, settings, those, place.at)
        assert [each.status for each in done] == ["undeliverable"] * old
        assert post.letters == []
        # Whoever asks for it by hand gets it all the same.
        assert delivery.try_again_all(place.home, place.at) == old
        done = delivery.deliver(place.home, settings, those, place.at)
        assert [each.status for each in done] == ["sent"] * old


def test_a_dry_run_says_what_would_be_sent_and_changes_nothing(place: Place, post: Post) -> None:
    def kept() -> list[tuple[object, ...]]:
        with sqlite3.connect(place.home.state) as ledger:
            return [
                tuple(row)
                for table in ("alerts", "alert_tellings", "notices", "meta")
                for row in ledger.execute(f"select * from {table}")
            ]

    before = kept()
    looked = place.look(dry_run=True)
    record = commands.looked_record(looked) | {"dry_run": True}
    lines = commands.send_lines(record)
    assert lines[0] == "A dry run: 3 messages would be sent, and none was."
    assert "To: data-engineering" in lines
    assert post.letters == []
    assert kept() == before
    assert not list(place.home.outbox.glob("*.json"))


def test_without_a_delivery_nobody_counts_as_told(place: Place, post: Post) -> None:
    (place.home.root / "alerts.toml").unlink()
    looked = place.look()
    assert (looked.open, looked.told, looked.is_configured) == (1, (), False)
    lines = commands.looked_lines(commands.looked_record(looked))
    assert lines[1] == "  nobody is told: no delivery is set up (docs/how-to/alerts.md)"
    place.delivers_to(post.port)
    place.later(days=1).look()
    assert len(post.letters) == 3


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_server_that_asks_for_a_password_gets_it_and_nobody_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Place(Home(tmp_path / "home"))
    only_made_up(place, monkeypatch)
    place.causes = [refused(tmp_path / "qof.csv")]
    with post_office(asks_for_login=True) as post:
        login = 'user = "outcomes"\npassword_env = "THE_PASSWORD"\n'
        place.delivers_to(post.port, after=login)
        monkeypatch.setenv("THE_PASSWORD", "not it")
        looked = place.look()
        assert looked.delivered[0].problem == "the mail server doesn't take the user and password"
        monkeypatch.setenv("THE_PASSWORD", "a secret")
        place.later(minutes=10).look()
        assert len(post.letters) == 3
    assert "a secret" not in repr(load(place.home))
    written = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert b"a secret" not in written
    assert "a secret" not in capsys.readouterr().out


def test_a_header_can_not_be_smuggled_in_by_a_name(place: Place, post: Post) -> None:
    place.causes = [refused(Path("x"), "x.csv\r\nBcc: somebody@example.org")]
    place.look()
    (letter,) = post.to(OWNER)
    assert letter["Bcc"] is None
    assert r"x.csv\r\nBcc: somebody@example.org" in str(letter["Subject"])


def test_markup_in_a_name_stays_text(place: Place, post: Post) -> None:
    place.causes = [refused(Path("x"), "<script>alert(1)</script>.csv")]
    place.look()
    html = post.to(OWNER)[0].get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_two_who_look_at_once_tell_once(place: Place, post: Post) -> None:
    with delivery.alone(place.home, 1):
        from dagster_project.alerts.look import look_between

        assert look_between(place.home, place.at).skipped
    place.look()
    assert len(post.letters) == 3


def test_a_refresh_that_is_done_stays_done_where_another_tells(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look, "WAIT_SECONDS", 0)
    with delivery.alone(place.home, 1), after_refresh.told(place.home) as record:
        pass
    assert commands.looked_lines(record) == [
        "Alerts: not looked at: another process is telling the alerts of this home."
    ]


def test_the_way_of_a_mailbox_may_be_named(place: Place, post: Post) -> None:
    place.delivers_to(post.port, after=f'[mailboxes]\n{OWNER} = "registers@council.example"\n')
    place.look()
    assert [str(each["To"]) for each in post.letters if "registers" in str(each["To"])] == [
        "registers@council.example"
    ]


def test_what_waits_for_who_has_no_mailbox_any_more_is_given_up_and_sent_nowhere(
    place: Place, post: Post
) -> None:
    place.delivers_to(1)
    place.look()
    place.delivers_to(post.port, after=f'[mailboxes]\n{OWNER} = "{OWNER}@example.net"\n')
    place.later(minutes=10).look()
    assert [str(each["To"]) for each in post.letters] == [f"{OWNER}@example.net"]
    assert statuses(place)[ENGINEERS] == "undeliverable"
    stuck = commands.list_record(place.home)["undelivered"]
    assert {each["problem"] for each in stuck} == {"no mailbox is named for it in alerts.toml"}

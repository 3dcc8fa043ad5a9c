"""Notices taken from the outbox to where they go: each once, as far as the far side allows.

Before a notice is handed over the state says so; once it was taken its file says so, then the
state. A process that is killed in between leaves a notice that may or may not have been taken: it
is handed over again under the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from dagster_project import state
from dagster_project.alerts import outbox, store
from dagster_project.alerts.problems import NotNow, Undeliverable, Unreachable
from dagster_project.alerts.routing import Directory
from dagster_project.alerts.settings import MAIL, Settings
from dagster_project.alerts.store import QUEUED, SENDING, SENT, UNDELIVERABLE, Notice
from dagster_project.errors import BusyError
from dagster_project.home import Home

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
# After this it isn't tried again by itself: whoever hears of it five days late heard otherwise.
GIVEN_UP_AFTER = timedelta(days=5)
STALE = "it was due long ago, and nobody tried"


@dataclass(frozen=True)
class Delivered:
    """What came of trying to deliver one notice. `status` is sent, queued or undeliverable."""

    recipient: str
    channel: str
    subject: str
    status: str
    problem: str = ""


@contextmanager
def alone(home: Home, wait_seconds: float) -> Iterator[None]:
    """Nobody else looks at this home's alerts meanwhile; BusyError if somebody does too long."""
    from filelock import FileLock, Timeout

    home.outbox.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home.outbox / "lock", timeout=wait_seconds)
    try:
        with lock:
            yield
    except Timeout as problem:
        raise BusyError(
            "another process is telling the alerts of this home",
            file=str(home.outbox),
            fix="wait until it ends; it tells what is to be told",
        ) from problem


def deliver(home: Home, settings: Settings, directory: Directory, at: datetime) -> list[Delivered]:
    """After this every notice that is due was handed over, or waits for its next try.

    Called while `alone`.
    """
    _take_up(home)
    with state.connect(home.state) as ledger:
        due = store.notices(ledger, "status = ? and next_try_at <= ?", QUEUED, store.moment(at))
    done = []
    unreachable: dict[str, str] = {}
    for notice in due:
        if _is_stale(notice, at):
            done.append(_end(home, notice, UNDELIVERABLE, STALE, at))
            continue
        if notice.channel in unreachable:
            # One vain wait a look is enough, and counts as a try for the one that waited.
            done.append(_pass_over(home, notice, unreachable[notice.channel], at))
            continue
        try:
            done.append(_hand_over(home, settings, directory, notice, at))
        except Unreachable as problem:
            unreachable[notice.channel] = problem.problem
            done.append(_try_again(home, notice, problem.problem, at))
    return done


def _is_stale(notice: Notice, at: datetime) -> bool:
    """True of what was due long ago: a state that was learnt again, or copied, has such.

    What is to be tried again by hand is due now, however old it is.
    """
    return at - (notice.next_try_at or notice.made_at) >= GIVEN_UP_AFTER


def _take_up(home: Home) -> None:
    """After this no notice is in between: what a killed process had in hand is queued, or sent."""
    with state.connect(home.state) as ledger:
        for notice in store.notices(ledger, "status in (?, ?)", QUEUED, SENDING):
            if outbox.was_taken(home, notice.notice_id):
                store.note_delivery(
                    ledger, notice, status=SENT, sent_at=store.moment(notice.made_at)
                )
            else:
                store.note_delivery(ledger, notice, status=QUEUED)
                outbox.write(home, notice)


def _hand_over(
    home: Home, settings: Settings, directory: Directory, notice: Notice, at: datetime
) -> Delivered:
    with state.connect(home.state) as ledger:
        store.note_delivery(ledger, notice, status=SENDING, attempts=notice.attempts + 1)
    try:
        _send(settings, directory, notice)
    except Undeliverable as problem:
        return _end(home, notice, UNDELIVERABLE, problem.problem, at)
    except Unreachable:
        raise
    except NotNow as problem:
        return _try_again(home, notice, problem.problem, at)
    outbox.put_away(home, notice.notice_id)
    return _end(home, notice, SENT, "", at)


def _send(settings: Settings, directory: Directory, notice: Notice) -> None:
    # Not needed where nothing is sent, which is most looks.
    from dagster_project.alerts import mail, webhook

    content = notice.content
    recipient = directory.recipients.get(notice.recipient)
    if recipient is None:
        raise Undeliverable("nobody of that name is in seeds/ any more")
    if notice.channel == MAIL:
        if settings.smtp is None:
            raise Unreachable("no mail server is configured any more")
        to = settings.mailbox(recipient.name)
        if to is None:
            raise Undeliverable("no mailbox is named for it in alerts.toml")
        letter = mail.letter(
            settings.smtp, to, notice.notice_id, notice.made_at, content, content["thread"]
        )
        mail.send(settings.smtp, letter)
        return
    address = settings.webhooks.get(recipient.name)
    if address is None:
        raise Undeliverable("no webhook is configured for it any more")
    webhook.post(address, notice.notice_id, content["subject"], content["text"])


def _pass_over(home: Home, notice: Notice, problem: str, at: datetime) -> Delivered:
    """After this the notice waits as it did, or is given up."""
    if at - notice.made_at >= GIVEN_UP_AFTER:
        return _end(home, notice, UNDELIVERABLE, problem, at)
    return _result(notice, QUEUED, problem)


def _try_again(home: Home, notice: Notice, problem: str, at: datetime) -> Delivered:
    """After this the notice waits for its next try, or is given up."""
    if at - notice.made_at >= GIVEN_UP_AFTER:
        return _end(home, notice, UNDELIVERABLE, problem, at)
    wait = WAITS[min(notice.attempts, len(WAITS) - 1)]
    with state.connect(home.state) as ledger:
        store.note_delivery(
            ledger,
            notice,
            status=QUEUED,
            last_problem=problem,
            next_try_at=store.moment(at + wait),
        )
    return _result(notice, QUEUED, problem)


def _end(home: Home, notice: Notice, status: str, problem: str, at: datetime) -> Delivered:
    sent_at = store.moment(at) if status == SENT else None
    with state.connect(home.state) as ledger:
        store.note_delivery(
            ledger, notice, status=status, last_problem=problem or None, sent_at=sent_at
        )
    return _result(notice, status, problem)


def _result(notice: Notice, status: str, problem: str) -> Delivered:
    return Delivered(notice.recipient, notice.channel, notice.content["subject"], status, problem)


def try_again_all(home: Home, at: datetime) -> int:
    """After this what couldn't be delivered waits to be tried now; how many there are."""
    with state.connect(home.state) as ledger:
        lost = store.notices(ledger, "status = ? or status = ?", UNDELIVERABLE, QUEUED)
        for notice in lost:
            store.note_delivery(ledger, notice, status=QUEUED, next_try_at=store.moment(at))
    return len(lost)

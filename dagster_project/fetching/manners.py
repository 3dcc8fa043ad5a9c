"""How long is waited, for what and how often: patience with a server, and politeness to it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dagster_project.fetching.problems import NoAnswer, Passing


@dataclass(frozen=True)
class Patience:
    """The bounds of one download, in seconds, and how often it is tried."""

    connect: float = 10.0
    # Fingertips puts a page together before its first byte comes.
    read: float = 180.0
    # All tries and the waits between them; what has come by then is kept for the next run.
    total: float = 3600.0
    attempts: int = 5
    first_wait: float = 2.0
    # Asked to wait longer than this, the run goes on without the source.
    longest_wait: float = 120.0
    # A server that asks for more is mistaken, or would never be asked again.
    longest_left_alone: float = 3 * 86_400.0


@dataclass
class Manners:
    """Waiting, with a clock and a chance that tests replace by their own."""

    patience: Patience = field(default_factory=Patience)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    _asked: dict[str, float] = field(default_factory=dict)

    def take_turn(self, server: str, pause: float) -> None:
        """After this `pause` seconds have gone by since that server was last asked."""
        last = self._asked.get(server)
        if last is not None and (left := last + pause - self.clock()) > 0:
            self.sleep(left)
        self._asked[server] = self.clock()

    def deadline(self) -> float:
        """The moment at which one download has taken too long."""
        return self.clock() + self.patience.total

    def wait_out(self, passing: Passing, attempt: int, deadline: float, place: str) -> None:
        """After this it is time for the next try; NoAnswer where there is to be none."""
        asked = passing.wait or 0.0
        if asked > self.patience.longest_wait:
            left_alone = min(asked, self.patience.longest_left_alone)
            moment = datetime.now(UTC) + timedelta(seconds=left_alone)
            raise NoAnswer(
                "the server asks to be left alone for longer than a run waits",
                ask_after=moment,
                file=place,
                got=f"{passing.problem}, and to come back in {asked:,.0f} s",
                expected=f"at most {self.patience.longest_wait:,.0f} s",
                fix=f"refresh again after {moment:%Y-%m-%d %H:%M} UTC; until then it"
                " is asked only by name, with --source",
            )
        if attempt >= self.patience.attempts:
            raise NoAnswer(
                f"no whole answer in {attempt} tries",
                file=place,
                got=passing.problem,
                expected="the file",
                fix="refresh again later; if it goes on, look at the publisher's page",
                is_host=not passing.answered,
            )
        wait = max(asked, self._backed_off(attempt))
        if self.clock() + wait > deadline:
            raise too_long(place, self.patience.total, passing.problem)
        self.sleep(wait)

    def _backed_off(self, attempt: int) -> float:
        """Twice as long each time, give or take half: those who failed together return apart."""
        wait = self.patience.first_wait * 2.0 ** (attempt - 1) * (0.5 + self.chance())
        return min(wait, self.patience.longest_wait)


def too_long(place: str, total: float, got: str) -> NoAnswer:
    """The failure of a download that isn't done when its time is up."""
    return NoAnswer(
        "the download took too long",
        file=place,
        got=got,
        expected=f"the whole file within {total:,.0f} s",
        fix="refresh again: what has come is kept and gone on with where the server allows it",
    )

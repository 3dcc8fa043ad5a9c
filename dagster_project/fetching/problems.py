"""How an address may disappoint: no answer that can be used, or an answer that is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dagster_project.errors import OutcomesError


class NoAnswer(OutcomesError):
    """The server gave nothing that could be used, also when asked again.

    `ask_after` is the moment before which it asked to be left alone, if it did. `is_host` is True
    where the same is to be expected of whatever else that host is asked now.
    """

    word = "failed"

    def __init__(
        self,
        problem: str,
        *,
        ask_after: datetime | None = None,
        is_host: bool = False,
        **parts: Any,
    ) -> None:
        super().__init__(problem, **parts)
        self.ask_after = ask_after
        self.is_host = is_host or ask_after is not None


class RefusedAnswer(OutcomesError):
    """What came isn't the file that was asked for: nothing of it is kept."""

    word = "refused"
    ask_after: datetime | None = None


class Passing(Exception):
    """Something that may go better at the next try.

    `wait` is what the server asks for, in seconds; `answered` says whether it answered at all.
    """

    def __init__(self, problem: str, *, wait: float | None = None, answered: bool = True) -> None:
        super().__init__(problem)
        self.problem = problem
        self.wait = wait
        self.answered = answered

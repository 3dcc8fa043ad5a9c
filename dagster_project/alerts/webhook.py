"""A notice posted to a webhook through Apprise: Teams, Slack, plain JSON and the rest."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from dagster_project.alerts.problems import Misaddressed, NotNow

# Most services cut what is longer; the mail and the site have the rest.
LONGEST = 3500
MORE = "\n… and more: see `outcomes alerts list`."


def post(address: str, notice_id: str, subject: str, text: str) -> None:
    """After this the service has taken it; NotNow if it hasn't, Misaddressed if there is none.

    The address is a secret.
    """
    # Half a second and 25 MB, so only where something is posted.
    import apprise

    service = apprise.Apprise()
    with _unlogged():
        is_understood = service.add(address)
    if not is_understood:
        raise Misaddressed(
            "this webhook's address can't be understood",
            got="an address that isn't repeated here",
            expected="an address of Apprise, such as workflows://… or slack://…",
            fix="see docs/how-to/alerts.md",
        )
    body = text if len(text) <= LONGEST else text[:LONGEST].rsplit("\n", 1)[0] + MORE
    with _unlogged():
        # The number tells a second copy, which a service can't.
        was_taken = service.notify(
            title=subject, body=f"{body}\n[{notice_id}]", body_format=apprise.NotifyFormat.TEXT
        )
    if not was_taken:
        raise NotNow("the webhook gave no good answer")


@contextmanager
def _unlogged() -> Iterator[None]:
    """Nothing is logged of addresses within this: they hold the secret."""
    loggers = [logging.getLogger(name) for name in ("apprise", "urllib3.connectionpool")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)

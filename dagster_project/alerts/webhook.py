"""A notice posted to a webhook through Apprise: Teams, Slack, plain JSON and the rest."""

from __future__ import annotations

import logging

from dagster_project.alerts.mail import NotNow
from dagster_project.errors import UsageError

# Most services cut what is longer; the mail and the site have the rest.
LONGEST = 3500
MORE = "\n… and more: see `outcomes alerts list`."


def post(address: str, notice_id: str, subject: str, text: str) -> None:
    """After this the service has taken it; NotNow if it hasn't. The address is a secret."""
    # Half a second and 25 MB, so only where something is posted.
    import apprise

    # It logs addresses, which hold the secret; what came of it is told by us.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    service = apprise.Apprise()
    if not service.add(address):
        raise UsageError(
            "this webhook's address can't be understood",
            got="an address that isn't repeated here",
            expected="an address of Apprise, such as workflows://… or slack://…",
            fix="see docs/how-to/alerts.md",
        )
    body = text if len(text) <= LONGEST else text[:LONGEST].rsplit("\n", 1)[0] + MORE
    # The number tells a second copy, which a service can't.
    if not service.notify(
        title=subject, body=f"{body}\n[{notice_id}]", body_format=apprise.NotifyFormat.TEXT
    ):
        raise NotNow("the webhook gave no good answer")

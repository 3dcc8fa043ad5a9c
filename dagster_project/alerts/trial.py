"""`outcomes alerts test`: a message to somebody by each way that is configured, and what came."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dagster_project.alerts import mail, outbox, webhook
from dagster_project.alerts.message import Message
from dagster_project.alerts.problems import Misaddressed, NotNow, Undeliverable
from dagster_project.alerts.routing import ENGINEERS, directory
from dagster_project.alerts.says import unreached_lines
from dagster_project.alerts.settings import MAIL, Settings, load
from dagster_project.alerts.wording import Item
from dagster_project.errors import UsageError
from dagster_project.home import Home
from dagster_project.nearest import instead


def trial_record(home: Home, recipient: str | None) -> dict[str, Any]:
    """What came of a test message by each way, and whose mailboxes aren't real yet."""
    settings = load(home)
    those = directory()
    name = recipient or ENGINEERS
    if name not in those.recipients:
        raise UsageError(
            "nobody of that name is told anything",
            got=name,
            expected=instead(name, sorted(those.recipients)),
            fix="name an owner of seeds/owners.csv, or a subscriber of seeds/subscribers.csv",
        )
    ways = settings.channels(name)
    if not ways:
        raise _no_way(home, settings, name)
    return {
        "recipient": name,
        "ways": [_try(settings, name, way) for way in ways],
        "unreached": list(settings.unreached(those.recipients)),
    }


def _no_way(home: Home, settings: Settings, name: str) -> UsageError:
    return UsageError(
        f"no mailbox for {name}: nobody there is told"
        if settings.smtp
        else "no delivery is set up",
        file=str(home.root / "alerts.toml"),
        place="mailboxes" if settings.smtp else None,
        expected=f"a mailbox of {name}, or a webhook"
        if settings.smtp
        else "a mail server, or a webhook for this recipient",
        fix="see docs/how-to/alerts.md",
    )


def _try(settings: Settings, name: str, way: str) -> dict[str, Any]:
    at = datetime.now(UTC)
    notice_id = outbox.digest_of("test", name, way, at.isoformat())
    item = Item("This is a test of how alerts reach you.", ("Nothing is wrong.",))
    message = Message("Outcomes: a test message", (("Test", (item,)),))
    try:
        to = settings.mailbox(name)
        if way == MAIL and settings.smtp is not None and to is not None:
            content = {
                "subject": message.subject,
                "text": message.as_text(),
                "html": message.as_html(),
            }
            mail.send(settings.smtp, mail.letter(settings.smtp, to, notice_id, at, content))
        else:
            webhook.post(settings.webhooks[name], notice_id, message.subject, message.as_text())
    except Misaddressed as problem:
        raise UsageError(
            problem.problem, got=problem.got, expected=problem.expected, fix=problem.fix
        ) from problem
    except (Undeliverable, NotNow) as problem:
        return {"channel": way, "problem": problem.problem}
    return {"channel": way, "problem": None}


def trial_lines(record: dict[str, Any]) -> list[str]:
    """A line a way, and who has no mailbox of their own yet."""
    lines = [
        f"{each['channel']} to {record['recipient']}: {each['problem'] or 'taken'}"
        for each in record["ways"]
    ]
    return lines + unreached_lines(record["unreached"])

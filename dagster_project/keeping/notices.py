"""Messages that were delivered, in the state and in `outbox/sent/`: which may go, and when not.

From these files a lost state learns who was told what, so none goes while what it tells of is open,
or while somebody is still to hear that it is over. The newest to each reader stays: it says that
the way to them works.
"""

from __future__ import annotations

from datetime import date, timedelta

from dagster_project import state
from dagster_project.alerts import outbox, store
from dagster_project.home import Home
from dagster_project.keeping.policy import Rule


def going(home: Home, rule: Rule, today: date) -> dict[str, str]:
    """The delivered messages that may go, the oldest first, each with when it was made."""
    before = (today - timedelta(rule.days)).isoformat()
    with state.reading(home.state) as ledger:
        still_told = store.still_told(ledger)
        sent = store.notices(ledger, "status = ?", store.SENT)
    newest = {(each.recipient, each.channel): each.notice_id for each in sent}
    return {
        each.notice_id: f"sent to {each.recipient}, made {each.day}"
        for each in rule.past_newest(sent)
        if each.day < before
        and each.notice_id not in newest.values()
        and still_told.isdisjoint(told["alert_key"] for told in each.content["tells"])
    }


def let_go(home: Home, notice_id: str) -> None:
    """After this nothing is left of the message. Killed in between, it goes the next time."""
    outbox.sent(home, notice_id).unlink(missing_ok=True)
    with state.connect(home.state) as ledger:
        store.forget(ledger, notice_id)

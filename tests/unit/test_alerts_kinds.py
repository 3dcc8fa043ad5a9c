"""Every kind of alert opens, is told in words with its command, and is over in its own way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dagster_project.alerts import machine
from dagster_project.alerts.causes import Cause, Spoiled, short
from dagster_project.alerts.kinds import KINDS, WHEN_ACKNOWLEDGED, WHEN_TOLD
from dagster_project.alerts.machine import GREW, OPENED, OVER, Alert, Stake
from dagster_project.alerts.message import compose
from dagster_project.alerts.routing import directory
from dagster_project.alerts.says import SAYS
from dagster_project.alerts.settings import Places
from dagster_project.alerts.wording import Speaker

MONDAY = datetime(2026, 11, 16, 10, tzinfo=UTC)
PLACES = Places("https://outcomes.example.org", "http://127.0.0.1:3000")
INDICATOR = "smoking_at_time_of_delivery"
CHECK = {"check_id": "C43", "title": "Values lie within their limits", "values": 3, "groups": 1}
FILE = {"file": "qof.csv", "problem": "a row breaks off", "place": "line 3", "expected": "27 cells"}


def spoiled(**detail: Any) -> tuple[Spoiled, ...]:
    return (Spoiled(INDICATOR, ("part",), 3, 2, "2024/25", ("E08000007",), detail),)


def cause(kind: str, spoils: tuple[Spoiled, ...] = (), role: str = "", **facts: Any) -> Cause:
    return Cause(kind, "subject", "qof", role, ("part",), spoils, facts)


HELD = "Values are held: Quality and Outcomes Framework, achievement, prevalence and exceptions"
MOVE = {"area_name": "Stockport", "period": "2024/25", "after": "worse", "before": "similar"}
CAUSES = {
    each.kind: each
    for each in (
        cause("file_refused", **FILE, indicators=20),
        cause("source_changed_shape", **FILE, indicators=20),
        cause("person_identified", **FILE),
        cause("rows_set_aside", **FILE),
        cause("source_overdue", due="2026-10-01", last_landed="2025-10-01", indicators=20),
        cause("source_unreachable", problems=[["qof/2025", "the server answers 500"]]),
        cause("values_held", spoiled(kept=3), release="1.2.0", checks=[CHECK], files=["qof.csv"]),
        cause("checks_warn", spoiled(), release="1.2.0", checks=[CHECK]),
        cause("coverage_fell", spoiled(areas_before=150), release="1.2.0"),
        cause("comparison_refused", spoiled(), **{"with": "England", "why": "Other ages."}),
        cause("revision_unexplained", spoiled(), release="1.2.0"),
        cause(
            "payment_may_change",
            spoiled(outcomes=["Fewer falls"], why=["held"]),
            "commissioning",
            pay_by="2026-12-01",
            contract_id="falls",
        ),
        cause(
            "payment_reopened",
            spoiled(outcomes=["Fewer falls"], states=["withdrawn"]),
            "commissioning",
            pay_by="2026-12-01",
            contract_id="falls",
            providers=["A trust"],
        ),
        cause(
            "waiver_ending",
            role="release-managers",
            title="C43 for qof",
            check_id="C43",
            key="source_id=qof",
            until="2026-12-01",
            reason="The publisher corrects it.",
        ),
        cause("review_due", role="release-managers", title="Peers", due="2026-11-01", note=""),
        cause("run_failed", title="the last refresh", problem="the disk is full", attempts=3),
        cause("notice_undelivered", notices=2, problem="no such mailbox"),
        cause("outcome_moved", spoiled(moves=[MOVE])),
    )
}


def told(alert: Alert, reads_as: str, at: datetime) -> tuple[str, str]:
    """What the reader is told then, and the message as text."""
    stake = Stake("owner", reads_as, "weekly", alert.cause)
    found = machine.entries([alert], {alert.key: [stake]}, at)
    if not found:
        return "", ""
    message = compose(Speaker(directory(), PLACES, "run"), found, others=0, is_sample=False)
    machine.note_told(found[0], "notice", at)
    machine.settle_news([alert], {alert.key: [stake]}, at)
    return found[0].event, message.as_text()


def test_each_kind_is_tried() -> None:
    assert CAUSES.keys() == KINDS.keys() == SAYS.keys()


@pytest.mark.parametrize("reads_as", ["owner", "engineer"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_it_opens_is_told_and_is_over(kind: str, reads_as: str) -> None:
    its, sort = CAUSES[kind], KINDS[kind]
    alerts: dict[str, Alert] = {}
    ripe = MONDAY + timedelta(hours=sort.patience_hours)
    for at in (MONDAY, ripe):
        machine.advance(alerts, [its], at)
    (alert,) = alerts.values()
    event, text = told(alert, reads_as, ripe)
    assert event == OPENED
    assert sort.title in text
    assert (sort.owner_does if reads_as == "owner" else sort.engineer_does) in text
    assert ("What to do by " in text) is bool(sort.days)
    command = f"outcomes alerts ack {short(its.key)}"
    assert (command in text) is (sort.ends != WHEN_TOLD)
    later = ripe + timedelta(minutes=5)
    if sort.ends == WHEN_ACKNOWLEDGED:
        machine.acknowledge(alert, later, "the publisher corrected its counts")
    else:
        machine.advance(alerts, [], later)
    event, text = told(alert, reads_as, later)
    assert event == ("" if sort.ends == WHEN_TOLD else OVER)
    assert alert.state == machine.RESOLVED
    assert told(alert, reads_as, later + timedelta(days=7)) == ("", "")
    if sort.ends == WHEN_ACKNOWLEDGED:
        assert "the publisher corrected its counts" in text


@pytest.mark.parametrize(
    ("events", "subject"),
    [
        ([OPENED, GREW], "2 new blocking causes: a file was refused, …"),
        ([OVER, OPENED], f"{HELD}; 1 resolved"),
        ([OVER, OVER], "Resolved: 2 blocking causes: a file was refused, …"),
    ],
)
def test_what_is_told_at_once_begins_with_what_is_new(events: list[str], subject: str) -> None:
    its = [CAUSES["file_refused"], CAUSES["values_held"]]
    found = [
        machine.Entry(
            event,
            Alert(each.key, each, machine.OPEN, MONDAY),
            Stake("owner", "owner", "weekly", each),
        )
        for event, each in zip(events, its, strict=True)
    ]
    message = compose(Speaker(directory(), PLACES), found, others=0, is_sample=False)
    assert message.subject == subject

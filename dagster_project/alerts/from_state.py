"""Causes that the ledger and the calendar know of: refusals, lateness, waivers, runs, delivery."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dagster_project import retrying, set_aside, state, waivers
from dagster_project.alerts.causes import Cause
from dagster_project.alerts.routing import Directory
from dagster_project.alerts.store import UNDELIVERABLE
from dagster_project.calendar import add_working_days, london_day, sources_due
from dagster_project.home import Home

# A waiver is spoken of this many working days before its last.
WAIVER_NOTICE = 10
HOLDS_NUMBERS = ("the file holds NHS numbers", "the file's name holds an NHS number")
NEARLY = "nearly the layout of "

# How many indicators the latest release has values of, by source.
Published = Mapping[str, int]


def collect(home: Home, directory: Directory, at: datetime, published: Published) -> list[Cause]:
    """Every cause that state and calendar know of at that moment."""
    day = london_day(at)
    return [
        *refused_files(home, published),
        *rows_set_aside(home),
        *overdue_sources(home, day, published),
        *unreachable_sources(home),
        *ending_waivers(home, day),
        *due_reviews(home, directory, day),
        *failed_runs(home),
        *undelivered(home),
    ]


def refused_files(home: Home, published: Published) -> Iterator[Cause]:
    """One cause a file that stands in an inbox and is refused, however much is wrong with it."""
    with state.reading(home.state) as ledger:
        rows = ledger.execute("select * from sightings where outcome != '[]' order by path")
        seen = rows.fetchall()
    for row in seen:
        told = [each for is_left, each in json.loads(row["outcome"]) if not is_left]
        if not told or not Path(row["path"]).exists():
            continue
        source_id = _source_of(told[0], row["path"], home)
        stamp = f"{row['size']}/{row['mtime_ns']}"
        for refusal in told:
            yield _refused(refusal, source_id, stamp, published)


def _refused(refusal: Mapping[str, str], source_id: str, stamp: str, published: Published) -> Cause:
    problem = refusal["problem"]
    kind = "file_refused"
    if problem.startswith(HOLDS_NUMBERS):
        kind = "person_identified"
    elif problem.startswith(NEARLY):
        kind = "source_changed_shape"
    # What was got is a cell of the file, or many: it stays where the file is.
    facts: dict[str, Any] = {
        name: refusal[name] for name in ("file", "problem", "place", "expected") if name in refusal
    }
    facts["indicators"] = published.get(source_id, 0)
    # Other bytes in its place that are refused too are something new to tell.
    return Cause(kind, refusal.get("file", "a file"), source_id, parts=(stamp,), facts=facts)


def rows_set_aside(home: Home) -> Iterator[Cause]:
    """One cause a file and reason for which rows of it have no place that should have one."""
    for told in set_aside.last_told(home):
        if not told["needs_a_hand"]:
            continue
        yield Cause(
            "rows_set_aside",
            f"{told['source_id']}/{told['reason']}/{told.get('file', '')}",
            told["source_id"],
            parts=(str(told["rows"]),),
            # As of a refused file: what was got is a cell of it.
            facts={name: told[name] for name in ("file", "problem", "expected") if name in told},
        )


def _source_of(refusal: Mapping[str, str], path: str, home: Home) -> str:
    """Whose file it is: by the layout that the refusal names, or its folder in the live inbox."""
    # They are read only where something was refused.
    from dagster_project.sources import LAYOUTS

    named = [layout for layout in LAYOUTS if layout.title in refusal["problem"]]
    if named:
        return max(named, key=lambda layout: len(layout.title)).source_id
    place = Path(path)
    return place.relative_to(home.live).parts[0] if place.is_relative_to(home.live) else ""


def overdue_sources(home: Home, day: date, published: Published) -> Iterator[Cause]:
    """The sources whose next extract should be here by now, grace included."""
    for due in sources_due(home):
        if due.is_overdue(day) and due.next_due and due.last_landed:
            yield Cause(
                "source_overdue",
                due.source_id,
                due.source_id,
                parts=(due.next_due.isoformat(),),
                facts={
                    "due": due.next_due.isoformat(),
                    "last_landed": due.last_landed.isoformat(),
                    "indicators": published.get(due.source_id, 0),
                },
            )


def unreachable_sources(home: Home) -> Iterator[Cause]:
    """The live sources of which an address was asked in vain the last time."""
    with state.reading(home.state) as ledger:
        rows = ledger.execute(
            "select source_id, place, problem from live_addresses where problem is not null"
            " order by source_id, place"
        ).fetchall()
    problems: dict[str, list[list[str]]] = {}
    for row in rows:
        said = json.loads(row["problem"])["problem"]
        problems.setdefault(row["source_id"], []).append([row["place"], said])
    for source_id, its in problems.items():
        yield Cause("source_unreachable", source_id, source_id, facts={"problems": its})


def ending_waivers(home: Home, day: date) -> Iterator[Cause]:
    """The waivers in force whose last day is near."""
    near = add_working_days(day, WAIVER_NOTICE).isoformat()
    for waiver in waivers.in_force(home.state, day):
        if waiver.until <= near:
            key = ",".join(f"{name}={value}" for name, value in sorted(waiver.key.items()))
            yield Cause(
                "waiver_ending",
                f"{waiver.check_id}/{key}",
                role=waiver.role,
                parts=(waiver.until,),
                facts={
                    "title": f"{waiver.check_id} for {key}",
                    "check_id": waiver.check_id,
                    "key": key,
                    "until": waiver.until,
                    "reason": waiver.reason,
                },
            )


def due_reviews(home: Home, directory: Directory, day: date) -> Iterator[Cause]:
    """The reviews whose day has come since this home has been at work."""
    with state.reading(home.state) as ledger:
        began = ledger.execute("select min(started_at) from runs").fetchone()[0]
    if began is None:
        return
    for row in directory.registry.reviews:
        due = date(day.year, int(row["due_month"]), int(row["due_day"]))
        due = due if due <= day else due.replace(year=day.year - 1)
        if due.isoformat() >= began[:10]:
            yield Cause(
                "review_due",
                row["review_id"],
                role=row["owner"],
                parts=(due.isoformat(),),
                facts={"title": row["title"], "due": due.isoformat(), "note": row["note"]},
            )


def failed_runs(home: Home) -> Iterator[Cause]:
    """The run that failed, once it isn't tried again by itself."""
    failed = retrying.failures(home, under_way=retrying.is_under_way(home))
    if failed is not None and failed.next_try is None:
        yield Cause(
            "run_failed",
            "refresh",
            parts=(failed.problem,),
            facts={
                "title": "the last refresh",
                "problem": failed.problem,
                "attempts": failed.count,
                "dagster_run": failed.dagster_run,
            },
        )


def undelivered(home: Home) -> Iterator[Cause]:
    """Those to whom something couldn't be delivered, and nothing has been since."""
    with state.reading(home.state) as ledger:
        rows = ledger.execute(
            "select recipient, channel, count(*) as notices, max(last_problem) as problem"
            " from notices as lost where status = ? and not exists (select 1 from notices as later"
            " where later.recipient = lost.recipient and later.channel = lost.channel"
            " and later.status = 'sent' and later.sent_at > lost.made_at)"
            " group by recipient, channel order by 1, 2",
            (UNDELIVERABLE,),
        ).fetchall()
    for row in rows:
        yield Cause(
            "notice_undelivered",
            f"{row['recipient']} by {row['channel']}",
            facts={"notices": row["notices"], "problem": row["problem"] or "nothing"},
        )

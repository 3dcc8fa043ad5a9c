"""What the command says: records for programs, and the same in lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from dagster_project.calendar import today
from dagster_project.errors import printable
from dagster_project.home import Home
from dagster_project.refresh import Outcome
from dagster_project.revising.waiting import ASKING

MOST_LISTED = 12
STATUS_WORDS = {
    "published": "published",
    "held": "held",
    "suppressed": "suppressed",
    "withdrawn": "withdrawn",
    "not_available": "not available",
    "not_calculated": "not calculated",
    "not_collected": "not collected",
    "not_applicable": "not applicable",
}


def refresh_record(
    home: Home, outcome: Outcome, as_of: date | None = None, inboxes: tuple[Path, ...] = ()
) -> dict[str, Any]:
    """What a refresh came to; of another day than today, and of empty inboxes, it is said."""
    return {
        "as_of": as_of.isoformat() if as_of and as_of != today() else None,
        "home": str(home.root),
        "empty": _empty(inboxes),
        "nothing_new": outcome.nothing_new,
        "why": outcome.why,
        "release": outcome.release,
        "landing": outcome.summary.get("landing"),
        "set_aside": outcome.summary.get("set_aside", {}),
        "lacking": outcome.summary.get("lacking", {}),
        "judging": outcome.summary.get("judging", {}),
        "release_record": outcome.summary.get("release"),
        "live": outcome.live,
        "alerts": outcome.alerts,
    }


def _empty(inboxes: tuple[Path, ...]) -> list[str]:
    """The inboxes, where not one of them holds a file."""
    from dagster_project.landing.inbox import walk

    files, ignored, refused = walk(list(inboxes))
    return [] if files or ignored or refused else [printable(str(folder)) for folder in inboxes]


def refresh_lines(record: dict[str, Any]) -> list[str]:
    """The summary at the end of a refresh: landed, refused, published, held, where to look."""
    lines = [_past_day(record["as_of"])] if record["as_of"] else []
    lines += [f"Live: {line}" if not line.startswith(" ") else line for line in _live_lines(record)]
    if record["empty"]:
        lines.append(
            f"Empty: {', '.join(record['empty'])} holds no file; expected: extracts as their"
            " publishers give them, or zips of these (`outcomes status --all` lists the sources)"
        )
    elif record.get("landing"):
        lines += _landing_lines(record["landing"], record.get("set_aside", {}))
    if record["nothing_new"]:
        latest = record["release"] or "none yet"
        lines.append(f"Nothing published: {record['why']}. Latest release: {latest}.")
        return lines + _alert_lines(record)
    lines += [
        f"Missing: {cells:,} cells of {_words(source)} that an earlier extract had; they stand"
        for source, cells in sorted(record["lacking"].items())
    ]
    lines += _release_lines(record)
    return lines + _alert_lines(record)


def _alert_lines(record: dict[str, Any]) -> list[str]:
    if not record["alerts"]:
        return []
    from dagster_project.alerts.commands import looked_lines

    return looked_lines(record["alerts"])


def _past_day(day: str) -> str:
    return (
        f"As of {day}: that day decides which sources count as overdue, and nothing else. All that"
        " has landed counts, whenever it did."
    )


def _live_lines(record: dict[str, Any]) -> list[str]:
    if not record.get("live"):
        return []
    from dagster_project.fetching.telling import live_lines

    return live_lines(record["live"])


def _landing_lines(landing: dict[str, Any], set_aside: dict[str, int]) -> list[str]:
    lines = [
        f"Landed: {files_of(len(landing['landed']))}, {landing['rows_read']:,} rows"
        + (
            f"; {landing['known'] + landing['unchanged']:,} already known"
            if landing["known"] + landing["unchanged"]
            else ""
        )
    ]
    lines += map(_superseded_line, landing.get("superseded", []))
    if landing.get("taken_out"):
        lines.append(
            "  taken out, since a sidecar says otherwise: " + ", ".join(landing["taken_out"])
        )
    if landing.get("taken_back"):
        lines.append(
            "  left out, since `outcomes withdraw` took it back: "
            + ", ".join(landing["taken_back"])
        )
    if landing.get("of_other_sources"):
        lines.append(
            f"  left for another run: {files_of(landing['of_other_sources'])} of other sources"
        )
    if landing["rows_dropped"]:
        dropped = ", ".join(
            f"{n:,} {_words(reason)}" for reason, n in sorted(landing["rows_dropped"].items())
        )
        lines.append(f"  rows dropped: {dropped}")
    if set_aside:
        aside = ", ".join(f"{n:,} {_words(name)}" for name, n in sorted(set_aside.items()))
        lines.append(f"  rows set aside: {aside}")
    refused = landing["refused"]
    if refused:
        lines.append(f"Refused: {files_of(len(refused))} (reasons in quarantine/)")
        lines += refused_lines(refused)
    if landing["out_of_scope"]:
        count = len(landing["out_of_scope"])
        lines.append(f"Out of scope: {files_of(count)} that are known and left unread")
        lines += by_problem(landing["out_of_scope"])
    if landing["ignored"]:
        reasons = Counter(reason for _, reason in landing["ignored"])
        told = "; ".join(f"{count:,} {reason}" for reason, count in reasons.most_common())
        lines.append(f"Ignored: {files_of(len(landing['ignored']))} ({told})")
    return lines


def _superseded_line(told: Mapping[str, Any]) -> str:
    ways = ", ".join(f"outcomes withdraw {each} --reason TEXT" for each in told["by"])
    return (
        f"  {told['file']} landed before, on {told['landed_at'][:10]}, and another replaced it: it"
        f" changes nothing. To go back to it: {ways}"
    )


def refused_lines(refused: list[dict[str, str]]) -> list[str]:
    """Every refusal where they are few; where many share a cause, the cause and the first."""
    if len(refused) <= MOST_LISTED:
        return [f"  {item['message']}" for item in refused]
    lines = by_problem(refused)
    return [*lines, "  `outcomes status --all` says of each what was got, expected, and what to do"]


def by_problem(items: list[dict[str, str]]) -> list[str]:
    """What several files share, once, with the first of them."""
    by_problem: dict[str, list[dict[str, str]]] = {}
    for item in items:
        by_problem.setdefault(item["problem"], []).append(item)
    lines = []
    for problem, alike in sorted(by_problem.items(), key=lambda pair: -len(pair[1])):
        others = f" and {len(alike) - 1:,} more" if len(alike) > 1 else ""
        lines.append(f"  {problem}: {alike[0].get('file', '')}{others}")
    return lines


def _release_lines(record: dict[str, Any]) -> list[str]:
    release, judging = record["release_record"], record["judging"]
    counts = ", ".join(
        f"{release['counts'][status]:,} {words}"
        for status, words in STATUS_WORDS.items()
        if release["counts"].get(status)
    )
    lines = [f"Published: release {record['release']}", f"  values: {counts}"]
    changes = release["changes"]
    no_longer_shown = changes.get("no_longer_shown", 0)
    if any((changes["removed"], changes["revised"], changes["status_changed"], no_longer_shown)):
        lines.append(
            f"  since the last: {changes['added']:,} added, {changes['revised']:,} revised,"
            f" {changes['status_changed']:,} changed status, {changes['removed']:,} gone"
            + (f", {no_longer_shown:,} no longer shown" if no_longer_shown else "")
        )
    failing = judging.get("failing", [])
    lines += [_failing_line(each) for each in failing]
    if any(each["check"] in ASKING for each in failing):
        lines.append("  See what waits for a reason: outcomes accept-revision")
    latest = f"{record['home']}/releases/latest"
    lines.append(f"Look at: {latest}/site/index.html, and outcomes.xlsx, csv/ and data/ there")
    return lines


def _failing_line(failing: Mapping[str, Any]) -> str:
    """What failed: values where they can be named, else the groups of values as wholes."""
    what, count = "value", failing["values"]
    if not count:
        what, count = "group of values", failing["groups"]
        what = what if count == 1 else "groups of values"
    elif count != 1:
        what = "values"
    should = f"what should be true: {failing['title']}"
    return f"  {failing['check']} failed for {count:,} {what}; {should}"


def files_of(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"


def _words(name: str) -> str:
    return name.replace("_", " ")

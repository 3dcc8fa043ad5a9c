"""What the command says: records for programs, and the same in lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from dagster_project import set_aside
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
        "set_aside": outcome.summary.get(set_aside.STEP, {}).get("files", []),
        "lacking": outcome.summary.get("lacking", {}),
        "valueless": outcome.summary.get("valueless", {}),
        "judging": outcome.summary.get("judging", {}),
        "held": outcome.summary.get("held", {}),
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
        lines += _landing_lines(record["landing"], record["set_aside"])
    if record["nothing_new"]:
        latest = record["release"] or "none yet"
        lines.append(f"Nothing published: {record['why']}. Latest release: {latest}.")
        lines += valueless_lines(record["valueless"], record["set_aside"])
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


def _landing_lines(landing: dict[str, Any], aside: list[dict[str, Any]]) -> list[str]:
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
    if aside:
        lines.append("  rows set aside (what to do: `outcomes status --all`)")
        lines += [f"    {line}" for line in set_aside.brief_lines(aside)]
    refused = landing["refused"]
    if refused:
        # A link or a sidecar beside nothing has no bytes to be kept.
        noted = landing.get("in_quarantine", 0)
        some = f"reasons of {noted:,}" if noted < len(refused) else "reasons"
        where = f" ({some} in quarantine/)" if noted else ""
        lines.append(f"Refused: {files_of(len(refused))}{where}")
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


def valueless_lines(rows: dict[str, int], aside: list[dict[str, Any]]) -> list[str]:
    """Why what has landed gives no value, source by source, where none of it does."""
    lines = []
    for source_id, count in rows.items():
        faults = (each for each in aside if each["source_id"] == source_id and each["needs_a_hand"])
        waits = next(faults, None)
        if waits is None:
            lines.append(f"  {source_id}: {count:,} rows, of which alone no value is made")
        else:
            lines.append(f"  {waits['message']}")
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
    latest = f"{record['home']}/releases/latest"
    lines += failing_lines(failing, record["held"], release["counts"].get("held", 0))
    if failing:
        lines.append(f"  Where each failed: {latest}/site/quality.html")
    if any(each["check"] in ASKING for each in failing):
        lines.append("  See what waits for a reason: outcomes accept-revision")
    lines.append(f"Look at: {latest}/site/index.html, and outcomes.xlsx, csv/ and data/ there")
    return lines


def failing_lines(
    failing: Sequence[Mapping[str, Any]], held: Mapping[str, int], in_all: int
) -> list[str]:
    """The checks that hold values back, those of most values first; then those that only warn."""
    holding = sorted(
        (each for each in failing if each["holds"]),
        key=lambda each: (-held.get(each["check"], 0), each["check"]),
    )
    warning = [each for each in failing if not each["holds"]]
    lines = []
    if holding:
        lines.append(f"  Held back: {several(in_all, 'value')}. What should be true and isn't:")
        lines += [_line(each, _held(each, held)) for each in holding]
    if warning:
        lines.append("  Only warned of, and published. What should be true and isn't:")
        lines += [_line(each, _failed(each)) for each in warning]
    return lines


def _line(failing: Mapping[str, Any], much: str) -> str:
    return f"    {failing['check']}  {much}: {failing['title']}"


def _held(failing: Mapping[str, Any], held: Mapping[str, int]) -> str:
    """How much a check holds; where that is nothing, how much failed it all the same."""
    count = held.get(failing["check"], 0)
    return several(count, "value") if count else f"none of {_failed(failing)}"


def _failed(failing: Mapping[str, Any]) -> str:
    """How much failed: values where they can be named, else the groups of values as wholes."""
    if failing["values"]:
        return several(failing["values"], "value")
    return f"{several(failing['groups'], 'group')} of values"


def several(count: int, one: str) -> str:
    """A count with its noun, in the right number."""
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def files_of(count: int) -> str:
    return several(count, "file")


def _words(name: str) -> str:
    return name.replace("_", " ")

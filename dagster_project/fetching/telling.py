"""What is said of the live sources: at the end of a refresh, and in `outcomes status`."""

from __future__ import annotations

from typing import Any

from dagster_project.fetching import ledger
from dagster_project.home import Home


def live_lines(told: list[dict[str, Any]]) -> list[str]:
    """A line a source, and one for each address that went wrong."""
    lines = []
    for source in told:
        said = f"{source['source_id']}: {source['outcome']}"
        counts = [
            f"{count:,} {word}"
            for word, count in (
                ("new", len(source["fetched"])),
                ("unchanged", source["unchanged"]),
                ("in vain", len(source["problems"])),
            )
            if count
        ]
        if source["outcome"] == "not due":
            said += f" before {source['next_due']}" if source["next_due"] else "; it has no rhythm"
        elif len(counts) > 1 or len(source["fetched"]) > 1 or source["unchanged"] > 1:
            said += f" ({', '.join(counts)})"
        lines.append(said)
        lines += [f"  {problem['message']}" for problem in source["problems"]]
    return lines


def status_of(home: Home) -> dict[str, dict[str, Any]]:
    """For each live source that was asked: when last, when it last changed, and what went wrong."""
    found: dict[str, dict[str, Any]] = {}
    for row in ledger.load(home).values():
        this = found.setdefault(
            row["source_id"],
            {"last_checked": None, "last_changed": None, "last_failed": None}
            | {"last_problem": None, "problems": []},
        )
        this["last_checked"] = max(filter(None, (this["last_checked"], row["checked_at"])))
        this["last_changed"] = max(
            filter(None, (this["last_changed"], row["changed_at"])), default=None
        )
        if row["failed_at"] and row["failed_at"] >= (this["last_failed"] or ""):
            this["last_failed"] = row["failed_at"]
            this["last_problem"] = ledger.message(row["last_problem"])
        this["problems"] += [
            ledger.message(told) for told in (row["problem"], row["landing_problem"]) if told
        ]
    return found


def status_lines(sources: list[dict[str, Any]]) -> list[str]:
    """The live sources of a status: checked, changed, failed; and what is wrong now."""
    asked = [source for source in sources if source["live"]]
    if not asked:
        return []
    width = max(len(source["source_id"]) for source in asked)
    lines = ["", "Live sources"]
    for source in asked:
        live = source["live"]
        line = (
            f"  {source['source_id']:{width}}  checked {_day(live['last_checked'])}"
            f"  changed {_day(live['last_changed'])}  failed {_day(live['last_failed'])}"
        )
        lines.append(line.rstrip())
        lines += [f"    {problem}" for problem in live["problems"]]
    return lines


def _day(moment: str | None) -> str:
    return f"{moment[:16].replace('T', ' ') if moment else '—':16}"

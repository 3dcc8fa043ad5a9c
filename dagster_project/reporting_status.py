"""What the command says of a home as it stands: what needs a hand first, then all that is well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from dagster_project import calendar, set_aside
from dagster_project.home import HOW_TO_BEGIN, Home
from dagster_project.newness import WHY
from dagster_project.reporting import (
    MOST_LISTED,
    STATUS_WORDS,
    by_problem,
    files_of,
    refused_lines,
    several,
    valueless_lines,
)

NEVER = "never landed"
LATE = ("overdue", "late", "due")


def status_record(home: Home) -> dict[str, Any]:
    """Sources, the latest release, what is held and what was refused."""
    from dagster_project import waivers
    from dagster_project.alerts.commands import list_record
    from dagster_project.calendar import sources_due
    from dagster_project.fetching import telling
    from dagster_project.holding import under_way
    from dagster_project.pipeline import runs
    from dagster_project.recovery import lost_state
    from dagster_project.refresh import kind_of
    from dagster_project.release.store import ReleaseStore

    kind = kind_of(home)
    if kind is None and not home.state.exists():
        return {
            "home": str(home.root),
            "kind": None,
            "state": None,
            "under_way": None,
            "sources": [],
            "latest": None,
            "waivers": [],
            "alerts": [],
            "undelivered": [],
            "unreached": [],
            "mistake": None,
            "reviews": None,
            "refused": [],
            "set_aside": [],
            "valueless": {},
            "out_of_scope": [],
        }
    today = calendar.today()
    latest = ReleaseStore(home).latest()
    run = runs.last(home)
    landing = (run or {}).get("summary", {}).get("landing", {})
    live = telling.status_of(home)
    return {
        "home": str(home.root),
        "kind": kind,
        "state": lost_state(home),
        "under_way": under_way(home),
        "sources": [
            {
                "source_id": due.source_id,
                "title": due.title,
                "last_landed": due.last_landed.isoformat() if due.last_landed else None,
                "next_due": due.next_due.isoformat() if due.next_due else None,
                "state": due.standing(today),
                "working_days_late": due.working_days_late(today),
                "live": live.get(due.source_id),
            }
            for due in sources_due(home)
        ],
        "last_run": {"started_at": run["started_at"], "outcome": run["outcome"]} if run else None,
        "latest": (
            {"release": latest.id, "created_at": latest.created_at, "counts": dict(latest.counts)}
            if latest
            else None
        ),
        "waivers": [waiver.as_record() for waiver in waivers.in_force(home.state, today)],
        **list_record(home),
        "reviews": reviews_record(today),
        "refused": landing.get("refused", []),
        "set_aside": set_aside.last_told(home),
        "valueless": (run or {}).get("summary", {}).get("valueless", {}),
        "out_of_scope": landing.get("out_of_scope", []),
    }


def status_lines(record: dict[str, Any], *, every: bool = False) -> list[str]:
    """The status as a short page; with `every`, each source and each file, by itself."""
    from dagster_project.holding import under_way_line

    if record["kind"] is None:
        return [f"{record['home']}: nothing here yet. To begin: {HOW_TO_BEGIN}."]
    lines = [f"Home: {record['home']} ({record['kind']} data)"]
    lines += [under_way_line(record["under_way"])] if record["under_way"] else []
    lines += [record["state"]] if record["state"] else []
    wanting = list(_wanting(record, every=every))
    lines += ["", *(wanting or ["Nothing needs a hand."])]
    lines += ["", *_release_lines(record), *_source_lines(record, every=every)]
    lines += _live_status_lines(record)
    lines += _waiver_lines(record["waivers"])
    lines += _review_lines(record["reviews"]) if record.get("reviews") else []
    lines += _set_aside_lines(record["set_aside"], every=every)
    if record["out_of_scope"]:
        lines += ["", f"Out of scope at the last run: {files_of(len(record['out_of_scope']))}"]
        left = record["out_of_scope"]
        if every or len(left) <= MOST_LISTED:
            lines += [f"  {item['file']}: {item['problem']}" for item in left]
        else:
            lines += by_problem(left)
    return lines + ([] if every else _never_landed(record["sources"]))


def _wanting(record: dict[str, Any], *, every: bool) -> Iterator[str]:
    """All that somebody has to see to: alerts, refusals, what is late, held or to be reviewed."""
    from dagster_project.alerts.commands import list_lines

    if any(record[name] for name in ("alerts", "undelivered", "unreached", "mistake")):
        yield from list_lines(record)
    late = [each for each in record["sources"] if each["state"] in LATE]
    late.sort(key=lambda each: LATE.index(each["state"]))
    if late:
        yield f"Late or due: {_counted(late, 'source')}"
        yield from _rows(late)
    if record["refused"]:
        yield f"Refused at the last run: {files_of(len(record['refused']))}"
        every_file = [f"  {item['message']}" for item in record["refused"]]
        yield from every_file if every else refused_lines(record["refused"])
    faults = [each for each in record["set_aside"] if each["needs_a_hand"]]
    if faults:
        yield f"Not among the values: {_rows_in(faults)}"
        yield from _messages(faults, every=every)
    held = (record["latest"] or {"counts": {}})["counts"].get("held", 0)
    if held:
        yield f"Held: {several(held, 'value')} of the latest release"
    overdue = (record.get("reviews") or {"overdue": []})["overdue"]
    if overdue:
        yield f"Definitions to be checked again: {len(overdue):,}"
        yield from (
            f"  {each['indicator_id']}, by {each['checked_by']}: due {each['review_due']}"
            for each in overdue[:MOST_LISTED]
        )


def _rows_in(aside: list[dict[str, Any]]) -> str:
    rows = sum(each["rows"] for each in aside)
    return f"{several(rows, 'row')} of {files_of(len(aside))}"


def _messages(aside: list[dict[str, Any]], *, every: bool) -> Iterator[str]:
    shown = aside if every else aside[:MOST_LISTED]
    yield from (f"  {each['message']}" for each in shown)
    if len(shown) < len(aside):
        yield f"  and {len(aside) - len(shown):,} more (`outcomes status --all`)"


def _set_aside_lines(aside: list[dict[str, Any]], *, every: bool) -> list[str]:
    """The rows that have no place and needn't have one; with `every`, file by file."""
    rest = [each for each in aside if not each["needs_a_hand"]]
    if not rest:
        return []
    if every:
        return ["", f"Set aside: {_rows_in(rest)}", *_messages(rest, every=True)]
    brief = (f"  {line}" for line in set_aside.brief_lines(rest))
    return ["", f"Set aside: {_rows_in(rest)} (`outcomes status --all` says why)", *brief]


def _counted(things: list[Any], one: str) -> str:
    return several(len(things), one)


def _release_lines(record: dict[str, Any]) -> list[str]:
    latest = record["latest"]
    if latest is None:
        why = f": {WHY['nothing to publish']}" if record["valueless"] else ""
        faults = {each["source_id"] for each in record["set_aside"] if each["needs_a_hand"]}
        rest = {name: rows for name, rows in record["valueless"].items() if name not in faults}
        return [f"Latest release: none yet{why}", *valueless_lines(rest, [])]
    return [f"Latest release: {latest['release']}"] + [
        f"  {count:,} {STATUS_WORDS.get(status, status)}"
        for status, count in sorted(latest["counts"].items())
    ]


def _source_lines(record: dict[str, Any], *, every: bool) -> list[str]:
    shown = [
        each
        for each in record["sources"]
        if every or (each["state"] not in LATE and each["state"] != NEVER)
    ]
    return ["", "Sources", *_rows(shown)] if shown else []


def _rows(sources: list[dict[str, Any]]) -> Iterable[str]:
    width = max((len(each["source_id"]) for each in sources), default=0)
    for each in sources:
        yield (
            f"  {each['source_id']:{width}}  last {each['last_landed'] or '—':10}"
            f"  next due {each['next_due'] or '—':10}  {each['state']}{_late(each)}"
        )


def _never_landed(sources: list[dict[str, Any]]) -> list[str]:
    count = sum(each["state"] == NEVER for each in sources)
    if not count:
        return []
    return [
        "",
        f"Never landed: {count:,} of {_counted(sources, 'source')}"
        " (`outcomes status --all` lists them)",
    ]


def _late(source: dict[str, Any]) -> str:
    if source["state"] not in ("late", "overdue"):
        return ""
    days = source["working_days_late"]
    return f", by {several(days, 'working day')}"


def reviews_record(today: date) -> dict[str, Any]:
    """How many definitions another role has checked, and which of these are to be checked again."""
    from dagster_project.home import PROJECT_ROOT
    from dagster_project.registry.registry import load_registry

    registry = load_registry(PROJECT_ROOT / "seeds")
    reviews = [
        {name: row[name] for name in ("indicator_id", "checked_by", "review_due")}
        for row in registry.definition_reviews
    ]
    # A definition of dbt/models/indicators says its own check.
    reviews += [
        {
            "indicator_id": row["indicator_id"],
            "checked_by": row["checked_by"],
            "review_due": row["review_by"],
        }
        for row in registry.indicators
        if row.get("checked_by")
    ]
    return {
        "indicators": len(registry.indicators),
        "checked": len({row["indicator_id"] for row in reviews}),
        "overdue": [row for row in reviews if row["review_due"] < today.isoformat()],
    }


def _review_lines(reviews: dict[str, Any]) -> list[str]:
    return [
        "",
        f"Definitions: {reviews['checked']:,} of {reviews['indicators']:,} checked by another role",
    ]


def _waiver_lines(waivers: list[dict[str, Any]]) -> list[str]:
    if not waivers:
        return []
    return [
        "",
        "Waivers in force",
        *(
            f"  {each['check_id']} for "
            + ",".join(f"{name}={value}" for name, value in each["key"].items())
            + f", until {each['until']}, by {each['role']}: {each['reason']}"
            for each in waivers
        ),
    ]


def _live_status_lines(record: dict[str, Any]) -> list[str]:
    from dagster_project.fetching import telling

    return telling.status_lines(record["sources"])

"""What the command says of a home: its status, its releases, and whether they are whole."""

from __future__ import annotations

from datetime import date
from typing import Any

from dagster_project import calendar
from dagster_project.home import Home
from dagster_project.reporting import MOST_LISTED, STATUS_WORDS, by_problem, files_of, refused_lines


def status_record(home: Home) -> dict[str, Any]:
    """Sources, the latest release, what is held and what was refused."""
    from dagster_project import waivers
    from dagster_project.alerts.commands import list_record
    from dagster_project.calendar import sources_due
    from dagster_project.fetching import telling
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
            "sources": [],
            "latest": None,
            "waivers": [],
            "alerts": [],
            "undelivered": [],
            "unreached": [],
            "mistake": None,
            "reviews": None,
            "refused": [],
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
        "out_of_scope": landing.get("out_of_scope", []),
    }


def status_lines(record: dict[str, Any], *, every: bool = False) -> list[str]:
    """The status as a short page; with `every`, each file that was refused or left, by itself."""
    from dagster_project.alerts.commands import list_lines

    if record["kind"] is None:
        return [f"{record['home']}: nothing here yet. Start with `outcomes refresh --sample`."]
    lines = [f"Home: {record['home']} ({record['kind']} data)"]
    lines += [record["state"]] if record["state"] else []
    lines += ["", "Sources"]
    width = max(len(source["source_id"]) for source in record["sources"])
    for source in record["sources"]:
        lines.append(
            f"  {source['source_id']:{width}}  last {source['last_landed'] or '—':10}"
            f"  next due {source['next_due'] or '—':10}  {source['state']}{_late(source)}"
        )
    lines += _live_status_lines(record)
    latest = record["latest"]
    lines += ["", f"Latest release: {latest['release'] if latest else 'none yet'}"]
    if latest:
        lines += [
            f"  {count:,} {STATUS_WORDS.get(status, status)}"
            for status, count in sorted(latest["counts"].items())
        ]
    lines += _waiver_lines(record["waivers"])
    lines += _review_lines(record["reviews"]) if record.get("reviews") else []
    if any(record[name] for name in ("alerts", "undelivered", "unreached", "mistake")):
        lines += ["", *list_lines(record)]
    if record["refused"]:
        lines += ["", f"Refused at the last run: {files_of(len(record['refused']))}"]
        if every:
            lines += [f"  {item['message']}" for item in record["refused"]]
        else:
            lines += refused_lines(record["refused"])
    if record["out_of_scope"]:
        lines += ["", f"Out of scope at the last run: {files_of(len(record['out_of_scope']))}"]
        left = record["out_of_scope"]
        if every or len(left) <= MOST_LISTED:
            lines += [f"  {item['file']}: {item['problem']}" for item in left]
        else:
            lines += by_problem(left)
    return lines


def _late(source: dict[str, Any]) -> str:
    if source["state"] not in ("late", "overdue"):
        return ""
    days = source["working_days_late"]
    return f", by {days:,} working day{'' if days == 1 else 's'}"


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
    overdue = reviews["overdue"]
    return [
        "",
        f"Definitions: {reviews['checked']:,} of {reviews['indicators']:,} checked by another role"
        + (f", {len(overdue):,} to be checked again" if overdue else ""),
        *(
            f"  {each['indicator_id']}, by {each['checked_by']}: due {each['review_due']}"
            for each in overdue[:MOST_LISTED]
        ),
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


def releases_record(home: Home) -> dict[str, Any]:
    """Every release with what is said of it."""
    from dagster_project.release.store import ReleaseStore

    return {
        "home": str(home.root),
        "releases": [
            {
                "release": listed.manifest.id,
                "created_at": listed.manifest.created_at,
                "latest": listed.is_latest,
                "withdrawn": listed.manifest.is_withdrawn,
                "synthetic": listed.manifest.synthetic,
                "counts": dict(listed.manifest.counts),
            }
            for listed in ReleaseStore(home).releases()
        ],
    }


def releases_lines(record: dict[str, Any]) -> list[str]:
    """A line a release, the newest first."""
    if not record["releases"]:
        return [f"{record['home']}: no release yet. Start with `outcomes refresh --sample`."]
    return [
        "  ".join(
            filter(
                None,
                (
                    "→" if release["latest"] else " ",
                    release["release"],
                    release["created_at"],
                    f"{release['counts'].get('published', 0):,} published,"
                    f" {release['counts'].get('held', 0):,} held",
                    "made-up sample data" if release["synthetic"] else "",
                    "withdrawn" if release["withdrawn"] else "",
                ),
            )
        )
        for release in record["releases"]
    ]


def verify_record(home: Home, release: str | None) -> dict[str, Any]:
    """What every file of the releases is found to be, or of the one that is named."""
    from dagster_project.errors import OutcomesError, UsageError
    from dagster_project.release.manifest import problems, read_manifest
    from dagster_project.release.store import ReleaseStore

    store = ReleaseStore(home)
    if release is not None and release not in store.ids():
        raise UsageError(
            "there is no such release",
            got=release,
            expected=", ".join(store.ids()) or "a release, but none is there",
            fix="give the id as `outcomes releases` shows it",
        )
    found = []
    for identifier in [release] if release else store.ids():
        try:
            manifest = read_manifest(store.path(identifier))
        except OutcomesError as problem:
            told, files = {str(problem.got): ["manifest.json"]}, 0
        else:
            told, files = problems(store.path(identifier), manifest), len(manifest.files)
        found.append({"release": identifier, "files": files, "problems": told})
    return {"home": str(home.root), "releases": found}


def verify_lines(record: dict[str, Any]) -> list[str]:
    """A line a release; where something is wrong, a line a file."""
    lines = []
    for each in record["releases"]:
        wrong = [f"  {path}: {what}" for what, paths in each["problems"].items() for path in paths]
        said = "not what was published" if wrong else "as published"
        lines += [f"{each['release']}: {files_of(each['files'])}, {said}", *sorted(wrong)]
    return lines or [f"{record['home']}: no release yet."]

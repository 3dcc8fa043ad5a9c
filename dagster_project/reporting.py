"""What the command says: records for programs, and the same in lines for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dagster_project.home import Home
from dagster_project.refresh import Outcome

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


def refresh_record(home: Home, outcome: Outcome) -> dict[str, Any]:
    """What a refresh came to."""
    return {
        "home": str(home.root),
        "nothing_new": outcome.nothing_new,
        "why": outcome.why,
        "release": outcome.release,
        "landing": outcome.summary.get("landing"),
        "set_aside": outcome.summary.get("set_aside", {}),
        "lacking": outcome.summary.get("lacking", {}),
        "judging": outcome.summary.get("judging", {}),
        "release_record": outcome.summary.get("release"),
        "live": outcome.live,
    }


def refresh_lines(record: dict[str, Any]) -> list[str]:
    """The summary at the end of a refresh: landed, refused, published, held, where to look."""
    lines = [f"Live: {line}" if not line.startswith(" ") else line for line in _live_lines(record)]
    if record.get("landing"):
        lines += _landing_lines(record["landing"], record.get("set_aside", {}))
    if record["nothing_new"]:
        latest = record["release"] or "none yet"
        lines.append(f"Nothing published: {record['why']}. Latest release: {latest}.")
        return lines
    lines += [
        f"Missing: {cells:,} cells of {_words(source)} that an earlier extract had; they stand"
        for source, cells in sorted(record["lacking"].items())
    ]
    lines += _release_lines(record)
    return lines


def _live_lines(record: dict[str, Any]) -> list[str]:
    from dagster_project.fetching.telling import live_lines

    return live_lines(record.get("live") or [])


def _landing_lines(landing: dict[str, Any], set_aside: dict[str, int]) -> list[str]:
    lines = [
        f"Landed: {_files(len(landing['landed']))}, {landing['rows_read']:,} rows"
        + (
            f"; {landing['known'] + landing['unchanged']} already known"
            if landing["known"] + landing["unchanged"]
            else ""
        )
    ]
    if landing.get("taken_out"):
        lines.append(
            "  taken out, since a sidecar says otherwise: " + ", ".join(landing["taken_out"])
        )
    if landing.get("of_other_sources"):
        lines.append(
            f"  left for another run: {_files(landing['of_other_sources'])} of other sources"
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
        lines.append(f"Refused: {_files(len(refused))} (reasons in quarantine/)")
        lines += _refused_lines(refused)
    if landing["out_of_scope"]:
        count = len(landing["out_of_scope"])
        lines.append(f"Out of scope: {_files(count)} that are known and left unread")
        lines += _by_problem(landing["out_of_scope"])
    if landing["ignored"]:
        lines.append(f"Ignored: {_files(len(landing['ignored']))} without data (made by a desktop)")
    return lines


def _refused_lines(refused: list[dict[str, str]]) -> list[str]:
    """Every refusal where they are few; where many share a cause, the cause and the first."""
    if len(refused) <= MOST_LISTED:
        return [f"  {item['message']}" for item in refused]
    lines = _by_problem(refused)
    return [*lines, "  `outcomes status` says of each what was got, expected, and what to do"]


def _by_problem(items: list[dict[str, str]]) -> list[str]:
    """What several files share, once, with the first of them."""
    by_problem: dict[str, list[dict[str, str]]] = {}
    for item in items:
        by_problem.setdefault(item["problem"], []).append(item)
    lines = []
    for problem, alike in sorted(by_problem.items(), key=lambda pair: -len(pair[1])):
        others = f" and {len(alike) - 1} more" if len(alike) > 1 else ""
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
    if changes["removed"] or changes["revised"] or changes["status_changed"]:
        lines.append(
            f"  since the last: {changes['added']:,} added, {changes['revised']:,} revised,"
            f" {changes['status_changed']:,} changed status, {changes['removed']:,} gone"
        )
    lines += [_failing_line(failing) for failing in judging.get("failing", [])]
    lines.append(f"Look at: {record['home']}/releases/latest (csv/, data/, manifest.json)")
    return lines


def _failing_line(failing: Mapping[str, Any]) -> str:
    """What failed: values where they can be named, else the groups of values as wholes."""
    what, count = "value", failing["values"]
    if not count:
        what, count = "group of values", failing["groups"]
        what = what if count == 1 else "groups of values"
    elif count != 1:
        what = "values"
    return f"  {failing['check']} failed for {count:,} {what}: “{failing['title']}” is not so"


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def status_record(home: Home) -> dict[str, Any]:
    """Sources, the latest release, what is held and what was refused."""
    from dagster_project.calendar import sources_due
    from dagster_project.fetching import telling
    from dagster_project.pipeline import runs
    from dagster_project.refresh import kind_of
    from dagster_project.release.store import ReleaseStore

    if not home.state.exists():
        return {
            "home": str(home.root),
            "kind": None,
            "sources": [],
            "latest": None,
            "refused": [],
            "out_of_scope": [],
        }
    today = date.today()
    latest = ReleaseStore(home).latest()
    run = runs.last(home)
    landing = (run or {}).get("summary", {}).get("landing", {})
    live = telling.status_of(home)
    return {
        "home": str(home.root),
        "kind": kind_of(home),
        "sources": [
            {
                "source_id": due.source_id,
                "title": due.title,
                "last_landed": due.last_landed.isoformat() if due.last_landed else None,
                "next_due": due.next_due.isoformat() if due.next_due else None,
                "state": _source_state(due.last_landed, due.is_overdue(today)),
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
        "refused": landing.get("refused", []),
        "out_of_scope": landing.get("out_of_scope", []),
    }


def _source_state(last_landed: date | None, overdue: bool) -> str:
    if last_landed is None:
        return "never landed"
    return "overdue" if overdue else "up to date"


def status_lines(record: dict[str, Any]) -> list[str]:
    """The status as a short page."""
    if record["kind"] is None:
        return [f"{record['home']}: nothing here yet. Start with `outcomes refresh --sample`."]
    lines = [f"Home: {record['home']} ({record['kind']} data)", "", "Sources"]
    width = max(len(source["source_id"]) for source in record["sources"])
    for source in record["sources"]:
        lines.append(
            f"  {source['source_id']:{width}}  last {source['last_landed'] or '—':10}"
            f"  next due {source['next_due'] or '—':10}  {source['state']}"
        )
    lines += _live_status_lines(record)
    latest = record["latest"]
    lines += ["", f"Latest release: {latest['release'] if latest else 'none yet'}"]
    if latest:
        lines += [
            f"  {count:,} {STATUS_WORDS.get(status, status)}"
            for status, count in sorted(latest["counts"].items())
        ]
    if record["refused"]:
        lines += ["", f"Refused at the last run: {_files(len(record['refused']))}"]
        lines += [f"  {item['message']}" for item in record["refused"]]
    if record["out_of_scope"]:
        lines += ["", f"Out of scope at the last run: {_files(len(record['out_of_scope']))}"]
        lines += [f"  {item['file']}: {item['problem']}" for item in record["out_of_scope"]]
    return lines


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

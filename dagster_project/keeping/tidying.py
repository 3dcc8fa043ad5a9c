"""`outcomes tidy`: what the policy lets a home let go of, and letting it go.

Told first, and done only when that is asked for. Each thing goes whole, so that a kill leaves
nothing to put right by hand; the next time goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dagster_project.alerts.outbox import sent
from dagster_project.home import Home
from dagster_project.keeping import bytes as kept_bytes
from dagster_project.keeping import notices, records, releases
from dagster_project.keeping.policy import policy_files, policy_of
from dagster_project.release.store import ReleaseStore

KINDS = {
    "releases": "releases",
    "landing": "landed files, their bytes alone",
    "quarantine": "refused files, their bytes alone",
    "runs": "runs in the ledger",
    "dagster": "runs in Dagster's store",
    "logs": "files of the log",
    "returns": "marked copies of forms with mistakes",
    "notices": "messages that were delivered",
}
SHOWN = 8


@dataclass(frozen=True)
class Going:
    """One thing that may go: what it is, how large, and why it may. Paths are the home's own."""

    kind: str
    name: str
    bytes: int
    why: str


def going(home: Home, today: date) -> list[Going]:
    """All that the policy of the home lets go on that day."""
    policy, store = policy_of(home), ReleaseStore(home)
    # A release that can't be read is an error here: nobody knows what rests on what.
    manifests = store.manifests()
    old = releases.going(store, manifests, policy.releases, today)
    kept = [manifest for manifest in manifests if manifest.id not in old]
    names = {manifest.id for manifest in kept}
    landed = kept_bytes.landed(home, kept, policy.landing, today)
    refused = kept_bytes.refused(home, policy.quarantine, today)
    runs = records.runs(home, policy.runs, names, today)
    dagster = records.dagster_runs(home, policy.dagster, today)
    return [
        *(Going("releases", name, size(store.path(name)), why) for name, why in old.items()),
        *_files("landing", home, landed),
        *_files("quarantine", home, refused),
        *(Going("runs", str(number), 0, why) for number, why in runs.items()),
        *(
            Going("dagster", name, size(records.printed(home, name)), w)
            for name, w in dagster.items()
        ),
        *_files("logs", home, records.logs(home, policy.logs, today)),
        *_files("returns", home, records.returns(home, policy.returns, today)),
        *(
            Going("notices", name, size(sent(home, name)), why)
            for name, why in notices.going(home, policy.notices, today).items()
        ),
    ]


def _files(kind: str, home: Home, found: Mapping[Path, str]) -> Iterator[Going]:
    for path, why in found.items():
        yield Going(kind, path.relative_to(home.root).as_posix(), size(path), why)


LET_GO: dict[str, Callable[[Home, str], None]] = {
    "releases": lambda home, name: releases.let_go(ReleaseStore(home), name),
    "landing": lambda home, name: kept_bytes.let_go(home.root / name),
    "quarantine": lambda home, name: kept_bytes.let_go(home.root / name),
    "runs": lambda home, name: records.let_run_go(home, int(name)),
    "dagster": records.let_dagster_run_go,
    "logs": lambda home, name: (home.root / name).unlink(),
    "returns": lambda home, name: (home.root / name).unlink(),
    "notices": notices.let_go,
}


def tidy_record(home: Home, today: date, *, apply: bool) -> dict[str, Any]:
    """What may go; with `apply` it is gone. Called while the home's lock is held."""
    found = going(home, today)
    for each in found if apply else ():
        LET_GO[each.kind](home, each.name)
    return {
        "home": str(home.root),
        "applied": apply,
        "policy": [str(path) for path in policy_files(home)],
        "going": [asdict(each) for each in found],
    }


def size(path: Path) -> int:
    """How many bytes a file holds, or all files below a directory; 0 of what isn't there."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def tidy_lines(record: dict[str, Any]) -> list[str]:
    """A line a kind with its names, then what was done or how to do it."""
    lines = []
    for kind, said in KINDS.items():
        found = [each for each in record["going"] if each["kind"] == kind]
        if found:
            megabytes = sum(each["bytes"] for each in found) / 1e6
            lines.append(f"{said}: {len(found):,}" + f" ({megabytes:,.1f} MB)" * bool(megabytes))
            lines += [f"  {each['name']}: {each['why']}" for each in found[:SHOWN]]
            if len(found) > SHOWN:
                lines.append(f"  and {len(found) - SHOWN:,} more; --json has them all")
    if not lines:
        read = ", and what that leaves open in ".join(record["policy"])
        return [f"Nothing is old enough to go: the policy is in {read}."]
    done = "It is gone." if record["applied"] else "Nothing was touched; --apply lets it go."
    return [*lines, done]

"""What the release that stands tells, worked out once a release and kept in the state.

It is set against the release that alerts last saw, not against the one before it: a process that
was killed after publishing leaves nothing untold.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from dagster_project import state
from dagster_project.alerts.causes import Cause, from_json
from dagster_project.alerts.routing import Directory
from dagster_project.fingerprint import code_version
from dagster_project.home import Home
from dagster_project.release.manifest import Manifest
from dagster_project.release.store import ReleaseStore

if TYPE_CHECKING:
    from dagster_project.alerts.release_tables import Pair

SEEN = "alerts_seen"


@dataclass(frozen=True)
class Seen:
    """What the latest release tells; `record` is to be kept together with what comes of it.

    `published` is how many indicators it has values of, by source.
    """

    causes: tuple[Cause, ...] = ()
    record: str | None = None
    published: Mapping[str, int] = field(default_factory=dict)


def look_at(home: Home, directory: Directory, open_causes: Mapping[str, Cause]) -> Seen:
    """Every cause that the latest release tells; none where no release stands."""
    releases = ReleaseStore(home)
    latest = releases.latest()
    if latest is None or latest.is_withdrawn:
        return Seen()
    with state.connect(home.state) as ledger:
        seen = json.loads(state.get_meta(ledger, SEEN) or "{}")
    token = _token(latest)
    if seen.get("token") == token:
        known = tuple(from_json(text) for text in seen["causes"])
        # Earlier versions kept none: until the next release nothing is said of it then.
        return Seen(known, published=seen.get("published", {}))
    from dagster_project.alerts import from_release

    kept = frozenset(tuple(each) for each in seen.get("final", ()))
    pair = replace(_pair(releases, latest, seen.get("release")), final=kept)
    found = tuple(from_release.collect(pair, directory, open_causes))
    published = from_release.published(pair, directory)
    record = {
        "token": token,
        "release": latest.id,
        "causes": [cause.as_json() for cause in found],
        # A withdrawal marks the release in its place, and what was final can't be seen any more.
        "final": from_release.final_payments(pair, directory),
        "published": published,
    }
    return Seen(found, state.to_json(record), published)


def _token(latest: Manifest) -> str:
    """What tells one state of the latest release from another: a redaction keeps its id."""
    stones = state.to_json([asdict(stone) for stone in latest.withdrawn])
    return f"{latest.id} {code_version()[:12]} {stones}"


def _pair(releases: ReleaseStore, latest: Manifest, seen: str | None) -> Pair:
    """The latest release beside the one that alerts saw last, if that was another and stands."""
    from dagster_project.alerts.release_tables import Pair

    if seen is None or seen == latest.id:
        return Pair(releases, latest, None)
    standing = {each.id: each for each in releases.manifests() if not each.is_withdrawn}
    between = []
    earlier = latest.previous
    while earlier is not None and earlier != seen and earlier in standing:
        between.append(standing[earlier])
        earlier = standing[earlier].previous
    before = standing.get(seen) or standing.get(latest.previous or "")
    if before is not None and before.created_at > latest.created_at:
        # Rolled back: what it shows less is meant, and nothing of it is new.
        return Pair(releases, latest, None)
    return Pair(releases, latest, before, tuple(between) if earlier == seen else ())

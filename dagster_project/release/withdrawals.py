"""What was taken back, as it is recorded: in `state.sqlite`, and in the releases themselves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dagster_project.errors import UsageError
from dagster_project.home import Home
from dagster_project.landing import taken_back
from dagster_project.landing.taken_back import TakenBack
from dagster_project.release.manifest import Manifest, Tombstone
from dagster_project.state import connect, get_meta, now, to_json

FINISHED = "withdrawals_finished"
# A key by which tables name a release that a figure of theirs came from.
RELEASE_KEY = "release_id"


@dataclass(frozen=True)
class Withdrawal:
    """One thing taken back, as it is recorded."""

    number: int
    stone: Tombstone

    @property
    def key(self) -> dict[str, str]:
        """What the rules of the tables are asked about."""
        if self.stone.kind == "release":
            return {RELEASE_KEY: self.stone.target}
        return dict(json.loads(self.stone.target))


def withdrawn_keys(state_path: Path) -> list[dict[str, str]]:
    """The keys taken back, in the order of taking: later releases must not show them either."""
    return [each.key for each in _recorded(state_path, 0) if each.stone.kind == "key"]


def record(state_path: Path, kind: str, targets: Sequence[str], reason: str) -> None:
    """After this the intent is on the disk. What was taken back before keeps its first reason."""
    if not reason.strip():
        raise UsageError("a withdrawal needs a reason", fix="say in --reason why it is taken back")
    with connect(state_path) as state:
        state.executemany(
            "insert into withdrawals (kind, target, reason, withdrawn_at) values (?, ?, ?, ?) "
            "on conflict (kind, target) do nothing",
            [(kind, target, reason, now()) for target in targets],
        )


def _recorded(state_path: Path, after: int) -> list[Withdrawal]:
    with connect(state_path) as state:
        rows = state.execute(
            "select withdrawal_id, kind, target, reason, withdrawn_at from withdrawals "
            "where withdrawal_id > ? order by withdrawal_id",
            (after,),
        ).fetchall()
    return [Withdrawal(int(row[0]), Tombstone(*map(str, row[1:]))) for row in rows]


def pending_of(state_path: Path) -> list[Withdrawal]:
    """What is recorded and not yet carried out, in the order of taking."""
    with connect(state_path) as state:
        finished = int(get_meta(state, FINISHED) or 0)
    return _recorded(state_path, finished)


def in_force(home: Home) -> tuple[Tombstone, ...]:
    """All that was ever taken back from this home, landings last."""
    landings = (
        Tombstone("landing", _target(each), each.reason, each.at)
        for each in taken_back.recorded(home)
    )
    return (*(each.stone for each in _recorded(home.state, 0)), *landings)


def _target(each: TakenBack) -> str:
    return to_json({"sha256": each.sha256, "period": each.period})


def learn(home: Home, manifests: Iterable[Manifest]) -> None:
    """After this everything that the releases say was taken back is recorded."""
    stones = {
        (stone.kind, stone.target): stone
        for manifest in manifests
        for stone in (*manifest.withdrawn, *manifest.in_force)
    }
    told = sorted(stones.values(), key=_when)
    with connect(home.state) as state:
        state.executemany(
            "insert into withdrawals (kind, target, reason, withdrawn_at) values (?, ?, ?, ?) "
            "on conflict (kind, target) do nothing",
            [(s.kind, s.target, s.reason, s.at) for s in told if s.kind in ("key", "release")],
        )
    landings = [
        TakenBack(**json.loads(s.target), reason=s.reason, at=s.at)
        for s in told
        if s.kind == "landing"
    ]
    taken_back.record(home, landings)


def _when(stone: Tombstone) -> tuple[str, str, str]:
    return (stone.at, stone.kind, stone.target)

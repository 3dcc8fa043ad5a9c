"""The policy of what a home keeps, read from `retention.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from dagster_project.errors import UsageError
from dagster_project.home import Home

Item = TypeVar("Item")

FILE = "retention.toml"
DEFAULT = Path(__file__).with_name(FILE)


@dataclass(frozen=True)
class Rule:
    """What of one kind stays: the young, so many of the newest, and the last of each year."""

    days: int
    newest: int = 0
    yearly: bool = False

    def past_newest(self, oldest_first: Sequence[Item]) -> Sequence[Item]:
        """All but so many of the newest; none where there are no more than these."""
        return oldest_first[: max(0, len(oldest_first) - self.newest)]


@dataclass(frozen=True)
class Policy:
    """A rule for each kind of thing that a home writes and may let go of."""

    releases: Rule
    landing: Rule
    quarantine: Rule
    runs: Rule
    dagster: Rule
    logs: Rule
    returns: Rule
    notices: Rule


def policy_files(home: Home) -> list[Path]:
    """Where the policy of a home is read: in its own file, where it has one, and the project's."""
    own = home.root / FILE
    return [own, DEFAULT] if own.exists() else [DEFAULT]


def policy_of(home: Home) -> Policy:
    """The policy of a home: its own file before the project's, line by line."""
    *own, default = policy_files(home)
    told = _read(default)
    for path in own:
        for kind, rule in _read(path).items():
            told[kind] |= rule
    return Policy(**{kind: Rule(**rule) for kind, rule in told.items()})


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise UsageError("this isn't TOML", file=str(path), got=str(problem)) from problem
    kinds = [field.name for field in fields(Policy)]
    for kind, rule in told.items():
        if kind not in kinds or not isinstance(rule, dict):
            raise _refused(path, kind, kind, "one of [" + "], [".join(kinds) + "]")
        for name, value in rule.items():
            _check(path, kind, name, value)
    return told


def _check(path: Path, kind: str, name: str, value: Any) -> None:
    # The next release is built on the newest: its number, and what stays hidden.
    least = 1 if (kind, name) == ("releases", "newest") else 0
    if name == "yearly" and kind == "releases":
        is_sound, wanted = isinstance(value, bool), "true or false"
    elif name in ("days", "newest"):
        is_sound = type(value) is int and value >= least
        wanted = f"a whole number from {least} up"
    else:
        is_sound, wanted = False, "days, newest, or of releases yearly"
    if not is_sound:
        raise _refused(path, f"[{kind}] {name}", repr(value), wanted)


def _refused(path: Path, place: str, got: str, expected: str) -> UsageError:
    return UsageError(
        "this can't be a policy of what is kept",
        file=str(path),
        place=place,
        got=got,
        expected=expected,
        fix="correct that line, or take it out: the project's own policy then stands",
    )

"""The suites: what must be true of the data, and every bound, as read from `expectations/`.

One YAML file a question. Our own words are in `OUR_WORDS`; what is left in a check goes to Great
Expectations under its own names. A suite that can't be used is refused whole, with every problem.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

SEVERITIES = ("critical", "warning", "info")
OWNERS = ("indicator", "source", "data-engineering")
# From narrow to wide: what is held when a check fails.
REACHES = ("nothing", "key", "group", "series", "extract")

BETWEEN = "column_values_to_be_between"
_SET_ARGUMENTS = frozenset({"column", "value_set", "mostly"})
# Only expectations that name the failing keys, so that a verdict is never all-or-nothing. What
# compares two columns is a distance: the evidence model computes it, and it is bounded here.
# Great Expectations' `row_condition` is left out because it doesn't say which keys it skipped.
EXPECTATIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        BETWEEN: frozenset(
            {"column", "min_value", "max_value", "strict_min", "strict_max", "mostly"}
        ),
        "column_values_to_be_in_set": _SET_ARGUMENTS,
        "column_values_to_not_be_in_set": _SET_ARGUMENTS,
    }
)

OUR_WORDS = frozenset(
    {
        "expect",
        "title",
        "why",
        "do",
        "owner",
        "tested",
        "rows",
        "applies",
        "names",
        "severity",
        "since",
        "because",
        "reach",
        "shadow",
        "waivable",
    }
)


def _plain(number: float) -> str:
    """The number written out: 0.000001, not 1e-06."""
    return format(Decimal(str(number)), "f")


@dataclass(frozen=True)
class Check:
    """One sentence that must be true, the bound that decides it, and what to do when it isn't."""

    check_id: str
    title: str
    why: str
    do: str
    owner: str
    expect: str
    arguments: Mapping[str, Any] = field(hash=False)
    tested: str
    severity: str
    since: date
    because: str
    reach: str
    rows: str | None = None
    # A column of the groups: whether the registry has the check find something to test there.
    applies: str | None = None
    # A column of the groups: what fails, by name, where that is no row.
    names: str | None = None
    shadow: bool = False
    waivable: bool = True

    @property
    def column(self) -> str:
        """The figure that is judged."""
        return str(self.arguments["column"])

    @property
    def blocks(self) -> bool:
        """A critical check keeps a value from being published, save while it is in shadow."""
        return self.severity == "critical" and not self.shadow

    @property
    def is_waivable(self) -> bool:
        """Whether a role may let a failure through: not where no sound row could stand for it."""
        return self.blocks and self.waivable

    @property
    def stored_severity(self) -> str:
        """The severity that results carry: a check in shadow only informs."""
        return "info" if self.shadow else self.severity

    @property
    def bound(self) -> str:
        """The bound in words."""
        if "value_set" in self.arguments:
            listed = ", ".join(str(value) for value in self.arguments["value_set"])
            return f"{'none' if '_not_' in self.expect else 'one'} of {listed}"
        return " and ".join(
            f"{strictly if self.arguments.get(f'strict_{end}') else loosely} "
            f"{_plain(self.arguments[f'{end}_value'])}"
            for end, strictly, loosely in (
                ("min", "above", "at least"),
                ("max", "below", "at most"),
            )
            if f"{end}_value" in self.arguments
        )


@dataclass(frozen=True)
class Suite:
    """One file of checks: one question, one frame, one key."""

    name: str
    question: str
    frame: str
    key: str
    checks: tuple[Check, ...]
    rows_frame: str | None = None
    rows_key: str | None = None
    file: str = ""
    digest: str = ""


# The one check that no file holds: the judge itself asks it of every group.
SOMETHING_JUDGED = Check(
    check_id="C62",
    title="At least one blocking check had something to test",
    why="A check with nothing to test hasn't passed. A group where that goes for every blocking "
    "check looks clean only because nothing in it was looked at.",
    do="See why the group has no values: the extract is late, the indicator isn't in it, or the "
    "evidence model lost its rows. If no values are expected, say so in the registry.",
    owner="data-engineering",
    expect=BETWEEN,
    arguments=MappingProxyType({"column": "blocking_checks_judged", "min_value": 1}),
    tested="blocking_checks",
    severity="critical",
    since=date(2026, 11, 22),
    because="Great Expectations passes an empty frame, an empty suite and all-null figures.",
    reach="group",
)
SOMETHING_JUDGED_QUESTION = "Was there anything to judge?"


def suite_files(directory: Path) -> list[Path]:
    """The suite files, in the order in which they are read and fingerprinted."""
    return sorted(directory.glob("*.yml"), key=lambda path: path.name)


def load_suites(directory: Path) -> tuple[Suite, ...]:
    """Every suite of the directory, checked; otherwise RegistryError with every problem."""
    # A refresh asks a dozen times: what stands unchanged is read once.
    files = sorted(directory.glob("*.y*ml"), key=lambda path: path.name)
    return _read(directory, digest_of((path.name, _sha256(path)) for path in files))


@lru_cache(maxsize=1)
def _read(directory: Path, _digest: str) -> tuple[Suite, ...]:
    from dagster_project.judging.suite_files import read_suites

    return read_suites(directory)


def digest_of(named: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over the files' names and their own SHA-256, in order."""
    together = hashlib.sha256()
    for name, digest in named:
        together.update(f"{name}\0{digest}\n".encode())
    return together.hexdigest()


def suite_digest(directory: Path) -> str:
    """The fingerprint of the suites as they are on disk now."""
    return digest_of((path.name, _sha256(path)) for path in suite_files(directory))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def loaded_digest(suites: Iterable[Suite]) -> str:
    """The fingerprint of the suites as they were when loaded."""
    return digest_of((suite.file, suite.digest) for suite in suites)

"""Where a run writes: one directory, `OUTCOMES_HOME`, and nothing outside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from dagster_project.errors import UsageError

PROJECT_ROOT = Path(__file__).resolve().parent.parent

# To whom finds nothing: the home may be elsewhere, and the sample would make this one its own.
HOW_TO_BEGIN = (
    "name the home, if it is elsewhere: OUTCOMES_HOME=DIR; or begin one, for life with either kind"
    " of data: `outcomes refresh --inbox DIR` with real extracts, `outcomes refresh --sample` with"
    " made-up ones"
)


@dataclass(frozen=True)
class Home:
    """The paths of one home. A home holds sample data or real data for life, never both."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """The home that `OUTCOMES_HOME` names, else `var/` in the checkout."""
        named = os.environ.get("OUTCOMES_HOME", "").strip()
        root = Path(named).expanduser() if named else PROJECT_ROOT / "var"
        if root.exists() and not root.is_dir():
            raise UsageError(
                "OUTCOMES_HOME is a file",
                got=str(root),
                expected="a directory, or a path where one can be made",
                fix="set OUTCOMES_HOME to a directory",
            )
        return cls(root.resolve())

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    @property
    def state(self) -> Path:
        return self.root / "state.sqlite"

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"

    def room(self) -> Path | None:
        """Where files may stand for a while: the cache; None (the system's) if it is only read."""
        there = next((each for each in (self.cache, self.root) if each.exists()), None)
        if there is not None and not os.access(there, os.W_OK):
            return None
        self.cache.mkdir(parents=True, exist_ok=True)
        return self.cache

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def returns(self) -> Path:
        """Forms with mistakes, marked, until somebody has sent them back."""
        return self.outbox / "returns"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def logs(self) -> Path:
        """What runs did and when, a file a day; no cell of an extract stands in it."""
        return self.root / "logs"

    @property
    def cache(self) -> Path:
        """What can be deleted at any time: dbt's target folder, DuckDB's spill files."""
        return self.root / "cache"

    @property
    def live(self) -> Path:
        """The live inbox: the files that publishers served last, each at its address's place."""
        return self.cache / "live"

    @property
    def partial_downloads(self) -> Path:
        """What has come of downloads that broke off."""
        return self.cache / "downloads"

    @property
    def lock(self) -> Path:
        return self.root / "refresh.lock"

    @property
    def holder(self) -> Path:
        """Who has the lock, as long as it is held."""
        return self.root / "refresh.holder.json"

    def make(self) -> None:
        """After this every directory of the home exists."""
        for path in (
            self.inbox,
            self.landing,
            self.quarantine,
            self.dagster,
            self.outbox,
            self.releases,
            self.logs,
            self.cache,
        ):
            path.mkdir(parents=True, exist_ok=True)

"""A home that asks a server on this machine, and a clock that goes on without anybody waiting."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from dagster_project.errors import OutcomesError
from dagster_project.fetching import ledger, live
from dagster_project.fetching.addresses import Address, origin
from dagster_project.fetching.manners import Manners, Patience
from dagster_project.fetching.wire import Wire
from dagster_project.home import Home
from tests.support.http_publisher import Publisher

QUICK = Patience(connect=1.0, read=0.2, total=60.0, attempts=3, first_wait=1.0, longest_wait=30.0)
FILE = b"area,value\nE92000001,1.0\nE08000007,1.2\nE09000030,1.4\n" * 20


@dataclass
class Clock:
    """Time as it passes, and as it would have if anybody had slept."""

    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return time.monotonic() + sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@dataclass
class Desk:
    """A home, the addresses it asks, and what came of asking."""

    root: Path
    publisher: Publisher
    patience: Patience = QUICK
    clock: Clock = field(default_factory=Clock)
    addresses: list[Address] = field(default_factory=list)
    told: dict[str, live.Told] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home = Home(self.root / "home")
        self.home.make()

    def address(self, name: str = "a.csv", source: str = "qof", **changed: Any) -> Address:
        """One more address of the server, asked from now on."""
        facts: dict[str, Any] = {
            "live_id": name.partition(".")[0],
            "source_id": source,
            "place": f"{source}/{name}",
            "url": f"{self.publisher.url}/{name}",
            "origins": frozenset({origin(self.publisher.url)}),
            "content_types": frozenset({"text/csv"}),
            "max_bytes": 10**6,
            "pause": 0.0,
            "is_local": True,
        }
        address = Address(**{**facts, **changed})
        self.addresses.append(address)
        return address

    def ask(
        self, *named: str, as_of: str = "2026-11-24", by_hand: bool = False
    ) -> dict[str, live.Told]:
        """What came of each source, when what is due was asked, or what was `named`."""
        manners = Manners(self.patience, self.clock.sleep, self.clock.now, lambda: 0.5)
        told = live.fetch(
            self.home,
            date.fromisoformat(as_of),
            named,
            addresses=self.addresses,
            wire=Wire(manners),
            by_hand=by_hand,
        )
        self.told = {each.source_id: each for each in told}
        return self.told

    def problem(self, source: str = "qof") -> OutcomesError:
        """The one thing that went wrong."""
        problems = self.told[source].problems
        assert len(problems) == 1, [problem.message for problem in problems]
        return problems[0]

    def content(self, name: str = "a.csv", source: str = "qof") -> bytes | None:
        """What stands in the live inbox, or None."""
        path = self.home.live / source / name
        return path.read_bytes() if path.exists() else None

    def vintage(self, name: str = "a.csv", source: str = "qof") -> str:
        """What the sidecar beside it says."""
        return (self.home.live / source / f"{name}.period").read_text("utf-8")

    def row(self, name: str = "a.csv", source: str = "qof") -> dict[str, Any]:
        """What is remembered of an address."""
        return dict(ledger.load(self.home)[f"{source}/{name}"])

    def half_downloads(self) -> list[str]:
        """What is kept of downloads that broke off."""
        folder = self.home.partial_downloads
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

"""Whom a cause concerns: owners of source and indicator, roles, engineers, subscribers.

Each is given the cause as far as it is theirs: an owner of two of its nine indicators hears of two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from dagster_project.alerts.causes import Cause, Spoiled
from dagster_project.alerts.kinds import ENGINEERING, INDICATORS, ROLE, SOURCE, WHEN_TOLD
from dagster_project.alerts.machine import RESOLVED, Alert, Stake
from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.forms import Row
from dagster_project.registry.registry import Registry, load_registry

SEEDS = PROJECT_ROOT / "seeds"
ENGINEERS = "data-engineering"
ENGLAND = "E92000001"


@dataclass(frozen=True)
class Recipient:
    """Somebody who may be told: a role, never a person."""

    name: str
    reads_as: str
    rhythm: str

    def stake(self, cause: Cause) -> Stake:
        return Stake(self.name, self.reads_as, self.rhythm, cause)


@dataclass(frozen=True)
class Subscription:
    """What a subscriber asks for; what is empty asks for all."""

    recipient: Recipient
    kinds: frozenset[str]
    least_severity: str
    frameworks: frozenset[str]
    area_codes: frozenset[str]


@dataclass(frozen=True)
class Directory:
    """Who there is to tell, and who owns what: the registry, as routing needs it."""

    registry: Registry = field(repr=False)

    @cached_property
    def recipients(self) -> Mapping[str, Recipient]:
        """Owners and subscribers by name."""
        owners = {row["owner_id"]: _recipient(row, "owner_id") for row in self.registry.owners}
        return owners | {each.recipient.name: each.recipient for each in self.subscriptions}

    @cached_property
    def subscriptions(self) -> tuple[Subscription, ...]:
        return tuple(
            Subscription(
                _recipient(row, "subscriber_id"),
                _several(row["kinds"]),
                row["least_severity"],
                _several(row["frameworks"]),
                _several(row["area_codes"]),
            )
            for row in self.registry.subscribers
        )

    @cached_property
    def followed_areas(self) -> tuple[str, ...]:
        """The areas that a message may have to name: those subscribed to, and England."""
        subscribed = (each.area_codes for each in self.subscriptions)
        return tuple(sorted(frozenset({ENGLAND}).union(*subscribed)))

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What each indicator is called."""
        return {row["indicator_id"]: row["title"] for row in self.registry.indicators}

    @cached_property
    def source_titles(self) -> Mapping[str, str]:
        """What each source is called."""
        return {row["source_id"]: row["title"] for row in self.registry.sources}

    @cached_property
    def _owner_of_indicator(self) -> Mapping[str, str]:
        return {row["indicator_id"]: row["owner"] for row in self.registry.indicators}

    @cached_property
    def _owner_of_source(self) -> Mapping[str, str]:
        return {row["source_id"]: row["owner"] for row in self.registry.sources}

    @cached_property
    def _frameworks_of(self) -> Mapping[str, frozenset[str]]:
        """The frameworks of each indicator, and its domains as framework/edition/domain_code."""
        found: dict[str, set[str]] = {}
        for row in self.registry.framework_indicators:
            domain = "/".join((row["framework"], row["edition"], row["domain_code"]))
            found.setdefault(row["indicator_id"], set()).update((row["framework"], domain))
        return {name: frozenset(its) for name, its in found.items()}

    def stakes(self, cause: Cause) -> list[Stake]:
        """Those whom the cause concerns, by name, each with what is theirs of it."""
        shares = [*self._owners(cause), *self._subscribers(cause)]
        if not shares and cause.sort.ends != WHEN_TOLD:
            shares = [(self.recipients[ENGINEERS], cause)]
        merged: dict[str, Stake] = {}
        for recipient, share in shares:
            known = merged.get(recipient.name)
            both = _together(known.cause, share, of=cause) if known else share
            merged[recipient.name] = recipient.stake(both)
        return [merged[name] for name in sorted(merged)]

    def _owners(self, cause: Cause) -> Iterable[tuple[Recipient, Cause]]:
        asked = cause.facts.get("concerns", cause.sort.concerns)
        if SOURCE in asked and cause.source_id in self._owner_of_source:
            yield self.recipients[self._owner_of_source[cause.source_id]], cause
        if ENGINEERING in asked:
            yield self.recipients[ENGINEERS], cause
        if ROLE in asked and cause.role in self.recipients:
            yield self.recipients[cause.role], cause
        if INDICATORS in asked:
            for owner in sorted(
                {self._owner_of_indicator.get(s.indicator_id, "") for s in cause.spoils}
            ):
                theirs = tuple(
                    s for s in cause.spoils if self._owner_of_indicator.get(s.indicator_id) == owner
                )
                if owner:
                    yield self.recipients[owner], cause.only(theirs)

    def _subscribers(self, cause: Cause) -> Iterable[tuple[Recipient, Cause]]:
        for asked in self.subscriptions:
            if asked.kinds and cause.kind not in asked.kinds:
                continue
            if not cause.sort.is_at_least(asked.least_severity):
                continue
            if not asked.frameworks and not asked.area_codes and cause.sort.ends != WHEN_TOLD:
                yield asked.recipient, cause
                continue
            theirs = tuple(s for s in cause.spoils if self._is_followed(s, asked, cause))
            if theirs:
                yield asked.recipient, cause.only(theirs)

    def _is_followed(self, spoiled: Spoiled, asked: Subscription, cause: Cause) -> bool:
        in_framework = not asked.frameworks or bool(
            asked.frameworks & self._frameworks_of.get(spoiled.indicator_id, frozenset())
        )
        # News without an area named is asked of England: elsewhere chance alone makes news.
        areas = asked.area_codes or (
            frozenset({ENGLAND}) if cause.sort.ends == WHEN_TOLD else frozenset()
        )
        return in_framework and (not areas or bool(areas & set(spoiled.area_codes)))

    def stakes_of(self, alert: Alert) -> list[Stake]:
        """Those whom an alert concerns now; of one that is over, those who were told of it."""
        stakes = {stake.recipient: stake for stake in self.stakes(alert.cause)}
        if alert.state != RESOLVED:
            return list(stakes.values())
        return [
            stakes.get(name) or self.recipients[name].stake(alert.cause)
            for name in sorted(alert.told)
            if name in self.recipients
        ]


def directory() -> Directory:
    """Who there is to tell, by the seeds as they stand; read again only when they have changed."""
    stamps = tuple((path.name, path.stat().st_mtime_ns) for path in sorted(SEEDS.glob("*.csv")))
    return _directory(stamps)


@lru_cache(maxsize=1)
def _directory(stamps: tuple[tuple[str, int], ...]) -> Directory:
    return Directory(load_registry(SEEDS))


def _together(one: Cause, other: Cause, *, of: Cause) -> Cause:
    return of.only(tuple(each for each in of.spoils if each in (*one.spoils, *other.spoils)))


def _several(cell: str) -> frozenset[str]:
    return frozenset(filter(None, cell.split("|")))


def _recipient(row: Row, name: str) -> Recipient:
    return Recipient(row[name], row["reads_as"], row["told_again"])

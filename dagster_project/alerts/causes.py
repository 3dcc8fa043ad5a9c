"""A cause: one thing that is wrong, or worth knowing, with all that it spoils."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dagster_project import state
from dagster_project.alerts.kinds import KINDS, Kind

SHORT = 8


@dataclass(frozen=True)
class Spoiled:
    """What a cause does to one indicator. `area_codes` are those to name, not all of the areas.

    `parts` are what is told: of a cause that was told before, only what has none of them in what
    was told is told anew.
    """

    indicator_id: str
    parts: tuple[str, ...]
    values: int = 0
    areas: int = 0
    periods: str = ""
    area_codes: tuple[str, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cause:
    """One cause; kind and subject name it for as long as it lasts.

    `role` is an owner that it concerns beside those of its source and indicators. `parts` are as
    for what is spoiled, and concern everybody who is told.
    """

    kind: str
    subject: str
    source_id: str = ""
    role: str = ""
    parts: tuple[str, ...] = ()
    spoils: tuple[Spoiled, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.subject}"

    @property
    def sort(self) -> Kind:
        """What is said of its kind."""
        return KINDS[self.kind]

    @property
    def all_parts(self) -> frozenset[str]:
        return frozenset(self.parts).union(*(each.parts for each in self.spoils))

    def only(self, spoils: tuple[Spoiled, ...]) -> Cause:
        """The same cause as far as it spoils these."""
        return replace(self, spoils=spoils)

    def as_json(self) -> str:
        # `asdict` copies all that it meets, and each look writes every open alert.
        return state.to_json({**vars(self), "spoils": [vars(each) for each in self.spoils]})


def from_json(text: str) -> Cause:
    """The cause that was written so."""
    record = json.loads(text)
    spoils = tuple(
        Spoiled(**each | {"parts": tuple(each["parts"]), "area_codes": tuple(each["area_codes"])})
        for each in record["spoils"]
    )
    return Cause(**record | {"parts": tuple(record["parts"]), "spoils": spoils})


def short(key: str) -> str:
    """The few characters by which a person names an alert."""
    return hashlib.sha256(key.encode()).hexdigest()[:SHORT]

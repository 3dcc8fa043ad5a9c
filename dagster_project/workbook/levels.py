"""Which levels of areas a sheet has room for: from England down, as many as fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# From the widest to the narrowest, with what one is called and what several are.
LEVELS = {
    "england": ("England", "England"),
    "region": ("Region", "regions"),
    "nhs_region": ("NHS region", "NHS regions"),
    "icb": ("Integrated care board", "integrated care boards"),
    "utla": ("Upper-tier authority", "upper-tier authorities"),
    "district": ("District", "districts"),
    "sub_icb": ("Sub-ICB location", "sub-ICB locations"),
    "provider": ("Provider", "providers of hospital care"),
    "pcn": ("Primary care network", "primary care networks"),
    "practice": ("Practice", "practices"),
}


@dataclass(frozen=True)
class Room:
    """The levels that a sheet shows, and those that it leaves out with what each would add."""

    shown: tuple[str, ...]
    left_out: Mapping[str, int]

    @property
    def said(self) -> str:
        """Which levels are left out, in words; empty where none is."""
        return ", ".join(f"{plural(level)} ({n:,})" for level, n in self.left_out.items())


def room(sizes: Mapping[str, int], largest: int) -> Room:
    """The levels whose sizes fit: the first that doesn't, and all narrower ones, are left out."""
    shown: list[str] = []
    used = 0
    ordered = [level for level in LEVELS if level in sizes]
    ordered += sorted(level for level in sizes if level not in LEVELS)
    for level in ordered:
        used += sizes[level]
        if used > largest and shown:
            break
        shown.append(level)
    return Room(tuple(shown), {level: sizes[level] for level in ordered if level not in shown})


def listed(levels: Sequence[str]) -> str:
    """The levels as SQL has them between brackets; of none, a level that nothing has."""
    return ", ".join(f"'{level}'" for level in levels) or "''"


def singular(level: str) -> str:
    """What one area of a level is called."""
    return LEVELS[level][0] if level in LEVELS else level.replace("_", " ")


def plural(level: str) -> str:
    """What areas of a level are called."""
    return LEVELS[level][1] if level in LEVELS else level.replace("_", " ")


def ranked(column: str) -> str:
    """The rank of a level, as SQL: England first."""
    whens = " ".join(f"when '{level}' then {rank}" for rank, level in enumerate(LEVELS))
    return f"case {column} {whens} else {len(LEVELS)} end"

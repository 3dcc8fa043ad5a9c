"""Which levels of area have pages, in which order and under which names."""

from __future__ import annotations

from typing import NamedTuple


class Level(NamedTuple):
    """A level of area: its code in the tables, its name, and what its areas are called."""

    area_type: str
    name: str
    one: str


# Practices, networks and hospitals have none: there are thousands, each with a few values. Their
# values are in the downloads.
LEVELS = (
    Level("england", "England", "the country"),
    Level("region", "Regions", "region"),
    Level("utla", "Counties and unitary authorities", "county or unitary authority"),
    Level("district", "Districts", "district"),
    Level("icb", "Integrated care boards", "integrated care board"),
    Level("nhs_region", "NHS regions", "NHS region"),
    Level("sub_icb", "Parts of integrated care boards", "part of an integrated care board"),
)
# Of these there are hundreds: an indicator has a second page for them, so that both open fast.
MANY = ("district", "sub_icb")
BY_TYPE = {level.area_type: level for level in LEVELS}
ORDER = {level.area_type: place for place, level in enumerate(LEVELS)}
WITHOUT_PAGES = "GP practices, primary care networks and hospital trusts have no pages of their own"

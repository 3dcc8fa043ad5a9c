"""Maps as data files: the release's outlines, or squares laid out by hand where none landed."""

from __future__ import annotations

import csv
import re
from itertools import accumulate
from pathlib import Path
from typing import Any

from dagster_project.home import PROJECT_ROOT
from dagster_project.site.explorer_cells import LEVELS
from dagster_project.site.reading import Tables
from dagster_project.site.scripts import write_script

TILES = PROJECT_ROOT / "seeds" / "area_tiles.csv"
# The tier of boundaries that a level is drawn with: districts are told with unitary authorities.
TIERS = {level: "ltla" if level == "district" else level for level in LEVELS if level != "england"}
# London is shown again, larger: its boroughs are too small to be seen.
INSET = ("E12000007", "London")
ATTRIBUTION = (
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0."
    " Contains OS data © Crown copyright and database right {year}."
)
NUMBER = re.compile(r"-?\d+")
# Around the outlines, in their units: what a thick border needs.
ROOM = 30
NO_BOUNDARIES = "Each square is an area, near its neighbours; no boundaries have landed."


def write_maps(tables: Tables, out: Path) -> tuple[list[Path], list[str]]:
    """A map a level where outlines or tiles are at hand; the files, and which levels have one."""
    written, levels = [], []
    for level, tier in TIERS.items():
        drawn = _outlines(tables, tier) or _tiles(tables, level)
        if drawn:
            path = out / "data" / "m" / f"{level}.js"
            written.append(write_script(path, tables.manifest.id, f"m/{level}", drawn))
            levels.append(level)
    return written, levels


def _outlines(tables: Tables, tier: str) -> dict[str, Any] | None:
    if tables.manifest.table("area_shapes") is None:
        return None
    rows = tables.rows(
        "select area_shapes.*, areas.region_code from area_shapes"
        " left join (select distinct area_code, region_code from areas) as areas using (area_code)"
        " where area_tier = ? order by area_code",
        [tier],
    )
    if not rows:
        return None
    # Only the boroughs need the inset: a level with a handful of areas is seen without.
    inset = [row for row in rows if row["region_code"] == INSET[0]]
    return {
        "shapes": [[row["area_code"], row["path"]] for row in rows],
        "box": _box([row["path"] for row in rows]),
        "inset": {
            "n": INSET[1],
            "codes": [row["area_code"] for row in inset],
            "box": _box([row["path"] for row in inset]),
        }
        if len(inset) >= 10
        else None,
        "note": ATTRIBUTION.format(year=max(row["boundary_year"] for row in rows)),
    }


def _box(paths: list[str]) -> list[int]:
    """Left, top, width and height of all outlines, with a little room around them."""
    corners = [point for path in paths for ring in path.split("M")[1:] for point in _points(ring)]
    if not corners:
        return [0, 0, 1, 1]
    left, top = (min(values) - ROOM for values in zip(*corners, strict=True))
    right, bottom = (max(values) + ROOM for values in zip(*corners, strict=True))
    return [left, top, right - left, bottom - top]


def _points(ring: str) -> list[tuple[int, int]]:
    """The corners of one ring, which is a start and steps from there."""
    numbers = [int(number) for number in NUMBER.findall(ring)]
    return list(zip(accumulate(numbers[0::2]), accumulate(numbers[1::2]), strict=True))


def _tiles(tables: Tables, level: str) -> dict[str, Any] | None:
    codes = {row["area_code"] for row in tables.rows("select area_code from places")}
    with TILES.open(encoding="utf-8", newline="") as stream:
        tiles = [
            [row["area_code"], int(row["column_number"]), int(row["row_number"]), row["short_name"]]
            for row in csv.DictReader(stream)
            if row["area_type"] == level and row["area_code"] in codes
        ]
    return {"tiles": tiles, "note": NO_BOUNDARIES} if tiles else None

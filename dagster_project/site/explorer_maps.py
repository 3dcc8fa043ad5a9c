"""Maps as data files: the outlines of the release, or where none have landed, tiles laid out by hand."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from dagster_project.home import PROJECT_ROOT
from dagster_project.site.explorer_cells import LEVELS
from dagster_project.site.reading import Tables
from dagster_project.site.scripts import write_script

TILES = PROJECT_ROOT / "seeds" / "area_tiles.csv"
# The tier of boundaries that a level is drawn with. A level of districts holds unitary authorities too.
TIERS = {level: "ltla" if level == "district" else level for level in LEVELS if level != "england"}
# London is shown again, larger: its boroughs are too small to be seen.
INSET = ("E12000007", "London")
ATTRIBUTION = (
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0."
    " Contains OS data © Crown copyright and database right {year}."
)
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
        "box": _box([(row["x"], row["y"]) for row in rows], 420),
        "inset": {
            "n": INSET[1],
            "codes": [row["area_code"] for row in inset],
            "box": _box([(row["x"], row["y"]) for row in inset], 55),
        }
        if len(inset) >= 10
        else None,
        "note": ATTRIBUTION.format(year=max(row["boundary_year"] for row in rows)),
    }


def _box(points: list[tuple[int, int]], margin: int) -> list[int]:
    """Left, top, width and height around points that lie within areas."""
    if not points:
        return [0, 0, 1, 1]
    left, top = (min(values) - margin for values in zip(*points, strict=True))
    right, bottom = (max(values) + margin for values in zip(*points, strict=True))
    return [left, top, right - left, bottom - top]


def _tiles(tables: Tables, level: str) -> dict[str, Any] | None:
    codes = {row["area_code"] for row in tables.rows("select area_code from places")}
    with TILES.open(encoding="utf-8", newline="") as stream:
        tiles = [
            [row["area_code"], int(row["column_number"]), int(row["row_number"]), row["short_name"]]
            for row in csv.DictReader(stream)
            if row["area_type"] == level and row["area_code"] in codes
        ]
    return {"tiles": tiles, "note": NO_BOUNDARIES} if tiles else None

"""Boundaries of areas, for maps: GeoJSON of the ONS Open Geography Portal, one level a file.

The level and the year stand in the names of the properties (`LAD24CD` is the code of a local
authority district of 2024). How far the lines are generalised stands in the file's name alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from dagster_project.sources.layout import Field, Layout

LEVELS = {
    "CAUTH": "combined_authority",
    "CTYUA": "utla",
    "ICB": "icb",
    "LAD": "ltla",
    "NHSER": "nhs_region",
    "RGN": "region",
    "SICBL": "sub_icb",
    "WD": "ward",
}
CODE = re.compile(r"([A-Z]+)(\d\d)CD")
# Longitude and latitude; another system would put England into the sea.
SYSTEMS = ("EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84")
SHAPES = ("Polygon", "MultiPolygon")


def _code_name(properties: Any) -> re.Match[str] | None:
    """The property that holds the area's code, its level and its year."""
    names = properties if isinstance(properties, dict) else {}
    return next((found for name in names if (found := CODE.fullmatch(name))), None)


def _is_boundaries(document: Any) -> bool:
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        return False
    features = document.get("features")
    first = features[0] if isinstance(features, list) and features else None
    found = _code_name(first.get("properties")) if isinstance(first, dict) else None
    return found is not None and found[1] in LEVELS


def _rows(document: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    system = (document.get("crs") or {}).get("properties", {}).get("name", SYSTEMS[0])
    if system not in SYSTEMS:
        raise ValueError(f"coordinates in {system} instead of longitude and latitude")
    for number, feature in enumerate(document["features"], start=1):
        properties, geometry = feature["properties"], feature["geometry"]
        found = _code_name(properties)
        if found is None or geometry["type"] not in SHAPES:
            raise ValueError("a feature without a code or an outline")
        prefix, year = found.groups()
        yield (
            number,
            (
                properties[found[0]],
                properties.get(f"{prefix}{year}NM"),
                LEVELS[prefix],
                2000 + int(year),
                properties.get("LONG"),
                properties.get("LAT"),
                json.dumps(geometry, separators=(",", ":")),
            ),
        )


AREA_BOUNDARIES = Layout(
    layout_id="ons_boundaries",
    source_id="areas_boundaries",
    title="ONS boundaries of areas (GeoJSON, one level a file)",
    container="json",
    table="area_boundaries",
    key=("area_code", "area_level", "boundary_year"),
    values=("geometry",),
    shape=_is_boundaries,
    rows=_rows,
    fields=(
        Field("area_code", ("code",), "code", filled=True, pattern=r"[EKNSW]\d{8}"),
        Field("area_name", ("name",), filled=True),
        Field("area_level", ("level",), "code", filled=True),
        Field("boundary_year", ("year",), "code", filled=True, pattern=r"20\d\d"),
        Field("longitude", ("LONG",), "figure", filled=True),
        Field("latitude", ("LAT",), "figure", filled=True),
        Field("geometry", ("geometry",), filled=True),
    ),
)

LAYOUTS = (AREA_BOUNDARIES,)

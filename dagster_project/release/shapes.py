"""Outlines of areas for maps: projected, simplified as a coverage, as paths of whole numbers.

The landed boundaries are in degrees and a thousand times finer than a screen shows. Neighbours are
simplified together, so that they keep one border and leave no gap. A release holds the outcome,
since the site is written from a release alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from dagster_project.release.tables import Column, PublishedTable

if TYPE_CHECKING:
    import duckdb
    import numpy as np

TIERS = ("region", "utla", "ltla", "nhs_region", "icb", "sub_icb")
# Metres: what is smaller than this is not seen on a map of England that is 500 pixels wide.
# Districts are so many that a finer one would make their map larger than 60 kB.
TOLERANCE = 800.0
TOLERANCES = {"ltla": 1000.0}
# Square metres below which an island is left out, unless an area would have nothing left.
ISLET = 4_000_000.0
# Paths are in hundreds of metres: a fifth of a pixel of such a map.
UNIT = 100.0
EARTH_RADIUS = 6_371_000.0
# The meridian in the middle of England, and the corner that the paths are counted from.
MERIDIAN = -2.0
WEST, NORTH = -330_000.0, 6_210_000.0

SHAPES = "release_area_shapes"
TABLE = PublishedTable(
    name="area_shapes",
    query=f"select * from {SHAPES}",
    key=("area_tier", "area_code"),
    columns=(
        Column(
            "area_tier",
            "string",
            "Level of the area: region, utla, ltla, nhs_region, icb or sub_icb.",
        ),
        Column("area_code", "string", "ONS or NHS code of the area, as it is called today."),
        Column("boundary_year", "integer", "Year of the boundaries that were landed."),
        Column(
            "x",
            "integer",
            "A point within the area, in hundreds of metres east of the map's corner.",
        ),
        Column("y", "integer", "The same, southwards."),
        Column(
            "path",
            "string",
            "The outline as an SVG path in hundreds of metres (transverse Mercator, 2° W).",
        ),
    ),
    description=(
        "One row per area and level with a landed boundary: its outline, simplified for small maps."
        " Empty where no boundaries have landed."
    ),
)


def make_shapes(con: duckdb.DuckDBPyConnection) -> None:
    """The table behind `area_shapes`: a row a landed outline, none where none landed."""
    con.execute(
        f"create or replace table {SHAPES} (area_tier varchar, area_code varchar,"
        " boundary_year integer, x integer, y integer, path varchar)"
    )
    rows = con.execute(
        "select area_tier, area_code, boundary_year, geometry from intermediate.int_boundaries"
        f" where area_tier in ({', '.join(repr(tier) for tier in TIERS)}) order by 1, 2, 3"
    ).fetchall()
    for _, tier in groupby(rows, key=itemgetter(0)):
        con.executemany(f"insert into {SHAPES} values (?, ?, ?, ?, ?, ?)", _outlines(list(tier)))


def _outlines(rows: list[tuple[str, str, int, str]]) -> list[tuple[Any, ...]]:
    """The rows of one level with outlines in place of geometries."""
    import shapely

    projected = shapely.transform(shapely.from_geojson([row[3] for row in rows]), project)
    tolerance = TOLERANCES.get(rows[0][0], TOLERANCE)
    simple = shapely.coverage_simplify(shapely.make_valid(projected), tolerance)
    outlines = []
    for (tier, code, year, _), shape in zip(rows, simple, strict=True):
        point = shapely.point_on_surface(shape)
        outlines.append((tier, code, year, *_units(point.x, point.y), path_of(shape)))
    return outlines


def project(degrees: np.ndarray) -> np.ndarray:
    """Longitude and latitude in metres, by a transverse Mercator of the sphere.

    On a map this small it can't be told from that of the ellipsoid.
    """
    import numpy as np

    east, north = np.radians(degrees[:, 0] - MERIDIAN), np.radians(degrees[:, 1])
    x = np.arctanh(np.cos(north) * np.sin(east))
    y = np.arctan2(np.tan(north), np.cos(east))
    return np.column_stack((x, y)) * EARTH_RADIUS


def path_of(shape: Any) -> str:
    """The SVG path of an outline, without islets and holes that can't be seen."""
    import shapely

    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    largest = max(parts, key=lambda part: part.area)
    seen = [part for part in parts if part.area >= ISLET or part is largest]
    rings = [
        ring
        for part in seen
        for ring in (part.exterior, *(hole for hole in part.interiors if _area(hole) >= ISLET))
    ]
    return "".join(_ring(ring.coords) for ring in rings)


def _area(ring: Any) -> float:
    import shapely

    return float(shapely.Polygon(ring).area)


def _units(x: float, y: float) -> tuple[int, int]:
    return round((x - WEST) / UNIT), round((NORTH - y) / UNIT)


def _ring(points: Iterable[tuple[float, float]]) -> str:
    """A closed ring as steps from point to point; steps of no length are left out."""
    (x, y), *rest = (_units(*point) for point in points)
    steps = []
    start = f"M{x} {y}l"
    for here_x, here_y in rest[:-1]:
        if (here_x, here_y) != (x, y):
            steps.append(f"{here_x - x} {here_y - y}")
            x, y = here_x, here_y
    return start + " ".join(steps).replace(" -", "-") + "z"

"""Outlines for maps: neighbours keep one border, what can't be seen goes, nothing is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import duckdb
import numpy as np
import pytest

from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.registry import load_registry
from dagster_project.release.shapes import SHAPES, make_shapes, project

Ring = list[tuple[float, float]]
# A border with a bend that is too small to be seen, which neighbours have to lose alike.
BORDER: Ring = [(-2.0, 53.0), (-2.0, 53.199), (-2.001, 53.2), (-2.0, 53.201), (-2.0, 53.4)]
WEST: Ring = [(-2.5, 53.0), *BORDER, (-2.5, 53.4)]
EAST: Ring = [*BORDER, (-1.5, 53.4), (-1.5, 53.0)]
ISLET: Ring = [(-3.0, 53.0), (-3.01, 53.0), (-3.01, 53.01), (-3.0, 53.01)]


def closed(ring: Ring) -> list[list[float]]:
    return [list(point) for point in (*ring, ring[0])]


def geometry(*rings: Ring) -> str:
    return json.dumps({"type": "MultiPolygon", "coordinates": [[closed(ring)] for ring in rings]})


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_boundaries"
            " (area_tier varchar, area_code varchar, boundary_year integer, geometry varchar)"
        )
        yield connection


def made(
    con: duckdb.DuckDBPyConnection, *rows: tuple[Any, ...]
) -> dict[str, list[list[tuple[int, int]]]]:
    """The rings of each area, corner by corner."""
    for row in rows:
        con.execute("insert into intermediate.int_boundaries values (?, ?, ?, ?)", row)
    make_shapes(con)
    found = con.execute(f"select area_code, path from {SHAPES} order by 1").fetchall()
    return {code: [corners(ring) for ring in path.split("M")[1:]] for code, path in found}


def corners(ring: str) -> list[tuple[int, int]]:
    numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
    return list(zip(accumulate(numbers[0::2]), accumulate(numbers[1::2]), strict=True))


def test_without_boundaries_the_table_is_there_and_empty(con: duckdb.DuckDBPyConnection) -> None:
    assert made(con) == {}


def test_neighbours_keep_one_border(con: duckdb.DuckDBPyConnection) -> None:
    rings = made(con, ("utla", "E1", 2023, geometry(WEST)), ("utla", "E2", 2023, geometry(EAST)))
    west, east = set(rings["E1"][0]), set(rings["E2"][0])
    assert len(west) == len(east) == 4, "the bend in the border is gone from both"
    assert len(west & east) == 2, "both ends of the border are the same"


def test_islets_go_unless_they_are_all_there_is(con: duckdb.DuckDBPyConnection) -> None:
    rings = made(
        con,
        ("utla", "E1", 2023, geometry(WEST, ISLET)),
        ("region", "E3", 2023, geometry(ISLET)),
    )
    assert len(rings["E1"]) == 1
    assert len(rings["E3"]) == 1 and len(rings["E3"][0]) >= 3


def test_levels_without_a_map_are_left_out(con: duckdb.DuckDBPyConnection) -> None:
    assert made(con, ("ward", "E4", 2023, geometry(WEST))) == {}


def test_a_degree_is_as_long_as_on_the_ground() -> None:
    """A degree of latitude has 111.2 km; one of longitude at 53° north has 66.9 km."""
    x, y = project(np.array([[-2.0, 53.0], [-2.0, 54.0], [-1.0, 53.0]])).T
    assert abs((y[1] - y[0]) - 111_195) < 10
    assert abs((x[2] - x[0]) - 66_918) < 20
    assert x[0] == 0.0


def test_each_square_of_the_map_is_one_area() -> None:
    registry = load_registry(PROJECT_ROOT / "seeds")
    places = [
        (row["area_type"], row["column_number"], row["row_number"]) for row in registry.area_tiles
    ]
    names = [(row["area_type"], row["short_name"]) for row in registry.area_tiles]
    assert len(set(places)) == len(places) and len(set(names)) == len(names)


@pytest.mark.parametrize("level", ["utla", "icb", "region", "nhs_region"])
def test_every_area_of_today_has_a_square(level: str) -> None:
    """As of the boundaries that were laid out: councils, care boards and regions of 2023."""
    registry = load_registry(PROJECT_ROOT / "seeds")
    laid_out = {row["area_code"] for row in registry.area_tiles if row["area_type"] == level}
    known = {row["area_code"]: row for row in registry.areas}
    assert laid_out <= set(known)
    expected = {"utla": 153, "icb": 42, "region": 9, "nhs_region": 7}[level]
    assert len(laid_out) == expected

"""Charts are pure SVG: what is unknown is drawn nowhere, what comes from extracts is inert."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from dagster_project.site.charts import (
    KINDS,
    ChartRefused,
    chart_script,
    draw,
    draw_all,
)
from dagster_project.site.drawing import chart as page_chart
from dagster_project.site.small import ASSETS

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '"><script>alert(1)</script>\u202e=1+1\x00\ud83d'
ROW = {"n": "Here", "v": 12.5, "l": 11.0, "u": 14.0, "t": "12.5", "j": "worse", "m": True}
HIDDEN = {"n": "There", "v": None, "l": None, "u": None, "j": "not_compared", "note": "suppressed"}
ENGLAND = {"n": "England", "v": 13.0, "t": "13.0"}
SPECS: dict[str, dict[str, Any]] = {
    "bars": {"label": "Bars", "unit": "%", "rows": [ROW, HIDDEN], "ref": ENGLAND},
    "spine": {"label": "Place", "v": 3, "e": 4, "lo": 1, "q1": 2, "q3": 5, "hi": 9, "j": "better"},
    "trend": {
        "label": "Trend",
        "points": [
            {"p": "2021/22", "v": 3.0, "l": 2.0, "u": 4.0, "j": "better"},
            {"p": "2022/23", "v": None, "j": "not_compared"},
            {"p": "2023/24", "v": 5.0, "j": "worse", "b": True},
            {"p": "2024/25", "v": 4.0, "j": "worse", "s": "held"},
            {"p": "2025/26", "v": 4.5, "j": "worse", "w": "provisional"},
        ],
        "ref": {"n": "England", "v": [3.5, None, 3.6, 3.7, None]},
    },
    "spark": {"label": "Five years", "v": [1, 2, None, 4, 3], "b": [4], "j": "similar"},
    "funnel": {
        "label": "Funnel",
        "kind": "proportion",
        "multiplier": 100,
        "points": [{"n": "Here", "x": 1000, "v": 12.5, "j": "worse", "m": True}],
        "ref": ENGLAND,
    },
    "map": {
        "label": "Map",
        "tiles": [{"c": "E1", "n": "Here", "x": 0, "y": 0, "k": "He", "j": "worse", "t": "12.5"}],
    },
    "gap": {"label": "Gap", "unit": "%", "rows": [ROW, HIDDEN], "ref": ENGLAND},
}


def parsed(kind: str, spec: dict[str, Any]) -> ElementTree.Element:
    return ElementTree.fromstring(draw(kind, spec))  # noqa: S314 (made a line above, by us)


def said(chart: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in chart.iter(f"{SVG}text")]


def hostile(part: Any) -> Any:
    """The spec with every text made hostile."""
    if isinstance(part, dict):
        return {name: hostile(value) for name, value in part.items()}
    if isinstance(part, list):
        return [hostile(value) for value in part]
    return HOSTILE if isinstance(part, str) else part


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_an_image_with_a_name(kind: str) -> None:
    chart = parsed(kind, SPECS[kind])
    assert chart.tag == f"{SVG}svg"
    assert chart.get("role") == "img"
    assert chart.get("aria-label") == SPECS[kind]["label"]


@pytest.mark.parametrize("kind", KINDS)
def test_no_style_and_no_script(kind: str) -> None:
    drawn = draw(kind, hostile(SPECS[kind]))
    names = {element.tag for element in ElementTree.fromstring(drawn).iter()}  # noqa: S314
    assert names <= {SVG + name for name in ("svg", "g", "path", "rect", "circle", "text", "title")}
    assert not re.search(r"\s(style|on\w+|href)=", drawn)
    assert "\u202e" not in drawn and "\x00" not in drawn


@pytest.mark.parametrize("kind", ["bars", "gap"])
def test_a_row_without_a_value_says_why_and_shows_none(kind: str) -> None:
    chart = parsed(kind, {**SPECS[kind], "rows": [ROW, HIDDEN]})
    assert "suppressed" in said(chart)
    alone = parsed(kind, {**SPECS[kind], "rows": [HIDDEN], "ref": None})
    assert said(alone) == ["No value can be shown."]


@pytest.mark.parametrize("kind", ["bars", "gap", "trend", "funnel"])
def test_without_england_no_line_is_drawn(kind: str) -> None:
    drawn = draw(kind, {**SPECS[kind], "ref": None})
    assert 'class="ref"' not in drawn
    assert 'class="ref"' in draw(kind, SPECS[kind])


@pytest.mark.parametrize("kind", ["bars", "gap"])
def test_a_long_unit_is_told_whole_and_nothing_stands_beside_it(kind: str) -> None:
    unit = "per billion vehicle miles"
    chart = parsed(kind, {**SPECS[kind], "unit": unit, "width": 340})
    (told,) = [text for text in chart.iter(f"{SVG}text") if text.text == unit]
    # A letter of this size takes half of its height.
    assert float(told.get("x") or 0) + len(unit) * 6 < 340
    lines = [float(text.get("y") or 0) for text in chart.iter(f"{SVG}text") if text is not told]
    assert min(lines) - float(told.get("y") or 0) >= 14


def test_bars_start_at_zero_unless_zero_is_far_off() -> None:
    near = parsed("bars", {**SPECS["bars"], "rows": [{**ROW, "v": 3.0, "l": 2.0, "u": 4.0}]})
    far = parsed(
        "bars", {**SPECS["bars"], "rows": [{**ROW, "v": 81.0, "l": 80.0, "u": 82.0}], "ref": None}
    )
    assert "0" in said(near) and near.findall(f"{SVG}rect[@class='j-worse']")
    assert "0" not in said(far) and not far.findall(f"{SVG}rect[@class='j-worse']")


def test_a_bar_more_costs_a_page_little() -> None:
    """A page of an indicator has two charts of all areas, and is to stay below 200 kB."""
    row = {"n": "Stockport", "v": 12.5, "l": 5.03, "u": 14.08, "t": "12.5", "j": "similar"}
    few, many = (
        len(page_chart("bars", {**SPECS["bars"], "rows": [row] * number})) for number in (50, 150)
    )
    assert (many - few) / 100 <= 230


def test_whiskers_reach_from_limit_to_limit() -> None:
    """Up and down at the lower limit, along to the upper one, up and down there."""
    row = {**ROW, "v": 3.0, "l": 2.0, "u": 4.0}
    drawn = parsed("bars", {**SPECS["bars"], "rows": [row], "ref": None})
    path = next(e.get("d", "") for e in drawn.iter(f"{SVG}path") if e.get("class") == "limits")
    found = re.fullmatch(r"M([\d.]+) 55v6m0-3H([\d.]+)m0-3v6", path)
    assert found and [float(each) for each in found.groups()] == [394.0, 570.0]


def test_a_series_is_lifted_at_breaks_and_over_what_is_missing() -> None:
    chart = parsed("trend", SPECS["trend"])
    path = next(e.get("d", "") for e in chart.iter(f"{SVG}path") if e.get("class") == "line")
    assert path.count("M") == 2 and path.count("L") == 2
    assert {"break in series", "held", "provisional"} <= set(said(chart))


def test_what_no_line_reaches_is_a_mark_and_the_key_shows_it() -> None:
    """A line of one point can't be seen: each series has its mark, and the key the same mark."""
    point = {"p": "2024", "v": 13.0, "j": "worse"}
    chart = parsed(
        "trend", {"label": "Trend", "points": [point], "ref": {"n": "England", "v": [9]}}
    )
    assert len(ways_of(chart, "j-worse")) == 2
    line, *marks = ways_of(chart, "ref")
    assert "L" not in line and ["L" in mark for mark in marks] == [True, True]
    assert {"This area", "England"} <= set(said(chart))


def test_the_key_names_no_series_that_has_no_value() -> None:
    hidden = {"p": "2024", "v": None}
    chart = parsed(
        "trend", {"label": "Trend", "points": [hidden], "ref": {"n": "England", "v": [9]}}
    )
    assert "England" in said(chart) and "This area" not in said(chart)


def test_a_value_between_two_lines_is_marked_and_the_key_has_a_line() -> None:
    chart = parsed("trend", SPECS["trend"])
    # 3.5 and 3.6 to 3.7: a dash of its own for the first, and no second in the key.
    assert len(ways_of(chart, "ref")) == 2
    assert len([e for e in chart.iter() if e.get("stroke-dasharray") == "6 4"]) == 2


def ways_of(chart: ElementTree.Element, name: str) -> list[str]:
    return [e.get("d", "") for e in chart.iter(f"{SVG}path") if e.get("class") == name]


def test_a_spine_turns_to_where_better_is() -> None:
    def place(spec: dict[str, Any]) -> float:
        path = next(
            e for e in parsed("spine", spec).iter(f"{SVG}path") if e.get("class") == "j-better"
        )
        return float(re.match(r"M([\d.]+)", path.get("d", "")).group(1))  # type: ignore[union-attr]

    middle = 110.0
    assert place(SPECS["spine"]) < middle < place({**SPECS["spine"], "flip": True})


def test_the_funnel_is_wilsons_limits_turned_round() -> None:
    """A value on the curve has Wilson limits that just reach the average."""
    z, share, size = 1.959964, 0.13, 400.0
    upper = share + z * math.sqrt(share * (1 - share) / size)
    centre = (upper + z * z / (2 * size)) / (1 + z * z / size)
    half = (
        z / (1 + z * z / size) * math.sqrt(upper * (1 - upper) / size + z * z / (4 * size * size))
    )
    assert math.isclose(centre - half, share, rel_tol=1e-9)
    points = [
        {"n": "", "x": 400, "v": 100 * upper, "j": "worse"},
        {"n": "", "x": 4000, "v": 13.0, "j": "similar"},
    ]
    chart = parsed("funnel", {**SPECS["funnel"], "points": points})
    mark = next(e for e in chart.iter(f"{SVG}path") if e.get("class") == "j-worse")
    curve = next(e for e in chart.iter(f"{SVG}path") if e.get("class") == "limits95")
    x, tip = map(float, re.match(r"M([\d.]+) ([\d.]+)", mark.get("d", "")).groups())  # type: ignore[union-attr]
    upper_curve = curve.get("d", "").split("M")[2]
    along = [tuple(map(float, pair.split())) for pair in re.split("L", upper_curve)]
    nearest = min(along, key=lambda pair: abs(pair[0] - x))
    assert abs(nearest[1] - (tip - 4)) < 3  # the triangle's tip is 4 below its middle


def test_many_are_drawn_in_their_order() -> None:
    labels = [f"number {n}" for n in range(1201)]
    drawn = draw_all(("spark", {"label": label, "v": [1, 2], "j": "better"}) for label in labels)
    assert [re.search('aria-label="([^"]*)"', chart).group(1) for chart in drawn] == labels  # type: ignore[union-attr]


@pytest.mark.parametrize("spec", [{"v": [float("nan")]}, {}, {"v": 5}])
def test_a_spec_that_cannot_be_drawn_is_refused(spec: dict[str, Any]) -> None:
    with pytest.raises(ChartRefused, match="can't be drawn"):
        draw("spark", spec)
    with pytest.raises(ChartRefused, match="no chart of kind pie"):
        draw("pie", {})


def test_no_library_is_in_the_script() -> None:
    assert len(chart_script().encode()) < 20_000


@pytest.mark.parametrize("file", sorted(ASSETS.iterdir()), ids=lambda file: file.name)
def test_a_file_of_the_site_is_short_enough_to_be_read(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 300
    # Rules of style may be many; what a script's file is for is said at its top.
    assert lines[0].startswith("/* ")

"""The picture of a preview: values where they belong, limits around them."""

from __future__ import annotations

import re

from dagster_project.preview import chart
from dagster_project.preview.chart import Bar

BARS = [
    Bar("Low", 10.0, 5.0, 15.0),
    Bar("High", 40.0, 30.0, 50.0),
    Bar("Bare <b>", 25.0, None, None),
]


def test_values_stand_in_their_order_within_their_limits() -> None:
    low, high, bare, axis = chart.in_characters(BARS)
    assert low.index("●") < bare.index("●") < high.index("●")
    assert low.index("─") < low.index("●") < low.rindex("─")
    assert "─" not in bare
    assert axis.split() == ["0", "50"]


def test_the_axis_leaves_nought_out_where_values_are_far_from_it() -> None:
    *_, axis = chart.in_characters([Bar("A", 99.0, 98.5, 99.5), Bar("B", 99.2, 99.0, 99.4)])
    assert axis.split() == ["98.5", "99.5"]


def test_one_value_without_limits_can_be_drawn() -> None:
    line, _ = chart.in_characters([Bar("A", 5.0, None, None)])
    assert "●" in line
    assert chart.in_characters([]) == []
    assert chart.as_svg([], "Nothing") == ""


def test_the_svg_says_what_it_shows_and_escapes_names() -> None:
    picture = chart.as_svg(BARS, "Falls & more")
    assert "<title>Falls &amp; more</title>" in picture
    assert "Bare &lt;b&gt;" in picture
    places = [int(found) for found in re.findall(r'<circle cx="(\d+)"', picture)]
    assert places[0] < places[2] < places[1]
    assert picture.count("<line") == 2

"""The mart `alignment` where one measure is given twice: by two publications, or here as well."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from alignment_support import AGAIN, LINK, SHARED, aligned

from tests.support import models


def test_one_measure_published_twice_agrees_within_the_rounding():
    said = AGAIN | {"right_value": 20.05, "differs_since": date(2020, 4, 1)}
    rows = aligned(models.value(source_id="ascof"), link=SHARED, again=said)
    by_relation = {row["relation"]: row for row in rows}
    assert by_relation.keys() == {"shared", "republished"}
    for row in rows:
        assert (row["agreement"], row["left_value"], row["right_value"]) == ("agree", 20.0, 20.05)
        assert row["difference"] == pytest.approx(-0.05)
        assert (row["difference_lower_95"], row["is_beyond_chance"]) == (None, None)
        assert row["differs_since"] is None
    assert by_relation["republished"]["right_code"] == "fingertips 92443"


@pytest.mark.parametrize(("stands", "second"), [("left", "right"), ("right", "left")])
def test_a_second_publication_that_differs_was_not_judged_and_shows_no_figure(stands, second):
    sources = ("ascof", "fingertips") if stands == "left" else ("fingertips", "ascof")
    said = AGAIN | {
        "left_source_id": sources[0],
        "right_source_id": sources[1],
        "right_value": 20.06,
        "right_lower_95": 18.0,
        "right_upper_95": 22.0,
        "differs_since": date(2020, 4, 1),
    }
    rows = aligned(models.value(source_id=sources[0]), link=SHARED, again=said)
    (row,) = (row for row in rows if row["relation"] == "shared")
    shown = ("value", "lower_95", "upper_95")
    assert [row[f"{stands}_{name}"] for name in shown] == [20.0, 18.0, 22.0]
    assert [row[f"{second}_{name}"] for name in shown] == [None] * 3
    assert (row["agreement"], row["difference"]) == ("differ", None)
    assert row["differs_since"] == date(2020, 4, 1)
    # The one area of its level: nothing is known of others.
    assert row["likeliest_cause"] == "counts_not_published"


def test_of_a_second_publication_only_those_limits_are_shown_that_agree():
    said = AGAIN | {"right_lower_95": 18.02, "right_upper_95": 29.0}
    rows = aligned(models.value(source_id="ascof"), link=SHARED, again=said)
    assert {row["relation"] for row in rows} == {"republished", "shared"}
    for row in rows:
        assert (row["right_value"], row["right_lower_95"]) == (20.04, 18.02)
        assert (row["left_upper_95"], row["right_upper_95"]) == (22.0, None)


def test_a_publication_without_a_figure_is_missing_and_does_not_differ():
    said = AGAIN | {"right_value": None}
    rows = aligned(models.value(source_id="ascof"), link=SHARED, again=said)
    assert {row["relation"] for row in rows} == {"republished", "shared"}
    for row in rows:
        assert (row["agreement"], row["left_value"]) == ("right_missing", 20.0)


@pytest.mark.parametrize(
    ("there", "counts", "cause"),
    [
        (20.0, {}, "area_alone"),
        (25.0, {}, "counts_not_published"),
        (25.0, {"right_numerator": 230.0, "right_denominator": 1000.0}, "not_known"),
        (25.0, {"right_numerator": 200.0, "right_denominator": 870.0}, "population"),
    ],
)
def test_two_publications_have_causes_of_their_own(there, counts, cause):
    """Nothing is put to another area here: both figures are from elsewhere."""
    england = {"area_code": "E92000001", "area_type": "england"}
    rows = aligned(
        models.value(),
        models.value(**england),
        again=(AGAIN | {"right_value": 23.0} | counts, AGAIN | {"right_value": there}),
    )
    by_area = {row["area_code"]: row for row in rows if row["relation"] == "republished"}
    assert by_area["E06000023"]["likeliest_cause"] == cause


def test_the_value_that_stands_is_put_to_the_framework_whose_file_it_is():
    said = AGAIN | {"left_source_id": "fingertips", "right_source_id": "ascof"}
    rows = aligned(models.value(source_id="fingertips"), link=SHARED, again=said)
    (row,) = (row for row in rows if row["relation"] == "shared")
    assert (row["left_source_id"], row["right_source_id"]) == ("ascof", "fingertips")
    assert (row["left_value"], row["right_value"]) == (20.04, 20.0)
    # Two publications of one measure are comparable, whatever is said of two origins.
    assert (row["verdict"], row["reasons"]) == ("comparable", [])


def test_a_shared_measure_that_only_one_framework_has_published():
    (row,) = aligned(models.value(source_id="fingertips"), link=SHARED)
    assert (row["agreement"], row["right_value"]) == ("left_missing", 20.0)


@pytest.mark.parametrize(
    ("status", "is_hidden"), [("published", True), ("suppressed", True), ("withdrawn", False)]
)
def test_of_one_measure_what_hides_one_figure_hides_the_other(status, is_hidden):
    hidden = AGAIN | {"is_hidden": is_hidden}
    rows = aligned(models.value(source_id="ascof", status=status), link=SHARED, again=hidden)
    assert len(rows) == 2
    for row in rows:
        assert row["agreement"] == "value_set_aside"
        figures = [name for name in row if name.endswith(("_value", "_95")) or name == "difference"]
        assert [row[name] for name in figures] == [None] * len(figures)


def mirror(ours: dict[str, Any], **said: Any) -> dict[str, Any]:
    """How the newest year of one area stands, where another area agrees or doesn't."""
    elsewhere = {"area_code": "E92000001", "area_type": "england"}
    there = models.value(origin="computed", source_id="qof", **elsewhere) | said
    rows = aligned(
        models.value(**elsewhere),
        models.value(),
        models.value(origin="computed", source_id="qof") | ours,
        there,
        link=LINK | {"left_indicator_id": "nothing"},
        computed="smoking",
    )
    (row,) = (row for row in rows if row["area_code"] == "E06000023")
    return row


def test_what_is_worked_out_here_is_reproduced():
    row = mirror({"value": 20.3})
    assert (row["verdict"], row["reasons"]) == ("caution", ["origin"])
    assert row["difference"] == pytest.approx(0.3)
    assert (row["relation"], row["agreement"], row["likeliest_cause"]) == (
        "local_mirror",
        "agree",
        None,
    )


@pytest.mark.parametrize(
    ("ours", "england", "cause"),
    [
        ({"numerator": 200.0, "denominator": 1000.0}, 20.0, "definition"),
        ({"numerator": 190.0, "denominator": 1000.0}, 21.0, "late_registration"),
        ({"numerator": 200.0, "denominator": 900.0}, 21.0, "population"),
        ({"numerator": 240.0, "denominator": 1100.0}, 20.0, "lookup"),
        ({"numerator": 240.0, "denominator": 1100.0}, 25.0, "definition"),
        ({"numerator": None, "denominator": None}, 25.0, "counts_not_published"),
    ],
)
def test_where_it_is_not_the_likeliest_cause_is_told_by_the_rules(ours, england, cause):
    row = mirror({"value": 23.0} | ours, value=england)
    assert (row["agreement"], row["likeliest_cause"]) == ("differ", cause)

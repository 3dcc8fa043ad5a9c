"""The mart `alignment` on made-up values: what stands beside what, how far apart, and why not."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest

from tests import models

LINK: dict[str, Any] = {
    "theme": "Smoking",
    "relation": "complementary",
    "left_framework": "ascof",
    "left_edition": "to 2022/23",
    "left_code": "1A",
    "left_indicator_id": "smoking",
    "left_owner_partner": None,
    "right_framework": "phof",
    "right_edition": "2019 on",
    "right_code": "C18",
    "right_indicator_id": "quitting",
    "right_owner_partner": "council",
    "is_one_measure": False,
    "speaks_from": "1900-01-01",
    "speaks_before": "9999-12-31",
}
SHARED = LINK | {"relation": "shared", "right_indicator_id": "smoking", "is_one_measure": True}
COMPARABLE: dict[str, Any] = {
    "left_kind": "indicator",
    "left": "smoking",
    "right": "quitting",
    "relation": "complementary",
    "theme": "Smoking",
    "verdict": "comparable",
    "reasons": [],
}
ORIGINS = COMPARABLE | {
    "left_kind": "series",
    "right": "smoking",
    "relation": "two_origins",
    "verdict": "caution",
    "reasons": ["origin"],
}
YEAR_BEFORE = {"period_start": "2019-04-01", "period_end": "2020-03-31", "period_label": "2019/20"}
OTHER = {"indicator_id": "quitting"}
RIGHT = OTHER | {"value": 15.0, "lower_95": 14.0, "upper_95": 16.5}
# What a second publication says: int_reconciled, as far as it is read.
AGAIN: dict[str, Any] = {
    "left_source_id": "ascof",
    "left_source_code": "1A",
    "right_source_id": "fingertips",
    "right_source_code": "92443",
    "is_hidden": False,
    "right_value": 20.04,
    "right_lower_95": None,
    "right_upper_95": None,
    "right_numerator": None,
    "right_denominator": None,
    "rounding": 0.05,
    "differs_since": None,
}
SPEAK = [
    {"framework": "ascof", "source_id": "ascof"},
    {"framework": "phof", "source_id": "fingertips"},
]


def indicator(name: str) -> dict[str, Any]:
    headline = {"headline_sex": "Persons", "headline_age": "18+ yrs"}
    return models.indicator(indicator_id=name, title=name, owner="analysts", **headline)


def key_of(value: dict[str, Any]) -> dict[str, Any]:
    names = ("period_type", "period_start", "period_end", "sex", "age", "segment", "origin")
    return {
        name: value[name]
        for name in ("indicator_id", "area_code", *names, "breakdown_type", "breakdown")
    }


def aligned(
    *values: dict[str, Any],
    link: dict[str, Any] = LINK,
    judgements: tuple[str, ...] = (),
    verdict: dict[str, Any] = COMPARABLE,
    again: dict[str, Any] | tuple[dict[str, Any], ...] | None = None,
    computed: str = "nothing",
) -> list[dict[str, Any]]:
    """The rows that come of the values, each judged by the word of its place.

    `again` is a second publication of the first value, or one of each.
    """
    compared = [
        key_of(value)
        | {"comparator_type": "england", "judgement": judgement, "area_type": value["area_type"]}
        for value, judgement in zip(values, judgements or ["similar"] * len(values), strict=True)
    ]
    nowhere = AGAIN | {"area_code": "nowhere"}
    seconds = again if isinstance(again, tuple) else (again or nowhere,)
    reconciled = [key_of(value) | second for value, second in zip(values, seconds, strict=False)]
    return models.chain(
        "marts/alignment_sides.sql",
        "marts/alignment_pairs.sql",
        "marts/alignment.sql",
        indicator_values=list(values),
        comparisons=compared,
        int_links=[link],
        int_indicators=[indicator("smoking"), indicator("quitting")],
        int_indicator_sources=[{"indicator_id": computed, "value_origin": "computed"}],
        int_reconciled=reconciled,
        framework_sources=SPEAK,
        mirror_causes=models.seed("mirror_causes"),
        comparability=[verdict, ORIGINS],
    )


def test_two_measures_differ_by_their_limits_squared_and_added():
    (row,) = aligned(models.value(), models.value(**RIGHT), judgements=("worse", "better"))
    assert row["difference"] == 5.0
    assert row["difference_lower_95"] == pytest.approx(5 - math.hypot(2, 1.5))
    assert row["difference_upper_95"] == pytest.approx(5 + math.hypot(2, 1))
    assert row["is_beyond_chance"] is True
    assert (row["agreement"], row["says_better"], row["says_worse"]) == ("differ", "right", "left")
    assert (row["left_owner"], row["right_owner"]) == ("analysts", "council")


def test_a_difference_whose_limits_hold_nought_may_be_chance():
    near = RIGHT | {"value": 19.0, "lower_95": 17.0, "upper_95": 21.0}
    (row,) = aligned(models.value(), models.value(**near), judgements=("worse", "worse"))
    assert row["is_beyond_chance"] is False
    assert (row["agreement"], row["says_worse"]) == ("agree", "both")


def test_without_limits_a_difference_stands_and_nothing_is_said_of_chance():
    bare = RIGHT | {"lower_95": None}
    (row,) = aligned(models.value(), models.value(**bare), judgements=("worse", "not_compared"))
    assert (row["difference"], row["is_beyond_chance"]) == (5.0, None)
    assert (row["difference_lower_95"], row["difference_upper_95"]) == (None, None)
    assert (row["agreement"], row["says_worse"]) == ("not_judged", None)


@pytest.mark.parametrize(
    ("verdict", "reasons"),
    [
        (COMPARABLE | {"verdict": "not_comparable", "reasons": ["unit"]}, ["unit"]),
        (COMPARABLE | {"right": "something else"}, ["not_assessed"]),
    ],
)
def test_what_may_not_be_compared_has_no_difference_and_says_why(verdict, reasons):
    (row,) = aligned(models.value(), models.value(**RIGHT), verdict=verdict)
    assert (row["difference"], row["agreement"], row["reasons"]) == (
        None,
        "not_comparable",
        reasons,
    )
    assert (row["left_value"], row["right_value"]) == (20.0, 15.0)


def test_values_in_other_units_are_not_subtracted():
    (row,) = aligned(models.value(), models.value(**RIGHT, unit="score"))
    assert row["difference"] is None


def test_the_nearest_period_stands_beside_and_its_distance_is_said():
    pooled = RIGHT | {
        "period_type": "financial_years_3",
        "period_start": "2016-04-01",
        "period_end": "2019-03-31",
    }
    (row,) = aligned(models.value(), models.value(**RIGHT, **YEAR_BEFORE), models.value(**pooled))
    assert row["right_period_label"] == "2019/20"
    assert row["period_distance_days"] == -365.5
    assert (row["left_age_days"], row["right_age_days"]) == (0, 365)


@pytest.mark.parametrize("status", ["held", "suppressed", "withdrawn"])
def test_what_is_set_aside_on_one_side_gives_nothing_that_rests_on_it(status):
    (row,) = aligned(
        models.value(), models.value(**OTHER, status=status), judgements=("worse", "not_compared")
    )
    assert row["agreement"] == "value_set_aside"
    assert (row["left_value"], row["right_value"], row["difference"]) == (20.0, None, None)


def test_where_a_side_has_nothing_the_newest_of_the_other_says_so():
    (row,) = aligned(models.value(), models.value(**YEAR_BEFORE))
    assert (row["agreement"], row["left_period_label"]) == ("right_missing", "2020/21")
    (row,) = aligned(models.value(**OTHER))
    assert (row["agreement"], row["right_period_label"], row["left_value"]) == (
        "left_missing",
        "2020/21",
        None,
    )


def test_frameworks_speak_of_areas_and_not_of_practices():
    of_practice = {"area_type": "practice", "area_code": "A81001"}
    assert aligned(models.value(**of_practice), models.value(**RIGHT, **of_practice)) == []


def test_a_period_belongs_to_one_link_only():
    later = LINK | {"speaks_from": "2021-01-01"}
    values = (models.value(), models.value(**YEAR_BEFORE), models.value(**RIGHT))
    assert [row["left_period_label"] for row in aligned(*values, link=later)] == ["2020/21"]


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
    for row in aligned(models.value(source_id="ascof"), link=SHARED, again=said):
        assert (row["right_value"], row["right_lower_95"]) == (20.04, 18.02)
        assert (row["left_upper_95"], row["right_upper_95"]) == (22.0, None)


def test_a_publication_without_a_figure_is_missing_and_does_not_differ():
    said = AGAIN | {"right_value": None}
    for row in aligned(models.value(source_id="ascof"), link=SHARED, again=said):
        assert (row["agreement"], row["left_value"]) == ("right_missing", 20.0)


@pytest.mark.parametrize(("there", "cause"), [(20.0, "area_alone"), (25.0, "counts_not_published")])
def test_two_publications_have_causes_of_their_own(there, cause):
    """Nothing is put to another area here: both figures are from elsewhere."""
    england = {"area_code": "E92000001", "area_type": "england"}
    rows = aligned(
        models.value(),
        models.value(**england),
        again=(AGAIN | {"right_value": 23.0}, AGAIN | {"right_value": there}),
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

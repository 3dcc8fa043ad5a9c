"""Made-up values side by side, for the tests of the mart `alignment`."""

from __future__ import annotations

from typing import Any

from tests.support import models

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
# What a second publication says: int_reconciled, as far as it is read.
AGAIN: dict[str, Any] = {
    "area_type": "utla",
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
# England's value that makes of a value, of which less is better, what the word says.
ENGLAND = {"better": 1000.0, "worse": 0.0}
BESIDE: dict[str, Any] = {
    "area_code": "E92000001",
    "comparator_lower_95": 0.0,
    "comparator_upper_95": 0.0,
    "comparator_status": "published",
}


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
    england = {
        tuple((key_of(value) | BESIDE).values()): key_of(value)
        | BESIDE
        | {"comparator_value": ENGLAND.get(judgement, value["value"])}
        for value, judgement in zip(values, judgements or ["similar"] * len(values), strict=True)
        if judgement != "not_compared"
    }
    nowhere = AGAIN | {"area_code": "nowhere"}
    seconds = again if isinstance(again, tuple) else (again or nowhere,)
    reconciled = [key_of(value) | second for value, second in zip(values, seconds, strict=False)]
    return models.chain(
        "marts/alignment_sides.sql",
        "marts/alignment_pairs.sql",
        "marts/alignment.sql",
        indicator_values=list(values),
        int_comparators=list(england.values())
        or [key_of(values[0]) | BESIDE | {"comparator_value": None}],
        methods=models.seed("methods"),
        int_links=[link],
        int_indicators=[indicator("smoking"), indicator("quitting")],
        int_indicator_sources=[
            {"indicator_id": computed, "value_origin": "computed", "source_id": "qof"}
        ],
        int_reconciled=reconciled,
        framework_sources=SPEAK,
        mirror_causes=models.seed("mirror_causes"),
        comparability=[verdict, ORIGINS],
    )

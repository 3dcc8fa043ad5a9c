"""The mart `comparisons` on made-up values: against England, the region and peers, and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import models
from tests.support.models import indicator, value

ENGLAND, SOUTH_WEST, BRISTOL, BATH = "E92000001", "E12000009", "E06000023", "E06000022"
AREAS = [
    {"area_code": ENGLAND, "region_code": None},
    {"area_code": SOUTH_WEST, "region_code": None},
    {"area_code": BRISTOL, "region_code": SOUTH_WEST},
    {"area_code": BATH, "region_code": SOUTH_WEST},
    {"area_code": "E54000039", "region_code": None},
]


def england(**said: Any) -> dict[str, Any]:
    return value(**{"area_type": "england", "area_code": ENGLAND, "value": 21.0} | said)


def region(**said: Any) -> dict[str, Any]:
    return value(**{"area_type": "region", "area_code": SOUTH_WEST, "value": 17.0} | said)


def peer(first: str = "2015-01-01", last: str | None = None, name: str = "alike") -> dict[str, Any]:
    """A made-up row of the seed: Bath is like Bristol."""
    said = {"peer_set": name, "area_code": BRISTOL, "peer_code": BATH, "valid_from": first}
    return said | {"valid_to": last, "source": "made up", "certainty": "recalled"}


def compared(
    values: list[dict[str, Any]], peers: list[dict[str, Any]] | None = None, **said: Any
) -> dict[str, dict[str, Any]]:
    """How Bristol's plain value compares, by what it is compared with."""
    found = models.rows(
        "marts/comparisons.sql",
        "intermediate/int_comparators.sql",
        indicator_values=values,
        int_indicators=[indicator(**said)],
        int_areas=AREAS,
        methods=models.seed("methods"),
        peer_sets=peers or [],
        int_indicator_sources=models.seed("indicator_sources"),
    )
    # The released columns are kept beside lists of these words: another can't be written.
    known = {(row["column_name"], row["word"]) for row in models.seed("state_words")}
    for row in found:
        assert ("judgement", row["judgement"]) in known
        assert row["reason"] is None or ("reason", row["reason"]) in known
    mine = [row for row in found if row["area_code"] == BRISTOL]
    assert len({(row["comparator_type"], row["comparator_code"]) for row in mine}) == len(mine)
    return {row["comparator_type"]: row for row in mine}


def test_a_value_is_beside_england_and_its_own_region():
    found = compared([value(), england(), region()])
    assert found.keys() == {"england", "region"}
    assert found["england"]["judgement"] == "similar"
    assert found["england"]["method"] == "limits_95_against_england"
    assert found["region"]["judgement"] == "worse"
    assert (found["region"]["value"], found["region"]["comparator_value"]) == (20.0, 17.0)
    assert found["region"]["comparator_code"] == SOUTH_WEST


@pytest.mark.parametrize(
    ("polarity", "is_confirmed", "judgement", "reason"),
    [
        ("lower_is_better", True, "worse", None),
        ("higher_is_better", True, "better", None),
        ("no_judgement", True, "higher", None),
        ("lower_is_better", False, "no_judgement", "polarity_not_confirmed"),
    ],
)
def test_the_side_is_named_as_the_polarity_asks(polarity, is_confirmed, judgement, reason):
    row = compared(
        [value(), england(value=17.9)], polarity=polarity, is_polarity_confirmed=is_confirmed
    )["england"]
    assert (row["judgement"], row["reason"]) == (judgement, reason)
    assert row["comparator_value"] == 17.9


@pytest.mark.parametrize("level", [18.0, 22.0])
def test_the_ends_of_the_limits_are_within(level):
    assert compared([value(), england(value=level)])["england"]["judgement"] == "similar"


@pytest.mark.parametrize("status", sorted({row["status"] for row in models.seed("status_reasons")}))
def test_each_word_that_a_comparison_can_say_has_a_meaning(status):
    peer_value = value(area_code=BATH, status=status)
    for values in (
        [value(status=status), england(), region(), value(area_code=BATH)],
        [value(), england(status=status), region(status=status), peer_value],
    ):
        assert compared(values, [peer()]).keys() == {"england", "region", "peers"}


@pytest.mark.parametrize(
    ("mine", "theirs", "kind", "england_says", "region_says"),
    [
        ({"status": "held"}, {}, "proportion", "value_held", "value_held"),
        ({"status": "withdrawn"}, {}, "proportion", "value_withdrawn", "value_withdrawn"),
        ({"breakdown_type": "ethnicity"}, {}, "proportion", "breakdown", "breakdown"),
        ({}, {}, "count", "count_depends_on_size", "count_depends_on_size"),
        ({}, {"status": "held"}, "proportion", "england_held", "region_held"),
        ({}, {"status": "suppressed"}, "proportion", "england_suppressed", "region_suppressed"),
        ({}, {"status": "withdrawn"}, "proportion", *["comparator_withdrawn"] * 2),
        ({}, {"sex": "Male"}, "proportion", "no_england_value", "no_region_value"),
        ({}, {"origin": "computed"}, "proportion", "no_england_value", "no_region_value"),
        ({}, {"segment": "frail"}, "proportion", "no_england_value", "no_region_value"),
        ({"segment": "frail"}, {}, "proportion", *["no_segment_elsewhere"] * 2),
    ],
)
def test_what_is_not_compared_says_why(mine, theirs, kind, england_says, region_says):
    found = compared([value(**mine), england(**theirs), region(**theirs)], value_type=kind)
    assert {name: row["reason"] for name, row in found.items()} == {
        "england": england_says,
        "region": region_says,
    }
    for row in found.values():
        assert row["judgement"] == "not_compared"
        assert [row[name] for name in ("value", "comparator_value", "method")] == [None] * 3


def test_without_limits_both_values_stand_and_neither_is_called():
    for row in compared([value(upper_95=None), england(value=17.9), region(value=17.9)]).values():
        assert (row["judgement"], row["reason"]) == ("not_compared", "no_limits")
        assert (row["value"], row["comparator_value"], row["method"]) == (20.0, 17.9, None)


@pytest.mark.parametrize("kind", ["isr", "isr_ratio"])
def test_indirectly_standardised_values_are_compared_with_england_only(kind):
    found = compared(
        [value(), england(), region(), value(area_code=BATH)], [peer()], value_type=kind
    )
    assert found["england"]["judgement"] == "similar"
    assert found["region"]["reason"] == "indirectly_standardised"
    assert found["peers"]["reason"] == "indirectly_standardised"


@pytest.mark.parametrize(
    ("kind", "method", "is_standardised", "reason"),
    [
        ("dsr", "as_published", True, None),
        ("dsr", "dsr", True, None),
        ("mean", "as_published", True, None),
        ("dsr", "crude_rate", True, "crude_where_standardised"),
        ("crude_rate", "as_published", True, "crude_where_standardised"),
        ("proportion", "as_published", True, "crude_where_standardised"),
        ("crude_rate", "as_published", False, None),
        ("crude_rate", "crude_rate", False, None),
    ],
)
def test_crude_values_are_not_ranked_where_the_definition_standardises(
    kind, method, is_standardised, reason
):
    values = [value(method=method), england(method=method), region(method=method)]
    values.append(value(area_code=BATH, method=method))
    found = compared(values, [peer()], value_type=kind, is_standardised=is_standardised)
    assert found.keys() == {"england", "region", "peers"}
    assert {row["reason"] for row in found.values()} == {reason}
    assert {row["judgement"] == "not_compared" for row in found.values()} == {bool(reason)}


def test_england_is_no_ones_but_the_others_comparator():
    found = models.rows(
        "marts/comparisons.sql",
        "intermediate/int_comparators.sql",
        indicator_values=[england(), region(), value(area_code="E54000039", area_type="icb")],
        int_indicators=[indicator()],
        int_areas=AREAS,
        methods=models.seed("methods"),
        peer_sets=[],
        int_indicator_sources=models.seed("indicator_sources"),
    )
    said = {(row["area_code"], row["comparator_type"]): row["reason"] for row in found}
    assert said == {
        (ENGLAND, "england"): "is_comparator",
        (SOUTH_WEST, "england"): None,
        ("E54000039", "england"): None,
    }


@pytest.mark.parametrize(
    ("limits", "judgement"),
    [((22.0, 30.0), "similar"), ((22.1, 30.0), "better"), ((None, 30.0), "not_compared")],
)
def test_a_peer_has_limits_too(limits, judgement):
    """Both are uncertain, so they differ only where their limits don't meet."""
    bath = value(area_code=BATH, value=26.0, lower_95=limits[0], upper_95=limits[1])
    row = compared([value(), bath], [peer()])["peers"]
    assert row["comparator_code"] == BATH
    assert row["judgement"] == judgement
    assert (row["reason"] == "no_peers_limits") == (judgement == "not_compared")
    assert row["comparator_value"] == 26.0


@pytest.mark.parametrize(
    ("peers", "there"),
    [
        ([peer("2015-01-01")], True),
        ([peer("2021-03-31")], True),
        ([peer("2021-04-01")], False),
        ([peer("2015-01-01", "2021-03-30")], False),
        ([peer("2015-01-01", "2021-03-31")], True),
        ([peer("2015-01-01"), peer("2016-01-01", name="near")], True),
        ([peer("2000-01-01", "2009-12-31"), peer("2010-01-01")], True),
    ],
)
def test_peers_hold_for_their_dates_and_stand_once(peers, there):
    found = compared([value(), value(area_code=BATH)], peers)
    assert ("peers" in found) == there


def test_without_a_set_of_peers_nobody_has_peers():
    assert compared([value(), england(), value(area_code=BATH)]).keys() == {"england", "region"}

"""What areas that have ended are today, by the registry and by people made up here."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import models

Key = tuple[str, str, str, str]


def areas() -> list[dict[str, Any]]:
    """The registry as `int_areas` has it."""
    return [
        row
        | {
            "is_utla": row["is_utla"] == "true",
            "is_ltla": row["is_ltla"] == "true",
            "source_id": "registry",
        }
        for row in models.seed("areas")
    ]


@pytest.fixture(scope="module")
def changes() -> dict[Key, tuple[str, float, str, bool]]:
    """Kind, share, basis and is_estimated by tier, tier of the area that ended, and both codes."""
    registry, redraws = areas(), models.seed("area_redraws")
    leads = models.rows("intermediate/int_area_leads.sql", int_areas=registry, area_redraws=redraws)
    # Dorset's people by its districts, as it might be landed.
    dorset = {"area_tier": "utla", "area_code": "E10000009", "share_basis": "districts"}
    found = models.rows(
        "intermediate/int_area_changes.sql",
        int_area_leads=leads,
        int_areas=registry,
        area_redraws=redraws,
        int_area_shares=[
            dorset | {"current_code": "E06000058", "share": 0.125},
            dorset | {"current_code": "E06000059", "share": 0.875},
        ],
    )
    return {
        (row["area_tier"], row["predecessor_tier"], row["area_code"], row["current_code"]): (
            row["kind"],
            float(row["share"]),
            row["share_basis"],
            row["is_estimated"],
        )
        for row in found
    }


@pytest.mark.parametrize(
    ("tier", "of_tier", "area", "today", "kind"),
    [
        ("utla", "utla", "E10000027", "E06000066", "recode"),  # Somerset, county and unitary
        ("ltla", "ltla", "E07000026", "E06000063", "merge"),  # Allerdale to Cumberland
        ("utla", "ltla", "E07000026", "E06000063", "merge"),
        ("utla", "utla", "E06000048", "E06000057", "recode"),  # Northumberland
        # In two steps: a district to a unitary of 2009, whose code changed in 2013.
        ("ltla", "ltla", "E07000159", "E06000057", "merge"),
        # A CCG of 2013 to one of 2018 and no further, and to the board that this lies in.
        ("sub_icb", "sub_icb", "E38000125", "E38000222", "merge"),
        ("icb", "sub_icb", "E38000125", "E54000039", "merge"),
        # A CCG of 2013 by way of one of 2020 and one of 2021.
        ("sub_icb", "sub_icb", "E38000229", "E38000261", "merge"),
    ],
)
def test_chains_are_followed_to_the_area_of_today(changes, tier, of_tier, area, today, kind):
    assert changes[tier, of_tier, area, today] == (kind, 1.0, "whole", False)


def test_a_split_is_shared_by_people_where_they_are_known_and_else_equally(changes):
    dorset = [changes["utla", "utla", "E10000009", f"E0600005{digit}"] for digit in (8, 9)]
    assert dorset == [("split", 0.125, "districts", False), ("split", 0.875, "districts", False)]
    cumbria = [changes["utla", "utla", "E10000006", f"E0600006{digit}"] for digit in (3, 4)]
    assert cumbria == [("split", 0.5, "equal", True)] * 2


def test_a_border_that_moved_is_told_with_the_part_that_moved(changes):
    glossop = changes["sub_icb", "sub_icb", "E38000182", "E38000261"]
    assert glossop == ("redraw", 0.128889, "registered", False)
    assert changes["icb", "sub_icb", "E38000182", "E54000058"] == glossop


def test_every_area_that_ended_is_shared_out_whole_in_each_tier(changes):
    totals: dict[tuple[str, str, str], float] = {}
    for (tier, of_tier, area, _), (_, share, _, _) in changes.items():
        totals[tier, of_tier, area] = totals.get((tier, of_tier, area), 0.0) + share
    assert len(totals) > 400
    assert {area: total for area, total in totals.items() if abs(total - 1) > 1e-6} == {}


def test_every_area_that_ended_leads_somewhere_and_nowhere_that_has_ended(changes):
    ended = {row["area_code"] for row in areas() if row["valid_to"]}
    assert {area for _, _, area, _ in changes} == ended
    assert ended.isdisjoint({today for _, _, _, today in changes})

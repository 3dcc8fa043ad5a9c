"""Counts by small area of 2011 as counts by small area of 2021.

| of 2011 | became in 2021 | what happens to its count |
|---|---|---|
| one area | the same area | passed on |
| two areas | one (merged) | added up; missing if one of the two is missing |
| one area | several (split) | shared out equally, and said to be an estimate |

Every other column stays a column of the result, and totals are kept.
"""

from __future__ import annotations

import random

import pytest

from tests.support import macros

CALL = "recast_small_areas('counted', ['cases', 'people'], changes='changes')"
CHANGES = {
    "lsoa11_code": ["A", "B", "C", "D", "D", "D"],
    "lsoa21_code": ["A", "BC", "BC", "D1", "D2", "D3"],
    "share_of_2011": [1.0, 1.0, 1.0, 1 / 3, 1 / 3, 1 / 3],
}


def recast(codes, cases, people, **more):
    counted = {"lsoa11_code": codes, "cases": cases, "people": people} | more
    found = macros.rows(CALL, counted=counted, changes=CHANGES)
    return {
        (row["lsoa21_code"], *(row[name] for name in more)): (
            row["cases"],
            row["people"],
            row["is_estimated"],
        )
        for row in found
    }


def test_areas_stay_are_merged_and_are_shared_out():
    found = recast(["A", "B", "C", "D"], [1.0, 2.0, 3.0, 4.0], [10.0, 20.0, 30.0, 60.0])
    assert found.pop(("A",)) == (1, 10, False)
    assert found.pop(("BC",)) == (5, 50, False)
    for code in ("D1", "D2", "D3"):
        cases, people, is_estimated = found.pop((code,))
        assert (cases, people) == pytest.approx((4 / 3, 20), abs=1e-12)
        assert is_estimated
    assert found == {}


def test_other_columns_are_kept_apart():
    found = recast(["B", "C", "B"], [1.0, 2.0, 4.0], [9.0, 9.0, 9.0], year=["x", "x", "y"])
    assert found == {("BC", "x"): (3, 18, False), ("BC", "y"): (4, 9, False)}


def test_a_missing_count_is_missing_in_the_whole_and_is_no_nought():
    found = recast(["B", "C"], [1.0, None], [20.0, 30.0])
    assert found == {("BC",): (None, 50, False)}


def test_what_the_lookup_does_not_know_is_not_lost():
    found = recast(["A", "E"], [1.0, 2.0], [3.0, 4.0])
    assert found == {("A",): (1, 3, False), (None,): (2, 4, False)}


@pytest.mark.parametrize("seed", range(5))
def test_totals_are_kept_to_a_billionth(seed):
    draw = random.Random(seed)  # noqa: S311 (made-up counts, not secrets)
    codes = [draw.choice("ABCDE") for _ in range(2000)]
    cases = [draw.random() * 10 ** draw.randrange(4) for _ in codes]
    found = recast(codes, cases, cases)
    assert sum(row[0] for row in found.values()) == pytest.approx(sum(cases), rel=1e-9)

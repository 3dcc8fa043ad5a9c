"""What two periods need to be alike: `int_periods` on labels made up here."""

from __future__ import annotations

from typing import Any

from tests.support import models


def periods(year_type: str, *labels: str) -> dict[str, dict[str, Any]]:
    """The rows of int_periods for one indicator, by label."""
    rows = models.rows(
        "intermediate/int_periods.sql",
        int_labels_landed=[{"indicator_id": "a", "period_label": label} for label in labels],
        int_indicators=[{"indicator_id": "a", "year_type": year_type}],
    )
    return {row["period_label"]: row for row in rows}


def test_years_of_each_kind_say_which_they_are_and_how_long():
    kinds = {
        ("calendar", "2016"): ("calendar", 366, 12, 1.0),
        ("financial", "2015/16"): ("financial", 366, 12, 1.0),
        ("academic", "2016/17"): ("academic", 365, 12, 1.0),
    }
    for (year_type, label), expected in kinds.items():
        row = periods(year_type, label)[label]
        told = (row["year_kind"], row["days"], row["months"], row["years_pooled"])
        assert told == expected
        assert (row["is_pooled"], row["is_rolling"]) == (False, False)


def test_three_years_pooled_every_year_overlap_and_every_third_year_do_not():
    rolling = periods("calendar", "2015 - 17", "2016 - 18")
    assert {(r["years_pooled"], r["is_pooled"], r["is_rolling"]) for r in rolling.values()} == {
        (3.0, True, True)
    }
    apart = periods("financial", "2012/13 - 14/15", "2015/16 - 17/18")
    assert {(r["is_pooled"], r["is_rolling"]) for r in apart.values()} == {(True, False)}


def test_a_year_within_pooled_years_is_of_another_kind_and_not_rolling():
    found = periods("calendar", "2015", "2015 - 17")
    assert {label: row["is_rolling"] for label, row in found.items()} == {
        "2015": False,
        "2015 - 17": False,
    }


def test_quarters_are_parts_of_a_year_and_added_up_more_than_one():
    found = periods("other", "2021/22 Q1", "2021/22 Q1 - 2021/22 Q4", "2021/22 Q1 - 2022/23 Q2")
    assert {label: (r["months"], r["is_pooled"]) for label, r in found.items()} == {
        "2021/22 Q1": (3, False),
        "2021/22 Q1 - 2021/22 Q4": (12, False),
        "2021/22 Q1 - 2022/23 Q2": (18, True),
    }


def test_a_label_that_is_not_understood_has_no_row():
    assert periods("financial", "2013/15", "last year") == {}

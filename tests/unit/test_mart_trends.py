"""The mart `trends` on made-up values: which way a series goes, and why it may not be said."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import models
from tests.support.models import HIDDEN, indicator, value

AREAS = [{"area_code": "E06000023", "area_type": "utla"}]
RISING = (100.0, 140.0, 180.0, 220.0, 260.0)


def year(start: int, **said: Any) -> dict[str, Any]:
    """The value of one financial year: so many of a thousand people, if `numerator` is said."""
    count = said.get("numerator", 200.0)
    share = {} if count is None else {"value": count / 10, "lower_95": count / 10 - 2}
    share |= {} if count is None else {"upper_95": count / 10 + 2}
    period = {
        "period_start": f"{start}-04-01",
        "period_end": f"{start + 1}-03-31",
        "period_label": f"{start}/{(start + 1) % 100:02}",
    }
    hidden = HIDDEN if said.get("status", "published") != "published" else {}
    return value(**(period | share | hidden | said))


def years(counts: tuple[float, ...] = RISING, first: int = 2016, **said: Any) -> list[Any]:
    return [year(first + nth, numerator=count, **said) for nth, count in enumerate(counts)]


def trends(values: list[dict[str, Any]], **about: Any) -> list[dict[str, Any]]:
    # The first value after a break stands apart, beside its flag.
    apart = [said | {"is_broken": "break_in_series" in said["flags"]} for said in values]
    return models.rows(
        "marts/trends.sql",
        indicator_values=values,
        int_kept_back=apart,
        int_indicators=[indicator(**about)],
        int_areas=AREAS,
    )


def trend(values: list[dict[str, Any]], **said: Any) -> dict[str, Any]:
    (row,) = trends(values, **said)
    return row


@pytest.mark.parametrize(
    ("counts", "polarity", "is_confirmed", "direction", "judgement"),
    [
        (RISING, "lower_is_better", True, "increasing", "worse"),
        (RISING, "higher_is_better", True, "increasing", "better"),
        (RISING[::-1], "lower_is_better", True, "decreasing", "better"),
        ((200.0,) * 5, "lower_is_better", True, "no_change", "similar"),
        (RISING, "lower_is_better", False, "increasing", "no_judgement"),
        (RISING, "no_judgement", True, "increasing", "no_judgement"),
    ],
)
def test_a_direction_is_judged_by_the_confirmed_polarity(
    counts, polarity, is_confirmed, direction, judgement
):
    row = trend(years(counts), polarity=polarity, is_polarity_confirmed=is_confirmed)
    assert (row["direction"], row["judgement"], row["reason"]) == (direction, judgement, None)
    assert row["method"] == "recent_trend_of_counts"
    assert (row["points"], row["area_type"]) == (5, "utla")
    assert (str(row["first_period_start"]), str(row["last_period_start"])) == (
        "2016-04-01",
        "2020-04-01",
    )


def test_only_the_latest_five_years_count():
    row = trend(years((900.0, 800.0, 700.0, *RISING), first=2013))
    assert row["direction"] == "increasing"
    assert str(row["first_period_start"]) == "2016-04-01"


def test_a_year_without_a_value_is_passed_over():
    gap = year(2021, status="not_available")
    row = trend([*years(), gap, year(2022, numerator=300.0)])
    assert row["direction"] == "increasing"
    assert (str(row["first_period_start"]), row["points"]) == ("2017-04-01", 5)


def test_proportions_without_any_counts_and_other_kinds_are_tested_by_their_limits():
    bare = [row | {"numerator": None, "denominator": None} for row in years()]
    assert trend(bare)["method"] == "recent_trend_of_limits"
    assert trend(bare)["direction"] == "increasing"
    rates = trend(years(), value_type="dsr")
    assert (rates["direction"], rates["method"]) == ("increasing", "recent_trend_of_limits")


def test_where_an_indicator_has_counts_a_proportion_without_them_is_no_point():
    first, *rest = years()
    row = trend([first | {"numerator": None}, *rest])
    assert (row["direction"], row["reason"], row["points"]) == (
        "not_calculated",
        "too_few_limits",
        4,
    )


LATER = years(first=2017)
BROKEN = [year(2019, numerator=220.0, flags=["break_in_series"])]


@pytest.mark.parametrize(
    ("values", "said", "reason"),
    [
        (years(RISING[:4]), {}, "too_few_points"),
        (years(status="not_available"), {}, "too_few_points"),
        (years(period_type="calendar_years_3"), {}, "overlapping_periods"),
        (years(period_type="financial_quarters_7"), {}, "overlapping_periods"),
        (years(period_type="financial_quarter"), {}, "periods_not_annual"),
        (years(), {"value_type": "count"}, "count_depends_on_size"),
        ([*years(), year(2021, status="held")], {}, "value_set_aside"),
        ([*years(), year(2021, status="suppressed")], {}, "value_set_aside"),
        ([*years(), year(2021, status="withdrawn")], {}, "value_set_aside"),
        ([year(2016), *years((100.0, 140.0), 2017, definition_version="0")], {}, "too_few_points"),
        (
            [*years(RISING[:2], definition_version="0"), *years(RISING[2:], 2018)],
            {},
            "series_break",
        ),
        ([*years(RISING[:3]), *BROKEN, year(2020, numerator=260.0)], {}, "series_break"),
        (years((1000.0, *RISING[1:])), {}, "everybody_counted"),
    ],
)
def test_a_refused_trend_says_why(values, said, reason):
    row = trend(values, **said)
    assert row["reason"] == reason
    assert (row["direction"], row["judgement"]) == ("not_calculated", "not_compared")
    assert row["method"] is None


@pytest.mark.parametrize(
    "earlier",
    [
        year(2011, status="held"),
        year(2011, definition_version="0"),
        year(2016, numerator=100.0, flags=["break_in_series"]),
    ],
)
def test_what_lies_before_the_points_does_not_matter(earlier):
    row = trend([earlier, *years(RISING[1:], 2017), year(2021, numerator=300.0)])
    assert (row["direction"], row["reason"]) == ("increasing", None)


def test_a_held_value_that_keeps_its_last_good_figure_is_no_point_either():
    kept = year(2020, numerator=260.0) | {"status": "held"}
    row = trend([*years(RISING[:4]), kept])
    assert (row["reason"], row["points"]) == ("too_few_points", 4)


def test_each_series_has_a_row_of_its_own():
    values = [row for sex in ("Male", "Female") for row in years(sex=sex)]
    values += years(RISING[::-1], breakdown_type="ethnicity", breakdown="A")
    values += years(RISING[::-1], origin="computed")
    found = trends(values)
    assert sorted(row["direction"] for row in found) == ["decreasing"] * 2 + ["increasing"] * 2

"""How a publisher's period label is understood.

| label | kind of year | first day | last day |
|---|---|---|---|
| 2015 | any | 1 January | 31 December |
| 2013/14 | financial | 1 April | 31 March |
| 2013/14 | academic | 1 September | 31 August |
| 2015 - 17 | calendar, pooled | 1 January 2015 | 31 December 2017 |
| 2021/22 Q1 - 2022/23 Q3 | financial quarters, added up | 1 April 2021 | 31 December 2022 |
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.support import macros

UNDERSTOOD = [
    ("2015", "calendar", "calendar_year", date(2015, 1, 1), date(2015, 12, 31)),
    ("2013/14", "financial", "financial_year", date(2013, 4, 1), date(2014, 3, 31)),
    ("2013/14", "academic", "academic_year", date(2013, 9, 1), date(2014, 8, 31)),
    ("1999/00", "financial", "financial_year", date(1999, 4, 1), date(2000, 3, 31)),
    ("2015 - 17", "calendar", "calendar_years_3", date(2015, 1, 1), date(2017, 12, 31)),
    ("2013 - 17", "calendar", "calendar_years_5", date(2013, 1, 1), date(2017, 12, 31)),
    ("1998 - 00", "calendar", "calendar_years_3", date(1998, 1, 1), date(2000, 12, 31)),
    ("2016/17 - 18/19", "financial", "financial_years_3", date(2016, 4, 1), date(2019, 3, 31)),
    ("2020/21 - 24/25", "academic", "academic_years_5", date(2020, 9, 1), date(2025, 8, 31)),
    ("2021/22 Q1", "financial", "financial_quarter", date(2021, 4, 1), date(2021, 6, 30)),
    ("2021/22 Q4", "financial", "financial_quarter", date(2022, 1, 1), date(2022, 3, 31)),
    (
        "2021/22 Q1 - 2022/23 Q3",
        "other",
        "financial_quarters_7",
        date(2021, 4, 1),
        date(2022, 12, 31),
    ),
    (
        "2021/22 Q1 - 2021/22 Q2",
        "other",
        "financial_quarters_2",
        date(2021, 4, 1),
        date(2021, 9, 30),
    ),
    (
        "2021/22 Q2 - 2025/26 Q4",
        "other",
        "financial_quarters_19",
        date(2021, 7, 1),
        date(2026, 3, 31),
    ),
    ("2021 Q2", "calendar", "calendar_quarter", date(2021, 4, 1), date(2021, 6, 30)),
]


@pytest.mark.parametrize(("label", "year_type", "kind", "starts", "ends"), UNDERSTOOD)
def test_a_label_means_a_kind_of_period_and_two_days(label, year_type, kind, starts, ends):
    expression = macros.sql("periods.sql", f"parse_period(\"'{label}'\", \"'{year_type}'\")")
    assert macros.value(expression) == {"type": kind, "starts": starts, "ends": ends}


@pytest.mark.parametrize(
    "label",
    ["", "2013/15", "13/14", "2013-2014-2015", "last year", "Q1", "2022/23 Q1 - 2021/22 Q4"],
)
def test_a_label_of_no_known_form_means_nothing_rather_than_a_guess(label):
    expression = macros.sql("periods.sql", f"parse_period(\"'{label}'\", \"'financial'\")")
    assert macros.value(expression) is None

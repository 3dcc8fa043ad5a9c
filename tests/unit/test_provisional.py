"""Which values are provisional: by their period, and by the day of the file that gave them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import models

PERIOD = {
    "source_id": "fingertips",
    "indicator_id": None,
    "period_start": "2020-04-01",
    "final_from": "2022-01-01",
    "certainty": "verified",
    "evidence": "made up",
}
EXTRACTS = [
    {"extract_id": "1", "vintage_date": "2021-06-01"},
    {"extract_id": "2", "vintage_date": "2022-06-01"},
    {"extract_id": "3", "vintage_date": None},
]


def provisional(period: dict[str, Any], **said: Any) -> bool:
    value = models.value(**said) | {"row_id": "1", "extract_id": said.get("extract_id", "1")}
    del value["flags"]
    found = models.rows(
        "intermediate/int_provisional_rows.sql",
        candidate_values=[value],
        provisional_periods=[PERIOD | period],
        stg_ledger__extracts=EXTRACTS,
    )
    return bool(found)


@pytest.mark.parametrize(
    ("period", "said", "is_provisional"),
    [
        ({}, {}, True),
        ({"indicator_id": "smoking"}, {}, True),
        ({"indicator_id": "falls"}, {}, False),
        ({"source_id": "ascof"}, {}, False),
        ({"period_start": "2021-04-01"}, {}, False),
        # The publisher's final file, and one that doesn't say of when it is.
        ({}, {"extract_id": "2"}, False),
        ({}, {"extract_id": "3"}, True),
    ],
)
def test_a_period_is_provisional_until_its_final_file(
    period: dict[str, Any], said: dict[str, Any], is_provisional: bool
) -> None:
    assert provisional(period, **said) is is_provisional

"""What is published twice: which of it stands, and whether the two agree."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support import models
from tests.unit.test_models_of_extracts import extract

YEARS = {
    "2018/19": ("2018-04-01", "2019-03-31"),
    "2019/20": ("2019-04-01", "2020-03-31"),
    "2020/21": ("2020-04-01", "2021-03-31"),
}


def cell(number: int, source: str, code: str, value: float | None, **said: Any) -> dict[str, Any]:
    """A value of the last year as one publication gives it, in an extract of that number."""
    year = said.pop("year", "2020/21")
    start, end = YEARS[year]
    return (
        models.value(value=value)
        | models.PLAIN_AREA
        | {
            "row_id": year,
            "extract_id": str(number),
            "source_id": source,
            "source_code": code,
            "period_label": year,
            "period_start": start,
            "period_end": end,
            **said,
        }
    )


def reconciled(*cells: dict[str, Any], stands: bool = False) -> list[dict[str, Any]]:
    """The pairs of publications; or the cells that stand, with their conflicts."""
    paths = ["intermediate/int_repeated_cells.sql", "intermediate/int_reconciled.sql"]
    return models.chain(
        *paths[: 1 if stands else 2],
        int_observations=list(cells),
        sources=[
            {"source_id": "ascof", "rank": "1", "is_public": "true"},
            {"source_id": "fingertips", "rank": "2", "is_public": "true"},
        ],
        int_extract_order=[{"earlier_id": "1", "later_id": "2"}],
        stg_ledger__extracts=[extract(number, "csv", sha256=str(number)) for number in (1, 2, 3)],
    )


@pytest.mark.parametrize(("other", "agrees"), [(42.84999, True), (42.75, True), (42.851, False)])
def test_they_agree_within_the_rounding_of_the_coarser(other, agrees):
    (pair,) = reconciled(cell(1, "ascof", "1I1", 42.8), cell(3, "fingertips", "90280", other))
    assert (pair["left_source_id"], pair["right_source_id"]) == ("ascof", "fingertips")
    assert pair["rounding"] == 0.05 or other == 42.75
    assert pair["agrees"] is agrees


def test_two_codes_of_one_source_are_two_publications_and_no_conflict():
    cells = (cell(1, "fingertips", "10601", 90.5), cell(1, "fingertips", "454", 91.7))
    (pair,) = reconciled(*cells)
    assert (pair["left_source_code"], pair["right_source_code"]) == ("10601", "454")
    assert pair["agrees"] is False
    (standing,) = reconciled(*cells, stands=True)
    assert (standing["source_code"], standing["conflict_count"]) == ("10601", 0)


def test_another_source_with_other_limits_is_no_conflict():
    cells = (cell(1, "ascof", "1I1", 42.8), cell(3, "fingertips", "90280", 42.8, lower_95=1.0))
    (standing,) = reconciled(*cells, stands=True)
    assert (standing["source_id"], standing["conflict_count"]) == ("ascof", 0)


def test_of_a_publications_own_extracts_the_later_speaks():
    older = cell(1, "fingertips", "90280", 40.0)
    newer = cell(2, "fingertips", "90280", 42.8)
    (pair,) = reconciled(older, newer, cell(3, "ascof", "1I1", 42.8))
    assert (pair["right_value"], pair["agrees"]) == (42.8, True)


def test_a_revision_of_one_publication_is_no_second_one():
    assert (
        reconciled(cell(1, "fingertips", "90280", 40.0), cell(2, "fingertips", "90280", 42.8)) == []
    )


@pytest.mark.parametrize(
    ("agreeing", "since"),
    [
        ((True, False, False), date(2019, 4, 1)),
        ((False, True, False), date(2020, 4, 1)),
        ((False, False, False), date(2018, 4, 1)),
        ((False, False, True), None),
    ],
)
def test_since_when_they_have_differed(agreeing, since):
    cells = []
    for year, agrees in zip(YEARS, agreeing, strict=True):
        cells.append(cell(1, "ascof", "1I1", 42.8, year=year))
        cells.append(cell(3, "fingertips", "90280", 42.8 if agrees else 49.9, year=year))
    assert {pair["differs_since"] for pair in reconciled(*cells)} == {since}


@pytest.mark.parametrize("hiding", ["ascof", "fingertips"])
def test_what_either_hides_shows_no_figure(hiding):
    cells = (cell(1, "ascof", "1I1", 42.8), cell(3, "fingertips", "90280", 42.8))
    for each in cells:
        if each["source_id"] == hiding:
            each["status"] = "suppressed"
    (pair,) = reconciled(*cells)
    assert pair["is_hidden"] is True
    assert pair["agrees"] is None
    figures = [
        f"{side}_{name}"
        for side in ("left", "right")
        for name in ("value", "lower_95", "upper_95", "numerator", "denominator")
    ]
    assert [pair[name] for name in figures] == [None] * len(figures)


def test_of_one_extracts_two_rows_the_same_speaks_in_whatever_order_they_are_read():
    rows = [cell(1, "ascof", "1I1", 42.8, lower_95=lower) for lower in (40.0, 41.0)]
    other = cell(3, "fingertips", "90280", 42.8)
    found = [reconciled(*cells, other)[0]["left_lower_95"] for cells in (rows, rows[::-1])]
    assert found == [40.0, 40.0]

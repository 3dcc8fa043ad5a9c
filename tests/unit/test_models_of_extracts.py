"""Models that choose among extracts: which counts, on ledgers and rows made up here."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import models

Rows = list[dict[str, Any]]

GEOGRAPHY = {
    "period": "2020/21",
    "pcn_code": "U99999",
    "sub_icb_code": "E38000999",
    "icb_code": "E54000099",
    "nhs_region_code": "E40000099",
}


def extract(extract_id: int, layout_id: str, **said: Any) -> dict[str, Any]:
    """A row of the ledger, as staging has it."""
    return {
        "extract_id": str(extract_id),
        "sha256": f"{extract_id:064x}",
        "layout_id": layout_id,
        "period": "2020/21",
        "vintage_date": None,
        "run_number": "1",
    } | said


def latest(*extracts: dict[str, Any]) -> Rows:
    """What int_latest_extracts makes of that ledger."""
    return models.rows("intermediate/int_latest_extracts.sql", stg_ledger__extracts=list(extracts))


def registers(extract_id: int, *people: float) -> Rows:
    return [
        {
            "extract_id": str(extract_id),
            "period": "2020/21",
            "practice_code": f"A8000{n}",
            "group_code": "DEM",
            "numerator": numerator,
            "denominator": 1000.0,
        }
        for n, numerator in enumerate(people)
    ]


def geography(extract_id: int, practices: int = 2, **said: Any) -> Rows:
    return [
        GEOGRAPHY | {"extract_id": str(extract_id), "practice_code": f"A8000{n}"} | said
        for n in range(practices)
    ]


def qof(ledger: Rows, *, registers: Rows, geography: Rows) -> dict[str, tuple[Any, ...]]:
    """Extract, people on the register and list of each area."""
    source = {"source_id": "qof", "source_code": "DEM", "indicator_id": "dementia"}
    declared = dict.fromkeys(("sex", "age", "population_basis", "value_origin"))
    found = models.rows(
        "intermediate/int_qof__observations.sql",
        stg_qof__registers=registers,
        stg_qof__practice_geography=geography,
        int_latest_extracts=latest(*ledger),
        int_indicator_sources=[source | declared],
        int_indicators=[{"indicator_id": "dementia", "population_basis": "registered"}],
    )
    return {
        row["area_code"]: (row["extract_id"], row["numerator"], row["denominator"]) for row in found
    }


def test_corrected_geography_doubles_nobody():
    ledger = [
        extract(1, "qof_prevalence"),
        extract(2, "qof_practice_geography"),
        extract(3, "qof_practice_geography", run_number="2"),
    ]
    found = qof(
        ledger,
        registers=registers(1, 40.0, 50.0),
        geography=[*geography(2), *geography(3, icb_code="E54000098")],
    )
    assert found["E92000001"] == ("1", 90.0, 2000.0)
    assert found["E54000098"] == ("1", 90.0, 2000.0)
    assert "E54000099" not in found


def test_corrected_registers_replace_those_before_whole():
    ledger = [
        extract(1, "qof_prevalence", vintage_date="2021-10-01"),
        # Taken in later, and stated to be the earlier.
        extract(2, "qof_prevalence", vintage_date="2021-09-30", run_number="2"),
        extract(3, "qof_practice_geography"),
    ]
    found = qof(
        ledger,
        registers=[*registers(1, 40.0, 50.0), *registers(2, 41.0, 51.0, 60.0)],
        geography=geography(3, practices=3),
    )
    assert found["E92000001"] == ("1", 90.0, 2000.0)
    assert found["A80000"] == ("1", 40.0, 1000.0)
    assert "A80002" not in found


def test_of_two_extracts_of_one_run_the_same_counts_whatever_their_numbers():
    one, other = {"sha256": "aa"}, {"sha256": "bb"}
    for first, second, last in ((one, other, "2"), (other, one, "1")):
        ledger = [extract(1, "ods_epraccur", **first), extract(2, "ods_epraccur", **second)]
        assert [row["extract_id"] for row in latest(*ledger)] == [last]


def test_of_equal_cells_without_an_order_the_same_stands_whatever_their_numbers():
    one, other = {"sha256": "aa"}, {"sha256": "bb"}
    for first, second, last in ((one, other, "2"), (other, one, "1")):
        cell = models.value() | models.PLAIN_AREA | {"row_id": "1", "source_code": "92443"}
        (found,) = models.rows(
            "intermediate/int_repeated_cells.sql",
            int_observations=[cell | {"extract_id": "1"}, cell | {"extract_id": "2"}],
            sources=[{"source_id": "fingertips", "rank": "1"}],
            int_extract_order=[{"earlier_id": "8", "later_id": "9"}],
            stg_ledger__extracts=[
                extract(1, "fingertips_csv", **first),
                extract(2, "fingertips_csv", **second),
            ],
        )
        assert (found["extract_id"], found["conflict_count"]) == (last, 0)


def cell(extract_id: int, **said: Any) -> dict[str, Any]:
    """A value as int_observations has it, from that extract."""
    without = {"held_since", "flags"}
    value = {name: part for name, part in models.VALUE.items() if name not in without}
    known = {"row_id": "1", "source_code": "92443", "extract_id": str(extract_id)}
    return value | known | models.PLAIN_AREA | said


def repeated(*cells: dict[str, Any]) -> Rows:
    """What int_repeated_cells makes of copies that have no order."""
    return models.rows(
        "intermediate/int_repeated_cells.sql",
        int_observations=list(cells),
        sources=[{"source_id": "fingertips", "rank": "1"}],
        int_extract_order=[{"earlier_id": "8", "later_id": "9"}],
        stg_ledger__extracts=[extract(number, "fingertips_csv") for number in (1, 2, 3)],
    )


def standing(*cells: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Of such copies: the extract that stands, its value, and how many contradict."""
    return [(row["extract_id"], row["value"], row["conflict_count"]) for row in repeated(*cells)]


def test_of_one_extracts_two_rows_the_same_stands_in_whatever_order_they_are_read():
    one, other = cell(1, value=20.0, lower_95=18.0), cell(1, value=20.0, lower_95=17.0)
    limits = [repeated(*rows)[0]["lower_95"] for rows in ((one, other), (other, one))]
    assert limits == [17.0, 17.0]
    agreed = [cell(1, status_reason=reason) for reason in ("by_area", "by_note")]
    found = [repeated(*rows)[0]["status_reason"] for rows in (agreed, agreed[::-1])]
    assert found == ["by_area", "by_area"]
    methods = [cell(1, method=method) for method in ("as_published", "crude_rate")]
    assert [repeated(*rows)[0]["method"] for rows in (methods, methods[::-1])] == [
        "as_published"
    ] * 2


@pytest.mark.parametrize("flag", list(models.PLAIN_AREA))
def test_of_two_rows_with_one_figure_the_one_that_asks_for_caution_stands(flag):
    for first in (True, False):
        # Whatever else they say: the one without the flag would stand by the name of its method.
        words = {True: {"method": "crude_rate"}, False: {"method": "as_published"}}
        rows = [cell(1, **{flag: said}, **words[said]) for said in (first, not first)]
        (found,) = repeated(*rows)
        assert found[flag] is True


FINE = {"value": 20.04, "lower_95": 18.126, "upper_95": 22.051, "denominator": 1000.0}
COARSE = {"value": 20.0, "lower_95": 18.1, "upper_95": 22.1}


@pytest.mark.parametrize("fine", [1, 3])
@pytest.mark.parametrize(
    "coarse",
    [
        COARSE,
        FINE | {"value": 20.0},
        FINE | {"value": 20.049, "denominator": None},
        FINE | {"value": 20.05},
    ],
)
def test_of_two_copies_the_more_precise_stands(fine, coarse):
    figures = FINE | {"value": 20.049}
    assert standing(cell(fine, **figures), cell(2, **coarse)) == [(str(fine), 20.049, 0)]


@pytest.mark.parametrize(
    "other",
    [
        FINE | {"value": 20.1},
        FINE | {"value": 21.0},
        # Finer in one figure, coarser in another.
        FINE | {"value": 20.0, "lower_95": 18.1264},
        FINE | {"numerator": 201.0},
        COARSE | {"status": "not_available"},
    ],
)
def test_two_copies_that_contradict_each_other_are_still_told(other):
    ((_, _, conflicts),) = standing(cell(1, **FINE), cell(2, **other))
    assert conflicts == 1


def test_what_one_of_them_hides_stays_hidden():
    hidden = models.HIDDEN | {"status": "suppressed"}
    ((extract_id, value, _),) = standing(cell(1, **FINE), cell(2, **hidden))
    assert (extract_id, value) == ("2", None)

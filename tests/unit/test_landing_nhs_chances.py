"""Codes and figures may look like NHS numbers by chance, where their layout declares them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import landing_files as files
from tests.support.landing_files import as_csv, as_xlsx, change, fingertips
from tests.support.landing_place import Place
from tests.support.numbers_of_people import ONE, WRONG


def practices(numbers: list[str]) -> files.Table:
    """A geography whose networks have these codes."""
    table = files.qof_geography(len(numbers))
    position = table[0].index("PCN_ODS_CODE")
    for row, number in zip(table[1:], numbers, strict=True):
        row[position] = number
    return table


def codes(valid: int, others: int) -> list[str]:
    """Codes of which some look like NHS numbers."""
    return [files.nhs_number(1000 * n) for n in range(valid)] + [f"U{n:05d}" for n in range(others)]


CHANCES = [
    (1, 0, False),
    (2, 0, False),
    (2, 98, False),
    (3, 97, False),
    (3, 4, False),
    (3, 3, True),
    (3, 0, True),
    (50, 50, True),
    (49, 51, False),
]


@pytest.fixture(scope="module")
def chances(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("chances"))
    for valid, others, _ in CHANCES:
        table = as_csv(practices(codes(valid, others)))
        place.put(f"{valid} of {others}/GEOGRAPHY_2021.csv", table)
    place.land()
    return place


@pytest.mark.parametrize(("valid", "others", "refused"), CHANCES)
def test_codes_may_look_like_numbers_by_chance(
    chances: Place, valid: int, others: int, refused: bool
) -> None:
    name = f"{valid} of {others}/GEOGRAPHY_2021.csv"
    assert (name in chances.summary.landed) is not refused
    if refused:
        refusal = chances.refused(name)
        assert refusal.place == "column 'PCN_ODS_CODE'"
        assert refusal.got == f"{valid} valid NHS numbers"
        assert not chances.kept(as_csv(practices(codes(valid, others))))


def figures(valid: int, others: int) -> bytes:
    table = files.fingertips_api(valid + others)
    for row, number in zip(table[1:], range(valid), strict=False):
        row[5] = files.nhs_number(1000 * number)
    return as_csv(table)


@pytest.mark.parametrize(
    ("valid", "others", "refused"), [(2, 98, False), (3, 3, True), (3, 4, False)]
)
def test_figures_may_look_like_numbers_by_chance(
    tmp_path: Path, valid: int, others: int, refused: bool
) -> None:
    place = Place(tmp_path)
    place.put("api.csv", figures(valid, others))
    summary = place.land()
    assert bool(summary.refused) is refused
    if refused:
        assert place.refused("api.csv").place == "column 'Value'"


def test_figures_beside_marks_are_figures_too(tmp_path: Path) -> None:
    place = Place(tmp_path)
    table = files.ascof()
    for number, row in enumerate(table[1:]):
        row[7] = files.nhs_number(1000 * number)
    place.put("2020-21.csv", as_csv(table))
    place.land()
    assert place.refused("2020-21.csv").got == "3 valid NHS numbers"


def test_a_refusal_does_not_quote_what_looks_like_a_number(tmp_path: Path) -> None:
    place = Place(tmp_path)
    table = files.fingertips(areas=4)
    content = as_csv(change(table, 2, "Indicator ID", ONE))
    place.put("export.csv", content)
    place.land()
    assert place.refused("export.csv").got == "'[NHS number]' (in 1 row)"
    assert ONE not in json.dumps(place.reason(content)) + json.dumps(place.refusals())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_chance_in_codes_does_not_hide_another_fault(tmp_path: Path, kind: str) -> None:
    place = Place(tmp_path)
    table = files.ascof()
    table[1][0] = ONE
    table[2][7] = "61.5*"
    content = as_csv(table) if kind == "csv" else as_xlsx({"in": table})
    place.put(f"2020-21.{kind}", content)
    place.land()
    assert place.refused(f"2020-21.{kind}").problem == "not a number"
    assert place.kept(content)


def test_ten_digits_that_are_no_number_pass(tmp_path: Path) -> None:
    place = Place(tmp_path)
    grouped = f"{WRONG[:3]} {WRONG[3:6]} {WRONG[6:]}"
    notes = [WRONG, grouped, f"{ONE}.75", f"0.{ONE}", f"1{ONE}"]
    for number, note in enumerate(notes):
        place.put(f"note {number}.csv", as_csv(change(fingertips(), 2, "Value note", note)))
        place.put(f"unknown {number}.csv", f"a,b\n1,{note}\n".encode())
    summary = place.land()
    assert summary.landed == [f"note {number}.csv" for number in range(len(notes))]
    assert {refusal.problem for refusal in summary.refused} == {"no source here has this layout"}


def test_decimal_figures_pass(tmp_path: Path) -> None:
    place = Place(tmp_path)
    table = files.fingertips_api(4)
    for row in table[1:]:
        row[5] = f"{ONE}.25"
    place.put("api.csv", as_csv(table))
    assert place.land().landed == ["api.csv"]

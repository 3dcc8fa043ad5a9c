"""A framework's workbook is recognised and lands whole, or is refused with all its mistakes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support.framework_forms import (
    SMOKING,
    changed,
    content,
    form,
    put,
    refusal,
    typed,
    with_goal,
)
from tests.support.landing_place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_filled_form_lands_with_a_receipt_and_its_rows(place: Place) -> None:
    place.put("anything.xlsx", content(form("bnssg")))
    assert place.land().landed == ["anything.xlsx"]
    (row,) = place.ledger()
    assert (row["source_id"], row["layout_id"]) == ("framework_workbooks", "framework_workbook")
    assert place.query(
        "select sheet, count(distinct sheet_row) from raw.framework_cells group by 1 order by 1"
    ) == [
        ("domains", 5),
        ("framework_indicators", 24),
        ("frameworks", 1),
        ("selection_principles", 6),
    ]
    assert place.query(
        "select cell from raw.framework_cells where sheet_row = '7' and field = 'indicator_id'"
    ) == [("smoking_adults",)]


def test_a_workbook_of_other_content_is_no_framework(place: Place) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Framework"
    book.active.append(["Something", "Else", "Altogether"])
    place.put("form.xlsx", content(book))
    place.land()
    assert "workbook" not in place.refused("form.xlsx").problem


def test_an_empty_form_says_what_it_lacks(place: Place) -> None:
    from dagster_project.templates import framework

    place.put("form.xlsx", content(framework.workbook(None)))
    place.land()
    told = place.refused("form.xlsx").problem
    assert "3 mistakes in this framework's workbook; nothing of it is taken in" in told
    assert "sheet 'Framework': doesn't say which edition this is" in told


def test_example_rows_blank_rows_and_sheets_of_ones_own_are_left_unread(place: Place) -> None:
    def change(book: Any) -> None:
        book["Indicators"].insert_rows(4)
        book.create_sheet("My notes").append(["Ask", "Anna"])
        book["Read me"].append(["and me"])

    place.put("form.xlsx", changed(change))
    assert place.land().landed == ["form.xlsx"]
    rows = place.query(
        "select count(distinct sheet_row) from raw.framework_cells"
        " where sheet = 'framework_indicators'"
    )
    assert rows == [(24,)]


@pytest.mark.parametrize("title", ["Fewer smokers", None])
def test_a_form_with_an_nhs_number_is_refused_for_that_and_not_kept(
    place: Place, title: str | None
) -> None:
    put_both: dict[str, Any] = {"Note": "Ask 943 476 5919", "Title": title}
    place.put("form.xlsx", changed(lambda book: put(book, "Indicators", SMOKING, **put_both)))
    place.land()
    refused = place.refused("form.xlsx")
    assert "NHS number" in refused.problem
    assert "5919" not in refused.message
    assert place.ledger() == []
    assert [row["bytes_kept"] for row in place.refusals()] == [0]


def test_all_mistakes_are_told_at_once_and_each_cell_once(place: Place) -> None:
    def change(book: Any) -> None:
        for row, value in ((3, "=1+1"), (5, None), (7, 3.5)):
            put(book, "Indicators", row, Title=value)
        put(book, "Domains", 3, Kind="part", Order="first")

    told = refusal(place, change).split("\n")
    assert told[0].startswith("5 mistakes in this framework's workbook")
    cells = ["'Indicators', cell C3", "'Indicators', cell C7", "'Domains', cell C3"]
    cells += ["'Domains', cell D3", "'Indicators', cell C5"]
    assert [cell for cell in cells if sum(cell in line for line in told) == 1] == cells


def test_what_is_harmless_is_taken_as_meant(place: Place) -> None:
    def change(book: Any) -> None:
        put(
            book,
            "Indicators",
            SMOKING,
            Title=" Fewer\u00a0smokers \n now ",
            Counts_from="2025-04-01",
        )
        put(book, "Indicators", SMOKING, Code=4, **{"Stand-in": "YES"})
        book["Indicators"].row_dimensions[SMOKING].hidden = True
        with_goal(Target=-0.5)(book)
        put(book, "Goals", 3, Code=4)

    place.put("form.xlsx", changed(change))
    assert place.land().landed == ["form.xlsx"]
    told = dict(
        place.query(
            "select field, cell from raw.framework_cells"
            " where sheet = 'framework_indicators' and sheet_row = '7'"
        )
    )
    assert (told["code"], told["title"], told["valid_from"]) == (
        "4",
        "Fewer smokers now",
        "2025-04-01",
    )
    assert told["is_stand_in"] == "true"
    assert place.query("select cell from raw.framework_cells where field = 'target_value'") == [
        ("-0.5",)
    ]


def test_a_local_measure_is_named_for_its_framework_and_then_used(place: Place) -> None:
    measure = {
        "Title": "Lonely adults",
        "Definition_version": 1,
        "Kind_of_figure": "proportion",
        "Better_when": "lower_is_better",
        "Who_is_told": "local-system-analysts",
        "How_sure": "verified",
    }

    def named(name: str) -> Callable[[Any], None]:
        def change(book: Any) -> None:
            put(book, "Local measures", 3, Measure=name, **measure)
            put(book, "Indicators", SMOKING, Measure=name)

        return change

    assert "cell A3: might be another framework's" in refusal(place, named("loneliness"))
    assert "cell A3: is a known measure" in refusal(place, named("bnssg_active_travel"))
    place.put("form.xlsx", changed(named("bnssg_loneliness")))
    assert place.land().landed == ["form.xlsx"]


def test_a_refusal_by_the_registry_is_looked_at_again_once_the_registry_has_changed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dagster_project.landing import sightings

    monkeypatch.setattr(sightings, "reader_and_registry", lambda: "as it was")
    place.put("form.xlsx", changed(typed("Indicators", SMOKING, "Measure", "smoking")))
    place.land()
    (row,) = sightings.load(place.home).values()
    assert row["reader"] == "as it was"
    assert place.land().refused and place.summary.known == 0
    monkeypatch.setattr(sightings, "reader_and_registry", lambda: "changed")
    place.land()
    (row,) = sightings.load(place.home).values()
    assert row["reader"] == "changed"

"""The form of a framework: a round trip changes nothing; the command that writes it."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dagster_project import cli
from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.registry import load_registry
from tests.support.framework_forms import (
    NAMES,
    SMOKING,
    changed,
    content,
    form,
    grid,
    next_row,
    put,
)
from tests.support.landing_place import Place

EDITIONS = [
    (row["framework"], row["edition"]) for row in load_registry(PROJECT_ROOT / "seeds").frameworks
]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize(("of", "edition"), EDITIONS)
def test_a_round_trip_changes_nothing(place: Place, of: str, edition: str) -> None:
    before = form(of, edition)
    place.put("form.xlsx", content(before))
    assert place.land().landed == ["form.xlsx"]
    # What is written now comes from the workbook that has landed.
    first, second = grid(before), grid(form(of, edition, place.home))
    assert set(NAMES) < first.keys()
    assert sum(len(rows) for rows in first.values()) > 400
    assert first == second


def test_of_two_workbooks_the_form_is_filled_with_the_one_of_the_later_day(place: Place) -> None:
    def dated(day: date, title: str) -> bytes:
        def change(book: Any) -> None:
            put(book, "Framework", 3, As_of=day)
            put(book, "Indicators", SMOKING, Title=title)

        return changed(change)

    place.put("a.xlsx", dated(date(2027, 1, 1), "The later"))
    place.land()
    place.put("b.xlsx", dated(date(2026, 1, 1), "The earlier, landed afterwards"))
    place.land()
    assert form("bnssg", None, place.home)["Indicators"].cell(SMOKING, 3).value == "The later"


def test_the_form_has_headers_notes_drop_downs_and_room() -> None:
    book = openpyxl.load_workbook(BytesIO(content(form("bnssg"))))
    assert book.sheetnames[:2] == ["Read me", "Framework"]
    for name in NAMES:
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        assert str(sheet["A2"].value or sheet["B2"].value).startswith("Example:")
        assert all(cell.comment and cell.font.bold for cell in sheet[1])
    offered = {
        str(each.sqref).split(":")[0]: each.formula1
        for each in book["Indicators"].data_validations.dataValidation
    }
    assert offered["G3"] == '"proposed,live,under_review,retired"'
    assert offered["B3"] == "'Known measures'!$A$2:$A$" + str(book["Known measures"].max_row)
    assert offered["D3"].startswith("'Domains'!")
    assert book["Indicators"]["A7"].number_format == "@"


def test_the_rows_that_show_how_are_themselves_sound(place: Place) -> None:
    """Whoever takes the examples for real gets a framework that lands."""
    from dagster_project.templates import framework

    book = framework.workbook(None)
    for name in NAMES:
        for cell in book[name][2]:
            if isinstance(cell.value, str):
                cell.value = cell.value.removeprefix("Example: ")
    put(book, "Framework", 2, As_of=date(2025, 4, 1))
    put(book, "Principles", 3, Principle="measurable")
    put(book, "Programmes", 2, Programme="ageing_well")
    place.put("form.xlsx", content(book))
    place.land()
    assert [str(each) for each in place.summary.refused] == []
    # A framework that no seed knows: its next form comes from the workbook.
    again = form("our_place", "2025", place.home)
    assert again["Indicators"]["B3"].value == "smoking_adults"
    assert again["Local measures"]["A3"].value == "our_place_isolation"


def test_the_command_writes_a_form_and_never_over_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert cli.main(["template", "framework", "--framework", "stockport"]) == 0
    assert capsys.readouterr().out == "Written: framework-stockport-2017-version-1.xlsx\n"
    assert (
        next_row(openpyxl.load_workbook("framework-stockport-2017-version-1.xlsx"), "Indicators")
        == 45
    )
    assert cli.main(["template", "framework", "--framework", "stockport"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert cli.main(["template", "framework", "--json"]) == 0
    assert '"file": "framework-new.xlsx"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--framework", "phof"], "which edition is meant?"),
        (["--framework", "phof", "--edition", "1999"], "there is no such edition"),
        (["--framework", "elsewhere"], "--framework bnssg --edition '2021'"),
        (["--framework", "bnsg"], "expected perhaps --framework bnssg --edition '2021'."),
        (["--edition", "2021"], "--edition needs --framework"),
        (["--out", "no/such/folder.xlsx"], "there is no such folder"),
    ],
)
def test_a_wrong_command_says_what_there_is(
    options: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert cli.main(["template", "framework", *options]) == 2
    assert words in capsys.readouterr().err

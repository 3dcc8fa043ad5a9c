"""Partner returns: the form locks and offers, a filled one lands, mistakes go back marked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dagster_project import cli
from dagster_project.landing import readers
from dagster_project.landing.returned import LISTED
from dagster_project.sources import survey_returns
from dagster_project.sources.survey_form import COLUMNS, SHEET
from tests.support.landing_place import Place
from tests.support.survey_forms import PLACE, content, form, returned, sent


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def marked(place: Place) -> Any:
    """The copy that goes back; it is the only one."""
    (path,) = (place.home.outbox / "returns").glob("*.xlsx")
    return openpyxl.load_workbook(path)


def test_the_form_locks_its_headers_and_offers_what_cells_may_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "form.xlsx"
    assert cli.main(["template", "survey_returns", "--out", str(path)]) == 0
    assert str(path) in capsys.readouterr().out
    sheet = openpyxl.load_workbook(path)[SHEET]
    assert sheet.protection.sheet
    assert sheet["A1"].protection.locked
    assert not sheet["A2"].protection.locked
    assert all(sheet.cell(1, number).comment for number in PLACE.values())
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert "ascot_sct4" in rules["F2:F1001"].formula1
    assert rules["G2:G1001"].formula1 == '"baseline,follow_up,once"'
    assert (rules["E2:E1001"].type, rules["E2:E1001"].formula2) == ("whole", "120")
    assert cli.main(["template", "survey_returns", "--out", str(path)]) == 2


def test_a_filled_return_lands_with_a_row_an_answer(place: Place) -> None:
    place.put(
        "return.xlsx",
        returned(
            sent("p-001", "pam", 55.2, occasion="baseline"),
            sent("p-001", "pam", occasion="follow_up", sent_on="2024-02-01"),
            sent("p-002", "gas", 0, 1, weight_1=2, weight_2=1),
        ),
    )
    assert place.land().landed == ["return.xlsx"]
    assert place.query(
        "select person_key, occasion, item, answer, weight from raw.survey_answers order by all"
    ) == [
        ("p-001", "baseline", "0", None, None),
        ("p-001", "baseline", "1", 55.2, None),
        ("p-001", "follow_up", "0", None, None),
        ("p-002", "once", "0", None, None),
        ("p-002", "once", "1", 0.0, 2.0),
        ("p-002", "once", "2", 1.0, 1.0),
    ]
    assert not (place.home.outbox / "returns").exists()


MISTAKES: dict[str, tuple[dict[str, Any], str, str]] = {
    "an empty key": ({"person_key": None}, "A", "is empty"),
    "no area": ({"area_code": "Stockport"}, "B", "isn't the code of an area"),
    "a word that isn't offered": ({"sex": "Woman"}, "D", "isn't on the list"),
    "an age that is none": ({"age": 170}, "E", "is no age"),
    "an unknown questionnaire": ({"instrument": "sf36"}, "F", "isn't on the list"),
    "a day that can't be told": ({"sent_on": "1/5/2023"}, "H", "a date typed as text"),
    "answers before they were asked": ({"answered_on": "2023-04-01"}, "I", "is before it"),
    "answers of no day": ({"answered_on": None}, "I", "is empty beside answers"),
    "answers of nobody": ({"answered_by": None}, "J", "is empty beside answers"),
    "an answer off the scale": ({"answer_3": 5}, "M", "is outside the scale"),
    "an item that there isn't": ({"answer_9": 1}, "S", "its questionnaire has no such item"),
    "an answer in words": ({"answer_3": "often"}, "M", "isn't a number"),
    "a formula": ({"answer_3": "=1+1"}, "M", "a formula"),
    "a weight of no goal": ({"weight_1": 1}, "AC", "isn't a weight"),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of one return with a row a mistake."""
    place = Place(tmp_path_factory.mktemp("returns"))
    rows = [
        sent(f"p-{number}", "ascot_sct4", *[1] * 8) | said
        for number, (said, _, _) in enumerate(MISTAKES.values())
    ]
    place.put("return.xlsx", returned(*rows, short=False))
    place.land()
    assert place.ledger() == []
    return str(place.refused("return.xlsx").problem)


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_a_mistake_is_told_by_its_cell(told: str, mistake: str) -> None:
    _, cell, problem = MISTAKES[mistake]
    row = list(MISTAKES).index(mistake) + 2
    (line,) = [line for line in told.splitlines() if f"cell {cell}{row}: " in line]
    assert f": {problem}" in line
    assert "To mend it: " in line


def test_all_mistakes_go_back_marked_on_a_copy(place: Place) -> None:
    place.put(
        "return.xlsx",
        returned(
            sent("p-001", "ascot_sct4", 1, 2, 9, occasion="twice"),
            sent("p-002", "pam", 40),
            sent("p-002", "pam", 41),
        ),
    )
    place.land()
    book = marked(place)
    sheet, listed = book[SHEET], book.worksheets[0]
    assert listed.title == "Mistakes"
    assert [row[1].value for row in listed.iter_rows(min_row=2)] == ["G2", "M2", "A4"]
    header, *said = listed.iter_rows(values_only=True)
    assert header == tuple(name for name, _ in LISTED)
    assert said[1][2:] == (
        "Is outside the scale",
        "9",
        "1 to 4 (food)",
        "Correct it, or leave it empty",
    )
    # A comment stands at its cell, and says neither where that is nor what it holds.
    assert sheet["M2"].comment.text == (
        "Is outside the scale. Expected: 1 to 4 (food). Correct it, or leave it empty."
    )
    red = [
        cell.coordinate
        for row in sheet.iter_rows(min_row=2, max_row=5)
        for cell in row
        if cell.fill.fgColor.rgb == "FFFFC7CE"
    ]
    assert red == ["G2", "M2", "A4"]
    assert "baseline, follow_up, once" in sheet["G2"].comment.text
    assert (sheet["A2"].value, sheet["M2"].value) == ("p-001", 9)


def test_the_copy_mended_lands(place: Place) -> None:
    place.put("return.xlsx", returned(sent("p-001", "pam", 400)))
    place.land()
    book = marked(place)
    book[SHEET].cell(2, PLACE["answer_1"], 40)
    place.put("return.xlsx", content(book))
    assert place.land().landed == ["return.xlsx"]


def test_a_return_with_an_nhs_number_is_kept_nowhere(place: Place) -> None:
    # Its check digit is right; nobody has it.
    place.put("return.xlsx", returned(sent("9434765919", "pam", 400)))
    place.land()
    assert place.ledger() == []
    assert not (place.home.outbox / "returns").exists()
    assert list(place.home.quarantine.rglob("*.xlsx")) == []


def test_a_form_with_merged_cells_goes_back_marked_too(place: Place) -> None:
    book = form([sent("p-001", "pam", 40), sent("p-002", "pam", 41)])
    book[SHEET].merge_cells("A2:A3")
    place.put("return.xlsx", content(book))
    place.put("sound.xlsx", returned(sent("p-003", "pam", 40)))
    assert place.land().landed == ["sound.xlsx"]
    assert "cell A3: is empty" in place.refused("return.xlsx").problem
    back = marked(place)
    assert "Cell A3: Is empty" in back[SHEET]["A2"].comment.text
    assert [row[1].value for row in back["Mistakes"].iter_rows(min_row=2)] == ["A2:A3", "A3"]


def test_a_long_name_is_shortened_between_two_characters(place: Place) -> None:
    place.put(f"x{'é' * 124}.xlsx", returned(sent("p-001", "pam", 400)))
    place.land()
    (path,) = place.home.returns.iterdir()
    assert path.name.startswith(f"x{'é' * 99} ")
    assert path.name.endswith(" mistakes.xlsx")


def test_what_keeps_a_copy_from_being_made_is_told_and_stops_no_other_file(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(book: Any, path: Path) -> None:
        Path(path).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    place.put("a.xlsx", returned(sent("p-001", "pam", 400)))
    place.put("b.xlsx", returned(sent("p-001", "pam", 40)))
    monkeypatch.setattr(openpyxl.Workbook, "save", full)
    assert place.land().landed == ["b.xlsx"]
    told = place.refused("a.xlsx").problem
    assert "is outside the scale" in told
    assert "no marked copy of it could be made: No space left on device" in told
    assert list(place.home.returns.iterdir()) == []
    # It is said again of the file as it stands.
    place.land()
    assert place.refused("a.xlsx").problem == told


def test_what_people_answered_stands_on_the_marked_copy_alone(place: Place) -> None:
    rows = (
        sent("p-secret", "ascot_sct4", 1, 2, 3, sex="Wording of hers", area_code="Hazel Grove"),
        sent("p-002", "pam", 77701, sent_on="2023-09-09", answered_on="2023-08-08"),
        sent("p-003", "pam", answer_1="often enough", answered_on="2023-05-08"),
    )
    bytes_sent = returned(*rows)
    place.put("return.xlsx", bytes_sent)
    place.land()
    told = place.refused("return.xlsx")
    (row,) = place.refusals()
    reason = place.reason(bytes_sent)
    for said in (told.message, json.dumps(row), json.dumps(reason)):
        assert "cell D2: isn't on the list. expected Persons" in said.replace("\\n", "\n")
        for cell in ("p-secret", "hers", "Hazel", "77701", "2023-09-09", "2023-08-08", "often"):
            assert cell not in said
    needles = (b"Wording of hers", b"Hazel Grove", b"77701", b"2023-08-08", b"often enough")
    assert place.files_with(*needles) == []
    assert (row["bytes_kept"], place.kept(bytes_sent)) == (0, False)
    listed = [str(cell.value) for cell in marked(place)["Mistakes"]["D"]]
    assert "Wording of hers" in listed


def test_a_return_that_later_code_refuses_leaves_no_bytes(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    bytes_sent = returned(sent("p-001", "pam", 55.2))
    place.put("return.xlsx", bytes_sent)
    assert place.land().landed == ["return.xlsx"]
    monkeypatch.setattr(readers, "reader_version", lambda: "later code")
    monkeypatch.setattr(survey_returns, "AREA", "none is an area any more")
    place.land()
    assert "isn't the code of an area" in place.taken_back[0].problem
    assert not place.kept(bytes_sent)
    assert list(place.home.landing.rglob("extract")) == []


def test_a_column_that_is_gone_is_told(place: Place) -> None:
    book = form([sent("p-001", "pam", 40)])
    book[SHEET].delete_cols(PLACE["answered_by"])
    place.put("return.xlsx", content(book))
    place.land()
    told = str(place.refused("return.xlsx").problem)
    assert "row 1: a column is missing. expected Answered by" in told


def test_a_framework_workbook_goes_back_marked_too(place: Place) -> None:
    from tests.support.framework_forms import changed

    def spoil(book: Any) -> None:
        book["Domains"]["A3"] = "=1+1"

    place.put("form.xlsx", changed(spoil))
    place.land()
    assert "formula" in str(marked(place)["Mistakes"]["C2"].value)


def test_every_column_has_a_note() -> None:
    assert all(column.note for column in COLUMNS)

"""A framework's workbook: recognised, landed whole, or refused with every mistake told by cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dagster_project import cli
from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.registry import load_registry
from tests.support.framework_forms import NAMES, changed, content, form, grid, next_row, put
from tests.support.landing_place import Place

EDITIONS = [
    (row["framework"], row["edition"]) for row in load_registry(PROJECT_ROOT / "seeds").frameworks
]
# The row of the outcome that fewer people smoke; the first row is the header, the next shows how.
SMOKING = 7


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def refusal(place: Place, change: Callable[[Any], None]) -> str:
    """What is told of the filled form after that change."""
    place.put("form.xlsx", changed(change))
    place.land()
    assert place.ledger() == []
    assert place.query("select count(*) from raw.framework_cells") == [(0,)]
    return str(place.refused("form.xlsx").problem)


# Landing


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


# Every mistake, by sheet and cell


def _cell(sheet: str, row: int, header: str, value: Any, shown_as: str | None = None) -> Any:
    def change(book: Any) -> None:
        put(book, sheet, row, **{header: value})
        if shown_as:
            from tests.support.framework_forms import column

            book[sheet].cell(row, column(sheet, header.replace("_", " "))).number_format = shown_as

    return change


def _retired(**cells: Any) -> Callable[[Any], None]:
    return lambda book: put(book, "Indicators", SMOKING, Life_cycle="retired", **cells)


def _round(book: Any) -> None:
    ended = {"Life_cycle": "retired", "Reason": "x", "Counted_until": date(2025, 3, 31)}
    put(book, "Indicators", SMOKING, Followed_by="BNSSG-M05", **ended)
    put(book, "Indicators", SMOKING + 1, Followed_by="BNSSG-M04", **ended)


def _goal(**cells: Any) -> Callable[[Any], None]:
    goal = {
        "Goal": "bnssg_smoking",
        "Code": "BNSSG-M04",
        "Measure": "smoking_adults",
        "Area": "E06000023",
        "Sex": "Persons",
        "Age": "18+ yrs",
        "Target": 5,
        "By": date(2030, 3, 31),
        "Path": "at_end",
        "Owner": "Council",
        "Decided_in": "Board paper",
        "Stand-in": "yes",
        "How_sure": "verified",
    }
    return lambda book: put(book, "Goals", 3, **(goal | cells))


MISTAKES: list[tuple[str, Callable[[Any], None], str, str]] = [
    ("formula", _cell("Indicators", SMOKING, "Title", "=A1"), "cell C7", "a formula"),
    ("error", _cell("Indicators", SMOKING, "Title", "#N/A"), "cell C7", "an error of the spread"),
    ("number as code", _cell("Indicators", SMOKING, "Code", 1.1), "cell A7", "1.10 as a number"),
    ("padded number", _cell("Indicators", 7, "Code", 1, "0.0"), "cell A7", "a number where text"),
    ("date as code", _cell("Indicators", 7, "Code", date(2026, 1, 2)), "cell A7", "took what was"),
    ("truth as code", _cell("Indicators", 7, "Code", True), "cell A7", "a truth value"),
    ("text date", _cell("Indicators", 7, "Counts_from", "1/4/2025"), "cell H7", "typed as text"),
    ("number date", _cell("Indicators", 7, "Counts_from", 45748, "0"), "cell H7", "a day should"),
    (
        "time of day",
        _cell("Indicators", 7, "Counts_from", datetime(2025, 4, 1, 9)),
        "cell H7",
        "with a time of day",
    ),
    ("time", _cell("Indicators", 7, "Counts_from", time(9)), "cell H7", "with a time of day"),
    (
        "duplicate",
        _cell("Indicators", 4, "Measure", "healthy_life_expectancy_at_birth"),
        "B4",
        "twi",
    ),
    ("unknown measure", _cell("Indicators", 7, "Measure", "smoking"), "B7", "doesn't exist"),
    ("unknown area", _goal(Area="E06999999"), "cell D3", "doesn't exist"),
    ("unknown domain", _cell("Indicators", 7, "Domain_code", "x"), "cell D7", "doesn't exist"),
    ("unknown type", _cell("Indicators", 7, "Outcome_type", "x"), "cell E7", "doesn't exist"),
    ("unknown word", _cell("Indicators", 7, "Life_cycle", "done"), "G7", "isn't an allowed value"),
    ("empty", _cell("Indicators", 7, "Title", None), "cell C7", "is empty"),
    ("half an order", _cell("Indicators", 7, "Order", 1.5), "cell N7", "has the wrong form"),
    ("unknown programme", _cell("Indicators", 7, "Programmes", "x"), "cell M7", "doesn't exist"),
    (
        "wrong Fingertips id",
        _cell("Indicators", 7, "Fingertips_id", 247),
        "O7",
        "another indicator",
    ),
    ("retired without a day", _retired(Reason="x"), "cell I7", "is empty beside retired"),
    ("retired without a reason", _retired(Counted_until=date(2025, 1, 1)), "J7", "is empty beside"),
    ("successor of the living", _cell("Indicators", 7, "Followed_by", "BNSSG-M05"), "K7", "filled"),
    ("no such successor", _retired(Followed_by="M99"), "cell K7", "a code that doesn't exist"),
    ("round of successors", _round, "cell K7", "comes round to where it started"),
    ("merged", lambda book: book["Indicators"].merge_cells("C7:C8"), "cell C7:C8", "merged cells"),
    ("no areas", _cell("Framework", 3, "Areas", None), "cell G3", "doesn't go with the kind local"),
    ("no day", _cell("Framework", 3, "As_of", None), "cell C3", "on which day"),
    ("two editions", _cell("Framework", 4, "Framework", "x"), "'Framework'", "which edition"),
    ("answer to nothing", _cell("Principles", 3, "Code", "M99"), "cell B3", "doesn't exist"),
    (
        "answer without a why",
        _cell("Principles", 3, "Code", "BNSSG-M04"),
        "cell D3",
        "with the code",
    ),
    ("share as target", _goal(Target=0.05), "", ""),
    ("goal of another measure", _goal(Measure="low_happiness"), "cell C3", "of this code"),
    ("goal by another name", _goal(Goal="smoking"), "cell A3", "might be another framework's"),
    ("half a baseline", _goal(Baseline_from=date(2020, 1, 1)), "cell H3", "half a baseline"),
    (
        "baseline after the target",
        _goal(Baseline_from=date(2031, 1, 1), Baseline_to=date(2031, 12, 31)),
        "cell J3",
        "before the baseline ends",
    ),
    ("outside", lambda book: book["Domains"].cell(4, 9, "?"), "cell I4", "outside the columns"),
    ("unknown column", lambda book: book["Domains"].cell(1, 9, "?"), "I1", "an unknown column"),
    ("column twice", lambda book: book["Domains"].cell(1, 9, "Kind"), "I1", "there twice"),
    ("column gone", lambda book: book["Domains"].delete_cols(4), "row 1", "a column is missing"),
    ("sheet gone", lambda book: book.remove(book["Goals"]), "'Goals'", "the sheet is missing"),
]


def _hidden(book: Any) -> None:
    book["Principles"].sheet_state = "hidden"


MISTAKES.append(("hidden", _hidden, "sheet 'Principles'", "the sheet is hidden"))
TESTED = [mistake for mistake in MISTAKES if mistake[0] != "share as target"]


@pytest.mark.parametrize(
    ("change", "where", "what"), [m[1:] for m in TESTED], ids=[m[0] for m in TESTED]
)
def test_each_mistake_is_told_by_sheet_and_cell(
    place: Place, change: Callable[[Any], None], where: str, what: str
) -> None:
    lines = refusal(place, change).split("\n")[1:]
    assert [line for line in lines if where in line and what in line], lines
    assert all("To mend it: " in line for line in lines)
    assert not [line for line in lines if "seeds/" in line or ".csv" in line]


def test_a_target_shown_as_a_share_is_refused(place: Place) -> None:
    def change(book: Any) -> None:
        _goal(Target=0.05)(book)
        book["Goals"]["I3"].number_format = "0%"

    assert "sheet 'Goals', cell I3: a share that is shown as per cent" in refusal(place, change)


def test_a_cell_at_the_end_of_the_sheet_is_refused_and_not_made_room_for(place: Place) -> None:
    told = refusal(place, lambda book: book["Goals"].cell(1_048_576, 3, "x"))
    assert "sheet 'Goals', cell P1048576: something stands far from the others" in told


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
        _goal(Target=-0.5)(book)
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
    place.put("form.xlsx", changed(_cell("Indicators", SMOKING, "Measure", "smoking")))
    place.land()
    (row,) = sightings.load(place.home).values()
    assert row["reader"] == "as it was"
    assert place.land().refused and place.summary.known == 0
    monkeypatch.setattr(sightings, "reader_and_registry", lambda: "changed")
    place.land()
    (row,) = sightings.load(place.home).values()
    assert row["reader"] == "changed"


# The form


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

"""Every mistake in a framework's workbook is told by sheet and cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from tests.support.framework_forms import SMOKING, changed, put, refusal, typed, with_goal
from tests.support.landing_place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def _retired(**cells: Any) -> Callable[[Any], None]:
    return lambda book: put(book, "Indicators", SMOKING, Life_cycle="retired", **cells)


def _round(book: Any) -> None:
    ended = {"Life_cycle": "retired", "Reason": "x", "Counted_until": date(2025, 3, 31)}
    put(book, "Indicators", SMOKING, Followed_by="BNSSG-M05", **ended)
    put(book, "Indicators", SMOKING + 1, Followed_by="BNSSG-M04", **ended)


MISTAKES: list[tuple[str, Callable[[Any], None], str, str]] = [
    ("formula", typed("Indicators", SMOKING, "Title", "=A1"), "cell C7", "a formula"),
    (
        "error",
        typed("Indicators", SMOKING, "Title", "#N/A"),
        "cell C7",
        "an error of the spread",
    ),
    (
        "number as code",
        typed("Indicators", SMOKING, "Code", 1.1),
        "cell A7",
        "1.10 as a number",
    ),
    (
        "padded number",
        typed("Indicators", 7, "Code", 1, "0.0"),
        "cell A7",
        "a number where text",
    ),
    (
        "date as code",
        typed("Indicators", 7, "Code", date(2026, 1, 2)),
        "cell A7",
        "took what was",
    ),
    ("truth as code", typed("Indicators", 7, "Code", True), "cell A7", "a truth value"),
    (
        "text date",
        typed("Indicators", 7, "Counts_from", "1/4/2025"),
        "cell H7",
        "typed as text",
    ),
    (
        "number date",
        typed("Indicators", 7, "Counts_from", 45748, "0"),
        "cell H7",
        "a day should",
    ),
    (
        "time of day",
        typed("Indicators", 7, "Counts_from", datetime(2025, 4, 1, 9)),
        "cell H7",
        "with a time of day",
    ),
    ("time", typed("Indicators", 7, "Counts_from", time(9)), "cell H7", "with a time of day"),
    (
        "duplicate",
        typed("Indicators", 4, "Measure", "healthy_life_expectancy_at_birth"),
        "B4",
        "twi",
    ),
    ("unknown measure", typed("Indicators", 7, "Measure", "smoking"), "B7", "doesn't exist"),
    ("unknown area", with_goal(Area="E06999999"), "cell D3", "doesn't exist"),
    ("unknown domain", typed("Indicators", 7, "Domain_code", "x"), "cell D7", "doesn't exist"),
    ("unknown type", typed("Indicators", 7, "Outcome_type", "x"), "cell E7", "doesn't exist"),
    (
        "unknown word",
        typed("Indicators", 7, "Life_cycle", "done"),
        "G7",
        "isn't an allowed value",
    ),
    ("empty", typed("Indicators", 7, "Title", None), "cell C7", "is empty"),
    ("half an order", typed("Indicators", 7, "Order", 1.5), "cell N7", "has the wrong form"),
    (
        "unknown programme",
        typed("Indicators", 7, "Programmes", "x"),
        "cell M7",
        "doesn't exist",
    ),
    (
        "wrong Fingertips id",
        typed("Indicators", 7, "Fingertips_id", 247),
        "O7",
        "another indicator",
    ),
    ("retired without a day", _retired(Reason="x"), "cell I7", "is empty beside retired"),
    ("retired without a reason", _retired(Counted_until=date(2025, 1, 1)), "J7", "is empty beside"),
    (
        "successor of the living",
        typed("Indicators", 7, "Followed_by", "BNSSG-M05"),
        "K7",
        "filled",
    ),
    ("no such successor", _retired(Followed_by="M99"), "cell K7", "a code that doesn't exist"),
    ("round of successors", _round, "cell K7", "comes round to where it started"),
    ("merged", lambda book: book["Indicators"].merge_cells("C7:C8"), "cell C7:C8", "merged cells"),
    (
        "no areas",
        typed("Framework", 3, "Areas", None),
        "cell G3",
        "doesn't go with the kind local",
    ),
    ("no day", typed("Framework", 3, "As_of", None), "cell C3", "on which day"),
    ("two editions", typed("Framework", 4, "Framework", "x"), "'Framework'", "which edition"),
    ("answer to nothing", typed("Principles", 3, "Code", "M99"), "cell B3", "doesn't exist"),
    (
        "answer without a why",
        typed("Principles", 3, "Code", "BNSSG-M04"),
        "cell D3",
        "with the code",
    ),
    ("share as target", with_goal(Target=0.05), "", ""),
    ("goal of another measure", with_goal(Measure="low_happiness"), "cell C3", "of this code"),
    ("goal by another name", with_goal(Goal="smoking"), "cell A3", "might be another framework's"),
    ("half a baseline", with_goal(Baseline_from=date(2020, 1, 1)), "cell H3", "half a baseline"),
    (
        "baseline after the target",
        with_goal(Baseline_from=date(2031, 1, 1), Baseline_to=date(2031, 12, 31)),
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


@pytest.fixture(scope="module")
def all_landed(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Landed at once: a form for each mistake, by its name; nothing of any is taken in."""
    place = Place(tmp_path_factory.mktemp("mistakes"))
    for name, change, _, _ in TESTED:
        place.put(f"{name}.xlsx", changed(change))
    place.land()
    assert place.ledger() == []
    assert place.query("select count(*) from raw.framework_cells") == [(0,)]
    return place


@pytest.mark.parametrize(
    ("name", "where", "what"), [(m[0], *m[2:]) for m in TESTED], ids=[m[0] for m in TESTED]
)
def test_each_mistake_is_told_by_sheet_and_cell(
    all_landed: Place, name: str, where: str, what: str
) -> None:
    lines = all_landed.refused(f"{name}.xlsx").problem.split("\n")[1:]
    assert [line for line in lines if where in line and what in line], lines
    assert all("To mend it: " in line for line in lines)
    assert not [line for line in lines if "seeds/" in line or ".csv" in line]


def test_a_target_shown_as_a_share_is_refused(place: Place) -> None:
    def change(book: Any) -> None:
        with_goal(Target=0.05)(book)
        book["Goals"]["I3"].number_format = "0%"

    assert "sheet 'Goals', cell I3: a share that is shown as per cent" in refusal(place, change)


def test_a_cell_at_the_end_of_the_sheet_is_refused_and_not_made_room_for(place: Place) -> None:
    told = refusal(place, lambda book: book["Goals"].cell(1_048_576, 3, "x"))
    assert "sheet 'Goals', cell P1048576: something stands far from the others" in told

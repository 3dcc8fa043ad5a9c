"""Rows that have no place among the values: which they are, and what is said of them, and where."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project import reporting, reporting_status, set_aside
from dagster_project.alerts import from_state
from dagster_project.home import Home
from dagster_project.pipeline import runs
from dagster_project.refresh import Outcome
from tests.support import models

Told = list[dict[str, Any]]
MODEL = models.MODELS / "intermediate" / "int_set_aside.sql"
LABEL = {
    "source_id": "fingertips",
    "extract_id": "1",
    "source_code": "247",
    "indicator_id": "dementia",
    "period_label": "2012/31",
    "is_without_area": False,
    "area_given": None,
    "row_count": 15.0,
}
EXTRACT = {
    "extract_id": "1",
    "source_id": "fingertips",
    "relative_path": "a.csv",
    "period": None,
    "vintage_date": None,
    "run_number": "1",
}
INDICATOR = {"indicator_id": "dementia", "year_type": "financial"}
PRACTICE = {"extract_id": "7", "period": "2020/21", "practice_code": "A81001", "group_code": "DEM"}
# Of an extract that the ledger doesn't have.
NO_QOF: dict[str, Told] = {
    "stg_qof__registers": [PRACTICE],
    "stg_qof__practice_geography": [PRACTICE],
    "int_latest_extracts": [{"extract_id": "0"}],
}
SEEN = {"source_id": "fingertips", "file": "a.csv", "source_code": "247"}


def set_aside_of(
    labels: Told, *extracts: dict[str, Any], qof: dict[str, Told] | None = None
) -> Told:
    """What int_set_aside makes of these labels, of extracts that the ledger has."""
    return models.rows(
        "intermediate/int_set_aside.sql",
        "intermediate/int_extract_order.sql",
        "intermediate/int_periods.sql",
        int_labels_landed=[LABEL | label for label in labels],
        int_indicators=[INDICATOR],
        stg_ledger__extracts=list(extracts) or [EXTRACT],
        **(qof or NO_QOF),
    )


@pytest.mark.parametrize(
    ("label", "reason", "got"),
    [
        ({}, "period_not_understood", "2012/31"),
        ({"period_label": None}, "period_not_stated", None),
        ({"is_without_area": True, "area_given": "Mordor"}, "area_without_code", "Mordor"),
        ({"indicator_id": None}, "indicator_not_registered", "247"),
    ],
)
def test_a_row_without_a_place_says_its_file_and_what_stood_there(
    label: dict[str, Any], reason: str, got: str | None
) -> None:
    understood = {"period_label": "2012/13"}
    assert set_aside_of([label, understood]) == [
        {**SEEN, "reason": reason, "got": got, "row_count": 15}
    ]


def test_a_file_that_was_replaced_in_its_place_is_spoken_of_no_more() -> None:
    mended = EXTRACT | {"extract_id": "2", "run_number": "2"}
    labels = [{}, {"extract_id": "2", "period_label": "2012/13"}]
    assert set_aside_of(labels, EXTRACT, mended) == []
    for beside in ({"relative_path": "b.csv"}, {"period": "2013/14"}, {"run_number": "1"}):
        assert len(set_aside_of(labels, EXTRACT, mended | beside)) == 1


def test_what_a_definition_counts_is_of_no_one_file() -> None:
    (row,) = set_aside_of([{"source_code": "dementia"}])
    assert (row["file"], row["reason"]) == (None, "period_not_understood")


def test_registers_wait_for_the_geography_of_their_year_and_each_practice_for_its_place() -> None:
    registers = EXTRACT | {"extract_id": "7", "source_id": "qof", "relative_path": "PREVALENCE.csv"}

    def without_place(*geography: dict[str, Any]) -> list[tuple[Any, ...]]:
        practices = [PRACTICE, PRACTICE | {"group_code": "AF"}]
        qof = {
            "stg_qof__registers": practices,
            "stg_qof__practice_geography": [PRACTICE | each for each in geography],
            "int_latest_extracts": [{"extract_id": "7"}],
        }
        understood = {"period_label": "2012/13"}
        found = set_aside_of([understood], EXTRACT, registers, qof=qof)
        assert {(each["source_id"], each["file"]) for each in found} <= {("qof", "PREVALENCE.csv")}
        told = [tuple(each[name] for name in ("reason", "got", "row_count")) for each in found]
        return sorted(set(told))

    assert without_place({}) == []
    another = {"practice_code": "A81002"}
    assert without_place(another) == [("practice_not_in_geography", "A81001", 1)]
    assert without_place({"period": "2019/20"}) == [("geography_not_landed", "2020/21", 1)]


def test_each_reason_has_its_words() -> None:
    reasons = re.findall(r"'((?:\w+_)+\w+)'\n\s+(?:when|else|end)", MODEL.read_text("utf-8"))
    reasons += re.findall(r"else '((?:\w+_)+\w+)'", MODEL.read_text("utf-8"))
    assert set(reasons) == set_aside.REASONS.keys()


def counted(*rows: tuple[Any, ...]) -> Told:
    """What is told of rows of int_set_aside: source, file, code, reason, what stood there, rows."""
    with duckdb.connect() as connection:
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_set_aside (source_id varchar, file varchar,"
            " source_code varchar, reason varchar, got varchar, row_count bigint)"
        )
        marks = ", ".join("?" * 6)
        connection.executemany(f"insert into intermediate.int_set_aside values ({marks})", rows)
        return set_aside.counted(connection)


MISTAKE = ("fingertips", "x/a.csv", "247", "period_not_understood", "2012/31", 14)
NOT_WANTED = ("proms", "b.csv", "Total Hip|EQ", "indicator_not_registered", "Total Hip|EQ", 900)


def test_faults_come_before_what_nobody_asked_for_and_say_all_of_it() -> None:
    also = (*MISTAKE[:2], "219", MISTAKE[3], "2012-31", 1)
    first, second = counted(NOT_WANTED, MISTAKE, also)
    assert (first["rows"], first["needs_a_hand"], second["needs_a_hand"]) == (15, True, False)
    assert first["message"].startswith(
        "x/a.csv: indicator '247' and 1 other: 15 rows of fingertips set aside: their period isn't"
        " understood. got '2012/31' and 1 other; expected a period such as 2015, "
    )
    assert " To mend it: correct the period in the file" in first["message"]
    assert second["got"] == "'Total Hip|EQ'"


def test_what_stands_in_a_file_is_shown_without_people_and_without_orders() -> None:
    cell = "\x1b[2J 943 476 5919 " + "long " * 20
    (told,) = counted((*MISTAKE[:1], "a\x1b.csv", *MISTAKE[2:4], cell, 1))
    said = str(told)
    assert "943 476 5919" not in said and "[NHS number]" in told["got"]
    assert "\x1b" not in told["message"] and "a\\x1b.csv" in told["message"]
    assert len(told["got"]) < 60


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of real data, in which a run has noted a mistake and what nobody asked for."""
    home = Home(tmp_path / "home")
    home.make()
    runs.start(home)
    told = counted(MISTAKE, NOT_WANTED)
    runs.note(home, set_aside.STEP, {"rows": 914, "files": told})
    runs.end(home, "published")
    return home


def test_a_run_that_builds_nothing_leaves_what_is_told_standing(home: Home) -> None:
    runs.start(home)
    runs.end(home, "nothing new")
    assert [each["file"] for each in set_aside.last_told(home)] == ["x/a.csv", "b.csv"]
    runs.start(home)
    runs.note(home, set_aside.STEP, {"rows": 0, "files": []})
    assert set_aside.last_told(home) == []


def test_a_note_of_an_earlier_version_tells_nothing(home: Home) -> None:
    runs.start(home)
    runs.note(home, set_aside.STEP, {"fingertips: period_not_understood": 14})
    assert set_aside.last_told(home) == []


def test_the_log_has_numbers_and_no_cell(home: Home) -> None:
    (log,) = home.logs.glob("*.jsonl")
    line = next(line for line in log.read_text("utf-8").splitlines() if "914" in line)
    assert '"told":{"rows":914,"files":2}' in line and "2012" not in line.split('"told"')[1]


def test_the_refresh_says_a_line_for_each_source_and_reason(home: Home) -> None:
    told = counted(MISTAKE, (*MISTAKE[:1], "c.csv", *MISTAKE[2:4], "last year", 3), NOT_WANTED)
    nothing = {
        **dict.fromkeys(("landed", "refused", "out_of_scope", "ignored", "rows_dropped"), ()),
        **dict.fromkeys(("rows_read", "known", "unchanged"), 0),
    }
    summary = {"landing": nothing, set_aside.STEP: {"rows": 917, "files": told}}
    outcome = Outcome(nothing_new=True, why="…", summary=summary)
    lines = reporting.refresh_lines(reporting.refresh_record(home, outcome))
    assert lines[1:4] == [
        "  rows set aside (what to do: `outcomes status --all`)",
        "    17 of fingertips, period not understood: '2012/31' in x/a.csv and 1 more file",
        "    900 of proms, indicator not registered: 'Total Hip|EQ' in b.csv",
    ]


def test_status_asks_for_a_hand_with_mistakes_and_names_the_rest(home: Home) -> None:
    record = reporting_status.status_record(home) | {"kind": "real"}
    brief, every = (reporting_status.status_lines(record, every=every) for every in (False, True))
    mistake, rest = (each["message"] for each in record["set_aside"])
    for lines in (brief, every):
        at = lines.index("Not among the values: 14 rows of 1 file")
        assert lines[at + 1] == f"  {mistake}" and at < lines.index("Latest release: none yet")
    assert "  900 of proms, indicator not registered: 'Total Hip|EQ' in b.csv" in brief
    assert f"  {rest}" in every and f"  {rest}" not in brief


WAITS = ("qof", "PREVALENCE.csv", "DEM", "geography_not_landed", "2020/21", 137_991)


def test_what_waits_for_another_file_says_for_which_and_where_it_is_to_be_had() -> None:
    (told,) = counted(WAITS)
    assert told["needs_a_hand"]
    for words in (
        "PREVALENCE.csv: 137,991 rows of qof set aside: they are practices'",
        "expected the QOF mapping of practices to NHS geographies of 2020/21. To mend it: put",
        "https://digital.nhs.uk/data-and-information/publications/statistical/quality-and-outcomes",
    ):
        assert words in told["message"]


def test_where_nothing_gives_a_value_each_source_says_why(home: Home) -> None:
    valueless = {"ods": 12, "qof": 137_991}
    (told,) = counted(WAITS)
    assert reporting.valueless_lines(valueless, [told]) == [
        "  ods: 12 rows, of which alone no value is made",
        f"  {told['message']}",
    ]
    runs.start(home)
    runs.note(home, set_aside.STEP, {"rows": 137_991, "files": [told]})
    runs.note(home, "valueless", valueless)
    runs.end(home, "nothing to publish")
    lines = reporting_status.status_lines(reporting_status.status_record(home) | {"kind": "real"})
    assert lines.count(f"  {told['message']}") == 1 and "Nothing needs a hand." not in lines
    at = lines.index("Latest release: none yet: no extract has landed that gives a value")
    assert lines[at + 1] == "  ods: 12 rows, of which alone no value is made"


def test_a_mistake_is_an_alert_without_its_cell_and_what_nobody_asked_for_is_none(
    home: Home,
) -> None:
    (cause,) = from_state.rows_set_aside(home)
    assert (cause.kind, cause.source_id) == ("rows_set_aside", "fingertips")
    assert cause.facts["file"] == "x/a.csv" and "2012/31" not in cause.as_json()

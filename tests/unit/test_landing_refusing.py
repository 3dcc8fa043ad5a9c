"""Hostile and broken files: each is refused in words that help, the rest of the inbox lands.

All of them stand in one inbox that is landed once, as they might stand in a real one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from dagster_project.landing import limits
from dagster_project.sources import ascof
from dagster_project.sources.fingertips import INDICATOR_CSV
from dagster_project.sources.layout import Layout
from tests.support import landing_files as files
from tests.support.landing_files import as_csv, as_xlsx, fingertips
from tests.support.landing_hostile import CASES, GOOD
from tests.support.landing_place import Place, snapshot


@dataclass
class Landed:
    place: Place
    before: dict[str, tuple[bytes, int, int]]


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Landed:
    place = Place(tmp_path_factory.mktemp("hostile"))
    for name, content in GOOD.items():
        place.put(name, content)
    for name, case in CASES.items():
        place.put(name, case.content)
    before = snapshot(place.inbox)
    place.land()
    return Landed(place, before)


def shown(name: str) -> str:
    return name.replace("\x1b", "\\x1b").replace("\n", "\\n")


@pytest.mark.parametrize("name", CASES)
def test_each_is_refused_in_words_that_help(landed: Landed, name: str) -> None:
    case, refusal = CASES[name], landed.place.refused(shown(name))
    assert case.problem in refusal.problem
    assert case.fix in str(refusal.fix)
    assert case.place in str(refusal.place)
    assert case.got in str(refusal.got)
    assert case.expected in str(refusal.expected)
    assert refusal.message.startswith(shown(name))
    assert refusal.message.isprintable()


@pytest.mark.parametrize("name", CASES)
def test_each_is_in_quarantine_with_its_reason_and_bytes(landed: Landed, name: str) -> None:
    case, place = CASES[name], landed.place
    reason = place.reason(case.content)
    refusal = place.refused(shown(name))
    assert reason["message"] == refusal.message
    assert (reason["problem"], reason["fix"]) == (refusal.problem, refusal.fix)
    assert reason["bytes"] == len(case.content)
    assert reason["bytes_kept"] is case.kept
    assert place.kept(case.content) is case.kept
    # What can't be searched isn't kept, and that is said.
    assert ("no copy of it is kept" in reason["fix"]) is not case.kept


def test_every_other_file_landed(landed: Landed) -> None:
    assert sorted(landed.place.summary.landed) == sorted(GOOD)
    assert len(landed.place.summary.refused) == len(CASES)
    landed.place.agrees()


def test_the_inbox_is_as_it_was(landed: Landed) -> None:
    assert snapshot(landed.place.inbox) == landed.before


def test_the_ledger_remembers_each_refusal(landed: Landed) -> None:
    told = {row["relative_path"]: row for row in landed.place.refusals()}
    assert set(told) == {shown(name) for name in CASES}
    row = told["footnote.csv"]
    assert json.loads(row["details"])["got"] == "'12.3*'"
    assert (row["bytes_kept"], row["run_number"]) == (1, 1)


def test_a_second_run_says_the_same_without_reading_them_again(landed: Landed) -> None:
    place = landed.place
    first = [refusal.message for refusal in place.summary.refused]
    entries = snapshot(place.home.quarantine)
    summary = place.land()
    assert [refusal.message for refusal in summary.refused] == first
    assert (summary.unchanged, summary.known, summary.landed) == (len(GOOD), 0, [])
    assert snapshot(place.home.quarantine) == entries


def test_nothing_half_read_is_left_in_the_home(landed: Landed) -> None:
    place = landed.place
    assert place.query("select count(*) from raw.loaded") == [(len(GOOD),)]
    tables = place.query("select table_name from duckdb_tables() where schema_name not in ('raw')")
    assert tables == []


def test_a_file_that_would_be_too_large_is_not_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 100)
    place = Place(tmp_path)
    place.put("large.csv", as_csv(fingertips()))
    place.land()
    refusal = place.refused("large.csv")
    assert refusal.problem == "the file is too large"
    assert refusal.expected == "at most 100"
    assert list(place.home.quarantine.iterdir()) == []


def test_more_rows_than_a_layout_may_have_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for layout in (INDICATOR_CSV, open_data("xlsx")):
        monkeypatch.setitem(layout.__dict__, "max_rows", 2)
    place = Place(tmp_path)
    place.put("long.csv", as_csv(fingertips()))
    place.put("long 2020-21.xlsx", as_xlsx({"in": files.ascof()}))
    place.land()
    for name in ("long.csv", "long 2020-21.xlsx"):
        refusal = place.refused(name)
        assert refusal.problem == "more rows than this layout may have"
        assert refusal.expected == "at most 2"


def open_data(container: str) -> Layout:
    return next(layout for layout in ascof.LAYOUTS if layout.container == container)

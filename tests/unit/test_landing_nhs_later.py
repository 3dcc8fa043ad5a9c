"""A name that holds an NHS number, and a number that is found later: nothing of it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagster_project.landing import limits, nhs_numbers
from tests.support import landing_files as files
from tests.support.landing_files import as_csv, as_zip, change, fingertips
from tests.support.landing_place import Place
from tests.support.numbers_of_people import HYPHENED, LINES, NEEDLES, NOTE, ONE, SPACED


@pytest.mark.parametrize("name", [f"patient {SPACED}.csv", f"{ONE}/export.csv"])
def test_a_name_that_holds_a_number_is_not_repeated(tmp_path: Path, name: str) -> None:
    place = Place(tmp_path)
    place.put(name, as_csv(fingertips()))
    place.put("m.zip", as_zip({f"{HYPHENED}.csv": as_csv(fingertips())}))
    summary = place.land()
    assert summary.landed == []
    assert len(summary.refused) == 2
    for refusal in summary.refused:
        assert refusal.problem == "the file's name holds an NHS number, so it isn't opened"
        assert "[NHS number]" in str(refusal.file)
        assert not nhs_numbers.find_in(refusal.message)
    assert place.files_with(*NEEDLES) == []


def test_what_later_code_refuses_for_a_number_leaves_no_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path)
    content = as_csv(change(fingertips(), 2, "Value note", NOTE))
    with monkeypatch.context() as patched:
        patched.setattr(nhs_numbers, "too_many", lambda *_: 0)
        place.put("note.csv", content)
        place.land()
    assert place.ledger()
    place.home.warehouse.unlink()
    (place.inbox / "note.csv").unlink()
    place.land()
    assert [refusal.got for refusal in place.taken_back] == ["1 valid NHS number"]
    assert place.ledger() == []
    assert place.reason(content)["bytes_kept"] is False
    assert place.files_with(*NEEDLES) == []


def test_what_quarantine_held_before_goes_when_a_number_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path)
    content = LINES.encode()
    with monkeypatch.context() as patched:
        patched.setattr(nhs_numbers, "find_in_bytes", lambda chunks: {})
        place.put("list.csv", content)
        place.land()
    assert place.kept(content)
    place.put("again.csv", content)
    place.land()
    assert not place.kept(content)
    assert place.reason(content)["bytes_kept"] is False
    assert place.files_with(*NEEDLES) == []


def test_a_removal_that_was_killed_half_way_is_finished(tmp_path: Path) -> None:
    place = Place(tmp_path)
    content = LINES.encode()
    path = place.put("list.csv", content)
    place.land()
    # As if the process had been killed between the note and the removal.
    for folder in (place.home.landing, place.home.quarantine):
        (folder / files.sha256(content)).mkdir(exist_ok=True)
        (folder / files.sha256(content) / "extract").write_bytes(content)
    path.unlink()
    place.land()
    assert place.files_with(*NEEDLES) == []


def test_a_search_of_a_zip_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SEARCHED_BYTES", 3 * 2**20)
    monkeypatch.setattr(limits, "MAX_PART_AT_ONCE", 2**20)
    place = Place(tmp_path)
    content = as_zip({"../zeros.csv": b"0" * 40_000_000, "more.csv": b"1" * 2_000_000})
    place.put("bomb.zip", content)
    place.land()
    assert place.refused("bomb.zip").problem == "the zip has a member whose path leads outside it"
    assert place.kept(content)

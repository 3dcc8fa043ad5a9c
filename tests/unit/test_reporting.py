"""What the command says of the checks that failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dagster_project import reporting
from dagster_project.home import Home
from dagster_project.refresh import Outcome
from dagster_project.reporting import _failing_line


@pytest.mark.parametrize(
    ("values", "groups", "said"),
    [
        (1, 1, "1 value"),
        (1_234, 7, "1,234 values"),
        (0, 1, "1 group of values"),
        (0, 462, "462 groups of values"),
    ],
)
def test_values_are_counted_where_they_can_be_named_and_else_groups(
    values: int, groups: int, said: str
) -> None:
    failing = {"check": "C32", "title": "It is so", "values": values, "groups": groups}
    assert _failing_line(failing) == f"  C32 failed for {said}; what should be true: It is so"


@pytest.mark.parametrize(
    ("noted", "said"),
    [
        (3, "Refused: 3 files (reasons in quarantine/)"),
        (2, "Refused: 3 files (reasons of 2 in quarantine/)"),
        (0, "Refused: 3 files"),
    ],
)
def test_quarantine_is_named_for_what_stands_there(noted: int, said: str) -> None:
    refused = [{"file": f"{n}.csv", "problem": "not a number", "message": "…"} for n in range(3)]
    landing: dict[str, Any] = {
        **dict.fromkeys(("landed", "out_of_scope", "ignored", "rows_dropped"), ()),
        **dict.fromkeys(("rows_read", "known", "unchanged"), 0),
        "refused": refused,
        "in_quarantine": noted,
    }
    assert said in reporting._landing_lines(landing, {})


def test_an_inbox_without_a_file_is_named(tmp_path: Path) -> None:
    nothing = {
        **dict.fromkeys(("landed", "refused", "out_of_scope", "ignored", "rows_dropped"), ()),
        **dict.fromkeys(("rows_read", "known", "unchanged"), 0),
    }
    outcome = Outcome(nothing_new=True, why="…", summary={"landing": nothing})

    def said() -> str:
        record = reporting.refresh_record(Home(tmp_path), outcome, None, (tmp_path / "inbox",))
        return reporting.refresh_lines(record)[0]

    (tmp_path / "inbox").mkdir()
    assert said().startswith(f"Empty: {tmp_path / 'inbox'} holds no file; expected: extracts ")
    (tmp_path / "inbox" / "extract.csv").touch()
    assert said() == "Landed: 0 files, 0 rows"

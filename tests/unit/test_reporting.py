"""What the command says of the checks that failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dagster_project import reporting
from dagster_project.home import Home
from dagster_project.refresh import Outcome
from dagster_project.reporting import failing_lines


def failing(check: str, *, holds: bool, values: int = 0, groups: int = 1) -> dict[str, Any]:
    """What the judging noted of a check that failed."""
    its = {"check": check, "title": f"{check} is so", "holds": holds}
    return its | {"values": values, "groups": groups}


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
    warned = failing("C32", holds=False, values=values, groups=groups)
    assert failing_lines([warned], {}, 0) == [
        "  Only warned of, and published. What should be true and isn't:",
        f"    C32  {said}: C32 is so",
    ]


def test_what_holds_values_back_stands_apart_from_what_only_warns() -> None:
    waived, few, many = (failing(each, holds=True, values=9) for each in ("C08", "C09", "L04"))
    warned = failing("C12", holds=False, values=7)
    held = {"C09": 1, "L04": 1_950}
    assert failing_lines([waived, few, warned, many], held, 1_950) == [
        "  Held back: 1,950 values. What should be true and isn't:",
        "    L04  1,950 values: L04 is so",
        "    C09  1 value: C09 is so",
        # A waiver lets them through, or they are hidden or taken back anyway.
        "    C08  none of 9 values: C08 is so",
        "  Only warned of, and published. What should be true and isn't:",
        "    C12  7 values: C12 is so",
    ]
    assert failing_lines([], {}, 0) == []


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

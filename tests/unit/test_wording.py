"""What the command says is short, counts with separators, and names the way out."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dagster_project import cli, reporting, reporting_status
from dagster_project.calendar import today
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.refresh import Outcome

LANDING: dict[str, Any] = {
    "landed": [],
    "known": 1200,
    "unchanged": 34,
    "rows_read": 0,
    "rows_dropped": {},
    "refused": [],
    "out_of_scope": [],
    "ignored": [],
}
SOURCE = {
    "source_id": "qof",
    "last_landed": None,
    "next_due": None,
    "state": "never landed",
    "live": None,
}


def refused(count: int) -> list[dict[str, str]]:
    return [
        {"problem": "too large", "file": f"{n}.csv", "message": f"{n}.csv: too large."}
        for n in range(count)
    ]


def refresh_lines(as_of: date | None = None, **landing: Any) -> list[str]:
    outcome = Outcome(nothing_new=True, why="…", summary={"landing": LANDING | landing})
    return reporting.refresh_lines(reporting.refresh_record(Home(Path("/h")), outcome, as_of))


def status_lines(every: bool, **said: Any) -> list[str]:
    record = {"home": "/h", "kind": "real", "state": None, "sources": [SOURCE], "latest": None}
    record |= {
        "refused": [],
        "set_aside": [],
        "valueless": {},
        "out_of_scope": [],
        "waivers": [],
        "alerts": [],
        "undelivered": [],
    }
    record |= {"unreached": [], "mistake": None, "under_way": None}
    record |= said
    return reporting_status.status_lines(record, every=every)


def test_counts_have_separators() -> None:
    assert refresh_lines()[0] == "Landed: 0 files, 0 rows; 1,234 already known"
    lines = refresh_lines(refused=refused(1500))
    assert lines[2] == "  too large: 0.csv and 1,499 more"


def test_what_is_ignored_is_told_by_its_reason() -> None:
    ignored = [["a", "made by a desktop, not an extract"]] * 2
    lines = refresh_lines(ignored=[*ignored, ["p", "a pipe, socket or device, not a file"]])
    assert lines[1] == (
        "Ignored: 3 files (2 made by a desktop, not an extract;"
        " 1 a pipe, socket or device, not a file)"
    )


def test_status_lists_hundreds_of_refusals_only_when_asked() -> None:
    many = refused(300)
    short = status_lines(every=False, refused=many)
    assert "  too large: 0.csv and 299 more" in short
    assert "  `outcomes status --all` says of each what was got, expected, and what to do" in short
    assert len(short) < 12
    assert "  299.csv: too large." in status_lines(every=True, refused=many)
    few = status_lines(every=False, refused=refused(3))
    assert [line for line in few if "too large" in line] == [
        f"  {n}.csv: too large." for n in range(3)
    ]


def source(name: str, state: str, landed: str | None = "2026-11-01") -> dict[str, Any]:
    late = {"state": state, "working_days_late": 3}
    return {**SOURCE, "source_id": name, "last_landed": landed, "next_due": "2026-11-03", **late}


def test_status_begins_with_what_needs_a_hand_and_ends_with_what_never_landed() -> None:
    sources = [
        source("a", "never landed", None),
        source("b", "up to date"),
        source("c", "late"),
        source("d", "overdue"),
        source("e", "never landed", None),
    ]
    latest = {"release": "1.2.0-abc", "counts": {"held": 2, "published": 1234}}
    said = {"sources": sources, "refused": refused(1), "latest": latest}
    lines = [line for line in status_lines(every=False, **said) if line]
    assert lines[1:] == [
        "Late or due: 2 sources",
        "  d  last 2026-11-01  next due 2026-11-03  overdue, by 3 working days",
        "  c  last 2026-11-01  next due 2026-11-03  late, by 3 working days",
        "Refused at the last run: 1 file",
        "  0.csv: too large.",
        "Held: 2 values of the latest release",
        "Latest release: 1.2.0-abc",
        "  2 held",
        "  1,234 published",
        "Sources",
        "  b  last 2026-11-01  next due 2026-11-03  up to date",
        "Never landed: 2 of 5 sources (`outcomes status --all` lists them)",
    ]
    listed = [line[2] for line in status_lines(every=True, **said) if "  last " in line]
    assert listed == ["d", "c", "a", "b", "c", "d", "e"]


def test_status_says_that_nothing_needs_a_hand() -> None:
    assert "Nothing needs a hand." in status_lines(every=False, sources=[source("b", "up to date")])


def test_another_day_than_today_explains_itself() -> None:
    assert refresh_lines(date(2020, 1, 2))[0].startswith("As of 2020-01-02: that day decides which")
    assert refresh_lines(today()) == refresh_lines()


HOW_TO = sorted((PROJECT_ROOT / "docs" / "how-to").glob("*.md"))


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.stem)
def test_a_command_of_a_how_to_can_be_typed_as_it_stands(page: Path) -> None:
    """In the checkout the command is .venv/bin/outcomes; it is on nobody's PATH by itself."""
    blocks = page.read_text("utf-8").split("```")[1::2]
    lines = [line for block in blocks for line in block.splitlines()]
    assert [line for line in lines if re.match(r"\s*([A-Z_]+=\S+ +)*outcomes [a-z-]+", line)] == []


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["refresh", "extracts"], "To take in a folder: outcomes refresh --inbox extracts."),
        (["refresh", "--extracts"], "unrecognized arguments: --extracts."),
        (["status", "extracts"], "unrecognized arguments: extracts. See `outcomes status --help`."),
        (["refresh", "--smaple"], "Did you mean: --sample. See `outcomes refresh --help`."),
        (["refresh", "--as=1", "--inbux=x"], "Did you mean: --inbox."),
        (["new-indicator", "Falls", "At"], "Did you mean: outcomes new-indicator falls_at."),
    ],
)
def test_a_folder_that_is_merely_named_gets_a_hint(
    capsys: pytest.CaptureFixture[str], words: list[str], hint: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    assert hint in capsys.readouterr().err


def test_the_help_of_each_verb_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in cli.VERBS:
        with pytest.raises(SystemExit):
            cli.main([verb, "--help"])
        before, _, described = capsys.readouterr().out.partition("\n\n")
        assert before.startswith(f"usage: outcomes {verb} ")
        assert described.partition("\n\n")[0].strip().endswith((".", "…")), verb

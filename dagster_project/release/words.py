"""What the codes of a release are called where people read them, from `seeds/`."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from dagster_project.home import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "seeds"
# What a reason's label says again, where the status stands beside it.
SAID_BEFORE = ("Not calculated: ", "Held: ", "Published without limits: ")


def words(table: str, column: str) -> dict[str, str]:
    """The label of each code of a released column, in the order of the codes."""
    return {word: label for word, label, _ in _state_words().get((table, column), ())}


def meanings(table: str, column: str) -> dict[str, tuple[str, str]]:
    """Label and meaning of each code of a released column, in the order of the codes."""
    return {
        word: (label, meaning) for word, label, meaning in _state_words().get((table, column), ())
    }


@cache
def reasons() -> dict[str, str]:
    """The label of each reason why a value, a comparison or a trend isn't there."""
    labels = {}
    for row in _rows(SEEDS / "status_reasons.csv"):
        label = row["label"]
        for said in SAID_BEFORE:
            label = label.removeprefix(said)
        labels[row["status_reason"]] = label[:1].upper() + label[1:]
    return labels | words("comparisons", "reason")


def in_words(code: str) -> str:
    """A code for which there is no label, read aloud: too_few_events is Too few events."""
    text = code.replace("_", " ")
    return text[:1].upper() + text[1:]


@cache
def _state_words() -> dict[tuple[str, str], list[tuple[str, str, str]]]:
    found: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for row in sorted(_rows(SEEDS / "state_words.csv"), key=lambda row: int(row["sort_order"])):
        place = (row["released_table"], row["column_name"])
        found.setdefault(place, []).append((row["word"], row["label"], row["meaning"]))
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))

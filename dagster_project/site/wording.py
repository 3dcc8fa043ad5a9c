"""The release's codes in words: one way for every page."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dagster_project.home import PROJECT_ROOT

WORDS = Path(__file__).with_name("wording.yml")
SEEDS = PROJECT_ROOT / "seeds"


@cache
def words(subject: str) -> Mapping[str, Any]:
    """The words of one subject of wording.yml, by code."""
    found: Mapping[str, Any] = _all()[subject]
    return found


def word(subject: str, code: str | None) -> str:
    """A code in words; one that has none is said plainly, since a newer release may have more."""
    if not code:
        return ""
    return str(words(subject).get(code, plain(code)))


def plain(code: str) -> str:
    """A code read aloud: too_few_events is Too few events."""
    text = code.replace("_", " ")
    return text[:1].upper() + text[1:]


def reason(code: str | None) -> str:
    """Why something is missing, held, not compared or not calculated; a check's id stays as it is."""
    if not code:
        return ""
    known = words("reasons").get(code) or _status_reasons().get(code)
    return str(known or plain(code))


def why_not(code: str) -> str:
    """Why two measures aren't comparable, as a sentence."""
    return _sentences().get(code, f"{plain(code)}.")


def trend(direction: str | None, judgement: str | None) -> str:
    """Which way a series goes and what that means; empty where no trend is calculated."""
    if direction is None or direction not in words("trends"):
        return ""
    said = words("trends")[direction]
    return str(said.get(judgement) or said["no_judgement"])


def meanings(table: str, column: str) -> list[dict[str, str]]:
    """The words of one column of a released table, with what each means, in their order."""
    rows = [
        row
        for row in seed("state_words")
        if (row["released_table"], row["column_name"]) == (table, column)
    ]
    return sorted(rows, key=lambda row: int(row["sort_order"]))


def meaning(table: str, column: str, code: str) -> dict[str, str]:
    """The label and meaning of one word."""
    found = (row for row in meanings(table, column) if row["word"] == code)
    return next(found, {"word": code, "label": plain(code), "meaning": ""})


@cache
def seed(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a seed that holds words, in its order."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


@cache
def sources() -> Mapping[str, dict[str, str]]:
    """What is known of each source, by its id."""
    return {row["source_id"]: row for row in seed("sources")}


def source_title(source_id: str) -> str:
    """A source as its publisher calls it."""
    known = sources().get(source_id)
    return known["title"] if known else plain(source_id)


@cache
def owners() -> Mapping[str, dict[str, str]]:
    """The roles that own indicators, by their id."""
    return {row["owner_id"]: row for row in seed("owners")}


@cache
def _status_reasons() -> Mapping[str, str]:
    return {row["status_reason"]: row["label"] for row in seed("status_reasons")}


@cache
def _sentences() -> Mapping[str, str]:
    return {row["reason"]: row["sentence"] for row in seed("comparability_reasons")}


@cache
def _all() -> Mapping[str, Mapping[str, Any]]:
    loaded: Mapping[str, Mapping[str, Any]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return loaded

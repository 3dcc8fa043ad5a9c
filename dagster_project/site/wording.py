"""The release's codes in words: one way for every page."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dagster_project.home import PROJECT_ROOT
from dagster_project.release import words as released
from dagster_project.release.words import in_words

# Subjects whose words stand in seeds/state_words.csv: the released table, and its column.
SHARED = {
    "judgements": ("comparisons", "judgement"),
    "statuses": ("indicator_values", "status"),
    "flags": ("indicator_values", "flags"),
    "goals": ("goals", "state"),
    "origins": ("indicator_values", "origin"),
    "coverage": ("coverage", "coverage"),
    "causes": ("changes", "cause"),
}
WORDS = Path(__file__).with_name("wording.yml")
SEEDS = PROJECT_ROOT / "seeds"


@cache
def words(subject: str) -> Mapping[str, Any]:
    """The words of one subject by code: those that the workbook shares, or those of wording.yml."""
    if subject in SHARED:
        return released.words(*SHARED[subject])
    found: Mapping[str, Any] = _all()[subject]
    return found


@cache
def word(subject: str, code: str | None) -> str:
    """A code in words; one that has none is said plainly, since a newer release may have more."""
    if not code:
        return ""
    return str(words(subject).get(code, in_words(code)))


def within(text: str) -> str:
    """Words as they stand within a sentence: what begins with one capital begins with none."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def group_within(name: str) -> str:
    """A group within a sentence: sexes and degrees of deprivation are words, others are names."""
    return within(name) if name in words("sexes").values() or "deprived" in name else name


def reason(code: str | None) -> str:
    """Why something is missing, held, not compared or not calculated."""
    if not code:
        return ""
    return str(words("reasons").get(code) or released.reasons().get(code) or in_words(code))


def why_not(code: str) -> str:
    """Why two measures aren't comparable, as a sentence."""
    return _sentences().get(code, f"{in_words(code)}.")


@cache
def trend(direction: str | None, judgement: str | None) -> str:
    """Which way a series goes and what that means; empty where no trend is calculated."""
    if direction is None or direction not in words("trends"):
        return ""
    said = words("trends")[direction]
    return str(said.get(judgement) or said["no_judgement"])


def meanings(table: str, column: str) -> list[tuple[str, str]]:
    """Label and meaning of each word of a released column, in their order."""
    return list(released.meanings(table, column).values())


def meaning(subject: str, code: str) -> str:
    """What a word of one subject means; empty where it isn't told."""
    return released.meanings(*SHARED[subject]).get(code, ("", ""))[1]


@cache
def seed(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a seed that holds words, in its order."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


@cache
def small_numbers() -> Mapping[str, str]:
    """What each disclosure policy does, by its id."""
    return {row["disclosure_policy"]: row["description"] for row in seed("disclosure_policies")}


@cache
def method_titles() -> Mapping[str, str]:
    """What each method is called, by its id."""
    return {row["method"]: row["title"] for row in seed("methods")}


@cache
def sources() -> Mapping[str, dict[str, str]]:
    """What is known of each source, by its id."""
    return {row["source_id"]: row for row in seed("sources")}


def source_title(source_id: str) -> str:
    """A source as its publisher calls it."""
    known = sources().get(source_id)
    return known["title"] if known else in_words(source_id)


@cache
def owners() -> Mapping[str, dict[str, str]]:
    """The roles that own indicators, by their id."""
    return {row["owner_id"]: row for row in seed("owners")}


@cache
def _sentences() -> Mapping[str, str]:
    return {row["reason"]: row["sentence"] for row in seed("comparability_reasons")}


@cache
def _all() -> Mapping[str, Mapping[str, Any]]:
    loaded: Mapping[str, Mapping[str, Any]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return loaded

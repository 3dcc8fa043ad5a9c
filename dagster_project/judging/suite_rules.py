"""Every rule that a check must keep, and the one list in which broken rules are collected."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from dagster_project.errors import RegistryError
from dagster_project.judging.suites import (
    BETWEEN,
    EXPECTATIONS,
    OUR_WORDS,
    OWNERS,
    REACHES,
    SEVERITIES,
    Check,
)

TEXTS = ("title", "why", "do", "because", "tested")
CHOICES = {
    "severity": SEVERITIES,
    "owner": OWNERS,
    "reach": REACHES,
    "expect": tuple(EXPECTATIONS),
}
# Words that may be left out, and name a column where they aren't.
COLUMNS = {
    "rows": "no row figure named",
    "applies": "no column says where the check applies",
    "names": "no column names what fails",
}
CHECK_ID = re.compile(r"[CL][0-9]{2,3}")


@dataclass
class Problems:
    """Every problem met so far; `place` is the key inside the file."""

    file: str
    found: list[RegistryError] = field(default_factory=list)

    def add(self, place: str, problem: str, got: object, expected: str, fix: str) -> None:
        self.found.append(
            RegistryError(
                problem, file=self.file, place=place, got=repr(got), expected=expected, fix=fix
            )
        )


def raise_problems(found: list[RegistryError]) -> None:
    """Nothing happens if there are none; otherwise one RegistryError that tells them all."""
    if len(found) == 1:
        raise found[0]
    if found:
        listed = "".join(f"\n- {problem.message}" for problem in found)
        raise RegistryError(f"{len(found)} problems in the suites:{listed}")


def read_check(name: str, rule: Any, problems: Problems) -> Check | None:
    """One check; None, with its problems noted, where a rule is broken."""
    place = f"checks.{name}"
    before = len(problems.found)
    if not CHECK_ID.fullmatch(name):
        problems.add(
            place, "the id is malformed", name, "C or L and two or three digits", "rename it"
        )
    if not isinstance(rule, dict):
        problems.add(place, "the check is empty", rule, "a mapping of words", "write it out")
        return None
    _check_words(place, rule, problems)
    if rule.get("expect") in CHOICES["expect"]:
        _check_arguments(place, rule, problems)
        _check_rows(place, rule, problems)
    _check_reach(place, rule, problems)
    if len(problems.found) > before:
        return None
    ours = {word: value for word, value in rule.items() if word in OUR_WORDS}
    theirs = {word: value for word, value in rule.items() if word not in OUR_WORDS}
    return Check(check_id=name, arguments=MappingProxyType(theirs), **ours)


def _check_words(place: str, rule: dict[str, Any], problems: Problems) -> None:
    """Our own words: present, of the right kind, from their list."""
    for word in TEXTS:
        if not is_text(rule.get(word)):
            problems.add(
                f"{place}.{word}", "the word is missing", rule.get(word), "text", f"add {word}"
            )
    for word, allowed in CHOICES.items():
        if rule.get(word) not in allowed:
            problems.add(
                f"{place}.{word}",
                "the word is missing or not in its list",
                rule.get(word),
                f"one of {', '.join(allowed)}",
                "choose one of these",
            )
    since = rule.get("since")
    if not isinstance(since, date) or isinstance(since, datetime):
        problems.add(
            f"{place}.since",
            "the bound isn't dated",
            since,
            "a date such as 2026-11-22",
            "give the day from which this bound holds",
        )
    for word in ("shadow", "waivable"):
        if not isinstance(rule.get(word, False), bool):
            problems.add(f"{place}.{word}", "not a yes or no", rule[word], "true or false", "mend")
    for word, problem in COLUMNS.items():
        if word in rule and not is_text(rule[word]):
            problems.add(f"{place}.{word}", problem, rule[word], "a column", "name it")


def _check_arguments(place: str, rule: dict[str, Any], problems: Problems) -> None:
    """What goes to Great Expectations: known names, a column, a bound that can be met."""
    allowed = EXPECTATIONS[rule["expect"]]
    for word in sorted(str(word) for word in set(rule) - OUR_WORDS - allowed):
        problems.add(
            f"{place}.{word}",
            "the word is neither ours nor this expectation's",
            word,
            ", ".join(sorted(allowed | OUR_WORDS)),
            "correct the spelling, or make it a figure in the evidence model",
        )
    if not is_text(rule.get("column")):
        problems.add(f"{place}.column", "no figure named", rule.get("column"), "text", "name it")
    if "mostly" in rule and not (_is_number(rule["mostly"]) and 0 <= rule["mostly"] <= 1):
        problems.add(f"{place}.mostly", "not a share", rule["mostly"], "0 to 1", "mend it")
    if rule["expect"] == BETWEEN:
        _check_bounds(place, rule, problems)
    elif not isinstance(rule.get("value_set"), list) or not rule["value_set"]:
        problems.add(
            f"{place}.value_set", "no values", rule.get("value_set"), "a list", "list the values"
        )


def _check_bounds(place: str, rule: dict[str, Any], problems: Problems) -> None:
    given = {word: rule[word] for word in ("min_value", "max_value") if word in rule}
    if not given:
        problems.add(place, "there is no bound", None, "min_value or max_value", "add one")
    wrong = {word: value for word, value in given.items() if not _is_number(value)}
    for word, value in wrong.items():
        problems.add(
            f"{place}.{word}",
            "the bound isn't a finite number",
            value,
            "a number; YAML reads 1e-6 as text and 1.0e-6 as a number",
            "write it as a number",
        )
    for word in ("strict_min", "strict_max"):
        if not isinstance(rule.get(word, False), bool):
            problems.add(f"{place}.{word}", "not a yes or no", rule[word], "true or false", "mend")
    if len(given) == 2 and not wrong and given["min_value"] > given["max_value"]:
        problems.add(
            place,
            "no figure can meet the bounds",
            given,
            "min_value at most max_value",
            "exchange them",
        )


def _check_rows(place: str, rule: dict[str, Any], problems: Problems) -> None:
    """A row figure may follow its group's only if group and rows must agree.

    max(gap) <= t exactly when every gap <= t, and min(gap) >= t likewise. It holds for one bound
    and the matching extreme; not for a share that may fail, for sets, or for both ends at once.
    """
    if not is_text(rule.get("rows")):
        return
    one_bound = ("min_value" in rule) != ("max_value" in rule)
    if rule["expect"] != BETWEEN or not one_bound or "mostly" in rule:
        problems.add(
            f"{place}.rows",
            "rows can't be judged by a group's figure here",
            rule["rows"],
            f"{BETWEEN} with one bound and no mostly",
            "make the figure a distance with one bound, or delete rows",
        )
        return
    extreme = "max" if "max_value" in rule else "min"
    # Another figure's count would say of rows that fail that none was tested.
    for word, part, problem in (
        ("column", extreme, "the group's figure isn't the extreme of the row figure"),
        ("tested", "tested", "the group's count isn't that of the row figure"),
    ):
        expected = f"{rule['rows']}_{part}"
        if rule.get(word) != expected:
            problems.add(
                f"{place}.{word}",
                problem,
                rule.get(word),
                expected,
                f"write {expected}, or name other rows",
            )


def _check_reach(place: str, rule: dict[str, Any], problems: Problems) -> None:
    """What a failure holds must fit the severity, and `key` needs rows to name."""
    severity, reach = rule.get("severity"), rule.get("reach")
    if severity in SEVERITIES and reach in REACHES:
        if severity == "critical" and reach == "nothing":
            problems.add(
                f"{place}.reach",
                "a critical check must hold something",
                reach,
                ", ".join(REACHES[1:]),
                "say what is held, or make it a warning",
            )
        if severity != "critical" and reach != "nothing":
            problems.add(
                f"{place}.reach",
                f"severity {severity} holds nothing",
                reach,
                "nothing",
                "write nothing, or make it critical",
            )
    if reach == "key" and "rows" not in rule:
        problems.add(
            f"{place}.reach",
            "no single value can be named without a row figure",
            reach,
            "group, series or extract",
            "widen the reach, or name the row figure in rows",
        )


def is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)

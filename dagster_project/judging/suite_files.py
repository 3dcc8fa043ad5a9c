"""Reading the suite files of a directory: a file that breaks a rule stops the load."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from dagster_project.errors import RegistryError
from dagster_project.judging.suite_rules import Problems, is_text, raise_problems, read_check
from dagster_project.judging.suites import SOMETHING_JUDGED, Check, Suite, suite_files

SUITE_WORDS = frozenset({"question", "frame", "key", "rows_frame", "rows_key", "checks"})


class SuiteLoader(yaml.SafeLoader):
    """YAML in which a key given twice is an error: the usual loader keeps the last in silence."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                line = key.start_mark.line + 1
                raise yaml.YAMLError(f"{key.value!r} is given twice, again on line {line}")
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def read_suites(directory: Path) -> tuple[Suite, ...]:
    """Every suite of the directory, or RegistryError with every problem of every file."""
    found = _directory_problems(directory)
    suites = []
    owners: dict[str, str] = {SOMETHING_JUDGED.check_id: "the judge itself"}
    for path in suite_files(directory):
        problems = Problems(f"{directory.name}/{path.name}")
        suite = _read_suite(path, problems)
        for check in suite.checks if suite else ():
            if check.check_id in owners:
                problems.add(
                    f"checks.{check.check_id}",
                    "the check is defined twice",
                    check.check_id,
                    f"an id not used by {owners[check.check_id]}",
                    "give one of them another id; an id never changes its meaning",
                )
            owners.setdefault(check.check_id, path.name)
        found.extend(problems.found)
        suites.extend([suite] if suite else [])
    raise_problems(found)
    return tuple(suites)


def _directory_problems(directory: Path) -> list[RegistryError]:
    """A directory without suites, or with files that the reader would pass over."""
    problems = Problems(directory.name)
    if not suite_files(directory):
        problems.add(
            "",
            "there are no suites, so nothing would be judged",
            "no *.yml",
            "at least one",
            "restore the files of this directory",
        )
    for path in sorted(directory.glob("*.yaml")):
        problems.add(
            "", "the file would not be read", path.name, "a name that ends in .yml", "rename it"
        )
    return problems.found


def _read_suite(path: Path, problems: Problems) -> Suite | None:
    """The suite of one file; None, with its problems noted, where it can't be one."""
    raw = path.read_bytes()
    content = _parse(raw, problems)
    if content is None:
        return None
    _check_suite_words(content, problems)
    checks = _read_checks(content, problems)
    if problems.found:
        return None
    words: dict[str, Any] = {name: content.get(name) for name in SUITE_WORDS - {"checks"}}
    digest = hashlib.sha256(raw).hexdigest()
    return Suite(name=path.stem, checks=checks, file=path.name, digest=digest, **words)


def _read_checks(content: dict[str, Any], problems: Problems) -> tuple[Check, ...]:
    """The checks that keep every rule; the problems of the others are noted."""
    rules = content.get("checks")
    if not isinstance(rules, dict) or not rules:
        problems.add(
            "checks",
            "an empty suite passes everything",
            rules,
            "at least one check",
            "add a check, or delete the file",
        )
        return ()
    read = [read_check(str(name), rule, problems) for name, rule in rules.items()]
    checks = tuple(check for check in read if check)
    has_rows = bool(content.get("rows_frame")) and bool(content.get("rows_key"))
    if any(check.rows for check in checks) and not has_rows:
        problems.add(
            "rows_frame",
            "a check names a row figure, but not where the rows are",
            content.get("rows_frame"),
            "rows_frame and rows_key",
            "name the table with one row a value, and its key",
        )
    return checks


def _parse(raw: bytes, problems: Problems) -> dict[str, Any] | None:
    """The file as a mapping; None, with the problem noted, where it isn't one."""
    try:
        # Given text, so that bytes that aren't UTF-8 are told like any other problem.
        content = SuiteLoader(raw.decode("utf-8")).get_single_data()
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        told = " ".join(str(error).split())
        problems.add("", "the file can't be read", told, "YAML in UTF-8", "mend that line")
        return None
    if not isinstance(content, dict):
        problems.add("", "the file holds no suite", content, "question, frame, key, checks", "add")
        return None
    return content


def _check_suite_words(content: dict[str, Any], problems: Problems) -> None:
    for word in ("question", "frame", "key"):
        if not is_text(content.get(word)):
            problems.add(word, "the word is missing", content.get(word), "text", f"add {word}")
    for word in ("rows_frame", "rows_key"):
        if word in content and not is_text(content[word]):
            problems.add(word, "the word is empty", content[word], "text", "fill or delete it")
    for word in sorted(str(word) for word in set(content) - SUITE_WORDS):
        problems.add(
            word, "the word is unknown", word, ", ".join(sorted(SUITE_WORDS)), "correct or delete"
        )

"""Reading the definitions of a folder: all mistakes of all files at once, with how to mend them."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dagster_project.errors import RegistryError
from dagster_project.home import PROJECT_ROOT
from dagster_project.indicators.faults import Findings, check_form

# Of one letter are the marks that pages share (site/drawing.py).
ID = re.compile(r"[a-z][a-z0-9_]{1,59}")
# What dbt reads in a file of properties and an indicator has.
FILE_KEYS = frozenset({"version", "models", "unit_tests"})
SENTENCE = re.compile(r"[^.!?]*(?:[.!?](?=\S)[^.!?]*)*[.]")


@dataclass(frozen=True)
class Definition:
    """One indicator: `said` is what its file says, key by key, whether it is sound or not."""

    indicator_id: str
    file: str
    domain: str
    meaning: str
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """What a folder says: its definitions, and the mistakes of form, by file."""

    definitions: tuple[Definition, ...]
    findings: tuple[Findings, ...]

    @property
    def problems(self) -> list[RegistryError]:
        return [problem for findings in self.findings for problem in findings.found]

    def faulty_keys(self, file: str) -> set[str]:
        """The keys of which a mistake of form is told already."""
        return {key for findings in self.findings if findings.file == file for key in findings.keys}


def read(folder: Path) -> Reading:
    """The definitions below a folder, one a pair of files, in the order of their names."""
    definitions: list[Definition] = []
    every: list[Findings] = []
    seen: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.name.startswith("."):
            continue
        findings = Findings(_shown(path))
        every.append(findings)
        _check_place(path, folder, findings)
        if path.suffix != ".yml":
            continue
        definition = _read_file(path, findings)
        if path.stem in seen:
            findings.add(
                "",
                "another file defines the same indicator",
                path.stem,
                f"a name that {seen[path.stem]} doesn't have",
                "rename the two files and the model, or delete them",
            )
        seen.setdefault(path.stem, findings.file)
        definitions += [definition] if definition else []
    return Reading(tuple(definitions), tuple(every))


def _shown(path: Path) -> str:
    if path.is_relative_to(PROJECT_ROOT):
        return path.relative_to(PROJECT_ROOT).as_posix()
    return "/".join(path.parts[-3:])


def _check_place(path: Path, folder: Path, findings: Findings) -> None:
    """The file stands in a domain's folder, is named after its indicator, and has its pair."""
    if path.suffix not in (".sql", ".yml"):
        findings.add("", "the file would not be read", path.name, ".sql or .yml", "rename it")
        return
    if len(path.relative_to(folder).parts) != 2:
        findings.add(
            "",
            "the file isn't in the folder of a domain",
            path.relative_to(folder).as_posix(),
            f"<domain>/{path.name}",
            "move it into a folder of its domain, such as primary_care/",
        )
    if not ID.fullmatch(path.stem):
        expected = "small letters, digits and _, from a letter, at most 60"
        findings.add("", "the name can't be an id", path.stem, expected, "rename both files")
    pair = path.with_suffix(".yml" if path.suffix == ".sql" else ".sql")
    if not pair.exists():
        missing = "definition" if path.suffix == ".sql" else "SQL"
        findings.add(
            "",
            f"the indicator has no {missing}",
            f"no {pair.name} beside it",
            "two files of one name, .sql and .yml",
            f"write {pair.name}, or start again with `outcomes new-indicator {path.stem}`",
        )


def _read_file(path: Path, findings: Findings) -> Definition | None:
    content = _parse(path, findings)
    if content is None:
        return None
    for key in sorted(set(content) - FILE_KEYS):
        findings.add(key, "the key is unknown", key, ", ".join(sorted(FILE_KEYS)), "delete it")
    models = content.get("models")
    model = models[0] if isinstance(models, list) and len(models) == 1 else None
    if not isinstance(model, dict):
        got = f"{len(models)} models" if isinstance(models, list) else "none"
        findings.add("models", "the file isn't of one model", got, "one", "give each its own file")
        return None
    if model.get("name") != path.stem:
        findings.add(
            "models[0].name",
            "the model isn't named as its file is",
            model.get("name"),
            path.stem,
            "give file, SQL and model one name: the indicator's id",
        )
    _check_examples(path.stem, content.get("unit_tests"), findings)
    meaning = _meaning(model.get("description"), findings)
    said = _within(model, "config", "meta", "indicator")
    if not isinstance(said, dict):
        findings.add(
            "models[0].config.meta.indicator",
            "there is no definition",
            said,
            "the keys of docs/reference/definition.md",
            f"copy a neighbour's, or start again with `outcomes new-indicator {path.stem}`",
        )
        return None
    check_form(said, findings)
    return Definition(path.stem, findings.file, path.parent.name, meaning, said)


def _within(content: Any, *keys: str) -> Any:
    for key in keys:
        content = content.get(key) if isinstance(content, dict) else None
    return content


@cache
def _loader() -> type[Any]:
    """YAML, by libyaml where it is there, in which a key given twice is an error."""
    base: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]  # which of the two is known when it runs
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
            seen: set[str] = set()
            for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
                if key.value in seen:
                    line = key.start_mark.line + 1
                    raise yaml.YAMLError(f"{key.value!r} is given twice, again on line {line}")
                seen.add(key.value)
            made: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
            return made

    return Loader


def _parse(path: Path, findings: Findings) -> dict[str, Any] | None:
    try:
        content = yaml.load(path.read_bytes().decode("utf-8"), _loader())  # noqa: S506  # a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        findings.add(*_unreadable(path, error))
        return None
    if not isinstance(content, dict):
        findings.add("", "the file holds no model", content, "models:", "copy a neighbour's")
        return None
    return content


def _unreadable(path: Path, error: Exception) -> tuple[str, str, str, str, str]:
    """Where YAML stopped, the line as it stands, and what is usually wrong there."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        told = " ".join(str(error).split())
        return "", "the file can't be read", told, "YAML in UTF-8, each key once", "mend that line"
    lines = path.read_bytes().decode("utf-8").splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        fix = "put blanks in place of the tab"
    elif re.search(r":\s+[%@`&*!|>]", line):
        fix = "put the text that begins with a special character into quotation marks: '%'"
    elif re.search(r":\s.*\w:\s", line):
        fix = "put the text that has a colon in it into quotation marks"
    else:
        fix = "begin keys of one level in one column, here or in the line above"
    place = f"line {mark.line + 1}"
    return place, "the line can't be read as YAML", line.strip()[:80], "key: value", fix


def _meaning(said: Any, findings: Findings) -> str:
    text = " ".join(said.split()) if isinstance(said, str) else ""
    if not SENTENCE.fullmatch(text):
        findings.add(
            "models[0].description",
            "the meaning isn't one sentence",
            text or "nothing",
            "one sentence with a full stop: who is counted, out of whom",
            "reword it; what else is to be said goes to why or note",
        )
    return text


def _check_examples(indicator_id: str, tests: Any, findings: Findings) -> None:
    """At least one worked example, small enough to check by eye."""
    named = [test.get("model") for test in tests or () if isinstance(test, dict)]
    if indicator_id not in named or set(named) != {indicator_id}:
        findings.add(
            "unit_tests",
            "there is no worked example of this model",
            ", ".join(str(name) for name in named) or "none",
            f"a unit test with `model: {indicator_id}`: a few rows in, the rows that come of them",
            "work one out by hand; docs/how-to/add-an-indicator.md has one",
        )
    for number, test in enumerate(tests or ()):
        for key in ("given", "expect"):
            if isinstance(test, dict) and key not in test:
                findings.add(
                    f"unit_tests[{number}].{key}",
                    "a part of the worked example is missing",
                    "nothing",
                    "given: the rows that go in; expect: the rows that come of them",
                    f"add {key}, one level below name",
                )

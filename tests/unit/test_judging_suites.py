"""Suites: what is read, and every rule whose breach stops the load."""

from __future__ import annotations

import importlib
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import pytest
import yaml

from dagster_project.errors import RegistryError
from dagster_project.judging.engine import check_with_engine, great_expectations
from dagster_project.judging.suites import (
    EXPECTATIONS,
    load_suites,
    loaded_digest,
    suite_digest,
)

EXPECTATIONS_DIR = Path(__file__).resolve().parents[2] / "expectations"

SOUND_CHECK = {
    "title": "The numerator is within the denominator",
    "why": "A share can't exceed the whole.",
    "do": "Compare both counts.",
    "owner": "indicator",
    "expect": "column_values_to_be_between",
    "column": "excess_max",
    "max_value": 0,
    "tested": "excess_tested",
    "rows": "excess",
    "severity": "critical",
    "since": date(2026, 11, 22),
    "because": "A share can't exceed the whole.",
    "reach": "key",
}
SOUND_SUITE = {
    "question": "Is it possible?",
    "frame": "evidence_groups",
    "key": "group_id",
    "rows_frame": "evidence_rows",
    "rows_key": "row_id",
}


def write(directory: Path, name: str = "plausibility.yml", **checks: object) -> Path:
    """A directory that holds one suite with these checks."""
    suite = {**SOUND_SUITE, "checks": checks}
    (directory / name).write_text(yaml.safe_dump(suite), encoding="utf-8")
    return directory


def refusal(directory: Path) -> str:
    with pytest.raises(RegistryError) as caught:
        load_suites(directory)
    return caught.value.message


def test_the_projects_own_suites_load_and_great_expectations_takes_them() -> None:
    suites = load_suites(EXPECTATIONS_DIR)
    assert {"completeness", "conformance", "consistency", "plausibility"} <= {
        suite.name for suite in suites
    }
    check_with_engine(suites)


def test_every_expectation_and_word_offered_is_one_that_great_expectations_has() -> None:
    offered = great_expectations().expectations
    for name, words in EXPECTATIONS.items():
        kind = "Expect" + "".join(part.capitalize() for part in name.split("_"))
        assert words <= set(getattr(offered, kind).__fields__), name


def test_a_check_carries_what_its_owner_is_told(tmp_path: Path) -> None:
    (suite,) = load_suites(write(tmp_path, C42=SOUND_CHECK))
    (check,) = suite.checks
    assert (check.check_id, check.column, check.rows) == ("C42", "excess_max", "excess")
    assert check.bound == "at most 0"
    assert check.since == date(2026, 11, 22)
    assert check.blocks


@pytest.mark.parametrize(
    ("arguments", "bound"),
    [
        ({"max_value": 1.0e-6}, "at most 0.000001"),
        ({"max_value": 5, "strict_max": True}, "below 5"),
        ({"min_value": 1, "max_value": 2.5}, "at least 1 and at most 2.5"),
        ({"min_value": 0, "strict_min": True}, "above 0"),
    ],
)
def test_a_bound_is_told_in_words(tmp_path: Path, arguments: dict, bound: str) -> None:
    rule = {word: value for word, value in SOUND_CHECK.items() if word not in ("rows", "max_value")}
    (suite,) = load_suites(write(tmp_path, C42={**rule, **arguments, "reach": "group"}))
    assert suite.checks[0].bound == bound


def test_a_check_in_shadow_only_informs(tmp_path: Path) -> None:
    (suite,) = load_suites(write(tmp_path, C42={**SOUND_CHECK, "shadow": True}))
    assert not suite.checks[0].blocks
    assert suite.checks[0].stored_severity == "info"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"expect": "column_values_to_be_betwixt"}, "checks.C42.expect"),
        ({"expect": ["column_values_to_be_between"]}, "checks.C42.expect"),
        ({"title": None}, "checks.C42.title"),
        ({"why": " "}, "checks.C42.why"),
        ({"do": None}, "checks.C42.do"),
        ({"because": None}, "checks.C42.because"),
        ({"tested": None}, "checks.C42.tested"),
        ({"owner": "nobody"}, "one of indicator, source, data-engineering"),
        ({"severity": "blocker"}, "one of critical, warning, info"),
        ({"reach": "everything"}, "one of nothing, key, group, series, extract"),
        ({"since": "soon"}, "a date such as 2026-11-22"),
        ({"shadow": "perhaps"}, "true or false"),
        ({"column": None}, "checks.C42.column"),
        ({"max_value": None}, "the bound isn't a finite number"),
        ({"max_value": "1e-6"}, "write it as a number"),
        ({"max_value": float("inf")}, "the bound isn't a finite number"),
        ({"max_value": True}, "the bound isn't a finite number"),
        ({"max_vlaue": 0}, "checks.C42.max_vlaue"),
        ({"row_condition": "x > 0"}, "checks.C42.row_condition"),
        ({"min_value": 1}, "one bound and no mostly"),
        ({"min_value": 1, "rows": None}, "no figure can meet the bounds"),
        ({"mostly": 0.9}, "one bound and no mostly"),
        ({"mostly": 9}, "0 to 1"),
        ({"strict_max": "yes"}, "true or false"),
        ({"rows": ""}, "no row figure named"),
        ({"applies": True}, "no column says where the check applies"),
        ({"names": " "}, "no column names what fails"),
        ({"column": "limits_gap_max"}, "got 'limits_gap_max'; expected excess_max"),
        ({"column": "excess_min"}, "isn't the extreme of the row figure"),
        ({"tested": "limits_gap_tested"}, "got 'limits_gap_tested'; expected excess_tested"),
        ({"tested": "values"}, "the group's count isn't that of the row figure"),
        ({"reach": "nothing"}, "a critical check must hold something"),
        ({"severity": "warning"}, "severity warning holds nothing"),
    ],
)
def test_a_broken_rule_is_refused_and_named(tmp_path: Path, change: dict, told: str) -> None:
    message = refusal(write(tmp_path, C42={**SOUND_CHECK, **change}))
    assert told in message
    assert f"{tmp_path.name}/plausibility.yml" in message
    assert "To mend it" in message


def without(word: str) -> dict:
    return {name: value for name, value in SOUND_CHECK.items() if name != word}


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (without("rows"), "no single value can be named"),
        (without("max_value"), "there is no bound"),
        (without("reach"), "checks.C42.reach"),
        ({}, "checks.C42.severity"),
        (None, "the check is empty"),
        (
            {**without("max_value"), "expect": "column_values_to_be_in_set", "value_set": [0]},
            "one bound and no mostly",
        ),
        (
            {**without("max_value"), "expect": "column_values_to_be_in_set", "value_set": []},
            "list the values",
        ),
    ],
)
def test_a_missing_part_is_refused_and_named(tmp_path: Path, rule: dict, told: str) -> None:
    assert told in refusal(write(tmp_path, C42=rule))


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "a.yml", C42={**SOUND_CHECK, "severity": "blocker", "owner": "nobody"})
    write(tmp_path, "b.yml", C43={**SOUND_CHECK, "max_vlaue": 0})
    message = refusal(tmp_path)
    assert message.startswith("3 problems in the suites")
    for place in ("a.yml: checks.C42.severity", "a.yml: checks.C42.owner", "b.yml: checks.C43"):
        assert place in message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file holds no suite"),
        ("question: [", "the file can't be read"),
        ("question: x\nquestion: y\n", "'question' is given twice, again on line 2"),
        ("question: x\nframe: f\nkey: k\nchecks: {}\n", "an empty suite passes everything"),
        ("question: x\nframe: f\nkey: k\n", "an empty suite passes everything"),
        ("question: x\nframe: f\nkye: k\nchecks: {}\n", "the word is unknown"),
        ("question: x\nframe: f\nchecks: {}\n", "key: the word is missing"),
        ("question: x\nrows_frame: ''\nchecks: {}\n", "rows_frame: the word is empty"),
        ("? [a, b]\n: 1\n", "the file can't be read"),
    ],
)
def test_a_file_that_is_no_suite_is_refused(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "x.yml").write_text(text, encoding="utf-8")
    assert told in refusal(tmp_path)


def test_bytes_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_bytes(b"question: caf\xe9")
    assert "YAML in UTF-8" in refusal(tmp_path)


def test_a_directory_without_suites_is_refused(tmp_path: Path) -> None:
    assert "nothing would be judged" in refusal(tmp_path)


def test_a_file_that_would_not_be_read_is_refused(tmp_path: Path) -> None:
    write(tmp_path, C42=SOUND_CHECK)
    write(tmp_path, "more.yaml", C43=SOUND_CHECK)
    assert "the file would not be read" in refusal(tmp_path)


def test_rows_need_to_be_found_somewhere(tmp_path: Path) -> None:
    words = {word: SOUND_SUITE[word] for word in ("question", "frame", "key")}
    text = yaml.safe_dump({**words, "checks": {"C42": SOUND_CHECK}})
    (tmp_path / "x.yml").write_text(text, encoding="utf-8")
    assert "not where the rows are" in refusal(tmp_path)


@pytest.mark.parametrize("name", ["C4", "numerator", "X42", "C42 numerator", "C62"])
def test_an_id_is_well_formed_and_not_the_judges_own(tmp_path: Path, name: str) -> None:
    assert name in refusal(write(tmp_path, **{name: SOUND_CHECK}))


def test_an_id_is_used_once_in_all_files(tmp_path: Path) -> None:
    write(tmp_path, "a.yml", C42=SOUND_CHECK)
    write(tmp_path, "b.yml", C42=SOUND_CHECK)
    assert "b.yml: checks.C42: the check is defined twice" in refusal(tmp_path)


def test_an_id_is_used_once_in_a_file(tmp_path: Path) -> None:
    write(tmp_path, C42=SOUND_CHECK)
    path = tmp_path / "plausibility.yml"
    check = path.read_text(encoding="utf-8").split("checks:\n")[1].split("frame:")[0]
    path.write_text(path.read_text(encoding="utf-8").replace(check, check * 2), encoding="utf-8")
    assert "'C42' is given twice" in refusal(tmp_path)


def test_the_fingerprint_follows_bytes_names_and_nothing_else(tmp_path: Path) -> None:
    suites = load_suites(write(tmp_path, C42=SOUND_CHECK))
    before = suite_digest(tmp_path)
    assert loaded_digest(suites) == before
    (tmp_path / "README.md").write_text("words", encoding="utf-8")
    assert suite_digest(tmp_path) == before
    path = tmp_path / "plausibility.yml"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    edited = suite_digest(tmp_path)
    assert edited != before
    assert loaded_digest(suites) == before
    path.rename(tmp_path / "other.yml")
    assert suite_digest(tmp_path) not in (before, edited)


def heavy_modules(directory: Path) -> set[str]:
    """What reading the suites imports of what is slow to import; run in a process of its own."""
    importlib.import_module("dagster_project.judging.judge")
    importlib.import_module("dagster_project.judging.seal")
    load_suites(directory)
    return {"great_expectations", "pandas", "duckdb", "dagster", "dbt"} & set(sys.modules)


def test_reading_suites_imports_nothing_heavy() -> None:
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as pool:
        assert pool.submit(heavy_modules, EXPECTATIONS_DIR).result() == set()

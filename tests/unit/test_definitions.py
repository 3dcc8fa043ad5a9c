"""Definitions of indicators: what is read, and what is said of the typical mistakes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from dagster_project.home import PROJECT_ROOT
from dagster_project.indicators import generated
from dagster_project.indicators.form import Indicator
from dagster_project.registry.definitions import FOLDER
from dagster_project.registry.registry import load_registry, validate
from tests.support import models

SEEDS = PROJECT_ROOT / "seeds"
NAME = "average_practice_list_size"
FILE = f"primary_care/{NAME}.yml"
Change = Callable[[dict[str, Any]], Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a sound definition, and with the one that contracts of the seeds pay on."""
    for each in (FOLDER / FILE, FOLDER / "hospital_use/emergency_admissions_acs_19.yml"):
        place = tmp_path / "indicators" / each.parent.name
        place.mkdir(parents=True)
        for suffix in (".sql", ".yml"):
            shutil.copyfile(each.with_suffix(suffix), place / f"{each.stem}{suffix}")
    # The project's own are under review: this one another role has checked.
    path = tmp_path / "indicators" / FILE
    lines = ("life_cycle: live", "checked_by: public-health-analysts", "reviewed_on: 2026-11-26")
    said = path.read_text(encoding="utf-8")
    path.write_text(said.replace("life_cycle: under_review", f"\n{' ' * 10}".join(lines)))
    return tmp_path / "indicators"


def change(folder: Path, how: Change) -> None:
    path = folder / FILE
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    how(content)
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def told(folder: Path) -> list[str]:
    """Every mistake, as the command prints it."""
    return [problem.message for problem in validate(SEEDS, folder)]


def indicator(content: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = content["models"][0]["config"]["meta"]["indicator"]
    return found


def put(**keys: Any) -> Change:
    return lambda content: indicator(content).update(keys)


def test_the_projects_own_definitions_are_sound() -> None:
    assert [problem.message for problem in validate(SEEDS)] == []


def test_a_definition_is_a_row_of_the_registry(folder: Path) -> None:
    registry = load_registry(SEEDS, folder)
    (row,) = [row for row in registry.indicators if row["indicator_id"] == NAME]
    assert (row["value_type"], row["ci_method"], row["source_id"]) == ("ratio", "byar", "qof")
    assert (row["status"], row["multiplier"], row["is_stand_in"]) == ("live", "1", "false")
    (measure,) = [row for row in registry.measures if row["indicator_id"] == NAME]
    assert measure["concept"] == "practice_list_size"


# The ten typical mistakes, as docs/how-to/add-an-indicator.md lists them.
MISTAKES: dict[str, tuple[Change, tuple[str, ...]]] = {
    "a key is misspelt": (
        lambda content: indicator(content).update(polarty=indicator(content).pop("polarity")),
        (
            f"{FILE}: indicator.polarty: the key is unknown. got polarty; expected polarity",
            "rename it, if that was meant",
            "indicator.polarity: a key is missing",
        ),
    ),
    "a key is missing": (
        lambda content: indicator(content).pop("why"),
        ("indicator.why: a key is missing. got nothing; expected why it matters", "add it"),
    ),
    "the method is none": (
        put(method="percentage"),
        ("indicator.method: isn't allowed. got percentage", "'proportion'"),
    ),
    "a figure is in quotation marks": (
        put(multiplier="100"),
        ("indicator.multiplier: isn't a whole number. got '100'", "without quotation marks"),
    ),
    "a day is written otherwise": (
        put(review_by="26/11/2026"),
        ("indicator.review_by: isn't a day. got '26/11/2026'", "write it as 2026-11-26"),
    ),
    "a source is no list": (
        put(sources="qof"),
        ("indicator.sources: isn't a list. got 'qof'", "write [one, another]"),
    ),
    "a code isn't in quotation marks": (
        put(frameworks=[{"framework": "phof", "edition": "2019 on", "code": 1.10}]),
        ("frameworks[0].code: isn't text. got 1.1", "write it in quotation marks"),
    ),
    "an owner isn't registered": (
        put(owner="the-analysts"),
        (
            "indicator.owner: refers to a row that doesn't exist",
            "owner_id of a row of seeds/owners.csv",
        ),
    ),
    "a source isn't registered": (
        put(sources=["quof"]),
        ("indicator.sources: refers to a row that doesn't exist. got 'quof'", "seeds/sources.csv"),
    ),
    "nobody else checked it": (
        put(checked_by="primary-care-analysts"),
        ("indicator.checked_by: checks their own work", "another role"),
    ),
    "a live definition was checked by nobody": (
        lambda content: [indicator(content).pop(key) for key in ("checked_by", "reviewed_on")],
        (
            "indicator.checked_by: a live definition has been checked. got nothing; expected who",
            "indicator.reviewed_on: a live definition has been checked",
            "have another role check it and add the key, or write life_cycle: under_review",
        ),
    ),
    "a check is told by half": (
        lambda content: indicator(content).update(life_cycle="draft", reviewed_on=None),
        ("indicator.reviewed_on: is missing beside checked_by",),
    ),
    "the meaning isn't one sentence": (
        lambda content: content["models"][0].update(description="Patients. And practices"),
        ("models[0].description: the meaning isn't one sentence", "who is counted, out of whom"),
    ),
    "there is no worked example": (
        lambda content: content.pop("unit_tests"),
        ("unit_tests: there is no worked example of this model", f"`model: {NAME}`"),
    ),
    "the model is named otherwise than its file": (
        lambda content: content["models"][0].update(name="list_size"),
        (f"models[0].name: the model isn't named as its file is. got list_size; expected {NAME}",),
    ),
    "a standard population is missing": (
        put(method="dsr", multiplier=100000),
        (
            "indicator.standard: is missing",
            "indicator.standard_population: doesn't go with the method",
        ),
    ),
    "a standard population is none": (
        put(
            method="dsr",
            multiplier=100000,
            standard={"name": "esp1976", "bands": 19},
            standard_population="European Standard Population 1976",
        ),
        ("indicator.standard: isn't a standard population that is known", "esp2013 of 19 bands"),
    ),
    "a mean is multiplied": (
        put(method="mean", multiplier=100),
        ("indicator.multiplier: doesn't go with the method mean. got 100; expected 1",),
    ),
    "dates are the wrong way round": (
        put(review_by=yaml.safe_load("2020-01-01")),
        ("indicator.review_by: is below reviewed_on. got 2020-01-01",),
    ),
    "a framework has no such domain": (
        put(
            frameworks=[
                {"framework": "phof", "edition": "2030 on", "code": "Z1", "domain_code": "Z"}
                | {"sort_order": 1}
            ]
        ),
        ("indicator.frameworks[0].domain_code: refers to a row that doesn't exist", "domains.csv"),
    ),
}


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_a_typical_mistake_is_told_with_how_to_mend_it(folder: Path, mistake: str) -> None:
    how, expected = MISTAKES[mistake]
    change(folder, how)
    messages = told(folder)
    assert messages
    for part in expected:
        assert any(part in message for message in messages), messages
    assert all("To mend it: " in message for message in messages)


def rename(folder: Path, name: str) -> None:
    """After this the definition has another id, in both files."""
    for suffix in (".sql", ".yml"):
        path = (folder / FILE).with_suffix(suffix)
        text = path.read_text(encoding="utf-8").replace(NAME, name)
        path.with_name(f"{name}{suffix}").write_text(text, encoding="utf-8")
        path.unlink()


def test_the_id_of_a_published_indicator_cannot_be_taken(folder: Path) -> None:
    taken = "abdominal_aortic_aneurysm_screening_coverage"
    rename(folder, taken)
    messages = told(folder)
    assert any(
        f"primary_care/{taken}.yml: indicator.indicator_id: is there twice" in m for m in messages
    )


def test_files_that_would_not_be_read_are_named(folder: Path) -> None:
    (folder / FILE).rename(folder / f"primary_care/{NAME}.yaml")
    (folder / "loose.sql").write_text("select 1", encoding="utf-8")
    messages = told(folder)
    assert any(f"{NAME}.yaml: the file would not be read" in message for message in messages)
    assert any(f"{NAME}.sql: the indicator has no definition" in message for message in messages)
    assert any("loose.sql: the file isn't in the folder of a domain" in each for each in messages)


def test_yaml_that_cannot_be_read_is_told_by_its_line(folder: Path) -> None:
    (folder / FILE).write_text("models:\n  - name: a: b\n", encoding="utf-8")
    (message,) = told(folder)
    assert "line 2: the line can't be read as YAML. got - name: a: b" in message
    assert "put the text that has a colon in it into quotation marks" in message


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("unit: %", "that begins with a special character into quotation marks"),
        ("\tunit: people", "put blanks in place of the tab"),
        ("    - name: b\n   unit: c", "begin keys of one level in one column"),
    ],
)
def test_what_yaml_stumbles_over_is_told_in_plain_words(folder: Path, line: str, fix: str) -> None:
    (folder / FILE).write_text(f"models:\n{line}\n", encoding="utf-8")
    (message,) = told(folder)
    assert fix in message


def test_a_worked_example_that_expects_nothing_is_told(folder: Path) -> None:
    change(folder, lambda content: content["unit_tests"][0].pop("expect"))
    (message,) = told(folder)
    assert "unit_tests[0].expect: a part of the worked example is missing" in message


def test_a_source_that_isnt_there_is_told_once(folder: Path) -> None:
    change(folder, put(sources=["qof", "quof"]))
    assert sum("'quof'" in message or "got quof" in message for message in told(folder)) == 1
    change(folder, put(sources=["quof", "qof"]))
    assert sum("'quof'" in message or "got quof" in message for message in told(folder)) == 1


def test_a_key_given_twice_is_a_mistake(folder: Path) -> None:
    path = folder / FILE
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("          method: ratio\n", "          method: ratio\n" * 2))
    (message,) = told(folder)
    assert "'method' is given twice" in message


def test_all_mistakes_of_all_files_are_told_at_once(folder: Path) -> None:
    rename(folder, "second")
    for suffix in (".sql", ".yml"):
        shutil.copyfile((FOLDER / FILE).with_suffix(suffix), (folder / FILE).with_suffix(suffix))
    change(folder, put(owner="nobody", method="none", unit=5))
    text = (folder / "primary_care/second.yml").read_text(encoding="utf-8")
    (folder / "primary_care/second.yml").write_text(text.replace("lowest: 1000", "lowest: 99999"))
    messages = told(folder)
    assert sorted(message.split(": ")[1] for message in messages) == [
        *("indicator.checks.highest", "indicator.method", "indicator.owner", "indicator.unit"),
    ]


def test_a_mistake_of_form_is_told_once(folder: Path) -> None:
    change(folder, lambda content: indicator(content).pop("polarity"))
    assert len(told(folder)) == 1


def test_a_definition_takes_the_place_of_a_draft(folder: Path) -> None:
    rename(folder, "stockport_days_at_home")
    registry = load_registry(SEEDS, folder)
    (row,) = [row for row in registry.indicators if row["indicator_id"] == "stockport_days_at_home"]
    assert row["title"] == "Average list size of general practices"
    assert [row["indicator_id"] for row in registry.measures].count("stockport_days_at_home") == 1


def test_a_sibling_is_a_link_from_the_indicators_own_place(folder: Path) -> None:
    rename(folder, "days_at_home_frailty")
    path = folder / "primary_care/days_at_home_frailty.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    indicator(content)["siblings"] = [
        {"theme": "Falls", "relation": "proxy", "framework": "phof", "edition": "2019 on"}
        | {
            "code": "C29",
            "differs": ["definition"],
            "evidence": "made up",
            "certainty": "our_reading",
        }
        | {"asserted_by": "geography", "valid_from": yaml.safe_load("2019-08-01")}
    ]
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    (row,) = [row for row in load_registry(SEEDS, folder).crosswalk if "defined_in" in row]
    assert (row["left_framework"], row["left_code"]) == ("stockport", "STK-STANDIN-C23")
    assert (row["right_code"], row["differs"]) == ("C29", "definition")


def test_the_union_has_every_indicator_and_nothing_else() -> None:
    text = generated.counts(["one", "two"])
    assert text.count("union all") == 1
    assert "ref('one')" in text
    assert "ref('two')" in text
    assert "where false" in generated.counts([])


def test_words_of_a_definition_are_no_code(tmp_path: Path) -> None:
    text = generated.table(["title"], [{"title": "Mother's {{ ref('x') }}"}])
    assert "'Mother''s {{ ref(''x'') }}'" in text
    assert "{% raw %}" in text


def test_the_union_has_the_columns_that_models_are_held_to() -> None:
    assert tuple(models.given("shape")) == generated.SHAPE


def test_every_key_of_the_form_says_what_it_means() -> None:
    assert all(field.description for field in Indicator.model_fields.values())

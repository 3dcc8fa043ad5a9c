"""The two files that `outcomes new-indicator` writes: sound as they stand, for every method."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from dagster_project.errors import UsageError
from dagster_project.home import PROJECT_ROOT
from dagster_project.indicators import scaffold
from dagster_project.registry import Registry, load_registry, validate
from dagster_project.registry_definitions import FOLDER

SEEDS = PROJECT_ROOT / "seeds"
UNASKED = dict.fromkeys(
    ("domain", "title", "meaning", "method", "source", "polarity", "owner", "checker")
)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(SEEDS)


@pytest.mark.parametrize("method", scaffold.METHODS)
def test_what_is_written_is_a_sound_definition(
    registry: Registry, tmp_path: Path, method: str
) -> None:
    said = scaffold.answers(registry, {**UNASKED, "method": method}, None)
    # The contracts among the seeds pay for indicators that the other definitions give.
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    files = scaffold.write(registry, "falls_at_home", said, tmp_path)
    assert [path.name for path in files] == ["falls_at_home.sql", "falls_at_home.yml"]
    assert [problem.message for problem in validate(SEEDS, tmp_path)] == []
    assert not any("<<" in path.read_text(encoding="utf-8") for path in files)


def test_answers_are_asked_for_unless_they_are_given(registry: Registry) -> None:
    asked: list[str] = []

    def ask(words: str, usual: str) -> str:
        asked.append(words)
        return "Mother's milk: at birth" if "Its name" in words else ""

    said = scaffold.answers(registry, {**UNASKED, "owner": "geography"}, ask)
    assert len(asked) == len(UNASKED) - 1
    assert (said["title"], said["owner"]) == ("Mother's milk: at birth", "geography")
    assert said["method"] == "proportion"


def test_text_is_written_as_text(registry: Registry, tmp_path: Path) -> None:
    title = "Mother's milk: at birth"
    said = scaffold.answers(registry, {**UNASKED, "title": title}, None)
    _, path = scaffold.write(registry, "milk", said, tmp_path)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert content["models"][0]["config"]["meta"]["indicator"]["title"] == title


def test_the_sql_names_the_models_of_its_source(registry: Registry, tmp_path: Path) -> None:
    said = scaffold.answers(registry, {**UNASKED, "source": "ons_populations"}, None)
    path, _ = scaffold.write(registry, "people", said, tmp_path)
    assert "--   stg_ons__populations\n" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("indicator_id", "given", "problem"),
    [
        ("Falls", {}, "ID can't be that"),
        ("falls", {"domain": "Old age"}, "--domain can't be that"),
        ("falls", {"method": "percentage"}, "--method can't be that"),
        ("falls", {"owner": "nobody"}, "--owner can't be that"),
        ("average_practice_list_size", {}, "that indicator is there already"),
        ("smoking_prevalence_adults", {}, "that indicator is there already"),
    ],
)
def test_what_cannot_be_written_is_refused(
    registry: Registry,
    tmp_path: Path,
    indicator_id: str,
    given: dict[str, str],
    problem: str,
) -> None:
    if indicator_id == "smoking_prevalence_adults":
        indicator_id = registry.indicators[0]["indicator_id"]
    with pytest.raises(UsageError) as caught:
        said = scaffold.answers(registry, {**UNASKED, **given}, None)
        scaffold.write(registry, indicator_id, said, tmp_path)
    assert caught.value.problem == problem
    assert caught.value.fix
    assert list(tmp_path.rglob("*.sql")) == []

"""The two files that `outcomes new-indicator` writes: sound as they stand, for every method."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
import yaml

from dagster_project.commands import indicators
from dagster_project.errors import UsageError
from dagster_project.home import PROJECT_ROOT
from dagster_project.indicators import scaffold
from dagster_project.registry.definitions import FOLDER
from dagster_project.registry.registry import Registry, load_registry, validate

SEEDS = PROJECT_ROOT / "seeds"
UNASKED = dict.fromkeys(("domain", "title", "meaning", "method", "source", "polarity", "owner"))


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(SEEDS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of definitions with the one that contracts of the seeds pay on."""
    place = tmp_path / "hospital_use"
    place.mkdir()
    for suffix in (".sql", ".yml"):
        name = f"emergency_admissions_acs_19{suffix}"
        shutil.copyfile(FOLDER / "hospital_use" / name, place / name)
    return tmp_path


@pytest.mark.parametrize("method", scaffold.METHODS)
def test_what_is_written_is_a_sound_definition(
    registry: Registry, folder: Path, method: str
) -> None:
    said = scaffold.answers(registry, {**UNASKED, "method": method}, None)
    files = scaffold.write(registry, "falls_at_home", said, folder)
    assert [path.name for path in files] == ["falls_at_home.sql", "falls_at_home.yml"]
    assert [problem.message for problem in validate(SEEDS, folder)] == []
    assert not any("<<" in path.read_text(encoding="utf-8") for path in files)


def test_nobody_has_checked_what_was_just_written(registry: Registry, folder: Path) -> None:
    said = scaffold.answers(registry, UNASKED, None)
    _, path = scaffold.write(registry, "falls_at_home", said, folder)
    text = path.read_text(encoding="utf-8")
    written = yaml.safe_load(text)["models"][0]["config"]["meta"]["indicator"]
    assert written["life_cycle"] == "draft"
    assert not {"checked_by", "reviewed_on"} & set(written)
    # It can't be declared live as it stands, and each key that it lacks is named.
    path.write_text(text.replace("life_cycle: draft", "life_cycle: live"), encoding="utf-8")
    told = [problem.message for problem in validate(SEEDS, folder)]
    assert [message.split(": ")[1] for message in told] == [
        "indicator.checked_by",
        "indicator.reviewed_on",
    ]
    assert all("or write life_cycle: under_review" in message for message in told)


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
    assert "int_linked__" not in path.read_text(encoding="utf-8")


def test_of_peoples_records_it_names_the_page_of_their_models(
    registry: Registry, tmp_path: Path
) -> None:
    said = scaffold.answers(registry, {**UNASKED, "source": "hospital_admitted_care"}, None)
    path, _ = scaffold.write(registry, "admissions", said, tmp_path)
    said_of_models = path.read_text(encoding="utf-8").partition("there are\n")[2].splitlines()
    assert said_of_models[:2] == [
        "    --   stg_hospital__episodes",
        "    --   int_linked__…, with their columns in docs/reference/linked-models.md",
    ]


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


def test_a_slip_is_asked_again_and_loses_no_answer(registry: Registry) -> None:
    typed = iter(["care", "Falls", "People who fell.", "rate", "crude_rate", "", "", ""])
    asked: list[str] = []

    def ask(words: str, _usual: str) -> str:
        asked.append(words)
        return next(typed)

    said = scaffold.answers(registry, UNASKED, ask)
    assert (said["title"], said["method"]) == ("Falls", "crude_rate")
    assert len(asked) == len(UNASKED) + 1
    assert asked[4].startswith("rate isn't one of them; expected perhaps crude_rate")


def test_what_answers_by_itself_is_not_asked_for_ever(registry: Registry) -> None:
    asked: list[str] = []

    def ask(words: str, _usual: str) -> str:
        asked.append(words)
        return "y"

    with pytest.raises(UsageError, match="can't be that"):
        scaffold.answers(registry, UNASKED, ask)
    assert len(asked) < 20


def test_questions_that_end_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(UsageError, match="wasn't answered, so nothing is written"):
        indicators._ask("Its name?", "usual")

"""A registry that was found sound isn't checked twice; one that is broken since is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from dagster_project import fingerprint
from dagster_project.registry import checking, definitions, sound
from dagster_project.registry.registry import Registry, RegistryProblems, load_registry, validate
from tests.support.seeds import SEEDS, change, copied


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's seeds as they might be, with what is kept of them in a place of its own."""
    own = copied(tmp_path / "seeds")
    kept = tmp_path / "target"
    # After this today's definitions needn't be read again.
    load_registry(SEEDS)
    rows = definitions.defined(definitions.FOLDER, {})
    monkeypatch.setattr(definitions, "KEPT", kept)
    monkeypatch.setattr(sound, "SEEDS", own)
    definitions.keep(definitions.FOLDER, rows)
    return own


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time that all rules were applied."""
    times: list[int] = []
    check: Callable[..., object] = checking.check

    def counted(*about: object) -> object:
        times.append(1)
        return check(*about)

    monkeypatch.setattr(checking, "check", counted)
    return times


def test_it_is_checked_once_and_says_the_same_again(seeds: Path, checked: list[int]) -> None:
    first, second = load_registry(seeds), load_registry(seeds)
    assert len(checked) == 1
    for field in fields(Registry):
        assert getattr(second, field.name) == getattr(first, field.name), field.name
    with pytest.raises(AttributeError):
        _ = second.no_such_file  # type: ignore[attr-defined]  # none has that name


@pytest.mark.parametrize("file", ["owners.csv", "subscribers.csv"])
def test_a_mistake_made_since_is_refused(seeds: Path, checked: list[int], file: str) -> None:
    load_registry(seeds)
    path = seeds / file
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    # The same code: only the bytes tell it.
    path.write_text("\n".join([header, *rows, ",".join(["="] * len(header.split(",")))]) + "\n")
    told = [problem.message for problem in validate(seeds)]
    for _ in range(2):
        with pytest.raises(RegistryProblems) as refused:
            load_registry(seeds)
        assert told
        assert [problem.message for problem in refused.value.problems] == told


def test_a_file_that_is_gone_is_missed(seeds: Path) -> None:
    load_registry(seeds)
    (seeds / "owners.csv").unlink()
    with pytest.raises(RegistryProblems, match="the file is missing"):
        load_registry(seeds)


def test_other_code_checks_again(
    seeds: Path, checked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_registry(seeds)
    rows = definitions.defined(definitions.FOLDER, {})
    monkeypatch.setattr(fingerprint, "code_version", lambda: "f" * 64)
    monkeypatch.setattr(fingerprint, "is_code_unchanged", lambda: True)
    definitions.keep(definitions.FOLDER, rows)
    load_registry(seeds)
    load_registry(seeds)
    assert len(checked) == 2


def test_a_process_whose_code_was_edited_since_keeps_nothing_for_others(
    seeds: Path, checked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would say of the definitions that it reads now that they are of the code that it had."""
    monkeypatch.setattr(fingerprint, "code_version", lambda: "f" * 64)
    before = sorted(definitions.KEPT.iterdir())
    load_registry(seeds)
    load_registry(seeds)
    assert len(checked) == 2
    assert sorted(definitions.KEPT.iterdir()) == before


def test_where_nothing_may_be_written_it_is_checked_each_time(
    seeds: Path, checked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "write_text", refused)
    load_registry(seeds)
    load_registry(seeds)
    assert len(checked) == 2


def test_seeds_of_another_place_are_always_checked(tmp_path: Path, checked: list[int]) -> None:
    elsewhere = copied(tmp_path / "seeds")
    load_registry(elsewhere)
    change(elsewhere, "owners.csv", "data-engineering", "mailbox", "nobody")
    with pytest.raises(RegistryProblems, match="has the wrong form"):
        load_registry(elsewhere)
    assert len(checked) == 2
    assert elsewhere != SEEDS

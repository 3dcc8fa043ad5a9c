"""A name that nothing has is answered with those that are like it, the same way by every verb."""

from __future__ import annotations

from pathlib import Path

import pytest
from release_support import publish, store_at

from dagster_project import cli
from dagster_project.home import Home
from dagster_project.nearest import instead, nearest
from dagster_project.refresh import settle_kind

AREAS = {"E08000007": "Stockport", "E06000021": "Stoke-on-Trent", "E09000030": "Tower Hamlets"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Stokport", ["E08000007", "E06000021"]),
        ("tower", ["E09000030"]),
        ("E0800007", ["E08000007", "E06000021", "E09000030"]),
        ("Leeds", []),
        ("", []),
    ],
)
def test_what_is_like_it_by_code_or_title_comes_first(asked: str, found: list[str]) -> None:
    assert nearest(asked, AREAS)[: len(found)] == found
    assert bool(nearest(asked, AREAS)) is bool(found)


def test_what_is_like_nothing_is_answered_with_what_there_is() -> None:
    assert instead("Leeds", AREAS).startswith("one of E08000007 (Stockport), E06000021")
    assert instead("x", [str(n) for n in range(14)]) == "one of 0, 1, 2, 3, 4 and 9 more"
    assert instead("x", list("abcdefghi")) == "one of a, b, c, d, e, f, g, h, i"
    assert instead("x", [], "none is there") == "none is there"
    assert instead("smokin", ["smoking", "falls"]) == "perhaps smoking"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    store = store_at(tmp_path_factory.mktemp("nearest"))
    settle_kind(store.home, sample=True)
    publish(store, 1)
    return store.home.root, store.ids()[0]


WAIVER = ["--by", "data-enginering", "--until", "2999-01-01", "--reason", "x"]
KEY = "indicator_id=dementia_qof_prevalance"


@pytest.mark.parametrize(
    ("words", "meant", "where"),
    [
        (["rollback", "RELEASE"], "RELEASE", "outcomes releases"),
        (["diff", "RELEASE"], "RELEASE", "outcomes releases"),
        (["verify", "RELEASE"], "RELEASE", "outcomes releases"),
        (["serve", "RELEASE"], "RELEASE", "outcomes releases"),
        (["withdraw", "RELEASE", "--reason", "x"], "RELEASE", "outcomes releases"),
        (
            ["withdraw", "indicator_id=smokin,area_code=E08000007", "--reason", "x"],
            "smoking",
            "csv/indicator_values.csv",
        ),
        (["waive", "C430", KEY, *WAIVER], "C43", "docs/reference/checks.md"),
        (["waive", "C43", KEY, *WAIVER], "dementia_qof_prevalence", "seeds/indicators.csv"),
        (["contract", "pay", "stockport_lik"], "stockport_like", "seeds/contracts.csv"),
        (["contract", "paper", "stockport_lik"], "stockport_like", "seeds/contracts.csv"),
        (["refresh", "--source", "qoff"], "qof", "outcomes status --all"),
        (["alerts", "test", "--to", "data-enginering"], "data-engineering", "seeds/owners.csv"),
    ],
    ids=lambda each: "-".join(each[:2]) if isinstance(each, list) else "",
)
def test_each_verb_names_what_was_meant_and_where_the_list_is(
    release: tuple[Path, str],
    words: list[str],
    meant: str,
    where: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home, identifier = release
    if words[0] == "waive":
        home = tmp_path
        settle_kind(Home(home), sample=True)
    monkeypatch.setenv("OUTCOMES_HOME", str(home))
    wrong = identifier[:-1] + "f"
    assert cli.main([wrong if word == "RELEASE" else word for word in words]) == 2
    said = capsys.readouterr().err
    assert f"perhaps {meant}".replace("RELEASE", identifier) in said
    assert where in said

"""What a home lets go of by its policy, and what it never does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from keeping_support import OLD, TODAY, YOUNG, kept_strictly, made

from dagster_project import cli
from dagster_project.errors import OutcomesError, UsageError
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.keeping.policy import FILE, Rule, policy_of
from dagster_project.keeping.tidying import tidy_lines, tidy_record
from dagster_project.release.store import ReleaseStore
from tests.support.landing_place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return kept_strictly(tmp_path)


def test_a_damaged_release_stops_it(place: Place) -> None:
    first, _ = made(place, OLD, YOUNG)
    (ReleaseStore(place.home).path(first) / "manifest.json").write_text("{")
    with pytest.raises(OutcomesError, match="manifest can't be read"):
        tidy_record(place.home, TODAY, apply=True)
    assert len(ReleaseStore(place.home).ids()) == 2


def test_a_clock_that_was_moved_back_lets_nothing_go(place: Place) -> None:
    made(place, OLD, OLD, YOUNG)
    assert tidy_record(place.home, date(2020, 1, 1), apply=True)["going"] == []


def test_it_is_said_where_the_policy_was_read(place: Place) -> None:
    own, usual = place.home.root / FILE, PROJECT_ROOT / "dagster_project/keeping" / FILE
    before = date(2020, 1, 1)
    (line,) = tidy_lines(tidy_record(place.home, before, apply=False))
    assert line.endswith(f"the policy is in {own}, and what that leaves open in {usual}.")
    own.unlink()
    (line,) = tidy_lines(tidy_record(place.home, before, apply=False))
    assert line.endswith(f"the policy is in {usual}.")


def test_a_home_may_have_its_own_policy(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert policy_of(home).releases == Rule(days=400, newest=12, yearly=True)
    (tmp_path / FILE).write_text("[releases]\nnewest = 3\n")
    assert policy_of(home).releases == Rule(days=400, newest=3, yearly=True)
    assert policy_of(home).logs.days == 180


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[releases", "isn't TOML"),
        ("[release]\ndays = 1", "got release; expected one of"),
        ("days = 1", "got days; expected one of"),
        ("[logs]\ndays = '1'", r"\[logs\] days: .* got '1'; expected a whole number from 0 up"),
        ("[logs]\ndays = true", "got True; expected a whole number"),
        ("[logs]\nyearly = true", "expected days, newest"),
        ("[releases]\nnewest = 0", "expected a whole number from 1 up"),
        ("[releases]\nyearly = 1", "expected true or false"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(UsageError, match=told) as refused:
        policy_of(Home(tmp_path))
    assert refused.value.file == str(tmp_path / FILE)


def test_the_command_says_what_would_go_and_how(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _ = made(place, OLD, YOUNG)
    monkeypatch.setenv("OUTCOMES_HOME", str(place.home.root))
    assert cli.main(["tidy", "--as-of", TODAY.isoformat()]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("releases: 1 (")
    assert said[1] == f"  {first}: 755 days old"
    assert said[-1] == "Nothing was touched; --apply lets it go."
    assert cli.main(["tidy", "--as-of", TODAY.isoformat(), "--apply"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "It is gone."
    assert cli.main(["tidy", "--as-of", TODAY.isoformat()]) == 0
    assert "Nothing is old enough" in capsys.readouterr().out

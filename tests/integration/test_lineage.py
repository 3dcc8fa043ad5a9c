"""Where a value comes from and how it changed, asked of a home with three small releases."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from dagster_project.cli import main
from dagster_project.errors import UsageError
from dagster_project.home import Home
from dagster_project.lineage.explain import explain
from dagster_project.lineage.inputs import _of_computed
from dagster_project.lineage.question import Question, one_of
from dagster_project.release.manifest import read_manifest
from dagster_project.release.store import ReleaseStore
from tests.support.small_year import (
    BOLTON,
    BRISTOL,
    INDICATOR,
    LEEDS,
    MANCHESTER,
    SALFORD,
    STOCKPORT,
    TRAFFORD,
    SmallYear,
)

pytestmark = pytest.mark.xdist_group("lineage")

Command = Callable[..., Any]


@pytest.fixture(scope="module")
def home(small_year: SmallYear) -> Home:
    """Stockport's is revised in the second; in the third Bristol's is hidden, Trafford's held."""
    return small_year.before


@pytest.fixture
def outcomes(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    monkeypatch.setenv("OUTCOMES_HOME", str(home.root))

    def command(*words: str, code: int = 0) -> Any:
        assert main(words) == code
        said = capsys.readouterr()
        return json.loads(said.out) if "--json" in words else said.out + said.err

    return command


def releases(home: Home) -> list[str]:
    """Ids, the oldest first."""
    return ReleaseStore(home).ids()[::-1]


def test_a_value_is_led_back_to_the_row_of_the_file_it_stands_in(home, outcomes):
    record = outcomes("explain", INDICATOR, STOCKPORT, "--json")
    (explained,) = record["values"]
    assert explained["value"]["value"] == 1.25
    (source,) = explained["inputs"]
    landed = Path(home.landing / source["sha256"] / "extract")
    assert hashlib.sha256(landed.read_bytes()).hexdigest() == source["sha256"]
    assert source["rows"] == ["row 3"]
    assert STOCKPORT in landed.read_text("utf-8").splitlines()[3 - 1]
    assert {check["check_id"] for check in explained["checks"]} >= {"C08", "C43"}
    assert all(check["tested"] is not None for check in explained["checks"])


def test_history_names_each_release_in_which_the_value_moved(home, outcomes):
    first, second, third = releases(home)
    record = outcomes("explain", INDICATOR, STOCKPORT, "--json")
    told = [
        (step["release"], step["last_release"], step["value"], step["is_latest"])
        for step in record["values"][0]["history"]
    ]
    assert told == [(first, first, 1.2, False), (second, third, 1.25, True)]


def test_what_is_hidden_today_is_hidden_in_the_past_as_well(home, outcomes):
    first, _, third = releases(home)
    for words in (
        ("explain", INDICATOR, BRISTOL, "--json"),
        ("explain", INDICATOR, BRISTOL),
        ("diff", first, third, "--json"),
        ("diff", first, third, "--all"),
    ):
        said = outcomes(*words)
        said = said if isinstance(said, str) else json.dumps(_of_bristol(said))
        assert "0.82" not in said, words
        assert "0.71" not in said, words
        assert "suppressed" in said, words


def _of_bristol(record: dict[str, Any]) -> Any:
    if "values" in record:
        return record["values"][0]["value"], record["values"][0]["history"]
    return [row for row in record["changes"] if row["area_code"] == BRISTOL]


def test_as_at_a_day_answers_from_the_release_of_that_day(home, outcomes, tmp_path):
    first, second, _ = releases(home)
    manifests = [home.releases / name / "manifest.json" for name in (first, second)]
    kept = [path.read_bytes() for path in manifests]
    try:
        for path, day in zip(manifests, ("2020-01-01", "2021-01-01"), strict=True):
            record = json.loads(path.read_text("utf-8"))
            path.write_text(json.dumps(record | {"created_at": f"{day}T00:00:00Z"}), "utf-8")
        then = ("--as-at", "2020-06-01", "--json")
        record = outcomes("explain", INDICATOR, STOCKPORT, *then)
        assert (record["release"], record["values"][0]["value"]["value"]) == (first, 1.2)
        # Of an older release only the manifest says what it was made from.
        assert record["values"][0]["inputs"][0]["rows"] is None
        hidden = outcomes("explain", INDICATOR, BRISTOL, *then)["values"][0]
        assert hidden["hidden_today"]
        assert hidden["value"]["value"] is None
        assert "2020-01-01 or later" in outcomes(
            "explain", INDICATOR, BRISTOL, "--as-at", "2019-12-31", code=2
        )
    finally:
        for path, content in zip(manifests, kept, strict=True):
            path.write_bytes(content)


def test_diff_tells_what_moved_and_what_made_each(home, outcomes):
    first, second, _ = releases(home)
    record = outcomes("diff", first, second, "--json")
    assert record["counts"] == {"revised": 3, "status_changed": 2}
    moved = {STOCKPORT, SALFORD, BOLTON, MANCHESTER, LEEDS}
    assert {row["area_code"] for row in record["changes"]} == moved
    change = _of(STOCKPORT, record)
    assert (change["old_value"], change["new_value"]) == (1.2, 1.25)
    assert change["change_pct"] == pytest.approx(100 * 0.05 / 1.2)
    made_from = record["made_from"]
    assert [len(made_from[f"inputs_only_{side}"]) for side in ("earlier", "later")] == [0, 2]
    assert outcomes("diff", first, first).endswith("No value differs.\n")
    backwards = _of(STOCKPORT, outcomes("diff", second, first, "--json"))
    assert (backwards["old_value"], backwards["new_value"]) == (1.25, 1.2)


def _of(area: str, record: dict[str, Any]) -> dict[str, Any]:
    """The one change of that area."""
    (change,) = [row for row in record["changes"] if row["area_code"] == area]
    return dict(change)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("explain", "dementia", STOCKPORT), INDICATOR),
        (("explain", INDICATOR, "Stokport"), "E08000007 (Stockport)"),
        (("explain", INDICATOR, STOCKPORT, "2019/20"), "2020/21"),
        (("explain", INDICATOR, "E06000024"), "no row"),
        (("diff", "1.0.0-000000000000"), "`outcomes releases`"),
        (("diff", "latest", "--indicator", "dementia"), INDICATOR),
    ],
)
def test_a_question_that_names_nothing_is_told_what_is_near(outcomes, words, told):
    assert told in outcomes(*words, code=2)


def test_codes_titles_and_spaces_all_lead_to_the_value(outcomes):
    by_title = outcomes("explain", "Dementia: QOF prevalence", "stockport", "2020 / 21", "--json")
    assert by_title["values"][0]["value"]["value"] == 1.25


@pytest.fixture
def copied(home: Home, tmp_path: Path, outcomes: Command, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The same home once more, to be damaged; the command asks it."""
    shutil.copytree(home.root, tmp_path / "copy", symlinks=True)
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path / "copy"))
    return Home(tmp_path / "copy")


def test_a_release_that_was_withdrawn_is_said_to_be(copied, outcomes):
    first, second, third = releases(copied)
    outcomes("withdraw", second, "--reason", "A mistake")
    steps = outcomes("explain", INDICATOR, STOCKPORT, "--json")["values"][0]["history"]
    told = [(step["release"], step["withdrawn"], step["value"]) for step in steps]
    assert told == [(first, False, 1.2), (second, True, None), (third, False, 1.25)]
    assert "the release was withdrawn" in outcomes("explain", INDICATOR, STOCKPORT)
    for pair in ((first, second), (second, third)):
        assert "that release was withdrawn" in outcomes("diff", *pair, code=2)


def test_a_damaged_release_is_named_and_not_a_crash(copied, outcomes):
    first, _, third = releases(copied)
    path = copied.releases / first / "data" / "indicator_values.parquet"
    path.write_bytes(path.read_bytes()[:100])
    for words in (("explain", INDICATOR, STOCKPORT), ("diff", first, third)):
        said = outcomes(*words, code=1)
        assert "outcomes verify" in said
        assert first in said


def test_no_figure_is_shown_that_may_rest_on_a_landing_taken_back(copied, outcomes):
    first, second, third = releases(copied)
    (landed,) = [
        item
        for item in read_manifest(copied.releases / first).inputs
        if item.name == "fingertips.csv"
    ]
    outcomes("withdraw", landed.sha256[:12], "--reason", "The wrong file")
    # The later releases were made from it too, if only until the next refresh.
    sources = [read_manifest(copied.releases / each).inputs for each in (first, second, third)]
    rests = [landed.landing in {item.landing for item in inputs} for inputs in sources]
    steps = outcomes("explain", INDICATOR, STOCKPORT, "--json")["values"][0]["history"]
    assert rests[0]
    for step in steps:
        assert (step["value"] is None) == rests[[first, second, third].index(step["release"])]
    change = _of(STOCKPORT, outcomes("diff", first, second, "--json"))
    assert change["old_value"] is None
    assert change["change_pct"] is None
    # The landing is marked beside its bytes: what is gone with the state isn't shown for that.
    copied.state.unlink()
    change = _of(STOCKPORT, outcomes("diff", first, second, "--json"))
    assert change["old_value"] is None


def test_without_a_latest_release_what_is_hidden_stays_hidden(copied, outcomes):
    first, _, third = releases(copied)
    (copied.releases / "latest").unlink()
    changes = _of_bristol(outcomes("diff", first, third, "--json"))
    assert [(row["old_value"], row["new_value"]) for row in changes] == [(None, None)]


def test_a_home_that_lost_its_state_or_can_only_be_read_is_explained(copied, outcomes, monkeypatch):
    shutil.rmtree(copied.cache)
    monkeypatch.setattr(os, "access", lambda *_: False)
    (source,) = outcomes("explain", INDICATOR, STOCKPORT, "--json")["values"][0]["inputs"]
    assert source["rows"] == ["row 3"]
    assert not copied.cache.exists()
    copied.state.unlink()
    said = outcomes("explain", INDICATOR, STOCKPORT)
    assert "`outcomes refresh` rebuilds it" in said
    assert "fingertips.csv" in said
    assert not copied.state.exists()


def test_while_a_refresh_holds_the_warehouse_the_manifest_answers(copied, outcomes):
    holding = f"import duckdb; c = duckdb.connect({str(copied.warehouse)!r}); print(1, flush=True)"
    with subprocess.Popen(
        [sys.executable, "-c", f"{holding}; input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        record = outcomes("explain", INDICATOR, STOCKPORT, "--json")
        other.communicate(b"\n")
    assert "holds the warehouse" in record["note"]
    assert record["values"][0]["inputs"][0]["rows"] is None


def test_a_held_value_names_the_release_of_its_figures_and_the_file_that_failed(home, outcomes):
    _, second, third = releases(home)
    (explained,) = outcomes("explain", INDICATOR, TRAFFORD, "--json")["values"]
    assert (explained["value"]["status"], explained["value"]["value"]) == ("held", 1.0)
    assert explained["figures_from"] == second
    inputs = read_manifest(home.releases / second).inputs
    published = {item.sha256 for item in inputs if item.name == "fingertips.csv"}
    # It was made from two files, of which the release says which one the figure is of.
    assert len(published) == 2
    (source,) = explained["inputs"]
    assert source["sha256"] in published
    assert source["certainty"].startswith("this file, as the release says")
    (failed,) = explained["held_in"]
    assert failed["sha256"] not in published
    assert failed["sha256"] in {i.sha256 for i in read_manifest(home.releases / third).inputs}
    said = outcomes("explain", INDICATOR, TRAFFORD)
    assert f"last published by {second}" in said
    assert "held: the newer figure is in" in said
    assert "450 of" not in said


def test_what_a_check_saw_of_a_hidden_value_is_hidden_too(outcomes):
    (explained,) = outcomes("explain", INDICATOR, BRISTOL, "--json")["values"]
    assert explained["checks"]
    assert {check["observed"] for check in explained["checks"]} == {None}


def test_what_is_cut_for_a_person_is_whole_for_a_program(home):
    asked = Question(INDICATOR, STOCKPORT)
    assert explain(home, asked, most=0)["not_shown"] == len(explain(home, asked)["values"]) == 1


@pytest.mark.parametrize(
    ("flags", "told"), [(["recast_area"], "areas before it"), ([], "of the area")]
)
def test_what_is_added_up_says_of_which_areas(home, flags, told):
    manifest = read_manifest(home.releases / releases(home)[0])
    value = {"source_id": "fingertips", "period_label": "2020/21", "flags": flags}
    value |= {"origin": "computed"}
    answer: Any = SimpleNamespace(manifest=manifest, indicator={"sources": None})
    sources = _of_computed(answer, value)
    assert [told in source["certainty"] for source in sources] == [True, True, True]


def test_a_title_of_several_is_told_as_such():
    with duckdb.connect() as con:
        con.execute("create table areas as from (values ('A', 'Bolton'), ('B', 'Bolton')) t(c, n)")
        with pytest.raises(UsageError, match=r"names several areas.*A \(Bolton\), B \(Bolton\)"):
            one_of(con, "areas", "c", "n", "bolton")

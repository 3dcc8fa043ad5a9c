"""Where a value comes from and how it changed, asked of a home with three small releases."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dagster_project.cli import main
from dagster_project.home import Home
from dagster_project.release.store import ReleaseStore
from tests.small_inbox import line, run, write

INDICATOR, ENGLAND, STOCKPORT, BRISTOL = (
    "dementia_qof_prevalence",
    "E92000001",
    "E08000007",
    "E06000023",
)
SMALL = "* Value suppressed for disclosure control due to small count"

pytestmark = pytest.mark.xdist_group("lineage")

Command = Callable[..., Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Stockport's value is revised in the second release; in the third Bristol's is hidden."""
    place = tmp_path_factory.mktemp("lineage")
    made, inbox = Home(place / "home"), place / "inbox"
    england = line(ENGLAND, "1.0", "0.9", "1.1")
    bristol = line(BRISTOL, "0.8", "0.7", "0.9", "40")
    write(inbox / "fingertips.csv", england, line(STOCKPORT, "1.2", "1.0", "1.4"), bristol)
    run(made, inbox)
    revised = line(STOCKPORT, "1.3", "1.1", "1.5", "65")
    write(inbox / "fingertips.csv", england, revised, bristol)
    run(made, inbox)
    hidden = line(BRISTOL, "", "", "", "").replace(",,,Similar", f",{SMALL},,Similar")
    write(inbox / "fingertips.csv", england, revised, hidden)
    run(made, inbox)
    return made


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
    assert explained["value"]["value"] == 1.3
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
    assert told == [(first, first, 1.2, False), (second, third, 1.3, True)]


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
        assert "0.8" not in said, words
        assert "0.7" not in said, words
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
    assert record["counts"] == {"revised": 1}
    (change,) = record["changes"]
    assert (change["old_value"], change["new_value"]) == (1.2, 1.3)
    assert change["change_pct"] == pytest.approx(100 * 0.1 / 1.2)
    made_from = record["made_from"]
    assert [len(made_from[f"inputs_only_{side}"]) for side in ("earlier", "later")] == [0, 1]
    assert outcomes("diff", first, first).endswith("No value differs.\n")
    backwards = outcomes("diff", second, first, "--json")["changes"]
    assert [(row["old_value"], row["new_value"]) for row in backwards] == [(1.3, 1.2)]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("explain", "dementia", STOCKPORT), INDICATOR),
        (("explain", INDICATOR, "Stokport"), "E08000007 (Stockport)"),
        (("explain", INDICATOR, STOCKPORT, "2019/20"), "2020/21"),
        (("explain", INDICATOR, "E06000024"), "no row"),
        (("diff", "1.0.0-000000000000"), "`outcomes releases`"),
    ],
)
def test_a_question_that_names_nothing_is_told_what_is_near(outcomes, words, told):
    assert told in outcomes(*words, code=2)


def test_codes_titles_and_spaces_all_lead_to_the_value(outcomes):
    by_title = outcomes("explain", "Dementia: QOF prevalence", "stockport", "2020 / 21", "--json")
    assert by_title["values"][0]["value"]["value"] == 1.3

"""A small inbox of our own making, refreshed again and again: revisions, holds, one source."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from dagster_project import warehouse
from dagster_project.errors import UsageError
from dagster_project.home import Home
from dagster_project.release.manifest import verify
from tests.support.small_inbox import line, run, values, write
from tests.support.small_year import AREAS, DONCASTER, ENGLAND, PLYMOUTH, SALFORD

pytestmark = pytest.mark.xdist_group("small")


def test_what_is_new_is_published(small_year):
    assert str(small_year.steps[0].release).startswith("1.0.0-")
    assert small_year.shown[0][SALFORD] == ("published", None, 1.2, False, False)


def test_what_is_broken_is_refused_and_its_neighbours_land(small_year):
    first = small_year.steps[0]
    refused = {item["file"]: item["message"] for item in first.summary["landing"]["refused"]}
    assert refused.keys() == {"footnote.csv", "page.csv"}
    assert "line 2, column 'Value'" in refused["footnote.csv"]
    assert "expected a number, or nothing" in refused["footnote.csv"]
    assert len(list(small_year.home.quarantine.iterdir())) == 2
    # Each is an alert, though nobody is told where no delivery is set up.
    assert first.alerts["told"] == []
    assert small_year.alerts >= {"file_refused/footnote.csv", "file_refused/page.csv"}
    assert small_year.shown[0].keys() == AREAS


def test_what_is_replaced_in_place_by_other_bytes_is_a_revision_by_the_later_extract(small_year):
    assert str(small_year.steps[1].release).startswith("1.1.0-")
    assert small_year.shown[1][SALFORD] == ("published", None, 1.25, False, True)


def test_a_value_outside_its_own_limits_is_held_with_its_last_good_value(small_year):
    assert small_year.shown[2][SALFORD][:4] == ("held", "C43", 1.25, True)
    assert small_year.shown[2][ENGLAND][0] == "published"


def test_mended_it_is_published_again(small_year):
    assert small_year.shown[3][SALFORD][:3] == ("published", None, 1.3)


def test_a_later_extract_that_lacks_a_cell_deletes_nothing_and_is_told(small_year):
    assert small_year.steps[3].summary["lacking"] == {"fingertips": 1}
    assert small_year.shown[3][DONCASTER][:3] == ("published", None, 1.2)


def test_what_is_hidden_today_shows_nothing_though_it_is_held_too(small_year):
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select status, coalesce(value, lower_95, upper_95, numerator, denominator)"
            f" from read_parquet('{small_year.home.releases}/latest/data/indicator_values.parquet')"
            f" where area_code = '{PLYMOUTH}'"
        ).fetchall()
    assert rows == [("suppressed", None)]


def test_only_what_depends_on_a_file_is_built_and_built_whole_it_is_the_same_bytes(
    small_year, tmp_path
):
    assert min(small_year.steps[3].summary["models"].values()) > 0
    # And by Dagster, which the refreshes of the year did without.
    home = Home(tmp_path / "home")
    shutil.copytree(small_year.before.root, home.root, symlinks=True)
    with warehouse.connect(home) as connection:
        connection.execute("delete from run.built")
    whole = run(home, small_year.inbox)
    assert whole.summary["models"]["stood"] == 0
    assert whole.release == small_year.steps[3].release
    assert tables(home) == tables(small_year.home)


def tables(home: Home) -> dict[str, str]:
    """The SHA-256 of every table of the latest release."""
    files = verify((home.releases / "latest").resolve()).files
    return {each.path: each.sha256 for each in files if each.path.startswith(("data/", "csv/"))}


@pytest.mark.slow
def test_two_files_that_disagree_hold_the_cell_until_a_vintage_tells_them_apart(tmp_path):
    home, inbox = Home(tmp_path / "home"), tmp_path / "inbox"
    write(
        inbox / "a.csv",
        line("E92000001", "1.0", "0.9", "1.1"),
        line("E08000007", "1.2", "1.0", "1.4"),
    )
    write(
        inbox / "b.csv",
        line("E92000001", "1.0", "0.9", "1.1"),
        line("E08000007", "1.3", "1.1", "1.5"),
    )
    run(home, inbox)
    assert values(home)["E08000007"][:3] == ("held", "L02", None)
    assert values(home)["E92000001"][0] == "published"
    (inbox / "a.csv.period").write_text("vintage: 2021-10-01\n")
    (inbox / "b.csv.period").write_text("vintage: 2022-10-01\n")
    run(home, inbox)
    assert values(home)["E08000007"][:3] == ("published", None, 1.3)


@pytest.mark.slow
def test_one_source_at_a_time(tmp_path):
    home, inbox = Home(tmp_path / "home"), tmp_path / "inbox"
    write(inbox / "fingertips.csv", line("E92000001", "1.0", "0.9", "1.1"))
    with pytest.raises(UsageError, match="no such source"):
        run(home, inbox, sources=["fingertip"])
    left = run(home, inbox, sources=["qof"])
    assert left.nothing_new
    assert left.summary["landing"]["of_other_sources"] == 1
    taken = run(home, inbox, sources=["fingertips"])
    assert len(taken.summary["landing"]["landed"]) == 1


def test_an_empty_inbox_publishes_nothing_and_says_so(tmp_path):
    home, inbox = Home(tmp_path / "home"), tmp_path / "inbox"
    inbox.mkdir()
    outcome = run(home, inbox)
    assert outcome.nothing_new
    assert "no extract has landed" in outcome.why
    assert outcome.release is None

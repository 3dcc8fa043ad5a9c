"""A small inbox of our own making, refreshed again and again: revisions, holds, one source."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from dagster_project import warehouse
from dagster_project.alerts.commands import list_record
from dagster_project.errors import UsageError
from dagster_project.home import Home
from dagster_project.release.manifest import verify
from tests.small_inbox import line, run, values, write

pytestmark = pytest.mark.xdist_group("small")


def test_a_year_in_the_life_of_one_value(tmp_path):
    home, inbox = Home(tmp_path / "home"), tmp_path / "inbox"
    england, stockport = line("E92000001", "1.0", "0.9", "1.1"), "E08000007"
    file = inbox / "fingertips.csv"

    write(file, england, line(stockport, "1.2", "1.0", "1.4"))
    first = run(home, inbox)
    assert first.release is not None
    assert first.release.startswith("1.0.0-")
    assert values(home)[stockport] == ("published", None, 1.2, False, False)

    # Replaced in place by other bytes: a revision, by the later extract.
    write(file, england, line(stockport, "1.25", "1.0", "1.5"))
    revised = run(home, inbox)
    assert str(revised.release).startswith("1.1.0-")
    assert values(home)[stockport] == ("published", None, 1.25, False, True)

    # A value outside its own limits is held, with its last good value; its neighbour is published.
    write(file, england, line(stockport, "9.9", "1.1", "1.5"))
    run(home, inbox)
    assert values(home)[stockport][:4] == ("held", "C43", 1.25, True)
    assert values(home)["E92000001"][0] == "published"

    # Mended, it is published again.
    write(file, england, line(stockport, "1.3", "1.0", "1.6"))
    run(home, inbox)
    assert values(home)[stockport][:3] == ("published", None, 1.3)

    # A later extract that lacks a cell deletes nothing, and is told.
    other = Home(tmp_path / "other")
    shutil.copytree(home.root, other.root, symlinks=True)
    write(file, england)
    lacking = run(home, inbox)
    assert lacking.summary["lacking"] == {"fingertips": 1}
    assert values(home)[stockport][:3] == ("published", None, 1.3)

    # Only what depends on the file was built for it; built whole, every table is the same bytes.
    assert min(lacking.summary["models"].values()) > 0
    with warehouse.connect(other) as connection:
        connection.execute("delete from run.built")
    whole = run(other, inbox)
    assert whole.summary["models"]["stood"] == 0
    assert whole.release == lacking.release
    assert tables(other) == tables(home)


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


def test_what_is_broken_is_refused_and_its_neighbours_land(tmp_path):
    home, inbox = Home(tmp_path / "home"), tmp_path / "inbox"
    write(inbox / "good.csv", line("E92000001", "1.0", "0.9", "1.1"))
    write(inbox / "footnote.csv", line("E08000007", "1.2*", "1.0", "1.4"))
    (inbox / "page.csv").write_text("<!doctype html><html></html>")
    outcome = run(home, inbox)
    refused = {item["file"]: item["message"] for item in outcome.summary["landing"]["refused"]}
    assert refused.keys() == {"footnote.csv", "page.csv"}
    assert "line 2, column 'Value'" in refused["footnote.csv"]
    assert "expected a number, or nothing" in refused["footnote.csv"]
    assert len(list(home.quarantine.iterdir())) == 2
    # Each is an alert, though nobody is told where no delivery is set up.
    assert outcome.alerts["told"] == []
    open_now = {each["key"] for each in list_record(home)["alerts"]}
    assert open_now >= {"file_refused/footnote.csv", "file_refused/page.csv"}
    assert values(home).keys() == {"E92000001"}


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


def test_what_is_hidden_today_shows_nothing_though_it_is_held_too(tmp_path):
    home, inbox = Home(tmp_path / "home"), tmp_path / "inbox"
    england, stockport = line("E92000001", "1.0", "0.9", "1.1"), "E08000007"
    write(inbox / "fingertips.csv", england, line(stockport, "1.2", "1.0", "1.4"))
    run(home, inbox)
    # Issued again under another name, hidden: which is the later isn't said, so it is held (L02).
    hidden = line(stockport, "", "", "", "").replace(
        ",,,Similar", ",* Value suppressed for disclosure control due to small count,,Similar"
    )
    write(inbox / "again.csv", england, hidden)
    run(home, inbox)
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select status, coalesce(value, lower_95, upper_95, numerator, denominator)"
            f" from read_parquet('{home.releases}/latest/data/indicator_values.parquet')"
            f" where area_code = '{stockport}'"
        ).fetchall()
    assert rows == [("suppressed", None)]

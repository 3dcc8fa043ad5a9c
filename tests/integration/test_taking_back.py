"""What was taken back from a real home stays back, whatever is lost on the way."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dagster_project import cli
from dagster_project.errors import UsageError
from dagster_project.home import Home
from dagster_project.refresh import refresh, request_for
from dagster_project.release.store import ReleaseStore
from dagster_project.withdrawing import withdraw
from tests.support.landing_files import sha256
from tests.support.small_inbox import line, run, values, write

pytestmark = [pytest.mark.xdist_group("taking back"), pytest.mark.slow]
STOCKPORT = "E08000007"
SMALL_COUNT = "Value suppressed for disclosure control due to small count"
ENGLAND = line("E92000001", "1.0", "0.9", "1.1")


def publish(home: Home, inbox: Path, stockport: str) -> str:
    write(inbox / "fingertips.csv", ENGLAND, stockport)
    outcome = run(home, inbox)
    assert outcome.release is not None
    assert not outcome.nothing_new, outcome.why
    return outcome.release


def test_a_withdrawn_release_does_not_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, inbox = Home(tmp_path / "home"), tmp_path / "inbox"
    first = publish(home, inbox, line(STOCKPORT, "1.2", "1.0", "1.4"))
    second = publish(home, inbox, line(STOCKPORT, "1.24", "1.0", "1.48"))
    withdraw(home, second, "sent in error")
    assert ReleaseStore(home).latest_id() == first

    # The same bytes still stand in the inbox. They are left out, and said to be.
    again = run(home, inbox)
    assert (again.nothing_new, again.release) == (True, first)
    assert again.summary["landing"]["taken_back"] == ["fingertips.csv"]
    assert values(home)[STOCKPORT][:3] == ("published", None, 1.2)

    # A home that lost its state is still a real one, and knows what landed and was taken back.
    for path in home.root.glob("state.sqlite*"):
        path.unlink()
    with pytest.raises(UsageError, match="holds real data"):
        refresh(request_for(home, None, sample=True, as_of="2026-11-22"))
    rebuilt = run(home, inbox)
    assert (rebuilt.nothing_new, rebuilt.release) == (True, first)

    # Other bytes publish again.
    third = publish(home, inbox, line(STOCKPORT, "1.25", "1.0", "1.5"))
    assert values(home)[STOCKPORT][:3] == ("published", None, 1.25)

    # What is hidden since isn't shown by rolling back.
    publish(home, inbox, line(STOCKPORT, "", "", "", "", SMALL_COUNT))
    assert values(home)[STOCKPORT][0] == "suppressed"
    monkeypatch.setenv("OUTCOMES_HOME", str(home.root))
    assert cli.main(["rollback", third]) == 0
    assert values(home)[STOCKPORT][0] == "suppressed"
    with duckdb.connect() as connection:
        figures = connection.execute(
            "select coalesce(value, lower_95, upper_95, numerator, denominator)"
            f" from '{home.releases}/latest/data/indicator_values.parquet'"
            f" where area_code = '{STOCKPORT}'"
        ).fetchall()
    assert figures == [(None,)]
    assert values(home)["E92000001"][:3] == ("published", None, 1.0)


def test_a_held_value_keeps_the_figure_of_a_release_that_was_not_made_from_it(
    tmp_path: Path, plain: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, inbox = Home(tmp_path / "home"), tmp_path / "inbox"
    first = publish(home, inbox, line(STOCKPORT, "1.2", "1.0", "1.4"))
    beside = inbox / "beside.csv"
    write(beside, line(STOCKPORT, "1.2", "1.0", "1.4"), ENGLAND)
    second = str(run(home, inbox).release)
    # A wrong one takes the place of the first.
    third = publish(home, inbox, line(STOCKPORT, "2.2", "2.0", "2.4"))
    assert values(home)[STOCKPORT][::2] == ("held", 1.2, False)
    withdraw(home, sha256(beside.read_bytes())[:12], "not wanted")
    beside.unlink()
    fourth = run(home, inbox)
    # What moved far from the first still waits for a reason, and the figure of the first stands.
    assert values(home)[STOCKPORT] == ("held", "C55", 1.2, True, False)
    changes = fourth.summary["release"]["changes"]
    assert not any(changes[each] for each in ("revised", "no_longer_shown", "status_changed"))
    with duckdb.connect() as connection:
        data = home.releases / "latest" / "data"
        assert connection.execute(
            f"select distinct last_good_release, keeps_last_good_value from '{data}/holds.parquet'"
        ).fetchall() == [(first, True)]
        made = connection.execute(
            f"select made_in, extract_sha256 from '{data}/provenance.parquet'"
            " where area_type = 'utla' and indicator_id = 'dementia_qof_prevalence'"
        ).fetchall()
    # Of figures that are held nothing is told: those that stand are the first release's.
    wrong = sha256((inbox / "fingertips.csv").read_bytes())
    assert {(release, extract == wrong) for release, extract in made} == {(first, False)}
    monkeypatch.setenv("OUTCOMES_HOME", str(home.root))
    assert cli.main(["explain", "dementia_qof_prevalence", STOCKPORT]) == 0
    said = capsys.readouterr().out
    assert f"the figures shown were last published by {first}, made from" in said
    hidden = "hidden, since it may rest on a file that was taken back"
    history = [each.strip() for each in said.split("  history\n")[1].splitlines()[:4]]
    told = [(first, "1.2, published"), (second, f"{hidden}, published")]
    told += [(third, f"{hidden}, held"), (fourth.release, "1.2, held")]
    for each, (release, words) in zip(history, told, strict=True):
        assert each.startswith(f"{release} (")
        assert f"): {words}, definition 1" in each

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

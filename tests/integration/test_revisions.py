"""A published value that moves far: held until a role says why, then told with the reason."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from dagster_project.cli import main
from dagster_project.home import Home
from dagster_project.release.store import ReleaseStore
from dagster_project.revising import reasons
from tests.support.small_inbox import values
from tests.support.small_year import (
    BOLTON,
    BRISTOL,
    BY,
    ENGLAND,
    INDICATOR,
    KEY,
    LEEDS,
    MANCHESTER,
    SALFORD,
    STOCKPORT,
    TRAFFORD,
    SmallYear,
)

pytestmark = pytest.mark.xdist_group("revisions")


@pytest.fixture(scope="module")
def told(small_year: SmallYear) -> SimpleNamespace:
    """Three refreshes: published; revised, a little and a lot; the reason for the lot given."""
    return SimpleNamespace(home=small_year.before, held=small_year.shown[1])


def changes(home: Home, *columns: str) -> dict[str, tuple[Any, ...]]:
    path = home.releases / "latest" / "data" / "changes.parquet"
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select area_code, {', '.join(columns)} from read_parquet('{path}')"
        ).fetchall()
    return {area: tuple(rest) for area, *rest in rows}


def test_a_large_move_waits_with_its_last_good_value_and_a_small_one_does_not(told):
    assert told.held[MANCHESTER] == ("held", "C55", 1.2, True, False)
    assert told.held[BOLTON] == ("published", None, 1.32, False, True)
    assert told.held[ENGLAND] == ("published", None, 1.0, False, False)


def test_a_small_move_that_turns_the_judgement_waits_as_well(told):
    assert told.held[LEEDS][:3] == ("held", "L10", 1.02)
    # The reason for Manchester is none for Leeds.
    assert values(told.home)[LEEDS][:3] == ("held", "L10", 1.02)


def test_with_its_reason_it_is_published_and_told(told):
    assert values(told.home)[MANCHESTER] == ("published", None, 1.5, False, True)
    found = changes(told.home, "change", "old_value", "new_value", "cause", "reason", "reason_by")
    assert found == {
        MANCHESTER: (
            *("revised", 1.2, 1.5, "data", "Late returns of practices"),
            "primary-care-analysts",
        ),
        BRISTOL: ("status_changed", None, None, "suppression", None, None),
        SALFORD: ("status_changed", 1.25, 1.25, "hold", None, None),
        TRAFFORD: ("status_changed", 1.0, 1.0, "hold", None, None),
    }
    (sentence,) = changes(told.home, "sentence")[MANCHESTER]
    assert "1.2 became 1.5 (+25.0%)" in sentence
    assert "Another file of the publisher gave the value." in sentence
    assert sentence.endswith("Reason given: Late returns of practices.")
    latest = ReleaseStore(told.home).latest()
    assert latest is not None
    (listed,) = latest.reasons
    assert (listed["key"]["area_code"], listed["values"]) == (MANCHESTER, 1)


def test_explain_tells_the_reason_beside_the_move_and_all_else_when_asked(
    told, monkeypatch, capsys
):
    monkeypatch.setenv("OUTCOMES_HOME", str(told.home.root))
    assert main(["explain", INDICATOR, MANCHESTER]) == 0
    said = capsys.readouterr().out
    moved = next(line for line in said.splitlines() if ": 1.5, published" in line)
    assert moved.endswith("; reason given by primary-care-analysts: Late returns of practices")
    assert said.count("Late returns of practices") == 1
    assert "bound:" not in said
    assert len(said.splitlines()) < 22
    assert main(["explain", INDICATOR, MANCHESTER, "--full"]) == 0
    whole = capsys.readouterr().out
    assert "reason given by primary-care-analysts" in whole
    assert {line for line in said.splitlines() if "20/21" in line} <= set(whole.splitlines())
    assert "C42 The numerator is within the denominator: pass (" in whole
    # Leeds has none: it waits.
    assert main(["explain", INDICATOR, LEEDS]) == 0
    assert "reason given" not in capsys.readouterr().out


def test_what_made_a_held_value_is_what_made_its_last_good_one(told):
    store = ReleaseStore(told.home)
    third, second, first = store.ids()
    holds = store.path(third) / "data" / "holds.parquet"
    made = store.path(third) / "data" / "provenance.parquet"
    with duckdb.connect() as connection:
        kept = connection.execute(
            f"select distinct area_code, last_good_release from '{holds}'"
            f" where indicator_id = '{INDICATOR}'"
        ).fetchall()
        rows = connection.execute(
            f"select made_in, value_count, areas from '{made}' where area_type = 'utla'"
            f" and indicator_id = '{INDICATOR}'"
            " order by all"
        ).fetchall()
    assert set(kept) == {(LEEDS, first), (SALFORD, second), (TRAFFORD, second)}
    # Each may be of either file of its release; of the others, made in this one, it is known.
    counts = [(first, 1), (first, 1), (second, 2), (second, 2), (third, 2), (third, 4)]
    assert [(made_in, count) for made_in, count, _ in rows] == counts


def test_the_difference_of_two_releases_is_said_in_sentences(told, monkeypatch, capsys):
    monkeypatch.setenv("OUTCOMES_HOME", str(told.home.root))
    third, second, first = ReleaseStore(told.home).ids()
    assert main(["diff", second, third]) == 0
    said = capsys.readouterr().out
    assert "1 revised (data, at most 25.0%)" in said
    assert "1.2 became 1.5 (+25.0%). Another file of the publisher gave the value." in said
    assert "Reason given: Late returns of practices." in said
    assert main(["diff", first, second, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    causes = {row["area_code"]: row["cause"] for row in record["changes"]}
    assert causes == {MANCHESTER: "hold", LEEDS: "hold"} | dict.fromkeys(
        (BOLTON, STOCKPORT, SALFORD), "data"
    )


def test_what_waits_is_listed_and_a_wrong_reason_is_refused(told, monkeypatch, capsys):
    monkeypatch.setenv("OUTCOMES_HOME", str(told.home.root))
    assert main(["accept-revision"]) == 0
    said = capsys.readouterr().out
    assert "1 values wait" not in said
    assert f"1 of indicator_id={INDICATOR},period_label=2020/21,extract=" in said
    for key, words, named in (
        # Nothing waits there: the reason would be for something that nobody has seen.
        (f"indicator_id={INDICATOR},area_code={BOLTON}", BY, "1 of indicator_id"),
        ("colour=red", BY, "period_label"),
        ("extract=abc", BY, "12 characters"),
        (KEY, ("--by", "somebody", "--reason", "So"), "primary-care-analysts"),
        (KEY, ("--by", "geography", "--reason", " "), "--reason"),
        (KEY, ("--by", "geography"), "--reason"),
        (f"area_code={BOLTON}", ("--end",), "as it was given"),
    ):
        assert main(["accept-revision", key, *words]) == 2, key
        assert named in capsys.readouterr().err
    assert main(["accept-revision", "--by", "geography"]) == 2
    assert "no key" in capsys.readouterr().err
    assert len(reasons.given(told.home.state)) == 1


def test_a_home_without_its_state_has_its_reasons_back_and_they_can_be_ended(
    told, tmp_path, monkeypatch, capsys
):
    import shutil

    home = Home(tmp_path / "home")
    shutil.copytree(told.home.root, home.root, symlinks=True)
    before = reasons.given(home.state)
    for path in home.root.glob("state.sqlite*"):
        path.unlink()
    monkeypatch.setenv("OUTCOMES_HOME", str(home.root))
    assert main(["accept-revision", f"area_code={LEEDS}", *BY, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["values"] == 1
    assert [each.key for each in reasons.given(home.state)] == [
        dict(before[0].key),
        {"area_code": LEEDS},
    ]
    assert reasons.given(home.state)[0] == before[0]
    assert main(["accept-revision", f"area_code={LEEDS}", "--end"]) == 0
    assert reasons.given(home.state) == before

"""A failure that a role let through: published until its last day and named, held after that."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import duckdb
import pytest

from dagster_project import waivers, warehouse
from dagster_project.calendar import today
from dagster_project.cli import main
from dagster_project.errors import PublicationRefused
from dagster_project.home import Home
from dagster_project.pipeline.publication import publish
from dagster_project.refresh import refresh, request_for
from dagster_project.release.store import ReleaseStore
from tests.support.small_inbox import line, write

INDICATOR, ENGLAND, STOCKPORT, BRISTOL = (
    "dementia_qof_prevalence",
    "E92000001",
    "E08000007",
    "E06000023",
)
KEY = f"indicator_id={INDICATOR},area_code={STOCKPORT}"
TODAY = today()

pytestmark = pytest.mark.xdist_group("waivers")


def grant(check: str = "C43", key: str = KEY, **options: str) -> int:
    said = {
        "--by": "primary-care-analysts",
        "--until": (TODAY + timedelta(days=30)).isoformat(),
        "--reason": "The publisher confirmed it",
    } | {f"--{name}": text for name, text in options.items()}
    return main(["waive", check, key, *(word for pair in said.items() for word in pair)])


def statuses(home: Home) -> dict[str, tuple[Any, ...]]:
    path = home.releases / "latest" / "data" / "indicator_values.parquet"
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select area_code, status, status_reason, value from read_parquet('{path}')"
        ).fetchall()
    return {area: tuple(rest) for area, *rest in rows}


@pytest.mark.slow
def test_a_waived_failure_is_published_until_its_last_day(tmp_path, monkeypatch, capsys):
    home, inbox = Home(tmp_path / "home"), tmp_path / "inbox"
    monkeypatch.setenv("OUTCOMES_HOME", str(home.root))
    write(
        inbox / "fingertips.csv",
        line(ENGLAND, "1.0", "0.9", "1.1"),
        line(STOCKPORT, "9.9", "1.1", "1.5", ""),
        line(BRISTOL, "8.8", "1.1", "1.5", ""),
    )

    def run(days: int = 0) -> None:
        as_of = (TODAY + timedelta(days=days)).isoformat()
        refresh(request_for(home, [str(inbox)], sample=False, as_of=as_of))

    run()
    assert statuses(home)[STOCKPORT][:2] == ("held", "C43")

    assert grant() == 0
    assert "the release names the waiver" in capsys.readouterr().out
    # What fails nothing may be waived too: it is said that nothing is held by it.
    assert grant(key=f"indicator_id={INDICATOR},area_code={ENGLAND}") == 0
    assert "Nothing is held by it now (1 value matches);" in capsys.readouterr().out
    # Publishing what was built before it was granted is refused, whoever asks.
    with warehouse.connect(home) as connection, pytest.raises(PublicationRefused):
        publish(connection, home, TODAY)
    run()
    assert statuses(home)[STOCKPORT] == ("published", None, 9.9)
    # It reaches no neighbour.
    assert statuses(home)[BRISTOL][:2] == ("held", "C43")
    latest = ReleaseStore(home).latest()
    assert latest is not None
    (listed,) = latest.waivers
    assert (listed["check_id"], listed["role"], listed["values"]) == (
        "C43",
        "primary-care-analysts",
        1,
    )
    assert listed["reason"] == "The publisher confirmed it"
    capsys.readouterr()
    assert main(["explain", INDICATOR, STOCKPORT]) == 0
    assert "let through by primary-care-analysts" in capsys.readouterr().out
    # However its period is spaced, it is the waiver of the release's label.
    assert grant(key=f"{KEY},period_label=2020 / 21") == 0
    assert "period_label=2020/21" in capsys.readouterr().out
    assert main(["waive", "C43", f"{KEY},period_label=2020/ 21", "--end"]) == 0
    assert "holds" in capsys.readouterr().out
    assert main(["status"]) == 0
    assert f"C43 for area_code={STOCKPORT},indicator_id={INDICATOR}" in capsys.readouterr().out
    # A value that isn't published wasn't let through.
    assert grant(key=f"indicator_id={INDICATOR},area_code={BRISTOL}") == 0
    with warehouse.connect(home) as connection:
        used = waivers.used(connection, home, TODAY)
    assert [each["key"]["area_code"] for each in used] == [STOCKPORT]
    assert main(["waive", "C43", f"indicator_id={INDICATOR},area_code={BRISTOL}", "--end"]) == 0

    # Written into the warehouse by hand it lets nothing through.
    with warehouse.connect(home) as connection:
        connection.execute(
            "insert into run.waivers (check_id, area_code) values ('C43', 'E06000023')"
        )
        with pytest.raises(PublicationRefused, match="waivers"):
            waivers.verify(connection, home, TODAY)

    # The day after its last it is as if it had not been; the last good value stays, marked.
    run(days=31)
    assert statuses(home)[STOCKPORT][:2] == ("held", "C43")


@pytest.mark.parametrize(
    ("check", "key", "options", "told"),
    [
        ("c43", KEY, {}, "C43"),
        # No sound row could stand for two of one key, and what is hidden can't be waived.
        ("C08", KEY, {}, "this check holds what nobody may let through. got C08: Each value"),
        ("C46", KEY, {}, "this check holds no value, it only warns. got C46: "),
        ("C99", KEY, {}, "there is no such check. got C99; expected perhaps C"),
        ("C43", "area_code=E08000007", {}, "indicator_id"),
        ("C43", f"{KEY},colour=red", {}, "period_label"),
        ("C43", f"indicator_id={INDICATOR},area_code=E99999999", {}, "area that is known"),
        ("C43", f"{KEY},sex=Men", {}, "Persons"),
        ("C43", KEY, {"by": "somebody"}, "primary-care-analysts"),
        ("C43", KEY, {"until": "2020-01-01"}, str(TODAY)),
        ("C43", KEY, {"until": "2999-01-01"}, str(TODAY)),
        ("C43", KEY, {"until": "2027-02-30"}, "expected a day that the calendar has"),
        ("C43", KEY, {"until": "30/2/2027"}, "expected YYYY-MM-DD"),
        ("C43", KEY, {"reason": "ok       "}, "--reason"),
    ],
)
def test_a_waiver_that_is_wrong_is_refused(
    tmp_path, monkeypatch, capsys, check, key, options, told
):
    home = Home(tmp_path / "home")
    home.make()
    from dagster_project import state

    with state.connect(home.state) as ledger:
        state.set_meta(ledger, "kind", "real")
    monkeypatch.setenv("OUTCOMES_HOME", str(home.root))
    try:
        assert grant(check, key, **options) == 2
    except SystemExit as ended:
        assert ended.code == 2
    assert told in capsys.readouterr().err
    assert waivers.in_force(home.state, TODAY) == ()


def test_the_answer_is_json_where_a_program_asks(tmp_path, monkeypatch, capsys):
    home = Home(tmp_path / "home")
    home.make()
    from dagster_project import state

    with state.connect(home.state) as ledger:
        state.set_meta(ledger, "kind", "real")
    monkeypatch.setenv("OUTCOMES_HOME", str(home.root))
    words = ["waive", "C43", KEY, "--by", "geography", "--until", TODAY.isoformat()]
    assert main([*words, "--reason", "Seen by both of us", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["key"] == {"indicator_id": INDICATOR, "area_code": STOCKPORT}
    assert "matches no value now" in record["said"]
    assert [each.check_id for each in waivers.in_force(home.state, TODAY)] == ["C43"]
    # A check that may no longer be waived is none of which a waiver is in force.
    with state.connect(home.state) as ledger:
        ledger.execute("update waivers set check_id = 'C08'")
    assert waivers.in_force(home.state, TODAY) == ()
    assert main(["waive", "C43", KEY, "--end"]) == 2
    assert "no such waiver" in capsys.readouterr().err
    assert main(["waive", "C43", KEY]) == 2
    assert "--by, --until, --reason" in capsys.readouterr().err

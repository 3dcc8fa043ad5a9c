"""`outcomes alerts`: list, ack, pause, test, send; what a person decides is kept and told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dagster_project import cli, reporting_status
from dagster_project.alerts import commands, from_state
from dagster_project.alerts.causes import Cause, Spoiled, short
from dagster_project.alerts.routing import directory
from dagster_project.home import Home
from tests.support import mail_server
from tests.support.alerts_place import Place, only_made_up, refused
from tests.support.mail_server import Post, post_office

QOF = "file_refused/qof.csv"


@pytest.fixture(scope="module")
def server() -> Iterator[Post]:
    with post_office() as post:
        yield post


@pytest.fixture
def place(tmp_path: Path, server: Post, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The home that the command works on, with one refused file that was told."""
    server.letters.clear()
    made = Place(Home(tmp_path / "home"), datetime.now(UTC))
    made.delivers_to(server.port)
    only_made_up(made, monkeypatch)
    monkeypatch.setenv("OUTCOMES_HOME", str(made.home.root))
    made.causes = [refused(tmp_path / "qof.csv")]
    made.look()
    return made


def say(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert cli.main(["alerts", *words]) == code
    captured = capsys.readouterr()
    return captured.out + captured.err


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    return dict(json.loads(say(capsys, *words, "--json")))


def test_list_shows_each_with_who_was_told(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    said = say(capsys, "list")
    assert "Alerts: 1" in said
    assert f"{short(QOF)}  blocking  open  since" in said
    assert "told data-engineering, primary-care-analysts, release-managers" in said
    (alert,) = answer(capsys, "list")["alerts"]
    assert (alert["key"], alert["state"], alert["severity"]) == (QOF, "open", "blocking")


def test_nobody_counts_as_told_before_a_message_is_taken(
    place: Place, server: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    def of_ods() -> str:
        (line,) = [
            each
            for each in say(capsys, "list").splitlines()
            if "since" in each and "ods.csv" in each
        ]
        return line.partition("ods.csv ")[2]

    place.causes.append(refused(Path("ods.csv")))
    server.manners = [mail_server.REFUSE, mail_server.LATER]
    place.look()
    assert of_ods() == (
        "(told release-managers; waits to be delivered to primary-care-analysts;"
        " not delivered to data-engineering)"
    )
    say(capsys, "send", "--again")
    assert of_ods() == "(told data-engineering, primary-care-analysts, release-managers)"


def test_who_has_no_mailbox_is_named_by_each_command_and_is_not_told(
    place: Place, server: Post, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The server is given no letter to a mailbox of the seeds, which is nobody's."""
    everybody = directory().recipients
    boxes = "".join(
        f'{name} = "{name}@example.net"\n'
        for name in everybody
        if name not in ("release-managers", "contract-managers")
    )
    place.delivers_to(server.port, after=f"[mailboxes]\n{boxes}")
    place.causes = [refused(tmp_path / "ods.csv")]
    tries = server.tries
    looked = place.look()
    assert "release-managers" not in {name for name, _ in looked.told}
    assert server.tries - tries == len(looked.delivered)
    assert all(str(each["To"]).endswith("@example.net") for each in server.letters)
    line = "No mailbox for contract-managers, release-managers: nobody there is told (alerts.toml)."
    ended = commands.looked_lines(commands.looked_record(looked))
    status = reporting_status.status_lines(reporting_status.status_record(place.home))
    listed = say(capsys, "list").splitlines()
    dry = say(capsys, "send", "--dry-run").splitlines()
    assert [lines.count(line) for lines in (ended, status, listed, dry)] == [1] * 4
    (row,) = [each for each in listed if "ods.csv" in each]
    assert "told data-engineering" in row
    assert "release-managers" not in row


def test_list_and_status_say_that_the_settings_are_wrong(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    (place.home.root / "alerts.toml").write_text("sites = 1")
    assert "Nobody is told: " in say(capsys, "list")
    status = reporting_status.status_lines(reporting_status.status_record(place.home))
    assert any("Nobody is told: " in line and "got sites" in line for line in status)


def test_status_shows_them_too(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    record = reporting_status.status_record(place.home)
    assert [each["key"] for each in record["alerts"]] == [QOF]
    assert any("A file was refused" in line for line in reporting_status.status_lines(record))


@pytest.mark.parametrize("name", [short(QOF), QOF, "file_refused/"])
def test_ack_takes_the_id_the_key_or_its_start(
    place: Place, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert "you aren't told again until" in say(capsys, "ack", name, "--note", "asked for it")
    (alert,) = answer(capsys, "list")["alerts"]
    assert (alert["state"], alert["note"]) == ("acknowledged", "asked for it")
    assert place.later(days=8).look().told == ()


def test_pause_is_until_a_day_to_come(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    until = (place.at + timedelta(10)).date().isoformat()
    assert f"before {until}" in say(capsys, "pause", short(QOF), "--until", until)
    assert place.later(days=8).look().told == ()
    said = say(capsys, "pause", short(QOF), "--until", "2020-01-01", code=2)
    assert "an alert is paused until a day to come" in said


def test_a_key_that_is_none_is_refused_with_those_there_are(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert short(QOF) in say(capsys, "ack", "nothing", code=2)
    place.causes.append(refused(Path("ods.csv")))
    place.look()
    assert "several open alerts begin so" in say(capsys, "ack", "file", code=2)


def test_send_tells_and_a_dry_run_only_says(
    place: Place, server: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Alerts: 1 open" in say(capsys, "send")
    place.causes.append(refused(Path("ods.csv")))
    count = len(server.letters)
    assert "Subject: A file was refused: ods.csv" in say(capsys, "send", "--dry-run")
    assert len(server.letters) == count
    assert "told data-engineering by mail: A file was refused: ods.csv" in say(capsys, "send")
    assert len(server.letters) > count


def test_again_tries_what_was_given_up(
    place: Place, server: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    server.manners = [mail_server.REFUSE]
    place.causes.append(refused(Path("ods.csv")))
    assert "given up: mail to data-engineering" in say(capsys, "send")
    listed = say(capsys, "list")
    assert "Not delivered" in listed
    assert "(1 try, given up)" in listed
    assert "told data-engineering" in say(capsys, "send", "--again")
    assert "Not delivered" not in say(capsys, "list")


def test_test_sends_a_message_and_names_mailboxes_that_are_not_real(
    place: Place, server: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    said = say(capsys, "test", "--to", "geography")
    assert "mail to geography: taken" in said
    assert "No mailbox" not in said
    assert server.subjects("geography") == ["Outcomes: a test message"]
    server.manners = [mail_server.LATER]
    assert "451 try again later" in say(capsys, "test", code=1)
    assert "nobody of that name" in say(capsys, "test", "--to", "somebody", code=2)
    place.delivers_to(server.port, after='[mailboxes]\ngeography = "maps@example.net"\n')
    assert "No mailbox for adult-social-care-leads, " in say(capsys, "test", "--to", "geography")
    said = say(capsys, "test", "--to", "data-engineering", code=2)
    assert "mailboxes: no mailbox for data-engineering: nobody there is told" in said
    (place.home.root / "alerts.toml").unlink()
    assert "no delivery is set up" in say(capsys, "test", code=2)


def test_an_owner_reads_of_their_indicators_alone(place: Place, server: Post) -> None:
    extent = {"areas": 5, "periods": "2024/25", "where": ["Bristol", "Leeds", "Stockport"]}
    detail = {"kept": 7, "checks": {"C43": extent}}
    spoils = tuple(
        Spoiled(name, (name,), values=7, areas=5, periods="2024/25", detail=detail)
        for name in ("dementia_qof_prevalence", "suicide_rate")
    )
    checks = [{"check_id": "C43", "title": "so it is", "values": 14, "groups": 0}]
    facts = {"release": "1.1.0-x", "checks": checks, "files": ["b.csv"]}
    place.causes = [Cause("values_held", "fingertips/1.1.0-x", "fingertips", "", (), spoils, facts)]
    place.look()

    def text(name: str) -> str:
        letter = next(
            each for each in server.to(name) if str(each["Subject"]).startswith("Values are held")
        )
        return str(letter.get_body(("plain",)).get_content())

    registers, source, engineers = map(
        text, ("primary-care-analysts", "public-health-analysts", "data-engineering")
    )
    assert "Bristol, Leeds, Stockport and 2 more areas, 2024/25" in registers
    assert "The last good values are shown meanwhile" in registers
    assert "/indicators/dementia_qof_prevalence.html" in registers
    assert "suicide_rate" not in registers
    assert "7 values of 1 indicator are held" in registers
    # Who may waive a check must know its name.
    assert "so it is (C43)" in registers
    assert "Failed for" not in registers
    assert "14 values of 2 indicators are held" in source
    assert "    Failed for 14 values" in engineers
    assert "b.csv" in engineers
    assert "`outcomes explain INDICATOR AREA` names the extract" in engineers


def test_sample_data_says_so_in_each_message(
    place: Place, server: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dagster_project import recovery, state

    with state.connect(place.home.state) as ledger:
        state.set_meta(ledger, recovery.KIND, "sample")
    place.causes.append(refused(Path("ods.csv")))
    place.look()
    last = server.to("data-engineering")[-1]
    assert str(last["Subject"]).startswith("[made-up sample data] ")
    assert "nothing of this is real" in last.get_body(("plain",)).get_content()


def test_a_home_whose_state_was_lost_is_not_looked_at_before_a_refresh(
    place: Place, server: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What isn't known would pass for what is over."""
    from dagster_project import recovery, state

    def no_causes(*_: object) -> list[Cause]:
        return []

    monkeypatch.setattr(from_state, "collect", no_causes)
    count = len(server.letters)
    for path in place.home.root.glob("state.sqlite*"):
        path.unlink()
    assert "rebuilt by the next refresh" in place.look().skipped
    with state.connect(place.home.state) as ledger:
        state.set_meta(ledger, recovery.KIND, "real")
        place.run(ledger, "state rebuilt")
    assert "no refresh has looked" in place.look().skipped
    assert len(server.letters) == count

"""What landing refuses of a fetched file: told of its address alone, and no copy where none may be.

NHS numbers here are of a range that has not been issued.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from dagster_project import state
from dagster_project.fetching import ledger
from dagster_project.landing import readers
from dagster_project.newness import _all_seen
from tests.support import landing_files as files
from tests.support.fetching_place import Desk
from tests.support.http_publisher import Publisher, Reply, known_by, whole
from tests.support.landing_files import as_csv, fingertips
from tests.support.landing_place import Place

NUMBER = files.nhs_number(1)
GOOD = as_csv(fingertips())
PERSONAL = as_csv(files.change(fingertips(), 2, "Value note", f"seen {NUMBER}"))
BROKEN = GOOD.replace(b"Indicator ID", b"Indicator No", 1)


@pytest.fixture
def desk(tmp_path: Path, publisher: Publisher) -> Desk:
    made = Desk(tmp_path, publisher)
    made.address(source="fingertips")
    return made


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """The same home, and a person's inbox beside it."""
    return Place(tmp_path)


def land(desk: Desk, place: Place) -> list[str]:
    """What was refused, once both inboxes have landed and each address knows what came of it."""
    summary = place.land(inboxes=[place.inbox, desk.home.live])
    ledger.note_landing(desk.home, summary.refused_at)
    return [refusal.problem for refusal in summary.refused]


def holds_number(place: Place) -> list[str]:
    return place.files_with(NUMBER.encode())


@pytest.mark.parametrize("reply", [known_by(PERSONAL, '"1"'), whole(PERSONAL)], ids=["304", "200"])
def test_a_fetched_file_with_an_nhs_number_leaves_no_copy_and_isnt_put_back(
    desk: Desk, publisher: Publisher, place: Place, reply: Reply
) -> None:
    publisher.gives("/a.csv", reply)
    desk.ask()
    assert "no copy is kept" in land(desk, place)[0]
    assert holds_number(place) == []
    assert not (desk.home.live / "fingertips/a.csv.period").exists()
    for _ in range(2):
        assert desk.ask("fingertips")["fingertips"].outcome == "refused"
        assert "isn't put back" in desk.problem("fingertips").problem
        assert land(desk, place) == []
        assert holds_number(place) == []
        assert "NHS numbers" in str(desk.row(source="fingertips")["landing_problem"])


def test_what_follows_it_is_taken(desk: Desk, publisher: Publisher, place: Place) -> None:
    publisher.gives("/a.csv", whole(PERSONAL), whole(GOOD))
    desk.ask()
    land(desk, place)
    assert desk.ask("fingertips")["fingertips"].outcome == "fetched"
    assert land(desk, place) == []
    assert desk.row(source="fingertips")["landing_problem"] is None
    assert len(place.ledger()) == 1


def test_code_that_reads_otherwise_looks_at_the_same_bytes_again(
    desk: Desk, publisher: Publisher, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the column was declared to hold codes, which is what the refusal advises."""
    publisher.gives("/a.csv", known_by(PERSONAL, '"1"'))
    desk.ask()
    land(desk, place)
    monkeypatch.setattr(readers, "reader_version", lambda: "of tomorrow")
    assert desk.ask("fingertips")["fingertips"].problems == []
    assert desk.content(source="fingertips") == PERSONAL
    assert "no copy is kept" in land(desk, place)[0]
    assert holds_number(place) == []


def test_a_zip_goes_with_the_member_that_holds_the_number(
    desk: Desk, publisher: Publisher, place: Place
) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("good.csv", GOOD)
        archive.writestr("personal.csv", PERSONAL)
    desk.addresses.clear()
    desk.address("a.zip", "fingertips", content_types=frozenset({"application/zip"}))
    publisher.gives("/a.zip", whole(stream.getvalue(), "application/zip"))
    desk.ask()
    assert len(land(desk, place)) == 1
    assert holds_number(place) == []
    assert len(place.ledger()) == 1
    assert "isn't put back" in desk.ask("fingertips")["fingertips"].problems[0].message


def test_a_persons_inbox_is_left_as_it_is(desk: Desk, place: Place) -> None:
    desk.home.live.mkdir(parents=True)
    path = place.put("fingertips/a.csv", PERSONAL)
    assert "no copy is kept" in land(desk, place)[0]
    assert path.read_bytes() == PERSONAL


def test_a_file_of_the_same_name_in_another_inbox_is_not_the_addresss(
    desk: Desk, publisher: Publisher, place: Place
) -> None:
    publisher.gives("/a.csv", whole(GOOD), whole(BROKEN))
    place.put("fingertips/a.csv", PERSONAL)
    desk.ask()
    assert len(land(desk, place)) == 1
    assert desk.row(source="fingertips")["landing_problem"] is None
    assert desk.content(source="fingertips") == GOOD
    (place.inbox / "fingertips/a.csv").unlink()
    desk.ask("fingertips")
    (problem,) = land(desk, place)
    assert problem in str(desk.row(source="fingertips")["landing_problem"])


def test_a_sidecar_in_one_inbox_says_nothing_of_a_file_in_another(
    desk: Desk, publisher: Publisher, place: Place
) -> None:
    """Else nothing is ever found to be as it was, and each refresh begins a run."""
    publisher.gives("/a.csv", whole(GOOD))
    desk.ask()
    place.put("fingertips/a.csv", as_csv(fingertips(areas=4)))
    inboxes = (place.inbox, desk.home.live)
    place.land(inboxes=inboxes)
    with state.connect(desk.home.state) as connection:
        assert connection.execute("select count(*) from sightings").fetchone()[0] == 2
    assert _all_seen(desk.home, inboxes)

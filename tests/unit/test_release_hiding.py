"""What is suppressed today is shown by no release that readers are sent back to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from release_support import FIGURES, STOCKPORT, publish, store_at, texts_in

from dagster_project.errors import OutcomesError
from dagster_project.release import presenting
from dagster_project.release.files import FileEntry, seal
from dagster_project.release.manifest import Manifest, read_manifest, verify, write_manifest
from dagster_project.release.presenting import Presenter
from dagster_project.release.store import ReleaseStore
from dagster_project.release.withdraw import finish_withdrawals, withdraw_key, withdraw_release
from dagster_project.withdrawing import roll_back, withdraw

CELL = f"indicator_id = 'smoking' and area_code = '{STOCKPORT}' and year(period_start) = 2021"
# The figures of that cell in the first version, as `make_values` makes them.
SHOWN = ["7007.01", "6007.01", "8007.01", "30007.01", "40007.01"]


@pytest.fixture
def store(tmp_path: Path) -> ReleaseStore:
    """Two releases: a value of the first is suppressed in the second."""
    store = store_at(tmp_path)
    publish(store, 1)
    publish(store, 2, hidden=CELL)
    return store


def shown(store: ReleaseStore, identifier: str) -> list[str]:
    text = "\n".join(texts_in(store.path(identifier)))
    return [figure for figure in SHOWN if figure in text]


def row(store: ReleaseStore, identifier: str, where: str = CELL) -> tuple[str, ...]:
    path = store.path(identifier) / "data/indicator_values.parquet"
    with duckdb.connect() as con:
        found = con.execute(f"select status, status_reason from '{path}' where {where}").fetchall()
    return tuple(found[0])


def first_of(store: ReleaseStore) -> Manifest:
    return read_manifest(store.path(store.ids()[-1]))


def test_rolling_back_hides_what_is_hidden_today(store: ReleaseStore) -> None:
    second, first = store.ids()
    before = first_of(store)
    assert shown(store, first) == SHOWN
    assert len(SHOWN) == len(FIGURES)
    assert roll_back(store.home, first) == [
        f"The latest release is now {first}; it was {second}.",
        "1 value of it was suppressed since: hidden now.",
    ]
    assert shown(store, first) == []
    assert row(store, first) == ("suppressed", "suppressed_since")
    after = verify(store.path(first))
    assert after.counts["suppressed"] == 1
    assert after.counts["published"] == before.counts["published"] - 1
    assert [(stone.kind, stone.target) for stone in after.withdrawn] == [("hidden", second)]
    # By the same rules as before, should something be withdrawn later.
    assert after.tables == before.tables


def test_its_neighbours_keep_their_figures(store: ReleaseStore) -> None:
    first = store.ids()[-1]
    roll_back(store.home, first)
    text = "\n".join(texts_in(store.path(first)))
    assert [n for n in range(1, 13) if f"{7000 + n}.01" not in text] == [7]


@pytest.fixture
def unreadable(store: ReleaseStore) -> ReleaseStore:
    """Nobody can read what the second release, which hides a value, says of itself."""
    (store.path(store.ids()[0]) / "manifest.json").write_text("{")
    return store


def test_what_an_unreadable_release_hides_is_not_shown_by_rolling_back(
    unreadable: ReleaseStore,
) -> None:
    second, first = unreadable.ids()
    with pytest.raises(OutcomesError, match="what is hidden today can't be told") as told:
        roll_back(unreadable.home, first)
    assert "outcomes withdraw" in str(told.value)
    assert unreadable.latest_id() == second


def test_what_an_unreadable_release_hides_is_not_shown_by_finding_latest(
    unreadable: ReleaseStore,
) -> None:
    unreadable.link.unlink()
    with pytest.raises(OutcomesError, match="what is hidden today can't be told"):
        unreadable.reconcile()
    assert unreadable.latest_id() is None


@pytest.mark.parametrize("is_lost", [False, True])
def test_an_unreadable_release_can_be_taken_back(unreadable: ReleaseStore, is_lost: bool) -> None:
    second, first = unreadable.ids()
    if is_lost:
        unreadable.link.unlink()
    with pytest.raises(OutcomesError, match="it was withdrawn, and no release is the latest now"):
        withdraw(unreadable.home, second, "damaged")
    assert unreadable.latest_id() is None
    assert read_manifest(unreadable.path(second)).is_withdrawn
    # It is done: other things can be taken back again.
    key = {"indicator_id": "smoking", "area_code": STOCKPORT}
    withdraw_key(unreadable, unreadable.home.state, key, "wrong denominator")
    assert shown(unreadable, first) == []


def test_the_words_of_a_reason_go_with_the_value_it_was_given_for(store: ReleaseStore) -> None:
    first = store.ids()[-1]
    manifest = first_of(store)
    given = {"extracts": [], "away_from": [], "role": "analysts", "given_at": "2026-11-26"}
    here, elsewhere = (
        {"key": {"indicator_id": "smoking", "area_code": area}, "reason": "12 deaths, not 14"}
        for area in (STOCKPORT, "E06000023")
    )
    reasons = (given | here, given | elsewhere)
    write_manifest(store.path(first), replace(manifest, reasons=reasons))
    key = {"indicator_id": "smoking", "area_code": STOCKPORT}
    withdraw_key(store, store.home.state, key, "wrong denominator")
    told = [each["reason"] for each in first_of(store).reasons]
    assert told == ["taken back with the value", "12 deaths, not 14"]


def test_twice_is_once(store: ReleaseStore) -> None:
    second, first = store.ids()
    roll_back(store.home, first)
    once = first_of(store)
    roll_back(store.home, second)
    assert len(roll_back(store.home, first)) == 1
    assert first_of(store) == once


def test_withdrawing_the_latest_hides_it_in_the_one_before(store: ReleaseStore) -> None:
    second, first = store.ids()
    withdraw_release(store, store.home.state, second, "wrong year")
    assert store.latest_id() == first
    assert shown(store, first) == []


@pytest.fixture
def without_pages(store: ReleaseStore, monkeypatch: pytest.MonkeyPatch) -> ReleaseStore:
    """The first release has a page with the figures, and no page can be made again."""
    release = store.path(store.ids()[-1])
    page = release / "site/index.html"
    page.parent.mkdir()
    page.write_text(f"<p>{SHOWN[0]}</p>")
    manifest = read_manifest(release)
    write_manifest(release, replace(manifest, files=(*manifest.files, seal(page, release))))

    def fails(directory: Path, manifest: Manifest) -> tuple[FileEntry, ...]:
        raise RuntimeError("a template is broken")

    monkeypatch.setattr(presenting, "PRESENTERS", (Presenter("Writing", "site", fails),))
    return store


def test_a_release_is_taken_back_though_pages_of_the_one_before_cannot_be_made_again(
    without_pages: ReleaseStore,
) -> None:
    second, first = without_pages.ids()
    with pytest.raises(OutcomesError, match="so are its workbook and pages") as told:
        withdraw_release(without_pages, without_pages.home.state, second, "wrong year")
    assert told.value.file == first
    assert without_pages.latest_id() == first
    assert shown(without_pages, first) == []
    assert [path.name for path in without_pages.path(second).iterdir()] == ["manifest.json"]
    # It is done, and not begun again.
    assert finish_withdrawals(without_pages, without_pages.home.state) == []


def test_rolling_back_moves_latest_though_pages_cannot_be_made_again(
    without_pages: ReleaseStore,
) -> None:
    first = without_pages.ids()[-1]
    with pytest.raises(OutcomesError, match="so are its workbook and pages"):
        roll_back(without_pages.home, first)
    assert without_pages.latest_id() == first
    assert shown(without_pages, first) == []


def test_a_lost_latest_is_found_though_pages_cannot_be_made_again(
    without_pages: ReleaseStore,
) -> None:
    second, first = without_pages.ids()
    # The newest is damaged, though it can say what is hidden.
    (without_pages.path(second) / "data/comparisons.parquet").unlink()
    without_pages.link.unlink()
    with pytest.raises(OutcomesError, match="so are its workbook and pages"):
        without_pages.reconcile()
    assert without_pages.latest_id() == first
    assert shown(without_pages, first) == []


def test_what_was_withdrawn_stays_withdrawn(store: ReleaseStore) -> None:
    first = store.ids()[-1]
    key = {"indicator_id": "smoking", "area_code": STOCKPORT, "period_label": "2021/22"}
    withdraw_key(store, store.home.state, key, "wrong denominator")
    roll_back(store.home, first)
    assert row(store, first) == ("withdrawn", "withdrawn")


@pytest.mark.parametrize("lost", [False, True], ids=["latest", "latest lost"])
@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_where_what_is_hidden_cannot_be_told_nothing_is_shown(
    store: ReleaseStore, damage: str, lost: bool
) -> None:
    """The release that hid a value is damaged, and is taken back: the one before shows it."""
    second, first = store.ids()
    values = store.path(second) / "data/indicator_values.parquet"
    if damage == "gone":
        values.unlink()
    else:
        values.write_bytes(values.read_bytes()[:-1] + b"x")
    if lost:
        store.link.unlink()
        with pytest.raises(OutcomesError, match="can't be told"):
            store.reconcile()
    with pytest.raises(OutcomesError, match="no release is the latest now") as told:
        withdraw_release(store, store.home.state, second, "damaged")
    assert told.value.file == str(values)
    assert "rollback" in (told.value.fix or "")
    assert store.latest_id() is None
    assert read_manifest(store.path(second)).is_withdrawn
    # It is done: the next start neither begins again nor shows the one before by itself.
    assert store.reconcile() == []
    assert finish_withdrawals(store, store.home.state) == []
    assert store.latest_id() is None
    # A person may, who knows that nothing of it was hidden since.
    roll_back(store.home, first)
    assert store.latest_id() == first


def test_a_damaged_newer_release_does_not_keep_another_from_being_taken_back(
    store: ReleaseStore,
) -> None:
    """`latest` was rolled back; what a newer, damaged release hid can't be told any more."""
    publish(store, 3, hidden=CELL)
    third, second, _ = store.ids()
    roll_back(store.home, second)
    (store.path(third) / "data/indicator_values.parquet").unlink()
    # It is taken back all the same, and what else is to be done is said.
    with pytest.raises(OutcomesError, match="lacks a table") as told:
        withdraw_release(store, store.home.state, second, "wrong year")
    assert told.value.expected == f"the table that the manifest of {third} names"
    assert store.latest_id() is None
    assert read_manifest(store.path(second)).is_withdrawn
    withdraw_release(store, store.home.state, third, "damaged")
    assert store.latest_id() is None
    assert finish_withdrawals(store, store.home.state) == []

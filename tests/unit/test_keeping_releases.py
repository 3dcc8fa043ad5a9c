"""Old releases go, but for those that must stay; a kill on the way tears none."""

from __future__ import annotations

from pathlib import Path

import pytest
from keeping_support import OLD, TODAY, YOUNG, dated, kept_strictly, made, once, tidied
from release_support import STOCKPORT, publish

from dagster_project.keeping.policy import Rule
from dagster_project.keeping.releases import going, staying
from dagster_project.release.manifest import InputRecord, verify
from dagster_project.release.store import ReleaseStore
from dagster_project.release.withdraw import withdraw_key, withdraw_release
from dagster_project.release.withdrawals import in_force
from tests.support.landing_place import Place

KEY = {"indicator_id": "smoking", "area_code": STOCKPORT, "sex": "persons"}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return kept_strictly(tmp_path)


def test_old_releases_go_and_the_others_stay_as_they_were(place: Place) -> None:
    first, second, third = made(place, OLD, OLD, YOUNG)
    store = ReleaseStore(place.home)
    assert tidied(place, "releases", apply=False) == [first, second]
    assert store.ids() == [third, second, first]
    assert tidied(place, "releases") == [first, second]
    assert store.ids() == [third]
    assert store.latest_id() == third
    verify(store.path(third))
    assert tidied(place, "releases") == []


def test_the_latest_stays_however_old_and_wherever_it_points(place: Place) -> None:
    first, second, third = made(place, OLD, OLD, OLD)
    ReleaseStore(place.home).rollback(first)
    assert tidied(place, "releases") == [second]
    assert ReleaseStore(place.home).ids() == [third, first]


def test_so_many_of_the_newest_and_the_last_of_each_year_stay(place: Place) -> None:
    days = [f"{year}-0{month}-01T00:00:00Z" for year in (2022, 2023) for month in (1, 6)]
    ids = made(place, *days, OLD, OLD)
    store = ReleaseStore(place.home)
    found = staying(store, store.manifests(), Rule(days=100, newest=1, yearly=True), TODAY)
    assert found == {
        ids[5]: "it is the latest",
        ids[3]: "it is the last of 2023",
        ids[1]: "it is the last of 2022",
    }
    assert list(going(store, store.manifests(), Rule(days=100, newest=3), TODAY)) == ids[:3]


def test_a_release_stays_while_only_it_tells_what_was_taken_back(place: Place) -> None:
    first, second, third = made(place, OLD, OLD, YOUNG)
    store = ReleaseStore(place.home)
    withdraw_key(store, place.home.state, KEY, "sent in error")
    withdraw_release(store, place.home.state, first, "wrong year")
    assert tidied(place, "releases", apply=False) == []
    # The next release tells it too.
    fourth = dated(store, publish(store, 4), YOUNG, in_force=in_force(place.home))
    assert tidied(place, "releases") == [first, second]
    assert store.ids() == [fourth, third]


def test_a_release_stays_while_later_ones_hide_what_it_shows(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = (
        {"source_id": "records", "is_public": "false"},
        {"source_id": "qof", "is_public": "true"},
    )
    monkeypatch.setattr("dagster_project.keeping.releases.source_rows", lambda: rows)
    store = ReleaseStore(place.home)
    ids = [
        dated(
            store,
            publish(store, n),
            OLD,
            inputs=(InputRecord("0" * 64, source, "x", "x.csv", None, None, 1),),
        )
        for n, source in enumerate(("records", "qof", "qof"), start=1)
    ]
    assert tidied(place, "releases") == [ids[1]]
    assert store.ids() == [ids[2], ids[0]]


def test_a_kill_while_a_release_goes_leaves_none_that_is_torn(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = made(place, OLD, YOUNG)

    def killed(path: Path) -> None:
        raise KeyboardInterrupt

    store = ReleaseStore(place.home)
    with monkeypatch.context() as stopped:
        stopped.setattr("dagster_project.keeping.releases.remove_tree", once(killed))
        with pytest.raises(KeyboardInterrupt):
            tidied(place, "releases")
    assert store.ids() == [second]
    assert store.reconcile() == [f"Removed .going-{first}, left by a run that was stopped."]
    assert [path.name for path in store.root.iterdir() if path.name.startswith(".")] == []

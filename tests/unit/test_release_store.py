"""A release is there whole or not at all, whatever kills the process that makes it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from release_support import publish, publish_for_ever, store_at

from dagster_project.errors import OutcomesError, PublicationRefused, UsageError
from dagster_project.release.manifest import Tombstone, read_manifest, verify, write_manifest
from dagster_project.release.store import ReleaseStore
from tests.support.processes import FORKED

KILLS = 15


@pytest.fixture
def store(tmp_path: Path) -> ReleaseStore:
    return store_at(tmp_path)


def leftovers(store: ReleaseStore) -> list[str]:
    return [path.name for path in store.root.iterdir() if path.name.startswith(".")]


def withdraw(store: ReleaseStore, identifier: str) -> None:
    """Mark a release as taken back, without the rest of a withdrawal."""
    manifest = read_manifest(store.path(identifier))
    stone = Tombstone("release", identifier, "wrong", "2024-01-01T00:00:00Z")
    write_manifest(store.path(identifier), replace(manifest, withdrawn=(stone,)))


def test_before_the_first_release_there_is_none(store: ReleaseStore) -> None:
    assert store.latest() is None
    assert store.releases() == []
    assert store.newest_version() is None
    assert store.reconcile() == []


def test_a_release_becomes_the_latest(store: ReleaseStore) -> None:
    first, second = publish(store, 1), publish(store, 2)
    assert [(r.manifest.id, r.is_latest) for r in store.releases()] == [
        (second.id, True),
        (first.id, False),
    ]
    latest = store.latest()
    assert latest is not None
    assert latest.id == second.id
    assert store.link.readlink() == Path(second.id)
    assert verify(store.link).id == second.id
    assert leftovers(store) == []


def test_the_newest_version_is_by_number(store: ReleaseStore) -> None:
    for minor in (9, 10, 2):
        publish(store, minor)
    assert store.newest_version() == "1.10.0"


def test_a_release_is_never_written_twice(store: ReleaseStore) -> None:
    made = publish(store, 1)
    with pytest.raises(PublicationRefused, match="never written twice"), store.begin(made.id):
        pytest.fail("the block must not run")


def test_a_directory_that_no_release_could_have_is_not_begun(store: ReleaseStore) -> None:
    with pytest.raises(OutcomesError, match="can't be the id"), store.begin("../elsewhere"):
        pytest.fail("the block must not run")


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_block_that_raises_leaves_nothing(
    store: ReleaseStore, error: type[BaseException]
) -> None:
    made = publish(store, 1)
    with pytest.raises(error), store.begin("1.5.0-" + "0" * 12) as building:
        (building / "half.csv").touch()
        raise error
    assert sorted(path.name for path in store.root.iterdir()) == [made.id, "latest"]
    assert store.latest_id() == made.id


def test_a_release_that_is_not_its_manifest_is_refused(store: ReleaseStore) -> None:
    made = publish(store, 1)
    other = "1.2.0-" + "0" * 12
    with pytest.raises(OutcomesError, match=r"manifest\.json"), store.begin(other):
        pass
    refused = pytest.raises(PublicationRefused, match="another release's")
    with refused, store.begin(other) as building:
        write_manifest(building, made)
    assert store.ids() == [made.id]


def test_rollback_moves_latest_and_nothing_else(store: ReleaseStore) -> None:
    first, second = publish(store, 1), publish(store, 2)
    assert store.rollback(first.id) == f"The latest release is now {first.id}; it was {second.id}."
    assert store.latest_id() == first.id
    assert "already; nothing was changed" in store.rollback(first.id)
    assert store.ids() == [second.id, first.id]
    assert store.reconcile() == []
    assert store.latest_id() == first.id
    assert store.newest_version() == "1.2.0"


def test_rollback_to_what_is_not_there_lists_what_is(store: ReleaseStore) -> None:
    first, second = publish(store, 1), publish(store, 2)
    withdraw(store, first.id)
    with pytest.raises(UsageError, match="no such release") as unknown:
        store.rollback("9.9.9-" + "0" * 12)
    assert unknown.value.expected == f"perhaps {second.id}"
    with pytest.raises(UsageError, match="was withdrawn"):
        store.rollback(first.id)


def test_a_copied_link_is_named(store: ReleaseStore) -> None:
    store.link.mkdir()
    with pytest.raises(OutcomesError, match="isn't a link"):
        store.latest()


def test_reconcile_removes_what_was_being_built(store: ReleaseStore) -> None:
    made = publish(store, 1)
    for name in (".building-1.2.0-000000000000-77", f".redacted-{made.id}"):
        (store.root / name / "data").mkdir(parents=True)
        (store.root / name / "data" / "half.parquet").touch()
    (store.root / ".latest-1.2.0-000000000000").symlink_to("1.2.0-000000000000")
    assert len(store.reconcile()) == 3
    assert leftovers(store) == []
    assert store.latest_id() == made.id
    assert store.reconcile() == []


def test_a_first_release_killed_before_the_switch_is_not_lost(
    store: ReleaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(ReleaseStore, "_switch", raise_interrupt)
        publish(store, 1)
    assert store.latest_id() is None
    store.reconcile()
    assert verify(store.link).id == store.latest_id()


def raise_interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_reconcile_finishes_a_switch_to_a_release_in_place(store: ReleaseStore) -> None:
    first, second = publish(store, 1), publish(store, 2)
    store.rollback(first.id)
    (store.root / f".latest-{second.id}").symlink_to(second.id)
    assert store.reconcile() == [f"Finished pointing `latest` at {second.id}."]
    assert store.latest_id() == second.id
    assert leftovers(store) == []


@pytest.mark.parametrize("moved", [False, True])
def test_reconcile_finishes_a_replacement(store: ReleaseStore, moved: bool) -> None:
    made = publish(store, 1)
    redacted = store.redacted_path(made.id)
    store.path(made.id).rename(store.root / f".old-{made.id}")
    redacted.mkdir()
    (redacted / "mark").touch()
    if moved:
        redacted.rename(store.path(made.id))
    store.reconcile()
    assert [path.name for path in store.path(made.id).iterdir()] == ["mark"]
    assert leftovers(store) == []


def test_reconcile_points_a_dangling_latest_at_the_newest_usable(store: ReleaseStore) -> None:
    kept, withdrawn, damaged, gone = (publish(store, version) for version in (1, 2, 3, 4))
    withdraw(store, withdrawn.id)
    (store.path(damaged.id) / "data/changes.parquet").unlink()
    store.path(gone.id).rename(store.home.cache / "elsewhere")
    assert store.reconcile() == [
        f"`latest` named {gone.id}, which isn't there; it is now {kept.id}."
    ]
    assert store.latest_id() == kept.id


def test_killed_at_any_moment_the_latest_is_whole(store: ReleaseStore) -> None:
    """A loop that publishes is killed again and again; nobody tidies up in between."""
    ready = store.home.root / "ready"
    left = 0
    for number in range(KILLS):
        ready.unlink(missing_ok=True)
        process = FORKED.Process(target=publish_for_ever, args=(store.home.root,))
        process.start()
        while process.is_alive() and not ready.exists():
            time.sleep(0.005)
        assert process.is_alive(), "the loop ended by itself"
        time.sleep(0.25 * number / KILLS)
        process.kill()
        process.join()
        left += len(leftovers(store))
        assert verify(store.link).id == store.latest_id()
    assert left, "no kill met a release half built: the test proves nothing"
    store.reconcile()
    assert leftovers(store) == []
    assert store.latest_id() == store.ids()[0]
    assert all(verify(store.path(identifier)).id == identifier for identifier in store.ids())

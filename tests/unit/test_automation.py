"""What Dagster does by itself between runs: tries again, tells, shows the home's status."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from dagster_project import progress, state
from dagster_project.alerts import after_refresh
from dagster_project.defs import automation, telling
from dagster_project.errors import OutcomesError, UsageError
from dagster_project.home import Home
from dagster_project.pipeline import runs
from dagster_project.retrying import WAITS
from tests.support.alerts_place import Place
from tests.support.mail_server import Post, post_office


@dg.op
def nothing() -> None:
    """Does nothing."""


@dg.job
def refresh() -> None:
    """A job to be started."""
    nothing()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(Home(tmp_path / "home"), datetime.now(UTC))


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    with post_office() as server:
        yield server


def evaluate(sensor: dg.SensorDefinition, instance: dg.DagsterInstance, cursor: Any = None) -> Any:
    context = dg.build_sensor_context(instance=instance, cursor=cursor)
    return sensor.evaluate_tick(context)


def fail(place: Place, monkeypatch: pytest.MonkeyPatch, ago: timedelta) -> None:
    """As if a run that nobody watched had failed that long ago."""
    moment = (datetime.now(UTC) - ago).strftime("%Y-%m-%dT%H:%M:%SZ")
    with monkeypatch.context() as patched:
        patched.setattr(state, "now", lambda: moment)
        runs.fail(place.home, OutcomesError("x"), unattended=True, dagster_run="abc")


def test_a_run_that_failed_is_tried_again_after_its_wait(
    place: Place, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    sensor = automation.retry_sensor(place.home, refresh)
    assert not evaluate(sensor, instance).run_requests
    fail(place, monkeypatch, timedelta(seconds=10))
    assert not evaluate(sensor, instance).run_requests
    fail(place, monkeypatch, WAITS[1] + timedelta(seconds=1))
    (request,) = evaluate(sensor, instance).run_requests
    assert request.run_config["resources"]["settings"]["config"] == {
        "home": str(place.home.root),
        "unattended": True,
    }
    # The same failure is the same key: Dagster starts it once.
    (again,) = evaluate(sensor, instance).run_requests
    assert again.run_key == request.run_key
    fail(place, monkeypatch, timedelta(days=1))
    fail(place, monkeypatch, timedelta(days=1))
    assert not evaluate(sensor, instance).run_requests


def test_the_alert_sensor_tells_and_shows_the_status_when_it_has_changed(
    place: Place,
    instance: dg.DagsterInstance,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place.delivers_to(post.port)
    for _ in range(len(WAITS) + 1):
        fail(place, monkeypatch, timedelta(hours=1))
    sensor = telling.alert_sensor(place.home)
    first = evaluate(sensor, instance)
    assert first.skip_message == "1 alerts open, 0 messages wait."
    assert post.subjects("data-engineering") == ["A refresh failed: the last refresh"]
    event = instance.get_latest_materialization_event(telling.STATUS)
    assert event is not None
    assert event.asset_materialization is not None
    shown = event.asset_materialization.metadata
    assert shown["open alerts"].value == 1
    assert shown["latest release"].value == "none yet"
    records = shown["sources"].value.records  # type: ignore[union-attr]
    assert any(record.data["source_id"] == "qof" for record in records)
    evaluate(sensor, instance, first.cursor)
    kept = instance.fetch_materializations(telling.STATUS, limit=10).records
    assert len(kept) == 1


def test_a_failure_is_told_when_a_refresh_has_failed_and_the_failure_goes_on(
    place: Place, post: Post
) -> None:
    place.delivers_to(post.port)
    count = len(post.letters)
    with pytest.raises(OutcomesError, match="the disk is full"), after_refresh.told(place.home):
        problem = OutcomesError("the disk is full")
        runs.fail(place.home, problem, unattended=False, dagster_run="")
        raise problem
    assert len(post.letters) == count + 2
    text = post.letters[-1].get_body(("plain",))
    assert text is not None
    assert "the disk is full" in text.get_content()


def test_a_mistake_in_the_settings_stops_a_refresh_before_it_begins(place: Place) -> None:
    (place.home.root / "alerts.toml").write_text("sites = 1")
    with pytest.raises(UsageError, match="means nothing here"), after_refresh.told(place.home):
        pytest.fail("it went on")


def test_what_stopped_the_run_is_read_though_the_alerts_fail_too(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    class Kept(progress.Silent):
        def note(self, text: str) -> None:
            said.append(text)

    def broken(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(after_refresh, "tell", broken)
    with (
        progress.shown(Kept()),
        pytest.raises(OutcomesError, match="the first"),
        after_refresh.told(place.home),
    ):
        raise OutcomesError("the first")
    assert said == ["The alerts couldn't be told: no room"]

    def as_broken(*_: object) -> None:
        raise OutcomesError("two mistakes in the registry")

    def denied(name: str) -> PermissionError:
        return PermissionError(errno.EACCES, "Permission denied", str(place.home.root / name))

    def locked(*_: object) -> None:
        raise denied("outbox/lock")

    said.clear()
    monkeypatch.setattr(after_refresh, "tell", locked)
    with (
        progress.shown(Kept()),
        pytest.raises(OutcomesError, match="the first"),
        after_refresh.told(place.home),
    ):
        raise OutcomesError("the first")
    # As the project says it, and not as Python does.
    (line,) = said
    assert "outbox/lock: the system doesn't let this be read or written. got" in line
    said.clear()
    with (
        progress.shown(Kept()),
        pytest.raises(PermissionError),
        after_refresh.told(place.home),
    ):
        raise denied("state.sqlite")
    assert said == ["The alerts couldn't be told either, for the reason below"]

    said.clear()
    monkeypatch.setattr(after_refresh, "tell", as_broken)
    with (
        progress.shown(Kept()),
        pytest.raises(OutcomesError, match="two mistakes"),
        after_refresh.told(place.home),
    ):
        raise OutcomesError("two mistakes in the registry")
    assert said == ["The alerts couldn't be told either, for the reason below"]

"""What DuckDB can't hold in memory goes to the home, never to where somebody happens to be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dagster_project.alerts.release_tables import Pair, asking
from dagster_project.alerts.routing import directory
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.site import reading
from dagster_project.warehouse import in_memory
from dagster_project.workbook.released import released
from tests.support.alerts_release import Releases
from tests.support.workbook_place import make_release

if TYPE_CHECKING:
    import duckdb


def spills_into(con: duckdb.DuckDBPyConnection) -> Path:
    """Where the connection puts what doesn't fit, once it has had to."""
    con.execute("set memory_limit = '24MB'")
    con.execute("set threads = 1")
    con.execute("create temp table large as from range(4000000) select random() as number")
    where = con.execute("select current_setting('temp_directory')").fetchall()[0][0]
    assert any(Path(where).iterdir()), "nothing was spilled"
    return Path(where)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory, where somebody is."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_the_workbook_spills_into_the_release_and_leaves_nothing(
    tmp_path: Path, elsewhere: Path
) -> None:
    release = tmp_path / "release"
    manifest = make_release(release, {})
    before = sorted(release.rglob("*"))
    with released(release, manifest) as asked:
        assert spills_into(asked.con).is_relative_to(release)
        assert list(elsewhere.iterdir()) == []
    assert sorted(release.rglob("*")) == before


def test_the_site_spills_into_the_release_and_leaves_nothing(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tables alone are needed here, and not what pages are made of.
    monkeypatch.setattr(reading, "PREPARED", ())
    release = tmp_path / "release"
    manifest = make_release(release, {})
    before = sorted(release.rglob("*"))
    with reading.open_release(release, manifest) as tables:
        assert spills_into(tables.con).is_relative_to(release)
        assert list(elsewhere.iterdir()) == []
    assert sorted(release.rglob("*")) == before


def test_alerts_spill_into_the_cache_and_leave_nothing(tmp_path: Path, elsewhere: Path) -> None:
    releases = Releases(Home(tmp_path / "home"))
    now = releases.make([])
    with asking(Pair(releases.store, now, None), directory()) as asked:
        assert spills_into(asked.con).is_relative_to(releases.home.cache)
        assert list(elsewhere.iterdir()) == []
    assert list((releases.home.cache / "duckdb").iterdir()) == []


def test_what_is_asked_of_a_home_spills_into_its_cache(tmp_path: Path, elsewhere: Path) -> None:
    home = Home(tmp_path / "home")
    with in_memory(home) as con:
        assert spills_into(con).is_relative_to(home.cache)
        assert list(elsewhere.iterdir()) == []
    assert list((home.cache / "duckdb").iterdir()) == []


def test_no_database_is_opened_without_saying_where_it_spills() -> None:
    """The made-up records are drawn in memory, and are few."""
    bare = [
        path.relative_to(PROJECT_ROOT).as_posix()
        for path in sorted((PROJECT_ROOT / "dagster_project").rglob("*.py"))
        if "duckdb.connect()" in path.read_text(encoding="utf-8")
    ]
    assert bare == ["dagster_project/sample/linked/files.py"]

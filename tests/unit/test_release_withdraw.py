"""What is taken back is in no file of any release, whatever interrupts the taking."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from release_support import (
    ENGLAND,
    FIGURES,
    STOCKPORT,
    TOWER_HAMLETS,
    publish,
    store_at,
    table,
    texts_in,
)

from dagster_project.errors import PublicationRefused, UsageError
from dagster_project.release import redact, withdraw
from dagster_project.release import store as store_module
from dagster_project.release.files import FileEntry, seal
from dagster_project.release.manifest import Manifest, read_manifest, verify, write_manifest
from dagster_project.release.store import ReleaseStore
from dagster_project.release.tables import Redaction
from dagster_project.release.withdraw import (
    finish_withdrawals,
    refuse_withdrawn,
    withdraw_key,
    withdraw_release,
    withdrawn_keys,
)
from dagster_project.release.writing import write_tables
from dagster_project.state import connect
from tests.support.processes import FORKED

# Stockport's smoking figure of 2021/22, and the number of its cell in `make_values`.
KEY = {"indicator_id": "smoking", "area_code": STOCKPORT, "period_label": "2021/22"}
CELL = 7
RESOLVED = KEY | {
    "period_type": "financial_year",
    "period_start": "2021-04-01",
    "period_end": "2022-03-31",
}


class Killed(BaseException):
    """Stands for a process that ends between two steps."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three releases; in each the figures are others. Only copies of it are changed."""
    store = store_at(tmp_path_factory.mktemp("published") / "home")
    for version in (1, 2, 3):
        publish(store, version)
    return store.home.root


@pytest.fixture
def store(published: Path, tmp_path: Path) -> ReleaseStore:
    shutil.copytree(published, tmp_path / "home", symlinks=True)
    return store_at(tmp_path / "home")


def figures_of(cell: int, version: int) -> list[str]:
    """The figures of one cell of `make_values`, as files show them."""
    starts = (7000, 6000, 8000, 30000, 40000)
    return [f"{start + cell}.{version:02}".rstrip("0") for start in starts]


def shown(store: ReleaseStore, cell: int = CELL) -> list[str]:
    """Where in the home a figure of the cell is still to be read; also in what has a dot."""
    wanted = [figure for version in (1, 2, 3) for figure in figures_of(cell, version)]
    files = "\n".join(texts_in(store.root))
    return [figure for figure in wanted if figure in files]


def rows(store: ReleaseStore, identifier: str, table: str, where: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as con:
        path = store.path(identifier) / f"data/{table}.parquet"
        return con.execute(f"from read_parquet('{path}') where {where} order by all").fetchall()


def is_sound(store: ReleaseStore) -> bool:
    """Whether every release is whole and nothing else is there."""
    names = {path.name for path in store.root.iterdir()}
    checked = {verify(store.path(identifier)).id for identifier in store.ids()}
    return names == checked | {"latest"}


def test_the_figures_are_there_before(store: ReleaseStore) -> None:
    assert len(shown(store)) == 3 * len(FIGURES)


def test_a_withdrawn_key_is_in_no_file(store: ReleaseStore) -> None:
    replaced = withdraw_key(store, store.home.state, KEY, "wrong denominator")
    assert replaced == store.ids()
    assert shown(store) == []
    assert is_sound(store)


def test_its_neighbours_keep_their_figures(store: ReleaseStore) -> None:
    before = {cell: shown(store, cell) for cell in range(1, 13) if cell != CELL}
    withdraw_key(store, store.home.state, KEY, "wrong denominator")
    assert {cell: shown(store, cell) for cell in before} == before


def test_the_row_says_that_it_was_withdrawn(store: ReleaseStore) -> None:
    withdraw_key(store, store.home.state, KEY, "wrong denominator")
    (row,) = rows(store, store.ids()[0], "indicator_values", "status = 'withdrawn'")
    assert row[:2] == ("smoking", STOCKPORT)
    assert row[-3:] == ("withdrawn", "withdrawn", ["provisional"])
    assert row[8:13] == (None,) * len(FIGURES)


def test_the_manifest_carries_a_tombstone_and_new_counts(store: ReleaseStore) -> None:
    withdraw_key(store, store.home.state, KEY, "wrong denominator")
    manifest = read_manifest(store.path(store.ids()[1]))
    (stone,) = manifest.withdrawn
    assert (stone.kind, stone.reason) == ("key", "wrong denominator")
    assert not manifest.is_withdrawn
    assert manifest.counts["withdrawn"] == 1
    assert manifest.counts["published"] == 11


def test_tables_that_the_key_does_not_touch_are_the_same_files(store: ReleaseStore) -> None:
    path = store.path(store.ids()[0]) / "data/framework_indicators.parquet"
    before = path.stat().st_ino
    withdraw_key(store, store.home.state, KEY, "wrong denominator")
    assert path.stat().st_ino == before


def test_only_the_domain_of_the_indicator_loses_its_summary(store: ReleaseStore) -> None:
    withdraw_key(store, store.home.state, KEY, "wrong denominator")
    emptied = rows(store, store.ids()[0], "domain_summary", "sum_of_values is null")
    assert emptied == [("ph", "healthy", STOCKPORT, None)]


def test_a_withdrawn_comparator_is_shown_to_nobody(store: ReleaseStore) -> None:
    withdraw_key(store, store.home.state, KEY | {"area_code": ENGLAND}, "wrong denominator")
    lost = rows(store, store.ids()[0], "comparisons", "comparator_value is null")
    assert [row[1] for row in lost] == [STOCKPORT, TOWER_HAMLETS, ENGLAND]
    assert {(row[0], str(row[3])) for row in lost} == {("smoking", "2021-04-01")}
    assert [row[1] for row in lost if row[6] is None] == [ENGLAND]
    assert shown(store, cell=11) == []


def test_a_key_without_a_period_takes_every_period(store: ReleaseStore) -> None:
    key = {"indicator_id": "smoking", "area_code": STOCKPORT}
    withdraw_key(store, store.home.state, key, "wrong denominator")
    assert shown(store, CELL) == shown(store, CELL + 1) == []
    assert withdrawn_keys(store.home.state) == [key]


@pytest.mark.parametrize(
    "period", [{"period_label": "2021/22"}, {"period_start": "2021-04-01"}, {"sex": "persons"}]
)
def test_a_period_is_kept_under_all_its_names(store: ReleaseStore, period: dict[str, str]) -> None:
    key = {"indicator_id": "smoking", "area_code": STOCKPORT} | period
    withdraw_key(store, store.home.state, key, "wrong denominator")
    expected = key if "sex" in key else RESOLVED
    assert withdrawn_keys(store.home.state) == [expected]


def test_twice_is_once(store: ReleaseStore) -> None:
    withdraw_key(store, store.home.state, KEY, "first reason")
    manifests = [read_manifest(store.path(identifier)) for identifier in store.ids()]
    assert withdraw_key(store, store.home.state, KEY, "second reason") == []
    assert finish_withdrawals(store, store.home.state) == []
    assert [read_manifest(store.path(identifier)) for identifier in store.ids()] == manifests
    assert len(withdrawn_keys(store.home.state)) == 1


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ({"indicator_id": "smoking"}, "can't be withdrawn"),
        (KEY | {"value": "7009.01"}, "can't be withdrawn"),
        (KEY | {"area_code": "E99999999"}, "no release has such a value"),
        (KEY | {"period_label": "1999/00"}, "no release has such a value"),
        (KEY | {"area_code": "' or true --"}, "no release has such a value"),
    ],
)
def test_a_key_that_takes_nothing_back_is_refused(
    store: ReleaseStore, key: dict[str, str], problem: str
) -> None:
    with pytest.raises(UsageError, match=problem):
        withdraw_key(store, store.home.state, key, "wrong denominator")
    assert withdrawn_keys(store.home.state) == []


def test_a_withdrawal_needs_a_reason(store: ReleaseStore) -> None:
    with pytest.raises(UsageError, match="needs a reason"):
        withdraw_key(store, store.home.state, KEY, " ")


def test_a_withdrawn_release_keeps_only_its_manifest(store: ReleaseStore) -> None:
    third, second, first = store.ids()
    assert withdraw_release(store, store.home.state, third, "wrong year")[0] == third
    assert [path.name for path in store.path(third).iterdir()] == ["manifest.json"]
    manifest = read_manifest(store.path(third))
    assert manifest.is_withdrawn
    assert manifest.withdrawn[0].reason == "wrong year"
    assert store.latest_id() == second
    assert is_sound(store)
    withdraw_release(store, store.home.state, second, "wrong year")
    assert store.latest_id() == first


def test_the_next_release_forgets_what_it_said_of_a_withdrawn_one(store: ReleaseStore) -> None:
    third, second, first = store.ids()
    assert withdraw_release(store, store.home.state, first, "wrong year") == [first, second]
    assert rows(store, second, "changes", "old_value is not null") == []
    assert len(rows(store, second, "changes", "new_value is not null")) == 12
    assert len(rows(store, third, "changes", "old_value is not null")) == 12
    assert store.latest_id() == third


def test_without_an_earlier_release_there_is_no_latest(store: ReleaseStore) -> None:
    first = store.ids()[-1]
    store.rollback(first)
    withdraw_release(store, store.home.state, first, "wrong year")
    assert store.latest() is None
    assert store.reconcile() == []


def test_an_unknown_release_is_refused(store: ReleaseStore) -> None:
    with pytest.raises(UsageError, match="no such release") as refused:
        withdraw_release(store, store.home.state, "7.0.0-000000000000", "wrong year")
    assert all(each in str(refused.value.expected) for each in store.ids())


def add_page(store: ReleaseStore, identifier: str) -> Path:
    """Put a page with the figure into a release, as a site would."""
    release = store.path(identifier)
    page = release / "site/index.html"
    page.parent.mkdir()
    page.write_text(f"<p>{figures_of(CELL, 3)[0]}</p>")
    manifest = read_manifest(release)
    write_manifest(release, replace(manifest, files=(*manifest.files, seal(page, release))))
    return page


def test_a_page_that_nothing_makes_again_is_left_out(store: ReleaseStore) -> None:
    page = add_page(store, store.ids()[0])
    withdraw_key(store, store.home.state, KEY, "wrong denominator", lambda *_: ())
    assert not page.exists()
    assert shown(store) == []
    assert is_sound(store)


def test_a_release_that_had_no_page_gets_none(store: ReleaseStore) -> None:
    asked = []

    def rebuild(directory: Path, manifest: Manifest) -> list[FileEntry]:
        asked.append(manifest.id)
        return []

    add_page(store, store.ids()[1])
    withdraw_key(store, store.home.state, KEY, "wrong denominator", rebuild)
    assert asked == [store.ids()[1]]


def test_a_page_is_made_again_from_the_redacted_tables(store: ReleaseStore) -> None:
    page = add_page(store, store.ids()[0])

    def rebuild(directory: Path, manifest: Manifest) -> list[FileEntry]:
        made = directory / "site/index.html"
        made.parent.mkdir()
        made.write_text(f"<p>{manifest.counts['withdrawn']} withdrawn</p>")
        return [seal(made, directory)]

    withdraw_key(store, store.home.state, KEY, "wrong denominator", rebuild)
    assert page.read_text() == "<p>1 withdrawn</p>"
    assert shown(store) == []
    assert is_sound(store)


def test_a_release_that_shows_it_again_is_refused(store: ReleaseStore) -> None:
    withdraw_key(store, store.home.state, KEY, "wrong denominator")
    with duckdb.connect() as con:
        refuse_withdrawn(con, store.path(store.ids()[0]), store.home.state)
        again = publish(store, 4)
        with pytest.raises(PublicationRefused, match="taken back") as refused:
            refuse_withdrawn(con, store.path(again.id), store.home.state)
    assert refused.value.place == "table indicator_values"


TREND = table(
    "trends",
    {"indicator_id": "string", "area_code": "string", "direction": "string", "reason": "string"},
    ("indicator_id", "area_code"),
    Redaction(
        (),
        marks=(("direction", "not_calculated"),),
        notes=(("reason", "value_set_aside"),),
        is_remade=True,
    ),
)


def with_trends(store: ReleaseStore, area: str, direction: str, reason: str | None) -> str:
    """The first release, made again with a table of one trend; its id."""
    identifier = store.ids()[0]
    directory = store.path(identifier)
    manifest = read_manifest(directory)
    with duckdb.connect() as con:
        con.execute(
            "create table trends as select 'smoking' as indicator_id, ? as area_code,"
            " ? as direction, ?::varchar as reason",
            [area, direction, reason],
        )
        files = write_tables(con, [TREND], directory, synthetic=True)
    new = replace(manifest, files=(*manifest.files, *files), tables=(*manifest.tables, TREND))
    write_manifest(directory, new)
    return identifier


@pytest.mark.parametrize(
    ("area", "direction", "reason", "after"),
    [
        (STOCKPORT, "increasing", None, ("not_calculated", "value_set_aside")),
        # What never said anything goes on saying why.
        (STOCKPORT, "not_calculated", "too_few_points", ("not_calculated", "too_few_points")),
        (TOWER_HAMLETS, "increasing", None, ("increasing", None)),
    ],
)
def test_a_note_is_given_only_where_something_was_taken_out(
    store: ReleaseStore, area: str, direction: str, reason: str | None, after: tuple[str, str]
) -> None:
    identifier = with_trends(store, area, direction, reason)
    withdraw_key(store, store.home.state, KEY, "wrong denominator")
    assert [row[2:] for row in rows(store, identifier, "trends", "true")] == [after]
    rules = read_manifest(store.path(identifier)).table("trends")
    assert rules is not None
    assert rules.redactions == TREND.redactions


def test_what_is_worked_out_anew_without_the_value_may_be_published(store: ReleaseStore) -> None:
    withdraw_key(store, store.home.state, KEY, "wrong denominator")
    identifier = with_trends(store, STOCKPORT, "increasing", None)
    with duckdb.connect() as con:
        refuse_withdrawn(con, store.path(identifier), store.home.state)


# Every step at which something on the disk changes.
STEPS = (
    (store_module, "rename"),
    (store_module, "remove_tree"),
    (store_module, "sync_tree"),
    (ReleaseStore, "_announce"),
    (ReleaseStore, "_switch"),
    (redact, "write_tables"),
    (redact, "write_manifest"),
    (redact, "remove_tree"),
    (withdraw, "set_meta"),
)


def kill_at(patch: pytest.MonkeyPatch, number: int) -> None:
    """After this the step of that number isn't taken: `Killed` is raised in its place."""
    taken = 0

    def counted(step: Callable[..., Any]) -> Callable[..., Any]:
        def take(*arguments: Any, **named: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken == number:
                raise Killed
            return step(*arguments, **named)

        return take

    for place, name in STEPS:
        patch.setattr(place, name, counted(getattr(place, name)))


def interrupt_everywhere(
    home: Path, take_back: Callable[[ReleaseStore], object], check: Callable[[ReleaseStore], None]
) -> int:
    """Kill at each step in turn, on a fresh copy of the home; how many steps there were."""
    for number in range(1, 200):
        copy = home.with_name(f"home-{number}")
        shutil.copytree(home, copy, symlinks=True)
        store = store_at(copy)
        with pytest.MonkeyPatch.context() as patch:
            kill_at(patch, number)
            try:
                take_back(store)
            except Killed:
                pass
            else:
                return number - 1
        finish_withdrawals(store, store.home.state)
        check(store)
        shutil.rmtree(copy)
    pytest.fail("it never came to an end")


def test_killed_at_any_step_a_key_is_taken_back_in_the_end(store: ReleaseStore) -> None:
    shutil.rmtree(store.path(store.ids()[-1]))

    def check(store: ReleaseStore) -> None:
        assert shown(store) == []
        assert is_sound(store)
        assert store.latest_id() == store.ids()[0]

    def take_back(store: ReleaseStore) -> None:
        withdraw_key(store, store.home.state, KEY, "wrong denominator")

    assert interrupt_everywhere(store.home.root, take_back, check) >= 15


def test_killed_at_any_step_a_release_is_taken_back_in_the_end(store: ReleaseStore) -> None:
    third, second, first = store.ids()
    store.rollback(second)

    def check(store: ReleaseStore) -> None:
        assert [path.name for path in store.path(second).iterdir()] == ["manifest.json"]
        assert rows(store, third, "changes", "old_value is not null") == []
        assert store.latest_id() == first
        assert is_sound(store)

    def take_back(store: ReleaseStore) -> None:
        withdraw_release(store, store.home.state, second, "wrong year")

    assert interrupt_everywhere(store.home.root, take_back, check) >= 15


def take_back_when_told(home: Path) -> None:
    """What a process does that a test kills."""
    store = store_at(home)
    (home / "ready").touch()
    withdraw_key(store, store.home.state, KEY, "wrong denominator")


@pytest.mark.parametrize("delay", [0.0, 0.03, 0.06, 0.09, 0.12, 0.15, 0.2, 0.3])
def test_killed_at_any_moment_nothing_is_half_taken_back(store: ReleaseStore, delay: float) -> None:
    process = FORKED.Process(target=take_back_when_told, args=(store.home.root,))
    process.start()
    while process.is_alive() and not (store.home.root / "ready").exists():
        time.sleep(0.005)
    time.sleep(delay)
    process.kill()
    process.join()
    with connect(store.home.state) as state:
        recorded = state.execute("select count(*) from withdrawals").fetchone()[0]
    finish_withdrawals(store, store.home.state)
    assert len(shown(store)) == (0 if recorded else 3 * len(FIGURES))
    assert is_sound(store)

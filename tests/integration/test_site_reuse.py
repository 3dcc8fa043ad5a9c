"""A site that takes files over from the release before is, byte for byte, the one made anew."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dagster_project.errors import PublicationRefused
from dagster_project.home import Home
from dagster_project.release.manifest import Tombstone, read_manifest, write_manifest
from dagster_project.site import build
from dagster_project.site.reading import Tables
from dagster_project.site.reuse import MADE_OF, Reuse
from tests.support.sites import (
    INDICATORS,
    NEWEST,
    STOCKPORT,
    TRAFFORD,
    alter,
    following,
    presented,
    small,
)

FIRST, SECOND = "1.0.0-00000000000a", "1.1.0-00000000000b"
FIGURES = ("value", "lower_95", "upper_95", "numerator", "denominator")
Tree = dict[str, bytes]


def tree(folder: Path) -> Tree:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def first(sample_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small release with its site."""
    release = tmp_path_factory.mktemp("releases") / FIRST
    latest = (sample_home.releases / "latest").resolve()
    presented(release, small(latest, release))
    return release


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The groups of files that are made rather than taken over, since it was last emptied."""
    groups: set[str] = set()
    kept = Reuse.made

    def note(self: Reuse, group: str, key: str, paths: list[str]) -> None:
        groups.add(group)
        kept(self, group, key, paths)

    monkeypatch.setattr(Reuse, "made", note)
    return groups


@pytest.fixture(scope="module")
def unchanged(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The site of a second release whose rows are those of the first, made anew."""
    folder = tmp_path_factory.mktemp("unchanged")
    manifest = following(first, folder / SECOND)
    build.build_site(folder / SECOND, folder / "anew", manifest)
    return tree(folder / "anew")


@pytest.fixture
def both(
    first: Path, unchanged: Tree, tmp_path: Path, made: set[str]
) -> Callable[[Callable[[Path], object] | None], tuple[Tree, Tree]]:
    """The second release's site, made after the first and made anew; `made` tells of the former."""

    def build_both(
        change: Callable[[Path], object] | None = None, previous: Path = first
    ) -> tuple[Tree, Tree]:
        second = tmp_path / SECOND
        manifest = following(first, second)
        anew = unchanged
        if change:
            change(second)
            build.build_site(second, tmp_path / "anew", manifest)
            anew = tree(tmp_path / "anew")
        made.clear()
        build.build_site(second, tmp_path / "after", manifest, previous)
        return tree(tmp_path / "after"), anew

    return build_both


def test_where_no_row_is_another_all_is_taken_over_and_names_its_own_release(
    both: Callable[..., tuple[Tree, Tree]], made: set[str]
) -> None:
    after, anew = both()
    assert after == anew
    assert made == set()
    for path, body in after.items():
        if path.endswith((".html", ".csv")) or path.startswith("data/"):
            assert SECOND.encode() in body, path
        if path not in ("changes.html", "index.html"):
            assert FIRST.encode() not in body, path


def test_a_file_that_landed_makes_no_page_of_an_indicator_anew(
    first: Path, tmp_path: Path, made: set[str]
) -> None:
    manifest = following(first, tmp_path / SECOND)
    landed = replace(manifest.inputs[0], sha256="f" * 64, name="one_more.csv")
    manifest = replace(manifest, inputs=(*manifest.inputs, landed))
    build.build_site(tmp_path / SECOND, tmp_path / "after", manifest, first)
    assert made == set()
    assert "one_more.csv" in (tmp_path / "after" / "downloads.html").read_text("utf-8")


def test_a_judgement_that_no_page_has_a_mark_for_is_refused(first: Path, tmp_path: Path) -> None:
    manifest = following(first, tmp_path / SECOND)
    alter(tmp_path / SECOND, "comparisons", {"judgement": "'best'"}, "judgement = 'better'")
    with pytest.raises(PublicationRefused, match="the site has no mark for a word"):
        build.build_site(tmp_path / SECOND, tmp_path / "after", manifest, first)
    assert not (tmp_path / "after").exists()


@pytest.mark.parametrize("question", ["many short", "one long", "of the connection itself"])
def test_told_to_stop_it_waits_for_nothing_that_is_still_made(
    question: str, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()
    until = time.monotonic() + 60
    # Minutes of work, of which nobody hears before its end.
    long = "select sum(a.range * b.range % 7) from range(1000000) a, range(1000000) b"

    def explorer(tables: Tables, *_: object) -> list[Path]:
        asked.set()
        if question == "one long":
            tables.rows(long)
        elif question == "of the connection itself":
            time.sleep(0.3)
            tables.con.execute(long)
        while time.monotonic() < until:
            tables.rows("select 1")
        return []

    def pages(*_: object) -> None:
        asked.wait()
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "write_explorer", explorer)
    monkeypatch.setattr(build, "pages", pages)
    with pytest.raises(KeyboardInterrupt):
        build.build_site(first, tmp_path / "stopped", read_manifest(first))
    assert time.monotonic() < until


def test_one_changed_value_makes_what_shows_it_and_leaves_the_rest(
    both: Callable[..., tuple[Tree, Tree]], made: set[str]
) -> None:
    where = f"{NEWEST} and area_code = '{STOCKPORT}'"
    after, anew = both(lambda r: alter(r, "indicator_values", {"value": "value + 0.3"}, where))
    assert after == anew
    assert f"areas/{STOCKPORT}.html" in made
    assert f"frameworks/phof-2019-on/{STOCKPORT}.html" in made
    assert {"indicators/smoking_adults", "data/i/smoking_adults", f"data/a/{STOCKPORT}"} <= made
    # No other area's paper shows the value; the other indicator is as it was.
    assert {g for g in made if g.startswith("frameworks/") and STOCKPORT not in g} == set()
    assert {g for g in made if "suicide_rate" in g} == set()


def test_a_withdrawn_value_does_not_come_back_by_a_page_that_is_taken_over(
    both: Callable[..., tuple[Tree, Tree]], first: Path
) -> None:
    where = f"{NEWEST} and area_code = '{TRAFFORD}'"
    marks = {"status": "'withdrawn'", "status_reason": "'withdrawn'"}

    def take_back(release: Path) -> None:
        alter(release, "indicator_values", dict.fromkeys(FIGURES, "null") | marks, where)

    after, anew = both(take_back)
    assert after == anew
    row = f"<tr\nid={TRAFFORD}>".encode()
    page = "indicators/smoking_adults.html"
    was, now = (text[page].split(row)[1].split(b"<tr")[0] for text in (tree(first / "site"), after))
    shown = re.search(rb"<td>(\d[\d.,]*)", was)
    assert shown
    assert shown[1] not in now
    assert b"<i>withdrawn</i>" in now
    assert b"<small>" in was
    assert b"<small>" not in now


def test_what_is_taken_back_from_a_release_leaves_nothing_to_take_over(
    first: Path, tmp_path: Path, made: set[str]
) -> None:
    shutil.copytree(first, tmp_path / FIRST)
    second = tmp_path / SECOND
    manifest = following(first, second)
    build.present_site(second, manifest)
    assert made == set()
    shutil.rmtree(second / "site")
    stone = Tombstone("key", "{}", "an error", "2026-12-24T06:00:00Z")
    build.present_site(second, replace(manifest, withdrawn=(stone,)))
    assert {f"indicators/{name}" for name in INDICATORS} <= made


def test_other_code_makes_all_anew(
    both: Callable[..., tuple[Tree, Tree]],
    first: Path,
    made: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(build, "code_version", lambda: "other code")
    after, anew = both()
    # Of its files only the one that says what they are made of is another.
    assert after.pop(MADE_OF) != anew[MADE_OF]
    assert after == {path: body for path, body in anew.items() if path != MADE_OF}
    groups = read_groups(first)
    assert groups
    assert made == groups


def read_groups(release: Path) -> set[str]:
    import json

    return set(json.loads((release / "site" / MADE_OF).read_text("utf-8"))["groups"])


def changed_page(release: Path) -> None:
    page = release / "site" / "areas" / f"{STOCKPORT}.html"
    page.write_text(page.read_text("utf-8").replace("Stockport", "Stockpot"), "utf-8")


def changed_keys(release: Path) -> None:
    keys = release / "site" / MADE_OF
    keys.write_text(keys.read_text("utf-8").replace("suicide_rate", "smoking_adults"), "utf-8")


def lost_manifest(release: Path) -> None:
    (release / "manifest.json").unlink()


def emptied(release: Path) -> None:
    shutil.rmtree(release / "site")
    write_manifest(release, replace(read_manifest(release), files=()))


@pytest.mark.parametrize(
    ("damage", "anew"),
    [
        (changed_page, {f"areas/{STOCKPORT}.html"}),
        (changed_keys, None),
        (lost_manifest, None),
        (emptied, None),
        (shutil.rmtree, None),
    ],
)
def test_a_site_that_is_not_as_it_was_published_gives_nothing(
    damage: Callable[[Path], None],
    anew: set[str] | None,
    both: Callable[..., tuple[Tree, Tree]],
    first: Path,
    tmp_path: Path,
    made: set[str],
) -> None:
    damaged = tmp_path / "damaged" / FIRST
    shutil.copytree(first, damaged)
    damage(damaged)
    after, whole = both(None, damaged)
    assert after == whole
    assert made == (read_groups(first) if anew is None else anew)

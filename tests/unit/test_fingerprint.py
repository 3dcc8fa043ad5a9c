"""The fingerprint and the order of landing: it tells orders apart where they decide."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from subprocess import run

from dagster_project.alerts.routing import directory
from dagster_project.fingerprint import OF_NO_RELEASE, _code_files, fingerprint
from dagster_project.home import PROJECT_ROOT
from tests.support import landing_files as files
from tests.support import landing_more_files as more
from tests.support.landing_files import as_csv
from tests.support.landing_place import Place

TWO_LISTS = {
    "x/list.csv": as_csv(files.qof_geography()),
    "y/list.csv": as_csv(files.qof_geography(4)),
}


def landed(folder: Path, content: dict[str, bytes], *runs: Sequence[str]) -> str:
    """The fingerprint after those runs, in each of which those files are put in the inbox."""
    place = Place(folder)
    for names in runs:
        for name in names:
            place.put(name, content[name])
            if "list" in name:
                place.put(f"{name}.period", b"period: 2020/21\n")
        assert place.land().refused == []
    return fingerprint(place.home, date(2026, 11, 22))


def test_which_of_two_lists_of_one_year_came_last_is_told(tmp_path):
    one = landed(tmp_path / "one", TWO_LISTS, ["x/list.csv"], ["y/list.csv"])
    other = landed(tmp_path / "other", TWO_LISTS, ["y/list.csv"], ["x/list.csv"])
    together = landed(tmp_path / "together", TWO_LISTS, ["y/list.csv", "x/list.csv"])
    assert len({one, other, together}) == 3


def test_the_numbers_that_extracts_landed_under_are_no_matter(tmp_path):
    content = {
        "PREVALENCE_2021.csv": as_csv(files.qof_prevalence()),
        "MAPPING_2021.csv": as_csv(files.qof_geography()),
        "fingertips.csv": as_csv(files.fingertips()),
    }
    names = list(content)
    together = landed(tmp_path / "together", content, names)
    apart = landed(tmp_path / "apart", content, *([name] for name in reversed(names)))
    assert together == apart


def test_a_name_is_told_where_it_says_what_the_file_holds(tmp_path):
    content = {
        name: as_csv(more.nhsof_admissions())
        for name in (more.NHSOF_NAME, "NHSOF_2.2_I00707_D.csv", f"folder/{more.NHSOF_NAME}")
    }
    made = [landed(tmp_path / str(n), content, [name]) for n, name in enumerate(content)]
    assert made[0] != made[1]
    assert made[0] == made[2]
    plain = {name: as_csv(files.fingertips()) for name in ("a.csv", "b.csv")}
    assert landed(tmp_path / "a", plain, ["a.csv"]) == landed(tmp_path / "b", plain, ["b.csv"])


def test_who_is_told_of_alerts_is_no_part_of_a_release():
    read = {name.rpartition("/")[2] for name, _ in _code_files()}
    assert "owners.csv" in read
    assert not read & set(OF_NO_RELEASE)
    models = (PROJECT_ROOT / "dbt" / "models").rglob("*.sql")
    named = [path.name for path in models if "'subscribers'" in path.read_text("utf-8")]
    assert named == []


# The way that finds nothing new, and the registry as the look for alerts then asks it.
NOTHING_NEW = """
import sys
from datetime import date
from pathlib import Path
from dagster_project import newness, refresh, reporting, state
from dagster_project.alerts import after_refresh, commands, look, routing
from dagster_project.home import Home
from dagster_project.landing import inbox, sightings
from dagster_project.sample import write_sample
home = Home(Path(sys.argv[1]))
with state.connect(home.state):
    pass
home.inbox.mkdir()
assert newness.nothing_new(home, (home.inbox,), date(2026, 11, 22)) is None
assert routing.directory().titles and routing.directory().recipients
print(*sorted(sys.modules))
"""


def test_layouts_and_rules_are_not_read_to_find_nothing_new(tmp_path: Path) -> None:
    # After this the registry is known to be sound.
    assert directory().titles
    done = run(
        [sys.executable, "-c", NOTHING_NEW, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT_ROOT,
    )
    read = set(done.stdout.split())
    assert {"dagster_project.fingerprint", "dagster_project.sources.name_rules"} <= read
    slow = {"sources.known", "sources.layout", "landing.loading", "registry.checking"}
    assert not read & {f"dagster_project.{name}" for name in slow}
    assert not read & {"importlib.metadata", "tomllib", "duckdb", "dagster", "dbt", "numpy"}

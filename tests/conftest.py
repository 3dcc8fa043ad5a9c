"""Every run of the tests puts the same cases to the code; `make test-new-cases` puts new ones.

The sample and a small inbox are refreshed once for all tests of a run, whichever of its processes
asks first.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from dagster_project.home import Home
    from tests.support.small_year import SmallYear

settings.register_profile("same_cases", derandomize=True)
settings.register_profile("new_cases", max_examples=500, print_blob=True)
settings.load_profile("same_cases")


@pytest.fixture(scope="session", autouse=True)
def without_sites() -> Iterator[None]:
    """A refresh writes no site, which costs each seconds; `with_sites` is for those that ask."""
    from dagster_project.release import presenting

    every = presenting.PRESENTERS
    presenting.PRESENTERS = tuple(each for each in every if each.place != "site")
    yield
    presenting.PRESENTERS = every


@contextmanager
def with_sites() -> Iterator[None]:
    """Within this a refresh shows its release in every way, as it does for people."""
    from dagster_project.release import presenting

    some = presenting.PRESENTERS
    presenting.PRESENTERS = (*some, presenting.SITE)
    try:
        yield
    finally:
        presenting.PRESENTERS = some


@pytest.fixture(scope="session")
def sample_home(
    tmp_path_factory: pytest.TempPathFactory, without_sites: None, worker_id: str
) -> Home:
    """A home with a release of the embedded sample: read it, or work on a copy."""
    # Tests that don't ask for it shouldn't wait for what a refresh needs.
    from dagster_project.home import Home

    return Home(made_once(tmp_path_factory, worker_id, "sample", _refresh_sample) / "home")


@pytest.fixture(scope="session")
def small_year(
    tmp_path_factory: pytest.TempPathFactory, without_sites: None, worker_id: str
) -> SmallYear:
    """A home with four small releases, and what was seen as they were made: likewise."""
    from tests.support.small_year import SmallYear, make

    return SmallYear(made_once(tmp_path_factory, worker_id, "small_year", make))


def made_once(
    factory: pytest.TempPathFactory, worker_id: str, name: str, make: Callable[[Path], None]
) -> Path:
    """A folder with what `make` makes, which one process of the run does and the others copy.

    Each process has its own, as some tests leave something behind.
    """
    from filelock import FileLock

    own = factory.mktemp(name)
    if worker_id == "master":
        make(own)
        return own
    # The directory above each process's own is the whole run's.
    made = factory.getbasetemp().parent / name
    done = made.with_suffix(".made")
    with FileLock(f"{made}.lock"):
        if not done.exists():
            # What an attempt that failed has left is no beginning.
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir()
            make(made)
            done.touch()
    shutil.copytree(made, own, symlinks=True, dirs_exist_ok=True)
    return own


def _refresh_sample(folder: Path) -> None:
    from dagster_project.home import Home
    from dagster_project.refresh import refresh, request_for
    from tests.support.real import AS_OF

    with with_sites():
        refresh(request_for(Home(folder / "home"), None, sample=True, as_of=AS_OF))


# What takes a minute or more to make, in the order in which it is begun.
MADE_ONCE = ("sample_home", "small_year")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After this, files of tests come in an order in which no process waits for what another makes.

    The first file that asks for something makes it; meanwhile others have all that don't ask.
    Those with whole refreshes of their own come before those without, so that none is last alone.
    """
    asking = {item.path: asked for item in items if (asked := _asked(item))}
    makers = [next((path for path in asking if asking[path] == name), None) for name in MADE_ONCE]

    def turn(item: pytest.Item) -> int:
        if item.path in makers:
            return makers.index(item.path)
        if item.path in asking:
            # Of those that ask for the sample many are short: they level out the end.
            return len(makers) + 2 + (asking[item.path] == "sample_home")
        return len(makers) + (item.path.parent.name != "integration")

    items.sort(key=turn)


def _asked(item: pytest.Item) -> str | None:
    """Which of what is made once the test asks for."""
    names = getattr(item, "fixturenames", ())
    return next((name for name in MADE_ONCE if name in names), None)

"""Every run of the tests puts the same cases to the code; `make test-new-cases` puts new ones.

The sample is refreshed once for all tests of a run, whichever of its processes asks first.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from dagster_project.home import Home

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
    """A home with a release of the embedded sample: read it, or work on a copy.

    Each process has its own, as some tests leave something behind; one makes it, others copy it.
    """
    # Tests that don't ask for it shouldn't wait for what a refresh needs.
    from filelock import FileLock

    from dagster_project.home import Home

    home = Home(tmp_path_factory.mktemp("sample") / "home")
    if worker_id == "master":
        _refresh_sample(home)
        return home
    # The directory above each process's own is the whole run's.
    made = Home(tmp_path_factory.getbasetemp().parent / "sample")
    with FileLock(f"{made.root}.lock"):
        if not (made.releases / "latest").is_symlink():
            _refresh_sample(made)
    shutil.copytree(made.root, home.root, symlinks=True, dirs_exist_ok=True)
    return home


def _refresh_sample(home: Home) -> None:
    from dagster_project.refresh import refresh, request_for
    from tests.support.real import AS_OF

    # What an attempt that failed has left is no sample: the next begins anew.
    shutil.rmtree(home.root, ignore_errors=True)
    with with_sites():
        refresh(request_for(home, None, sample=True, as_of=AS_OF))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After this, files of tests come in an order in which no process waits for another's sample.

    The first file that asks for it makes it; meanwhile the other process has all that don't ask.
    Those with whole refreshes of their own come before those without, so that none is last alone.
    """
    asking = dict.fromkeys(
        item.path for item in items if "sample_home" in getattr(item, "fixturenames", ())
    )
    first = next(iter(asking), None)

    def turn(item: pytest.Item) -> int:
        if item.path in asking:
            return 0 if item.path == first else 3
        return 1 if item.path.parent.name == "integration" else 2

    items.sort(key=turn)

"""Every run of the tests puts the same cases to the code; `make test-new-cases` puts new ones.

The sample is refreshed once for all tests that a process runs.
"""

from __future__ import annotations

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
def sample_home(tmp_path_factory: pytest.TempPathFactory, without_sites: None) -> Home:
    """A home with a release of the embedded sample: read it, or work on a copy."""
    # Tests that don't ask for it shouldn't wait for what a refresh needs.
    from dagster_project.home import Home
    from dagster_project.refresh import refresh, request_for
    from tests.real import AS_OF

    home = Home(tmp_path_factory.mktemp("sample") / "home")
    with with_sites():
        refresh(request_for(home, None, sample=True, as_of=AS_OF))
    return home

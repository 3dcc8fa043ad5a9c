"""Every run of the tests puts the same cases to the code; `make test-new-cases` puts new ones.

The sample is refreshed once for all tests that a process runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from dagster_project.home import Home

settings.register_profile("same_cases", derandomize=True)
settings.register_profile("new_cases", max_examples=500, print_blob=True)
settings.load_profile("same_cases")


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a release of the embedded sample: read it, or work on a copy."""
    # Tests that don't ask for it shouldn't wait for what a refresh needs.
    from dagster_project.home import Home
    from dagster_project.refresh import refresh, request_for
    from tests.real import AS_OF

    home = Home(tmp_path_factory.mktemp("sample") / "home")
    refresh(request_for(home, None, sample=True, as_of=AS_OF))
    return home

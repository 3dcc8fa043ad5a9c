"""A publisher on this machine, and a desk that asks it: what tests of fetching stand on.

A file of tests that asks otherwise has a desk or a publisher of its own by the same name.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Most unit tests ask no server: what it takes is imported for those that do.
if TYPE_CHECKING:
    from tests.support.fetching_place import Desk
    from tests.support.http_publisher import Publisher


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    from tests.support.http_publisher import Publisher

    with Publisher() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, publisher: Publisher) -> Desk:
    """Asks for one file, as for one of QOF."""
    from tests.support.fetching_place import Desk

    made = Desk(tmp_path, publisher)
    made.address()
    return made

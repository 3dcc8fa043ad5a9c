"""The publishers' own files, refreshed once for all tests that ask; small ones without Dagster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project import warehouse
from dagster_project.home import Home
from dagster_project.refresh import Outcome, refresh, request_for
from tests.support.plain_refresh import plainly
from tests.support.real import AS_OF, FOLDER

Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def plain() -> Iterator[None]:
    """The refreshes of the module go without Dagster, which for a few rows is most of the work."""
    with plainly():
        yield


@pytest.fixture(scope="session")
def real_folder() -> Path:
    return FOLDER


@pytest.fixture(scope="session")
def as_of() -> str:
    """The day that every refresh of the real files takes for today."""
    return AS_OF


@pytest.fixture(scope="session")
def released(
    real_folder: Path, as_of: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Home, Outcome]:
    home = Home(tmp_path_factory.mktemp("real") / "home")
    return home, refresh(request_for(home, [str(real_folder)], sample=False, as_of=as_of))


@pytest.fixture(scope="session")
def ask(released: tuple[Home, Outcome]) -> Iterator[Ask]:
    """What the release's tables answer."""
    home, outcome = released
    data = home.releases / str(outcome.release) / "data"
    connection = duckdb.connect()
    for path in sorted(data.glob("*.parquet")):
        connection.execute(f"create view {path.stem} as select * from read_parquet('{path}')")
    yield lambda query: connection.execute(query).fetchall()
    connection.close()


@pytest.fixture(scope="session")
def ask_warehouse(released: tuple[Home, Outcome]) -> Iterator[Ask]:
    """What the warehouse answers: raw tables, staging and intermediate models."""
    home, _ = released
    with warehouse.connect(home, read_only=True) as connection:
        yield lambda query: connection.execute(query).fetchall()

"""One refresh of the publishers' own files, for all tests that ask what came of them."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from dagster_project.home import Home
from dagster_project.refresh import Outcome, refresh, request_for
from tests.real import AS_OF, FOLDER


@pytest.fixture(scope="session")
def real_release(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Outcome]:
    home = Home(tmp_path_factory.mktemp("real") / "home")
    return home, refresh(request_for(home, [str(FOLDER)], sample=False, as_of=AS_OF))


@pytest.fixture(scope="session")
def ask_real(real_release: tuple[Home, Outcome]) -> Any:
    home, outcome = real_release
    data = home.releases / str(outcome.release) / "data"
    connection = duckdb.connect()
    for path in sorted(data.glob("*.parquet")):
        connection.execute(f"create view {path.stem} as select * from read_parquet('{path}')")
    yield lambda query: connection.execute(query).fetchall()
    connection.close()

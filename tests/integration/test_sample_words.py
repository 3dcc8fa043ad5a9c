"""Text kept as a number beside the list of its words, in the sample's warehouse."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from dagster_project import warehouse
from dagster_project.home import Home
from dagster_project.pipeline.tables import KEY
from tests.support import models

pytestmark = pytest.mark.xdist_group("sample")


@pytest.fixture(scope="module")
def con(sample_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse.connect(sample_home, read_only=True) as connection:
        yield connection


def lists(con: duckdb.DuckDBPyConnection, relation: str) -> dict[str, list[str]]:
    """The words of each column of the relation that is kept so."""
    described = con.execute(f"describe {relation}").fetchall()
    names = [name for name, kind, *_ in described if kind.startswith("ENUM(")]
    asked = ", ".join(f"enum_range(any_value({name}))" for name in names)
    return dict(
        zip(names, con.execute(f"select {asked} from {relation}").fetchall()[0], strict=True)
    )


@pytest.mark.parametrize(
    "relation",
    ["intermediate.int_observations", "intermediate.candidate_values", "marts.indicator_values"],
)
def test_columns_keep_their_lists_on_the_way_to_the_release(con, relation):
    """A union with text, or with another list, would spell all of them out again."""
    given = {row[0] for row in con.execute(f"describe {relation}").fetchall()}
    kept = lists(con, relation)
    assert set(kept) == given & {*models.given("word_columns"), *models.given("told_columns")}
    for words in kept.values():
        assert words == sorted(words)


def test_a_value_has_one_number_wherever_its_key_is_spelled_out(con):
    dates = ("period_start", "period_end")
    texts = [name if name in dates else f"cast({name} as varchar) as {name}" for name in KEY]
    spelled = f"select row_id, {', '.join(texts)} from intermediate.candidate_values"
    apart = f"select count(*), count(*) filter (row_id <> hash({', '.join(KEY)})) from ({spelled})"
    values, differing = con.execute(apart).fetchall()[0]
    assert (values > 100_000, differing) == (True, 0)

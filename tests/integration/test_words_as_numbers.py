"""A table that keeps its words as numbers is held to its contract, and to nothing it can't keep."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import yaml

from tests.support import dbt_scratch

MODEL = """{{ config(materialized='table', meta={'words_as_numbers': true}) }}
select cast(word as enum('a', 'b')) as word, nth
from (values ('a', 1), (null, 2)) as said(word, nth)
"""


def build(folder: Path, *, word: dict[str, object], nth: str = "integer") -> None:
    dbt_scratch.write_project(folder, {"said": MODEL}, ("macros", "materialisations"))
    columns = [{"name": "word", "data_type": "varchar", **word}, {"name": "nth", "data_type": nth}]
    model = {"name": "said", "config": {"contract": {"enforced": True}}, "columns": columns}
    text = yaml.safe_dump({"models": [model]})
    (folder / "models" / "said.yml").write_text(text, encoding="utf-8")
    dbt_scratch.run(folder)


def test_its_words_stay_numbers(tmp_path: Path) -> None:
    build(tmp_path / "p", word={})
    with duckdb.connect(str(tmp_path / "p" / dbt_scratch.WAREHOUSE)) as con:
        kinds = dict(row[:2] for row in con.execute("describe said").fetchall())
        assert kinds == {"word": "ENUM('a', 'b')", "nth": "INTEGER"}
        assert con.execute("select * from said order by nth").fetchall() == [("a", 1), (None, 2)]


def test_a_column_of_another_type_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="contract"):
        build(tmp_path / "p", word={}, nth="varchar")


def test_a_constraint_is_refused_rather_than_left_out(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="got constraints of word"):
        build(tmp_path / "p", word={"constraints": [{"type": "not_null"}]})

"""What a preview shows first, and what it says where pages would show nothing."""

from __future__ import annotations

from typing import Any

import pytest

from dagster_project.preview import words


def row(sex: str, age: str, **given: str) -> dict[str, Any]:
    cut = {"segment": "all", "breakdown_type": "all", "breakdown": "all"}
    return {"period_label": "2023/24", "sex": sex, "age": age, **cut, **given}


def record(age: str, *rows: dict[str, Any]) -> dict[str, Any]:
    said = {"headline_sex": "Persons", "headline_age": age}
    return {"definition": said, "values": list(rows)}


OLD = (row("Female", "75+ yrs"), row("Male", "75+ yrs"), row("Persons", "75+ yrs"))


def test_everybody_comes_first_even_where_no_row_is_the_headline() -> None:
    assert [each["sex"] for each in words.headline(record("All ages", *OLD))] == ["Persons"]


def test_values_of_which_none_is_the_headline_are_told_with_what_to_set() -> None:
    problem, fix = words.no_headline(record("All ages", *OLD))
    assert "Persons and All ages" in problem
    assert fix.endswith("Female and 75+ yrs; Male and 75+ yrs; Persons and 75+ yrs")


@pytest.mark.parametrize(
    "rows", [(), (row("Persons", "75+ yrs"),), (*OLD, row("Persons", "75+ yrs", segment="healthy"))]
)
def test_nothing_is_said_where_the_headline_is_there_or_no_value(rows: tuple[Any, ...]) -> None:
    assert words.no_headline(record("75+ yrs", *rows)) == []


def test_a_segment_is_no_headline() -> None:
    parts = [row("Persons", "All ages", segment="healthy"), *OLD]
    assert words.no_headline(record("All ages", *parts))


def test_the_only_series_there_is_speaks_whatever_is_said() -> None:
    assert words.no_headline(record("All ages", row("Female", "75+ yrs"))) == []

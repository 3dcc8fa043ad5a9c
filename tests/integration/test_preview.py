"""`outcomes preview` on the sample: built, judged and shown, and nothing of the home changed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagster_project import warehouse
from dagster_project.errors import OutcomesError, UsageError
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.pipeline import dbt_project
from dagster_project.preview import building, words
from dagster_project.preview.preview import preview
from dagster_project.preview.scratch import scratch_home

NAME = "average_practice_list_size"


def state_of(home: Home) -> dict[str, str]:
    """Every file of the home with a digest of it, the cache and who held it last apart."""
    return {
        path.relative_to(home.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.root.rglob("*"))
        if path.is_file() and home.cache not in path.parents and path != home.holder
    }


def test_an_indicator_is_shown_and_nothing_is_changed(sample_home: Home) -> None:
    before = state_of(sample_home)
    record = preview(sample_home, NAME)
    assert state_of(sample_home) == before
    assert list(sample_home.cache.glob("preview-*")) == []
    with warehouse.connect(sample_home, read_only=True) as connection:
        released = connection.execute(
            "select area_code, period_label, value, lower_95 from marts.indicator_values"
            f" where indicator_id = '{NAME}' order by all"
        ).fetchall()
    names = ("area_code", "period_label", "value", "lower_95")
    assert sorted(tuple(row[name] for name in names) for row in record["values"]) == released
    assert (record["worked_examples"], record["failing"]) == (1, [])
    assert record["passed"] > 20
    assert not record["would_be_held"]
    said = "\n".join(words.preview_lines(record))
    assert "Average list size of general practices" in said
    assert "Checks: " in said
    assert "●" in said
    assert "England" in words.page(record)


def test_an_unknown_indicator_is_told_with_those_there_are(sample_home: Home) -> None:
    with pytest.raises(UsageError) as caught:
        preview(sample_home, f"{NAME}s")
    assert NAME in str(caught.value.expected)
    assert f"outcomes new-indicator {NAME}s" in str(caught.value.fix)


def test_a_home_without_a_refresh_has_nothing_to_preview_with(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        preview(Home(tmp_path / "home"), NAME)
    assert "outcomes refresh --sample" in str(caught.value.fix)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The indicator's SQL with a key twice and a column too many, as dbt's graph has it."""
    read = dbt_project.read_for_dbt

    def spoil(directory: Path) -> object:
        manifest = read(directory)
        model = manifest.nodes[f"model.outcomes.{NAME}"]
        model.raw_code = model.raw_code.replace("'all' as band,", "'all' as band, 1 as rate,")
        return manifest

    monkeypatch.setattr(dbt_project, "read_for_dbt", spoil)
    yield


def test_sql_that_does_not_keep_the_shape_is_told_by_file_and_column(
    sample_home: Home, broken: None
) -> None:
    with scratch_home(sample_home) as scratch, pytest.raises(OutcomesError) as caught:
        building.build(scratch, NAME)
    message = caught.value.message
    assert f"1 fault in models/indicators/primary_care/{NAME}.sql" in message
    assert "rate: the column is unknown. Got rate; expected only area_type, area_code" in message
    assert "To mend it: take the column out of the last select" in message


def test_a_copy_that_a_killed_preview_left_is_cleared(sample_home: Home) -> None:
    left = sample_home.cache / "preview-left"
    left.mkdir(parents=True)
    shutil.copyfile(PROJECT_ROOT / "pyproject.toml", left / "warehouse.duckdb")
    with scratch_home(sample_home):
        assert not left.exists()

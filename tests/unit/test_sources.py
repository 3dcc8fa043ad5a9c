"""What a source is made of stands in several places: each of them is there for each layout."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import yaml

from dagster_project.calendar import source_rows
from dagster_project.home import PROJECT_ROOT
from dagster_project.sources import LAYOUTS, raw_tables
from dagster_project.sources.layout import real_day

STAGING = PROJECT_ROOT / "dbt" / "models" / "staging"
# Landed, and read by no model yet.
UNSTAGED = {"council_codes", "council_names", "council_register", "qof_groups"}


def declared() -> dict[tuple[str, str], Path]:
    """Each table of `landed` that dbt knows, by its source and name, with the file that says so."""
    return {
        (source["name"], table["name"]): path
        for path in sorted(STAGING.glob("*/_*__sources.yml"))
        for source in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
        for table in source["tables"]
        if source["schema"] == "landed"
    }


def staged() -> set[tuple[str, str]]:
    """Each table that a staging model reads, by its source and name."""
    return {
        found
        for path in STAGING.glob("*/stg_*.sql")
        for found in re.findall(r"source\('(\w+)', '(\w+)'\)", path.read_text(encoding="utf-8"))
    }


def test_every_source_of_a_layout_has_a_row_in_seeds_and_every_row_a_layout() -> None:
    of_layouts = {layout.source_id for layout in LAYOUTS}
    in_seeds = {row["source_id"] for row in source_rows()}
    assert of_layouts - in_seeds == set(), "add a row to seeds/sources.csv"
    assert in_seeds - of_layouts == set(), "no layout names these sources"


def test_every_raw_table_has_a_staging_model() -> None:
    staged_tables = {table for _, table in staged()}
    assert set(raw_tables()) - staged_tables == UNSTAGED


def test_every_table_that_dbt_knows_is_landed_and_described() -> None:
    tables = {table for _, table in declared()}
    assert tables - set(raw_tables()) == {"extracts"}
    assert staged() - set(declared()) == set()


def test_layouts_have_names_of_their_own() -> None:
    names = [layout.layout_id for layout in LAYOUTS]
    assert len(names) == len(set(names))


def test_a_real_day_is_one_that_the_calendar_has() -> None:
    every = range(date(1900, 1, 1).toordinal(), date(2099, 12, 31).toordinal() + 1)
    wanted = {date.fromordinal(number).isoformat() for number in every}
    written = {
        f"{year}-{month:02d}-{day:02d}"
        for year in range(1899, 2101)
        for month in range(14)
        for day in range(33)
    }
    assert {day for day in written if re.fullmatch(real_day("-"), day)} == wanted
    assert re.fullmatch(real_day(), "20200229")
    assert not re.fullmatch(real_day(), "20210229")

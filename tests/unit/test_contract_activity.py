"""Shares of activity that a contract names, beside the admissions of the linked records."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from contract_support import AREA, contract, outcome

from dagster_project.contracts.activity import Activity, activity_findings, activity_of
from dagster_project.contracts.terms import Contract
from dagster_project.errors import OutcomesError
from dagster_project.home import PROJECT_ROOT
from dagster_project.registry import Registry, load_registry


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(PROJECT_ROOT / "seeds")


def agreed(share: str = "0.3", code: str = "RWJ") -> Contract:
    known = contract([outcome()])
    (provider,) = known.providers
    own = replace(provider, activity_share=Fraction(share), provider_code=code)
    return replace(known, providers=(own,))


def warehouse(folder: Path, *counts: tuple[int, str, int], area: str = AREA) -> Path:
    """Linked records with so many admissions of a year and provider, one a person."""
    path = folder / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(
            "create schema intermediate;"
            "create table intermediate.int_linked__spells"
            " (person_id bigint, admitted_on date, provider_code varchar);"
            "create table intermediate.int_linked__person_years (person_id bigint,"
            " period_type varchar, period_start date, period_end date, utla_code varchar)"
        )
        first = 0
        for year, code, number in counts:
            con.execute(
                "insert into intermediate.int_linked__spells"
                f" select n, date '{year}-06-01', '{code}' from range({first}, {first + number})"
                " as people(n)"
            )
            con.execute(
                "insert into intermediate.int_linked__person_years"
                f" select n, 'financial_year', date '{year}-04-01', date '{year + 1}-03-31',"
                f" '{area}' from range({first}, {first + number}) as people(n)"
            )
            first += number
    return path


def test_the_last_year_counts_in_whole_per_cent_of_a_rounded_number(tmp_path):
    path = warehouse(tmp_path, (2022, "RWJ", 10), (2022, "R0A", 90), (2023, "RWJ", 198),
                     (2023, "R0A", 48))  # fmt: skip
    assert activity_of(path, agreed()) == {"provider": Activity(2023, 245, 0.8)}


@pytest.mark.parametrize(("own", "others"), [(7, 90), (90, 7), (0, 90)])
def test_few_admissions_on_either_side_are_not_told(tmp_path, own, others):
    path = warehouse(tmp_path, (2023, "RWJ", own), (2023, "R0A", others))
    assert activity_of(path, agreed()) == {}


def test_nothing_is_said_without_records_a_code_or_people_of_the_area(tmp_path):
    assert activity_of(None, agreed()) == {}
    assert activity_of(tmp_path / "none.duckdb", agreed()) == {}
    elsewhere = warehouse(tmp_path, (2023, "RWJ", 90), (2023, "R0A", 90), area="E06000023")
    assert activity_of(elsewhere, agreed()) == {}
    assert activity_of(elsewhere, agreed(code="")) == {}
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    assert activity_of(empty, agreed()) == {}


def test_what_is_no_warehouse_is_told(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    path.write_text("no database" * 1000)
    with pytest.raises(OutcomesError, match="can't be read now"):
        activity_of(path, agreed())


@pytest.mark.parametrize(("share", "is_told"), [("0.3", True), ("0.69", True), ("0.71", False)])
def test_a_share_that_is_not_borne_out_is_told_with_its_figures(registry, share, is_told):
    found = list(activity_findings(registry, agreed(share), {"provider": Activity(2023, 245, 0.8)}))
    assert len(found) == is_told
    if is_told:
        (kind, about, why) = found[0]
        assert (kind, about) == ("activity", f"A provider, {AREA}")
        assert f"{float(share):.0%} of the activity" in why
        assert "80% of about 245 admissions in the year from April 2023 (RWJ)" in why

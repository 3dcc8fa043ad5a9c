"""Shares of activity that a contract names, beside the admissions of the linked records."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from contract_support import AREA, contract, outcome

from dagster_project import warehouse
from dagster_project.contracts.activity import Activity, activity_findings, activity_of
from dagster_project.contracts.terms import Contract
from dagster_project.errors import OutcomesError
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.landing import taken_back
from dagster_project.landing.taken_back import TakenBack
from dagster_project.registry.registry import Registry, load_registry
from dagster_project.release.manifest import InputRecord
from dagster_project.release.store import ReleaseStore


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(PROJECT_ROOT / "seeds")


def agreed(share: str = "0.3", code: str = "RWJ", *others: str) -> Contract:
    """A contract with that provider, and further ones of those codes in the same area."""
    known = contract([outcome()])
    (provider,) = known.providers
    own = replace(provider, activity_share=Fraction(share), provider_code=code)
    more = [replace(own, provider_id=other.lower(), provider_code=other) for other in others]
    return replace(known, providers=(own, *more))


def records(folder: Path, *counts: tuple[int, str, int], area: str = AREA) -> Home:
    """A home of linked records with so many admissions of a year and provider, one a person."""
    home = Home(folder)
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute(
            "create schema intermediate; create schema raw;"
            "create table raw.extracts (source_id varchar, sha256 varchar, period varchar);"
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
        con.executemany(
            "insert into raw.extracts values (?, ?, ?)",
            [("hospital_admitted_care", "a1", "2023/24"), ("qof", "b2", None)],
        )
    return home


def test_the_last_year_counts_in_whole_per_cent_of_rounded_numbers(tmp_path):
    home = records(tmp_path, (2022, "RWJ", 10), (2022, "R0A", 90), (2023, "RWJ", 198),
                   (2023, "R0A", 48))  # fmt: skip
    # 200 of 245; of the numbers themselves it would be 80%.
    assert activity_of(home, agreed()) == {"provider": Activity(2023, 245, 0.82)}


@pytest.mark.parametrize(("own", "others"), [(7, 90), (90, 7), (0, 90)])
def test_few_admissions_on_either_side_are_not_told(tmp_path, own, others):
    home = records(tmp_path, (2023, "RWJ", own), (2023, "R0A", others))
    assert activity_of(home, agreed()) == {}


@pytest.mark.parametrize(
    ("rest", "other", "told"),
    [
        (1, 90, set()),
        (7, 90, set()),
        (90, 7, set()),
        (8, 8, {"provider", "r0a"}),
        (0, 90, {"provider", "r0a"}),
        (90, 0, {"provider"}),
    ],
)
def test_nothing_of_an_area_is_told_that_gives_a_small_part_away(tmp_path, rest, other, told):
    """Of 151 with 60 and 90 told, one is left: no share of such an area is told at all."""
    home = records(tmp_path, (2023, "RWJ", 60), (2023, "R0A", other), (2023, "RA7", rest))
    assert set(activity_of(home, agreed("0.3", "RWJ", "R0A"))) == told


def test_numbers_that_round_alike_are_told_alike(tmp_path):
    told = []
    for number in (198, 199, 200, 201, 202):
        folder = tmp_path / str(number)
        folder.mkdir()
        home = records(folder, (2023, "RWJ", number), (2023, "R0A", 250 - number))
        told.append(activity_of(home, agreed()))
    assert told == [{"provider": Activity(2023, 250, 0.8)}] * 5


@pytest.mark.parametrize(
    ("sha256", "period", "is_told"),
    [("a1", "2023/24", False), ("a1", "2022/23", True), ("b2", None, True), ("c3", None, True)],
)
def test_records_of_a_landing_that_was_taken_back_are_not_read(tmp_path, sha256, period, is_told):
    """Until a refresh has made them anew: those of people, and no other landing."""
    home = records(tmp_path, (2023, "RWJ", 60), (2023, "R0A", 90))
    assert activity_of(home, agreed())
    taken_back.record(home, [TakenBack(sha256, period, "sent by mistake", "2026-01-01")])
    assert bool(activity_of(home, agreed())) is is_told


def test_records_that_the_latest_release_was_made_of_count_too(tmp_path, monkeypatch):
    """A refresh killed between two steps has taken a landing from `raw` alone."""
    home = records(tmp_path, (2023, "RWJ", 60), (2023, "R0A", 90))
    made_of = InputRecord("d4", "gp_records", "gp_people", "people.csv", None, None, 1)
    latest = SimpleNamespace(inputs=(made_of,))
    monkeypatch.setattr(ReleaseStore, "latest", lambda store: latest)
    assert activity_of(home, agreed())
    taken_back.record(home, [TakenBack("d4", None, "sent by mistake", "2026-01-01")])
    assert activity_of(home, agreed()) == {}


def test_records_can_be_read_beside_another_reader_of_the_warehouse(tmp_path):
    """Two connections of one process to one file must be opened alike."""
    home = records(tmp_path, (2023, "RWJ", 60), (2023, "R0A", 90))
    with warehouse.connect(home, read_only=True):
        assert activity_of(home, agreed())


def test_nothing_is_said_without_records_a_code_or_people_of_the_area(tmp_path):
    assert activity_of(None, agreed()) == {}
    assert activity_of(Home(tmp_path / "none"), agreed()) == {}
    elsewhere = records(tmp_path, (2023, "RWJ", 90), (2023, "R0A", 90), area="E06000023")
    assert activity_of(elsewhere, agreed()) == {}
    assert activity_of(elsewhere, agreed(code="")) == {}
    empty = Home(tmp_path / "empty")
    empty.root.mkdir()
    duckdb.connect(str(empty.warehouse)).close()
    assert activity_of(empty, agreed()) == {}


def test_what_is_no_warehouse_is_told(tmp_path):
    home = Home(tmp_path)
    home.warehouse.write_text("no database" * 1000)
    with pytest.raises(OutcomesError, match="can't be read now"):
        activity_of(home, agreed())


@pytest.mark.parametrize(("share", "is_told"), [("0.3", True), ("0.69", True), ("0.71", False)])
def test_a_share_that_is_not_borne_out_is_told_with_its_figures(registry, share, is_told):
    found = list(activity_findings(registry, agreed(share), {"provider": Activity(2023, 245, 0.8)}))
    assert len(found) == is_told
    if is_told:
        (kind, about, why) = found[0]
        assert (kind, about) == ("activity", f"A provider, {AREA}")
        assert f"{float(share):.0%} of the activity" in why
        assert "80% of about 245 admissions in the year from April 2023 (RWJ)" in why

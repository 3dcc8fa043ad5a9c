"""A release names the publishers of what it was made from, and nobody else."""

from __future__ import annotations

import duckdb
import pytest

from dagster_project.pipeline.attributions import attributions

HOSPITALS = "Counts of people made from pseudonymised hospital records"
PRACTICES = "Counts of people made from pseudonymised records of general practice"
ONS = "Source: Office for National Statistics licensed under the Open Government Licence v3.0."
LANDED = {"hospital_admitted_care", "gp_records", "ons_populations"}


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create schema marts")
    con.execute("create schema intermediate")
    con.execute("create table marts.provenance (indicator_id text, source_id text)")
    con.execute("create table intermediate.int_indicators (indicator_id text, sources text)")
    con.execute(
        "insert into intermediate.int_indicators values"
        " ('falls', 'hospital_admitted_care|gp_records'), ('published', null)"
    )
    return con


def test_records_of_which_nothing_is_counted_are_not_named(
    con: duckdb.DuckDBPyConnection,
) -> None:
    con.execute("insert into marts.provenance values ('published', 'fingertips')")
    assert attributions(con, LANDED) == (ONS,)


def test_all_that_a_counted_value_rests_on_is_named(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("insert into marts.provenance values ('falls', 'hospital_admitted_care')")
    assert attributions(con, LANDED) == (HOSPITALS, PRACTICES, ONS)


def test_what_did_not_land_is_not_named(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("insert into marts.provenance values ('falls', 'hospital_admitted_care')")
    assert attributions(con, {"hospital_admitted_care"}) == (HOSPITALS,)

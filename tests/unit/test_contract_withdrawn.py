"""What a contract may come to tells nothing of a value that is taken back or hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import duckdb
import pytest
from contract_support import SAFE, contract, gate, outcome, value
from release_support import ENGLAND, STOCKPORT, TOWER_HAMLETS, publish, store_at

from dagster_project.contracts.design import reliability_of
from dagster_project.contracts.judgement import Risk, risk_of, risk_rows
from dagster_project.contracts.peers import Peers
from dagster_project.contracts.rows import risk_input_rows
from dagster_project.contracts.tables import ALL_TABLES, FIGURES_OF_RISK, INPUTS, RISK, stored
from dagster_project.contracts.terms import Provider, Series
from dagster_project.contracts.values import Value, Values
from dagster_project.release.hiding import hide
from dagster_project.release.manifest import read_manifest, write_manifest
from dagster_project.release.store import ReleaseStore
from dagster_project.release.withdraw import withdraw_key
from dagster_project.release.writing import write_tables

# As `release_support` has them: an outcome's series, and a gate's.
SMOKING, FALLS = (Series(name, "persons", "18+ yrs") for name in ("smoking", "falls"))
PLACES = {"here": STOCKPORT, "there": TOWER_HAMLETS}
PERIOD = {"period_label": "2022/23"}
# The figures of both outcomes in each area, and in ten others that are like them.
LEVELS = {STOCKPORT: 15.0, TOWER_HAMLETS: 12.0}
OTHERS = tuple(9.0 + number for number in range(10))
OF_PEERS = ("reliability", "expected_regression", "chance_if_worst", "chance_if_any")


def values_of(area: str) -> list[Value]:
    level = LEVELS[area]
    found = [value(2022, level, series) for series in (SMOKING, SAFE)] + [value(2022, 60, FALLS)]
    return [replace(each, key={**each.key, "area_code": area}) for each in found]


def risk() -> Risk:
    """Of a contract with a provider in each of two areas, two outcomes and a gate."""
    half, million = Fraction(1, 2), Fraction(1_000_000)
    agreed = contract(
        [outcome("smokes", series=SMOKING, weight=half), outcome("safe", series=SAFE, weight=half)],
        gates=(replace(gate(), series=FALLS),),
        providers=tuple(
            Provider(name, name, area, million, Fraction(1), Fraction(20_000))
            for name, area in PLACES.items()
        ),
    )
    kinds = dict.fromkeys(("smoking", "falls", SAFE.indicator_id), "proportion")
    found = [each for area in PLACES.values() for each in values_of(area)]
    levels = (*LEVELS.values(), *OTHERS)
    reliability = reliability_of(levels, [1.0] * len(levels))
    peers = Peers(len(levels), mean(levels), stdev(levels), reliability)
    others = {(each, area): peers for each in (SMOKING, SAFE) for area in PLACES.values()}
    return risk_of(agreed, Values(found, kinds), others, wished=0.1, draws=200)


def add_risk(store: ReleaseStore, identifier: str) -> None:
    """After this the release has the contract's risk, and the inputs by which it is found."""
    directory, worked_out = store.path(identifier), risk()
    made = {
        INPUTS: list(risk_input_rows(worked_out, identifier)),
        RISK: list(risk_rows(worked_out, identifier)),
    }
    tables = [replace(each, query=f"from {each.name}") for each in ALL_TABLES if each.name in made]
    with duckdb.connect() as con:
        for each in tables:
            con.execute(f"create table {each.name} ({stored(each)})")
            rows = [[row.get(name) for name in each.column_names] for row in made[each.name]]
            marks = ", ".join("?" * len(each.columns))
            con.executemany(f"insert into {each.name} values ({marks})", rows)
        files = write_tables(con, tables, directory, synthetic=True)
    old = read_manifest(directory)
    new = replace(old, files=(*old.files, *files), tables=(*old.tables, *tables))
    write_manifest(directory, new)


@pytest.fixture
def store(tmp_path: Path) -> ReleaseStore:
    store = store_at(tmp_path)
    publish(store, 1)
    add_risk(store, store.ids()[0])
    return store


def withdrawn(store: ReleaseStore, key: Mapping[str, str]) -> None:
    withdraw_key(store, store.home.state, key, "wrong denominator")


def hidden(store: ReleaseStore, key: Mapping[str, str]) -> None:
    """The value is suppressed in a newer release, and so in this one."""
    terms = " and ".join(f"{name} = '{said}'" for name, said in key.items())
    newer = publish(store, 2, hidden=terms)
    assert hide(store, store.ids()[-1], newer.id).values == 1


WAYS = pytest.mark.parametrize(
    ("take", "mark"),
    [(withdrawn, "withdrawn"), (hidden, "suppressed")],
    ids=["withdrawn", "hidden"],
)


def rows_of(store: ReleaseStore) -> list[dict[str, Any]]:
    with duckdb.connect() as con:
        found = con.execute(f"from '{store.path(store.ids()[-1])}/data/{RISK}.parquet'")
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@WAYS
@pytest.mark.parametrize("indicator", ["smoking", "falls"], ids=["outcome", "gate"])
def test_a_provider_s_risk_goes_whole_with_a_value_it_rests_on(store, take, mark, indicator):
    before = {row["outcome_id"]: row for row in rows_of(store) if row["provider_id"] == "here"}
    assert before.keys() == {"all", "smokes", "safe"}
    assert all(row["mean"] is not None for row in before.values())
    take(store, {"indicator_id": indicator, "area_code": STOCKPORT, **PERIOD})
    for row in rows_of(store):
        told = {name for name in FIGURES_OF_RISK if row[name] is not None}
        if row["provider_id"] == "here":
            assert told == set()
            assert (row["method"], row["reason"]) == (mark, f"value_{mark}")
        else:
            assert told
            assert (row["method"], row["reason"]) != (mark, f"value_{mark}")


@WAYS
def test_a_value_that_no_contract_rests_on_leaves_the_risk(store, take, mark):
    before = rows_of(store)
    take(store, {"indicator_id": "falls", "area_code": ENGLAND, **PERIOD})
    assert rows_of(store) == before


def no_change(store: ReleaseStore, outcome_id: str) -> dict[str, Any]:
    """What Stockport's provider is told of an outcome."""
    wanted = ("here", outcome_id, "no_change")
    (row,) = (
        row
        for row in rows_of(store)
        if (row["provider_id"], row["outcome_id"], row["scenario"]) == wanted
    )
    return row


@WAYS
def test_what_other_areas_come_to_goes_with_the_value_of_one(store, take, mark):
    before, safe = (no_change(store, name) for name in ("smokes", "safe"))
    assert all(before[name] is not None for name in OF_PEERS)
    # With the others' values, which are published, it gives away the one that is taken back.
    of_all = before["level"] + before["expected_regression"] / (1 - before["reliability"])
    found = of_all * (len(OTHERS) + 2) - sum(OTHERS) - LEVELS[STOCKPORT]
    assert found == pytest.approx(LEVELS[TOWER_HAMLETS])
    take(store, {"indicator_id": "smoking", "area_code": TOWER_HAMLETS, **PERIOD})
    # What is its own stays, and what is said of another indicator.
    assert no_change(store, "smokes") == before | dict.fromkeys(OF_PEERS)
    assert no_change(store, "safe") == safe

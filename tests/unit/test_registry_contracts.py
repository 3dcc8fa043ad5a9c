"""Contracts in `seeds/`: every kind of mistake is found before anything is worked out."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from dagster_project.errors import RegistryError
from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.cells import table_findings
from dagster_project.registry.contracts import CONTRACT_RULES
from dagster_project.registry.forms import Finding, Row
from dagster_project.registry.payments import PAYMENT_RULES
from dagster_project.registry.registry import load_registry
from dagster_project.registry.tables import TABLES
from tests.support.contract_cells import WRONG, WRONG_ELSEWHERE

SEEDS = PROJECT_ROOT / "seeds"
OURS = [t for t in TABLES if t.file.startswith(("contract", "payment"))]
Rows = dict[str, tuple[Row, ...]]


@pytest.fixture(scope="module")
def seeds() -> Rows:
    tables = {}
    for table in TABLES:
        with (SEEDS / table.file).open(encoding="utf-8", newline="") as file:
            tables[table.file] = tuple(csv.DictReader(file))
    # Indicators that two files of `dbt/models/indicators` define are of the registry too.
    return {**tables, "indicators.csv": load_registry(SEEDS).indicators}


def findings(tables: Rows) -> list[Finding]:
    found = [each for table in OURS for each in table_findings(table, tables)]
    for rule in (*CONTRACT_RULES, *PAYMENT_RULES):
        found += rule(tables)
    return found


def changed(tables: Rows, file: str, key: str, column: str, value: str) -> tuple[Rows, int]:
    wanted = key.split(";")
    rows = list(tables[file])
    place = next(n for n, row in enumerate(rows) if list(row.values())[: len(wanted)] == wanted)
    assert column in rows[place]
    rows[place] = {**rows[place], column: value}
    return {**tables, file: tuple(rows)}, place + 2


def test_the_contracts_have_no_mistakes(seeds):
    assert findings(seeds) == []


@pytest.mark.parametrize(("file", "key", "column", "value", "words"), WRONG)
def test_a_wrong_cell_of_a_contract_is_named(seeds, file, key, column, value, words):
    tables, number = changed(seeds, file, key, column, value)
    found = [f for f in findings(tables) if f.file == file and words in f.problem]
    assert (number, column) in [(f.row, f.column) for f in found]
    assert all(f.got and f.expected and f.fix for f in found)


@pytest.mark.parametrize(("file", "key", "column", "value", "words"), WRONG_ELSEWHERE)
def test_what_rows_say_together_is_told_of_one_of_them(seeds, file, key, column, value, words):
    tables, _ = changed(seeds, file, key, column, value)
    assert [f for f in findings(tables) if words in f.problem]


def test_all_mistakes_are_told_at_once(tmp_path):
    from dagster_project.registry.registry import load_registry

    copy = tmp_path / "seeds"
    shutil.copytree(SEEDS, copy)
    for file, was, now in (
        ("contract_outcomes.csv", ",0.25,lower,", ",0.35,lower,"),
        ("contract_terms.csv", "level,46,46", "level,46,40"),
    ):
        path: Path = copy / file
        path.write_text(path.read_text("utf-8").replace(was, now), "utf-8")
    with pytest.raises(RegistryError) as told:
        load_registry(copy)
    assert "110% over 6 outcomes" in str(told.value)
    assert "wrong side of where payment starts" in str(told.value)


def test_a_contract_without_periods_is_not_whole(seeds):
    rows = tuple(r for r in seeds["contract_periods.csv"] if r["contract_id"] != "stockport_like")
    found = findings({**seeds, "contract_periods.csv": rows})
    assert [f.problem for f in found] == ["has no row in contract_periods.csv"]

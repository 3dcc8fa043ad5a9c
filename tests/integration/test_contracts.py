"""The sample's two contracts, from a release's values to statement, risk and board paper."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.cli import main
from dagster_project.contracts.publishing import contract_tables
from dagster_project.contracts.tables import ALL_TABLES
from dagster_project.contracts.values import Release
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.registry.registry import load_registry
from dagster_project.release.manifest import read_manifest, verify, write_manifest
from dagster_project.release.presenting import TABLES
from dagster_project.release.store import ReleaseStore
from dagster_project.withdrawing import withdraw

pytestmark = pytest.mark.xdist_group("sample")
CONTRACTS = ("stockport_like", "tower_hamlets_like")
VOID = {"meta", "line", "rect", "br"}


@pytest.fixture
def home(sample_home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("OUTCOMES_HOME", str(sample_home.root))
    return sample_home


@pytest.fixture(scope="module")
def con(sample_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for path in (sample_home.releases / "latest" / "data").glob("*.parquet"):
            connection.execute(f"create view {path.stem} as from '{path}'")
        yield connection


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["contract", *words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_each_contract_of_the_seeds_is_paid_in_the_release(con, sample_home):
    manifest = verify((sample_home.releases / "latest").resolve())
    assert {table.name for table in ALL_TABLES} <= {table.name for table in manifest.tables}
    rows = con.execute(
        "select contract_id, count(*), bool_and(is_made_up), any_value(release_id),"
        " max(abs(stake - earned - waiting - not_earned)), count_if(status = 'refused')"
        " from contract_payments group by 1 order by 1"
    ).fetchall()
    assert [row[0] for row in rows] == sorted(CONTRACTS)
    for _, count, is_made_up, release, apart, refused in rows:
        assert count >= 4
        assert is_made_up
        assert release == manifest.id
        assert apart < 0.005
        assert refused == 0


def test_amounts_are_shares_of_stakes_worked_out_anew(con):
    """The shape in SQL, from the thresholds that the statement shows."""
    wrong = con.execute(
        """
        select outcome_id, amount, stake, value, pays_from, pays_in_full
        from contract_statements
        where amount is not null
            and pays_from <> pays_in_full
            and abs(amount - stake * least(1, greatest(0,
                (value - pays_from) / (pays_in_full - pays_from)))) > 0.0101
        """
    ).fetchall()
    assert wrong == []
    states = con.execute("select distinct state from contract_statements order by 1").fetchall()
    assert [state for (state,) in states] == ["excluded", "paid", "paid_on_last_good", "waits"]


@pytest.mark.parametrize("name", CONTRACTS)
def test_pay_says_what_the_release_says(home, con, capsys, name):
    record = asked(capsys, "pay", name)
    columns = "provider_id, contract_period, status, earned, waiting, not_earned"
    published = con.execute(
        f"select {columns} from contract_payments where contract_id = ? order by all", [name]
    ).fetchall()
    said = sorted(tuple(row[c] for c in columns.split(", ")) for row in record["payments"])
    assert said == published
    release = home.releases / "latest"
    assert asked(capsys, "pay", name, "--release", release.resolve().name) == record
    assert main(["contract", "pay", name]) == 0
    told = capsys.readouterr().out
    assert "MADE UP" in told
    assert f"£{published[0][3]:,.2f}" in told


@pytest.mark.parametrize("name", CONTRACTS)
def test_risk_and_check_give_reasons_with_figures(home, capsys, name):
    record = asked(capsys, "risk", name, "--draws", "500", "--wished", "0.1")
    none, plan, decline = record["whole"]
    assert decline["mean"] < none["mean"] < plan["mean"] <= none["theoretical"]
    single = [row for row in record["rows"] if row["method"] == "exact"]
    assert all(0 <= row["chance_paid"] <= 1 for row in single)
    luck = [row for row in single if row["scenario"] == "no_change"]
    assert all(row["false_pay"] == row["chance_paid"] for row in luck)
    found = asked(capsys, "check", name, "--draws", "500")["findings"]
    assert {"guidance", "too_late", "false_pay", "too_noisy", "made_up"} & {
        finding["kind"] for finding in found
    }
    assert all(re.search(r"\d", each["why"]) for each in found if each["kind"] == "false_pay")


def test_a_decision_record_that_is_unanswered_or_pulls_two_ways_is_told(home, capsys):
    kinds = {
        name: [each["kind"] for each in asked(capsys, "check", name, "--draws", "200")["findings"]]
        for name in CONTRACTS
    }
    assert kinds["stockport_like"].count("opposed") == 2
    assert "attribution" in kinds["stockport_like"]
    assert "unanswered" not in kinds["stockport_like"]
    # The alliance answers as a whole; what drives its partners isn't said.
    assert kinds["tower_hamlets_like"].count("unanswered") == 2
    assert "attribution" not in kinds["tower_hamlets_like"]


class _Page(HTMLParser):
    """Whether every element is closed, and what a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [str(said) for name, said in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [str(said) for name, said in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("name", CONTRACTS)
def test_one_command_makes_a_board_paper_that_needs_nothing_else(home, tmp_path, capsys, name):
    path = tmp_path / "paper.html"
    words = ["contract", "paper", name, "--draws", "200", "--out", str(path)]
    assert main(words) == 0
    page = _Page()
    page.feed(path.read_text("utf-8"))
    assert page.open == []
    assert page.fetched == []
    for told in ("MADE UP", "What is earned", "What is at risk", "How much of it is chance"):
        assert told in page.text
    assert "Reasons to think again" in page.text
    assert (home.releases / "latest").resolve().name in page.text
    assert main(words) == 2
    assert "there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["pay", "nobody"], "no such contract"),
        (["pay", "stockport_like", "--release", "9.9.9-000000000000"], "no such release"),
        (["pay", "stockport_like", "--out", "x.html"], "goes with paper and template alone"),
    ],
)
def test_what_is_asked_wrongly_is_refused(home, capsys, words, told):
    assert main(["contract", *words]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("is_made_up", [True, False])
def test_made_up_contracts_and_stand_ins_are_nothing_to_a_real_release(sample_home, is_made_up):
    """A made-up contract isn't there at all; one that pays on stand-ins is refused whole."""
    values = sample_home.releases / "latest" / "data" / "indicator_values.parquet"
    seeds = load_registry(PROJECT_ROOT / "seeds")
    said = [{**row, "is_made_up": str(is_made_up).lower()} for row in seeds.contracts]
    registry = replace(seeds, contracts=tuple(said))
    real = Release("1.0.0-000000000000", False, "2026-11-22")
    with duckdb.connect() as connection:
        connection.execute("create schema run")
        contract_tables(connection, registry, values, real)
        rows = connection.execute(
            "select distinct status, reason, earned, waiting from run.contract_payments"
        ).fetchall()
        counts = [
            connection.execute(f"select count(*) from run.{name}").fetchall()[0][0]
            for name in ("contract_inputs", "contract_statements", "contract_risk")
        ]
    refused = ("refused", "stand_in_outside_sample", None, None)
    assert rows == ([] if is_made_up else [refused])
    assert counts == [0, 0, 0]


@pytest.fixture
def copy(sample_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with the same release and state, to be changed; without pages, to be made again."""
    left = ("warehouse.duckdb", "landing", "cache", "dagster", "site", "outcomes.xlsx")
    ignore = shutil.ignore_patterns(*left)
    root = shutil.copytree(sample_home.root, tmp_path / "home", symlinks=True, ignore=ignore)
    release = (root / "releases" / "latest").resolve()
    manifest = read_manifest(release)
    (release / "manifest.json").chmod(0o644)
    files = tuple(file for file in manifest.files if file.path.startswith(TABLES))
    write_manifest(release, replace(manifest, files=files))
    monkeypatch.setenv("OUTCOMES_HOME", str(root))
    return Home(Path(root))


def test_an_earlier_release_shows_nothing_that_is_hidden_today(copy, capsys):
    store = ReleaseStore(copy)
    earlier, later = str(store.latest_id()), "1.0.1-000000000000"
    shutil.copytree(store.path(earlier), store.path(later))
    values = store.path(later) / "data" / "indicator_values.parquet"
    values.chmod(0o644)
    hidden = "indicator_id = 'smoking_adults' and area_code = 'E09000030' and period_label = '2023'"
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select * replace (case when {hidden} then 'suppressed' else status end as"
            f" status) from '{store.path(earlier)}/data/indicator_values.parquet')"
            f" to '{values}' (format parquet)"
        )
    manifest = read_manifest(store.path(later))
    (store.path(later) / "manifest.json").chmod(0o644)
    write_manifest(store.path(later), replace(manifest, id=later))
    store.point_latest(later)
    record = asked(capsys, "pay", "tower_hamlets_like", "--release", earlier)
    lines = {
        line["contract_period"]: (line["state"], line["reason"], line["value"])
        for line in record["lines"]
        if line["outcome_id"] == "fewer_smokers"
    }
    assert record["release"] == earlier
    assert lines["2023/24"] == ("waits", "suppressed", None)
    assert lines["2022/23"][0] == "paid"


def test_a_value_that_is_taken_back_takes_back_what_was_paid_on_it(copy, capsys):
    home = copy
    key = (
        "indicator_id=smoking_adults,area_code=E09000030,period_label=2023,sex=Persons,"
        "breakdown_type=all"
    )
    withdraw(home, key, "counted twice")
    data = home.releases / "latest" / "data"
    lines = _rows(
        data / "contract_statements.parquet", "outcome_id, contract_period, value, amount"
    )
    gone = [row for row in lines if row[0] == "fewer_smokers"]
    assert {row[2:] for row in gone if row[1] == "2023/24"} == {(None, None)}
    assert all(row[2] is not None for row in gone if row[1] == "2022/23")
    assert any(row[3] for row in lines if row[0] != "fewer_smokers")
    payments = _rows(
        data / "contract_payments.parquet", "contract_id, contract_period, status, earned"
    )
    for contract_id, period, status, earned in payments:
        is_hit = (contract_id, period) == ("tower_hamlets_like", "2023/24")
        assert (status == "withdrawn", earned is None) == (is_hit, is_hit)
    verify(ReleaseStore(home).path(str(ReleaseStore(home).latest_id())))
    # Asked again, the outcome waits: it isn't paid on what was taken back.
    again = asked(capsys, "pay", "tower_hamlets_like")
    states = {
        line["state"]
        for line in again["lines"]
        if (line["outcome_id"], line["contract_period"]) == ("fewer_smokers", "2023/24")
    }
    assert states == {"waits"}


def _rows(path: Path, columns: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"select {columns} from '{path}'").fetchall()

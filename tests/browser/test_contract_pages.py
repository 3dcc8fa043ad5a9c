"""The pages of contracts say what the release's tables say, and no release without has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dagster_project.release.manifest import read_manifest
from dagster_project.release.words import words
from dagster_project.site.model import read_site
from dagster_project.site.pages_contract import TABLES, contract_pages
from dagster_project.site.pages_framework import read_summaries
from dagster_project.site.pages_whole import whole_pages
from dagster_project.site.reading import Tables, open_release
from tests.browser.conftest import Ask
from tests.browser.contract_tables import BAR, CONTRACTS, Read, read_all, tables_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_BYTES = 200_000


def pounds(amount: float) -> str:
    """The amount as pages write it, by another way than theirs."""
    return f"£{Decimal(repr(amount)).quantize(Decimal('0.01')):,}"


@pytest.fixture(scope="module")
def read(site: Path) -> Read:
    return read_all(site)


@pytest.mark.parametrize("name", CONTRACTS)
def test_what_is_earned_is_what_the_release_says(read: Read, ask: Ask, name: str) -> None:
    labels = words("contract_payments", "status")
    told = ask(
        "select contract_period, provider, stake, earned, waiting, not_earned, status"
        " from contract_payments where contract_id = ? order by contract_period, provider_id",
        name,
    )
    shown = read[name]["Each provider and period"]
    assert [row[:2] for row in shown] == [list(row[:2]) for row in told]
    assert [row[2:6] for row in shown] == [list(map(pounds, row[2:6])) for row in told]
    for row, (*_, status) in zip(shown, told, strict=True):
        assert row[6].partition(" (")[0] == labels[status]


@pytest.mark.parametrize("name", CONTRACTS)
def test_each_outcome_is_shown_with_its_value_and_rule(read: Read, ask: Ask, name: str) -> None:
    told = ask(
        "select contract_period || ', ' || provider,"
        " lines.title || if(segment = 'all', '', ' (' || replace(segment, '_', ' ') || ')'),"
        " value, value_period,"
        " amount, lines.stake, rule, state from contract_statements as lines"
        " inner join contract_payments as paid"
        " using (contract_id, provider_id, contract_period) where contract_id = ?",
        name,
    )
    shown = {
        (caption, row[0]): row for caption, rows in read[name].items() for row in rows if row[1:]
    }
    assert len(told) >= 24
    for where, title, value, period, amount, stake, rule, state in told:
        row = shown[where, title]
        written, _, of = row[1].partition(" (")
        if value is None:
            assert written == "-"
        else:
            assert float(written.split()[0].rstrip("%").replace(",", "")) == pytest.approx(
                value, rel=5e-4
            )
            assert of == f"{period})"
        assert row[4] == ("-" if amount is None else pounds(amount))
        assert row[5] == pounds(stake)
        assert rule in row[6]
        assert state == "paid" or words("contract_statements", "state")[state] in row[6]


@pytest.mark.parametrize("name", CONTRACTS)
def test_risk_and_chance_are_the_releases(read: Read, ask: Ask, name: str) -> None:
    told = ask(
        "select title, scenario, theoretical, mean, effective, p05, p95, chance_paid,"
        " chance_beyond_reserve from contract_risk where contract_id = ? and outcome_id = 'all'",
        name,
    )
    shown = {(row[0], row[1]): row[2:] for row in read[name]["What may come of it"]}
    labels = {
        code: label.removeprefix("If ")
        for code, label in words("contract_risk", "scenario").items()
    }
    assert len(told) == len(shown)
    for title, scenario, *sums, low, high, paid, beyond in told:
        row = shown[title, labels[scenario].removeprefix("If ")]
        assert row[:3] == [f"£{amount:,.0f}" for amount in sums]
        assert row[3] == f"£{low:,.0f} to £{high:,.0f}"
        assert row[4:] == [f"{100 * (1 - paid):.1f}%", f"{100 * beyond:.1f}%"]
    luck = ask(
        "select distinct title, false_pay, false_pay_of_three, false_miss from contract_risk"
        " where contract_id = ? and scenario = 'no_change' and method = 'exact'",
        name,
    )
    (chances,) = [rows for caption, rows in read[name].items() if "luck alone is paid" in caption]
    found = {row[0]: row[1:4] for row in chances}
    assert len(luck) >= 4
    for title, *rates in luck:
        assert found[title] == [f"{100 * rate:.0f}%" for rate in rates]


def test_the_list_adds_up_the_latest_period(site: Path, ask: Ask) -> None:
    (rows,) = tables_of((site / "contracts.html").read_text("utf-8")).values()
    told = ask(
        "select count(*), sum(stake::decimal(18, 2)), sum(earned::decimal(18, 2)),"
        " sum(waiting::decimal(18, 2)), sum(not_earned::decimal(18, 2)) from contract_payments"
        " where contract_period = '2023/24' group by contract_id order by contract_id"
    )
    assert [row[2:7] for row in rows] == [
        [str(count), *(f"£{amount:,}" for amount in sums)] for count, *sums in told
    ]


def test_what_is_made_up_says_so_and_every_link_leads_somewhere(site: Path) -> None:
    for path in (site / "contracts.html", *sorted((site / "contracts").glob("*.html"))):
        text = path.read_text("utf-8")
        assert path.stat().st_size <= MOST_BYTES
        assert not re.search(r"<style|<script(?! src=)|\sstyle=|\son[a-z]+=", text), path
        assert ("MADE UP" in text) == (path.name != "contracts.html")
        assert "nothing is owed" in text.lower()
        for link in re.findall(r'href="([^"#]+)"', text):
            assert (path.parent / link).is_file(), f"{path.name} leads to {link}"
    assert 'href="contracts.html"' in (site / "index.html").read_text("utf-8")


@contextmanager
def altered_tables(release: Path, **queries: str) -> Iterator[Tables]:
    """The release with those tables made by other queries."""
    with open_release(release) as tables:
        for name, query in queries.items():
            tables.con.execute(f"create table altered_{name} as {query}")
            tables.con.execute(f"create or replace view {name} as from altered_{name}")
        yield tables


def pages_of(release: Path, tables: Tables) -> dict[str, str]:
    site = read_site(tables, release)
    return {page.path: page.text for page in contract_pages(site, tables)}


def test_a_release_without_contracts_has_no_such_page_and_no_way_to_it(release: Path) -> None:
    manifest = read_manifest(release)
    older = replace(manifest, tables=tuple(t for t in manifest.tables if t.name not in TABLES))
    with open_release(release, older) as tables:
        assert pages_of(release, tables) == {}
    with altered_tables(release, contract_payments="from contract_payments limit 0") as tables:
        assert pages_of(release, tables) == {}
        front = next(whole_pages(read_site(tables, release), tables, read_summaries(tables)))
        assert "contracts.html" not in front.text


def test_a_large_contract_has_a_page_for_each_provider(release: Path) -> None:
    """28 outcomes, 10 providers and 3 periods: no page is too large, and all is there."""
    keys = (
        "replace (provider_id || '_' || p as provider_id, contract_period || '.' || y as"
        " contract_period{})"
    )
    many = "cross join range(5) as ps(p) cross join range(3) as ys(y)"
    cut = "where contract_id = 'stockport_like' and contract_period = '2022/23'"
    outcomes = "cross join range(5) as os(o)"
    names = ", outcome_id || '_' || o as outcome_id, title || ' ' || o as title"
    with altered_tables(
        release,
        contract_payments=f"select * exclude (p, y) {keys.format('')} from"
        f" (from contract_payments {cut}) {many}",
        contract_statements=f"select * exclude (p, y, o) {keys.format(names)} from"
        f" (from contract_statements {cut}) {many} {outcomes}",
    ) as tables:
        made = pages_of(release, tables)
        lines = tables.rows("select amount from contract_statements")
    assert len(made) == 12
    assert all(len(text.encode()) <= MOST_BYTES for text in made.values())
    rows = [row for text in made.values() for table in tables_of(text).values() for row in table]
    shown = [row for row in rows if len(row) == 7 and row[6].startswith(("Change", "Level"))]
    assert len(shown) == len(lines) == 900
    whole = made["contracts/stockport_like.html"]
    assert all(Path(path).name in whole for path in made if "stockport_like-" in path)


def test_what_is_refused_or_taken_back_shows_no_figure(release: Path) -> None:
    figures = ("stake", "earned", "waiting", "not_earned", "lost_to_gates")
    gone = ", ".join(f"null as {name}" for name in figures)
    lines = "value", "amount", "share", "pays_from", "pays_in_full", "baseline_value"
    risk = ("mean", "p05", "p95", "effective", "chance_paid", "error_of_mean")
    risk += ("false_pay", "false_miss")
    refused = "contract_id = 'stockport_like'"
    with altered_tables(
        release,
        contract_payments="select * replace"
        f" (case when {refused} then 'refused' else 'withdrawn' end as status, case when {refused}"
        " then 'stand_in_outside_sample; no_activity' else 'value_withdrawn' end as reason,"
        f" {gone}) from contract_payments",
        contract_statements="select * replace ('withdrawn' as state, 'value_withdrawn' as reason,"
        f" {', '.join(f'null as {name}' for name in lines)})"
        f" from contract_statements where not {refused}",
        contract_risk="select * replace ('withdrawn' as method, 'value_withdrawn' as reason,"
        f" {', '.join(f'null as {name}' for name in risk)}) from contract_risk where not {refused}",
        contract_inputs="from contract_inputs limit 0",
    ) as tables:
        made = pages_of(release, tables)
    page = made["contracts/stockport_like.html"]
    # What was decided has no figure of what was refused or taken back.
    assert list(tables_of(page)) == ["Each provider and period", "The decision record"]
    assert "<svg" not in page
    assert "Refused (stand-in outside a sample home; no activity)" in page
    assert "£" not in page
    taken = made["contracts/tower_hamlets_like.html"]
    assert "Withdrawn (" in taken
    assert "Withdrawn: value withdrawn" in taken
    for caption, rows in tables_of(taken).items():
        if "community" in caption.lower():
            assert {row[4] for row in rows} == {"-"}
    assert "£" not in made["contracts.html"]
    assert not BAR.findall(taken)


@pytest.mark.parametrize("name", ["contracts.html", "contracts/tower_hamlets_like.html"])
def test_axe_finds_nothing_and_it_prints_as_a_paper(page: Page, site: Path, name: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto((site / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page, options={"preload": False}).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
    printed = page.pdf(prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page[^s]", printed)) <= 6

"""Charts, segments and the decision record of contracts' pages are what release and seeds say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.registry import load_registry
from tests.browser.conftest import Ask
from tests.browser.contract_tables import BAR, CONTRACTS, LINKED, Read, read_all

SEGMENTS = "By segment, before gates; each outcome is rounded to the penny"


@pytest.fixture(scope="module")
def read(site: Path) -> Read:
    return read_all(site)


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_bar_is_as_long_as_the_release_says(site: Path, ask: Ask, name: str) -> None:
    """Each chart's bars, measured on the page against its own line at all that is linked."""
    text = (site / f"contracts/{name}.html").read_text("utf-8")
    told = ask(
        "select provider, earned / stake from contract_payments where contract_id = ?"
        " and contract_period = '2023/24' order by provider_id",
        name,
    )
    whole = [
        (chart, chart.split("</figcaption>")[1])
        for chart in re.findall(r"<figure.*?</figure>", text, re.DOTALL)
        if "Earned in 2023/24" in chart
    ]
    ((_, svg),) = whole
    bars = [(float(x), float(width)) for x, width in BAR.findall(svg)]
    nought, (end,) = bars[0][0], [float(at) for at in LINKED.findall(svg)]
    shares = [width / (end - nought) for _, width in bars]
    assert shares == pytest.approx([share for _, share in told], abs=0.001)
    risks = ask(
        "select count(*) from contract_risk where contract_id = ? and outcome_id = 'all'", name
    )
    drawn = re.findall(r"<figcaption>Earned if .*?</figure>", text, re.DOTALL)
    assert sum(len(BAR.findall(chart)) for chart in drawn) == risks[0][0]


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_decision_record_is_the_seeds(read: Read, name: str) -> None:
    rows = load_registry(PROJECT_ROOT / "seeds").contract_decisions
    told = sorted((row["answer"], row["why"]) for row in rows if row["contract_id"] == name)
    assert sorted((row[1], row[3]) for row in read[name]["The decision record"]) == told


@pytest.mark.parametrize("name", CONTRACTS)
def test_segments_add_up_to_what_outcomes_gave(read: Read, ask: Ask, name: str) -> None:
    told = ask(
        "select contract_period, provider, segment, sum(lines.stake::decimal(18, 2)),"
        " sum(coalesce(amount, 0)::decimal(18, 2)) from contract_statements as lines"
        " inner join contract_payments using (contract_id, provider_id, contract_period)"
        " where contract_id = ? group by contract_period, provider, segment",
        name,
    )
    shown = [(*row[:3], *row[4:6]) for row in read[name][SEGMENTS]]
    names = {"all": "Everybody", "long_term_conditions": "Long term conditions"}
    assert sorted(shown) == sorted(
        (period, provider, names[segment], f"£{stake:,}", f"£{amount:,}")
        for period, provider, segment, stake, amount in told
    )

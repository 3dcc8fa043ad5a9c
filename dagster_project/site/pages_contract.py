"""The pages of contracts: what is earned, what is at risk, how much of it is chance.

Only a release that has contracts has them. What they say is what the board paper says
(dagster_project/contracts/shown.py), of the figures that the release has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from dagster_project.contracts import charts, shown, shown_outcomes, shown_record
from dagster_project.contracts.brief import Brief, briefs, waiting_in_all
from dagster_project.contracts.charts import Chart
from dagster_project.contracts.shown import Shown
from dagster_project.release.words import meanings
from dagster_project.site import drawing, wording
from dagster_project.site.model import Site
from dagster_project.site.reading import Row, Tables
from dagster_project.site.rendering import Page, page

# With more outcomes, providers and periods than this the lines stand on a page for each provider:
# one page with all would take long to open, and more than a page may weigh.
MOST_LINES = 120
TABLES = ("contract_payments", "contract_statements", "contract_risk", "contract_inputs")
# Releases of before it was kept there have no record.
RECORD = "contract_decisions"


@dataclass(frozen=True)
class Contract:
    """The rows of one contract in the release, by period, provider and outcome."""

    id: str
    payments: Sequence[Row]
    lines: Sequence[Row]
    risk: Sequence[Row]
    inputs: Sequence[Row]
    decisions: Sequence[Row] = ()

    @property
    def title(self) -> str:
        return str(self.payments[0]["title"])

    @property
    def basis(self) -> str:
        return str(self.payments[0]["basis"])

    @property
    def is_made_up(self) -> bool:
        return any(row["is_made_up"] for row in self.payments)

    @property
    def latest(self) -> Sequence[Row]:
        """The payments of its latest period."""
        last = max(row["contract_period"] for row in self.payments)
        return [row for row in self.payments if row["contract_period"] == last]

    @property
    def briefs(self) -> Sequence[Brief]:
        """What a reader wants first of each period that has figures."""
        return briefs(self.payments, self.lines)

    @property
    def last_brief(self) -> Brief | None:
        """The same of the latest period; None where it has no figures."""
        last = self.latest[0]["contract_period"]
        return next((each for each in self.briefs if each.period == last), None)

    @property
    def waits(self) -> str:
        """What waits in all periods, in words; empty where none has figures."""
        found = self.briefs
        return waiting_in_all(found) if found else ""

    @property
    def providers(self) -> Mapping[str, str]:
        """Who is paid, by id."""
        return {row["provider_id"]: row["provider"] for row in self.payments}

    @property
    def is_long(self) -> bool:
        return len(self.lines) > MOST_LINES

    def of(self, provider: str) -> Contract:
        """The same contract as far as it is that provider's."""
        parts = (self.payments, self.lines, self.risk, self.inputs)
        return Contract(
            self.id, *([row for row in rows if row["provider_id"] == provider] for rows in parts)
        )


def contract_pages(site: Site, tables: Tables) -> Iterator[Page]:
    """The list of contracts and a page for each; none where the release has no contract."""
    if not site.contracts:
        return
    found = list(_contracts(site, tables))
    yield page(
        "contracts.html",
        "contracts.html",
        **site.common(),
        contracts=[(each, _totals(each.latest), _states(each.latest)) for each in found],
    )
    for each in found:
        yield _page(site, each)
        if each.is_long:
            for provider in each.providers:
                yield _of_provider(site, each, provider)


def _contracts(site: Site, tables: Tables) -> Iterator[Contract]:
    rows: dict[str, dict[str, list[Row]]] = {name: defaultdict(list) for name in TABLES}
    for name in TABLES:
        order = "contract_id, contract_period, provider_id"
        order += "" if name == "contract_payments" else ", outcome_id"
        for row in tables.stream(f"from {name} order by {order}"):
            rows[name][row["contract_id"]].append(row)
    decisions: dict[str, list[Row]] = defaultdict(list)
    if any(table.name == RECORD for table in site.manifest.tables):
        for row in tables.stream(f"from {RECORD} order by contract_id, part, item"):
            decisions[row["contract_id"]].append(row)
    for contract in site.contracts:
        parts = Contract(contract, *(rows[name][contract] for name in TABLES))
        yield replace(parts, decisions=decisions[contract])


def _page(site: Site, contract: Contract) -> Page:
    order = list(shown.scenarios())
    whole = sorted(
        (row for row in contract.risk if row["outcome_id"] == shown.ALL),
        key=lambda row: (row["provider_id"], order.index(row["scenario"])),
    )
    return page(
        f"contracts/{contract.id}.html",
        "contract.html",
        **site.common(),
        contract=contract,
        warning=shown.WARNING,
        totals=_totals(contract.latest),
        earned=shown.earned(contract.payments),
        earned_charts=_drawn(charts.earned(_known(contract.payments))),
        by_segment=shown.by_segment(contract.lines, contract.providers),
        decided=shown_record.decided(contract.decisions),
        states=_states(contract.payments),
        areas=sorted({site.area_name(row["area_code"]) for row in contract.payments}),
        whole=whole,
        at_risk_says=f"{shown.AT_RISK} {shown.BEYOND}",
        at_risk=shown.at_risk(whole),
        risk_charts=_drawn(charts.at_risk(whole)),
        error=shown.error_of(whole),
        **_detail(site, contract),
    )


def _of_provider(site: Site, contract: Contract, provider: str) -> Page:
    return page(
        f"contracts/{contract.id}-{provider}.html",
        "contract_provider.html",
        **site.common(),
        contract=contract,
        provider=contract.providers[provider],
        warning=shown.WARNING,
        **_detail(site, contract.of(provider)),
    )


def _detail(site: Site, contract: Contract) -> dict[str, Any]:
    """What is said of each outcome: what it gave, how much of that is luck, what it rests on."""
    units = {name: row["unit"] or "" for name, row in site.indicators.items()}
    lines = list(shown_outcomes.with_units(contract.lines, units))
    return {
        "chance_says": shown.CHANCE,
        "chances": list(_chances(site, contract)),
        "outcome_charts": _drawn(charts.by_outcome(contract.lines)),
        "by_outcome": shown_outcomes.by_outcome(lines, contract.providers),
        "inputs": _named(site, shown.inputs_of(contract.inputs, site.manifest.id)),
    }


def _chances(site: Site, contract: Contract) -> Iterator[tuple[Shown, list[tuple[str, Markup]]]]:
    """A table and its charts for each area, whose providers share its outcomes and their luck."""
    by_area: dict[str, list[Row]] = defaultdict(list)
    for row in contract.risk:
        by_area[row["area_code"]].append(row)
    for code, rows in by_area.items():
        table = shown.chance(rows)
        name = site.area_name(code)
        yield (
            replace(table, caption=f"{name}: {wording.within(table.caption)}"),
            _drawn(charts.chance(rows, name)),
        )


def _drawn(found: Sequence[Chart]) -> list[tuple[str, Markup]]:
    """Each chart with what stands above it."""
    return [(each.caption, drawing.chart("bars", dict(each.spec))) for each in found]


def _known(payments: Sequence[Row]) -> Sequence[Row]:
    """The payments, or none where none has a figure: a contract that is refused has no bars."""
    return payments if any(row["earned"] is not None for row in payments) else ()


def _named(site: Site, inputs: Shown) -> Shown:
    """The same with indicators and areas by their names."""
    rows = (
        (row[0].replace(about, site.title(about), 1), site.area_name(row[1]), *row[2:])
        for about, row in zip(inputs.about, inputs.rows, strict=True)
    )
    return replace(inputs, rows=tuple(rows))


def _totals(payments: Sequence[Row]) -> Mapping[str, str] | None:
    """What all providers have of a period; None where one of them has no figure."""
    totals = {}
    for name in ("stake", "earned", "waiting", "not_earned"):
        amounts = [row[name] for row in payments]
        if None in amounts:
            return None
        # Of pennies, which floats don't add up to exactly.
        totals[name] = shown.pounds(round(sum(amounts), 2))
    return totals


def _states(payments: Sequence[Row]) -> list[tuple[str, str]]:
    """The states that payments are in, with what each means."""
    there = {row["status"] for row in payments}
    known = meanings("contract_payments", "status")
    return [said for code, said in known.items() if code in there]

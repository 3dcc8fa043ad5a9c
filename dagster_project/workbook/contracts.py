"""What contracts have paid and what is at risk: sheets that only a release with contracts has."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from dagster_project.contracts import shown
from dagster_project.contracts.shown_record import decided
from dagster_project.release.words import in_words, words
from dagster_project.workbook.released import Released
from dagster_project.workbook.sheets import (
    COUNT,
    DATE,
    FIGURE,
    WRAPPED,
    Column,
    Figure,
    TableSheet,
)

# Of a sheet all of whose rows are made up, on top of what every sheet of a sample says.
OWED = "Made up, or on stand-in measures: nothing is owed on it"
RECORD = (
    *("contract_id", "part", "item", "answer", "mechanism", "evidence", "pulls_activity"),
    *("acts", "why", "note"),
)
ABSENT = Figure(None, "", "absent")


def contracts(release: Released) -> Iterator[TableSheet]:
    """Payments, the outcomes behind them, and the risk; none where there is no contract."""
    for sheet in (
        _payments(release),
        _statements(release),
        _risk(release),
        _decisions(release),
    ):
        if sheet.rows:
            yield sheet


def _payments(release: Released) -> TableSheet:
    rows = release.rows(
        "select title, contract_period, provider, coalesce(area_name, area_code), stake, earned,"
        " waiting, not_earned, lost_to_gates, status, reason, gates, rests_on, basis, pay_by,"
        " is_made_up, contract_id, provider_id, contract_payments.release_id from contract_payments"
        " left join areas using (area_code) order by contract_id, contract_period, provider_id"
    )
    return TableSheet(
        name="Contract payments",
        title="What each provider has earned under contracts",
        says="In pounds. What is at stake is earned, waits for a value, or isn't earned.",
        columns=PAYMENT_COLUMNS,
        rows=[
            [
                *row[:4],
                *map(_penny, row[4:9]),
                _label("contract_payments", "status", row[9]),
                "; ".join(_reasons(row[10])),
                "; ".join(row[11] or ()),
                ", ".join(shown.rests_on(row[12] or ())),
                in_words(row[13]),
                row[14],
                OWED if row[15] else "",
                *row[16:],
            ]
            for row in rows
        ],
        frozen=3,
    )


def _statements(release: Released) -> TableSheet:
    rows = release.rows(
        "select lines.contract_id, contract_period, coalesce(provider, lines.provider_id),"
        " lines.title, coalesce(area_name, lines.area_code), segment, weight, lines.stake, amount,"
        " state, lines.reason, value, value_period, baseline_value, pays_from, pays_in_full, share,"
        " rule, lines.rests_on,"
        " lines.is_made_up, indicator_id, lines.area_code, sex, age, lines.release_id"
        " from contract_statements as lines left join contract_payments"
        " using (contract_id, provider_id, contract_period)"
        " left join areas on areas.area_code = lines.area_code"
        " order by contract_id, contract_period, provider_id, outcome_id"
    )
    return TableSheet(
        name="Contract statements",
        title="What each outcome of a contract has earned",
        says="One row per period, provider and outcome: from which value, by which rule. Amounts"
        " are before gates, in pounds.",
        columns=STATEMENT_COLUMNS,
        rows=[
            [
                *row[:5],
                shown.segment_name(row[5]),
                _percent(row[6]),
                *map(_penny, row[7:9]),
                _label("contract_statements", "state", row[9]),
                _label("contract_statements", "reason", row[10]),
                _measure(row[11]),
                row[12],
                *map(_measure, row[13:16]),
                _percent(row[16]),
                row[17],
                ", ".join(shown.rests_on(row[18] or ())),
                OWED if row[19] else "",
                *row[20:],
            ]
            for row in rows
        ],
        frozen=4,
    )


def _risk(release: Released) -> TableSheet:
    scenarios = list(words("contract_risk", "scenario"))
    order = " ".join(f"when '{code}' then {place}" for place, code in enumerate(scenarios))
    figures = ", ".join((*SUMS, *CHANCES, *MEASURES))
    rows = release.rows(
        "select risk.contract_id, risk.contract_period, coalesce(provider, risk.provider_id),"
        " if(outcome_id = 'all', 'All outcomes', risk.title),"
        " coalesce(area_name, risk.area_code), scenario, method, risk.reason,"
        f" {figures}, times_the_volume, draws, seed, risk.is_made_up, risk.release_id"
        " from contract_risk as risk left join contract_payments"
        " using (contract_id, provider_id, contract_period)"
        " left join areas on areas.area_code = risk.area_code"
        " order by contract_id, risk.provider_id, outcome_id <> 'all', outcome_id,"
        f" case scenario {order} end"
    )
    sums, chances = len(SUMS), len(CHANCES)
    return TableSheet(
        name="Contract risk",
        title="What contracts may pay, and how much of it is chance",
        says=f"{shown.AT_RISK} {shown.CHANCE} In pounds; the latest period of each contract.",
        columns=RISK_COLUMNS,
        rows=[
            [
                *row[:5],
                _label("contract_risk", "scenario", row[5]),
                in_words(row[6]),
                in_words(row[7]) if row[7] else "",
                *map(_pound, row[8 : 8 + sums]),
                *map(_percent, row[8 + sums : 8 + sums + chances]),
                *map(_measure, row[8 + sums + chances : -5]),
                *row[-5:-2],
                OWED if row[-2] else "",
                row[-1],
            ]
            for row in rows
        ],
        frozen=4,
    )


def _decisions(release: Released) -> TableSheet:
    rows = release.rows(f"select {', '.join(RECORD)} from contract_decisions order by contract_id")
    records = [dict(zip(RECORD, row, strict=True)) for row in rows]
    by_contract = groupby(records, key=lambda row: str(row["contract_id"]))
    return TableSheet(
        name="Contract decisions",
        title="What was decided before contracts were written",
        says="The decision record of each contract: what it is for, how providers are arranged and"
        " paid, and what drives them.",
        columns=DECISION_COLUMNS,
        rows=[[contract, *row] for contract, found in by_contract for row in decided(found).rows],
        frozen=2,
    )


def _penny(amount: float | None) -> Figure:
    return ABSENT if amount is None else Figure(amount, decimals=2)


def _pound(amount: float | None) -> Figure:
    return ABSENT if amount is None else Figure(amount)


def _measure(number: float | None) -> Figure:
    return ABSENT if number is None else Figure(number, decimals=2)


def _percent(share: float | None) -> Figure:
    """A share as the table has it: the number stays a share, and two decimals of it are shown."""
    return ABSENT if share is None else Figure(share, decimals=3)


def _label(table: str, column: str, code: str | None) -> str:
    return words(table, column).get(code, in_words(code)) if code else ""


def _reasons(codes: str | None) -> Iterator[str]:
    for code in filter(None, (codes or "").split("; ")):
        yield _label("contract_payments", "reason", code)


# The figures of the risk, with their headers.
SUMS = {
    "theoretical": "Linked (theoretical risk)",
    "not_modelled": "Linked and not modelled",
    "mean": "Earned on average",
    "sd": "Spread",
    "p05": "Less one time in twenty",
    "p95": "More one time in twenty",
    "effective": "Likely lost (effective risk)",
    "mean_waiting": "Waits on average",
    "mean_put_right": "Put right later on average",
    "error_of_mean": "Standard error of the mean",
}
CHANCES = {
    "chance_paid": "Chance that anything is paid",
    "chance_beyond_reserve": "Chance of missing more than the reserve",
    "error_of_chance": "Standard error of the chances",
    "false_pay": "Paid by luck",
    "false_pay_of_three": "Paid by luck, three pooled",
    "false_miss": "Missed by luck",
    "reliability": "Reliability",
}
MEASURES = {
    "level": "Level today",
    "events": "Events a year",
    "people": "People",
    "change_asked": "Change asked",
    "detectable_change": "Would be seen",
    "threshold_for_wished": "Pay from",
    "expected_regression": "Comes by itself, to the mean",
}
PAYMENT_COLUMNS = (
    Column("Contract", 44),
    Column("Period", 10),
    Column("Provider", 44),
    Column("Area", 20),
    Column("At stake", 16, FIGURE),
    Column("Earned", 16, FIGURE),
    Column("Waiting", 16, FIGURE),
    Column("Not earned", 16, FIGURE),
    Column("Lost to gates", 16, FIGURE),
    Column("State", 14),
    Column("Why", 30),
    Column("Gates", 20),
    Column("Rests on", 24),
    Column("Basis", 10),
    Column("Pay by", 12, DATE),
    Column("Made up", 50),
    Column("Contract id", 24),
    Column("Provider id", 24),
    Column("Release", 22),
)
STATEMENT_COLUMNS = (
    Column("Contract id", 22),
    Column("Period", 10),
    Column("Provider", 44),
    Column("Outcome", 50),
    Column("Area", 20),
    Column("Segment", 20),
    Column("Weight", 10, FIGURE),
    Column("Of", 16, FIGURE),
    Column("Earned", 16, FIGURE),
    Column("State", 26),
    Column("Why", 26),
    Column("Value", 12, FIGURE),
    Column("Value's period", 12),
    Column("Baseline", 12, FIGURE),
    Column("Pays from", 12, FIGURE),
    Column("In full at", 12, FIGURE),
    Column("Share earned", 10, FIGURE),
    Column("Rule", 60, WRAPPED),
    Column("Rests on", 24),
    Column("Made up", 50),
    Column("Indicator id", 40),
    Column("Area code", 12),
    Column("Sex", 9),
    Column("Age", 10),
    Column("Release", 22),
)
DECISION_COLUMNS = (
    Column("Contract id", 24),
    Column("Part", 16),
    Column("What was decided", 60, WRAPPED),
    Column("By which mechanism", 60, WRAPPED),
    Column("Why", 44, WRAPPED),
    Column("Note", 30, WRAPPED),
)
RISK_COLUMNS = (
    Column("Contract id", 22),
    Column("Period", 10),
    Column("Provider", 44),
    Column("Outcome", 50),
    Column("Area", 20),
    Column("If", 32),
    Column("Worked out", 14),
    Column("Why not", 20),
    *(Column(header, 16, FIGURE) for header in (*SUMS.values(), *CHANCES.values())),
    *(Column(header, 14, FIGURE) for header in MEASURES.values()),
    Column("Years or areas to pool", 12, COUNT),
    Column("Draws", 11, COUNT),
    Column("Seed", 11, COUNT),
    Column("Made up", 50),
    Column("Release", 22),
)

"""The released tables of contracts: their columns, and what goes when a value is taken back."""

from __future__ import annotations

from dagster_project.pipeline.tables import KEY
from dagster_project.release.tables import STORED_AS, Column, PublishedTable, Redaction

SCHEMA = "run"
INPUTS, STATEMENTS, PAYMENTS = "contract_inputs", "contract_statements", "contract_payments"
RISK = "contract_risk"
PERIOD_KEY = ("contract_id", "provider_id", "contract_period")
OUTCOME_KEY = (*PERIOD_KEY, "outcome_id")
RISK_KEY = ("contract_id", "provider_id", "scenario", "outcome_id")

_OF_KEY = {
    "period_start": Column("period_start", "date", "First day of the value's period."),
    "period_end": Column("period_end", "date", "Last day of the value's period."),
}
CONTRACT = Column("contract_id", "string", "Which contract, as seeds/contracts.csv names it.")
PROVIDER = Column("provider_id", "string", "Who is paid.")
PERIOD = Column("contract_period", "string", "Which stretch of the contract is paid for.")
OUTCOME = Column("outcome_id", "string", "Which outcome of the contract.")
AREA = Column("area_code", "string", "The area whose values are looked at.")
RESTS_ON = Column(
    "rests_on",
    "list",
    "What it rests on that may still change: held, last_good, provisional, revised and others.",
)
RELEASE = Column("release_id", "string", "The release whose values were paid on.")
MADE_UP = Column(
    "is_made_up", "boolean", "Whether the contract is made up or pays on stand-in indicators."
)
SERIES = (
    Column("indicator_id", "string", "What is looked at."),
    AREA,
    Column("sex", "string", "Sex of the value."),
    Column("age", "string", "Age of the value."),
    Column("segment", "string", "Segment of the population, or all."),
)

# Whatever rests on a value is found through the inputs, which name each by its whole key.
LINE_GONE = Redaction(
    ("baseline_value", "pays_from", "pays_in_full", "value", "share", "amount"),
    via=INPUTS,
    via_columns=OUTCOME_KEY,
    marks=(("state", "withdrawn"),),
    notes=(("reason", "value_withdrawn"),),
    is_remade=True,
)
SUM_GONE = Redaction(
    ("earned", "waiting", "not_earned", "lost_to_gates"),
    via=INPUTS,
    via_columns=PERIOD_KEY,
    marks=(("status", "withdrawn"),),
    notes=(("reason", "value_withdrawn"),),
    is_remade=True,
)

CONTRACT_TABLES: tuple[PublishedTable, ...] = (
    PublishedTable(
        name=INPUTS,
        query="",
        key=(*OUTCOME_KEY, "role", *KEY),
        columns=(
            CONTRACT,
            PROVIDER,
            PERIOD,
            Column("outcome_id", "string", "Which outcome, or gate: and the name of a gate."),
            Column("role", "string", "value, baseline or gate."),
            *(
                _OF_KEY.get(name, Column(name, "string", f"As in indicator_values: {name}."))
                for name in KEY
            ),
            Column("period_label", "string", "The value's period in words."),
            Column("status", "string", "The value's status when it was paid on."),
            Column("flags", "list", "The value's flags when it was paid on."),
            RELEASE,
        ),
        description="Each value that a contract's payment rests on, by its whole key.",
    ),
    PublishedTable(
        name=STATEMENTS,
        query="",
        key=OUTCOME_KEY,
        columns=(
            CONTRACT,
            PROVIDER,
            PERIOD,
            OUTCOME,
            Column("title", "string", "The outcome in words."),
            *SERIES,
            Column("weight", "number", "Its part of the whole, once what is excluded is left out."),
            Column("stake", "number", "What it can earn, in pounds."),
            Column(
                "state",
                "string",
                "paid, paid_on_last_good, waits, excluded; withdrawn after publication.",
            ),
            Column("reason", "string", "Why it isn't plainly paid on the period's value."),
            Column("term", "string", "The term that gave most."),
            Column("rule", "string", "How it pays, in words."),
            Column("baseline_value", "number", "What a change is counted from."),
            Column("pays_from", "number", "Where payment starts, in the measure's unit."),
            Column("pays_in_full", "number", "Where all of it is paid."),
            Column("value", "number", "The value that was paid on."),
            Column("value_period", "string", "The period of that value."),
            Column("share", "number", "The share of the stake that was earned."),
            Column("amount", "number", "What was earned before gates, in pounds."),
            RESTS_ON,
            MADE_UP,
            RELEASE,
        ),
        description="What each outcome of a contract has earned: one row per provider and period.",
        redactions=(LINE_GONE,),
    ),
    PublishedTable(
        name=PAYMENTS,
        query="",
        key=PERIOD_KEY,
        columns=(
            CONTRACT,
            PROVIDER,
            PERIOD,
            Column("title", "string", "The contract in words."),
            Column("provider", "string", "The provider in words."),
            AREA,
            Column("basis", "string", "withhold or bonus."),
            Column("pay_by", "date", "The day by which it is paid."),
            Column(
                "status",
                "string",
                "final, provisional, part_waits, waits, refused; withdrawn after publication.",
            ),
            Column("reason", "string", "Why a contract is refused: a word for each reason."),
            Column("stake", "number", "All that is linked to outcomes, in pounds."),
            Column("earned", "number", "What is earned, after gates, cap and collar."),
            Column("waiting", "number", "What waits for a value, or for a gate to be known."),
            Column("not_earned", "number", "The rest: withheld, or a bonus that isn't paid."),
            Column("lost_to_gates", "number", "What gates took from what outcomes gave."),
            Column("gates", "list", "Each gate: met, missed or not known."),
            RESTS_ON,
            MADE_UP,
            RELEASE,
        ),
        description="What each provider earns under a contract: one row per provider and period.",
        redactions=(SUM_GONE,),
    ),
)


def stored(table: PublishedTable) -> str:
    """The columns of a table as SQL creates it."""
    return ", ".join(f'"{c.name}" {STORED_AS[c.datatype]}' for c in table.columns)

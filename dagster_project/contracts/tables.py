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

_RISK_FIGURES = (
    Column("theoretical", "number", "All that is linked and modelled, in pounds."),
    Column("not_modelled", "number", "What is linked and isn't in the model, in pounds."),
    Column("mean", "number", "What is earned on average, in pounds."),
    Column("sd", "number", "The spread of that."),
    Column("p05", "number", "Less than this is earned one time in twenty."),
    Column("p95", "number", "More than this is earned one time in twenty."),
    Column("effective", "number", "What is likely lost: all that is linked less the mean."),
    Column("chance_paid", "number", "The chance that anything is paid."),
    Column("chance_beyond_reserve", "number", "The chance of missing more than the reserve."),
    Column("mean_waiting", "number", "What waits for late data, on average."),
    Column("mean_put_right", "number", "What revisions move afterwards, on average."),
    Column("error_of_mean", "number", "One standard error of the mean, from the draws."),
    Column("error_of_chance", "number", "One standard error of the chances, from the draws."),
    Column(
        "level",
        "number",
        "Where the truth is taken to be today. This and what follows: in rows of no_change alone.",
    ),
    Column("events", "number", "Events a year behind the figure."),
    Column("people", "number", "People behind it; of a survey, those that its limits speak of."),
    Column("false_pay", "number", "The chance that something is paid though nothing changed."),
    Column("false_pay_of_three", "number", "The same if three years or areas were pooled."),
    Column("false_miss", "number", "The chance that nothing is paid though the plan was reached."),
    Column("change_asked", "number", "How far it is to full payment, in the measure's unit."),
    Column("detectable_change", "number", "The smallest change that would be seen, same unit."),
    Column(
        "threshold_for_wished",
        "number",
        "The change from which to pay so that luck is paid no more often than is wished.",
    ),
    Column(
        "times_the_volume",
        "integer",
        "How many years or such areas to pool for the change asked; empty where 50 aren't enough.",
    ),
    Column(
        "reliability",
        "number",
        "The part of the differences between areas that is real. This and what follows: empty"
        " where any area's value of the indicator was taken back since.",
    ),
    Column("expected_regression", "number", "The change that comes by itself, to the mean."),
    Column(
        "chance_if_worst",
        "number",
        "The chance that an area of the worst fifth makes the change asked with no action.",
    ),
    Column("chance_if_any", "number", "The same of any area."),
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
    ("earned", "waiting", "not_earned", "lost_to_gates", "gates"),
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
            Column("role", "string", "value, baseline, gate; risk for what is noisy."),
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

FIGURES_OF_RISK = tuple(column.name for column in _RISK_FIGURES)
# Whatever of a provider's rests on a value that is gone goes: the draws tell of it too. So the
# row's own indicator isn't compared: the whole has none, and of a gate it is another.
RISK_GONE = Redaction(
    FIGURES_OF_RISK,
    via=INPUTS,
    via_columns=("contract_id", "provider_id"),
    marks=(("method", "withdrawn"),),
    notes=(("reason", "value_withdrawn"),),
    is_remade=True,
    unmatched=("indicator_id", "area_code"),
)
# What other areas come to would tell of the one whose value is gone. Rows don't name the sex, the
# age or the period of their series: so whichever value of the indicator it is.
PEERS_GONE = Redaction(
    ("reliability", "expected_regression", "chance_if_worst", "chance_if_any"),
    is_remade=True,
    unmatched=("area_code",),
)
RISK_TABLE = PublishedTable(
    name=RISK,
    query="",
    key=RISK_KEY,
    columns=(
        CONTRACT,
        PROVIDER,
        Column("scenario", "string", "What the truth does: no_change, plan or decline."),
        Column("outcome_id", "string", "Which outcome; all for the provider's whole."),
        Column("title", "string", "The outcome or the provider in words."),
        Column("contract_period", "string", "Which period's sums are at stake."),
        AREA,
        Column("indicator_id", "string", "What is looked at; empty for the whole."),
        Column(
            "method",
            "string",
            "exact (summed over every level), simulated (draws) or not_modelled (reason says why).",
        ),
        Column("reason", "string", "Why an outcome isn't modelled."),
        *_RISK_FIGURES,
        Column("draws", "integer", "How many draws; empty where none were needed."),
        Column("seed", "integer", "What the draws start from."),
        MADE_UP,
        RELEASE,
    ),
    description=(
        "What a provider may earn in the contract's last period, by outcome and as a whole, if"
        " nothing changes, the plan is reached, or it goes as far the other way."
    ),
    redactions=(RISK_GONE, PEERS_GONE),
)
ALL_TABLES: tuple[PublishedTable, ...] = (*CONTRACT_TABLES, RISK_TABLE)


def stored(table: PublishedTable) -> str:
    """The columns of a table as SQL creates it."""
    return ", ".join(f'"{c.name}" {STORED_AS[c.datatype]}' for c in table.columns)

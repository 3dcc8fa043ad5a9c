"""The released tables of contracts: their columns, and what goes when a value is taken back."""

from __future__ import annotations

from dagster_project.pipeline.tables import KEY
from dagster_project.release.tables import STORED_AS, Column, PublishedTable, Redaction

SCHEMA = "run"
INPUTS, STATEMENTS, PAYMENTS = "contract_inputs", "contract_statements", "contract_payments"
RISK, DECISIONS = "contract_risk", "contract_decisions"
PERIOD_KEY = ("contract_id", "provider_id", "contract_period")
OUTCOME_KEY = (*PERIOD_KEY, "outcome_id")
RISK_KEY = ("contract_id", "provider_id", "scenario", "outcome_id")


def _columns(datatype: str, **said: str) -> tuple[Column, ...]:
    """Columns of one type, each by its name and what it says."""
    return tuple(Column(name, datatype, text) for name, text in said.items())


def _texts(**said: str) -> tuple[Column, ...]:
    return _columns("string", **said)


def _numbers(**said: str) -> tuple[Column, ...]:
    return _columns("number", **said)


# What stands first and last in each table, and what several have.
CONTRACT = _texts(contract_id="Which contract, as seeds/contracts.csv names it.")
PROVIDER = (*CONTRACT, *_texts(provider_id="Who is paid."))
PERIOD = (*PROVIDER, *_texts(contract_period="Which stretch of the contract is paid for."))
RELEASE = _texts(release_id="The release whose values were paid on.")
ENDS = (
    *_columns(
        "boolean",
        is_made_up="Whether the contract is made up or pays on stand-in indicators.",
    ),
    *RELEASE,
)
RESTS_ON = _columns(
    "list",
    rests_on="What it rests on that may still change: held, last_good, provisional, revised and"
    " others.",
)
AREA = _texts(area_code="The area whose values are looked at.")
INDICATOR = _texts(indicator_id="What is looked at; empty for the whole, and where nothing is.")
OF_KEY = {
    "period_start": "First day of the value's period.",
    "period_end": "Last day of the value's period.",
}

_RISK_FIGURES = (
    *_numbers(
        theoretical="All that is linked and modelled, in pounds.",
        not_modelled="What is linked and isn't in the model, in pounds.",
        mean="What is earned on average, in pounds.",
        sd="The spread of that.",
        p05="Less than this is earned one time in twenty.",
        p95="More than this is earned one time in twenty.",
        effective="What is likely lost: all that is linked less the mean.",
        chance_paid="The chance that anything is paid.",
        chance_beyond_reserve="The chance of missing more than the reserve.",
        mean_waiting="What waits for late data, on average.",
        mean_put_right="What revisions move afterwards, on average.",
        error_of_mean="One standard error of the mean, from the draws.",
        error_of_chance="One standard error of the chances, from the draws.",
        level="Where the truth is taken to be today. This and what follows: in rows of no_change"
        " alone.",
        events="Events a year behind the figure.",
        people="People behind it; of a survey, those that its limits speak of.",
        false_pay="The chance that something is paid though nothing changed.",
        false_pay_of_three="The same if three years or areas were pooled.",
        false_miss="The chance that nothing is paid though the plan was reached.",
        change_asked="How far it is to full payment, in the measure's unit.",
        detectable_change="The smallest change that would be seen, same unit.",
        threshold_for_wished="The change from which to pay so that luck is paid no more often than"
        " is wished.",
    ),
    *_columns(
        "integer",
        times_the_volume="How many years or such areas to pool for the change asked; empty where 50"
        " aren't enough.",
    ),
    *_numbers(
        reliability="The part of the differences between areas that is real. This and what follows:"
        " empty where any area's value of the indicator was taken back since.",
        expected_regression="The change that comes by itself, to the mean.",
        chance_if_worst="The chance that an area of the worst fifth makes the change asked with no"
        " action.",
        chance_if_any="The same of any area.",
    ),
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

INPUT_TABLE = PublishedTable(
    name=INPUTS,
    query="",
    key=(*OUTCOME_KEY, "role", *KEY),
    columns=(
        *PERIOD,
        *_texts(
            outcome_id="Which outcome, or gate: and the name of a gate.",
            role="value, baseline, gate; risk for what is noisy.",
        ),
        *(
            Column(name, "date", OF_KEY[name])
            if name in OF_KEY
            else Column(name, "string", f"As in indicator_values: {name}.")
            for name in KEY
        ),
        *_texts(
            period_label="The value's period in words.",
            status="The value's status when it was paid on.",
        ),
        *_columns("list", flags="The value's flags when it was paid on."),
        *RELEASE,
    ),
    description="Each value that a contract's payment rests on, by its whole key.",
)
STATEMENT_TABLE = PublishedTable(
    name=STATEMENTS,
    query="",
    key=OUTCOME_KEY,
    columns=(
        *PERIOD,
        *_texts(
            outcome_id="Which outcome of the contract.",
            title="The outcome in words.",
        ),
        *INDICATOR,
        *AREA,
        *_texts(
            sex="Sex of the value.",
            age="Age of the value.",
            segment="Segment of the population, or all.",
        ),
        *_numbers(
            weight="Its part of the whole, once what is excluded is left out.",
            stake="What it can earn, in pounds.",
        ),
        *_texts(
            state="paid, paid_on_last_good, waits, excluded; withdrawn after publication.",
            reason="Why it isn't plainly paid on the period's value.",
            term="The term that gave most.",
            rule="How it pays, in words.",
            better="Which way is better: higher or lower.",
        ),
        *_numbers(
            baseline_value="What a change is counted from.",
            pays_from="Where payment starts, in the measure's unit.",
            pays_in_full="Where all of it is paid.",
            value="The value that was paid on.",
        ),
        *_texts(value_period="The period of that value."),
        *_numbers(
            share="The share of the stake that was earned.",
            amount="What was earned before gates, in pounds.",
        ),
        *RESTS_ON,
        *ENDS,
    ),
    description="What each outcome of a contract has earned: one row per provider and period.",
    redactions=(LINE_GONE,),
)
PAYMENT_TABLE = PublishedTable(
    name=PAYMENTS,
    query="",
    key=PERIOD_KEY,
    columns=(
        *PERIOD,
        *_texts(title="The contract in words.", provider="The provider in words."),
        *AREA,
        *_texts(basis="withhold or bonus."),
        *_columns("date", pay_by="The day by which it is paid."),
        *_texts(
            status="final, provisional, part_waits, waits, refused; withdrawn after publication.",
            reason="Why a contract is refused: a word for each reason.",
        ),
        *_numbers(
            stake="All that is linked to outcomes, in pounds.",
            earned="What is earned, after gates, cap and collar.",
            waiting="What waits for a value, or for a gate to be known.",
            not_earned="The rest: withheld, or a bonus that isn't paid.",
            lost_to_gates="What gates took from what outcomes gave.",
        ),
        *_columns("list", gates="Each gate: met, missed or not known."),
        *RESTS_ON,
        *ENDS,
    ),
    description="What each provider earns under a contract: one row per provider and period.",
    redactions=(SUM_GONE,),
)
DECISION_TABLE = PublishedTable(
    name=DECISIONS,
    query="",
    key=("contract_id", "part", "item"),
    columns=(
        *CONTRACT,
        *_texts(
            part="aim, objective, population, service, configuration, allocate, improve or driver.",
            item="Which answer of that part.",
            answer="What was decided.",
            mechanism="The mechanism in words, where one was chosen.",
            evidence="Where the mechanism is described, and how sure that is.",
            pulls_activity="Of a driver: whether it pulls activity up, down or neither way.",
            acts="Of a driver: because of the mechanisms, or regardless of them.",
            why="Why it was decided so.",
            note="What else is to be known.",
        ),
        *ENDS,
    ),
    description="What was decided before a contract was written: the decision record.",
)
CONTRACT_TABLES: tuple[PublishedTable, ...] = (INPUT_TABLE, STATEMENT_TABLE, PAYMENT_TABLE)

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
        *PROVIDER,
        *_texts(
            scenario="What the truth does: no_change, plan or decline.",
            outcome_id="Which outcome; all for the provider's whole.",
            title="The outcome or the provider in words.",
            contract_period="Which period's sums are at stake.",
        ),
        *AREA,
        *INDICATOR,
        *_texts(
            method="exact (summed over every level), simulated (draws) or not_modelled (reason says"
            " why).",
            reason="Why an outcome isn't modelled.",
        ),
        *_RISK_FIGURES,
        *_columns(
            "integer",
            draws="How many draws; empty where none were needed.",
            seed="What the draws start from.",
        ),
        *ENDS,
    ),
    description=(
        "What a provider may earn in the contract's last period, by outcome and as a whole, if"
        " nothing changes, the plan is reached, or it goes as far the other way."
    ),
    redactions=(RISK_GONE, PEERS_GONE),
)
ALL_TABLES: tuple[PublishedTable, ...] = (*CONTRACT_TABLES, RISK_TABLE, DECISION_TABLE)


def stored(table: PublishedTable) -> str:
    """The columns of a table as SQL creates it."""
    return ", ".join(f'"{c.name}" {STORED_AS[c.datatype]}' for c in table.columns)

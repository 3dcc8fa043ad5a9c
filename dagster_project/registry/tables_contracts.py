"""What the files of `seeds/` that hold contracts and ways of paying must look like, as data."""

from __future__ import annotations

from dagster_project.registry.forms import CERTAINTY, Table, columns, words

OUTCOME = ("contract_id", "outcome_id")
CONFIGURATIONS = words("lead alliance integrator separate")
PARTS = words("aim objective population service configuration allocate improve driver")
OF_CONTRACT = {"contract_id": ("contracts.csv", "contract_id")}
OF_INDICATOR = {"indicator_id": ("indicators.csv", "indicator_id")}
SEX = words("Persons Male Female")

CONTRACT_TABLES: tuple[Table, ...] = (
    Table(
        "payment_schemes.csv",
        ("scheme_id",),
        columns("scheme_id*:id title* publisher* inputs* result* certainty* evidence* note"),
        allowed={"certainty": CERTAINTY},
    ),
    Table(
        "payment_steps.csv",
        ("scheme_id", "sort_order"),
        columns(
            "scheme_id*:id sort_order*:whole step*:id value pays_from pays_in_full better floor cap"
            " scale offset:number round_to reached missed minimum cases minimum_cases pool*"
            " rounding note"
        ),
        allowed={"better": words("higher lower")},
        refers_to={"scheme_id": ("payment_schemes.csv", "scheme_id")},
    ),
    Table(
        "contracts.csv",
        ("contract_id",),
        columns(
            "contract_id*:id title* commissioner* configuration* owner* basis* share_linked*:share"
            " starts*:date ends*:date least_share*:number most_share*:number correlation*:number"
            " draws*:whole seed*:whole is_made_up*:flag certainty* note"
        ),
        allowed={
            "configuration": CONFIGURATIONS,
            "basis": words("withhold bonus"),
            "certainty": CERTAINTY,
        },
        refers_to={"owner": ("owners.csv", "owner_id")},
        span=("starts", "ends"),
    ),
    Table(
        "contract_periods.csv",
        ("contract_id", "contract_period"),
        columns(
            "contract_id* contract_period* starts*:date ends*:date pay_by*:date"
            " share_of_year*:share"
        ),
        refers_to=OF_CONTRACT,
        span=("starts", "ends"),
    ),
    Table(
        "contract_providers.csv",
        ("contract_id", "provider_id"),
        columns(
            "contract_id* provider_id*:id title* area_code*:area provider_code:ods"
            " annual_value*:number activity_share*:number reserve*:number note"
        ),
        refers_to={**OF_CONTRACT, "area_code": ("areas.csv", "area_code")},
    ),
    Table(
        "contract_outcomes.csv",
        OUTCOME,
        columns(
            "contract_id* outcome_id*:id title* indicator_id:id sex* age* segment* breakdown_type*"
            " breakdown* weight*:number better* baseline_rule* baseline_from:date baseline_to:date"
            " minimum_cases:whole if_missing* if_provisional* between_year_cv*:number"
            " late_share*:number revision_cv*:number is_stand_in*:flag certainty* note"
        ),
        allowed={
            "sex": SEX,
            "better": words("higher lower"),
            "baseline_rule": words("last mean best_prior none"),
            "if_missing": words("wait last_good exclude"),
            "if_provisional": words("pay wait"),
            "certainty": CERTAINTY,
        },
        refers_to={**OF_CONTRACT, **OF_INDICATOR},
        span=("baseline_from", "baseline_to"),
    ),
    Table(
        "contract_terms.csv",
        (*OUTCOME, "term"),
        columns(
            "contract_id* outcome_id* term*:id measured_in* pays_from*:number pays_in_full*:number"
            " goal:number floor*:number cap*:number minimum:number note"
        ),
        allowed={"measured_in": words("level points percent gap")},
        refers_to=OF_CONTRACT,
    ),
    Table(
        "contract_gates.csv",
        ("contract_id", "gate"),
        columns(
            "contract_id* gate*:id title* indicator_id* sex* age* must_be* threshold*:number"
            " lost_share*:share note"
        ),
        allowed={"sex": SEX, "must_be": words("at_least at_most")},
        refers_to={**OF_CONTRACT, **OF_INDICATOR},
    ),
    Table(
        "contract_mechanisms.csv",
        ("mechanism_id",),
        columns(
            "mechanism_id*:id kind* title* needs_attribution*:flag pulls_activity* certainty*"
            " evidence*"
        ),
        allowed={
            "kind": words("allocate improve"),
            "pulls_activity": words("up down none"),
            "certainty": CERTAINTY,
        },
    ),
    Table(
        "contract_decisions.csv",
        ("contract_id", "part", "item"),
        columns("contract_id* part* item*:id answer* mechanism_id pulls_activity acts why note"),
        allowed={
            "part": PARTS,
            "pulls_activity": words("up down none"),
            "acts": words("because regardless"),
        },
        refers_to={**OF_CONTRACT, "mechanism_id": ("contract_mechanisms.csv", "mechanism_id")},
    ),
    Table(
        "contract_guidance.csv",
        ("guidance_id",),
        columns("guidance_id*:id applies_to* least:number most:number publisher* certainty* says*"),
        allowed={
            "applies_to": words(
                "share_linked outcomes false_pay false_miss activity_share activity_gap reliability"
            ),
            "certainty": CERTAINTY,
        },
    ),
)

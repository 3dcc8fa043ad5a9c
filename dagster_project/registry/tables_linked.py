"""What the seeds of linked records must look like, as data: a part of the registry's tables."""

from __future__ import annotations

from dagster_project.registry.forms import Table, columns, words

CERTAINTY = words("verified partly recalled inferred")
CODINGS = words(
    "admission_method destination icd10 opcs4 place_of_death service_type snomed specialty"
)
CRITERIA = words("register any_long_term_register frailty_points everybody")
IN_LISTS = ("code_lists.csv", "code_list")

LINKED_TABLES: tuple[Table, ...] = (
    Table(
        "code_lists.csv",
        ("code_list",),
        columns("code_list* title* coding* version*:whole owner* certainty* evidence* note"),
        allowed={"coding": CODINGS, "certainty": CERTAINTY},
        refers_to={"owner": ("owners.csv", "owner_id")},
    ),
    Table(
        "code_list_codes.csv",
        words("code_list code_from"),
        columns("code_list* code_from* code_to*"),
        refers_to={"code_list": IN_LISTS},
    ),
    Table(
        "dementia_rates.csv",
        words("sex age_from"),
        columns(
            "sex* age_from*:whole age_to:whole rate*:number lower*:number upper*:number certainty*"
            " evidence*"
        ),
        allowed={"sex": words("Male Female"), "certainty": CERTAINTY},
    ),
    Table(
        "disease_registers.csv",
        ("register",),
        columns("register*:id title* diagnosis_list* resolved_list is_long_term*:flag certainty*"),
        allowed={"certainty": CERTAINTY},
        refers_to={"diagnosis_list": IN_LISTS, "resolved_list": IN_LISTS},
    ),
    Table(
        "ethnic_categories.csv",
        ("ethnic_category",),
        columns("ethnic_category* ethnic_group* certainty* evidence*"),
        allowed={"certainty": CERTAINTY},
        refers_to={"ethnic_group": ("harmonised_categories.csv", "category")},
    ),
    Table(
        "frailty_weights.csv",
        ("icd10_start",),
        columns("icd10_start* points*:number"),
    ),
    Table(
        "segments.csv",
        words("rule_set segment"),
        columns("rule_set*:id segment*:id title* priority*:whole certainty* evidence*"),
        allowed={"certainty": CERTAINTY},
    ),
    Table(
        "segment_rules.csv",
        words("rule_set segment criterion register"),
        columns(
            "rule_set*:id segment*:id criterion* register age_from:whole points_from:whole note"
        ),
        allowed={"criterion": CRITERIA},
        refers_to={
            "segment": ("segments.csv", "segment"),
            "register": ("disease_registers.csv", "register"),
        },
    ),
)

"""What the files of `seeds/` that hold the frameworks must look like, as data.

Editions with their domains, members, programmes, selection principles and goals. The workbook of
a framework is checked by the same forms: `sources/framework_sheets.py`.
"""

from __future__ import annotations

from dagster_project.registry.forms import (
    CERTAINTY,
    EDITION_COLUMNS,
    SEXES,
    Table,
    columns,
    words,
)

KINDS_OF_FRAMEWORK = words("national local")
KINDS_OF_DOMAIN = words("domain segment theme")
ROLES = words("overarching improvement measure indicator supporting placeholder")
LIFE_CYCLES = words("proposed live under_review retired")
KINDS_OF_PROGRAMME = words("programme project")
PATHS = words("linear at_end")
SPAN = ("valid_from", "valid_to")

FRAMEWORK_TABLES: tuple[Table, ...] = (
    Table(
        "frameworks.csv",
        EDITION_COLUMNS,
        columns(
            "framework*:id edition* name* kind* publisher* area_codes:area valid_from*:date"
            " valid_to:date is_stand_in*:flag certainty* note"
        ),
        allowed={"kind": KINDS_OF_FRAMEWORK, "certainty": CERTAINTY},
        refers_to={"area_codes": ("areas.csv", "area_code")},
        several=("area_codes",),
        span=SPAN,
    ),
    Table(
        "domains.csv",
        (*EDITION_COLUMNS, "domain_code"),
        columns("framework* edition* domain_code* domain_name* kind* sort_order*:whole"),
        allowed={"kind": KINDS_OF_DOMAIN},
    ),
    Table(
        "outcome_types.csv",
        ("outcome_type",),
        columns("outcome_type*:id label* example framework certainty* note"),
        allowed={"certainty": CERTAINTY},
        refers_to={"framework": ("frameworks.csv", "framework")},
    ),
    Table(
        "framework_indicators.csv",
        (*EDITION_COLUMNS, "code", "indicator_id"),
        columns(
            "framework* edition* code* indicator_id* title* domain_code* role* sort_order*:whole"
            " fingertips_id:whole certainty* evidence* note outcome_type owner_partner programmes"
            " life_cycle* valid_from:date valid_to:date life_cycle_reason successor_code"
            " is_stand_in*:flag"
        ),
        allowed={"role": ROLES, "life_cycle": LIFE_CYCLES, "certainty": CERTAINTY},
        refers_to={
            "indicator_id": ("indicators.csv", "indicator_id"),
            "outcome_type": ("outcome_types.csv", "outcome_type"),
        },
        span=SPAN,
    ),
    Table(
        "programmes.csv",
        (*EDITION_COLUMNS, "programme_id"),
        columns("framework* edition* programme_id*:id name* kind* owner_partner note"),
        allowed={"kind": KINDS_OF_PROGRAMME},
    ),
    Table(
        "selection_principles.csv",
        (*EDITION_COLUMNS, "code", "principle"),
        columns("framework* edition* code principle* is_met why"),
        allowed={"is_met": words("yes no")},
    ),
    Table(
        "goals.csv",
        ("goal_id",),
        columns(
            "goal_id*:id framework* edition* code* indicator_id* area_code*:area sex* age*"
            " baseline_start:date baseline_end:date target_value*:number target_by*:date path*"
            " owner* source* is_stand_in*:flag certainty* note"
        ),
        allowed={"sex": SEXES, "path": PATHS, "certainty": CERTAINTY},
        refers_to={
            "indicator_id": ("indicators.csv", "indicator_id"),
            "area_code": ("areas.csv", "area_code"),
        },
        span=("baseline_start", "baseline_end"),
    ),
)

"""What the seeds must look like that say what may be compared with what; part of `TABLES`."""

from __future__ import annotations

from dagster_project.registry.forms import CERTAINTY, Table, columns, words

# What may differ between the two measures of a link.
DIFFERENCES = words(
    "definition numerator denominator population_basis age_sex period geography standardisation"
    " source unit"
)
VERDICTS = words("caution not_comparable")

COMPARABILITY_TABLES: tuple[Table, ...] = (
    Table(
        "crosswalk.csv",
        words(
            "theme left_framework left_edition left_code right_framework right_edition right_code"
        ),
        columns(
            "theme* relation* left_framework* left_edition* left_code* right_framework*"
            " right_edition* right_code* differs evidence* asserted_by* certainty*"
            " valid_from*:date valid_to:date caveat"
        ),
        allowed={
            "relation": words("shared complementary local_mirror proxy contributes_to thematic"),
            "differs": DIFFERENCES,
            "certainty": words("corroborated recalled our_reading"),
        },
        refers_to={"asserted_by": ("owners.csv", "owner_id")},
        several=("differs",),
        span=("valid_from", "valid_to"),
    ),
    Table(
        "measures.csv",
        ("indicator_id",),
        columns(
            "indicator_id* concept*:id measured_as* instrument population* follow_up_days:whole"
            " case_mix* source_kind* replaces certainty* note"
        ),
        allowed={
            "measured_as": words(
                "rate proportion gap score survival years_lost ratio count index expectancy"
            ),
            "case_mix": words("none age_sex age_sex_deprivation age_sex_need"),
            "source_kind": words(
                "survey register returns hospital_records linked_records deaths census modelled"
            ),
            "certainty": CERTAINTY,
        },
        refers_to={
            "indicator_id": ("indicators.csv", "indicator_id"),
            "replaces": ("measures.csv", "indicator_id"),
        },
    ),
    Table(
        "series_breaks.csv",
        words("indicator_id source_id from_date applies_to"),
        columns(
            "indicator_id* source_id from_date*:date applies_to* kind* effect* reason* certainty*"
            " evidence*"
        ),
        allowed={
            "applies_to": words("period publication"),
            "kind": words("source definition method denominator geography"),
            "effect": VERDICTS,
            "certainty": CERTAINTY,
        },
        refers_to={
            "indicator_id": ("indicators.csv", "indicator_id"),
            "source_id": ("sources.csv", "source_id"),
        },
    ),
    Table(
        "published_together.csv",
        ("area_code",),
        columns("area_code*:area published_with*:area certainty* evidence*"),
        allowed={"certainty": CERTAINTY},
        refers_to={
            "area_code": ("areas.csv", "area_code"),
            "published_with": ("areas.csv", "area_code"),
        },
    ),
    Table(
        "comparability_reasons.csv",
        ("reason",),
        columns("reason*:id verdict* about* sentence* rank*:whole"),
        allowed={"verdict": VERDICTS, "about": words("indicators groups areas periods")},
    ),
)

"""Summary Hospital-level Mortality Indicator (NHS England): its case-mix model and lookups.

Reference tables only: with them expected deaths could be worked out from hospital records. The
observed and expected deaths of trusts are in other files of the publication, which nobody has put
in an inbox yet. The lookups were passed on by an analyst, beside a list of comorbidity weights.
"""

from __future__ import annotations

from dagster_project.sources.layout import Field, Layout
from dagster_project.sources.period_rules import PeriodRule, is_financial_year

ICD10 = r"[A-Z]\d[0-9A-Z]{0,3}"

MODEL = Layout(
    layout_id="shmi_model",
    source_id="shmi",
    title="SHMI model predict statistics (CSV)",
    container="csv",
    table="shmi_model",
    period=PeriodRule(
        pattern=r"Apr(?P<start>\d\d)-Mar(?P<end>\d\d)",
        meaning=lambda match: (
            f"20{match['start']}/{match['end']}"
            if int(match["end"]) == int(match["start"]) + 1
            else None
        ),
        accepts=is_financial_year,
        example="SHMI model predict statistics, Apr22-Mar23 (csv).csv",
    ),
    key=("diagnosis_group", "predictor"),
    values=("estimate",),
    fields=(
        Field("indicator_number", ("INDICATOR_CODE",), "code", filled=True, pattern=r"I\d{5}"),
        Field("diagnosis_group", ("DIAGNOSIS_GROUP",), "code", filled=True, pattern=r"\d{1,3}"),
        Field("predictor", ("PREDICTOR",), "code", filled=True),
        Field("estimate", ("PARAMETER_ESTIMATE",), "figure", filled=True),
        # Empty for the level that the others are set against.
        Field("standard_error", ("STANDARD_ERROR",), "figure"),
        Field("wald_chi_square", ("WALD_CHI_SQUARE",), "figure"),
        Field("wald_df", ("WALD_DF",), "figure"),
        Field("wald_p_value", ("WALD_P_VALUE",), "figure"),
    ),
)

DIAGNOSIS_LOOKUP = Layout(
    layout_id="shmi_diagnosis_lookup",
    source_id="shmi",
    title="ICD-10 codes to CCS categories and SHMI diagnosis groups (workbook)",
    container="xlsx",
    table="shmi_diagnoses",
    key=("icd10_code",),
    values=("diagnosis_group", "ccs_category"),
    fields=(
        Field("icd10_code", ("ICD-10 CODE",), "code", filled=True, pattern=ICD10),
        Field("ccs_category", ("CCS_CATEGORY",), "code"),
        Field("diagnosis_group", ("SHMI_DIAGNOSIS_GROUP",), "code", filled=True),
    ),
)

GROUP_LABELS = Layout(
    layout_id="shmi_group_labels",
    source_id="shmi",
    title="SHMI diagnosis groups with their names (workbook)",
    container="xlsx",
    table="shmi_groups",
    key=("diagnosis_group",),
    values=("ccs_categories", "summary"),
    fields=(
        # Empty in a last row of NA, which staging leaves out.
        Field("diagnosis_group", ("SHMI_DIAGNOSIS_GROUP",), "code"),
        Field("ccs_categories", ("CCS_CATEGORIES",), "code"),
        Field("ccs_labels", ("CCS_LABELS",)),
        Field("summary", ("SUMMARY_DESCRIPTION",)),
        Field("short_label", ("short_label",)),
        Field("one_word", ("one_word",)),
    ),
)

COMORBIDITIES = Layout(
    layout_id="shmi_comorbidities",
    source_id="shmi",
    title="Charlson comorbidities: ICD-10 codes with their weights (workbook)",
    container="xlsx",
    table="shmi_comorbidities",
    key=("condition", "icd10_code"),
    values=("weight",),
    fields=(
        Field("condition", ("condition",), filled=True),
        Field("icd10_code", ("icd10",), "code", filled=True),
        Field("weight", ("charlson",), "figure", filled=True),
    ),
)

LAYOUTS = (MODEL, DIAGNOSIS_LOOKUP, GROUP_LABELS, COMORBIDITIES)

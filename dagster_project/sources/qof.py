"""Quality and Outcomes Framework (NHS Digital / NHS England): registers and practice geography.

The files don't state their year: it stands in their names (PREVALENCE_2021 is 2020/21).
The list size differs by register (all ages, 17 and over, ...), so it stands in each row.
"""

from __future__ import annotations

from dagster_project.sources.layout import Field, Layout
from dagster_project.sources.period_rules import financial_year_in_name

YEAR_IN_NAME = financial_year_in_name(example="PREVALENCE_2021.csv")

PRACTICE = r"[A-Z]\d{5}"

PREVALENCE = Layout(
    layout_id="qof_prevalence",
    source_id="qof",
    title="QOF prevalence by practice (CSV)",
    container="csv",
    table="qof_registers",
    encodings=("utf-8", "cp1252"),
    period=YEAR_IN_NAME,
    key=("practice_code", "group_code"),
    values=("register", "list_type", "list_size"),
    fields=(
        Field("practice_code", ("PRACTICE_CODE",), "code", filled=True, pattern=PRACTICE),
        Field("group_code", ("GROUP_CODE",), "code", filled=True, pattern=r"[A-Z]{2,5}"),
        Field("register", ("REGISTER",), "figure", filled=True),
        Field("list_type", ("PATIENT_LIST_TYPE",), "code", filled=True),
        Field("list_size", ("PRACTICE_LIST_SIZE",), "figure", filled=True),
    ),
)

PRACTICE_GEOGRAPHY = Layout(
    layout_id="qof_practice_geography",
    source_id="qof",
    title="QOF mapping of practices to NHS geographies (CSV)",
    container="csv",
    table="qof_practice_geography",
    encodings=("utf-8", "cp1252"),
    period=YEAR_IN_NAME,
    key=("practice_code",),
    values=("pcn_code", "ccg_ons_code", "stp_ons_code", "region_ons_code"),
    fields=(
        Field("country_ons_code", ("NAT_ONS_CODE",), "code"),
        Field("country_code", ("NAT_CODE",), "code"),
        Field("country_name", ("COUNTRY",)),
        Field("region_code", ("REGION_ODS_CODE",), "code"),
        Field("region_ons_code", ("REGION_ONS_CODE",), "code", filled=True),
        Field("region_name", ("REGION_NAME",)),
        Field("stp_code", ("STP_ODS_CODE", "ICB_ODS_CODE"), "code"),
        Field("stp_ons_code", ("STP_ONS_CODE", "ICB_ONS_CODE"), "code", filled=True),
        Field("stp_name", ("STP_NAME", "ICB_NAME")),
        Field("ccg_code", ("CCG_ODS_CODE", "SUB_ICB_LOC_ODS_CODE"), "code"),
        Field("ccg_ons_code", ("CCG_ONS_CODE", "SUB_ICB_LOC_ONS_CODE"), "code", filled=True),
        Field("ccg_name", ("CCG_NAME", "SUB_ICB_LOC_NAME")),
        Field("pcn_code", ("PCN_ODS_CODE",), "code", filled=True),
        Field("pcn_name", ("PCN_NAME",)),
        Field("practice_code", ("PRACTICE_CODE",), "code", filled=True, pattern=PRACTICE),
        Field("practice_name", ("PRACTICE_NAME",)),
    ),
)

INDICATOR_MAP = Layout(
    layout_id="qof_indicator_map",
    source_id="qof",
    title="QOF mapping of indicators to groups (CSV)",
    container="csv",
    table="qof_groups",
    encodings=("utf-8", "cp1252"),
    period=YEAR_IN_NAME,
    key=("indicator_code",),
    values=("group_code", "list_type"),
    fields=(
        Field("indicator_code", ("INDICATOR_CODE",), "code", filled=True),
        Field("points", ("INDICATOR_POINT_VALUE",), "figure"),
        Field("group_code", ("GROUP_CODE",), "code", filled=True),
        Field("group_name", ("GROUP_DESCRIPTION",), filled=True),
        Field("domain_code", ("DOMAIN_CODE",), "code"),
        Field("domain_name", ("DOMAIN_DESCRIPTION",)),
        Field("list_type", ("PATIENT_LIST_TYPE",), "code"),
    ),
)

ADJUSTMENTS = Layout(
    layout_id="qof_adjustments",
    source_id="qof",
    title="QOF personalised care adjustments and exclusions by indicator (CSV)",
    container="csv",
    table="qof_adjustments",
    encodings=("utf-8", "cp1252"),
    period=YEAR_IN_NAME,
    key=("indicator_code", "adjustment_name"),
    values=("kind", "category_number"),
    fields=(
        Field("indicator_code", ("INDICATOR_CODE",), "code", filled=True),
        Field("adjustment_name", ("PCA_EXCL_NAME",), "code", filled=True),
        Field("short_name", ("PCA_EXCL_SHORT_NAME",), "code"),
        Field("description", ("PCA_EXCL_DESCRIPTION",)),
        Field("kind", ("TYPE",), filled=True),
        Field("reach", ("GENERAL_SPECIFIC",)),
        Field("category_number", ("PCA_CATEGORY",), "code"),
        Field("category", ("PCA_CATEGORY_DESCRIPTION",)),
    ),
)

PRACTICE_POINTS = Layout(
    layout_id="qof_practice_points",
    source_id="qof",
    title="QOF practices with the points they can reach (CSV)",
    container="csv",
    table="qof_practice_points",
    encodings=("utf-8", "cp1252"),
    period=YEAR_IN_NAME,
    key=("practice_code",),
    values=("most_points",),
    fields=(
        Field("practice_code", ("PRACTICE_CODE",), "code", filled=True, pattern=PRACTICE),
        Field("most_points", ("REVISED_MAXIMUM_POINTS",), "figure", filled=True),
    ),
)

VALIDATION = Layout(
    layout_id="qof_validation",
    source_id="qof",
    title="QOF practices that failed a rule of the publisher (CSV)",
    container="csv",
    table="qof_validation",
    encodings=("utf-8", "cp1252"),
    period=YEAR_IN_NAME,
    key=("practice_code", "rule_number"),
    values=("rule",),
    fields=(
        Field("practice_code", ("PRACTICE_CODE",), "code", filled=True, pattern=PRACTICE),
        Field("rule_number", ("VALIDATION_RULE",), "code", filled=True),
        Field("rule", ("RULE_DESCRIPTION",), filled=True),
    ),
)

LAYOUTS = (
    PREVALENCE,
    PRACTICE_GEOGRAPHY,
    INDICATOR_MAP,
    ADJUSTMENTS,
    PRACTICE_POINTS,
    VALIDATION,
)

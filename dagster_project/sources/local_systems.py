"""What local systems publish: a panel of all integrated care boards, and somebody's framework.

The panel was collated by analysts of Bristol, North Somerset and South Gloucestershire from
published statistics, a row per board, year and metric, with boards by their ODS codes. Its
catalogue says what each metric counts, out of what, and what became of it. It is no outcomes
framework. Birmingham and Solihull's configuration shows how another system sets one up.
"""

from __future__ import annotations

from dagster_project.sources.layout import Field, Layout

ICB_PANEL = Layout(
    layout_id="icb_panel",
    source_id="icb_panel",
    title="Panel of integrated care boards by year and metric (CSV)",
    container="csv",
    table="icb_panel",
    key=("year", "icb_ods_code", "metric"),
    values=("value",),
    fields=(
        Field("year", ("year",), "code", filled=True, pattern=r"20\d\d"),
        Field("icb_ods_code", ("org",), "code", filled=True, pattern=r"Q[A-Z0-9]{2}"),
        Field("metric", ("metric",), filled=True),
        Field("value", ("value",), "figure", markers=("NA",)),
        Field("domain", ("domain",)),
    ),
)

ICB_CATALOGUE = Layout(
    layout_id="icb_panel_catalogue",
    source_id="icb_panel",
    title="Catalogue of the panel's metrics (CSV)",
    container="csv",
    table="icb_panel_metrics",
    encodings=("cp1252",),
    key=("metric",),
    values=("numerator_description", "denominator_description", "decision"),
    fields=(
        Field("theme", ("theme",)),
        Field("metric", ("metric",), filled=True),
        Field("domain", ("domain",)),
        Field("numerator_description", ("numerator_description",)),
        Field("denominator_description", ("denominator_description",)),
        Field("raw_area_type", ("raw_area_type",)),
        Field("decision", ("status",)),
    ),
)

BSOL_INDICATORS = Layout(
    layout_id="bsol_fingertips_indicators",
    source_id="bsol_framework",
    title="Birmingham & Solihull: indicators taken from Fingertips (workbook)",
    container="xlsx",
    table="bsol_indicators",
    key=("indicator_number",),
    values=("fingertips_code", "area_level"),
    fields=(
        Field("indicator_number", ("IndicatorID",), "code", filled=True, pattern=r"\d+"),
        Field("fingertips_code", ("FingerTips_id",), "code", filled=True, pattern=r"\d+"),
        # The workbook's other sheet, of indicators that are worked out locally, has no level.
        Field("area_level", ("AreaType",), filled=True),
    ),
)

BSOL_PARAMETERS = Layout(
    layout_id="bsol_parameters",
    source_id="bsol_framework",
    title="Birmingham & Solihull: ages and sexes of each indicator (CSV)",
    container="csv",
    table="bsol_parameters",
    key=("indicator_number", "reference", "age_category", "sex_category"),
    fields=(
        Field("indicator_number", ("IndicatorID",), "code", filled=True),
        Field("reference", ("ReferenceID",), "code"),
        Field("age_from", ("MinAge",), "code"),
        Field("age_to", ("MaxAge",), "code"),
        Field("age_category", ("AgeCategory",)),
        Field("sex_category", ("GenderCategory",)),
        Field("is_standardised", ("StandardizedIndicator",), "code"),
        Field("has_given_denominator", ("PreDeterminedDenominator",), "code"),
    ),
)

BSOL_PRACTICES = Layout(
    layout_id="bsol_practices",
    source_id="bsol_framework",
    title="Birmingham & Solihull: practices with their networks and localities (CSV)",
    container="csv",
    table="bsol_practices",
    key=("practice_code",),
    values=("pcn_code", "locality_code"),
    fields=(
        # A branch has its practice's code, a space and a number, or a code of its own.
        Field(
            "practice_code",
            ("Practice_Code",),
            "code",
            filled=True,
            pattern=r"[A-Z0-9]{5,6}( \d{3})?",
        ),
        Field("practice_kind", ("Type",)),
        Field("pcn_name", ("PCN",)),
        Field("pcn_code", ("PCN_Code",), "code"),
        Field("locality", ("Locality",)),
        Field("locality_code", ("Locality_Code",), "code"),
        Field("council", ("LA",)),
        Field("council_code", ("LA_Code",), "code"),
    ),
)

BSOL_WARDS = Layout(
    layout_id="bsol_wards",
    source_id="bsol_framework",
    title="Birmingham & Solihull: wards with their localities (CSV)",
    container="csv",
    table="bsol_wards",
    key=("ward_code",),
    values=("locality",),
    fields=(
        Field("council_code", ("ParentCode",), "code", filled=True),
        Field("council", ("ParentName",)),
        Field("ward_code", ("AreaCode",), "code", filled=True, pattern=r"E05\d{6}"),
        Field("ward_name", ("AreaName",)),
        Field("locality", ("Locality",), filled=True),
    ),
)

ETHNIC_CATEGORIES = Layout(
    layout_id="nhs_ethnic_categories",
    source_id="bsol_framework",
    title="NHS ethnic categories with local, census and ONS groups (CSV)",
    container="csv",
    table="ethnic_categories",
    key=("nhs_code",),
    values=("local_group", "ons_group"),
    fields=(
        Field("nhs_code", ("NHSCode",), "code", filled=True),
        Field("category", ("NHSCodeDefinition",)),
        Field("local_group", ("LocalGrouping",)),
        Field("census_code", ("CensusEthnicGroup",), "code"),
        Field("ons_group", ("ONSGroup",)),
    ),
)

LAYOUTS = (
    ICB_PANEL,
    ICB_CATALOGUE,
    BSOL_INDICATORS,
    BSOL_PARAMETERS,
    BSOL_PRACTICES,
    BSOL_WARDS,
    ETHNIC_CATEGORIES,
)

"""Patients registered at a GP practice (NHS Digital, now NHS England): list sizes, once a month.

Of the publication's files this is the one of totals: a row a practice, all sexes and ages. The day
on which patients were counted stands in each row (01JAN2021), so a name need not say it.
"""

from __future__ import annotations

from dagster_project.sources.layout import Field, Layout

# Written as 01JAN2021. Patients are counted early in a month: every day that is admitted exists.
DAY = r"(0[1-9]|1\d|2[0-8])(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)20\d\d"

PRACTICE_TOTALS = Layout(
    layout_id="registered_patients_totals",
    source_id="registered_patients",
    title="Patients registered at a GP practice, totals (CSV)",
    container="csv",
    table="registered_patients",
    key=("extract_date", "practice_code"),
    values=("sub_icb_code", "patients"),
    fields=(
        Field("publication", ("PUBLICATION",), "code", filled=True, pattern="GP_PRAC_PAT_LIST"),
        Field("extract_date", ("EXTRACT_DATE",), "code", filled=True, pattern=DAY),
        Field("organisation_type", ("TYPE",), "code", filled=True, pattern="GP"),
        # CCGs have been locations of integrated care boards since July 2022; public code reads
        # later files by these names, and no such file was at hand.
        Field(
            "sub_icb_ods_code",
            ("CCG_CODE", "SUB_ICB_LOCATION_CODE"),
            "code",
            filled=True,
            pattern=r"\d\d[A-Z]|[A-Z]\d[A-Z0-9]{1,3}",
        ),
        Field(
            "sub_icb_code",
            ("ONS_CCG_CODE", "ONS_SUB_ICB_LOCATION_CODE"),
            "code",
            filled=True,
            pattern=r"E38\d{6}",
        ),
        Field("practice_code", ("CODE",), "code", filled=True, pattern=r"[A-Z]\d{5}"),
        Field("postcode", ("POSTCODE",), "code"),
        # Rows by sex or age would be counted again: totals only.
        Field("sex", ("SEX",), "code", filled=True, pattern="ALL"),
        Field("age", ("AGE",), "code", filled=True, pattern="ALL"),
        Field("patients", ("NUMBER_OF_PATIENTS",), "figure", filled=True),
    ),
)

LAYOUTS = (PRACTICE_TOTALS,)

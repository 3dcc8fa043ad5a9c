"""Adult Social Care Outcomes Framework: the open data (workbook and CSV) and a compiled series.

One row per measure, area and measure type (Outcome, Numerator, Denominator, Base, Margin Of
Error). `[c]` confidential, `[x]` not available or a zero denominator, `[z]` not applicable stand
in the value's place. Headers changed in case and underscore; 2024-25 dropped the measure group.
The codes were reused in 2023-24 (old 3A is satisfaction, new 3A control over daily life), so the
year decides what a code means.
"""

from __future__ import annotations

from dagster_project.sources.layout import Field, Layout
from dagster_project.sources.period_rules import financial_year_in_name

MARKERS = (r"\[[a-z]\]", r"\*", r":", r"-", r"\.\.")
ONS_CODE = r"[EW]\d{8}|-"

_AREA_AND_MEASURE = (
    Field("geographical_description", ("Geographical Description",), filled=True),
    Field("geographical_level", ("Geographical Level",), filled=True),
    Field("ons_code", ("ONS Code", "ONS Area Code"), "code", pattern=ONS_CODE),
    Field("disaggregation", ("Disaggregation Level",)),
    Field("measure_type", ("Measure Type",)),
    Field("measure_value", ("Measure Value",), "figure", markers=MARKERS),
)


def _open_data(container: str) -> Layout:
    return Layout(
        layout_id=f"ascof_open_data_{container}",
        source_id="ascof",
        title=f"ASCOF open data ({'workbook' if container == 'xlsx' else 'CSV'})",
        container="xlsx" if container == "xlsx" else "csv",
        table="ascof_measures",
        encodings=("utf-8", "cp1252"),
        period=financial_year_in_name(example="meas-from-asc-of-eng-2021-open-data.csv"),
        key=("geographical_code", "measure_code", "disaggregation", "measure_type"),
        values=("measure_value",),
        fields=(
            Field("geographical_code", ("Geographical Code",), "code", filled=True),
            *_AREA_AND_MEASURE,
            Field("measure_code", ("ASCOF Measure Code",), "code", filled=True),
            Field("measure_group", ("Measure Group",), "code", required=False),
            Field("measure_group_description", ("Measure Group Description",), required=False),
        ),
    )


COMPILED_SERIES = Layout(
    layout_id="ascof_compiled_series",
    source_id="ascof_compiled",
    title="ASCOF 2017-18 to 2023-24, compiled by a third party (CSV)",
    container="csv",
    table="ascof_compiled",
    encodings=("utf-8", "cp1252"),
    key=(
        "year",
        "geographical_description",
        "geographical_level",
        "measure_group",
        "disaggregation",
        "measure_type",
    ),
    values=("measure_value",),
    fields=(
        Field("year", ("Year",), "code", filled=True, pattern=r"20\d\d-\d\d"),
        *_AREA_AND_MEASURE,
        Field("measure_group", ("Measure Group",), "code", filled=True),
        Field("measure_group_description", ("Measure Group Description",)),
    ),
)

LAYOUTS = (_open_data("xlsx"), _open_data("csv"), COMPILED_SERIES)

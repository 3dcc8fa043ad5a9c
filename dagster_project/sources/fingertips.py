"""Fingertips (Office for Health Improvement and Disparities): the indicator CSV and its kin.

Seen in real files from 2017 to 2024. One header changes with the query ("Compared to <parent>
value or percentiles", "Compared to percentiles", "Column not used"), so it is matched by shape.
England's row is repeated once per parent area; a newline may stand inside a quoted name; a value
note may hold HTML; the last column is missing in older files.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dagster_project.sources.layout import Field, Layout

# Short codes of the NHS may be all digits, longer ones begin with a letter: ten digits are no area.
AREA_CODE = r"n?[EJKNSW]\d{8}(-.+)?|[A-Z]\d{5}|[A-Z0-9]{3,6}|[A-Z][A-Z0-9]{6,9}|E\d{8}-.*"

INDICATOR_CSV = Layout(
    layout_id="fingertips_csv",
    source_id="fingertips",
    title="Fingertips indicator data (CSV, 25 to 27 columns)",
    container="csv",
    table="fingertips_values",
    key=(
        "indicator_code",
        "area_code",
        "sex",
        "age",
        "category_type",
        "category",
        "time_period",
        "time_period_sortable",
        "time_period_range",
    ),
    values=(
        "value",
        "lower_95",
        "upper_95",
        "lower_998",
        "upper_998",
        "count",
        "denominator",
        "value_note",
    ),
    fields=(
        Field("indicator_code", ("Indicator ID",), "code", filled=True, pattern=r"\d{1,7}"),
        Field("indicator_name", ("Indicator Name",), filled=True),
        Field("parent_code", ("Parent Code",), "code"),
        Field("parent_name", ("Parent Name",)),
        Field("area_code", ("Area Code",), "code", filled=True, pattern=AREA_CODE),
        Field("area_name", ("Area Name",), filled=True),
        Field("area_type", ("Area Type",), filled=True),
        Field("sex", ("Sex",), filled=True),
        Field("age", ("Age",), filled=True),
        Field("category_type", ("Category Type",)),
        Field("category", ("Category",)),
        Field("time_period", ("Time period",), filled=True),
        Field("value", ("Value",), "figure"),
        Field("lower_95", ("Lower CI 95.0 limit", "Lower CI limit"), "figure"),
        Field("upper_95", ("Upper CI 95.0 limit", "Upper CI limit"), "figure"),
        Field("lower_998", ("Lower CI 99.8 limit",), "figure", required=False),
        Field("upper_998", ("Upper CI 99.8 limit",), "figure", required=False),
        Field("count", ("Count",), "figure"),
        Field("denominator", ("Denominator",), "figure"),
        Field("value_note", ("Value note",)),
        Field("recent_trend", ("Recent Trend",)),
        Field("compared_to_england", ("Compared to England value or percentiles",)),
        Field(
            "compared_to_parent",
            ("Compared to parent value or percentiles",),
            required=False,
            header_pattern=r"comparedto.*percentiles|columnnotused",
        ),
        Field("time_period_sortable", ("Time period Sortable",), "code", required=False),
        Field("new_data", ("New data",), required=False),
        Field("compared_to_goal", ("Compared to goal", "Target data"), required=False),
        Field("time_period_range", ("Time period range",), required=False),
    ),
)

API_VALUES_CSV = Layout(
    layout_id="fingertips_api_values",
    source_id="fingertips",
    title="Fingertips values as an API gives them (CSV, 6 columns)",
    container="csv",
    table="fingertips_api_values",
    key=("indicator_code", "year", "area_code"),
    values=("value",),
    fields=(
        Field("indicator_code", ("IndicatorID",), "code", filled=True, pattern=r"\d{1,7}"),
        Field("year", ("Year",), "code", filled=True, pattern=r"(19|20)\d\d"),
        Field("area_code", ("AreaCode",), "code", filled=True, pattern=AREA_CODE),
        Field("area_name", ("AreaName",)),
        Field("is_area_current", ("IsAreaCurrent",), "code"),
        Field("value", ("Value",), "figure"),
    ),
)

# The seed files of the FingertipsNext service. The year is a bare integer (2020 is 2020/21 for a
# financial year); this vintage has no category and no quarter column, so rows cut by deprivation
# or quarter share a key with the whole: which is which can't be told, and none of them is used.
NEXT_HEALTH_DATA = Layout(
    layout_id="fingertips_next_health_data",
    source_id="fingertips_next",
    title="FingertipsNext health data (CSV, 13 columns)",
    container="csv",
    table="fingertips_next_values",
    key=("indicator_code", "year", "age", "sex", "area_code"),
    values=("count", "value", "lower_95", "upper_95", "denominator"),
    contradictions="drop",
    fields=(
        Field("indicator_code", ("IndicatorId",), "code", filled=True, pattern=r"\d{1,7}"),
        Field("year", ("Year",), "code", filled=True, pattern=r"(19|20)\d\d"),
        Field("age_id", ("AgeID",), "code"),
        Field("sex_id", ("SexID",), "code"),
        Field("area_code", ("AreaCode",), "code", filled=True, pattern=AREA_CODE),
        Field("count", ("Count",), "figure"),
        Field("value", ("Value",), "figure"),
        Field("lower_95", ("LowerCI",), "figure"),
        Field("upper_95", ("UpperCI",), "figure"),
        Field("denominator", ("Denominator",), "figure"),
        Field("recent_trend", ("Trend",)),
        Field("sex", ("Sex",), filled=True),
        Field("age", ("Age",), filled=True),
    ),
)


def _is_indicator_metadata(document: Any) -> bool:
    if not isinstance(document, dict) or not document:
        return False
    first = next(iter(document.values()))
    return isinstance(first, dict) and {"IID", "Descriptive", "ValueType"} <= first.keys()


def _metadata_rows(document: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    def named(entry: dict[str, Any], part: str, key: str = "Name") -> Any:
        value = entry.get(part) or {}
        return value.get(key) if isinstance(value, dict) else None

    for number, code in enumerate(sorted(document, key=int), start=1):
        entry = document[code]
        yield (
            number,
            (
                entry.get("IID"),
                named(entry, "Descriptive"),
                named(entry, "Unit", "Label"),
                named(entry, "Unit", "Value"),
                named(entry, "YearType"),
                named(entry, "ValueType"),
                named(entry, "ConfidenceIntervalMethod"),
                named(entry, "Polarity"),
                named(entry, "Descriptive", "DataSource"),
                named(entry, "DataChange", "LastUploadedAt"),
            ),
        )


INDICATOR_METADATA = Layout(
    layout_id="fingertips_metadata_json",
    source_id="fingertips_metadata",
    title="Fingertips indicator metadata (JSON, keyed by indicator id)",
    container="json",
    table="fingertips_metadata",
    key=("indicator_code",),
    values=("unit", "value_type", "year_type", "ci_method", "polarity"),
    shape=_is_indicator_metadata,
    rows=_metadata_rows,
    fields=(
        Field("indicator_code", ("IID",), "code", filled=True, pattern=r"\d{1,7}"),
        Field("indicator_name", ("Name",)),
        Field("unit", ("Unit",)),
        Field("unit_value", ("Unit value",), "figure"),
        Field("year_type", ("YearType",)),
        Field("value_type", ("ValueType",)),
        Field("ci_method", ("ConfidenceIntervalMethod",)),
        Field("polarity", ("Polarity",)),
        Field("data_source", ("DataSource",)),
        Field("last_uploaded_at", ("LastUploadedAt",)),
    ),
)

LAYOUTS = (INDICATOR_CSV, API_VALUES_CSV, NEXT_HEALTH_DATA, INDICATOR_METADATA)

"""Fingertips at second hand, and lists about it.

Trafford's data team turns Fingertips indicators into one tidy shape. `inequality` means the sex in
the files of life expectancy and a deprivation quintile in those of obesity; `unit` is the sex where
the measure is a rate or a percentage, and `Years` where it is years. Indicators have their names
and no numbers, and several may stand in one file. `NA` is a gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dagster_project.sources.layout import Field, Layout

INDICATOR_CODE = r"\d{1,7}"

DERIVED = Layout(
    layout_id="fingertips_derived",
    source_id="fingertips_derived",
    title="Fingertips indicators in Trafford's tidy shape (CSV)",
    container="csv",
    table="fingertips_derived",
    key=("area_code", "period", "indicator_name", "unit", "inequality"),
    values=("value",),
    fields=(
        Field("area_code", ("area_code",), "code", filled=True, pattern=r"E\d{8}"),
        Field("area_name", ("area_name",)),
        Field("area_type", ("area_type",), filled=True),
        Field("period", ("period",), filled=True),
        Field("indicator_name", ("indicator",), filled=True),
        Field("measure", ("measure",), filled=True),
        Field("unit", ("unit",), filled=True),
        Field("value", ("value",), "figure", markers=("NA",)),
        Field("compared_to_england", ("compared_to_England",)),
        Field("inequality", ("inequality",), filled=True),
    ),
)

INDICATOR_LIST = Layout(
    layout_id="fingertips_indicator_list",
    source_id="fingertips_metadata",
    title="Fingertips indicators by profile and domain (CSV)",
    container="csv",
    table="fingertips_indicator_list",
    key=("indicator_code", "domain_number", "profile_number"),
    values=("indicator_name",),
    fields=(
        Field("indicator_code", ("IndicatorID",), "code", filled=True, pattern=INDICATOR_CODE),
        Field("indicator_name", ("IndicatorName",), filled=True),
        # Ten digits: one in eleven looks like an NHS number.
        Field("domain_number", ("DomainID",), "code", filled=True),
        Field("domain_name", ("DomainName",)),
        Field("profile_number", ("ProfileID",), "code", filled=True),
        Field("profile_name", ("ProfileName",)),
    ),
)

NEXT_INDICATORS_CSV = Layout(
    layout_id="fingertips_next_indicators_csv",
    source_id="fingertips_next",
    title="FingertipsNext indicators (CSV)",
    container="csv",
    table="fingertips_next_indicators",
    key=("indicator_code",),
    values=("polarity", "value_type"),
    fields=(
        Field("indicator_code", ("IndicatorID",), "code", filled=True, pattern=INDICATOR_CODE),
        Field("polarity", ("Polarity",)),
        Field("comparison_method", ("BenchmarkComparisonMethod",)),
        Field("value_type", ("ValueType",)),
        Field("indicator_name", ("IndicatorName",), filled=True),
        Field("period_type", ("PeriodType",)),
        Field("frequency", ("Frequency",)),
        Field("is_summed_here", ("RequiresGeoAggregation",), "code"),
    ),
)


def _is_next_indicators(document: Any) -> bool:
    return (
        isinstance(document, list)
        and bool(document)
        and isinstance(document[0], dict)
        and {"indicatorID", "indicatorName", "valueType", "unitLabel"} <= document[0].keys()
    )


NEXT_KEYS = {
    "indicator_code": "indicatorID",
    "polarity": "polarity",
    "comparison_method": "benchmarkComparisonMethod",
    "value_type": "valueType",
    "indicator_name": "indicatorName",
    "period_type": "periodType",
    "frequency": "frequency",
    "is_summed_here": "requiresGeoAggregation",
    "unit": "unitLabel",
    "unit_value": "unitValue",
    "ci_method": "ciMethod",
    "definition": "indicatorDefinition",
    "numerator_definition": "countDefinition",
    "denominator_definition": "denominatorDefinition",
    "caveats": "caveats",
    "earliest_period": "earliestDataPeriod",
    "latest_period": "latestDataPeriod",
}


def _next_indicator_rows(document: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for number, entry in enumerate(document, start=1):
        yield number, tuple(entry.get(key) for key in NEXT_KEYS.values())


NEXT_INDICATORS_JSON = Layout(
    layout_id="fingertips_next_indicators_json",
    source_id="fingertips_next",
    title="FingertipsNext indicators with their definitions (JSON)",
    container="json",
    table="fingertips_next_indicators",
    key=("indicator_code",),
    values=("polarity", "value_type"),
    shape=_is_next_indicators,
    rows=_next_indicator_rows,
    fields=tuple(
        Field(
            name,
            (key,),
            "code" if name in ("indicator_code", "is_summed_here", "unit_value") else "text",
            filled=name in ("indicator_code", "indicator_name"),
        )
        for name, key in NEXT_KEYS.items()
    ),
)

NEXT_AGES = Layout(
    layout_id="fingertips_next_ages",
    source_id="fingertips_next",
    title="FingertipsNext age bands (CSV)",
    container="csv",
    table="fingertips_ages",
    key=("age_number",),
    values=("age", "from_years", "to_years"),
    fields=(
        Field("age_number", ("AgeID",), "code", filled=True),
        Field("age", ("Age",), filled=True),
        Field("from_years", ("MinYears",), "figure"),
        Field("to_years", ("MaxYears",), "figure"),
    ),
)

NEXT_CATEGORIES = Layout(
    layout_id="fingertips_next_categories",
    source_id="fingertips_next",
    title="FingertipsNext categories (CSV)",
    container="csv",
    table="fingertips_categories",
    key=("category_type", "category"),
    values=("sequence",),
    fields=(
        Field("category", ("CategoryName",), filled=True),
        Field("category_type", ("CategoryTypeName",), filled=True),
        Field("sequence", ("Sequence",), "code"),
    ),
)

LAYOUTS = (
    DERIVED,
    INDICATOR_LIST,
    NEXT_INDICATORS_CSV,
    NEXT_INDICATORS_JSON,
    NEXT_AGES,
    NEXT_CATEGORIES,
)

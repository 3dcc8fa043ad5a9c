"""NHS Outcomes Framework indicator files (NHS Digital / NHS England), as CSV and as workbook.

No real file was at hand: the columns are those that three analysts' scripts read, so the layouts
say that they are unverified. The header differs by indicator; a workbook has 13 or 14 rows of
preamble. Footnote digits stand glued to the year, `*` in place of what is hidden. Which indicator
a file holds stands in its name alone, by a code that was reused and a number (I00708) that wasn't.
"""

from __future__ import annotations

from dagster_project.sources.layout import Field, Layout

MARKERS = (r"\*", r"-", r"\.\.")


def _figure(name: str, *headers: str) -> Field:
    return Field(name, headers, "figure", required=False, markers=MARKERS)


FIELDS = (
    Field("year", ("Year",), "code", filled=True, pattern=r"(19|20)\d\d.*"),
    Field("quarter", ("Quarter",), "code", required=False),
    Field("period_of_coverage", ("Period of coverage",), required=False),
    Field("breakdown", ("Breakdown",), filled=True),
    Field("level", ("Level",)),
    Field("level_description", ("Level description",), required=False),
    Field("sex", ("Gender", "Sex"), required=False),
    Field("age", ("Age", "Age group"), required=False),
    _figure("value", "Indicator value"),
    _figure("lower_95", "Lower CI", "Lower confidence interval"),
    _figure("upper_95", "Upper CI", "Upper confidence interval"),
    _figure("ratio", "Standardised ratio"),
    _figure("ratio_lower_95", "Standardised ratio lower CI"),
    _figure("ratio_upper_95", "Standardised ratio upper CI"),
    _figure("numerator", "Numerator"),
    _figure("denominator", "Denominator"),
    _figure("observed", "Observed"),
    _figure("expected", "Expected"),
    _figure("population", "Population"),
    _figure("percent_unclassified", "Percent unclassified"),
)


def _indicator_data(container: str) -> Layout:
    return Layout(
        layout_id=f"nhsof_indicator_{container}",
        source_id="nhsof",
        title=f"NHSOF indicator data ({'workbook' if container == 'xlsx' else 'CSV'})",
        container="xlsx" if container == "xlsx" else "csv",
        table="nhsof_values",
        encodings=("utf-8", "cp1252"),
        key=("year", "quarter", "breakdown", "level", "level_description", "sex", "age"),
        values=("value", "lower_95", "upper_95", "numerator", "denominator"),
        # The header is the indicator's own: what isn't known is left where it is.
        other_columns=r"[A-Za-z%][\w %()/,.&'-]*",
        is_verified=False,
        fields=FIELDS,
    )


LAYOUTS = (_indicator_data("csv"), _indicator_data("xlsx"))

"""Patient Reported Outcome Measures (NHS Digital), hip and knee replacement: the yearly data pack.

The year stands in the files' names. `*` hides small numbers, `-` is no value, percentages are text
(`69.10%`). The questionnaires themselves are published too, one row each and disclosure-controlled:
they are counted while they are read, and no row of them is kept.
"""

from __future__ import annotations

from dagster_project.sources.layout import Field, Layout
from dagster_project.sources.period_rules import financial_year_in_name

MARKERS = (r"\*", r"-")
YEAR_IN_NAME = financial_year_in_name(example="Key Facts Hip and Knee Replacements 1819.csv")
ENCODINGS = ("utf-8", "cp1252")
PERCENTAGE = r"\d{1,3}(\.\d+)?%|\*|-"
# The publisher's own spelling, and the right one should it be mended.
ORGANISATION_NAME = ("Organsation Name", "Organisation Name")


def _figure(name: str, header: str) -> Field:
    return Field(name, (header,), "figure", markers=MARKERS)


KEY_FACTS = Layout(
    layout_id="proms_key_facts",
    source_id="proms",
    title="PROMs key facts: how many improved (CSV)",
    container="csv",
    table="proms_key_facts",
    encodings=ENCODINGS,
    period=YEAR_IN_NAME,
    key=("procedure", "organisation_type", "organisation_code", "measure"),
    values=("improved", "unchanged", "worsened", "total"),
    fields=(
        Field("lookup", ("Lookup",)),
        Field("procedure", ("Procedure",), filled=True),
        Field("organisation_type", ("Organisation Type",), filled=True),
        Field("organisation_code", ("Organisation Code",), "code", filled=True),
        Field("organisation_name", ORGANISATION_NAME),
        Field("measure", ("Measure",), filled=True),
        _figure("improved", "Improved"),
        _figure("unchanged", "Unchanged"),
        _figure("worsened", "Worsened"),
        _figure("total", "Total"),
        # The same letters as the counts once a header is reduced to them: order tells them apart.
        Field("improved_share", ("% Improved",), "code", pattern=PERCENTAGE),
        Field("unchanged_share", ("% Unchanged",), "code", pattern=PERCENTAGE),
        Field("worsened_share", ("% Worsened",), "code", pattern=PERCENTAGE),
    ),
)

MEASURES = Layout(
    layout_id="proms_provider_commissioner",
    source_id="proms",
    title="PROMs health gain by provider and commissioner (CSV)",
    container="csv",
    table="proms_measures",
    encodings=ENCODINGS,
    period=YEAR_IN_NAME,
    key=("procedure", "organisation_type", "organisation_code", "measure"),
    values=("modelled_records", "health_gain", "adjusted_health_gain"),
    fields=(
        Field("procedure", ("Procedure",), filled=True),
        Field("organisation_type", ("Organisation Type",), filled=True),
        Field("organisation_code", ("Organisation Code",), "code", filled=True),
        Field("organisation_name", ORGANISATION_NAME),
        Field("measure", ("Measure",), filled=True),
        _figure("modelled_records", "Modelled Records"),
        _figure("score_before", "Average Pre-Op Q Score"),
        _figure("score_after", "Average Post-Op Q Score"),
        _figure("health_gain", "Health Gain"),
        _figure("improved", "Improved"),
        _figure("same", "Same"),
        _figure("worse", "Worse"),
        _figure("adjusted_score_after", "Adjusted Post-Op Q Score"),
        _figure("adjusted_health_gain", "Adjusted Average Health Gain"),
        _figure("standard_deviation", "Standard Deviation"),
    ),
)

# Each pack's series holds the years so far, a column a year; a year is named by its April.
_SERIES_YEARS = range(2009, 2031)
SERIES = Layout(
    layout_id="proms_time_series",
    source_id="proms",
    title="PROMs adjusted health gain, a column a year (CSV)",
    container="csv",
    table="proms_series",
    encodings=ENCODINGS,
    key=("organisation_code", "procedure", "measure", "start_year"),
    values=("modelled_records", "adjusted_health_gain"),
    fields=(
        Field("organisation_code", ("OrgCode",), "code", filled=True),
        Field("organisation_name", ("OrgName",)),
        Field("procedure", ("Procedure",), filled=True),
        Field("measure", ("Measure",), filled=True),
        *(
            Field(f"{name}_{year}", (f"{header}_{year}",), "code", required=False)
            for name, header in (
                ("modelled_records", "Modelled_Records"),
                ("adjusted_health_gain", "Adjusted_Health_Gain"),
                ("outlier", "Outlier"),
            )
            for year in _SERIES_YEARS
        ),
    ),
    table_fields=(
        Field("organisation_code", ("OrgCode",), "code", filled=True),
        Field("organisation_name", ("OrgName",)),
        Field("procedure", ("Procedure",), filled=True),
        Field("measure", ("Measure",), filled=True),
        Field("start_year", ("Year",), "code", filled=True, pattern=r"20\d\d"),
        _figure("modelled_records", "Modelled_Records"),
        _figure("adjusted_health_gain", "Adjusted_Health_Gain"),
        Field("outlier", ("Outlier",)),
    ),
    rows_per_row=0,
    projection="""
        select organisation_code, organisation_name, procedure, measure,
            right(cell, 4) as start_year,
            max(content) filter (where cell like 'modelled%') as modelled_records,
            max(content) filter (where cell like 'adjusted%') as adjusted_health_gain,
            max(content) filter (where cell like 'outlier%') as outlier
        from (unpivot incoming_file on columns('_20[0-9][0-9]$') into name cell value content)
        group by all order by all""",
)

_MOMENTS = ("Mean", "5%", "1st Quartile", "Median", "3rd Quartile", "95%")
EQUALITY = Layout(
    layout_id="proms_equality",
    source_id="proms",
    title="PROMs scores for England by age, sex, ethnic group and deprivation (CSV)",
    container="csv",
    table="proms_equality",
    encodings=ENCODINGS,
    period=YEAR_IN_NAME,
    key=("dimension", "part", "procedure", "measure"),
    values=("improved", "unchanged", "worsened", "total"),
    fields=(
        Field("dimension", ("Dimension",), filled=True),
        Field("part", ("Value",), filled=True),
        Field("procedure", ("Procedure",), filled=True),
        Field("measure", ("Measure",), filled=True),
        *(
            Field(f"{name}_{place}", (f"{header} {moment}",), "figure")
            for name, header in (
                ("score_before", "Pre-Op Q"),
                ("score_after", "Post-Op Q"),
                # As the publisher spells it.
                ("health_gain", "Heath Gain"),
            )
            for place, moment in zip(
                ("mean", "p05", "p25", "median", "p75", "p95"), _MOMENTS, strict=True
            )
        ),
        Field("improved", ("Improved",), "figure"),
        Field("unchanged", ("Unchanged",), "figure"),
        Field("worsened", ("Worsened",), "figure"),
        Field("total", ("Total",), "figure"),
    ),
)

_GROUPS = (
    "All Procedures",
    *(
        f"{kind}{part} Replacement"
        for part in ("Hip", "Knee")
        for kind in ("", "Primary ", "Revision ")
    ),
)
_QUANTITIES = (
    "Total HES Procedures",
    "Total Pre-Op Qs",
    "Participation Rate",
    "Total Linked",
    "Linkage rate",
    "Total Q2s sent to date",
    "Issue rate",
    "Total Q2s returned to date",
    "Response rate",
)
PARTICIPATION = Layout(
    layout_id="proms_participation",
    source_id="proms",
    title="PROMs participation and linkage by provider (CSV)",
    container="csv",
    table="proms_participation",
    encodings=ENCODINGS,
    period=YEAR_IN_NAME,
    key=("organisation_code", "procedure", "quantity"),
    values=("figure",),
    fields=(
        Field("organisation_code", ("Organisation Code",), "code", filled=True),
        Field("organisation_name", ("Organisation Name",)),
        *(
            Field(f"{group}|{quantity}", (f"{group} - {quantity}",), "code")
            for group in _GROUPS
            for quantity in _QUANTITIES
        ),
    ),
    table_fields=(
        Field("organisation_code", ("Organisation Code",), "code", filled=True),
        Field("organisation_name", ("Organisation Name",)),
        Field("procedure", ("Procedure",), filled=True),
        Field("quantity", ("Quantity",), filled=True),
        _figure("figure", "Figure"),
    ),
    rows_per_row=0,
    projection="""
        select organisation_code, organisation_name, split_part(cell, '|', 1) as procedure,
            split_part(cell, '|', 2) as quantity, content as figure
        from (unpivot incoming_file on columns('[|]') into name cell value content)""",
)

RECORDS = Layout(
    layout_id="proms_records",
    source_id="proms",
    title="PROMs questionnaires, one row each (CSV): counted, and no row kept",
    container="csv",
    table="proms_record_counts",
    encodings=ENCODINGS,
    key=("organisation_code", "procedure", "revision_flag", "year"),
    values=("records",),
    # The answers: of them nothing is read.
    other_columns=r"(Pre-Op Q|Post-Op Q|Hip Replacement|Knee Replacement) .*"
    r"|[A-Z][a-z]+( [A-Z][a-z]+)?",
    fields=(
        # The file by commissioner heads its codes so too.
        Field("organisation_code", ("Provider Code",), "code", filled=True),
        Field("procedure", ("Procedure",), filled=True),
        Field("revision_flag", ("Revision Flag",), "code", filled=True),
        Field("year", ("Year",), "code", filled=True, pattern=r"20\d\d/\d\d"),
        Field("age_band", ("Age Band",)),
        Field("gender", ("Gender",), "code"),
        Field("assisted_before", ("Pre-Op Q Assisted",), "code"),
        Field("satisfaction_after", ("Post-Op Q Satisfaction",), "code"),
    ),
    table_fields=(
        Field("organisation_code", ("Provider Code",), "code", filled=True),
        Field("procedure", ("Procedure",), filled=True),
        Field("revision_flag", ("Revision Flag",), "code", filled=True),
        Field("year", ("Year",), "code", filled=True, pattern=r"20\d\d/\d\d"),
        Field("records", ("Records",), "figure"),
    ),
    folded="counted_not_kept",
    rows_per_row=0,
    projection="""
        select organisation_code, procedure, revision_flag, year,
            cast(count(*) as double) as records
        from incoming_file group by all order by all""",
)

LAYOUTS = (KEY_FACTS, MEASURES, SERIES, EQUALITY, PARTICIPATION, RECORDS)

"""Mid-year populations of the Office for National Statistics: workbooks and small areas.

The workbooks (.xls) hold a sheet each for persons, males and females, under names that change from
year to year; countries, regions, counties and districts stand in one column. The year stands in
the title above each header. In the Parquet copies of the small-area figures only the name says it.
"""

from __future__ import annotations

from dagster_project.sources.layout import Field, Layout, Part, Total
from dagster_project.sources.period_rules import calendar_year

UK_CODE = r"[EKNSW]\d{8}"
LSOA = r"[EW]01\d{6}"
AGES = range(91)


def _age_fields() -> tuple[Field, ...]:
    """A column for each year of age; the last is 90 and over, written 90 or 90+."""
    return tuple(Field(f"age_{age}", (str(age),), "figure", filled=True) for age in AGES)


MID_YEAR_ESTIMATES = Layout(
    layout_id="ons_mid_year_estimates",
    source_id="ons_populations",
    title="ONS mid-year population estimates by age and sex (.xls, MYE2)",
    container="xls",
    table="populations",
    period=calendar_year(
        pattern=r"mid[-_ ]?(?P<year>20\d\d)",
        example="ukpopestimatesmid2020.xls",
        title=r"(?i)\bmid-(?P<year>20\d\d)\b",
    ),
    key=("area_code", "sex", "age"),
    values=("persons",),
    parts=(
        Part("Persons", r"mye2(all|persons)|personsuk"),
        Part("Males", r"mye2(m|males)|malesuk"),
        Part("Females", r"mye2(f|females)|femalesuk"),
    ),
    notes_below=True,
    fields=(
        Field("area_code", ("Code",), "code", filled=True, pattern=UK_CODE),
        Field("area_name", ("Name",), filled=True),
        # "Geography1" where a footnote stands at it; not there before 2018.
        Field("area_kind", ("Geography", "Geography1"), required=False),
        Field("sex", ("the sheet's name",), from_sheet=True, required=False),
        Field("all_ages", ("All ages",), "figure", filled=True),
        *_age_fields(),
    ),
    table_fields=(
        Field("area_code", ("Code",), "code", filled=True, pattern=UK_CODE),
        Field("area_name", ("Name",), filled=True),
        Field("area_kind", ("Geography",)),
        Field("sex", ("the sheet's name",), filled=True),
        # In years; 90 is 90 and over; empty for all ages.
        Field("age", ("Age",), "code"),
        Field("persons", ("Persons",), "figure", filled=True),
    ),
    projection="select area_code, area_name, area_kind, sex,"
    f" unnest([null, {', '.join(map(repr, map(str, AGES)))}]) as age,"
    f" unnest([all_ages, {', '.join(f'age_{age}' for age in AGES)}]) as persons"
    " from incoming_file",
    rows_per_row=1 + len(AGES),
    totals=(
        Total(
            "single years of age add up to all ages",
            ("area_code", "sex"),
            "sum(persons) filter (where age is null)",
            "sum(persons) filter (where age is not null)",
        ),
        Total(
            "males and females add up to persons",
            ("area_code", "age"),
            "sum(persons) filter (where sex = 'Persons')",
            "sum(persons) filter (where sex <> 'Persons')",
        ),
    ),
)

SMALL_AREAS = Layout(
    layout_id="ons_small_area_populations",
    source_id="ons_populations",
    title="ONS mid-year population estimates for LSOAs of 2011, persons by age (Parquet)",
    container="parquet",
    table="small_area_populations",
    period=calendar_year(
        pattern=r"population[-_ ]?(?P<year>(?:20)?\d\d)(?!\d)",
        example="population20_lsoa11.parquet",
    ),
    key=("lsoa11_code",),
    values=("all_ages", *(f"age_{age}" for age in AGES)),
    fields=(
        Field("lsoa11_code", ("lsoa11_code",), "code", filled=True, pattern=LSOA),
        Field("lsoa11_name", ("lsoa11_name",), filled=True),
        Field("all_ages", ("total_population",), "figure", filled=True),
        *_age_fields(),
    ),
    totals=(
        Total(
            "single years of age add up to all ages",
            ("lsoa11_code",),
            "sum(all_ages)",
            f"sum({' + '.join(f'age_{age}' for age in AGES)})",
        ),
    ),
)

LAYOUTS = (MID_YEAR_ESTIMATES, SMALL_AREAS)

"""Records of people outside hospital, under the same pseudonymised keys.

The register of general practices with what they coded, deaths, and adult social care. No publisher
fixes how such extracts are headed: these are the names that the local systems' own code uses, and a
system whose extract has others cuts it to these. SNOMED CT codes are text, however long.
"""

from __future__ import annotations

from dagster_project.sources.hospital_records import ANY_COLUMN, code, day, person
from dagster_project.sources.layout import Field, Layout

SNOMED = r"\d{6,18}"
AREA = r"[A-Z]\d{8}"

PEOPLE = Layout(
    layout_id="gp_people",
    source_id="gp_records",
    title="People ever registered with a practice, one by one (CSV)",
    container="csv",
    table="gp_people",
    key=("person_id",),
    values=("birth_month", "sex_code", "ethnic_category"),
    is_of_people=True,
    is_verified=False,
    fields=(
        Field("person_id", ("PSEUDO_NHS_NUMBER", "PATIENT_ID"), filled=True, pattern=r"\S{6,64}"),
        # No day of birth: it would tell people apart, and no measure needs it.
        Field(
            "birth_month",
            ("BIRTH_MONTH",),
            "code",
            filled=True,
            pattern=r"(19|20)\d\d-(0[1-9]|1[0-2])",
            form="a month, as 1950-04",
        ),
        Field("sex_code", ("SEX",), "code", pattern=r"[0129]"),
        code("ethnic_category", "ETHNIC_CATEGORY"),
    ),
)

REGISTRATIONS = Layout(
    layout_id="gp_registrations",
    source_id="gp_records",
    title="Who was registered where, from when to when (CSV)",
    container="csv",
    table="gp_registrations",
    key=("person_id", "practice_code", "start_date"),
    values=("end_date", "utla_code"),
    is_of_people=True,
    is_verified=False,
    fields=(
        Field("person_id", ("PSEUDO_NHS_NUMBER", "PATIENT_ID"), filled=True, pattern=r"\S{6,64}"),
        Field("practice_code", ("PRACTICE_CODE",), "code", filled=True, pattern=r"[A-Z]\d{5}"),
        day("start_date", "REGISTRATION_START_DATE", filled=True),
        day("end_date", "REGISTRATION_END_DATE"),
        Field("utla_code", ("RESLADST_ONS", "UTLA_CODE"), "code", pattern=AREA),
        Field("lsoa_code", ("LSOA11", "LSOA21"), "code", pattern=AREA, required=False),
        Field("deprivation_decile", ("IMD_DECILE",), "code", pattern=r"[1-9]|10"),
    ),
)

PRACTICES = Layout(
    layout_id="gp_practices",
    source_id="gp_records",
    title="Which network and locality a practice counts to (CSV)",
    container="csv",
    table="gp_practices",
    key=("practice_code",),
    values=("pcn_code", "locality"),
    is_verified=False,
    fields=(
        Field("practice_code", ("PRACTICE_CODE",), "code", filled=True, pattern=r"[A-Z]\d{5}"),
        Field("pcn_code", ("PCN_CODE",), "code", pattern=r"U\d{5}"),
        Field("locality", ("LOCALITY",)),
        Field("utla_code", ("UTLA_CODE",), "code", filled=True, pattern=AREA),
    ),
)

OBSERVATIONS = Layout(
    layout_id="gp_observations",
    source_id="gp_records",
    title="What practices coded of a person, one by one (CSV)",
    container="csv",
    table="gp_observations",
    # Two readings of one day differ in their value; what repeats another in all of it is one.
    key=("person_id", "observed_on", "snomed_code", "numeric_value", "comparator"),
    is_of_people=True,
    is_verified=False,
    max_rows=600_000_000,
    fields=(
        Field("person_id", ("PSEUDO_NHS_NUMBER", "PATIENT_ID"), filled=True, pattern=r"\S{6,64}"),
        day("observed_on", "EVENT_DATE"),
        Field("snomed_code", ("SNOMED_CODE", "SNOMEDCT_CODE"), "code", filled=True, pattern=SNOMED),
        Field("numeric_value", ("NUMERIC_VALUE",), "figure"),
        Field("comparator", ("COMPARATOR",), "code", pattern=r"[<>=~]{1,2}"),
    ),
)

DEATHS = Layout(
    layout_id="linked_deaths",
    source_id="registered_deaths",
    title="Registered deaths, one by one, in the columns of the civil registration extract (CSV)",
    container="csv",
    table="registered_deaths",
    # Some people have two registered deaths: both stand here, the earlier counts.
    key=("person_id", "died_on", "registered_on"),
    values=("underlying_cause", "place_of_death"),
    is_of_people=True,
    is_verified=False,
    other_columns=ANY_COLUMN,
    fields=(
        person(),
        day("died_on", "REG_DATE_OF_DEATH", filled=True),
        day("registered_on", "REG_DATE"),
        code("underlying_cause", "S_UNDERLYING_COD_ICD10"),
        code("place_of_death", "PLACE_OF_DEATH"),
    ),
)

SOCIAL_CARE = Layout(
    layout_id="adult_social_care_events",
    source_id="social_care_records",
    title="Events of adult social care, one by one (client level data, CSV)",
    container="csv",
    table="social_care_events",
    key=("person_id", "event_type", "service_type", "start_date", "la_code"),
    values=("end_date",),
    is_of_people=True,
    is_verified=False,
    other_columns=r"[A-Za-z0-9_ ]+",
    fields=(
        person(),
        Field("la_code", ("LA_CODE",), "code", filled=True, pattern=AREA),
        code("event_type", "EVENT_TYPE", filled=True),
        code("service_type", "SERVICE_TYPE"),
        day("start_date", "EVENT_START_DATE", filled=True),
        day("end_date", "EVENT_END_DATE"),
    ),
)

LAYOUTS = (PEOPLE, REGISTRATIONS, PRACTICES, OBSERVATIONS, DEATHS, SOCIAL_CARE)

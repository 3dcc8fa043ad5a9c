"""Hospital records under pseudonymised keys: admitted care, outpatients and emergency care.

Admitted care and outpatients have the columns of Hospital Episode Statistics (NHS England, seen in
its artificial data); extracts of the Secondary Uses Service that were cut to them pass too. Of the
many columns those that a model asks for are read. A record stays in the warehouse: nothing but
counts of people leaves it.
"""

from __future__ import annotations

from dagster_project.sources.layout import Field, Layout, real_day

# A day; or what stands for none: 1800 where nothing was sent, 1801 where it was no day.
DAY = rf"180[01]-01-01|{real_day('-')}"
DAY_FORM = "a day that exists, as 2020-04-01, or 1800-01-01 or 1801-01-01 where there is none"
# Headers that the pseudonymised key of a person goes by. It is no code: an NHS number in it refuses
# the file.
PERSON = ("PSEUDO_HESID", "PSEUDO_NHS_NUMBER", "PATIENT_ID")
ANY_COLUMN = r"[A-Za-z0-9_]+"


def person() -> Field:
    """The pseudonymised key. Empty where nobody could be matched: such rows count for nobody."""
    return Field("person_id", PERSON, pattern=r"\S{6,64}", form="a key of 6 to 64 characters")


def day(name: str, header: str, *, filled: bool = False, required: bool = True) -> Field:
    """A column of days, or of what stands for none."""
    return Field(
        name,
        (header,),
        "code",
        required=required,
        filled=filled,
        pattern=DAY,
        form=DAY_FORM,
    )


def code(name: str, *headers: str, filled: bool = False, required: bool = True) -> Field:
    """A column of short codes, whatever they are."""
    return Field(name, headers, "code", required=required, filled=filled)


def numbered(name: str, header: str, count: int) -> tuple[Field, ...]:
    """Columns of codes that are told apart by a number, the first of them required."""
    return tuple(
        code(f"{name}_{nth:02d}", f"{header}_{nth:02d}", required=nth == 1)
        for nth in range(1, count + 1)
    )


ADMITTED_CARE = Layout(
    layout_id="hes_admitted_care",
    source_id="hospital_admitted_care",
    title="Episodes of admitted patient care, one by one, in the columns of HES (CSV)",
    container="csv",
    table="hospital_episodes",
    key=("year", "episode_id"),
    values=("person_id", "episode_start", "episode_end", "diagnosis_01"),
    is_of_people=True,
    other_columns=ANY_COLUMN,
    fields=(
        Field("year", ("FYEAR",), "code", filled=True, pattern=r"\d{4}"),
        code("episode_id", "EPIKEY", filled=True),
        # Long numbers of other records, which may look like NHS numbers and are none.
        code("attendance_id", "AEKEY", required=False),
        code("submission_id", "SUSRECID", required=False),
        person(),
        # The hospital's own number of the spell: HES doesn't show it, SUS does. -1 where none is.
        code("spell_id", "SPELL_ID", "PROVSPNOPS", "APCS_IDENT", required=False),
        day("admitted_on", "ADMIDATE"),
        code("admission_method", "ADMIMETH"),
        code("admission_source", "ADMISORC"),
        code("patient_class", "CLASSPAT"),
        day("discharged_on", "DISDATE"),
        code("discharge_destination", "DISDEST"),
        code("discharge_method", "DISMETH"),
        day("episode_start", "EPISTART"),
        day("episode_end", "EPIEND"),
        Field("episode_order", ("EPIORDER",), "figure"),
        code("episode_status", "EPISTAT"),
        code("episode_type", "EPITYPE"),
        code("provider_code", "PROCODE3"),
        code("specialty_code", "TRETSPEF"),
        Field("age_at_start", ("STARTAGE",), "figure"),
        code("sex_code", "SEX"),
        code("ethnic_category", "ETHNOS"),
        code("lsoa_code", "LSOA11", required=False),
        *numbered("diagnosis", "DIAG_4", 20),
        *numbered("procedure", "OPERTN_4", 24),
    ),
)

OUTPATIENTS = Layout(
    layout_id="hes_outpatients",
    source_id="hospital_outpatients",
    title="Outpatient appointments, one by one, in the columns of HES (CSV)",
    container="csv",
    table="hospital_appointments",
    key=("appointment_id",),
    values=("person_id", "appointment_date", "attended_code"),
    is_of_people=True,
    other_columns=ANY_COLUMN,
    fields=(
        code("appointment_id", "ATTENDKEY", filled=True),
        person(),
        day("appointment_date", "APPTDATE"),
        code("attended_code", "ATTENDED"),
        code("first_attendance_code", "FIRSTATT"),
        code("specialty_code", "TRETSPEF"),
        code("provider_code", "PROCODE3"),
    ),
)

EMERGENCY_CARE = Layout(
    layout_id="emergency_care",
    source_id="hospital_emergency_care",
    title="Attendances at emergency departments, one by one (Emergency Care Data Set, CSV)",
    container="csv",
    table="emergency_attendances",
    key=("attendance_id",),
    values=("person_id", "arrival_date"),
    is_of_people=True,
    is_verified=False,
    other_columns=ANY_COLUMN,
    fields=(
        person(),
        code("attendance_id", "ATTENDANCE_UNIQUE_IDENTIFIER", filled=True),
        day("arrival_date", "ARRIVAL_DATE", filled=True),
        code("department_type", "DEPARTMENT_TYPE"),
        code("discharge_destination", "DISCHARGE_DESTINATION"),
        code("diagnosis_01", "DIAGNOSIS_01"),
    ),
)

LAYOUTS = (ADMITTED_CARE, OUTPATIENTS, EMERGENCY_CARE)

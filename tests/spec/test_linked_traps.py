"""Mistakes that others' code makes with such records: each is met here by a person of its own."""

from __future__ import annotations

import pytest

from tests.support import linked_models
from tests.support.linked_rows import Records


@pytest.fixture(scope="module")
def place() -> Records:
    return Records()


@pytest.fixture
def records(place: Records) -> Records:
    place.clear()
    return place


def test_self_harm_by_any_means_counts_poisoning_by_alcohol_too(records: Records) -> None:
    person = records.person("P00001")
    # A list that is public goes from X64 to X66.
    records.episode(person, "2023-05-01", diagnosis_01="T510", diagnosis_03="X65X")
    records.episode(person, "2023-06-01", diagnosis_01="T510", diagnosis_03="X59X")
    # Day patients and regular attenders are out.
    records.episode(
        person, "2023-07-01", diagnosis_01="S610", diagnosis_03="X78X", patient_class="2"
    )
    assert records.numerator("emergency_admissions_self_harm") == 1


def test_a_hip_fracture_counts_in_the_first_position_alone(records: Records) -> None:
    person = records.person("P00001", "1940-04")
    old = {"age_at_start": 83}
    records.episode(person, "2023-05-01", diagnosis_01="S722", **old)
    records.episode(person, "2023-06-01", diagnosis_01="J181", diagnosis_02="S720", **old)
    records.episode(person, "2023-07-01", diagnosis_01="S723", **old)
    records.episode(person, "2023-08-01", diagnosis_01="S720", admission_method="11", **old)
    assert records.numerator("emergency_admissions_hip_fracture_65_and_over") == 1


def test_a_hip_fracture_counts_in_the_year_in_which_its_episode_ended(records: Records) -> None:
    person = records.person("P00001", "1940-04")
    records.episode(person, "2022-03-20", "2022-04-10", diagnosis_01="S720", age_at_start=81)
    indicator = "emergency_admissions_hip_fracture_65_and_over"
    assert [records.numerator(indicator, year) for year in (2021, 2022, 2023)] == [0, 1, 0]


def test_a_fall_counts_from_exactly_65_and_once_however_often_it_is_coded(
    records: Records,
) -> None:
    person = records.person("P00001", "1955-04")
    fall = {"diagnosis_02": "W190", "diagnosis_03": "W010"}
    records.episode(person, "2023-05-01", diagnosis_01="S009", age_at_start=65, **fall)
    records.episode(person, "2023-06-01", diagnosis_01="S009", age_at_start=64, **fall)
    # Without an injury in the first place it is no injury by a fall.
    records.episode(person, "2023-07-01", diagnosis_01="R296", age_at_start=65, **fall)
    assert records.numerator("emergency_admissions_falls_65_and_over") == 1


def test_respiratory_counts_by_the_first_diagnosis_alone(records: Records) -> None:
    person = records.person("P00001")
    records.episode(person, "2023-05-01", diagnosis_01="J181")
    records.episode(person, "2023-06-01", diagnosis_01="R074", diagnosis_02="J449")
    assert records.numerator("emergency_admissions_respiratory") == 1


def test_acute_bronchitis_is_chronic_beside_a_disease_of_the_lung(records: Records) -> None:
    person = records.person("P00001")
    records.episode(person, "2023-05-01", diagnosis_01="J209", diagnosis_04="J449")
    records.episode(person, "2023-06-01", diagnosis_01="J209")
    assert records.numerator("emergency_admissions_chronic_acs") == 1


def test_alcohol_is_told_by_class_of_patient_not_by_method_of_admission(records: Records) -> None:
    person = records.person("P00001")
    records.episode(person, "2023-05-01", diagnosis_01="K703", admission_method="11")
    records.episode(person, "2023-06-01", diagnosis_01="K703", patient_class="3")
    records.episode(person, "2023-07-01", diagnosis_01="R074", diagnosis_02="K703")
    assert records.numerator("admissions_alcohol_narrow") == 1


@pytest.mark.parametrize(
    ("birth_month", "systolic", "is_at_target"),
    [("1943-04", 145, 1), ("1943-05", 145, 0), ("1943-04", 151, 0), ("1943-05", 140, 1)],
)
def test_somebody_of_exactly_80_is_among_the_old(
    records: Records, birth_month: str, systolic: float, is_at_target: int
) -> None:
    # 80 on the first day of the year; a month younger, 79.
    person = records.person("P00001", birth_month)
    records.coded(person, "2015-01-01", "38341003")
    records.pressure(person, "2023-10-01", systolic, 85)
    assert records.whole("hypertension_treated_to_target") == (is_at_target, 1)


def test_of_one_day_the_lowest_of_each_counts_and_one_alone_is_none(records: Records) -> None:
    lowest = records.person("P00001")
    for person in (lowest, records.person("P00002"), records.person("P00003")):
        records.coded(person, "2015-01-01", "38341003")
    records.pressure(lowest, "2023-10-01", 150, 80)
    records.pressure(lowest, "2023-10-01", 138, 95)
    # Later, without its partner; and later still one that nobody lives with.
    records.coded(lowest, "2023-11-01", "271649006", 170)
    records.pressure(lowest, "2023-12-01", 40, 15)
    records.pressure("P00002", "2023-10-01", 141, 80)
    # The third has no reading: not at target, and not left out.
    assert records.whole("hypertension_treated_to_target") == (1, 3)


@pytest.mark.parametrize(
    ("back_on", "is_readmitted"),
    [("2023-05-10", 1), ("2023-06-08", 1), ("2023-06-09", 0)],
)
def test_back_within_0_to_29_days_inclusive(
    records: Records, back_on: str, is_readmitted: int
) -> None:
    person = records.person("P00001")
    records.episode(person, "2023-05-01", "2023-05-10")
    records.episode(person, back_on, diagnosis_01="J181")
    records.build("emergency_readmissions_ratio")
    assert records.numerator("emergency_readmissions_ratio") == is_readmitted


def test_a_transfer_is_no_readmission_and_a_readmission_leads_to_another(records: Records) -> None:
    person = records.person("P00001")
    records.episode(person, "2023-05-01", "2023-05-05", discharge_destination="51")
    records.episode(person, "2023-05-05", "2023-05-09", admission_method="2B", provider_code="R0A")
    records.episode(person, "2023-05-20", "2023-05-22")
    records.episode(person, "2023-06-01", "2023-06-02")
    # For cancer: it is led to by nothing.
    records.episode(person, "2023-06-10", "2023-06-11", diagnosis_01="C349")
    records.build("int_linked__readmissions")
    stays = records.ask(
        "select cast(discharged_on as varchar), is_readmitted from int_linked__readmissions"
        " where person_id = 'P00001' order by 1"
    )
    assert stays == [("2023-05-09", 1), ("2023-05-22", 1), ("2023-06-02", 0)]


def test_an_episode_of_no_known_spell_is_an_admission_and_no_spell(records: Records) -> None:
    person = records.person("P00001")
    records.episode(person, "2023-05-01", diagnosis_01="J181", spell_id="-1")
    assert records.numerator("emergency_admissions_respiratory") == 1
    records.build("int_linked__spells")
    assert records.ask("select * from int_linked__spells where person_id = 'P00001'") == []


def test_days_of_1800_and_1801_are_no_days(records: Records) -> None:
    person = records.person("P00001")
    spell = {"spell_id": "S1", "diagnosis_01": "J181"}
    records.episode(person, "2023-05-01", "2023-05-03", **spell | {"admitted_on": "1801-01-01"})
    second = {"episode_order": 2, "admitted_on": "2023-05-01", "diagnosis_01": "Z098"}
    records.episode(person, "2023-05-03", "2023-05-06", **spell | second)
    records.build("int_linked__spells")
    found = records.ask(
        "select cast(admitted_on as varchar), cast(discharged_on as varchar), episodes"
        " from int_linked__spells where person_id = 'P00001'"
    )
    assert found == [("2023-05-01", "2023-05-06", 2)]


def test_a_spell_over_the_end_of_a_year_is_one_and_counts_where_it_began(records: Records) -> None:
    person = records.person("P00001")
    spell = {"spell_id": "S1", "diagnosis_01": "J181", "discharged_on": None}
    unfinished = {"episode_status": "1", "episode_end": None}
    records.episode(person, "2023-03-25", **spell | unfinished)
    records.episode(person, "2023-03-25", "2023-04-04", **spell | {"year": "2324"})
    indicator = "emergency_admissions_respiratory"
    assert [records.numerator(indicator, year) for year in (2022, 2023)] == [1, 0]
    records.build("int_linked__spells")
    found = records.ask("select episodes from int_linked__spells where person_id = 'P00001'")
    assert found == [(1,)]


def test_of_two_registered_deaths_the_earlier_counts_once(records: Records) -> None:
    person = records.person("P00001")
    said = {"person_id": person, "underlying_cause": "I219"}
    records.put("registered_deaths", died_on="2023-05-03", place_of_death="Hospital", **said)
    records.put("registered_deaths", died_on="2023-05-01", place_of_death="Home", **said)
    assert records.whole("deaths_in_usual_place") == (1, 1)
    assert records.numerator("deaths_cardiovascular_under_75") == 1


def test_nobody_is_lost_for_want_of_an_ethnic_group(records: Records) -> None:
    for nth, ethnic in enumerate((None, "A", "Z", "?")):
        person = records.person(f"P0000{nth}", ethnic=ethnic)
        records.episode(person, "2023-05-01", diagnosis_01="J181")
    assert records.whole("emergency_admissions_respiratory") == (4, 4)
    groups = records.ask(
        "select breakdown, numerator, denominator from emergency_admissions_respiratory"
        " where breakdown_type = 'Ethnic groups' and period_start = '2023-04-01' order by 1"
    )
    assert groups == [("Unknown", 3, 3), ("White", 1, 1)]


def test_on_one_day_the_diagnosis_outweighs_its_resolution(records: Records) -> None:
    for nth, (diagnosed, resolved) in enumerate(
        (("2020-01-01", "2020-01-01"), ("2020-01-01", "2020-01-02"), ("2021-01-01", "2020-06-01"))
    ):
        person = records.person(f"P0000{nth}")
        records.coded(person, diagnosed, "73211009")
        records.coded(person, resolved, "315051004")
    records.build("int_linked__registers")
    found = records.ask(
        "select person_id from int_linked__registers"
        " where register = 'diabetes' and as_at = '2023-04-01' order by 1"
    )
    assert found == [("P00000",), ("P00002",)]


def test_of_two_open_registrations_the_later_counts(records: Records) -> None:
    person = records.person("P00001")
    records.put("gp_practices", practice_code="Z90002", locality="South", utla_code="E09000030")
    records.registration(person, "2023-03-20", practice="Z90002")
    records.build("int_linked__registered")
    found = records.ask(
        "select practice_code from int_linked__registered"
        " where person_id = 'P00001' and as_at = '2023-04-01'"
    )
    assert found == [("Z90002",)]


def test_a_frailty_code_counts_once_however_often_it_stands(records: Records) -> None:
    person = records.person("P00001", "1940-04")
    for start in ("2022-05-01", "2022-08-01"):
        records.episode(person, start, diagnosis_01="F059", diagnosis_02="N390")
    # Before the two years.
    records.episode(person, "2021-03-31", diagnosis_01="W19X")
    records.build("int_linked__segments")
    points = records.ask("select points from int_linked__frailty where as_at = '2023-04-01'")
    assert [float(one[0]) for one in points] == [6.4]
    assert records.ask("select segment from int_linked__segments where as_at = '2023-04-01'") == [
        ("dementia_frailty",)
    ]


def test_another_set_of_segments_is_a_matter_of_configuration(records: Records) -> None:
    records.person("P00001", "1940-04")
    records.person("P00002", "2010-04")
    linked_models.build(records.connection, ["int_linked__segments"], segment_rule_set="age_three")
    assert records.ask(
        "select segment from int_linked__segments where as_at = '2023-04-01' order by person_id"
    ) == [("aged_75_and_over",), ("aged_under_18",)]


def test_the_worked_example_of_the_dementia_diagnosis_rate(records: Records) -> None:
    listed = {"1": (520, 450, 330, 210, 110, 50), "2": (540, 480, 380, 270, 170, 100)}
    on_register = 160
    for sex, sizes in listed.items():
        for nth, size in enumerate(sizes):
            month = f"{2023 - 65 - 5 * nth}-04"
            records.people(min(size, on_register), sex, month, code="52448006")
            records.people(size - min(size, on_register), sex, month)
            on_register -= min(size, on_register)
    above, expected = records.whole("dementia_diagnosis_rate_registered_65_and_over")
    assert (above, round(expected, 2)) == (160, 218.49)
    assert round(100 * above / expected, 2) == 73.23


def test_a_register_of_nobody_divides_by_nothing(records: Records) -> None:
    records.person("P00001", "1940-04")
    above, expected = records.whole("dementia_diagnosis_rate_registered_65_and_over")
    assert (above, round(expected, 3)) == (0, 0.095)

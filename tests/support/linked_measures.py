"""Each measure of linked records by its indicator's id, as plain Python states it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.support.linked_by_hand import (
    Counts,
    Population,
    Year,
    admitted,
    begins,
    between,
    latest,
    new_condition,
    pressure_at_target,
    readmitted,
    sugar_at_target,
)
from tests.support.linked_people import EMERGENCY, Record, first_of, years_old

Measure = Callable[[Population], Counts]
ACUTE = (
    "L03 L04 L080 L088 L089 L88 L980 E86 K522 K528 K529 A690 K02 K03 K04 K05 K06 K08 K098 K099 K12"
    " K13 H66 H67 J02 J03 J06 J312 R02 N70 N73 N74 N10 N11 N12 N136 N390 K250 K251 K252 K254 K255"
    " K256 K260 K261 K262 K264 K265 K266 K270 K271 K272 K274 K275 K276 K280 K281 K282 K284 K285"
    " K286"
)
# Of diabetes every kind of complication but the last, "without" (9).
COMPLICATED = " ".join(f"E1{kind}{nth}" for kind in "01234" for nth in range(9))
CHRONIC_OF_19 = (
    f"I20 I240 I248 I249 J45 J46 I110 I50 J81 G40 G41 R56 O15 J20 J41 J42 J43 J44 J47 {COMPLICATED}"
    " I10 I119 J10 J11 J13 J14 J153 J154 J157 J159 J168 J181 J188 D501 D508 D509 E40 E41 E42 E43"
    " E550 E643 A35 A36 A37 A80 B05 B06 B161 B169 B180 B181 B26 G000 M014"
)
CHRONIC = (
    "B180 B181 J45 J46 I110 I130 I50 J81 E10 E11 E12 E13 E14 J41 J42 J43 J44 J47 I20 I25 D501 D508"
    " D509 D51 D52 I10 I119 G40 G41 F803 R568 F00 F01 F02 F03 I48"
)
ALCOHOL = "E244 F10 G312 G621 G721 I426 K292 K70 K852 K860 Q860 R780 T510 T511 T519"
HOME = ("Home", "Care Home")
# CFAS II, by sex, from 65 on in steps of five years.
DEMENTIA = {
    "Male": (0.012, 0.030, 0.052, 0.106, 0.128, 0.171),
    "Female": (0.018, 0.025, 0.062, 0.095, 0.181, 0.350),
}


def in_heart_list(first: str, last: str) -> Measure:
    def counts(population: Population) -> Counts:
        happens = admitted(
            lambda one, codes: between(codes[0], first, last) and one["CLASSPAT"] in "12"
        )
        return population.rate(happens)

    return counts


def for_first(text: str, first: int = 0, last: int = 999) -> Measure:
    """Emergency admissions whose first diagnosis begins with one of the codes."""
    return lambda population: population.rate(
        admitted(lambda one, codes: begins(codes[0], text)), first, last
    )


def falls(one: Record, codes: list[str]) -> bool:
    is_injury = between(codes[0], "S00", "T98")
    return is_injury and any(between(code, "W00", "W19") for code in codes)


def chronic(one: Record, codes: list[str]) -> bool:
    beside = any(begins(code, "J41 J42 J43 J44 J47") for code in codes)
    return begins(codes[0], CHRONIC) or (codes[0].startswith("J20") and beside)


def alcohol(one: Record, codes: list[str]) -> bool:
    is_cause = begins(codes[0], ALCOHOL) or any(
        begins(code, "X45 X65 Y15 Y90 Y91") for code in codes
    )
    return one["EPISTAT"] == "3" and one["CLASSPAT"] in "125" and is_cause


def self_harm(one: Record, codes: list[str]) -> bool:
    return one["CLASSPAT"] in "15" and any(between(code, "X60", "X84") for code in codes)


def hip(one: Record, codes: list[str]) -> bool:
    return one["EPISTAT"] == "3" and begins(codes[0], "S720 S721 S722")


def circulatory_death(one: Year) -> list[int]:
    person = one.person
    if one.dies and person.died and person.cause.startswith("I"):
        return [years_old(person.born, person.died)]
    return []


def usual_place(one: Year) -> tuple[float, float] | None:
    return (float(one.person.place in HOME), 1) if one.dies and one.person.place else None


def three_admissions(one: Year) -> tuple[float, float] | None:
    if not one.dies or one.person.died is None:
        return None
    began = [
        stay[0].admitted
        for stay in one.person.stays
        if stay[0].first["ADMIMETH"] in EMERGENCY and stay[0].admitted
    ]
    window = one.person.died - timedelta(days=89)
    return (float(sum(window <= on <= one.person.died for on in began) >= 3), 1)


def last_days(one: Year) -> tuple[float, float] | None:
    if not one.dies or one.person.died is None:
        return None
    days = [one.person.died - timedelta(days=nth) for nth in range(90)]
    return (sum(one.person.in_hospital(on) for on in days), 1)


def palliative_at_death(one: Year) -> tuple[float, float] | None:
    if not one.dies or between(one.person.cause, "V01", "Y89"):
        return None
    known = any(
        record["SNOMED_CODE"] == "103735009" and record["EVENT_DATE"] <= str(one.person.died)
        for record in one.person.observations
    )
    return (float(known), 1)


def at_home(one: Year) -> tuple[float, float] | None:
    if one.segment != "dementia_frailty":
        return None
    days = [
        one.first + timedelta(days=nth) for nth in range((one.followed_to - one.first).days + 1)
    ]
    away = [
        one.person.in_hospital(on) or any(a <= on <= b for a, b in one.person.care_homes)
        for on in days
    ]
    return (len(days) - sum(away), len(days))


def moves(one: Year) -> tuple[float, float] | None:
    later = first_of(one.year + 1)
    if one.segment != "long_term_conditions" or one.person.registration(later) is None:
        return None
    return (float(one.person.segment(later) == "dementia_frailty"), 1)


def care_home(one: Year) -> tuple[float, float] | None:
    starts = [start for start, _ in one.person.care_homes]
    return (float(bool(starts) and one.first <= min(starts) <= one.last), 1)


def dementia(one: Year) -> tuple[float, float] | None:
    if not one.person.sex:
        return None
    rate = DEMENTIA[one.person.sex][min((one.age - 65) // 5, 5)]
    return (float(one.person.on_register("dementia", one.first)), rate)


def smokes(one: Year) -> tuple[float, float] | None:
    known = latest(one, ("77176002", "8517006", "266919005"), since_first_day=False)
    if not known or not one.stays_to_end:
        return None
    return (float(any(record["SNOMED_CODE"] == "77176002" for record in known)), 1)


def obese(one: Year) -> tuple[float, float] | None:
    known = [float(record["NUMERIC_VALUE"]) for record in latest(one, ["60621009"])]
    return (float(max(known) >= 30), 1) if known else None


def of_register(
    register: str, happens: Callable[[Record, list[str]], bool], *, emergency: bool = True
) -> Callable[[Year], tuple[float, float] | None]:
    def counts(one: Year) -> tuple[float, float] | None:
        if not one.person.on_register(register, one.first):
            return None
        return (len(list(admitted(happens, emergency=emergency)(one))), 1)

    return counts


def amputated(one: Record, codes: list[str]) -> bool:
    return begins(one["OPERTN_4_01"], "X09 X10 X11")


MEASURES: dict[str, Measure] = {
    "admissions_alcohol_narrow": lambda all_: all_.rate(admitted(alcohol, emergency=False)),
    "care_home_admissions_linked_65_and_over": lambda all_: all_.share(care_home, 65),
    "days_at_home_frailty": lambda all_: all_.share(at_home),
    "deaths_cardiovascular_under_75": lambda all_: all_.rate(
        circulatory_death, last=74, banded=True
    ),
    "deaths_in_usual_place": lambda all_: all_.share(usual_place),
    "deaths_with_three_emergency_admissions": lambda all_: all_.share(three_admissions),
    "dementia_diagnosis_rate_registered_65_and_over": lambda all_: all_.share(dementia, 65),
    "emergency_admissions_acs_19": for_first(f"{ACUTE} {CHRONIC_OF_19}"),
    "emergency_admissions_asthma_under_19": for_first("J45 J46", last=18),
    "emergency_admissions_chronic_acs": lambda all_: all_.rate(admitted(chronic), banded=True),
    "emergency_admissions_copd_35_and_over": for_first("J40 J41 J42 J43 J44", 35),
    "emergency_admissions_coronary_heart_disease": in_heart_list("I20", "I25"),
    "emergency_admissions_diabetes_under_19": for_first("E10", last=18),
    "emergency_admissions_epilepsy_under_19": for_first("G40 G41", last=18),
    "emergency_admissions_falls_65_and_over": lambda all_: all_.rate(
        admitted(falls), 65, banded=True
    ),
    "emergency_admissions_heart_attack": in_heart_list("I21", "I22"),
    "emergency_admissions_hip_fracture_65_and_over": lambda all_: all_.rate(
        admitted(hip, by_end=True), 65, banded=True
    ),
    "emergency_admissions_respiratory": for_first("J"),
    "emergency_admissions_self_harm": lambda all_: all_.rate(admitted(self_harm)),
    "emergency_admissions_stroke": in_heart_list("I61", "I64"),
    "emergency_readmissions_ratio": lambda all_: all_.share(readmitted(all_)),
    "hba1c_controlled": lambda all_: all_.share(sugar_at_target, 17),
    "hospital_days_in_last_90_days": lambda all_: all_.share(last_days),
    "hypertension_treated_to_target": lambda all_: all_.share(pressure_at_target),
    "new_long_term_conditions": lambda all_: all_.share(new_condition),
    "stockport_acute_ambulatory_care_admissions": for_first(ACUTE),
    "stockport_amputation_in_diabetes": lambda all_: all_.share(
        of_register("diabetes", amputated, emergency=False)
    ),
    "stockport_copd_exacerbation_admissions": lambda all_: all_.share(
        of_register("copd", lambda _, codes: between(codes[0], "J40", "J44")), 35
    ),
    "stockport_deaths_on_palliative_register": lambda all_: all_.share(palliative_at_death),
    "stockport_delirium_or_urinary_infection_admissions": for_first("F05 N390"),
    "stockport_moves_to_frailty": lambda all_: all_.share(moves),
    "stockport_obesity_adults_recorded": lambda all_: all_.share(obese, 18),
    "stockport_smoking_registered_15_and_over": lambda all_: all_.share(smokes, 15),
}

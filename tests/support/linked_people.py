"""Everybody of a made-up population followed by hand: plain, slow, and with no SQL in it.

What the models do a table at once is stated here a person at a time, from the rows of the extracts
and from the definitions alone: no code list, no rule and no macro of the product is used, but for
the weights of the frailty score.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from dagster_project.home import PROJECT_ROOT
from tests.support.linked_world import Record, World

YEARS = (2021, 2022, 2023)
FOR_EVER = date(9999, 12, 30)
EMERGENCY = ("21", "22", "23", "24", "25", "28", "2A", "2D")
NO_DATE = ("", "1800-01-01", "1801-01-01")
ETHNIC = {
    **dict.fromkeys("ABC", "White"),
    **dict.fromkeys("DEFG", "Mixed"),
    **dict.fromkeys("HJKLR", "Asian"),
    **dict.fromkeys("MNP", "Black"),
    "S": "Other",
}
QUINTILES = (
    "Most deprived quintile",
    "Second most deprived quintile",
    "Middle quintile",
    "Second least deprived quintile",
    "Least deprived quintile",
)
# Each register's codes, and the code that ends it.
REGISTERS = {
    "atrial_fibrillation": (("49436004",), "196371000000102"),
    "asthma": (("195967001",), "162660004"),
    "chronic_kidney_disease": (("709044004",), "990901000000102"),
    "copd": (("13645005",), ""),
    "depression": (("35489007",), "196381000000100"),
    "diabetes": (("73211009", "44054006", "46635009"), "315051004"),
    "epilepsy": (("84757009",), "162658001"),
    "heart_failure": (("84114007",), ""),
    "hypertension": (("38341003",), "162659009"),
    "coronary_heart_disease": (("53741008",), ""),
    "stroke": (("230690007",), ""),
    "transient_ischaemic_attack": (("266257000",), ""),
    "peripheral_arterial_disease": (("399957001",), ""),
    "dementia": (("52448006",), ""),
    "cancer": (("363346000",), ""),
    "severe_mental_illness": (("391193001",), ""),
    "learning_disability": (("110359009",), ""),
    "osteoporosis": (("64859006",), ""),
    "palliative_care": (("103735009",), ""),
    "moderate_frailty": (("925831000000107",), ""),
    "severe_frailty": (("925861000000102",), ""),
}
NOT_LONG_TERM = ("palliative_care", "moderate_frailty", "severe_frailty")


def day(text: str) -> date | None:
    return None if text in NO_DATE else date.fromisoformat(text)


def years_old(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def plain(code: str) -> str:
    """A code without the X that fills its fourth place."""
    return code[:-1] if code.endswith("X") else code


def first_of(year: int) -> date:
    return date(year, 4, 1)


def last_of(year: int) -> date:
    return date(year + 1, 3, 31)


@dataclass
class Spell:
    """Episodes under one provider, first to last."""

    episodes: list[Record]

    @cached_property
    def admitted(self) -> date | None:
        known = [day(one["ADMIDATE"]) for one in self.episodes]
        starts = [day(one["EPISTART"]) for one in self.episodes]
        return min(filter(None, known), default=None) or min(filter(None, starts), default=None)

    @cached_property
    def discharged(self) -> date | None:
        if self.episodes[-1]["EPISTAT"] != "3":
            return None
        left = [day(one["DISDATE"]) for one in self.episodes]
        ends = [day(one["EPIEND"]) for one in self.episodes]
        return max(filter(None, left), default=None) or max(filter(None, ends), default=None)

    @property
    def first(self) -> Record:
        return self.episodes[0]

    @property
    def last(self) -> Record:
        return self.episodes[-1]


@dataclass
class Person:
    """What all the extracts say of one person."""

    born: date
    sex: str
    ethnic: str
    registrations: list[Record] = field(default_factory=list)
    died: date | None = None
    cause: str = ""
    place: str = ""
    observations: list[Record] = field(default_factory=list)
    episodes: list[Record] = field(default_factory=list)
    care_homes: list[tuple[date, date]] = field(default_factory=list)

    def registration(self, on: date) -> Record | None:
        """The registration that counts on a day; of two that are open the later began."""
        if self.born > on or (self.died and self.died < on):
            return None
        open_then = [
            one
            for one in self.registrations
            if one["REGISTRATION_START_DATE"] <= str(on)
            and (one["REGISTRATION_END_DATE"] or str(FOR_EVER)) >= str(on)
        ]
        return max(open_then, key=lambda one: one["REGISTRATION_START_DATE"], default=None)

    def followed_to(self, year: int) -> date:
        """The last day of the year on which the person is there without having left before."""
        on = first_of(year)
        while on < last_of(year):
            tomorrow = on + timedelta(days=1)
            if self.died == on or self.registration(tomorrow) is None:
                return on
            on = tomorrow
        return on

    def on_register(self, register: str, on: date) -> bool:
        codes, resolved = REGISTERS[register]
        said = [one["EVENT_DATE"] for one in self.observations if one["SNOMED_CODE"] in codes]
        ended = [one["EVENT_DATE"] for one in self.observations if one["SNOMED_CODE"] == resolved]
        said = [text for text in said if text < str(on)]
        ended = [text for text in ended if text < str(on)]
        return bool(said) and (not ended or max(said) >= max(ended))

    def frailty(self, on: date) -> float:
        two_years_before = str(date(on.year - 2, on.month, on.day))
        codes = {
            one[f"DIAG_4_0{nth}"][:3]
            for one in self.episodes
            for nth in range(1, 5)
            if two_years_before <= one["EPISTART"] < str(on)
        }
        return sum(WEIGHTS.get(code, 0) for code in codes)

    def segment(self, on: date) -> str:
        """The first of the four whose rule the person meets."""
        if self.on_register("palliative_care", on):
            return "end_of_life"
        frail = ("dementia", "moderate_frailty", "severe_frailty")
        is_old = years_old(self.born, on) >= 65
        if any(self.on_register(one, on) for one in frail) or (is_old and self.frailty(on) >= 50):
            return "dementia_frailty"
        if any(self.on_register(one, on) for one in REGISTERS if one not in NOT_LONG_TERM):
            return "long_term_conditions"
        return "healthy"

    @cached_property
    def admissions(self) -> list[Record]:
        """The first episode of each spell, un-spellable ones too."""
        return [one for one in self.episodes if one["EPIORDER"] == "1"]

    @cached_property
    def spells(self) -> list[Spell]:
        found: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for one in self.episodes:
            if one["SPELL_ID"] != "-1":
                found[one["PROCODE3"], one["SPELL_ID"]].append(one)
        return [
            Spell(sorted(episodes, key=lambda one: (int(one["EPIORDER"]), one["EPISTART"])))
            for episodes in found.values()
        ]

    @cached_property
    def stays(self) -> list[list[Spell]]:
        """Spells joined by transfer, in their order."""
        ordered = sorted(
            (one for one in self.spells if one.admitted),
            key=lambda one: (one.admitted, one.discharged or FOR_EVER, one.first["SPELL_ID"]),
        )
        stays: list[list[Spell]] = []
        latest_end = date(1, 1, 1)
        for before, spell in zip([None, *ordered], ordered, strict=False):
            is_transfer = (
                spell.first["ADMIMETH"] in ("2B", "81")
                or spell.first["ADMISORC"] in ("49", "50", "51", "52", "53")
                or (before is not None and before.last["DISDEST"] in ("49", "50", "51", "52", "53"))
            )
            is_soon = (spell.admitted or FOR_EVER) - timedelta(days=2) <= latest_end
            if before is not None and is_transfer and is_soon:
                stays[-1].append(spell)
            else:
                stays.append([spell])
            latest_end = max(latest_end, spell.discharged or FOR_EVER)
        return stays

    def in_hospital(self, on: date) -> bool:
        for spell in self.spells:
            if spell.first["CLASSPAT"] not in ("1", "5") or spell.admitted is None:
                continue
            left = spell.discharged or FOR_EVER
            # The day of discharge is one at home, but for who died or came on it.
            is_last = on == left and (spell.last["DISMETH"] == "4" or spell.admitted == left)
            if spell.admitted <= on < left or is_last:
                return True
        return False


def _weights() -> dict[str, int]:
    with (PROJECT_ROOT / "seeds" / "frailty_weights.csv").open(encoding="utf-8") as stream:
        return {
            one["icd10_start"]: round(float(one["points"]) * 10) for one in csv.DictReader(stream)
        }


# In tenths of a point, so that sums are whole.
WEIGHTS = _weights()


def followed(world: World) -> dict[str, Person]:
    """Everybody of the population by key."""
    people = {
        one["PSEUDO_NHS_NUMBER"]: Person(
            date.fromisoformat(f"{one['BIRTH_MONTH']}-01"),
            {"1": "Male", "2": "Female"}.get(one["SEX"], ""),
            ETHNIC.get(one["ETHNIC_CATEGORY"], "Unknown"),
        )
        for one in world.extracts["gp_people"]
    }
    for one in world.extracts["gp_registrations"]:
        people[one["PSEUDO_NHS_NUMBER"]].registrations.append(one)
    for one in world.extracts["gp_observations"]:
        people[one["PSEUDO_NHS_NUMBER"]].observations.append(one)
    for one in sorted(world.extracts["deaths"], key=lambda one: one["REG_DATE_OF_DEATH"]):
        person = people[one["PSEUDO_NHS_NUMBER"]]
        if person.died is None:
            person.died = day(one["REG_DATE_OF_DEATH"])
            person.cause, person.place = one["S_UNDERLYING_COD_ICD10"], one["PLACE_OF_DEATH"]
    for one in world.extracts["adult_social_care"]:
        if one["SERVICE_TYPE"] != "Long Term Support: Community":
            start = date.fromisoformat(one["EVENT_START_DATE"])
            stay = (start, max(start, day(one["EVENT_END_DATE"]) or FOR_EVER))
            people[one["PSEUDO_NHS_NUMBER"]].care_homes.append(stay)
    for key, rows in _episodes(world).items():
        people[key].episodes = rows
    return people


def _episodes(world: World) -> dict[str, list[Record]]:
    """Each episode once: the finished row where there is one."""
    found: dict[tuple[str, ...], Record] = {}
    for one in world.extracts["hes_apc"]:
        admitted = one["EPISTART"] if day(one["ADMIDATE"]) is None else one["ADMIDATE"]
        key = ("PSEUDO_HESID", "PROCODE3", "EPISTART", "EPIORDER", "SPELL_ID")
        who = (*(one[name] for name in key), admitted)
        rank = (one["EPISTAT"], one["FYEAR"], one["EPIKEY"])
        other = found.get(who)
        if other is None or rank > (other["EPISTAT"], other["FYEAR"], other["EPIKEY"]):
            found[who] = one
    by_person: dict[str, list[Record]] = defaultdict(list)
    for one in found.values():
        by_person[one["PSEUDO_HESID"]].append(one)
    return by_person

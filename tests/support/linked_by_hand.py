"""The measures of linked records in plain Python, a person at a time, and counted in cuts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from tests.support.linked_people import (
    EMERGENCY,
    NOT_LONG_TERM,
    QUINTILES,
    REGISTERS,
    YEARS,
    Person,
    Record,
    day,
    first_of,
    last_of,
    plain,
    years_old,
)
from tests.support.linked_world import World

# Area, first day, sex, age in words, segment, kind of cut, group, band of age.
Key = tuple[str, str, str, str, str, str, str, str]
Counts = dict[Key, tuple[float, float]]
GROUPS = ((0, 18), (19, 64), (65, 74), (75, 84), (85, 999))


def words(first: int, last: int) -> str:
    if (first, last) == (0, 999):
        return "All ages"
    if last == 999:
        return f"{first}+ yrs"
    return f"<{last + 1} yrs" if first == 0 else f"{first}-{last} yrs"


def band(age: int) -> str:
    return "90+" if age >= 90 else f"{age // 5 * 5}-{age // 5 * 5 + 4}"


@dataclass(frozen=True)
class Year:
    """One person of a year's population, as they were on its first day."""

    person: Person
    year: int
    registration: Record
    practice: Record
    segment: str
    followed_to: date

    @property
    def first(self) -> date:
        return first_of(self.year)

    @property
    def last(self) -> date:
        return last_of(self.year)

    @property
    def age(self) -> int:
        return years_old(self.person.born, self.first)

    @property
    def stays_to_end(self) -> bool:
        return self.followed_to == self.last

    @property
    def dies(self) -> bool:
        return self.person.died is not None and self.first <= self.person.died <= self.last

    def cuts(self, age: int, first: int, last: int) -> Iterator[tuple[str, ...]]:
        """Every cut that counts somebody of that age: area, sex, age, segment, cut, group."""
        whole = words(first, last)
        utla = self.practice["UTLA_CODE"]
        yield (self.practice["PRACTICE_CODE"], "Persons", whole, "all", "all", "all")
        yield (self.practice["PCN_CODE"], "Persons", whole, "all", "all", "all")
        yield (utla, "Persons", whole, "all", "all", "all")
        yield (utla, "Persons", whole, self.segment, "all", "all")
        if self.person.sex:
            yield (utla, self.person.sex, whole, "all", "all", "all")
        held = [(a, b) for a, b in GROUPS if b >= first and a <= last]
        if len(held) > 1:
            a, b = next((a, b) for a, b in held if a <= age <= b)
            yield (utla, "Persons", words(max(a, first), min(b, last)), "all", "all", "all")
        decile = int(self.registration["IMD_DECILE"])
        quintile = QUINTILES[(decile + 1) // 2 - 1]
        yield (utla, "Persons", whole, "all", "Deprivation quintiles (IMD2019)", quintile)
        yield (utla, "Persons", whole, "all", "Ethnic groups", self.person.ethnic)
        locality = self.practice["LOCALITY"]
        yield (utla, "Persons", whole, "all", "Locality", locality)


@dataclass(frozen=True)
class Population:
    """Everybody, and who of them was there on the first day of each year."""

    people: dict[str, Person]
    world: World

    @cached_property
    def years(self) -> list[Year]:
        practices = {one["PRACTICE_CODE"]: one for one in self.world.extracts["gp_practices"]}
        found = []
        for person in self.people.values():
            for year in YEARS:
                one = person.registration(first_of(year))
                if one is not None:
                    segment = person.segment(first_of(year))
                    practice = practices[one["PRACTICE_CODE"]]
                    to = person.followed_to(year)
                    found.append(Year(person, year, one, practice, segment, to))
        return found

    def rate(
        self,
        happens: Callable[[Year], Iterable[int]],
        first: int = 0,
        last: int = 999,
        *,
        banded: bool = False,
    ) -> Counts:
        """Events, told by the age at each, out of everybody of those ages."""
        above: dict[Key, float] = defaultdict(float)
        below: dict[Key, float] = defaultdict(float)
        for one in self.years:
            if first <= one.age <= last:
                for key in _keys(one, one.age, first, last, banded=banded):
                    below[key] += 1
            for age in happens(one):
                if first <= age <= last:
                    for key in _keys(one, age, first, last, banded=banded):
                        above[key] += 1
        return {key: (above[key], people) for key, people in below.items()}

    def share(
        self,
        counts: Callable[[Year], tuple[float, float] | None],
        first: int = 0,
        last: int = 999,
    ) -> Counts:
        """What each person adds above and below the line; None who isn't counted."""
        sums: dict[Key, tuple[float, float]] = {}
        for one in self.years:
            given = counts(one) if first <= one.age <= last else None
            if given is not None:
                for key in _keys(one, one.age, first, last, banded=False):
                    above, below = sums.get(key, (0, 0))
                    sums[key] = (above + given[0], below + given[1])
        return sums


def _keys(one: Year, age: int, first: int, last: int, *, banded: bool) -> Iterator[Key]:
    for area, sex, ages, segment, kind, group in one.cuts(age, first, last):
        of = band(age) if banded else "all"
        yield (area, str(one.first), sex, ages, segment, kind, group, of)


# Codes, as the definitions name them.
def between(code: str, first: str, last: str) -> bool:
    return first <= code[:3] <= last


def begins(code: str, text: str) -> bool:
    return any(code.startswith(start) for start in text.split())


def diagnoses(episode: Record) -> list[str]:
    return [plain(code) for nth in range(1, 5) if (code := episode[f"DIAG_4_0{nth}"])]


def admitted(
    of: Callable[[Record, list[str]], bool], *, emergency: bool = True, by_end: bool = False
) -> Callable[[Year], Iterator[int]]:
    """The age at each admission of a person in the year of which `of` is true."""

    def happens(one: Year) -> Iterator[int]:
        for episode in one.person.admissions:
            on = day(episode["EPIEND" if by_end else "ADMIDATE"])
            is_in_year = on is not None and one.first <= on <= one.last
            counts = not emergency or episode["ADMIMETH"] in EMERGENCY
            codes = diagnoses(episode)
            if is_in_year and counts and codes and of(episode, codes):
                yield int(episode["STARTAGE"])

    return happens


def latest(one: Year, codes: Iterable[str], *, since_first_day: bool = True) -> list[Record]:
    """The records of the latest day of the year, or before it, that bear one of the codes."""
    known = [
        record
        for record in one.person.observations
        if record["SNOMED_CODE"] in codes
        and record["EVENT_DATE"] <= str(one.last)
        and (not since_first_day or record["EVENT_DATE"] >= str(one.first))
    ]
    newest = max((record["EVENT_DATE"] for record in known), default="")
    return [record for record in known if record["EVENT_DATE"] == newest]


def pressure_at_target(one: Year) -> tuple[float, float] | None:
    if not one.person.on_register("hypertension", one.first) or not one.stays_to_end:
        return None
    by_day: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for record in one.person.observations:
        if str(one.first) <= record["EVENT_DATE"] <= str(one.last):
            if record["SNOMED_CODE"] == "271649006" and float(record["NUMERIC_VALUE"]) >= 50:
                by_day[record["EVENT_DATE"]][0].append(float(record["NUMERIC_VALUE"]))
            if record["SNOMED_CODE"] == "271650006" and float(record["NUMERIC_VALUE"]) >= 20:
                by_day[record["EVENT_DATE"]][1].append(float(record["NUMERIC_VALUE"]))
    whole = {on: pair for on, pair in by_day.items() if pair[0] and pair[1]}
    if not whole:
        return (0, 1)
    systolic, diastolic = whole[max(whole)]
    highest = 150 if one.age >= 80 else 140
    return (float(min(systolic) <= highest and min(diastolic) <= 90), 1)


def sugar_at_target(one: Year) -> tuple[float, float] | None:
    if not one.person.on_register("diabetes", one.first) or not one.stays_to_end:
        return None
    results = [
        float(record["NUMERIC_VALUE"])
        for record in latest(one, ["999791000000106"])
        if not record["COMPARATOR"].startswith(">")
    ]
    is_frail = any(
        one.person.on_register(name, one.first) for name in ("moderate_frailty", "severe_frailty")
    )
    return (float(bool(results) and min(results) <= (75 if is_frail else 58)), 1)


def new_condition(one: Year) -> tuple[float, float] | None:
    codes = {
        code
        for name, (given, _) in REGISTERS.items()
        if name not in NOT_LONG_TERM
        for code in given
    }
    first = min(
        (rec["EVENT_DATE"] for rec in one.person.observations if rec["SNOMED_CODE"] in codes),
        default="9999",
    )
    if not one.stays_to_end or first < str(one.first):
        return None
    return (float(first <= str(one.last)), 1)


def readmitted(population: Population) -> Callable[[Year], tuple[float, float] | None]:
    """Stays that led to another, out of those expected by sex, age and how they began."""
    found: dict[int, list[tuple[tuple[object, ...], bool]]] = defaultdict(list)
    total: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
    for nth, one in enumerate(population.years):
        for part, again in _indexes(one):
            stratum = (one.year, one.person.sex, *part)
            found[nth].append((stratum, again))
            total[stratum][0] += again
            total[stratum][1] += 1
    place = {id(one): nth for nth, one in enumerate(population.years)}

    def counts(one: Year) -> tuple[float, float] | None:
        stays = found.get(place[id(one)])
        if not stays:
            return None
        expected = sum(_rounded(1_000_000 * total[s][0] / total[s][1]) for s, _ in stays)
        return (sum(again for _, again in stays), expected / 1_000_000)

    return counts


def _rounded(figure: float) -> int:
    return int(figure + 0.5)


def _indexes(one: Year) -> Iterator[tuple[tuple[object, ...], bool]]:
    ordinary = [stay for stay in one.person.stays if stay[0].first["CLASSPAT"] == "1"]
    for nth, stay in enumerate(ordinary, start=1):
        after = ordinary[nth] if nth < len(ordinary) else None
        left = stay[-1].discharged if all(s.discharged for s in stay) else None
        left = max(s.discharged for s in stay if s.discharged) if left else None
        record = stay[0].first
        if left is None or not one.first <= left <= one.last:
            continue
        is_mental = 700 <= int(record["TRETSPEF"]) <= 727
        if _is_set_aside(record) or is_mental or stay[-1].last["DISMETH"] == "4":
            continue
        age = int(record["STARTAGE"])
        part = (0 if age < 16 else 1 if age < 75 else 2, record["ADMIMETH"] in EMERGENCY)
        again = (
            after is not None
            and after[0].first["ADMIMETH"] in EMERGENCY
            and not _is_set_aside(after[0].first)
            and after[0].admitted is not None
            and timedelta(0) <= after[0].admitted - left <= timedelta(days=29)
        )
        yield part, again


def _is_set_aside(record: Record) -> bool:
    code = plain(record["DIAG_4_01"])
    is_cancer = (
        between(code, "C00", "C97") or between(code, "D37", "D48") or begins(code, "Z511 Z512")
    )
    return is_cancer or code.startswith("O") or record["TRETSPEF"] in ("501", "560", "610")

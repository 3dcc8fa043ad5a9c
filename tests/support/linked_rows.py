"""Records of a few people written by a test, as they land."""

from __future__ import annotations

from typing import Any

import duckdb

from tests.support import linked_models

TABLES = (
    *("gp_practices", "gp_people", "gp_registrations", "gp_observations", "hospital_episodes"),
    *("registered_deaths", "social_care_events"),
)
UTLA = "E08000007"
ADULT = "1960-04"


class Records:
    """A database with landed tables that a test fills, a person at a time."""

    def __init__(self) -> None:
        # On so few rows a second thread only costs.
        self.connection = duckdb.connect(config={"threads": "1"})
        linked_models.place(self.connection)
        self.clear()

    def clear(self) -> None:
        """After this nothing is left of anybody but a practice, and years that are whole."""
        self.number = 0
        self.built: set[str] = set()
        for table in TABLES:
            self.connection.execute(f"delete from landed_{table}")
        self.put(
            "gp_practices",
            practice_code="Z90001",
            pcn_code="U90001",
            locality="North",
            utla_code=UTLA,
        )
        # What says which years are whole: somebody of another area, admitted in each March.
        for year in range(2019, 2024):
            self.episode("elsewhere", f"{year + 1}-03-15", diagnosis_01="Z000")

    def put(self, table: str, **cells: Any) -> None:
        """After this the table has the row."""
        self.built.clear()
        names = ["extract_id", *cells]
        marks = ", ".join("?" for _ in names)
        self.connection.execute(
            f"insert into landed_{table} ({', '.join(names)}) values ({marks})",
            [1, *cells.values()],
        )

    def person(
        self, person_id: str, birth_month: str = ADULT, sex: str = "2", ethnic: str | None = "A"
    ) -> str:
        """Somebody who has been registered for long; the key, to go on with."""
        self.put(
            "gp_people",
            person_id=person_id,
            birth_month=birth_month,
            sex_code=sex,
            ethnic_category=ethnic,
        )
        self.registration(person_id, "2001-01-01")
        return person_id

    def registration(
        self, person_id: str, start: str, end: str | None = None, practice: str = "Z90001"
    ) -> None:
        """A registration with a practice."""
        self.put(
            "gp_registrations",
            person_id=person_id,
            practice_code=practice,
            start_date=start,
            end_date=end,
            utla_code=UTLA,
            deprivation_decile="3",
        )

    def episode(self, person_id: str, start: str, end: str | None = None, **said: Any) -> None:
        """A finished episode, the first and last of an emergency spell but for what is said."""
        self.number += 1
        year = int(start[:4]) - (start[5:] < "04-01")
        last = end or start
        cells = {
            "year": f"{year % 100:02d}{(year + 1) % 100:02d}",
            "episode_id": str(self.number),
            "person_id": person_id,
            "spell_id": str(1000 + self.number),
            "admitted_on": start,
            "admission_method": "21",
            "admission_source": "19",
            "patient_class": "1",
            "discharged_on": last,
            "discharge_destination": "19",
            "discharge_method": "1",
            "episode_start": start,
            "episode_end": last,
            "episode_order": 1,
            "episode_status": "3",
            "episode_type": "1",
            "provider_code": "RWJ",
            "specialty_code": "300",
            "age_at_start": 61,
            "diagnosis_01": "R074",
        }
        self.put("hospital_episodes", **(cells | said))

    def coded(self, person_id: str, on: str, code: str, value: float | None = None) -> None:
        """An entry in a practice's record."""
        self.put(
            "gp_observations",
            person_id=person_id,
            observed_on=on,
            snomed_code=code,
            numeric_value=value,
        )

    def pressure(self, person_id: str, on: str, systolic: float, diastolic: float) -> None:
        """A reading of both."""
        self.coded(person_id, on, "271649006", systolic)
        self.coded(person_id, on, "271650006", diastolic)

    def build(self, *models: str) -> None:
        """After this the models stand, made of the rows that are there."""
        linked_models.build(self.connection, list(models), self.built)

    def people(self, count: int, sex: str, birth_month: str, code: str | None = None) -> None:
        """So many people alike, all of them with the code if one is given."""
        self.number += count
        keys = (
            f"select concat('Q', cast({self.number} - range as varchar)) as k from range({count})"
        )
        for table, cells in {
            "gp_people": f"k as person_id, '{birth_month}' as birth_month, '{sex}' as sex_code",
            "gp_registrations": "k as person_id, 'Z90001' as practice_code,"
            " '2001-01-01' as start_date",
            "gp_observations": f"k as person_id, '2020-01-01' as observed_on,"
            f" '{code}' as snomed_code",
        }.items():
            if table != "gp_observations" or code:
                self.connection.execute(
                    f"insert into landed_{table} by name"
                    f" select 1 as extract_id, {cells} from ({keys})"
                )
        self.built.clear()

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """What the database answers."""
        return self.connection.execute(query).fetchall()

    def numerator(self, indicator: str, year: int = 2023) -> float:
        """What the authority counts above the line in a year, whole."""
        return float(self.whole(indicator, year)[0])

    def whole(self, indicator: str, year: int = 2023) -> tuple[float, float]:
        """Both counts of the authority in a year."""
        self.build(indicator)
        return self.ask(
            f"select coalesce(sum(numerator), 0), coalesce(sum(denominator), 0) from {indicator}"
            f" where area_code = '{UTLA}' and sex = 'Persons' and segment = 'all'"
            f" and breakdown_type = 'all' and period_start = '{year}-04-01'"
            " and age in (select headline from (values ('All ages'), ('65+ yrs'), ('17+ yrs'),"
            " ('<75 yrs')) as known(headline))"
        )[0]

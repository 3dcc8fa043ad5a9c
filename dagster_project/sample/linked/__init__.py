"""Made-up linked records: people, and what hospitals, practices and councils wrote down of them.

Nobody here lives or lived. People are born, move, fall ill by deprivation, go to hospital because
they are ill, and die; each extract tells what one keeper of records would know of the same people,
under one pseudonymised key. The faults of real extracts are in them, each rare: see `extracts.sql`.

All is drawn in DuckDB, a table at once: a draw is a digest of the person, of what is drawn and of
the seed, so the same seed gives the same rows however many threads draw them. Millions are drawn
in parts, each in a database of its own: the same people again, whatever the size of a part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dagster_project.landing.sql import quoted, quoted_path

if TYPE_CHECKING:
    import duckdb

HERE = Path(__file__).parent
STEPS = ("people", "conditions", "hospital", "extracts", "primary_care")
TABLES = ("places", "conditions", "reasons")
FIRST_DAY = date(2019, 4, 1)


@dataclass(frozen=True)
class Practice:
    """A made-up practice: its network, the locality it counts to, and the place where it is."""

    practice_code: str
    pcn_code: str
    locality: str
    place: int


@dataclass(frozen=True)
class Recipe:
    """How many people are drawn, for how many financial years, and how much is written of them."""

    people: int
    practices: tuple[Practice, ...]
    seed: int = 2026
    years: int = 5
    # Stays a year of people of middling age and means, over what their age alone gives.
    stays: float = 1.0
    # Codes a month that no measure asks for.
    other_codes: float = 0.45

    @property
    def last_day(self) -> date:
        """The last day that anything was written down."""
        return date(FIRST_DAY.year + self.years, 3, 31)


@dataclass(frozen=True)
class Part:
    """The people from one number to another, and how many records were numbered before theirs.

    Hospitals number their records through, so a part has to know where the one before it ended.
    """

    first: int
    last: int
    episodes: int = 0
    appointments: int = 0
    attendances: int = 0


# What is numbered through, and the table that holds as many rows.
NUMBERED = {
    "episodes": "episodes",
    "appointments": "outpatients",
    "attendances": "emergency_care",
}


# Each extract's name and its rows, in an order that depends on nothing but what is in them.
EXTRACTS = {
    "gp_people": """
        select person_id as "PSEUDO_NHS_NUMBER", strftime(birth_date, '%Y-%m') as "BIRTH_MONTH",
            sex as "SEX", ethnic_category as "ETHNIC_CATEGORY"
        from people order by id""",
    "gp_registrations": """
        select person_id as "PSEUDO_NHS_NUMBER", practice_code as "PRACTICE_CODE",
            start_date as "REGISTRATION_START_DATE", end_date as "REGISTRATION_END_DATE",
            utla_code as "RESLADST_ONS", lsoa_code as "LSOA11", deprivation_decile as "IMD_DECILE"
        from registrations inner join places using (place) order by id, nth""",
    "gp_practices": """
        select practice_code as "PRACTICE_CODE", pcn_code as "PCN_CODE", locality as "LOCALITY",
            utla_code as "UTLA_CODE"
        from practices inner join places using (place) order by practice_code""",
    "gp_observations": """
        select person_id as "PSEUDO_NHS_NUMBER", date as "EVENT_DATE", code as "SNOMED_CODE",
            value as "NUMERIC_VALUE", comparator as "COMPARATOR"
        from observations where date <= getvariable('last_day')
        order by all""",
    "hes_apc": "select * exclude (is_unfinished) from apc order by epikey",
    "hes_op": "select * from outpatients order by attendkey",
    "ecds": "select * from emergency_care where arrival_date <= getvariable('last_day')"
    " order by attendance_unique_identifier",
    "deaths": "select * from deaths order by all",
    "adult_social_care": "select * from social_care"
    " where event_start_date <= getvariable('last_day') order by all",
}


def draw(connection: duckdb.DuckDBPyConnection, recipe: Recipe, part: Part | None = None) -> None:
    """After this the connection has a table for each extract, and those that they came from.

    Without a part everybody is in them.
    """
    part = part or Part(1, recipe.people)
    settings = {
        "seed": recipe.seed,
        "first": part.first,
        "last": part.last,
        **{f"{kind}_before": getattr(part, kind) for kind in NUMBERED},
        "first_day": FIRST_DAY,
        "last_day": recipe.last_day,
        "last_year": FIRST_DAY.year + recipe.years - 1,
        "years": recipe.years,
        "stays": recipe.stays,
        "other_codes": recipe.other_codes,
    }
    for name, value in settings.items():
        text = f"date '{value}'" if isinstance(value, date) else str(value)
        connection.execute(f"set variable {name} = {text}")
    for table in TABLES:
        path = quoted_path(HERE / f"{table}.csv")
        connection.execute(
            f"create table {table} as"
            f" select * from read_csv({path}, header = true, auto_detect = true)"
        )
    _practices(connection, recipe)
    for step in STEPS:
        connection.execute((HERE / f"{step}.sql").read_text(encoding="utf-8"))


def draw_in_parts(
    recipe: Recipe,
    size: int,
    opened: Callable[[], duckdb.DuckDBPyConnection],
    part: Part | None = None,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Part]]:
    """The extracts of so many people at a time, each time in a database newly opened.

    Together they are what `draw` gives at once, and no more of it is held than a part. With each
    comes the part that follows: drawing may go on from there another time.
    """
    part = part or Part(1, size)
    while part.first <= recipe.people:
        part = replace(part, last=min(part.first + size - 1, recipe.people))
        with opened() as connection:
            draw(connection, recipe, part)
            rows = {
                kind: getattr(part, kind)
                + connection.execute(f"select count(*) from {table}").fetchall()[0][0]
                for kind, table in NUMBERED.items()
            }
            part = Part(part.last + 1, part.last + size, **rows)
            yield connection, part


def _practices(connection: duckdb.DuckDBPyConnection, recipe: Recipe) -> None:
    rows = ", ".join(
        f"({quoted(one.practice_code)}, {quoted(one.pcn_code)},"
        f" {quoted(one.locality)}, {one.place})"
        for one in recipe.practices
    )
    connection.execute(
        "create table practices as select *,"
        " row_number() over (partition by place order by practice_code) - 1 as number,"
        " count(*) over (partition by place) as of_place"
        f" from (values {rows}) as given(practice_code, pcn_code, locality, place)"
    )


def _headed(connection: duckdb.DuckDBPyConnection, rows: str) -> str:
    """The query with its columns in capitals, as the publishers write them."""
    names = [row[0] for row in connection.execute(f"describe {rows}").fetchall()]
    columns = ", ".join(f'{name} as "{name.upper()}"' for name in names)
    return f"select {columns} from ({rows})"


def write(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    prefix: str = "",
    form: Literal["csv", "parquet"] = "csv",
) -> list[Path]:
    """After this the folder holds a file for each extract that was drawn."""
    paths = []
    for name, rows in EXTRACTS.items():
        path = folder / f"{prefix}{name}.{form}"
        options = "format csv, header true" if form == "csv" else "format parquet"
        connection.execute(f"copy ({_headed(connection, rows)}) to {quoted(str(path))} ({options})")
        paths.append(path)
    return paths

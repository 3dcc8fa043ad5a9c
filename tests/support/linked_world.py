"""A made-up population of some hundreds: as rows to be followed by hand, and as landed."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.landing.sql import quoted
from dagster_project.sample import linked
from dagster_project.sources import LAYOUTS_BY_ID
from tests.support import linked_models

LAYOUT_OF = {
    "gp_people": "gp_people",
    "gp_registrations": "gp_registrations",
    "gp_practices": "gp_practices",
    "gp_observations": "gp_observations",
    "hes_apc": "hes_admitted_care",
    "hes_op": "hes_outpatients",
    "ecds": "emergency_care",
    "deaths": "linked_deaths",
    "adult_social_care": "adult_social_care_events",
}
PRACTICES = tuple(
    linked.Practice(f"Z8{place}00{nth}", f"U8{place}00{nth // 2}", f"Locality {nth % 2 + 1}", place)
    for place in range(1, 6)
    for nth in range(3)
)
Record = dict[str, str]


@dataclass(frozen=True)
class World:
    """What each extract says, row by row, as text."""

    extracts: dict[str, list[Record]]


def drawn(folder: Path, people: int, seed: int = 5, stays: float = 3.5) -> dict[str, Path]:
    """After this the folder holds the extracts of so many people; their paths by name."""
    recipe = linked.Recipe(people, PRACTICES, seed=seed, stays=stays, other_codes=0.05)
    with duckdb.connect() as connection:
        linked.draw(connection, recipe)
        paths = linked.write(connection, folder)
    return {path.stem: path for path in paths}


def read(paths: dict[str, Path]) -> World:
    """The rows of the extracts as they stand in the files."""
    extracts = {}
    for name, path in paths.items():
        with path.open(encoding="utf-8", newline="") as stream:
            extracts[name] = list(csv.DictReader(stream))
    return World(extracts)


def landed(paths: dict[str, Path]) -> duckdb.DuckDBPyConnection:
    """A database in which the extracts stand as landed, and nothing is built."""
    connection = duckdb.connect(config={"threads": "2"})
    linked_models.place(connection)
    for name, path in paths.items():
        layout = LAYOUTS_BY_ID[LAYOUT_OF[name]]
        with path.open(encoding="utf-8", newline="") as stream:
            headers = next(csv.reader(stream))
        chosen = []
        for header in headers:
            for field in layout.named(header)[:1]:
                text = f'"{header}"'
                column = f"try_cast({text} as double)" if field.kind == "figure" else text
                chosen.append(f"{column} as {field.name}")
        connection.execute(
            f"insert into landed_{layout.table} by name"
            f" select 1 as extract_id, {', '.join(chosen)}"
            f" from read_csv({quoted(str(path))}, all_varchar = true, header = true)"
        )
    return connection

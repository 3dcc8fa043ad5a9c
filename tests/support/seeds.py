"""A copy of the registry's seeds that a test may spoil, cell by cell."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.tables import TABLES

SEEDS = PROJECT_ROOT / "seeds"

# Rows and keys that several tests spoil or add.
M04 = "bnssg;2021;BNSSG-M04"
LEAST_DEPRIVED = (
    "County & UA deprivation deciles in England (IMD2015);Least deprived decile (IMD2015)"
)
# Made up: who is like whom is for whoever publishes a set of peers to say.
PEER = ["made_up", "E06000023", "E06000023", "2020-01-01", "", "made up", "recalled"]
GOAL = [
    *("bnssg_smoking", "bnssg", "2021", "BNSSG-M04", "smoking_adults", "E06000023", "Persons"),
    *("18+ yrs", "2019-01-01", "2019-12-31", "-0.5", "2030-03-31", "linear", "Council"),
    *("A made-up paper", "true", "inferred", ""),
]
REVIEW = ["suicide_rate", "1", "geography", "geography", "2026-11-26", "2027-11-26", ""]


def copied(folder: Path) -> Path:
    """The folder, which now holds a copy of every seed."""
    folder.mkdir()
    for table in TABLES:
        shutil.copyfile(SEEDS / table.file, folder / table.file)
    return folder


def read(seeds: Path, file: str) -> list[list[str]]:
    """The lines of a seed, its header first."""
    with (seeds / file).open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def write(seeds: Path, file: str, lines: list[list[str]]) -> None:
    """After this the seed holds these lines."""
    with (seeds / file).open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(lines)


def change(seeds: Path, file: str, key: str, column: str, value: str) -> int:
    """The number of the row whose first cells are `key`, after its cell was changed."""
    lines = read(seeds, file)
    wanted = key.split(";")
    number = next(n for n, line in enumerate(lines) if line[: len(wanted)] == wanted)
    lines[number][lines[0].index(column)] = value
    write(seeds, file, lines)
    return number + 1

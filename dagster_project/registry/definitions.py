"""The definitions of `dbt/models/indicators` as rows of the registry, beside those of `seeds/`.

A definition takes the place of a draft of its name in `seeds/indicators.csv`. What was read is
kept for each state of the code: reading YAML takes longer than a refresh with nothing new may.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from dagster_project.errors import RegistryError
from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.forms import FIRST_ROW, Finding, Row, Tables, numbered

FOLDER = PROJECT_ROOT / "dbt" / "models" / "indicators"
KEPT = PROJECT_ROOT / "dbt" / "target"
FILES = ("indicators.csv", "framework_indicators.csv", "crosswalk.csv", "measures.csv")
# Where a definition stands before the row of a draft.
REPLACED = ("indicators.csv", "measures.csv")
# The key of a definition that decides a column, where it isn't the column's name.
KEYS = {
    "status": "life_cycle",
    "source_id": "sources",
    "is_standardised": "method",
    "value_type": "method",
    "ci_method": "method",
}


@dataclass(frozen=True)
class Defined:
    """What the folder says: rows by file of the registry, and what is wrong with its files."""

    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    problems: tuple[RegistryError, ...] = ()
    # Keys, by file of a definition, whose mistake is among the problems already.
    told: Mapping[str, frozenset[str]] = field(default_factory=dict)


def defined(folder: Path, seeds: Tables) -> Defined:
    """The folder's definitions as rows, from where they are kept or read anew."""
    rows = kept(folder)
    if rows is not None:
        return Defined(rows)
    from dagster_project.indicators.reading import read
    from dagster_project.indicators.rows import rows_of

    reading = read(folder)
    found: dict[str, list[Row]] = {file: [] for file in FILES}
    for definition in reading.definitions:
        for file, row in rows_of(definition, seeds):
            found[file].append(row)
    told = {each.file: frozenset(each.keys) for each in reading.findings}
    return Defined(found, tuple(reading.problems), told)


def kept(folder: Path) -> dict[str, tuple[Row, ...]] | None:
    """The rows of sound definitions by file, as this state of the code has read them before."""
    place = kept_at(folder)
    if place is None or not place.exists():
        return None
    rows = json.loads(place.read_text(encoding="utf-8"))
    return {file: tuple(MappingProxyType(row) for row in rows[file]) for file in FILES}


def keep(folder: Path, read: Defined) -> None:
    """After this the rows of sound definitions needn't be read again in this state of the code."""
    place = kept_at(folder)
    if place is None or place.exists():
        return
    rows = {file: [dict(row) for row in read.rows[file]] for file in FILES}
    keep_text(place, json.dumps(rows), others="definitions-*.json")


def keep_text(place: Path, text: str, *, others: str) -> None:
    """After this the file says so, in the place of the `others`.

    It saves time and nothing else: a checkout that only others may change does without, and so
    does a process that runs on while code is edited: it would name what it reads by older code.
    """
    from dagster_project.fingerprint import is_code_unchanged

    if not is_code_unchanged():
        return
    building = place.with_name(f"{place.name}.{os.getpid()}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        building.write_text(text, encoding="utf-8")
    except PermissionError:
        return
    for older in place.parent.glob(others):
        older.unlink(missing_ok=True)
    building.replace(place)


def kept_at(folder: Path) -> Path | None:
    """Where the project's own definitions are kept; those of another folder aren't."""
    if folder != FOLDER:
        return None
    from dagster_project.fingerprint import code_version

    return KEPT / f"definitions-{code_version()[:16]}.json"


def with_definitions(
    tables: Mapping[str, tuple[Row, ...]], rows: Mapping[str, Sequence[Row]]
) -> dict[str, tuple[Row, ...]]:
    """The tables with the definitions' rows: after the seeds', or in place of a draft."""
    drafts = {row["indicator_id"] for row in tables["indicators.csv"] if row["status"] == "draft"}
    merged = dict(tables)
    for file, found in rows.items():
        taken = {row["indicator_id"]: row for row in found if file in REPLACED}
        taken = {name: row for name, row in taken.items() if name in drafts}
        seeded = tuple(taken.get(row.get("indicator_id", ""), row) for row in tables[file])
        placed = {id(row) for row in seeded}
        merged[file] = (*seeded, *(row for row in found if id(row) not in placed))
    return merged


def as_error(finding: Finding, tables: Tables) -> RegistryError:
    """A finding in words: by row and column of a seed, or by file and key of a definition."""
    row = _row(finding, tables)
    if row and "defined_in" in row:
        file, place = row["defined_in"], f"{row['defined_at']}.{_key(finding.column)}"
    else:
        file = f"seeds/{finding.file}"
        place = f"row {finding.row}" + (f", {finding.column}" if finding.column else "")
    return RegistryError(
        finding.problem,
        file=file,
        place=place,
        got=finding.got,
        expected=finding.expected,
        fix=finding.fix,
    )


def is_told(finding: Finding, tables: Tables, told: Mapping[str, frozenset[str]]) -> bool:
    """Whether it speaks of a key of a definition whose form was found wrong before."""
    row = _row(finding, tables)
    if not row or "defined_in" not in row:
        return False
    parts = row["defined_at"].removeprefix("indicator").split("[")[0].strip(".")
    return (parts or _key(finding.column)) in told.get(row["defined_in"], ())


def _row(finding: Finding, tables: Tables) -> Row | None:
    rows = tables.get(finding.file, ())
    number = finding.row - FIRST_ROW
    return rows[number] if 0 <= number < len(rows) else None


def _key(column: str) -> str:
    return KEYS.get(column, column.removeprefix("right_"))


def _definitions(tables: Tables) -> Iterator[tuple[int, Row]]:
    return ((n, row) for n, row in numbered(tables, "indicators.csv") if "defined_in" in row)


def definitions_name_rows(tables: Tables) -> Iterator[Finding]:
    """Sources, the checker and the area of a standard are rows of the registry.

    The first of the sources is the seed's own column, whose reference is looked up with all others.
    """
    lists = (
        ("sources", "sources.csv", "source_id"),
        ("checked_by", "owners.csv", "owner_id"),
        ("reference_area", "areas.csv", "area_code"),
    )
    for number, row in _definitions(tables):
        for column, file, key in lists:
            known = {each[key] for each in tables.get(file, ())}
            names = row[column].split("|")[1 if column == "sources" else 0 :]
            for said in filter(None, names):
                if known and said not in known:
                    yield Finding(
                        "indicators.csv",
                        number,
                        column,
                        "refers to a row that doesn't exist",
                        said,
                        f"{key} of a row of seeds/{file}",
                        f"correct it, or add the row to seeds/{file}",
                    )


def standards_are_known(tables: Tables) -> Iterator[Finding]:
    """The standard population of a definition is one of the seed, with as many bands."""
    known = {
        (row["standard"], row["bands"]) for _, row in numbered(tables, "standard_populations.csv")
    }
    for number, row in _definitions(tables):
        standard = (row["standard_name"], row["standard_bands"])
        if any(standard) and known and standard not in known:
            yield Finding(
                "indicators.csv",
                number,
                "standard",
                "isn't a standard population that is known",
                f"{standard[0]} of {standard[1]} bands",
                ", ".join(f"{name} of {bands} bands" for name, bands in sorted(known)),
                "use one of these, or add its bands to seeds/standard_populations.csv",
            )


def means_stand_as_they_are(tables: Tables) -> Iterator[Finding]:
    """A mean is of the values themselves: nothing is multiplied."""
    for number, row in _definitions(tables):
        if row["method"] == "mean" and row["multiplier"] not in ("", "1"):
            yield Finding(
                "indicators.csv",
                number,
                "multiplier",
                "doesn't go with the method mean",
                row["multiplier"],
                "1",
                "write 1, and give the SQL's numerator on the scale that is shown",
            )


DEFINITION_RULES: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    definitions_name_rows,
    standards_are_known,
    means_stand_as_they_are,
)

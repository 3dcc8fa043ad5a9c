"""What must hold between the rows of a framework's edition, whether seeds or a workbook hold them.

Each rule is a function of the tables; a finding names the file, the row and the column. The reader
of a framework's workbook puts its sheets to the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dagster_project.registry.forms import (
    EDITION_COLUMNS,
    Finding,
    Row,
    Tables,
    numbered,
)

MEMBERS = "framework_indicators.csv"
# Which columns of a file must be together in another file, and what of them may be empty.
REFERENCES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("domains.csv", "frameworks.csv", EDITION_COLUMNS),
    ("programmes.csv", "frameworks.csv", EDITION_COLUMNS),
    ("selection_principles.csv", "frameworks.csv", EDITION_COLUMNS),
    (MEMBERS, "domains.csv", (*EDITION_COLUMNS, "domain_code")),
    ("selection_principles.csv", MEMBERS, (*EDITION_COLUMNS, "code")),
    ("goals.csv", MEMBERS, (*EDITION_COLUMNS, "code")),
)


def editions_exist(tables: Tables) -> Iterator[Finding]:
    """A row belongs to an edition, a member to a domain too, an answer and a goal to a code."""
    for file, other, names in REFERENCES:
        there = {tuple(row[name] for name in names) for _, row in numbered(tables, other)}
        for number, row in numbered(tables, file):
            value = tuple(row[name] for name in names)
            # A principle without a code is the question itself.
            if there and value[-1] and value not in there:
                yield _missing(file, number, names, value, other)


def _missing(
    file: str, row: int, names: tuple[str, ...], value: tuple[str, ...], other: str
) -> Finding:
    return Finding(
        file,
        row,
        names[-1],
        "refers to a row that doesn't exist",
        " / ".join(value),
        f"{', '.join(names)} of a row of seeds/{other}",
        f"correct the cell, or add the row to seeds/{other}",
    )


def life_cycles_are_told(tables: Tables) -> Iterator[Finding]:
    """What is retired says since when and why, what is under review why; nothing else has ended."""
    for number, row in numbered(tables, MEMBERS):
        is_retired = row["life_cycle"] == "retired"
        needs = {
            "valid_to": is_retired,
            "life_cycle_reason": is_retired or row["life_cycle"] == "under_review",
        }
        for column, is_needed in needs.items():
            if is_needed and not row[column]:
                yield Finding(
                    MEMBERS,
                    number,
                    column,
                    f"is empty beside {row['life_cycle']}",
                    "nothing",
                    "the last day that it counted" if column == "valid_to" else "a reason in words",
                    "fill the cell, or mend life_cycle",
                )
        for column in ("valid_to", "successor_code"):
            if row[column] and not is_retired:
                yield Finding(
                    MEMBERS,
                    number,
                    column,
                    f"is filled beside {row['life_cycle'] or 'no life cycle'}",
                    row[column],
                    "nothing, or retired in life_cycle",
                    "empty the cell, or say that the indicator is retired",
                )


def successors_exist(tables: Tables) -> Iterator[Finding]:
    """A successor is another code of the edition, and no code comes after itself by a round."""
    # A code may have several rows, and one of them says what follows.
    after = {_code(row): "" for _, row in numbered(tables, MEMBERS)}
    after |= {
        _code(row): row["successor_code"]
        for _, row in numbered(tables, MEMBERS)
        if row["successor_code"]
    }
    for number, row in numbered(tables, MEMBERS):
        code = _code(row)
        following = row["successor_code"]
        if not following:
            continue
        edition = code[:-1]
        problem = "refers to a code that doesn't exist"
        if (*edition, following) in after:
            if not _comes_round(after, code):
                continue
            problem = "comes round to where it started"
        yield Finding(
            MEMBERS,
            number,
            "successor_code",
            problem,
            following,
            "another code of this edition, which doesn't lead back",
            "name the code that took this one's place, or empty the cell",
        )


def _comes_round(after: dict[tuple[str, ...], str], start: tuple[str, ...]) -> bool:
    edition, seen, code = start[:-1], {start}, start
    while after.get(code):
        code = (*edition, after[code])
        if code in seen:
            return True
        seen.add(code)
    return False


def _code(row: Row) -> tuple[str, ...]:
    return (*(row[name] for name in EDITION_COLUMNS), row["code"])


def programmes_exist(tables: Tables) -> Iterator[Finding]:
    """Each programme that a member belongs to is one of its edition's."""
    known = {
        (*(row[name] for name in EDITION_COLUMNS), row["programme_id"])
        for _, row in numbered(tables, "programmes.csv")
    }
    for number, row in numbered(tables, MEMBERS):
        for programme in filter(None, row["programmes"].split("|")):
            if (*_code(row)[:-1], programme) not in known:
                yield _missing(
                    MEMBERS,
                    number,
                    (*EDITION_COLUMNS, "programmes"),
                    (*_code(row)[:-1], programme),
                    "programmes.csv",
                )


def principles_are_answered(tables: Tables) -> Iterator[Finding]:
    """An answer is to one of the edition's own principles, with yes or no and why."""
    file = "selection_principles.csv"
    asked = {_asked(row) for _, row in numbered(tables, file) if not row["code"]}
    for number, row in numbered(tables, file):
        if row["code"] and _asked(row) not in asked:
            yield Finding(
                file,
                number,
                "principle",
                "isn't a principle of this edition",
                row["principle"],
                "a principle that has a row without a code",
                "correct the cell, or add the principle in a row without a code",
            )
        for column in ("is_met", "why"):
            if bool(row["code"]) != bool(row[column]):
                yield Finding(
                    file,
                    number,
                    column,
                    "doesn't go with the code",
                    row[column] or "nothing",
                    "yes or no and why beside a code, nothing beside none",
                    "answer for the code, or empty the cell",
                )


def _asked(row: Row) -> tuple[str, ...]:
    return (*(row[name] for name in EDITION_COLUMNS), row["principle"])


def goals_are_of_members(tables: Tables) -> Iterator[Finding]:
    """A goal's indicator is one of its code's, and its day comes after its baseline."""
    members = {(*_code(row), row["indicator_id"]) for _, row in numbered(tables, MEMBERS)}
    for number, row in numbered(tables, "goals.csv"):
        if members and (*_code(row), row["indicator_id"]) not in members:
            yield Finding(
                "goals.csv",
                number,
                "indicator_id",
                "isn't an indicator of this code",
                f"{row['indicator_id']} beside {row['code']}",
                "an indicator that the code leads to",
                "correct the code or the indicator",
            )
        if bool(row["baseline_start"]) != bool(row["baseline_end"]):
            yield Finding(
                "goals.csv",
                number,
                "baseline_end" if row["baseline_start"] else "baseline_start",
                "is half a baseline",
                "nothing",
                "both days of the baseline, or neither",
                "fill the cell, or empty the other",
            )
        if row["baseline_end"] and row["target_by"] and row["target_by"] <= row["baseline_end"]:
            yield Finding(
                "goals.csv",
                number,
                "target_by",
                "is before the baseline ends",
                row["target_by"],
                f"a day after {row['baseline_end']}",
                "mend one of the two dates",
            )


def local_frameworks_have_areas(tables: Tables) -> Iterator[Finding]:
    """A local framework says where it holds; a national one holds in all of England."""
    for number, row in numbered(tables, "frameworks.csv"):
        if (row["kind"] == "local") != bool(row["area_codes"]):
            yield Finding(
                "frameworks.csv",
                number,
                "area_codes",
                f"doesn't go with the kind {row['kind']}",
                row["area_codes"] or "nothing",
                "the areas of a local framework, nothing beside a national one",
                "mend the areas or the kind",
            )


FRAMEWORK_RULES: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    editions_exist,
    local_frameworks_have_areas,
    life_cycles_are_told,
    successors_exist,
    programmes_exist,
    principles_are_answered,
    goals_are_of_members,
)

"""What must be true of an extract's rows before they stay: checked in DuckDB, told by row.

The rows stand in `incoming`, a temporary table or a view of a Parquet file beside the warehouse
(decision 6). The places that are told hold where they stand in the order of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from dagster_project.errors import RefusedError
from dagster_project.landing import nhs_numbers
from dagster_project.landing.diagnosis import not_a_number
from dagster_project.landing.flattening import Source, place_of
from dagster_project.landing.sql import quoted
from dagster_project.sources.layout import Field, Layout, Total
from dagster_project.sources.matching import Recognised

if TYPE_CHECKING:
    import duckdb


def check(
    connection: duckdb.DuckDBPyConnection, found: Recognised, source: Source, rows: int
) -> None:
    """Nothing happens if the rows are sound; RefusedError names the first that isn't."""
    if rows == 0:
        raise RefusedError(
            "the file has a header and no rows",
            file=found.extract.relative_path,
            expected="at least one row of data",
            fix="fetch it again from the publisher",
        )
    if rows > found.layout.max_rows:
        raise RefusedError(
            "more rows than this layout may have",
            file=found.extract.relative_path,
            got=f"{rows:,}",
            expected=f"at most {found.layout.max_rows:,}",
            fix="check that the file is what it says it is",
        )
    present = [
        item
        for item in found.layout.columns
        if item.name in found.match.positions or found.layout.table_fields
    ]
    faults = [fault for item in present for fault in _faults(found.layout, item)]
    searched = _searched(present)
    conditions = [fault.condition for fault in faults]
    conditions += [_is_long(name, kind) for _, name, kind in searched]
    # All in one go over the rows.
    counted = _count(connection, conditions)
    for fault, how_many in zip(faults, counted, strict=False):
        if how_many:
            _refuse_first(connection, found, source, fault)
    for item in present:
        if item.pattern:
            _check_codes(connection, found, source, item)
    for total in found.layout.totals:
        _check_total(connection, found, total)
    for column, how_many in zip(searched, counted[len(faults) :], strict=True):
        if how_many:
            _check_nhs_numbers(connection, found, *column)


def _count(connection: duckdb.DuckDBPyConnection, conditions: list[str]) -> tuple[int, ...]:
    """Of how many rows each of the conditions is true."""
    counts = ", ".join(f"count_if({condition})" for condition in conditions)
    return connection.execute(f"select {counts} from incoming").fetchall()[0]


@dataclass(frozen=True)
class _Fault:
    """What must not be true of any row, and the column that shows it."""

    item: Field
    condition: str
    expected: str
    shown: str


def _faults(layout: Layout, item: Field) -> Iterator[_Fault]:
    name = f'"{item.name}"'
    if item.filled:
        # In a column of numbers nothing but a gap is empty; in a text, spaces are nothing too.
        is_empty = f"{name} is null" + ("" if item.kind == "figure" else f" or trim({name}) = ''")
        condition = f"({is_empty}) and {_is_of_its_parts(layout, item)}"
        yield _Fault(item, condition, "something in each row", name)
    if item.kind == "figure":
        yield _Fault(item, f"not isfinite({name})", "a number, or nothing", name)
    if item.markers:
        marker = f'"{item.name}_marker"'
        known = " or ".join(f"regexp_full_match({marker}, {quoted(m)})" for m in item.markers)
        expected = "a number, or one of the publisher's marks such as [c], [x] or *"
        yield _Fault(item, f"{marker} is not null and not ({known})", expected, marker)


def _is_of_its_parts(layout: Layout, item: Field) -> str:
    """SQL that is true of rows from the sheets that the field stands in."""
    named_by = next((field.name for field in layout.fields if field.from_sheet), None)
    holding = [
        part.says
        for part in layout.parts
        if item.name in {field.name for field in layout.fields_of(part)}
    ]
    if named_by is None or len(holding) in (0, len(layout.parts)):
        return "true"
    return f'"{named_by}" in ({", ".join(map(quoted, holding))})'


def _check_codes(
    connection: duckdb.DuckDBPyConnection, found: Recognised, source: Source, item: Field
) -> None:
    # Looked at once per distinct code: an extract has few codes and many rows. What is asked of the
    # group's own column DuckDB asks of each row, before it groups them; of an aggregate it can't.
    name = f'"{item.name}"'
    bad = connection.execute(
        f"select {name} from incoming group by {name}"
        f" having not regexp_full_match(trim(any_value({name})), ?) order by 1 limit 1",
        [item.pattern],
    ).fetchall()
    if bad:
        condition = f"{name} = {quoted(str(bad[0][0]))}"
        expected = item.form or f"a code of the form {item.pattern}"
        _refuse_first(connection, found, source, _Fault(item, condition, expected, name))


def _check_total(connection: duckdb.DuckDBPyConnection, found: Recognised, stated: Total) -> None:
    keys = ", ".join(f'"{name}"' for name in stated.by)
    unmet = connection.execute(
        f"select {keys}, {stated.total} as total, {stated.parts} as parts, count(*) over ()"
        f" from incoming group by {keys} having total is distinct from parts order by all limit 1"
    ).fetchall()
    if unmet:
        *cells, total, parts, how_many = unmet[0]
        named = zip(stated.by, cells, strict=True)
        raise RefusedError(
            f"a total that the file states isn't met: {stated.says}",
            file=found.extract.relative_path,
            place=", ".join(f"{name} {cell}" for name, cell in named if cell is not None),
            got=f"{_figure(parts)} beside a total of {_figure(total)} ({how_many:,} such cases)",
            expected="parts that add up to their total",
            fix="fetch it again from the publisher; it may have been damaged on the way, or edited",
        )


def _figure(value: float | None) -> str:
    return "nothing" if value is None else f"{value:,.10g}"


def _refuse_first(
    connection: duckdb.DuckDBPyConnection, found: Recognised, source: Source, fault: _Fault
) -> NoReturn:
    rowid, cell, how_many = connection.execute(
        f"select rowid, cast({fault.shown} as varchar), count(*) over ()"
        f" from incoming where {fault.condition} order by rowid limit 1"
    ).fetchall()[0]
    item = fault.item
    place = f"{place_of(found, source, rowid)}, column {item.headers[0]!r}"
    is_empty = cell is None or not cell.strip()
    rows = "row" if how_many == 1 else "rows"
    if item.kind == "figure" and not is_empty:
        raise not_a_number(found, place, cell, fault.expected)
    raise RefusedError(
        "an empty cell where each row needs one filled" if is_empty else "not a known form",
        file=found.extract.relative_path,
        place=place,
        got=f"{'nothing' if is_empty else repr(cell[:40])} (in {how_many:,} {rows})",
        expected=fault.expected,
        fix="ask the publisher for a clean file; if columns were moved, restore the header",
    )


def _searched(present: list[Field]) -> list[tuple[Field, str, str]]:
    """The columns of the rows that may hold NHS numbers, by field, name and kind: all of them."""
    # A figure's marks are a column of text beside it.
    marks = [(item, f"{item.name}_marker", "text") for item in present if item.markers]
    return [*((item, item.name, item.kind) for item in present), *marks]


def _check_nhs_numbers(
    connection: duckdb.DuckDBPyConnection, found: Recognised, item: Field, name: str, kind: str
) -> None:
    """Of a column with cells that are long enough; most columns have none."""
    cells = _cells(connection, name, kind)
    filled = connection.execute(f'select count("{name}") from incoming').fetchall()[0][0]
    numbers = nhs_numbers.too_many(kind, cells, int(filled))
    if numbers:
        place = f"column {item.headers[0]!r}"
        raise nhs_numbers.refusal(found.extract.relative_path, numbers, place)


def _is_long(name: str, kind: str) -> str:
    """SQL that is true of cells that have ten digits or more."""
    if kind == "figure":
        return f'"{name}" between 1e9 and 9999999999 and "{name}" = floor("{name}")'
    return f'length("{name}") >= 10'


def _cells(connection: duckdb.DuckDBPyConnection, name: str, kind: str) -> list[tuple[str, int]]:
    """The cells that may hold an NHS number, each once with how often it stands."""
    text = f"""printf('%.0f', "{name}")""" if kind == "figure" else f'"{name}"'
    # The same words stand in many rows: each is searched once.
    return connection.execute(
        f"select cell, times from (select {text} as cell, count(*) as times from incoming"
        f" where {_is_long(name, kind)} group by 1) where regexp_matches(cell, ?)",
        [nhs_numbers.CANDIDATE_SQL],
    ).fetchall()

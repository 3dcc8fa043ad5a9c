"""What must be true of an extract's rows before they stay: checked in DuckDB, told by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dagster_project.errors import RefusedError
from dagster_project.landing import nhs_numbers
from dagster_project.landing.diagnosis import not_a_number
from dagster_project.sources.layout import Field, Recognised

if TYPE_CHECKING:
    import duckdb

# Invariant of the house: in columns that hold codes or figures, chance alone makes one number in
# eleven look like an NHS number, so it takes at least 3 and at least half of the filled cells.
NHS_NUMBERS_IN_FIGURES = 3
NHS_SHARE_IN_FIGURES = 0.5


def check(
    connection: duckdb.DuckDBPyConnection, found: Recognised, extract_id: int, rows: int
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
    for item in found.layout.columns:
        if item.name in found.match.positions or found.layout.table_fields:
            _check_column(connection, found, extract_id, item)
    for item in found.layout.columns:
        if item.name in found.match.positions or found.layout.table_fields:
            _check_nhs_numbers(connection, found, extract_id, item)


def _table(found: Recognised) -> str:
    return f"raw.{found.layout.table}"


def _check_column(
    connection: duckdb.DuckDBPyConnection, found: Recognised, extract_id: int, item: Field
) -> None:
    if item.filled:
        _refuse_first(
            connection, found, extract_id, item, f'"{item.name}" is null', "something in each row"
        )
    if item.kind == "figure":
        _check_figure(connection, found, extract_id, item)
    elif item.pattern:
        # Looked at once per distinct code: an extract has few codes and many rows.
        bad = connection.execute(
            f'select distinct "{item.name}" from {_table(found)} where extract_id = ?'
            f' and "{item.name}" is not null'
            f' and not regexp_full_match(trim("{item.name}"), ?) order by 1 limit 1',
            [extract_id, item.pattern],
        ).fetchall()
        if bad:
            _refuse_first(
                connection,
                found,
                extract_id,
                item,
                f""""{item.name}" = '{str(bad[0][0]).replace("'", "''")}'""",
                f"a code of the form {item.pattern}",
            )


def _check_figure(
    connection: duckdb.DuckDBPyConnection, found: Recognised, extract_id: int, item: Field
) -> None:
    _refuse_first(
        connection, found, extract_id, item, f'not isfinite("{item.name}")', "a finite number"
    )
    if item.markers:
        known = " or ".join(
            f"regexp_full_match(\"{item.name}_marker\", '{marker}')" for marker in item.markers
        )
        _refuse_first(
            connection,
            found,
            extract_id,
            item,
            f'"{item.name}_marker" is not null and not ({known})',
            "a number or one of the publisher's markers",
            shown=f"{item.name}_marker",
        )


def _refuse_first(
    connection: duckdb.DuckDBPyConnection,
    found: Recognised,
    extract_id: int,
    item: Field,
    condition: str,
    expected: str,
    shown: str | None = None,
) -> None:
    column = shown or item.name
    bad = connection.execute(
        f'select rowid, cast("{column}" as varchar), count(*) over ()'
        f" from {_table(found)} where extract_id = ? and ({condition}) order by rowid limit 1",
        [extract_id],
    ).fetchall()
    if not bad:
        return
    rowid, cell, how_many = bad[0]
    place = f"row {_row_number(connection, found, extract_id, rowid):,}"
    if item.kind == "figure" and cell is not None:
        raise not_a_number(found, place, item.headers[0], cell)
    raise RefusedError(
        "an empty cell where each row needs one filled" if cell is None else "not a known form",
        file=found.extract.relative_path,
        place=f"{place}, column {item.headers[0]!r}",
        got=f"{'nothing' if cell is None else repr(cell[:40])} (in {how_many:,} rows)",
        expected=expected,
        fix="ask the publisher for a clean file; if columns were moved, restore the header",
    )


def _row_number(
    connection: duckdb.DuckDBPyConnection, found: Recognised, extract_id: int, rowid: int
) -> int:
    """The row of the file, the header being row 1."""
    before = connection.execute(
        f"select count(*) from {_table(found)} where extract_id = ? and rowid <= ?",
        [extract_id, rowid],
    ).fetchall()
    return int(before[0][0]) + found.header_row


def _check_nhs_numbers(
    connection: duckdb.DuckDBPyConnection, found: Recognised, extract_id: int, item: Field
) -> None:
    if item.kind == "text" or item.markers:
        column = f"{item.name}_marker" if item.markers else item.name
        cells = _text_candidates(connection, found, extract_id, column)
        how_many = sum(count * nhs_numbers.count_in(cell) for cell, count in cells)
        limit = 1
    else:
        how_many, filled = _long_codes(connection, found, extract_id, item)
        limit = max(NHS_NUMBERS_IN_FIGURES, -(-filled * NHS_SHARE_IN_FIGURES // 1))
    if how_many >= limit:
        raise holds_nhs_numbers(found.extract.relative_path, item.headers[0], how_many)


def holds_nhs_numbers(
    relative_path: str, column: str, how_many: int, sheet: str | None = None
) -> RefusedError:
    """The refusal for a file with NHS numbers: where and how many, never which."""
    place = f"column {column!r}"
    refusal = RefusedError(
        "the file holds NHS numbers, so it isn't taken in and no copy is kept",
        file=relative_path,
        place=f"sheet {sheet!r}, {place}" if sheet else place,
        got=f"{how_many:,} valid NHS number{'s' if how_many != 1 else ''}",
        expected="no data that identify a person",
        fix="if they are people's, delete the file, tell the sender, and ask for counts or"
        " pseudonymised keys; if they are codes, declare the column as codes in a layout",
    )
    refusal.keep_bytes = False
    return refusal


def _text_candidates(
    connection: duckdb.DuckDBPyConnection, found: Recognised, extract_id: int, column: str
) -> list[tuple[str, int]]:
    return connection.execute(
        f'select "{column}", count(*) from {_table(found)} where extract_id = ?'
        f' and length("{column}") >= 10 and regexp_matches("{column}", ?) group by 1',
        [extract_id, nhs_numbers.CANDIDATE_SQL],
    ).fetchall()


def _long_codes(
    connection: duckdb.DuckDBPyConnection, found: Recognised, extract_id: int, item: Field
) -> tuple[int, int]:
    name = f'"{item.name}"'
    if item.kind == "figure":
        # Most figures have fewer digits: the bounds alone leave nothing to look at.
        long, text = f"{name} between 1e9 and 9999999999", f"printf('%.0f', {name})"
    else:
        long = f"regexp_full_match({name}, '[0-9]{{3}}[ -]?[0-9]{{3}}[ -]?[0-9]{{4}}')"
        text = name
    cells = connection.execute(
        f"select {text}, count(*) from {_table(found)} where extract_id = ? and {long} group by 1",
        [extract_id],
    ).fetchall()
    if not cells:
        return 0, 0
    filled = connection.execute(
        f"select count({name}) from {_table(found)} where extract_id = ?", [extract_id]
    ).fetchall()[0][0]
    return sum(count * nhs_numbers.count_in(cell) for cell, count in cells), int(filled)


def drop_repeats(
    connection: duckdb.DuckDBPyConnection, found: Recognised, extract_id: int
) -> dict[str, int]:
    """After this each cell stands once. Rows dropped are counted by reason.

    A row that repeats another is dropped (`repeated_row`). Rows that give one cell different
    values refuse the file, unless the layout is known to hide a cut: then all of them are dropped
    (`cut_not_stated`), since which is the whole can't be told.
    """
    layout, table = found.layout, _table(found)
    present = [item.name for item in layout.columns]
    repeated = connection.execute(
        f"create or replace temp table repeated_cells as select cell_key from {table}"
        f" where extract_id = {extract_id} group by cell_key having count(*) > 1"
    ).fetchall()
    if not repeated or not repeated[0][0]:
        return {}
    values = ", ".join(f'"{name}"' for name in layout.values if name in present)
    contradictory = (
        f"select cell_key from {table} semi join repeated_cells using (cell_key)"
        f" where extract_id = {extract_id} group by cell_key"
        f" having count(distinct hash({values})) > 1"
    )
    dropped: dict[str, int] = {}
    if layout.contradictions == "refuse":
        _refuse_contradiction(connection, found, extract_id, contradictory)
    else:
        dropped["cut_not_stated"] = _deleted(
            connection,
            f"delete from {table} where extract_id = {extract_id}"
            f" and cell_key in ({contradictory})",
        )
    dropped["repeated_row"] = _deleted(
        connection,
        f"delete from {table} where extract_id = {extract_id} and rowid in ("
        " select rowid from (select rowid, row_number() over (partition by cell_key"
        f" order by rowid) as nth from {table} semi join repeated_cells using (cell_key)"
        f" where extract_id = {extract_id}) where nth > 1)",
    )
    return {reason: count for reason, count in dropped.items() if count}


def _deleted(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    return int(connection.execute(statement).fetchall()[0][0])


def _refuse_contradiction(
    connection: duckdb.DuckDBPyConnection, found: Recognised, extract_id: int, cells: str
) -> None:
    layout, table = found.layout, _table(found)
    first = connection.execute(
        f"select min(rowid), max(rowid), count(distinct cell_key) over () from {table}"
        f" where extract_id = {extract_id} and cell_key in ({cells})"
        " group by cell_key order by 1 limit 1"
    ).fetchall()
    if not first:
        return
    names = [name for name in layout.key if any(f.name == name for f in layout.columns)]
    key = connection.execute(
        f"select {', '.join(names)} from {table} where rowid = {first[0][0]}"
    ).fetchall()[0]
    rows = [_row_number(connection, found, extract_id, rowid) for rowid in first[0][:2]]
    label = ", ".join(f"{name} {cell}" for name, cell in zip(names, key, strict=True) if cell)
    raise RefusedError(
        "one cell is given two different values",
        file=found.extract.relative_path,
        place=f"rows {rows[0]:,} and {rows[1]:,}",
        got=f"{label}, with figures that differ ({first[0][2]:,} such cells)",
        expected="one value for each area, period, sex, age and category",
        fix="ask the publisher which is right; two files may have been pasted together",
    )

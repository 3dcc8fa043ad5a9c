"""What is wrong with the cells of one table of the registry, and with the keys of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dagster_project.registry.forms import FIRST_ROW, KINDS, Column, Finding, Row, Table

# A spreadsheet runs a cell that starts so as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t")


def table_findings(
    table: Table, tables: Mapping[str, tuple[Row, ...]], *, sorted_rows: bool = True
) -> Iterator[Finding]:
    """What is wrong with the cells of a table, and with the keys of its rows."""
    rows = tables[table.file]
    known = {
        (file, column): {row[column] for row in tables[file]}
        for file, column in table.refers_to.values()
    }
    # Most columns say the same few things in all rows, and nearly all is sound.
    faults = {
        column.name: {
            cell: fault
            for cell in {row[column.name] for row in rows}
            if (fault := _form_fault(cell, column) or _value_fault(cell, column, table, known))
        }
        for column in table.columns
    }
    faults = {name: of_cells for name, of_cells in faults.items() if of_cells}
    for number, row in enumerate(rows, start=FIRST_ROW):
        for name, of_cells in faults.items():
            cell = row[name]
            if cell in of_cells:
                problem, expected, fix = of_cells[cell]
                yield Finding(table.file, number, name, problem, repr(cell), expected, fix)
        if table.span:
            yield from _span_findings(table, number, row)
    yield from _key_findings(table, rows, sorted_rows=sorted_rows)


Fault = tuple[str, str, str]


def _form_fault(cell: str, column: Column) -> Fault | None:
    if cell != cell.strip() or "\n" in cell or "\u00a0" in cell:
        return ("has stray space", "no space at either end and no line break", "take it out")
    if cell.startswith(FORMULA_STARTS) and column.kind != "number":
        return ("would run as a formula", "a cell that starts with none of = + - @", "reword it")
    if column.required and not cell:
        return ("is empty", "a value in every row", "fill the cell")
    return None


def _value_fault(
    cell: str, column: Column, table: Table, known: Mapping[tuple[str, str], set[str]]
) -> Fault | None:
    if not cell:
        return None
    allowed = table.allowed.get(column.name)
    values = cell.split("|") if column.name in table.several else [cell]
    if allowed and not set(values) <= set(allowed):
        return ("isn't an allowed value", ", ".join(allowed), "use one of these")
    accepts, wording = KINDS[column.kind]
    target = table.refers_to.get(column.name)
    for value in values:
        if not accepts(value):
            return ("has the wrong form", wording, "rewrite the cell in this form")
        # An empty set means that the other file couldn't be read: that has its own finding.
        if target and known[target] and value not in known[target]:
            where = f"seeds/{target[0]}"
            return (
                "refers to a row that doesn't exist",
                f"{target[1]} of a row of {where}",
                f"correct the cell, or add the row to {where}",
            )
    return None


def _span_findings(table: Table, number: int, row: Row) -> Iterator[Finding]:
    start, end = table.span or ("", "")
    if row[start] and row[end] and row[end] < row[start]:
        yield Finding(
            table.file,
            number,
            end,
            f"is before {start}",
            row[end],
            f"{row[start]} or later",
            "mend one of the two dates",
        )


def _key_findings(table: Table, rows: tuple[Row, ...], *, sorted_rows: bool) -> Iterator[Finding]:
    keys = [tuple(row[name] for name in table.key) for row in rows]
    seen: set[tuple[str, ...]] = set()
    last: tuple[str, ...] = ()
    for number, (key, row) in enumerate(zip(keys, rows, strict=True), start=FIRST_ROW):
        got = " / ".join(key)
        column = table.key[-1]
        if key in seen:
            expected = f"{', '.join(table.key)} once"
            yield Finding(
                table.file, number, column, "is there twice", got, expected, "keep one of the rows"
            )
        elif key < last and sorted_rows and "defined_in" not in row:
            expected = f"rows sorted by {', '.join(table.key)}"
            yield Finding(
                table.file, number, column, "is out of order", got, expected, "sort the rows"
            )
        seen.add(key)
        last = max(key, last) if "defined_in" not in row else last

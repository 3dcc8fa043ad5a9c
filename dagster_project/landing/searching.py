"""Looking for NHS numbers in a file that no layout claims, before a copy of it is kept."""

from __future__ import annotations

import csv
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dagster_project.errors import RefusedError
from dagster_project.landing import nhs_numbers
from dagster_project.landing.checking import holds_nhs_numbers
from dagster_project.landing.peek import OLE_MAGIC, PARQUET_MAGIC
from dagster_project.sources.layout import Extract

Cell = tuple[str | None, str, str]


def nhs_number_refusal(extract: Extract) -> RefusedError | None:
    """The refusal for NHS numbers in `extract`, whatever it is; None where there are none.

    No layout says which columns hold codes, so one valid number is enough.
    """
    found: Counter[tuple[str | None, str]] = Counter()
    for sheet, column, text in _cells(extract.path):
        if len(text) >= 10 and (count := nhs_numbers.count_in(text)):
            found[sheet, column] += count
    if not found:
        return None
    (sheet, column), how_many = found.most_common(1)[0]
    return holds_nhs_numbers(extract.relative_path, column, how_many, sheet)


def _cells(path: Path) -> Iterator[Cell]:
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith(PARQUET_MAGIC):
        yield from _parquet_cells(path)
    elif start.startswith(OLE_MAGIC) or (start.startswith(b"PK") and zipfile.is_zipfile(path)):
        yield from _workbook_cells(path)
    else:
        yield from _text_cells(path)


def _parquet_cells(path: Path) -> Iterator[Cell]:
    import duckdb

    with duckdb.connect() as connection:
        described = connection.execute(
            "describe select * from read_parquet(?)", [str(path)]
        ).fetchall()
        for name, kind, *_ in described:
            if kind not in ("VARCHAR", "BIGINT", "UBIGINT", "DOUBLE"):
                continue
            cells = connection.execute(
                f'select distinct cast("{name}" as varchar) as cell from read_parquet(?)'
                " where regexp_matches(cell, ?)",
                [str(path), nhs_numbers.CANDIDATE_SQL],
            ).fetchall()
            for (cell,) in cells:
                yield None, str(name), str(cell)


def _workbook_cells(path: Path) -> Iterator[Cell]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
    except python_calamine.CalamineError:
        # Damaged or locked: no program opens it, so its bytes are searched as they stand.
        yield from _text_cells(path)
        return
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python()
        for row in rows:
            for number, cell in enumerate(row, start=1):
                if isinstance(cell, float) and cell.is_integer():
                    yield sheet, f"{number}", str(int(cell))
                elif isinstance(cell, str):
                    yield sheet, f"{number}", cell


def _text_cells(path: Path) -> Iterator[Cell]:
    """Each cell of a comma-separated text; where it isn't one, each line."""
    with path.open(encoding="latin-1", newline="") as stream:
        header: list[str] = []
        try:
            for row in csv.reader(stream):
                if not header:
                    header = row
                for number, cell in enumerate(row):
                    name = header[number] if number < len(header) else f"{number + 1}"
                    yield None, name[:60], cell
        except csv.Error:
            stream.seek(0)
            for line in stream:
                yield None, "text", line

"""A contract's workbook put into `seeds/`: the whole of it, or nothing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from dagster_project.contracts.form import OF_A_CONTRACT, Filled, read, sheet_of
from dagster_project.errors import RegistryError
from dagster_project.registry.forms import FIRST_ROW, Row, Table
from dagster_project.registry.registry import RegistryProblems, validate

ROW = re.compile(r"row (\d+)")
# For each file the rows as they will stand, each with its place in the workbook; 0 for others'.
Merged = Mapping[str, Sequence[tuple[int, Row]]]


def load(path: Path, seeds: Path) -> tuple[str, list[str]]:
    """After this `seeds/` holds the workbook's contract; its id, and the files that changed.

    RegistryProblems tells every mistake by sheet, row and column, and nothing is written.
    """
    name, filled = read(path)
    merged = {
        table.file: _merged(table, _held(seeds / table.file), name, filled)
        for table in OF_A_CONTRACT
    }
    texts = {table.file: _text(table, merged[table.file]) for table in OF_A_CONTRACT}
    _check(path, seeds, merged, texts)
    changed = [file for file, text in texts.items() if (seeds / file).read_bytes() != text.encode()]
    _put(seeds, {file: texts[file] for file in changed})
    return name, changed


def _put(seeds: Path, texts: Mapping[str, str]) -> None:
    """After this those files hold those texts: none is replaced before all are on the disk."""
    parts = {file: seeds / f".{file}.part" for file in texts}
    try:
        for file, part in parts.items():
            part.write_text(texts[file], encoding="utf-8", newline="")
        for file, part in parts.items():
            part.replace(seeds / file)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _held(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _merged(table: Table, held: Sequence[Row], name: str, filled: Filled) -> list[tuple[int, Row]]:
    rows = [(0, row) for row in held if row["contract_id"] != name]
    rows += filled[table.file]
    return sorted(rows, key=lambda pair: tuple(pair[1][column] for column in table.key))


def _text(table: Table, rows: Sequence[tuple[int, Row]]) -> str:
    out = io.StringIO()
    written = csv.writer(out, lineterminator="\n")
    written.writerow(table.header)
    written.writerows([row[name] for name in table.header] for _, row in rows)
    return out.getvalue()


def _check(path: Path, seeds: Path, merged: Merged, texts: Mapping[str, str]) -> None:
    """Nothing happens if the seeds would be sound with the workbook's rows among them."""
    with TemporaryDirectory() as folder:
        trial = Path(folder)
        for file in seeds.iterdir():
            if file.name in texts:
                (trial / file.name).write_text(texts[file.name], encoding="utf-8", newline="")
            else:
                (trial / file.name).symlink_to(file.resolve())
        problems = validate(trial)
    if problems:
        raise RegistryProblems(_placed(problem, path, merged) for problem in problems)


def _placed(problem: RegistryError, path: Path, merged: Merged) -> RegistryError:
    """The same, told of the workbook's sheet and row where it is of one of its rows."""
    file = (problem.file or "").removeprefix("seeds/")
    found = ROW.match(problem.place or "")
    index = int(found[1]) - FIRST_ROW if found else -1
    rows = merged.get(file, ())
    number = rows[index][0] if 0 <= index < len(rows) else 0
    if not number:
        return problem
    table = next(table for table in OF_A_CONTRACT if table.file == file)
    return RegistryError(
        problem.problem,
        file=f"{path.name}, sheet {sheet_of(table)}",
        place=ROW.sub(f"row {number}", problem.place or "", count=1),
        got=problem.got,
        expected=problem.expected,
        fix=problem.fix,
    )

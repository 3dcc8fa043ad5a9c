"""Old and binary workbooks, opened by a process of its own.

The only reader for them ends its process on some damaged files, and takes all the memory there is
on others. What it reads comes back as text, in JSON: a damaged file can harm nothing but it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dagster_project.home import PROJECT_ROOT
from dagster_project.landing import limits, nhs_numbers

# By sheet and position of the column, from 0, the cells that may hold an NHS number.
LongCells = Counter[tuple[str, int, str]]
# In the place of a sheet's name, what stands in no cell: comments, titles.
OUTSIDE = ""
# The stream of an OLE file that holds a newer workbook with a password.
ENCRYPTED = "EncryptedPackage"
LOCKED, DAMAGED, TOO_LARGE, NO_WORKBOOK = "locked", "damaged", "too large", "no workbook"


@dataclass(frozen=True)
class Read:
    """Every worksheet of an old workbook, each cell as text, or the problem with it.

    `unworked` is the first cell, in each sheet that has one, of a formula without its value; rows
    and columns count from 1. `outside` are the NHS numbers outside the cells: in comments, titles.
    """

    sheets: dict[str, list[list[str]]] = field(default_factory=dict)
    unworked: dict[str, tuple[int, int]] = field(default_factory=dict)
    outside: tuple[str, ...] = ()
    problem: str | None = None
    said: str = ""


def read(path: Path) -> Read:
    """The worksheets of a workbook of Excel 97-2003."""
    answer = _ask("read", path)
    if isinstance(answer, str):
        return Read(problem=DAMAGED, said=answer)
    unworked = {name: (row, column) for name, (row, column) in answer.pop("unworked", {}).items()}
    return Read(unworked=unworked, outside=tuple(answer.pop("outside", ())), **answer)


def long_cells(path: Path) -> LongCells | None:
    """The cells that may hold an NHS number; None if the workbook can't be opened."""
    answer = _ask("search", path)
    if isinstance(answer, str) or "problem" in answer:
        return None
    return Counter({(sheet, at, cell): times for sheet, at, cell, times in answer["cells"]})


def numbers_in_streams(path: Path) -> Counter[str] | None:
    """The NHS numbers in an OLE file that is no workbook; None if its text can't be searched.

    A workbook's figures stand in it as numbers, and what has a password is encrypted: of those no
    search of the bytes says anything.
    """
    answer = _ask("streams", path)
    if isinstance(answer, str) or "problem" in answer:
        return None
    return Counter(answer["numbers"])


def _ask(verb: str, path: Path) -> dict[str, Any] | str:
    """What the process answers; where it gives no answer, how it ended."""
    try:
        done = subprocess.run(  # noqa: S603 (this module, this interpreter)
            [sys.executable, "-m", __name__, verb, str(path)],
            cwd=PROJECT_ROOT,
            capture_output=True,
            timeout=limits.MAX_OLD_WORKBOOK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no end of it within {limits.MAX_OLD_WORKBOOK_SECONDS} seconds"
    if done.returncode:
        return f"its reader ended with code {done.returncode}"
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def main() -> int:
    """What this process is asked: the answer as JSON, or a code that isn't 0."""
    _limit_memory()
    verb, path = sys.argv[1], Path(sys.argv[2])
    answer = {"read": _read, "search": _search, "streams": _streams}[verb]
    json.dump(answer(path), sys.stdout)
    return 0


def _streams(path: Path) -> dict[str, Any]:
    import olefile

    from dagster_project.landing import old_records

    found: Counter[str] = Counter()
    try:
        if old_records.is_workbook(path):
            return {"problem": DAMAGED}
        with olefile.OleFileIO(str(path)) as document:
            if document.exists(ENCRYPTED):
                return {"problem": LOCKED}
            # The tables that say where the streams stand are numbers, and no text.
            for name in document.listdir():
                found.update(nhs_numbers.find_in_bytes([document.openstream(name).read()]))
    except (OSError, ValueError):
        return {"problem": DAMAGED}
    return {"numbers": found}


def _search(path: Path) -> dict[str, Any]:
    import python_calamine

    from dagster_project.landing import old_records

    found: LongCells = Counter()
    if old_records.is_workbook(path) and old_records.oddities(path).is_locked:
        return {"problem": LOCKED}
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            for name in book.sheet_names:
                for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False):
                    for position, cell in enumerate(row):
                        if text := nhs_numbers.may_be_one(cell):
                            found[name, position, text] += 1
    except (python_calamine.CalamineError, ValueError):
        return {"problem": DAMAGED}
    for number in _outside(path):
        found[OUTSIDE, 0, number] += 1
    return {"cells": [[*where, times] for where, times in sorted(found.items())]}


def _outside(path: Path) -> list[str]:
    from dagster_project.landing import old_records

    # Other containers than OLE come here too: what stands in their parts is searched as it is.
    if not old_records.is_workbook(path):
        return []
    texts = old_records.oddities(path).texts
    return [number for text in texts for number in nhs_numbers.find_in(text)]


def _read(path: Path) -> dict[str, Any]:
    import struct

    import python_calamine

    from dagster_project.landing import old_records

    try:
        if not old_records.is_workbook(path):
            return {"problem": NO_WORKBOOK}
        odd = old_records.oddities(path)
        if odd.is_locked:
            return {"problem": LOCKED}
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            outside = [number for text in odd.texts for number in nhs_numbers.find_in(text)]
            return {**_worksheets(book, odd), "outside": outside}
    except python_calamine.PasswordError:
        return {"problem": LOCKED}
    except (python_calamine.CalamineError, OSError, ValueError, struct.error) as problem:
        return {"problem": DAMAGED, "said": f"{type(problem).__name__}: {problem}"}


def _worksheets(book: Any, odd: Any) -> dict[str, Any]:
    import python_calamine

    from dagster_project.landing.workbooks import cell_text

    sheets: dict[str, list[list[str]]] = {}
    unworked: dict[str, tuple[int, int]] = {}
    cells = characters = 0
    for number, sheet in enumerate(book.sheets_metadata):
        if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        content = book.get_sheet_by_name(sheet.name)
        cells += content.total_height * content.total_width
        if cells > limits.MAX_CELLS_AT_ONCE:
            return {"problem": TOO_LARGE, "said": f"more than {limits.MAX_CELLS_AT_ONCE:,} cells"}
        rows = content.to_python(skip_empty_area=False)
        sheets[sheet.name] = [[cell_text(cell) for cell in row] for row in rows]
        # Many cells may share one long text, which stands in the file once.
        characters += sum(len(cell) for row in sheets[sheet.name] for cell in row)
        if characters > limits.MAX_OLD_WORKBOOK_TEXT:
            return {"problem": TOO_LARGE, "said": f"{characters:,} characters in its cells"}
        for (row, column), error in odd.errors.get(number, {}).items():
            sheets[sheet.name][row][column] = error
        for row, column in odd.unworked.get(number, [])[:1]:
            unworked[sheet.name] = (row + 1, column + 1)
    return {"sheets": sheets, "unworked": unworked}


def _limit_memory() -> None:
    # Where the system has such a limit.
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.MAX_OLD_WORKBOOK_MEMORY,) * 2)


if __name__ == "__main__":
    sys.exit(main())

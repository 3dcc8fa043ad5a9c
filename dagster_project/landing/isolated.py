"""Old and binary workbooks, looked into by a process of its own.

The only reader for them ends its process on some damaged files, and takes all the memory there is
on others. They are no source here: they are only searched before a copy is kept.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

from dagster_project.home import PROJECT_ROOT
from dagster_project.landing import limits, nhs_numbers

# By sheet and position of the column, from 0, the cells that may hold an NHS number.
LongCells = Counter[tuple[str, int, str]]


def long_cells(path: Path) -> LongCells | None:
    """The cells that may hold an NHS number; None if the workbook can't be opened."""
    try:
        done = subprocess.run(  # noqa: S603 (this module, this interpreter)
            [sys.executable, "-m", __name__, str(path)],
            cwd=PROJECT_ROOT,
            capture_output=True,
            timeout=limits.MAX_SEARCH_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        return None
    return Counter({(sheet, at, cell): times for sheet, at, cell, times in json.loads(done.stdout)})


def main() -> int:
    """What `long_cells` asks of this process: the cells as JSON, or a code that isn't 0."""
    _limit_memory()
    import python_calamine

    found: LongCells = Counter()
    try:
        with python_calamine.CalamineWorkbook.from_path(sys.argv[1]) as book:
            for name in book.sheet_names:
                for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False):
                    for position, cell in enumerate(row):
                        if text := nhs_numbers.may_be_one(cell):
                            found[name, position, text] += 1
    except (python_calamine.CalamineError, ValueError):
        return 1
    json.dump([[*where, times] for where, times in sorted(found.items())], sys.stdout)
    return 0


def _limit_memory() -> None:
    # Where the system has such a limit.
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.MAX_SEARCH_MEMORY,) * 2)


if __name__ == "__main__":
    sys.exit(main())

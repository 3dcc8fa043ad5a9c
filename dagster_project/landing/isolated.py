"""Old and binary workbooks, looked into by a process of its own.

The only reader for them ends its process on some damaged files, and takes all the memory there is
on others. They are no source here: they are only searched before a copy is kept.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from dagster_project.landing import limits, nhs_numbers

# By sheet and position of the column, from 0, the cells that may hold an NHS number.
LongCells = Counter[tuple[str, int, str]]


def long_cells(path: Path) -> LongCells | None:
    """The cells that may hold an NHS number; None if the workbook can't be opened."""
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_read, args=(path, sending))
    process.start()
    sending.close()
    try:
        if receiving.poll(limits.MAX_SEARCH_SECONDS):
            found: LongCells | None = receiving.recv()
            return found
        return None
    # It ended without a word.
    except EOFError:
        return None
    finally:
        process.kill()
        process.join()
        receiving.close()


def _read(path: Path, sending: Connection) -> None:
    # What the reader says while it breaks is for its authors.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    _limit_memory()
    import python_calamine

    found: LongCells = Counter()
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            for name in book.sheet_names:
                for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False):
                    for position, cell in enumerate(row):
                        if text := nhs_numbers.may_be_one(cell):
                            found[name, position, text] += 1
    except (python_calamine.CalamineError, ValueError):
        sending.send(None)
        return
    sending.send(found)


def _limit_memory() -> None:
    # Where the system has such a limit.
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.MAX_SEARCH_MEMORY,) * 2)

"""What the fast reader hides of an Excel 97-2003 workbook, read from its records.

It shows an error cell, and a formula that nobody worked out, as a gap, and text outside the cells
not at all. The records are those of [MS-XLS]: a number, a length, and so many bytes, one after the
other in the stream of the workbook.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

STREAMS = ("Workbook", "Book")
FILEPASS, BOUNDSHEET, FORMULA, STRING, BOOLERR = 0x2F, 0x85, 0x06, 0x207, 0x205
# What may stand between a formula and the text that it came to.
BETWEEN = (0x3C, 0x221, 0x236, 0x4BC)
# Text outside the cells: comments (in what continues a text object), headers and footers of pages.
TEXT_OBJECT, CONTINUE = 0x1B6, 0x3C
TEXTS = (0x14, 0x15, 0x1C)
PROPERTIES = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
# How a formula's result says that it is no number, and of which kind it is. One that is blank may
# be an empty text, or never have been worked out: programs that can't work it out write that.
NO_NUMBER, TEXT, ERROR, BLANK = 0xFFFF, 0, 2, 3

Place = tuple[int, int]


@dataclass
class Oddities:
    """By the number of the sheet, from 0: its error cells and its formulas without a value.

    Rows and columns count from 0. `texts` are what stands outside the cells.
    """

    is_locked: bool = False
    texts: list[str] = field(default_factory=list)
    errors: dict[int, dict[Place, str]] = field(default_factory=dict)
    unworked: dict[int, list[Place]] = field(default_factory=dict)


def is_workbook(path: Path) -> bool:
    """True for an OLE file that holds an old workbook; OSError if it is damaged."""
    import olefile

    if not olefile.isOleFile(str(path)):
        return False
    with olefile.OleFileIO(str(path)) as book:
        return any(book.exists(name) for name in STREAMS)


def oddities(path: Path) -> Oddities:
    """What the records of a workbook say; OSError or struct.error if they can't be read."""
    import olefile

    with olefile.OleFileIO(str(path)) as book:
        name = next(name for name in STREAMS if book.exists(name))
        content: bytes = book.openstream(name).read()
        described = [book.openstream(name).read() for name in PROPERTIES if book.exists(name)]
    found, starts, waiting, begun = Oddities(), [], None, 0
    found.texts += [text for stream in described for text in _as_text(stream)]
    for at, kind, body in _records(content):
        if kind in TEXTS or (kind == CONTINUE and begun == TEXT_OBJECT):
            found.texts += _as_text(body)
        if waiting is not None and kind not in BETWEEN:
            if kind != STRING:
                found.unworked.setdefault(_sheet(starts, at), []).append(waiting)
            waiting = None
        if kind == FILEPASS:
            return Oddities(is_locked=True)
        if kind == BOUNDSHEET:
            starts.append(struct.unpack_from("<I", body)[0])
        elif kind == BOOLERR:
            row, column, _, code, is_error = struct.unpack_from("<HHHBB", body)
            if is_error:
                _note_error(found, _sheet(starts, at), (row, column), code)
        elif kind == FORMULA:
            row, column, _, of, _, code, _, _, mark = struct.unpack_from("<HHHBBBBHH", body)
            if mark == NO_NUMBER and of == ERROR:
                _note_error(found, _sheet(starts, at), (row, column), code)
            elif mark == NO_NUMBER and of in (TEXT, BLANK):
                waiting = (row, column)
        begun = begun if kind == CONTINUE else kind
    return found


def _as_text(content: bytes) -> list[str]:
    """The bytes as text of one and, from either byte on, of two bytes a character."""
    wide = (content[start:].decode("utf-16-le", errors="replace") for start in (0, 1))
    return [content.decode("latin-1"), *wide]


def _records(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        yield at, kind, content[at + 4 : at + 4 + length]
        at += 4 + length


def _sheet(starts: list[int], at: int) -> int:
    """The number of the sheet, in the order of their names, whose records stand there."""
    begun = sorted(starts)
    start = begun[max(bisect_right(begun, at) - 1, 0)] if begun else 0
    return starts.index(start) if begun else 0


def _note_error(found: Oddities, sheet: int, place: Place, code: int) -> None:
    found.errors.setdefault(sheet, {})[place] = ERRORS.get(code, f"#ERROR {code}")

"""Finding NHS numbers, so that a file that holds one is refused at the door.

An NHS number is ten digits, or 3-3-4 digits parted by a space or a hyphen, whose last digit is
the modulus-11 check digit of the nine before it (NHS Data Dictionary, NHS NUMBER). Ten digits that
are part of a longer number or of a decimal fraction are none; `.0` behind them is a spreadsheet's
way to write a whole number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from dagster_project.errors import RefusedError

# Word processors put a no-break space, a no-break hyphen or a dash where a person typed the plain.
SEPARATOR = "[ \\-\N{NO-BREAK SPACE}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}]"
_BEFORE = r"(?:(?<![0-9.])|(?<=[A-Za-z]\.))"
_AFTER = r"(?![0-9]|\.[0-9]*[1-9])"
CANDIDATE = re.compile(rf"{_BEFORE}([0-9]{{3}})({SEPARATOR}?)([0-9]{{3}})\2([0-9]{{4}}){_AFTER}")
# The same for DuckDB's regular expressions, which have no look-around: it only chooses cells.
CANDIDATE_SQL = rf"[0-9]{{3}}{SEPARATOR}?[0-9]{{3}}{SEPARATOR}?[0-9]{{4}}"
# A cell that is a number and nothing else: what a column of codes or figures may hold by chance.
ALONE = {
    "code": re.compile(rf"\s*[0-9]{{3}}({SEPARATOR}?)[0-9]{{3}}\1[0-9]{{4}}(?:\.0+)?\s*"),
    "figure": re.compile(r"\s*[0-9]{10}(?:\.0+)?\s*"),
}

# In columns that hold codes or figures, chance alone makes one number in eleven look like an NHS
# number, so it takes at least 3 and at least half of the filled cells.
FEWEST_IN_CODES = 3
SHARE_IN_CODES = 0.5

# Bytes are searched by their shape: each digit as a 0, so that a fixed prefix can be looked for.
_AS_ZERO = bytes(ord("0") if byte in b"0123456789" else byte for byte in range(256))
_ELEVEN = b"0" * 11
_SHAPE = re.compile(rb"000(?:0000000|-000-0000| 000 0000)")
_PLAIN = {
    "\N{NO-BREAK SPACE}".encode(): b" ",
    "\N{NON-BREAKING HYPHEN}".encode(): b"-",
    "\N{FIGURE DASH}".encode(): b"-",
    "\N{EN DASH}".encode(): b"-",
    # Windows-1252's own, once those of UTF-8 are gone.
    b"\xa0": b" ",
    b"\x96": b"-",
}
_NO_PART_OF_A_NUMBER = re.compile(rb"[^0-9 .\-\0]")
# UTF-16 and UTF-32 write digits with zero bytes between them.
_WIDE = re.compile(rb"(?:[A-Za-z]\0{1,3})?(?:[0-9 .\-]\0{1,3}){9,}[0-9]")
# Longer than a number with its separators and what stands around it, in the widest writing.
_LONGEST = 128


def has_valid_check_digit(digits: str) -> bool:
    """True if the last of ten digits is the check digit of the nine before it."""
    total = sum(int(digits[place]) * (10 - place) for place in range(9))
    check = 11 - total % 11
    if check == 10:
        return False
    return int(digits[9]) == (0 if check == 11 else check)


def find_in(text: str) -> list[str]:
    """The NHS numbers in `text`, each as ten digits. They are weighed, and never kept."""
    return [_digits(match) for match in CANDIDATE.finditer(text) if _is_valid(match)]


def may_be_one(cell: Any) -> str:
    """The cell as text if there may be an NHS number in it, else ''."""
    if isinstance(cell, str):
        return cell if len(cell) >= 10 and CANDIDATE.search(cell) else ""
    is_large = isinstance(cell, float | int) and 1e9 <= cell < 1e10
    return str(int(cell)) if is_large and int(cell) == cell else ""


def masked(text: str) -> str:
    """`text` with each NHS number replaced, for names that must be told."""
    return CANDIDATE.sub(lambda match: "[NHS number]" if _is_valid(match) else match.group(0), text)


def _digits(match: re.Match[str]) -> str:
    return "".join(match.group(1, 3, 4))


def _is_valid(match: re.Match[str]) -> bool:
    return has_valid_check_digit(_digits(match))


def find_in_bytes(chunks: Iterable[bytes]) -> Counter[str]:
    """The NHS numbers in the bytes, whatever text they are, with how often each stands."""
    found: Counter[str] = Counter()
    carried = b""
    for chunk in chunks:
        buffer = carried + _plain(chunk)
        # Cut where no number can stand; what follows may go on in the next part.
        start = max(len(buffer) - _LONGEST, 0)
        cut = _NO_PART_OF_A_NUMBER.search(buffer, start)
        carried = buffer[cut.start() :] if cut else b""
        found.update(_find_in_plain(buffer[: cut.start()] if cut else buffer))
    found.update(_find_in_plain(carried))
    return found


def _plain(chunk: bytes) -> bytes:
    for special, plain in _PLAIN.items():
        if special in chunk:
            chunk = chunk.replace(special, plain)
    return chunk


def _find_in_plain(buffer: bytes) -> Iterator[str]:
    # Long decimals and codes go first: there are many, and none of their parts is a number.
    shapes = buffer.translate(_AS_ZERO).replace(_ELEVEN, b"x" * len(_ELEVEN))
    for shape in _SHAPE.finditer(shapes):
        start, stop = shape.span()
        before = max(start - 2, 0)
        around = buffer[before : stop + 20].decode("latin-1")
        number = CANDIDATE.match(around, start - before)
        if number is not None and _is_valid(number):
            yield _digits(number)
    if b"\0" in buffer:
        for wide in _WIDE.finditer(buffer):
            yield from find_in(wide.group().replace(b"\0", b"").decode("latin-1"))


def too_many(kind: str, cells: Iterable[tuple[str, int]], filled: int) -> int:
    """How many NHS numbers a column holds if they refuse the file, else 0.

    `cells` are the distinct cells that may hold one, with how often each stands; `kind` is what
    the layout declares the column to hold.
    """
    alone = inside = 0
    for cell, times in cells:
        count = len(find_in(cell)) * times
        if kind in ALONE and ALONE[kind].fullmatch(cell):
            alone += count
        else:
            inside += count
    if inside:
        return alone + inside
    return alone if alone >= max(FEWEST_IN_CODES, filled * SHARE_IN_CODES) else 0


def refusal(relative_path: str, how_many: int, place: str | None) -> RefusedError:
    """The refusal for a file with NHS numbers: where and how many, never which."""
    said = RefusedError(
        "the file holds NHS numbers, so it isn't taken in and no copy is kept",
        file=masked(relative_path),
        place=masked(place) if place else None,
        got=f"{how_many:,} valid NHS number{'s' if how_many != 1 else ''}",
        expected="no data that identify a person",
        fix="if they are people's, delete the file, tell the sender, and ask for counts or"
        " pseudonymised keys; if they are codes, declare the column as codes in a layout",
    )
    said.keep_bytes = False
    return said

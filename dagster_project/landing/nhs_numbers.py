"""Finding NHS numbers, so that a file that holds one is refused at the door.

An NHS number is ten digits, or 3-3-4 digits parted by a space or a hyphen, whose last digit is
the modulus-11 check digit of the nine before it (NHS Data Dictionary, NHS NUMBER).
"""

from __future__ import annotations

import re

CANDIDATE = re.compile(r"(?<![\d.])(\d{3})([ -]?)(\d{3})\2(\d{4})(?!\d|\.\d)")
# The same for DuckDB's regular expressions, which have no look-around: it only chooses cells.
CANDIDATE_SQL = r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}"


def has_valid_check_digit(digits: str) -> bool:
    """True if the last of ten digits is the check digit of the nine before it."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    check = 11 - total % 11
    if check == 10:
        return False
    return int(digits[9]) == (0 if check == 11 else check)


def count_in(text: str) -> int:
    """How many NHS numbers `text` holds."""
    return sum(
        has_valid_check_digit("".join(match.group(1, 3, 4))) for match in CANDIDATE.finditer(text)
    )

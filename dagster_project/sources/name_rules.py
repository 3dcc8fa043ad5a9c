"""Which layouts need the file's name to be read, and what it must say.

It stands apart from the layouts because the fingerprint asks it too, whenever nothing is new.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# A code that was reused and a number (I00708) that wasn't.
NHSOF_NAME = r"(?i)NHSOF_(?P<code>[0-9][0-9a-z.]*)_(?P<number>I\d{5})_D(?:_V(?P<version>\d+))?"


@dataclass(frozen=True)
class NameRule:
    """What a file's name must state where neither its content nor its folder does.

    `says` tells in words what is meant, as in "which indicator it holds".
    """

    pattern: str
    says: str
    example: str


NHSOF = NameRule(NHSOF_NAME, "which indicator it holds", "NHSOF_2.3.i_I00708_D.csv")
NAME_RULES: Mapping[str, NameRule] = {
    "nhsof_indicator_csv": NHSOF,
    "nhsof_indicator_xlsx": NHSOF,
}

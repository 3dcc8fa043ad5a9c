"""An NHS number that nobody has, as it may be written, and one whose check digit is wrong."""

from __future__ import annotations

from tests.support import landing_files as files

ONE = files.nhs_number(123456)
SPACED = f"{ONE[:3]} {ONE[3:6]} {ONE[6:]}"
HYPHENED = f"{ONE[:3]}-{ONE[3:6]}-{ONE[6:]}"
WRONG = files.not_quite(ONE)
NOTE = f"Patient {SPACED}, see letter"
# How a number may stand in the bytes of the home if it was not kept out.
NEEDLES = tuple(text.encode() for text in (ONE, SPACED, HYPHENED, SPACED.replace(" ", "\xa0")))
LINES = f"Name,Number,Born\nSmith,{ONE},1980\nJones,{SPACED},1981\n"

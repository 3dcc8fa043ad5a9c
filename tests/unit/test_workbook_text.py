"""Text as a cell of Excel may hold it."""

from __future__ import annotations

import pytest

from dagster_project.workbook.writing import LONGEST_TEXT, _text


@pytest.mark.parametrize("letter", ["a", "\N{GRINNING FACE}"])
def test_a_text_is_cut_to_what_a_cell_holds(letter: str) -> None:
    units = len(letter.encode("utf-16-le")) // 2
    whole = letter * (LONGEST_TEXT // units)
    assert _text(whole) == whole
    cut = _text(whole + letter)
    assert cut.endswith(f"{letter}…")
    assert LONGEST_TEXT - units <= len(cut.encode("utf-16-le")) // 2 <= LONGEST_TEXT

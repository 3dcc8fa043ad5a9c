"""How cells look: comparison states by colour beside their word, figures with their decimals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

# Fill and letters of each state: dark on light, so that either colour alone can be read, and told
# apart by those who don't tell red from green.
JUDGED = {
    "better": {"bg_color": "#BFE3D0", "font_color": "#003D24"},
    "similar": {"bg_color": "#FFF1C2", "font_color": "#3B2E00"},
    "worse": {"bg_color": "#F6C6C2", "font_color": "#5A0800"},
    "lower": {"bg_color": "#D6E6F7", "font_color": "#0B2F57"},
    "higher": {"bg_color": "#B9CBEA", "font_color": "#0B2348"},
    "mixed": {"bg_color": "#E3D7EF", "font_color": "#35184F"},
    "no_judgement": {"bg_color": "#E8EDEE", "font_color": "#212B32"},
    "not_compared": {"font_color": "#425563"},
}
HELD = {"bg_color": "#FFD9A8", "font_color": "#4A2500", "italic": True}
ABSENT = {"font_color": "#425563", "italic": True}

# A row is as high as its longest text: what stands beside that begins where it does.
TOP = {"valign": "top"}
FIXED: dict[str, dict[str, Any]] = {
    "": {},
    "title": {"bold": True, "font_size": 16, "font_color": "#003087"},
    "lead": {"font_color": "#212B32"},
    "heading": {"bold": True, "font_size": 12, "font_color": "#003087"},
    "made_up": {"bold": True, "bg_color": "#FFE600", "font_color": "#212B32"},
    "header": {
        "bold": True,
        "text_wrap": True,
        "border": 1,
        "border_color": "#FFFFFF",
        "bg_color": "#003087",
        "font_color": "#FFFFFF",
    },
    "link": {"font_color": "#005EB8", "underline": 1},
    "wrapped": {"text_wrap": True},
    "bold": {"bold": True},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "count": {"num_format": "#,##0", "align": "right", "indent": 1},
    # Counts that are whole in truth and estimates elsewhere.
    "plain": {"num_format": "#,##0.##", "align": "right", "indent": 1},
    "absent": ABSENT,
    "held": HELD,
    **JUDGED,
}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[Any, Format] = {}

    def named(self, name: str, *, guarded: bool = False) -> Format:
        """One of `FIXED`. `guarded` keeps a spreadsheet from reading text as a formula."""
        key = (name, guarded)
        if key not in self._made:
            more = {"quote_prefix": True} if guarded else {}
            self._made[key] = self._book.add_format({**TOP, **FIXED[name], **more})
        return self._made[key]

    def figure(self, decimals: int, words: str = "", look: str = "") -> Format:
        """A figure with so many decimals, and words after it that aren't part of the number."""
        key = (decimals, words, look)
        if key not in self._made:
            pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
            pattern += f'" {words}"' if words else ""
            apart = {"num_format": pattern, "align": "right", "indent": 1}
            self._made[key] = self._book.add_format({**TOP, **FIXED[look], **apart})
        return self._made[key]

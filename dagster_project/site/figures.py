"""How a number, a day and a share are written: one way for every page."""

from __future__ import annotations

from datetime import date

MINUS = "\u2212"
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


def figure(value: float | None, decimals: int | None, unit: str | None = None) -> str:
    """The number with its decimals, thousands parted and % attached; empty where there is none."""
    if value is None:
        return ""
    text = f"{value:,.{1 if decimals is None else decimals}f}"
    if text.startswith("-"):
        # What rounds to nought has no sign.
        text = text[1:] if not text.strip("-0.,") else MINUS + text[1:]
    return f"{text}%" if unit == "%" else text


def span(lower: float | None, upper: float | None, decimals: int | None) -> str:
    """Two limits in words; empty where either is missing."""
    if lower is None or upper is None:
        return ""
    return f"{figure(lower, decimals)} to {figure(upper, decimals)}"


def count(number: int | None) -> str:
    """A whole number, thousands parted; empty where there is none."""
    return "" if number is None else f"{number:,}"


def day(when: date | str | None) -> str:
    """A day in words, such as 1 April 2024; empty where there is none."""
    if when is None:
        return ""
    if isinstance(when, str):
        when = date.fromisoformat(when[:10])
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def several(number: int, one: str, many: str | None = None) -> str:
    """A number of things in words: 1 value, 2 values."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def size(number: int) -> str:
    """How large a file is, in the unit that people say it in, never apart from its figure."""
    kilo, mega = number / 1e3, number / 1e6
    said = (mega, "MB") if kilo >= 1000 else (kilo, "kB")
    return f"{figure(said[0], 0 if said[0] >= 10 else 1)}\u00a0{said[1]}"

"""How the period of a file is found where its content doesn't state it: rules, as data."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class PeriodRule:
    """How the period is found where the content doesn't state it: a pattern over the name.

    `title` is searched in what stands above the header of a sheet; `pattern` in the file's name,
    then in its folder's; `meaning` turns a match into a period label. `accepts` tells whether a
    label, as a sidecar may give one, is of that `form`, as `sample` is.
    """

    pattern: str
    meaning: Callable[[re.Match[str]], str | None]
    accepts: Callable[[str], bool]
    example: str
    form: str = "a financial year"
    sample: str = "2020/21"
    title: str | None = None

    def periods_in(self, text: str, pattern: str | None = None) -> list[str]:
        """The periods that `text` states, each once; a name that states two says nothing."""
        found = (self.meaning(match) for match in re.finditer(pattern or self.pattern, text))
        return sorted({period for period in found if period is not None})


def is_financial_year(label: str) -> bool:
    """True for 2020/21: two years that follow each other."""
    match = re.fullmatch(r"(?P<start>(?:19|20)\d\d)/(?P<end>\d\d)", label)
    return match is not None and (int(match["start"]) + 1) % 100 == int(match["end"])


def _two_years(match: re.Match[str]) -> str | None:
    start = int(match["start"] or match["first"])
    end = int(match["end"] or match["last"])
    return f"20{start:02d}/{end:02d}" if end == start + 1 else None


def financial_year_in_name(example: str) -> PeriodRule:
    """NHS Digital's habit: 2021, 20-21, 2020-21 or 2020-2021 in a name is April 2020 to March 2021.

    Two years that don't follow each other (2022 alone) state no financial year.
    """
    return PeriodRule(
        pattern=r"(?<!\d)(?:20(?P<first>\d\d)[-_ ]20(?P<last>\d\d)"
        r"|(?:20)?(?P<start>\d\d)[-_]?(?P<end>\d\d))(?!\d)",
        meaning=_two_years,
        accepts=is_financial_year,
        example=example,
    )


CALENDAR_YEAR = re.compile(r"(?:19|20)\d\d")


def _one_year(match: re.Match[str]) -> str:
    year = match["year"]
    return year if len(year) == 4 else f"20{year}"


def calendar_year(pattern: str, example: str, title: str | None = None) -> PeriodRule:
    """One year, which `pattern` calls `year`: in the title of a sheet, else in a name."""
    return PeriodRule(
        pattern=pattern,
        meaning=_one_year,
        accepts=lambda label: CALENDAR_YEAR.fullmatch(label) is not None,
        example=example,
        form="a year",
        sample="2020",
        title=title,
    )

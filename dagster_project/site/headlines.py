"""Which series of an indicator speaks on its page."""

from __future__ import annotations

from collections.abc import Sequence

from dagster_project.site import wording
from dagster_project.site.reading import Row

# What stands for a sex or an age where the values are of no people.
NOBODY = "Not applicable"


def headline(indicator: Row, rows: Sequence[Row]) -> str:
    """The series that the definition puts first, and whose values the page has if not just that."""
    age = indicator["headline_age"]
    sexes = list(filter(None, (indicator["headline_sex"] or "").split("|")))
    shown = list(dict.fromkeys((row["sex"], row["age"]) for row in rows))
    if not sexes:
        known = [each for each in shown if NOBODY not in each]
        return ": ".join(filter(None, ("The only series there is", _of_whom(known))))
    declared = {(sex, age or there) for sex in sexes for _, there in shown}
    said = _of_whom([(sex, age) for sex in sexes])
    said = said[:1].upper() + said[1:]
    if declared == set(shown):
        return said
    alone = "" if declared & set(shown) else ", the only series that has any"
    return f"{said}. The values on this page are of {_of_whom(shown)}{alone}"


def _of_whom(series: Sequence[tuple[str, str | None]]) -> str:
    """Some series within a sentence: males, 10+ yrs; or males and females, 65+ yrs."""
    named = dict.fromkeys(wording.within(wording.word("sexes", sex)) for sex, _ in series)
    ages = dict.fromkeys(age for _, age in series if age)
    return ", ".join(filter(None, (" and ".join(named), " and ".join(ages))))

"""Damage to rows and labels: areas, periods, sexes, breakdowns, rows lost or there twice."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corruption import clean
from tests.corruption.clean import (
    AGE,
    AREA,
    AREA_NAME,
    CATEGORY,
    CATEGORY_TYPE,
    CODE,
    NAME,
    PARENT,
    PERIOD,
    SEX,
    VALUE,
    Row,
)
from tests.corruption.damage import FIGURES, Extract, kind, scale

# Northumberland and Gateshead, by their codes until 2013.
ENDED = {"E06000057": "E06000048", "E08000037": "E08000020"}


@kind("no damage at all", harmless=True)
def undamaged(extract: Extract) -> None:
    """What is told of it is told of clean extracts."""


@kind("one area left out in the newest year")
def dropped_area(extract: Extract) -> Iterator[Row]:
    area = extract.one()[AREA]
    return (row for row in extract.rows if not _is_newest(extract, row) or row[AREA] != area)


@kind("all areas of London left out in the newest year")
def dropped_region(extract: Extract) -> Iterator[Row]:
    return (
        row
        for row in extract.rows
        if not _is_newest(extract, row) or not row[AREA].startswith("E09")
    )


@kind("the England row left out in the newest year")
def dropped_england(extract: Extract) -> Iterator[Row]:
    return (row for row in extract.rows if not _is_newest(extract, row) or row[AREA] != "E92000001")


@kind("women's rows left out in the newest year")
def lost_breakdown(extract: Extract) -> Iterator[Row]:
    return (row for row in extract.rows if not _is_newest(extract, row) or row[SEX] != "Female")


@kind("a year in the middle left out")
def missing_year(extract: Extract) -> Iterator[Row]:
    gone = extract.series.years[-3]
    return (row for row in extract.rows if not row[PERIOD].startswith(str(gone)))


@kind("two areas under codes that ended years before")
def area_under_its_old_code(extract: Extract) -> None:
    for row in extract.newest():
        row[AREA] = ENDED.get(row[AREA], row[AREA])


@kind("an area code with a figure mistyped")
def unknown_area_code(extract: Extract) -> None:
    extract.one()[AREA] = "E06999999"


@kind("an area code in small letters, with a space after it")
def untidy_area_code(extract: Extract) -> None:
    row = extract.one()
    row[AREA] = f"{row[AREA].lower()} "


@kind(
    "names of two areas exchanged, their codes not",
    beyond="the people counted tell whether names or codes were exchanged, unless both areas have"
    " about as many: these two differ by no more than either does from year to year",
)
def name_of_another_area(extract: Extract) -> None:
    one, other = extract.draws.sample(extract.local(), 2)
    one[AREA_NAME], other[AREA_NAME] = other[AREA_NAME], one[AREA_NAME]


@kind("codes of two areas exchanged, their names not")
def code_of_another_area(extract: Extract) -> None:
    one, other = extract.draws.sample(extract.local(), 2)
    one[AREA], other[AREA] = other[AREA], one[AREA]


@kind("all periods a year late")
def shifted_period(extract: Extract) -> None:
    for row in extract.rows:
        row[PERIOD] = extract.series.label(int(row[PERIOD][:4]) + 1)


@kind("last year's file under this year's name")
def last_years_file(extract: Extract) -> list[Row]:
    before = extract.series.label(extract.series.years[-2])
    kept = [row for row in extract.rows if not _is_newest(extract, row)]
    again = [dict(row) | {PERIOD: extract.series.newest} for row in kept if row[PERIOD] == before]
    return [*kept, *again]


@kind("a period that hasn't begun yet")
def future_period(extract: Extract) -> None:
    for row in extract.newest():
        row[PERIOD] = extract.series.label(2031)


@kind("the newest year with the label of another kind of year")
def another_kind_of_year(extract: Extract) -> None:
    for row in extract.newest():
        year = int(row[PERIOD][:4])
        is_split = "/" in row[PERIOD]
        row[PERIOD] = str(year) if is_split else f"{year}/{(year + 1) % 100:02d}"


@kind("the newest year with a label of three years")
def pooled_label(extract: Extract) -> None:
    for row in extract.newest():
        year = int(row[PERIOD][:4])
        row[PERIOD] = f"{year - 2}/{(year - 1) % 100:02d} - {year % 100:02d}/{(year + 1) % 100:02d}"


@kind("a period that nobody can read")
def unreadable_period(extract: Extract) -> None:
    for row in extract.newest():
        row[PERIOD] = f"FY{row[PERIOD][2:4]}"


@kind("every row twice, as where two parents were asked for", harmless=True)
def same_rows_twice(extract: Extract) -> list[Row]:
    return [row for row in extract.rows for _ in range(2)]


@kind("one area's newest rows twice, with different values")
def two_values_of_one_key(extract: Extract) -> list[Row]:
    again = [dict(row) for row in extract.newest(area=extract.one()[AREA])]
    for row in again:
        scale(row, FIGURES, 1.2)
    return [*extract.rows, *again]


@kind("rows in another order", harmless=True)
def shuffled_rows(extract: Extract) -> list[Row]:
    return extract.draws.sample(extract.rows, len(extract.rows))


@kind("a deprivation decile's rows without the words that say so")
def category_lost(extract: Extract) -> list[Row]:
    again = []
    for row in extract.newest(area="E92000001", sex="Persons"):
        decile = dict(row) | {CATEGORY_TYPE: "", CATEGORY: ""}
        scale(decile, FIGURES, 1.5)
        again.append(decile)
    return [*extract.rows, *again]


@kind("sexes by their first letters")
def letters_for_sexes(extract: Extract) -> None:
    for row in extract.newest():
        row[SEX] = row[SEX][0]


@kind("another age group under the same code in the newest year")
def another_age(extract: Extract) -> None:
    for row in extract.newest():
        row[AGE] = "18+ yrs"


@kind("an age that no list has")
def unknown_age(extract: Extract) -> None:
    for row in extract.newest():
        row[AGE] = "adults"


@kind("the code of another indicator in the newest year")
def code_of_another_indicator(extract: Extract) -> None:
    for row in extract.newest():
        row[CODE] = clean.available()[-1].code


@kind("another name under the same code: perhaps another measure")
def renamed_indicator(extract: Extract) -> None:
    for row in extract.rows:
        row[NAME] = f"{row[NAME]} (revised definition)"


@kind("England's row under a region's code")
def england_as_a_region(extract: Extract) -> None:
    for row in extract.newest(area="E92000001"):
        row[AREA], row[PARENT] = "E12000001", "E92000001"


@kind("values of one sex under Persons, the others left out")
def one_sex_as_persons(extract: Extract) -> list[Row]:
    kept = [row for row in extract.rows if not _is_newest(extract, row)]
    men = [dict(row) | {SEX: "Persons"} for row in extract.newest(sex="Male")]
    return [*kept, *men]


@kind("a value in the newest year that is text")
def value_as_words(extract: Extract) -> None:
    extract.one()[VALUE] = "n/a"


def _is_newest(extract: Extract, row: Row) -> bool:
    return row[PERIOD] == extract.series.newest

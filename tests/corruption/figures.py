"""Damage to figures: units, places, exchanges, stand-ins, values of other rows."""

from __future__ import annotations

from tests.corruption.clean import (
    AREA,
    COUNT,
    DENOMINATOR,
    HIDDEN,
    LOWER,
    LOWER_998,
    NOTE,
    PERIOD,
    SEX,
    SMALLEST,
    UPPER,
    UPPER_998,
    VALUE,
    figures,
)
from tests.corruption.damage import (
    COUNTS,
    FIGURES,
    SAID,
    Extract,
    exchange,
    kind,
    pairs,
    scale,
    take,
)


@kind("percentages of the newest year given as shares of 1")
def percentage_as_share(extract: Extract) -> None:
    for row in extract.newest():
        scale(row, FIGURES, 0.01)


@kind("shares of one region's areas given as shares of 1, the others as percentages")
def percentage_as_share_in_some_areas(extract: Extract) -> None:
    for row in extract.local()[:15]:
        scale(row, FIGURES, 0.01)


@kind("rates per 1,000 given per 100,000", value_type="crude_rate")
def another_multiplier(extract: Extract) -> None:
    for row in extract.newest():
        scale(row, FIGURES, 100)


@kind("a rate's value in another unit than its limits", value_type="crude_rate")
def value_in_another_unit_than_its_limits(extract: Extract) -> None:
    scale(extract.one(), [VALUE], 10)


@kind("the decimal point of one area's value and limits a place to the right")
def decimal_point_shifted(extract: Extract) -> None:
    scale(extract.one(), FIGURES, 10)


@kind("one area's count in thousands")
def count_in_thousands(extract: Extract) -> None:
    scale(extract.one(), [COUNT], 0.001)


@kind("numerator and denominator exchanged, value untouched")
def counts_exchanged(extract: Extract) -> None:
    for row in extract.newest():
        exchange(row, COUNT, DENOMINATOR)


@kind("the share of those without instead of those with")
def complement(extract: Extract) -> None:
    for row in extract.newest():
        events = int(row[DENOMINATOR]) - int(row[COUNT])
        kept = row[COUNT]
        row.update(figures(extract.series, events, int(row[DENOMINATOR])))
        row[COUNT] = kept


@kind("men's and women's figures exchanged in the newest year")
def sexes_exchanged(extract: Extract) -> None:
    for row in extract.newest(sex="Male") + extract.newest(sex="Female"):
        row[SEX] = "Female" if row[SEX] == "Male" else "Male"


@kind("men's and women's figures exchanged in one area")
def sexes_exchanged_in_one_area(extract: Extract) -> None:
    area = extract.one()[AREA]
    for row in extract.newest(area=area):
        row[SEX] = {"Male": "Female", "Female": "Male"}.get(row[SEX], row[SEX])


@kind("persons' rows hold women's figures")
def persons_are_women(extract: Extract) -> None:
    for row in extract.newest(sex="Persons"):
        take(row, extract.newest(sex="Female", area=row[AREA])[0], SAID)


@kind("last year's figures under this year's label")
def stale_figures(extract: Extract) -> None:
    for row in extract.newest():
        take(row, extract.before(row), SAID)


@kind("last year's figures under this year's label in one area")
def stale_figures_in_one_area(extract: Extract) -> None:
    row = extract.one()
    take(row, extract.before(row), SAID)


@kind("every local area has the same value")
def stuck_value(extract: Extract) -> None:
    rows = extract.local()
    for row in rows:
        take(row, dict(rows[0]), FIGURES)


@kind("every local area has the same value and counts")
def stuck_row(extract: Extract) -> None:
    rows = extract.local()
    for row in rows:
        take(row, dict(rows[0]), SAID)


@kind("each area has the figures of the next one in the list")
def rows_off_by_one(extract: Extract) -> None:
    for row, following in pairs(extract.local()):
        take(row, following, SAID)


@kind(
    "each area has the limits of the next one in the list",
    beyond="limits that are off by less than a quarter of their width are no further off than the"
    " variants of a method that publishers use",
)
def limits_of_another_row(extract: Extract) -> None:
    for row, following in pairs(extract.local()):
        take(row, following, (LOWER, UPPER, LOWER_998, UPPER_998))


@kind("each area has the value of the next one, counts and limits its own")
def values_of_another_row(extract: Extract) -> None:
    for row, following in pairs(extract.local()):
        take(row, following, [VALUE])


@kind("one area has another's whole row")
def one_area_has_anothers_figures(extract: Extract) -> None:
    row, other = extract.draws.sample(extract.local(), 2)
    take(row, other, SAID)


@kind("lower and upper limits exchanged")
def limits_exchanged(extract: Extract) -> None:
    for row in extract.newest():
        exchange(row, LOWER, UPPER)


@kind("99.8% limits in the columns of the 95% ones")
def limits_of_another_level(extract: Extract) -> None:
    for row in extract.newest():
        take(row, dict(row), [])
        row[LOWER], row[UPPER] = row[LOWER_998], row[UPPER_998]


@kind("limits equal to the value")
def limits_without_width(extract: Extract) -> None:
    for row in extract.newest():
        for name in FIGURES[1:]:
            row[name] = row[VALUE]


@kind("limits of a sample a hundred times as large")
def limits_too_narrow(extract: Extract) -> None:
    for row in extract.local():
        value = float(row[VALUE])
        for name in FIGURES[1:]:
            row[name] = f"{value + (float(row[name]) - value) / 10:.8g}"


@kind("a hidden value filled with 0")
def hidden_as_zero(extract: Extract) -> None:
    for row in _hidden(extract):
        row.update({VALUE: "0", COUNT: "0", NOTE: ""})


@kind("a hidden value filled with -1")
def hidden_as_minus_one(extract: Extract) -> None:
    for row in _hidden(extract):
        row.update({VALUE: "-1", COUNT: "-1", NOTE: ""})


@kind("a hidden value shown beside the note that it is hidden")
def hidden_and_shown(extract: Extract) -> None:
    for row in _hidden(extract):
        row.update({VALUE: "12.5", COUNT: "5", DENOMINATOR: "40", NOTE: HIDDEN})


@kind("missing values written as 999")
def stand_in_999(extract: Extract) -> None:
    for row in extract.local()[:5]:
        row.update({VALUE: "999", **dict.fromkeys((*FIGURES[1:], *COUNTS), "")})


@kind("missing values written as -1, limits and counts blank")
def stand_in_minus_one(extract: Extract) -> None:
    for row in extract.local()[:5]:
        row.update({VALUE: "-1", **dict.fromkeys((*FIGURES[1:], *COUNTS), "")})


@kind("missing values written as 0 without counts")
def stand_in_zero(extract: Extract) -> None:
    for row in extract.local()[:5]:
        row.update({VALUE: "0", **dict.fromkeys((*FIGURES[1:], *COUNTS), "")})


@kind("all values of the newest year blank, without a note")
def blank_without_reason(extract: Extract) -> None:
    for row in extract.newest():
        row.update(dict.fromkeys((*FIGURES, *COUNTS), ""))


@kind("the England row lacks one large area")
def total_lacks_an_area(extract: Extract) -> None:
    largest = max(extract.local(), key=lambda row: int(row[DENOMINATOR]))
    for row in extract.newest(sex="Persons", area="E92000001"):
        row.update(
            figures(
                extract.series,
                int(row[COUNT]) - int(largest[COUNT]),
                int(row[DENOMINATOR]) - int(largest[DENOMINATOR]),
            )
        )


@kind("the England row is the average of areas, not of people; counts untouched")
def total_is_an_average(extract: Extract) -> None:
    values = [float(row[VALUE]) for row in extract.local()]
    for row in extract.newest(sex="Persons", area="E92000001"):
        row[VALUE] = f"{sum(values) / len(values):.8g}"


@kind("denominators of five years before")
def denominators_of_another_year(extract: Extract) -> None:
    for row in extract.local():
        row[DENOMINATOR] = str(round(int(row[DENOMINATOR]) * 0.93))


@kind("denominators of one sex beside counts of both")
def denominators_of_one_sex(extract: Extract) -> None:
    for row in extract.local():
        row[DENOMINATOR] = str(int(row[DENOMINATOR]) // 2)


@kind("a denominator of nought")
def denominator_of_nought(extract: Extract) -> None:
    extract.one()[DENOMINATOR] = "0"


@kind("a negative count")
def negative_count(extract: Extract) -> None:
    row = extract.one()
    row[COUNT] = f"-{row[COUNT]}"


@kind("signs of values turned")
def sign_turned(extract: Extract) -> None:
    for row in extract.local()[:10]:
        scale(row, FIGURES, -1)


@kind("everybody, everywhere: 100%")
def all_hundred(extract: Extract) -> None:
    for row in extract.newest():
        row.update(figures(extract.series, int(row[DENOMINATOR]), int(row[DENOMINATOR])))


@kind("one area three times as high as it was, counts and limits with it")
def outlier(extract: Extract) -> None:
    row = extract.one()
    events = min(3 * int(row[COUNT]), int(row[DENOMINATOR]))
    row.update(figures(extract.series, events, int(row[DENOMINATOR])))


@kind(
    "all areas a third higher than last year: the definition changed under the same code",
    beyond="figures alone can't tell a new definition from an event that reached every area; the"
    " step is told (L21), and who knows which it is can begin a new series",
)
def changed_definition(extract: Extract) -> None:
    for row in extract.newest():
        events = min(round(1.35 * int(row[COUNT])), int(row[DENOMINATOR]))
        row.update(figures(extract.series, events, int(row[DENOMINATOR])))


@kind("values rounded to whole numbers beside limits with decimals")
def rounded_values(extract: Extract) -> None:
    for row in extract.newest():
        row[VALUE] = f"{round(float(row[VALUE]))}"


@kind("infinity and not-a-number where something was divided by nothing")
def not_a_number(extract: Extract) -> None:
    rows = extract.local()
    rows[0][VALUE], rows[1][VALUE], rows[2][UPPER] = "inf", "NaN", "Infinity"


@kind("earlier years rewritten by a tenth, without a word")
def history_rewritten(extract: Extract) -> None:
    for row in extract.rows:
        if row[PERIOD] != extract.series.newest and row[COUNT]:
            people = int(row[DENOMINATOR])
            row.update(figures(extract.series, min(round(1.1 * int(row[COUNT])), people), people))


def _hidden(extract: Extract) -> list[dict[str, str]]:
    return [
        row
        for row in extract.rows
        if row[AREA] == SMALLEST and row[PERIOD] == extract.series.newest
    ]

"""The headline series as Excel tables: the latest period with all there is to say, and five years.

Which value speaks for an indicator in an area is the release's own table `headlines`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dagster_project.release.words import in_words, reasons, words
from dagster_project.workbook.levels import ranked, singular
from dagster_project.workbook.released import Released
from dagster_project.workbook.sheets import (
    DATE,
    FIGURE,
    PLAIN,
    STATE,
    Column,
    Figure,
    TableSheet,
)

YEARS = 5
SAME_SERIES = ("indicator_id", "area_code", "sex", "age", "segment", "breakdown_type", "breakdown")
# Flags that are said beside the figure itself; the others stand in a column of their own.
BESIDE = {"break_in_series": "break in series", "provisional": "provisional"}

LATEST_COLUMNS = (
    Column("Area", 28),
    Column("Indicator", 60),
    Column("Sex", 9),
    Column("Period", 11),
    Column("Value", 15, FIGURE),
    Column("Unit", 12),
    Column("Compared with England", 15, STATE),
    Column("Recent trend", 32, STATE),
    Column("Status", 14, STATE),
    Column("Why", 40),
    Column("Lower 95% limit", 11, FIGURE),
    Column("Upper 95% limit", 11, FIGURE),
    Column("England's value", 11, FIGURE),
    Column("Count", 13, PLAIN),
    Column("Out of", 13, PLAIN),
    Column("Age", 12),
    Column("Level of area", 22),
    Column("Region", 24),
    Column("In frameworks", 34),
    Column("Bear in mind", 24),
    Column("Held since", 20),
    Column("Worked out by", 16),
    Column("First day", 11, DATE),
    Column("Last day", 11, DATE),
    Column("Area code", 11),
    Column("Indicator id", 40),
)


def latest(release: Released) -> TableSheet:
    """The latest value of each headline series, and how it stands."""
    same_trend = ", ".join((*SAME_SERIES, "period_type", "origin"))
    rows = release.rows(
        "with codes as (select indicator_id, string_agg(distinct upper(framework) || ' ' || code,"
        "  '; ' order by upper(framework) || ' ' || code) as codes"
        "  from framework_indicators group by indicator_id)"
        " select coalesce(areas.area_name, latest.area_code),"
        " coalesce(indicators.title, latest.indicator_id), latest.sex, latest.period_label,"
        " latest.value, latest.unit, latest.judgement, latest.judgement_reason,"
        " trends.direction, trends.judgement, trends.reason,"
        " latest.status, latest.status_reason, latest.lower_95, latest.upper_95,"
        " latest.comparator_value, latest.numerator, latest.denominator, latest.age,"
        " latest.area_type, regions.area_name, codes.codes, latest.flags, latest.held_since,"
        " latest.origin, latest.period_start, latest.period_end, latest.area_code,"
        " latest.indicator_id, coalesce(indicators.decimals, 1)"
        " from latest"
        f" left join trends using ({same_trend})"
        " left join areas on latest.area_code = areas.area_code"
        " left join areas as regions on areas.region_code = regions.area_code"
        " left join indicators on latest.indicator_id = indicators.indicator_id"
        " left join codes on latest.indicator_id = codes.indicator_id"
        f" order by indicators.title, latest.indicator_id, {ranked('latest.area_type')},"
        " areas.area_name, latest.area_code, latest.sex"
    )
    return TableSheet(
        name="Latest",
        title="Headline series: the latest period",
        says="One row per indicator and area, both sexes where there is no series of persons."
        " The filters of the header row pick an area or an indicator.",
        columns=LATEST_COLUMNS,
        rows=[_latest_row(release, row) for row in rows],
        frozen=2,
    )


def _latest_row(release: Released, row: Sequence[Any]) -> list[Any]:
    (area, title, sex, period, value, unit, judged, judged_why, direction, better, trend_why) = row[
        :11
    ]
    (status, why, lower, upper, england, count, out_of, age, level, region, codes) = row[11:22]
    (flags, held_since, origin, first, last, code, indicator, decimals) = row[22:]
    return [
        *(area, title, sex, period),
        marked(value, status, flags, decimals),
        unit,
        compared(judged),
        trend(direction, better, trend_why),
        (status if status == "held" else "", _label("status", status)),
        _why(status, why, judged, judged_why),
        *(Figure(number, decimals=decimals) for number in (lower, upper, england)),
        *(count, out_of, age, singular(level), region, codes),
        # That all is made up is said on every sheet.
        ", ".join(_label("flags", flag) for flag in flags or () if flag != "synthetic"),
        held_since,
        _label("origin", origin),
        *(first, last, code, indicator),
    ]


def marked(value: float | None, status: str, flags: Sequence[str] | None, decimals: int) -> Figure:
    """A figure with what must be seen beside it: that it is held, or breaks its series."""
    if value is None:
        return Figure(None, "" if status == "published" else _label("status", status), "absent")
    if status == "held":
        return Figure(value, "held", "held", decimals)
    beside = [word for flag, word in BESIDE.items() if flag in (flags or ())]
    return Figure(value, ", ".join(beside), "", decimals)


def compared(judgement: str | None) -> tuple[str, str] | None:
    """How it stands to England: the code for the colour, and the word."""
    if judgement is None:
        return None
    return (judgement, words("comparisons", "judgement").get(judgement, in_words(judgement)))


def trend(direction: str | None, judgement: str | None, reason: str | None) -> tuple[str, str]:
    """The recent trend in words, with what it means where that is known."""
    if direction is None:
        return ("", "")
    said = words("trends", "direction").get(direction, in_words(direction))
    if direction in ("increasing", "decreasing") and judgement in ("better", "worse"):
        return (judgement, f"{said}, getting {judgement}")
    if direction == "not_calculated" and reason:
        why = _reason(reason)
        return ("not_compared", f"{said}: {why[:1].lower()}{why[1:]}")
    return ("", said)


def _label(column: str, code: str | None) -> str:
    return "" if not code else words("indicator_values", column).get(code, in_words(code))


def _reason(code: str) -> str:
    return reasons().get(code, in_words(code))


def _why(status: str, why: str | None, judged: str | None, judged_why: str | None) -> str:
    """Why there is no value, or why it isn't compared."""
    if status == "held" and why and why not in reasons():
        return f"Check {why} did not pass; see the sheet Held"
    if why:
        return _reason(why)
    return _reason(judged_why) if judged_why and judged in ("not_compared", "no_judgement") else ""


YEARS_COLUMNS = (
    Column("Area", 28),
    Column("Indicator", 60),
    Column("Sex", 9),
    Column("Unit", 12),
    Column("Latest period", 11),
    Column("Latest value", 15, FIGURE),
    *(Column(f"{n} year{'s' if n > 1 else ''} before", 15, FIGURE) for n in range(1, YEARS + 1)),
    Column("Level of area", 22),
    Column("Area code", 11),
    Column("Indicator id", 40),
)


def five_years(release: Released) -> TableSheet:
    """The latest value of each headline series beside those of the five years before it."""
    same = ", ".join((*SAME_SERIES, "period_type"))
    release.con.execute(
        "create temp table back as select"
        f" {', '.join(f'now.{name}' for name in SAME_SERIES)}, past.value, past.status, past.flags,"
        " date_diff('month', past.period_start, now.period_start) // 12 as years"
        f" from latest as now inner join indicator_values as past using ({same})"
        " where past.area_type in (select area_type from latest)"
        " and date_diff('month', past.period_start, now.period_start) % 12 = 0"
        f" and date_diff('month', past.period_start, now.period_start) between 0 and {12 * YEARS}"
        " and date_diff('month', past.period_end, now.period_end)"
        " = date_diff('month', past.period_start, now.period_start)"
        # Of one period the publisher's own value speaks where there is one, as in the latest.
        f" qualify past.origin = max(past.origin) over (partition by {_now()}, past.period_start)"
    )
    cells = ", ".join(
        "any_value({'value': value, 'status': status, 'flags': flags})"
        f" filter (where years = {years}) as years_{years}"
        for years in range(YEARS + 1)
    )
    rows = release.rows(
        f"with wide as (select {', '.join(SAME_SERIES)}, {cells} from back"
        f" group by {', '.join(SAME_SERIES)})"
        " select coalesce(areas.area_name, latest.area_code),"
        " coalesce(indicators.title, latest.indicator_id), latest.sex, latest.unit,"
        f" latest.period_label, {', '.join(f'years_{years}' for years in range(YEARS + 1))},"
        " latest.area_type, latest.area_code, latest.indicator_id,"
        " coalesce(indicators.decimals, 1)"
        f" from latest inner join wide using ({', '.join(SAME_SERIES)})"
        " left join areas on latest.area_code = areas.area_code"
        " left join indicators on latest.indicator_id = indicators.indicator_id"
        f" order by indicators.title, latest.indicator_id, {ranked('latest.area_type')},"
        " areas.area_name, latest.area_code, latest.sex"
    )
    return TableSheet(
        name="Five years",
        title="Headline series: the latest period and five years back",
        says="Each series beside its own values one to five years before. An empty cell: this"
        " release has no row of that period. Limits, counts and earlier periods are in csv/.",
        columns=YEARS_COLUMNS,
        rows=[_years_row(row) for row in rows],
        frozen=2,
    )


def _now() -> str:
    return ", ".join(f"now.{name}" for name in SAME_SERIES)


def _years_row(row: Sequence[Any]) -> list[Any]:
    level, code, indicator, decimals = row[-4:]
    years = row[5 : 5 + YEARS + 1]
    return [
        *row[:5],
        *(
            marked(year["value"], year["status"], year["flags"], decimals) if year else None
            for year in years
        ),
        *(singular(level), code, indicator),
    ]

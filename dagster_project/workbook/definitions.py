"""What the figures are: the definitions, what is covered, what is held, and the notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dagster_project.release.words import in_words, meanings, words
from dagster_project.workbook.levels import listed, ranked, room, singular
from dagster_project.workbook.prepared import LARGEST
from dagster_project.workbook.released import Released
from dagster_project.workbook.sheets import (
    COUNT,
    DATE,
    STATE,
    WRAPPED,
    Column,
    TableSheet,
    TextSheet,
)

LOOKS = {"held": "held", "suppressed": "absent", "withdrawn": "absent"}


def indicators(release: Released) -> TableSheet:
    """Every indicator's definition."""
    rows = release.rows(
        "with codes as (select indicator_id, string_agg(distinct upper(framework) || ' ' || edition"
        "  || ' ' || code, '; ' order by upper(framework) || ' ' || edition || ' ' || code)"
        "  as codes from framework_indicators group by indicator_id)"
        " select title, unit, numerator_definition, denominator_definition, polarity,"
        " polarity_certainty, value_type, method, ci_method, standard_population,"
        " population_basis, headline_sex, headline_age, periodicity, codes, life_cycle, owner,"
        " certainty, evidence, note, definition_version, indicator_id"
        " from indicators left join codes using (indicator_id) order by title, indicator_id"
    )
    return TableSheet(
        name="Definitions",
        title="Definitions of the indicators",
        says="Who or what is counted, out of whom, by what method, and where that was seen."
        " Certainty: verified was read at its source; recalled was not. Neither says that a second"
        " role has checked it.",
        columns=INDICATOR_COLUMNS,
        rows=[
            [*row[:4], *map(_plain, row[4:8]), _limits(row[8]), *map(_plain, row[9:11]), *row[11:]]
            for row in rows
        ],
    )


def _plain(code: Any) -> str:
    return "" if code is None else in_words(str(code))


def _limits(method: Any) -> str:
    return "No limits" if method == "none" else _plain(method)


INDICATOR_COLUMNS = (
    Column("Indicator", 60, WRAPPED),
    Column("Unit", 12),
    Column("What is counted", 44, WRAPPED),
    Column("Out of whom", 44, WRAPPED),
    Column("Which way is good", 18),
    Column("How sure of that", 14),
    Column("Kind of value", 16),
    Column("Method", 16),
    Column("Limits by", 16),
    Column("Standard population", 20),
    Column("Who is counted", 16),
    Column("Headline sex", 13),
    Column("Headline age", 13),
    Column("How often", 12),
    Column("In frameworks", 40, WRAPPED),
    Column("Life cycle", 10),
    Column("Owner", 26),
    Column("Certainty", 11),
    Column("Where it was seen", 44, WRAPPED),
    Column("Note", 44, WRAPPED),
    Column("Version", 9),
    Column("Indicator id", 40),
)


def coverage(release: Released) -> TableSheet:
    """Which indicators of each framework have values here, and who owes what is missing."""
    rows = release.rows(
        "select framework, edition, code, title, coverage, meaning, published_values,"
        " published_areas, latest_period_end, sources, waits_for, owner, indicator_id"
        " from coverage order by framework, edition desc, code, indicator_id"
    )
    labels = words("coverage", "coverage")
    return TableSheet(
        name="Coverage",
        title="What of each framework has values, and what is missing",
        says="One row per indicator of a framework: whether this release has values of it, and if"
        " not, why not and who owes it.",
        columns=COVERAGE_COLUMNS,
        rows=[[*row[:4], labels.get(row[4], _plain(row[4])), *row[5:]] for row in rows],
        frozen=4,
    )


COVERAGE_COLUMNS = (
    Column("Framework", 15),
    Column("Edition", 15),
    Column("Code", 9),
    Column("Indicator", 60),
    Column("Coverage", 26),
    Column("What that means", 60, WRAPPED),
    Column("Values published", 11, COUNT),
    Column("Areas", 9, COUNT),
    Column("Latest period ends", 12, DATE),
    Column("Sources", 24),
    Column("Waits for", 24),
    Column("Owner", 26),
    Column("Indicator id", 40),
)


def held(release: Released) -> TableSheet:
    """Every value that is held, by which check, and since when."""
    sizes = release.rows("select area_type, count(*) from holds group by area_type")
    found = room({str(level): int(size) for level, size in sizes}, LARGEST)
    levels = listed(found.shown)
    rows = release.rows(
        "select coalesce(areas.area_name, area_code), coalesce(indicators.title, indicator_id),"
        " period_label, sex, age, check_id, reason, keeps_last_good_value, held_since, source_id,"
        " holds.area_type, area_code, indicator_id"
        " from holds left join areas using (area_code) left join indicators using (indicator_id)"
        f" where holds.area_type in ({levels}) order by indicators.title, indicator_id,"
        f" {ranked('holds.area_type')}, areas.area_name, area_code,"
        " period_start, sex, age, check_id"
    )
    return TableSheet(
        name="Held",
        title="What is held, and why",
        says="A held value did not pass a check. Its last good value stands in its place, marked,"
        " where there is one." + (f" Left out for room: {found.said}." if found.said else ""),
        columns=HELD_COLUMNS,
        rows=[[*row[:7], _shown(row[7]), *row[8:10], singular(row[10]), *row[11:]] for row in rows],
        frozen=2,
        empty="Nothing is held in this release.",
    )


def _shown(keeps: bool | None) -> tuple[str, str]:
    return ("held", "The last good value") if keeps else ("absent", "Nothing")


HELD_COLUMNS = (
    Column("Area", 28),
    Column("Indicator", 60),
    Column("Period", 11),
    Column("Sex", 9),
    Column("Age", 12),
    Column("Check", 9),
    Column("What should be true", 50),
    Column("What is shown", 20, STATE),
    Column("Held since", 20),
    Column("Source", 16),
    Column("Level of area", 22),
    Column("Area code", 11),
    Column("Indicator id", 40),
)


def notes(release: Released) -> TextSheet:
    """What every word and colour of the workbook means, and whose data they are."""
    return TextSheet(
        name="Notes",
        title="What the words and colours mean",
        says="The same words mean the same on every sheet, in csv/ and on the pages.",
        widths=(30, 110),
        lines=list(_note_lines(release)),
    )


def _note_lines(release: Released) -> Iterator[tuple[Any, ...]]:
    yield ("Compared with England",)
    for code, (label, meaning) in meanings("comparisons", "judgement").items():
        yield ((code, label), meaning)
    yield (
        ("mixed", "Mixed"),
        "The sexes differ in how they stand, and there is no series of persons",
    )
    yield ()
    for title, column in (("State of a value", "status"), ("Bear in mind", "flags")):
        yield (title,)
        for code, (label, meaning) in meanings("indicator_values", column).items():
            yield ((LOOKS.get(code, ""), label), meaning)
        yield ()
    yield ("Recent trend",)
    for label, meaning in meanings("trends", "direction").values():
        yield (("", label), meaning)
    yield ()
    yield ("Worked out by",)
    for label, meaning in meanings("indicator_values", "origin").values():
        yield (("", label), meaning)
    yield ()
    yield ("On paper",)
    yield (
        ("", "Wide sheets"),
        "The first columns are printed, one page across; the foot of the page says how many of all."
        " To print others, clear the print area. Rows that a filter hides are not printed.",
    )
    yield ()
    yield ("Where the data come from",)
    for said in release.manifest.publisher_attributions:
        yield (("", "Attribution"), said)
    yield (("", "Definitions"), "Each indicator's definition and its evidence are in Definitions")

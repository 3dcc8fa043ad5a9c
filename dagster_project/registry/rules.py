"""What must hold between the rows and files of `seeds/`: one function a rule, all in `RULES`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from dagster_project.registry.forms import FIRST_ROW, Finding, Row, Tables, is_date, numbered
from dagster_project.registry.tables import AREA_KINDS, PARENT_OF_TYPE

# What a file of rules needs, this one and those beside it.
__all__ = ["FIRST_ROW", "RULES", "Finding", "Row", "Tables"]
FOREVER = "9999-12-31"


def _indicators_of_codes(tables: Tables) -> dict[tuple[str, ...], set[str]]:
    ids: dict[tuple[str, ...], set[str]] = {}
    for _, row in numbered(tables, "framework_indicators.csv"):
        key = (row["framework"], row["edition"], row["code"])
        ids.setdefault(key, set()).add(row["indicator_id"])
    return ids


def _side(row: Row, side: str) -> tuple[str, ...]:
    return tuple(row[f"{side}_{part}"] for part in ("framework", "edition", "code"))


def linked_codes_exist(tables: Tables) -> Iterator[Finding]:
    """Both sides of a link between frameworks are codes that an edition prints."""
    ids = _indicators_of_codes(tables)
    for number, row in numbered(tables, "crosswalk.csv"):
        for side in ("left", "right"):
            code = _side(row, side)
            if ids and code not in ids:
                yield Finding(
                    "crosswalk.csv",
                    number,
                    f"{side}_code",
                    "refers to a code that doesn't exist",
                    " / ".join(code),
                    "framework, edition and code of framework_indicators.csv",
                    "correct the code, or add it to seeds/framework_indicators.csv",
                )


def shared_codes_are_one_indicator(tables: Tables) -> Iterator[Finding]:
    """Codes that frameworks share lead to one indicator, or the caveat says what changed."""
    ids = _indicators_of_codes(tables)
    for number, row in numbered(tables, "crosswalk.csv"):
        left, right = (ids.get(_side(row, side), set()) for side in ("left", "right"))
        apart = left and right and not left & right
        if row["relation"] == "shared" and apart and not row["caveat"]:
            yield Finding(
                "crosswalk.csv",
                number,
                "relation",
                "shared codes lead to different indicators",
                f"{', '.join(sorted(left))} and {', '.join(sorted(right))}",
                "one indicator, or a caveat",
                "give both codes one indicator_id, or say in caveat what changed",
            )


def notes_have_reasons(tables: Tables) -> Iterator[Finding]:
    """A publisher's marker leads to a reason on the list, or leaves the value published."""
    known = {
        (row["status"], row["status_reason"]) for _, row in numbered(tables, "status_reasons.csv")
    }
    for number, row in numbered(tables, "publisher_notes.csv"):
        pair = (row["status"], row["status_reason"])
        if known and pair not in known and pair != ("published", ""):
            yield Finding(
                "publisher_notes.csv",
                number,
                "status_reason",
                "isn't on the list of reasons",
                " / ".join(pair),
                "a row of status_reasons.csv, or published with no reason",
                "correct the cell, or add the reason to seeds/status_reasons.csv",
            )


def sources_say_when(tables: Tables) -> Iterator[Finding]:
    """A source with a cadence has an expected month and day; one without has neither."""
    for number, row in numbered(tables, "sources.csv"):
        for column in ("expected_month", "expected_day"):
            if (row["cadence"] == "none") == bool(row[column]):
                yield Finding(
                    "sources.csv",
                    number,
                    column,
                    "doesn't go with the cadence",
                    f"{row[column] or 'an empty cell'} beside {row['cadence']}",
                    "empty beside none, filled beside any other cadence",
                    "mend the cadence or the expected day",
                )


def codes_lead_to_one_indicator(tables: Tables) -> Iterator[Finding]:
    """A source's code means one thing on any day."""
    seen: dict[tuple[str, str], list[Row]] = {}
    for number, row in numbered(tables, "indicator_sources.csv"):
        code = (row["source_id"], row["source_code"])
        for other in seen.get(code, []):
            if _overlap(row, other):
                yield Finding(
                    "indicator_sources.csv",
                    number,
                    "period_from",
                    "overlaps another row of the same code",
                    f"{' / '.join(code)} in {row['edition']} and {other['edition']}",
                    "periods that don't overlap",
                    "end the earlier row before this one begins",
                )
        seen.setdefault(code, []).append(row)


def _overlap(left: Row, right: Row) -> bool:
    return left["period_from"] <= (right["period_to"] or FOREVER) and right["period_from"] <= (
        left["period_to"] or FOREVER
    )


def fingertips_ids_agree(tables: Tables) -> Iterator[Finding]:
    """A Fingertips id beside a framework's code leads to the indicator that the code leads to."""
    meant = {
        row["source_code"]: row["indicator_id"]
        for _, row in numbered(tables, "indicator_sources.csv")
        if row["source_id"] == "fingertips"
    }
    for number, row in numbered(tables, "framework_indicators.csv"):
        code = row["fingertips_id"]
        if meant and code and meant.get(code) != row["indicator_id"]:
            yield Finding(
                "framework_indicators.csv",
                number,
                "fingertips_id",
                "leads to another indicator",
                f"{code}, which leads to {meant.get(code, 'nothing')}",
                f"an id of {row['indicator_id']}",
                "mend it here or in seeds/indicator_sources.csv",
            )


def sourced_indicators_have_codes(tables: Tables) -> Iterator[Finding]:
    """An indicator that names a source has a code there."""
    coded = {
        (r["source_id"], r["indicator_id"]) for _, r in numbered(tables, "indicator_sources.csv")
    }
    for number, row in numbered(tables, "indicators.csv"):
        # What is worked out here has no code of a publisher's.
        if "defined_in" in row:
            continue
        if coded and row["source_id"] and (row["source_id"], row["indicator_id"]) not in coded:
            yield Finding(
                "indicators.csv",
                number,
                "source_id",
                "has no code in this source",
                row["source_id"],
                "a row of indicator_sources.csv for this indicator and source",
                "add the publisher's code to seeds/indicator_sources.csv, or empty source_id",
            )


def kinds_of_area_agree(tables: Tables) -> Iterator[Finding]:
    """Type, tiers and code of an area go with its kind."""
    for number, row in numbered(tables, "areas.csv"):
        kind = row["area_kind"]
        if kind not in AREA_KINDS:
            continue
        area_type, start = AREA_KINDS[kind]
        lower = kind == "district" or (area_type == "utla" and kind != "county")
        expected = {
            "area_type": area_type,
            "area_code": start + row["area_code"][3:],
            "is_utla": str(area_type == "utla").lower(),
            "is_ltla": str(lower).lower(),
        }
        for column, value in expected.items():
            if row[column] != value:
                yield Finding(
                    "areas.csv",
                    number,
                    column,
                    f"doesn't go with the kind {kind}",
                    row[column],
                    value,
                    "correct this cell or area_kind",
                )


def parents_are_one_tier_up(tables: Tables) -> Iterator[Finding]:
    """A parent is of the type that its children call for, and lives as long as they do."""
    areas = {row["area_code"]: row for _, row in numbered(tables, "areas.csv")}
    for number, row in numbered(tables, "areas.csv"):
        parent = areas.get(row["parent_code"])
        if not parent:
            continue
        wanted = PARENT_OF_TYPE.get(row["area_type"], ())
        outlived = parent["valid_to"] and not row["valid_to"]
        if parent["area_type"] not in wanted or outlived:
            state = f", which ended on {parent['valid_to']}" if outlived else ""
            yield Finding(
                "areas.csv",
                number,
                "parent_code",
                f"isn't a parent for this {row['area_type']}",
                f"{row['parent_code']}, a {parent['area_type']}{state}",
                " or ".join(wanted) or "no parent",
                "name the area one tier up, as it is now",
            )


def successors_follow_on(tables: Tables) -> Iterator[Finding]:
    """Only an ended area has successors, and each of them was there on the next day."""
    areas = {row["area_code"]: row for _, row in numbered(tables, "areas.csv")}
    for number, row in numbered(tables, "areas.csv"):
        next_day = _next_day(row["valid_to"])
        for code in row["successor_codes"].split("|"):
            other = areas.get(code)
            if other and not other["valid_from"] <= next_day <= (other["valid_to"] or FOREVER):
                yield Finding(
                    "areas.csv",
                    number,
                    "successor_codes",
                    "doesn't follow on from this area",
                    f"{code}, valid from {other['valid_from']}",
                    f"an area valid on {next_day}" if next_day else "none: this area hasn't ended",
                    "name the area that came next, or mend the dates",
                )


def _next_day(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat() if is_date(day) else ""


RULES: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    linked_codes_exist,
    shared_codes_are_one_indicator,
    notes_have_reasons,
    sources_say_when,
    codes_lead_to_one_indicator,
    fingertips_ids_agree,
    sourced_indicators_have_codes,
    kinds_of_area_agree,
    parents_are_one_tier_up,
    successors_follow_on,
)

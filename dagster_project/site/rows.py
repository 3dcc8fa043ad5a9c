"""The rows that pages show, each with the cells that stand on several pages, made once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dagster_project.site import cells, wording
from dagster_project.site.model import Site
from dagster_project.site.reading import Row, Tables

# Of these nothing is noted beside a value: the whole release says it, the page, or the cell itself.
SAID_ELSEWHERE = {"synthetic"}
UNSAID_REASONS = {"is_comparator", "no_segment_elsewhere", None}
# What stands in the place of a segment where there is none.
EVERYBODY = "all"


def check_titles(tables: Tables) -> Mapping[str, str]:
    """What each check asks to be true, by its id."""
    # In an order of its own: what all pages share has the same digest each time.
    rows = tables.rows(
        "select check_id, min(title) as title from check_results group by all order by check_id"
    )
    return {row["check_id"]: row["title"] for row in rows}


def prepare(site: Site, rows: Sequence[Row], checks: Mapping[str, str]) -> None:
    """After this each row has its indicator's words, its notes and the cells made of them."""
    alone = lone_series(rows)
    for row in rows:
        indicator = site.indicators[row["indicator_id"]]
        row |= {name: indicator[name] for name in ("title", "unit", "decimals", "polarity")}
        row["notes"] = notes(row, checks)
        row["anchor"] = anchor(row, is_alone=row["indicator_id"] in alone)
        row["what"] = cells.what(row)
        if row["segment"] != EVERYBODY:
            row["title"] = f"{row['title']}: {site.segments.get(row['segment'], row['segment'])}"
        row["standing"] = cells.standing(row)
        row["dated"] = cells.dated(row)


def anchor(row: Row, *, is_alone: bool) -> str:
    """The row's place on its page; where the sexes or segments speak, each has its own."""
    name = str(row["indicator_id"])
    if row["segment"] != EVERYBODY:
        name += f"-{row['segment']}"
    return name if is_alone else f"{name}-{row['sex'].lower().replace(' ', '-')}"


def notes(row: Row, checks: Mapping[str, str]) -> list[str]:
    """What to bear in mind of a value, the weightiest first."""
    said = [state(row, checks)] if row["status"] != "published" else []
    said += [
        wording.word("flags", flag) for flag in row["flags"] or () if flag not in SAID_ELSEWHERE
    ]
    if row["status"] == "published" and row["judgement_reason"] not in UNSAID_REASONS:
        said.append(wording.reason(row["judgement_reason"]))
    if row["origin"] == "computed":
        said.append(wording.word("origins", "computed"))
    return [note[:1].upper() + note[1:] for note in said]


def state(row: Mapping[str, Any], checks: Mapping[str, str]) -> str:
    """Why a value isn't simply published: what holds it and since when, or why it isn't there."""
    why = checks.get(row["status_reason"] or "") or wording.reason(row["status_reason"])
    if row["status"] == "held":
        failed = f"a check failed (“{why}”)" if row["status_reason"] in checks else why
        since = f" since release {row['held_since']}" if row["held_since"] else ""
        return f"Held{since}: {failed}"
    return why or wording.word("statuses", row["status"])


def lone_series(rows: Sequence[Row]) -> set[str]:
    """Indicators for which one sex speaks."""
    sexes: dict[str, set[str]] = {}
    for row in rows:
        sexes.setdefault(row["indicator_id"], set()).add(row["sex"])
    return {indicator for indicator, found in sexes.items() if len(found) == 1}

"""One area's newest values as a data file: what the area summary shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dagster_project.site import wording
from dagster_project.site.explorer_cells import JUDGEMENT_LETTERS, STATUS_LETTERS
from dagster_project.site.reading import Row, Tables
from dagster_project.site.reuse import Reuse
from dagster_project.site.scripts import write_script

# The values that speak at a glance whatever frameworks say, with where the areas of the level lie.
NEWEST = """
select {shown}
from glance
inner join digests using (row_id)
inner join (
    select
        indicator_id, area_code, period_type, period_start, period_end,
        sex, age, segment, breakdown_type, breakdown, origin
    from headlines
    where framework = 'none'
) as newest using (
    indicator_id, area_code, period_type, period_start, period_end,
    sex, age, segment, breakdown_type, breakdown, origin
)
inner join kinds using (indicator_id)
inner join cuts using (indicator_id, period_type, sex, age, segment, breakdown_type, breakdown)
left join spines using (
    indicator_id, area_type, period_type, period_start, period_end, sex, age, origin
)
{which}
order by glance.area_code, kinds.kind, cuts.series
"""
TOLD = NEWEST.format(
    shown="glance.area_code, kinds.kind, kinds.decimals, cuts.series, said, spine", which=""
)
SHOWN = NEWEST.format(
    shown="glance.*, kinds.kind, kinds.decimals, cuts.series, spines.lo, spines.q1, spines.q3,"
    " spines.hi",
    which="where glance.area_code in (select unnest(?))",
)
# A spine is drawn from these: four digits place a mark on it.
ENDS = ("lo", "q1", "q3", "hi")
TENS = tuple(10.0**places for places in range(7))


def write_areas(tables: Tables, out: Path, reuse: Reuse) -> list[Path]:
    """A data file for each area of the explorer; one without a headline value is empty.

    The files that were made; others are taken over.
    """
    told = {
        code: [list(row.values()) for row in rows] for code, rows in tables.by("area_code", TOLD)
    }
    codes = [row["area_code"] for row in tables.rows("from places order by area")]
    keys = {code: reuse.key(code, told.get(code)) for code in codes}
    wanted = [code for code, key in keys.items() if not reuse.takes(f"data/a/{code}", key)]
    by_area = dict(tables.by("area_code", SHOWN, [wanted]))
    written = []
    for code in wanted:
        name = f"a/{code}"
        value = {"rows": [_row(row) for row in by_area.get(code, ())]}
        written.append(write_script(out / "data" / f"{name}.js", tables.manifest.id, name, value))
        reuse.made(f"data/{name}", keys[code], [f"data/{name}.js"])
    return written


def _row(row: Row) -> list[Any]:
    """Indicator, series, period, figures, judgement, status, trend, series so far, spine, goal."""
    decimals = row["decimals"]
    figures = [whole(row[name], decimals) for name in ("value", "lower_95", "upper_95", "england")]
    points = row["points"] or []
    trend = wording.trend(row["direction"], row["trend"])
    way = row["trend"] if row["trend"] in ("better", "worse") else ""
    return [
        row["kind"],
        row["series"],
        row["period_label"],
        row["sex"],
        row["age"],
        figures,
        JUDGEMENT_LETTERS.get(row["judgement"] or "not_compared", "x"),
        STATUS_LETTERS[row["status"]],
        _why(row),
        trend or wording.word("no_trend", row["trend_reason"]),
        # None tells that the words before it are why no trend is given.
        way if trend else None,
        [whole(point["v"], decimals) for point in points],
        [place for place, point in enumerate(points) if point["b"]],
        [short(row[name]) for name in ENDS] if row["lo"] is not None else [],
        wording.word("goals", row["goal"]),
        "; ".join(
            wording.word("flags", flag) for flag in row["flags"] or () if flag != "synthetic"
        ),
    ]


def _why(row: Row) -> str:
    """Why there is no value, or why it is held or not compared."""
    if row["status"] != "published":
        since = f"Held since {row['held_since']}. " if row["status"] == "held" else ""
        return since + wording.reason(row["status_reason"])
    return wording.reason(row["judgement_reason"]) if row["judgement"] == "not_compared" else ""


def whole(value: float | None, decimals: int) -> int | None:
    """A figure as a whole number of its last decimal: as it is printed, without the point.

    As in explorer_grids.py, only what may lie on the edge between two numbers is printed.
    """
    if value is None:
        return None
    scaled = value * TENS[decimals]
    nearest = round(scaled)
    if abs(abs(scaled - nearest) - 0.5) > 1e-4:
        return nearest
    return int(f"{value:.{decimals}f}".replace(".", ""))


def short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")

"""One area's newest values as a data file: what the area summary shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dagster_project.site import wording
from dagster_project.site.explorer_cells import JUDGEMENT_LETTERS, STATUS_LETTERS
from dagster_project.site.explorer_grids import whole
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
# Figures as whole numbers of their last decimal, as in explorer_grids.py.
SHOWN = NEWEST.format(
    shown=f"""
    glance.* exclude (points, gaps), kinds.kind, cuts.series,
    [{", ".join(whole(name) for name in ("value", "lower_95", "upper_95", "england"))}] as figures,
    list_transform(points, lambda p: {whole("p.v")}) as points,
    list_filter(list_transform(points, lambda p, n: if(p.b, n - 1, null)), lambda n: n is not null)
        as breaks,
    -- A spine is drawn from these: four digits place a mark on it.
    list_transform(
        if(lo is null, [], [lo, q1, q3, hi]), lambda v: cast(printf('%.4g', v) as double)
    ) as ends
    """,
    which="where glance.area_code in (select unnest(?))",
)


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
        value = _told(by_area.get(code, ()))
        written.append(write_script(out / "data" / f"{name}.js", tables.manifest.id, name, value))
        reuse.made(f"data/{name}", keys[code], [f"data/{name}.js"])
    return written


def _told(rows: Sequence[Row]) -> dict[str, Any]:
    """The area's rows, and the words that they say, each once: a row has their numbers."""
    words: dict[str, int] = {}
    told = [_row(row, words) for row in rows]
    return {"words": list(words), "rows": told}


def _row(row: Row, words: dict[str, int]) -> list[Any]:
    """Indicator, series, words, figures, judgement, status, trend, series so far, spine.

    The words: period, sex, age, why there is no value, trend, goal, what to bear in mind.
    """
    trend = wording.trend(row["direction"], row["trend"])
    said = (
        row["period_label"],
        row["sex"],
        row["age"],
        _why(row),
        trend or wording.word("no_trend", row["trend_reason"]),
        wording.word("goals", row["goal"]),
        "; ".join(
            wording.word("flags", flag) for flag in row["flags"] or () if flag != "synthetic"
        ),
    )
    way = row["trend"] if row["trend"] in ("better", "worse") else ""
    return [
        row["kind"],
        row["series"],
        [words.setdefault(each, len(words)) for each in said],
        row["figures"],
        JUDGEMENT_LETTERS[row["judgement"] or "not_compared"],
        STATUS_LETTERS[row["status"]],
        # None tells that the words are why no trend is given.
        way if trend else None,
        row["points"] or [],
        row["breaks"] or [],
        row["ends"],
    ]


def _why(row: Row) -> str:
    """Why there is no value, or why it is held or not compared."""
    if row["status"] != "published":
        since = f"Held since {row['held_since']}. " if row["status"] == "held" else ""
        return since + wording.reason(row["status_reason"])
    return wording.reason(row["judgement_reason"]) if row["judgement"] == "not_compared" else ""

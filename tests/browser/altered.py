"""The sample's release with what it lacks: values held and hidden, a break, and hostile texts.

Only tables are altered, so that the explorer is tried on what other inputs would publish.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

INDICATOR = "smoking_adults"
KEPT = (INDICATOR, "suicide_rate")
BY_INDICATOR = {
    *("indicator_values", "comparisons", "trends", "inequalities", "headlines", "check_results"),
}
STOCKPORT, TRAFFORD, BURY = "E08000007", "E08000009", "E08000002"
HOSTILE = '=1+1"><script>window.hurt=1</script><img src=x onerror=window.hurt=2>\u202edetrever'
REASON = "The value must lie within what is plausible"
NEWEST = f"indicator_id = '{INDICATOR}' and sex = 'Persons' and period_label = '2023'"

# What becomes of which table: `replace` clauses over the rows that are there.
VALUES = f"""
case when {NEWEST} and area_code = '{STOCKPORT}' then 'held'
    when {NEWEST} and area_code = '{TRAFFORD}' then 'suppressed' else status end as status,
case when {NEWEST} and area_code = '{STOCKPORT}' then 'failed_check'
    when {NEWEST} and area_code = '{TRAFFORD}' then 'suppressed_here'
    else status_reason end as status_reason,
case when {NEWEST} and area_code = '{STOCKPORT}' then '1.0.0-abc' else held_since end as held_since,
case when {NEWEST} and area_code = '{BURY}' then list_append(flags, 'provisional')
    when indicator_id = '{INDICATOR}' and period_label = '2021'
    then list_append(flags, 'break_in_series') else flags end as flags
"""
FIGURES = ("value", "lower_95", "upper_95", "lower_998", "upper_998", "numerator", "denominator")


def altered_release(release: Path, copy: Path, out: Path) -> tuple[Path, Path]:
    """`copy` is the altered release, `out` its site; both."""
    from dagster_project.site.build import build_site

    shutil.copytree(release, copy, ignore=shutil.ignore_patterns("csv", "site", "*.xlsx"))
    # Two indicators are enough, and a site of two is built in no time.
    for path in sorted((copy / "data").glob("*.parquet")):
        if path.stem in BY_INDICATOR:
            _alter(copy, path.stem, f"select * where indicator_id in {KEPT}")
    hidden = ", ".join(
        f"case when {NEWEST} and area_code = '{TRAFFORD}' then null else {name} end as {name}"
        for name in FIGURES
    )
    _alter(copy, "indicator_values", f"select * replace ({VALUES}, {hidden})")
    _alter(
        copy,
        "comparisons",
        f"select * replace (case when {NEWEST} and area_code in ('{STOCKPORT}', '{TRAFFORD}')"
        " then 'not_compared' else judgement end as judgement,"
        f" case when {NEWEST} and area_code = '{STOCKPORT}' then 'value_held'"
        f" when {NEWEST} and area_code = '{TRAFFORD}' then 'value_suppressed' else reason end"
        " as reason, "
        + ", ".join(
            f"case when {NEWEST} and area_code in ('{STOCKPORT}', '{TRAFFORD}') then null"
            f" else {name} end as {name}"
            for name in ("value", "comparator_value")
        )
        + ")",
    )
    _alter(copy, "areas", f"select * replace ({_named(BURY)})")
    _alter(copy, "indicators", f"select * replace ({_titled()})")
    keys = "indicator_id, area_type, area_code, period_type, period_start, period_end, period_label"
    cuts = "sex, age, segment, breakdown_type, breakdown, origin, source_id"
    held = (
        f"select {keys}, {cuts}, 'C42' as check_id, '{REASON}' as reason, held_since,"
        f" true as keeps_last_good_value from '{copy}/data/indicator_values.parquet'"
        f" where status = 'held'"
        # Other checks, with several areas and periods, some of which keep a last good value.
        f" union all select {keys}, {cuts}, check_id, 'Not ' || check_id, '1.0.0-abc',"
        f" area_code < 'E0800' from '{copy}/data/indicator_values.parquet'"
        f" cross join (values ('C11'), ('L04')) as checks (check_id)"
        f" where indicator_id = 'suicide_rate' and sex = 'Persons' and area_type = 'utla'"
        f" and (check_id = 'C11' or area_code = '{STOCKPORT}')"
    )
    _alter(copy, "holds", held, replaces=True)
    build_site(copy, out)
    return copy, out


def _named(code: str) -> str:
    return f"case when area_code = '{code}' then {_text(HOSTILE)} else area_name end as area_name"


def _titled() -> str:
    same = "indicator_id = 'suicide_rate'"
    return f"case when {same} then {_text(HOSTILE)} else title end as title"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _alter(copy: Path, table: str, query: str, *, replaces: bool = False) -> None:
    path = copy / "data" / f"{table}.parquet"
    made = path.with_suffix(".made")
    source = "" if replaces else f"from '{path}' "
    with duckdb.connect() as connection:
        connection.execute(f"copy ({source}{query}) to '{made}' (format parquet)")
    made.replace(path)

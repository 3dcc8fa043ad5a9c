"""What one indicator would say if it were published now: values, checks, siblings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dagster_project import progress, warehouse
from dagster_project.calendar import today
from dagster_project.collecting import uncollected
from dagster_project.home import Home
from dagster_project.pipeline import dbt_project, judging_worker
from dagster_project.preview import building
from dagster_project.preview.scratch import scratch_home

if TYPE_CHECKING:
    import duckdb

# Outcomes that aren't worth a line.
QUIET = ("pass", "not applicable")

VALUES = """
    select
        candidates.area_code, coalesce(areas.area_name, candidates.area_code) as area_name,
        candidates.area_type, candidates.period_label, candidates.period_end, candidates.sex,
        candidates.age, candidates.segment, candidates.breakdown_type, candidates.breakdown,
        candidates.value, candidates.lower_95, candidates.upper_95, candidates.numerator,
        candidates.denominator, candidates.status, candidates.status_reason
    from intermediate.candidate_values as candidates
    left join intermediate.int_areas as areas on candidates.area_code = areas.area_code
    order by
        candidates.period_end desc, candidates.segment = 'all' desc, candidates.segment,
        candidates.breakdown_type = 'all' desc, candidates.breakdown_type, candidates.breakdown,
        candidates.sex, candidates.age,
        -- Whole systems before the many practices and wards.
        case
            when candidates.area_type = 'england' then 0
            when candidates.area_type in ('region', 'icb') then 1
            when candidates.area_type in ('utla', 'ltla', 'sub_icb') then 2
            else 3
        end,
        candidates.area_type, candidates.area_code
"""
CHECKS = """
    select
        check_id, any_value(title) as title, any_value(severity) as severity, outcome,
        count(*) as groups, cast(sum(failed) as bigint) as failed,
        string_agg(distinct note, '; ') as note
    from judged.check_results
    where indicator_id = ? or indicator_id is null
    group by check_id, outcome
    order by check_id, outcome
"""
SIBLINGS = """
    select
        theme, relation,
        case when "left" = $id then right_name else left_name end as name,
        case when "left" = $id then "right" else "left" end
            as indicator_id,
        verdict, reason_text
    from marts.comparability
    where $id in ("left", "right")
    order by theme, name
"""


def preview(home: Home, indicator_id: str) -> dict[str, Any]:
    """The record of one preview; the home's warehouse and releases stay as they are."""
    building.known(dbt_project.manifest(), indicator_id)
    with scratch_home(home) as scratch:
        # It imports what judges while the models are built.
        judging_worker.make_ready(scratch)
        progress.current().stage("Building the indicator")
        # What dbt makes of the project lives until the end.
        with uncollected():
            results = building.build(scratch, indicator_id)
        with warehouse.connect(scratch) as connection:
            is_empty = not connection.execute(
                "select 1 from intermediate.candidate_values limit 1"
            ).fetchall()
        if not is_empty:
            progress.current().stage("Judging its values")
            judging_worker.judge(scratch)
        with warehouse.connect(scratch, read_only=True) as connection:
            return _record(connection, indicator_id, results, is_empty)


def _record(
    con: duckdb.DuckDBPyConnection, indicator_id: str, results: list[Any], is_empty: bool
) -> dict[str, Any]:
    (definition,) = _rows(
        con, "select * from intermediate.int_indicators where indicator_id = ?", [indicator_id]
    )
    checks = [] if is_empty else _rows(con, CHECKS, [indicator_id])
    places = _rows(
        con,
        "select framework, edition, code, title from intermediate.int_framework_indicators"
        " where indicator_id = ? order by framework, edition, code",
        [indicator_id],
    )
    return {
        "indicator_id": indicator_id,
        "definition": definition,
        "worked_examples": sum(each.unique_id.startswith("unit_test.") for each in results),
        "values": _rows(con, VALUES, []),
        "checks": checks,
        "passed": sum(each["outcome"] == "pass" for each in checks),
        "failing": [each for each in checks if each["outcome"] not in QUIET],
        "places": places,
        "siblings": _rows(con, SIBLINGS, {"id": indicator_id}),
        # As at publication: a failure of a check that blocks, and an error of one, hold values.
        "would_be_held": any(
            each["severity"] == "critical" and each["outcome"] not in ("pass", "not applicable")
            for each in checks
        ),
        "review_is_overdue": definition["review_by"] < today(),
    }


def _rows(con: duckdb.DuckDBPyConnection, query: str, given: Any) -> list[dict[str, Any]]:
    found = con.execute(query, given)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

"""The evidence that the models make of values given by a test: their SQL on DuckDB, without dbt.

The registry is the project's own, so figures come out as they would in a refresh.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from tests.support import models

SEEDS = (
    "areas",
    "breakdown_dimensions",
    "deprivation_quantiles",
    "disclosure_policies",
    "harmonised_categories",
    "indicator_sources",
    "indicators",
    "methods",
    "period_kinds",
    "revision_limits",
    "rounding",
    "sources",
    "stand_ins",
)
# In the order in which each reads what is before it.
MODELS = (
    "cuts",
    "areas",
    "names",
    "indicator_names",
    "periods",
    "changes",
    "misnamed",
    "exchanges",
    "wholes",
    "contradictions",
    "shifted",
    "new_cuts",
    "missing_groups",
    "routes",
    "populations",
    "moves",
    "turned",
    "reasons",
    "revisions",
    "neighbours",
    "sets",
    "missing_areas",
    "scales",
    "stand_ins",
    "common",
    "rows",
    "groups",
)
STAGING = """
    create table stg_fingertips__named_areas (extract_id bigint, area_code text, area_name text);
    create table stg_ascof__measures (extract_id bigint, area_code text, area_name text);
    create table stg_ascof__compiled (extract_id bigint, area_code text, area_name text);
    create table stg_ledger__extracts
        (extract_id bigint, vintage_date date, sha256 text, landed_on date);
    create table stg_fingertips__named_indicators
        (extract_id bigint, indicator_code text, indicator_name text);
    create table stg_fingertips__values
        (extract_id bigint, area_code text, area_name text, indicator_code text,
        period_label text, sex text, age text);
    create table stg_framework_workbooks__measures as
        select 0 as extract_id, * from indicators limit 0;
    create table int_defined__indicators as
        select *, null::text as meaning, null::text as why, null::text as sources,
            null::text as checked_by, null::text as reviewed_on, null::text as review_by,
            null::text as is_stand_in, null::text as lowest, null::text as highest
        from indicators limit 0;
    create table int_framework_workbooks
        (extract_id bigint, is_current boolean, as_of date, edition text);
    create table evidence_disclosure
        (row_id ubigint, small_count_shown double, rounding_gap double, hidden_cell_told double);
    create table int_populations
        (mid_year integer, area_code text, sex text, age_band text, persons double);
    create table run_last_release (release_id text, is_same_code boolean);
    create table run_last_good
        (row_id ubigint, series_id ubigint, release_id text, is_turned boolean);
    create table run_previous_judgements
        (row_id ubigint, judgement text, comparator_value double);
    create table run_previous_trends (series_id ubigint, direction text, judgement text);
    create view int_areas as
        select area_code, area_type, parent_code, region_code, cast(valid_to as date) as valid_to
        from areas;
"""
TYPES = {
    "row_id": "ubigint",
    "extract_id": "bigint",
    "period_start": "date",
    "period_end": "date",
    **dict.fromkeys(models.HIDDEN, "double"),
    **dict.fromkeys(("is_recast_area", "is_area_ended"), "boolean"),
    **dict.fromkeys(("conflict_count", "collision_count"), "bigint"),
}
# A proportion in per cent that its publisher prints in full, with Wilson's limits.
SOUND: dict[str, Any] = {
    "source_id": "fingertips",
    "extract_id": 1,
    "source_code": "92588",
    "definition_version": "1",
    "indicator_id": "smoking_adults_qof",
    "area_type": "utla",
    "area_code": "E06000023",
    "period_type": "financial_year",
    "period_start": "2020-04-01",
    "period_end": "2021-03-31",
    "period_label": "2020/21",
    "sex": "Persons",
    "age": "15+ yrs",
    "segment": "all",
    "breakdown_type": "all",
    "breakdown": "all",
    "population_basis": "registered",
    "value": 20.0,
    "lower_95": 17.636, "upper_95": 22.592,
    "lower_998": None, "upper_998": None,
    "numerator": 200.0,
    "denominator": 1000.0,
    "value_type": "proportion",
    "status": "published",
    "status_reason": None,
    "origin": "published",
    "is_recast_area": False,
    "is_area_ended": False,
    "conflict_count": 0,
    "collision_count": 0,
}  # fmt: skip
Row = Mapping[str, Any]


def year(first: int) -> dict[str, Any]:
    """The financial year that begins in `first`."""
    return {"period_start": f"{first}-04-01", "period_end": f"{first + 1}-03-31"}


def share(numerator: float, denominator: float = 1000.0, **said: Any) -> dict[str, Any]:
    """A sound value of these counts without limits, but for what is said."""
    value = 100.0 * numerator / denominator
    counts = {"numerator": numerator, "denominator": denominator, "value": value}
    return {**SOUND, "lower_95": None, "upper_95": None, **counts, **said}


class Evidence:
    """The evidence of one set of values."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def figures(self, table: str, figure: str, key: str = "row_id") -> dict[Any, Any]:
        """A figure of `rows` or `groups` by key; rows are numbered from 1 in the order given."""
        asked = f"select {key}, {figure} from evidence_{table} order by all"
        return dict(self.con.execute(asked).fetchall())

    def figure(self, figure: str, number: int = 1) -> Any:
        """The figure of one row."""
        return self.figures("rows", figure)[number]

    def by_start(self, figure: str) -> dict[int, Any]:
        """The figure of groups by the year in which their period begins."""
        return self.figures("groups", figure, "year(period_start)")


@contextmanager
def evidence(values: Sequence[Row], **tables: Sequence[Sequence[Any]]) -> Iterator[Evidence]:
    """The evidence of values, with rows for other tables that it reads, columns in their order."""
    # A handful of rows is one thread's work; a second one only waits, and takes time for it.
    with duckdb.connect(config={"threads": "1"}) as con:
        for seed in SEEDS:
            models.load_seed(con, seed)
        con.execute(STAGING)
        for table, rows in tables.items():
            marks = ", ".join("?" for _ in rows[0])
            con.executemany(f"insert into {table} values ({marks})", [list(row) for row in rows])
        _load_values(con, values)
        con.execute(_create("int_indicators", "intermediate/int_indicators.sql"))
        for model in MODELS:
            con.execute(_create(f"evidence_{model}", f"evidence/evidence_{model}.sql"))
        yield Evidence(con)


def _load_values(con: duckdb.DuckDBPyConnection, values: Sequence[Row]) -> None:
    names = ["row_id", *SOUND]
    columns = ", ".join(f"{name} {TYPES.get(name, 'text')}" for name in names)
    con.execute(f"create table candidate_values ({columns})")
    con.execute("create view int_observations as from candidate_values")
    con.execute("create table run_previous_values as from candidate_values limit 0")
    con.execute(
        "create table run_revision_reasons as select 1 as reason_number, * replace"
        " (cast(period_start as text) as period_start, cast(period_end as text) as period_end),"
        " [''] as extracts, [''] as away_from from candidate_values limit 0"
    )
    marks = ", ".join("?" for _ in names)
    rows = [
        [number, *({**SOUND, **value}[name] for name in SOUND)]
        for number, value in enumerate(values, start=1)
    ]
    con.executemany(f"insert into candidate_values values ({marks})", rows)


def _create(name: str, path: str) -> str:
    return f"create table {name} as {models.model_sql(path)}"

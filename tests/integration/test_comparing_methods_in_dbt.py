"""The methods that compare, as views that dbt makes and another connection reads; and the one that
calls a function, which dbt gives its own connections."""

from __future__ import annotations

import duckdb

from dagster_project.pipeline import dbt_project
from tests.support import dbt_scratch, macros

# One area with every column that any of them asks for.
SERIES = """
    create table series as
    select
        'A' as area, period, period as quantile, period as along, 20.0 + period * 5 as value,
        19.5 + period * 5 as lower_95, 20.7 + period * 5 as upper_95,
        19.0 + period * 5 as lower_998, 21.0 + period * 5 as upper_998,
        30.0 as comparator_value, 29.0 as comparator_lower_95, 31.0 as comparator_upper_95,
        'lower_is_better' as polarity, 20.0 + period as numerator, 100.0 as denominator,
        0.2 as average, 10 as smallest, 1000 as largest, 1000 * period as population,
        10.0 * period as score, period as rank, 2011 as vintage
    from range(1, 6) as made(period)
"""
KEYS = "['area', 'period']"
CALLS = {
    "compared": f"method_comparison('series', {KEYS})",
    "compared_twice": f"method_comparison('series', {KEYS}, rule='limits_95_and_998')",
    "overlapping": f"method_comparison('series', {KEYS}, rule='overlap_95')",
    "quantiles": f"method_quantile('series', {KEYS}, ['area'], quantiles=5)",
    "fifths": f"method_quintile('series', {KEYS}, ['area'])",
    "equal_fifths": f"method_quintile('series', {KEYS}, ['area'], rule='ntile')",
    "deprivation": "method_deprivation('series', ['area'], 32844)",
    "trend": "method_recent_trend('series', ['area'], is_break='period < 1')",
    "trend_of_counts": "method_recent_trend('series', ['area'], is_proportion='true', gaps='stop')",
    "slope": "method_slope_index('series', ['area'], quantiles=5)",
    "chart": "method_spc('series', ['area'], outliers_in_mean=false, rebase='period = 1')",
    "funnel": f"method_funnel('series', {KEYS}, ['area'], 'dsr', multiplier=100)",
    "lines": f"method_funnel_limits('series', {KEYS}, 'ratio')",
    "axis": f"funnel_axis('series', {KEYS})",
}


def test_every_method_is_a_view_that_another_connection_reads(tmp_path):
    folder = tmp_path / "scratch"
    models = {
        name: f"{{{{ config(materialized='view') }}}}\n\n{{{{ {call} }}}}\n"
        for name, call in CALLS.items()
    }
    dbt_scratch.write_project(folder, models)
    with duckdb.connect(str(folder / dbt_scratch.WAREHOUSE)) as connection:
        connection.execute(SERIES)
    assert set(dbt_scratch.run(folder)) == set(CALLS)
    with duckdb.connect(str(folder / dbt_scratch.WAREHOUSE), read_only=True) as connection:
        for name, call in CALLS.items():
            found = connection.execute(f"select * from {name} order by all").fetchall()
            by_tests = f"select * from ({macros.render(call)}) order by all"
            assert found == connection.execute(by_tests).fetchall() != [], name
            if name not in ("axis", "compared", "compared_twice", "overlapping"):
                statuses = connection.execute(f"select distinct status from {name}").fetchall()
                assert statuses == [("published",)], name


FIFTHS = """
    select
        'A' as area, q as quantile, 1000 as population, 0.3 - q * 0.02 as value,
        0.28 - q * 0.02 as lower_95, 0.33 - q * 0.02 as upper_95
    from range(1, 6) as made(q)
"""


def test_dbt_renders_a_method_and_knows_its_draws(tmp_path, monkeypatch):
    monkeypatch.setenv("OUTCOMES_WAREHOUSE", str(tmp_path / "warehouse.duckdb"))
    monkeypatch.setenv("OUTCOMES_DUCKDB_TEMP", str(tmp_path / "spilled"))
    method = "{{ method_slope_index('fifths', ['area'], 5, scale=\"'log'\", draws='slope_draws') }}"
    query = f"with fifths as ({FIFTHS}) select * from ({method})"
    # As it was parsed once, read anew, since the query becomes a part of it.
    manifest = dbt_project.read_for_dbt(dbt_project.parsed())
    shown_by_dbt = dbt_project.invoke(["show", "--inline", query], tmp_path / "target", manifest)
    (node,) = shown_by_dbt.result
    names = node.agate_table.column_names
    shown = [dict(zip(names, row.values(), strict=True)) for row in node.agate_table.rows]
    assert [(row["measure"], row["status"]) for row in shown] == [
        ("sii", "published"),
        ("rii", "published"),
    ]
    assert shown[0]["lower_998"] < shown[0]["lower_95"] < shown[0]["value"] < shown[0]["upper_95"]

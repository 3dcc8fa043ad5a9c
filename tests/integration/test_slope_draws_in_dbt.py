"""dbt itself renders the methods, and gives its connections the functions that they call."""

from __future__ import annotations

import json

from dagster_project.pipeline import dbt_project

FIFTHS = """
    select
        'A' as area, q as quantile, 1000 as population, 0.3 - q * 0.02 as value,
        0.28 - q * 0.02 as lower_95, 0.33 - q * 0.02 as upper_95
    from range(1, 6) as made(q)
"""


def test_dbt_renders_a_method_and_knows_its_draws(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("OUTCOMES_WAREHOUSE", str(tmp_path / "warehouse.duckdb"))
    monkeypatch.setenv("OUTCOMES_DUCKDB_TEMP", str(tmp_path / "spilled"))
    method = "{{ method_slope_index('fifths', ['area'], 5, scale=\"'log'\", draws='slope_draws') }}"
    query = f"with fifths as ({FIFTHS}) select * from ({method})"
    dbt_project.invoke(["show", "--inline", query, "--output", "json"], tmp_path / "target")
    shown = json.loads(capsys.readouterr().out)["show"]
    assert [(row["measure"], row["status"]) for row in shown] == [
        ("sii", "published"),
        ("rii", "published"),
    ]
    assert shown[0]["lower_998"] < shown[0]["lower_95"] < shown[0]["value"] < shown[0]["upper_95"]

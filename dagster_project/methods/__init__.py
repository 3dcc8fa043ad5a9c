"""Statistics that SQL can't express: pure functions that know neither Dagster nor dbt."""

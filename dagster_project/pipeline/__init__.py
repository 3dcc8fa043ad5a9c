"""What a refresh does between landing and release, as plain functions. No Dagster in here."""

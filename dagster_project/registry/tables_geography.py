"""What the seeds of areas that changed must look like, as data: a part of the registry's tables."""

from __future__ import annotations

from dagster_project.registry.forms import Table, columns, words

CERTAINTY = words("verified partly recalled inferred")
IN_AREAS = ("areas.csv", "area_code")

GEOGRAPHY_TABLES: tuple[Table, ...] = (
    Table(
        "area_redraws.csv",
        ("area_code", "current_code"),
        columns("area_code*:area current_code*:area share:share certainty* evidence*"),
        allowed={"certainty": CERTAINTY},
        refers_to={"area_code": IN_AREAS, "current_code": IN_AREAS},
    ),
    # Where the site draws an area as a square, when no boundaries have landed.
    Table(
        "area_tiles.csv",
        ("area_type", "area_code"),
        columns("area_type* area_code*:area short_name* column_number*:whole row_number*:whole"),
        allowed={"area_type": words("icb nhs_region region utla")},
    ),
    Table(
        "combined_areas.csv",
        words("source_id marker indicator_id area_code carries_value_of"),
        columns(
            "source_id* marker indicator_id area_code*:area carries_value_of*:area certainty*"
            " evidence*"
        ),
        allowed={"certainty": CERTAINTY},
        refers_to={
            "source_id": ("sources.csv", "source_id"),
            "indicator_id": ("indicators.csv", "indicator_id"),
            "area_code": IN_AREAS,
            "carries_value_of": IN_AREAS,
        },
    ),
)

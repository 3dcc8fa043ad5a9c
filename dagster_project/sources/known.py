"""Every layout that is known, in the order in which files are asked whether they are of it."""

from __future__ import annotations

from dagster_project.sources import (
    area_lookups,
    areas,
    ascfr,
    ascof,
    boundaries,
    deprivation,
    fingertips,
    fingertips_areas,
    fingertips_derived,
    framework_workbook,
    hospital_records,
    local_systems,
    nhsof,
    ods,
    ons_populations,
    person_records,
    proms,
    qof,
    reference,
    registered_patients,
    shmi,
    survey_returns,
)
from dagster_project.sources.layout import Field, Layout

LAYOUTS: tuple[Layout, ...] = (
    *fingertips.LAYOUTS,
    *ascof.LAYOUTS,
    *qof.LAYOUTS,
    *areas.LAYOUTS,
    *area_lookups.LAYOUTS,
    *boundaries.LAYOUTS,
    *ods.LAYOUTS,
    *ons_populations.LAYOUTS,
    *deprivation.LAYOUTS,
    *fingertips_areas.LAYOUTS,
    *proms.LAYOUTS,
    *shmi.LAYOUTS,
    *local_systems.LAYOUTS,
    *ascfr.LAYOUTS,
    *fingertips_derived.LAYOUTS,
    *reference.LAYOUTS,
    *registered_patients.LAYOUTS,
    *framework_workbook.LAYOUTS,
    *survey_returns.LAYOUTS,
    *hospital_records.LAYOUTS,
    *person_records.LAYOUTS,
    # Last: of its columns few are required, and any others may stand beside them.
    *nhsof.LAYOUTS,
)

LAYOUTS_BY_ID = {layout.layout_id: layout for layout in LAYOUTS}


def raw_tables() -> dict[str, tuple[Field, ...]]:
    """Each raw table with its columns: the union of what its layouts hold, in a fixed order."""
    tables: dict[str, dict[str, Field]] = {}
    for layout in LAYOUTS:
        columns = tables.setdefault(layout.table, {})
        for field in layout.columns:
            columns.setdefault(field.name, field)
    return {table: tuple(columns.values()) for table, columns in sorted(tables.items())}

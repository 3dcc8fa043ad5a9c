"""Areas: codes and their history, hierarchies and lookups, from four publishers of them.

ONS code history (JSON, a file an entity type), Fingertips areas with their parents (JSON),
mySociety's register of councils (CSV), and ONS lookups from one level to another (Parquet).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dagster_project.sources.layout import Field, Layout

GSS = r"[EJKLMNSW]\d{8}"


def _is_code_history(document: Any) -> bool:
    return (
        isinstance(document, dict)
        and isinstance(document.get("areas"), dict)
        and "source" in document
    )


def _code_history_rows(document: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    number = 0
    for code in sorted(document["areas"]):
        for entry in document["areas"][code]:
            number += 1
            dates = entry.get("date") or {}
            yield (
                number,
                (
                    code,
                    entry.get("nm"),
                    dates.get("s"),
                    dates.get("e"),
                    entry.get("parent"),
                    entry.get("status"),
                ),
            )


CODE_HISTORY = Layout(
    layout_id="ons_code_history",
    source_id="areas_ons",
    title="ONS code history (JSON, one entity type a file)",
    container="json",
    table="area_code_history",
    key=("area_code", "valid_from", "area_name"),
    values=("valid_to", "parent_code", "area_status"),
    contradictions="refuse",
    shape=_is_code_history,
    rows=_code_history_rows,
    fields=(
        Field("area_code", ("area_code",), "code", filled=True, pattern=GSS),
        Field("area_name", ("nm",)),
        Field("valid_from", ("date.s",), "code", pattern=r"\d{4}-\d\d-\d\d"),
        Field("valid_to", ("date.e",), "code", pattern=r"\d{4}-\d\d-\d\d"),
        Field("parent_code", ("parent",), "code"),
        Field("area_status", ("status",)),
    ),
)


def _is_fingertips_areas(document: Any) -> bool:
    return (
        isinstance(document, list)
        and bool(document)
        and isinstance(document[0], dict)
        and {"areaCode", "areaName", "areaType", "parentAreas"} <= document[0].keys()
    )


def _fingertips_area_rows(document: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    number = 0
    for area in document:
        parents = [parent.get("areaCode") for parent in area.get("parentAreas") or []] or [None]
        for parent in parents:
            number += 1
            yield (
                number,
                (
                    area.get("areaCode"),
                    area.get("areaName"),
                    area.get("areaType"),
                    area.get("hierarchyType"),
                    area.get("level"),
                    parent,
                ),
            )


FINGERTIPS_AREAS = Layout(
    layout_id="fingertips_areas",
    source_id="areas_fingertips",
    title="Fingertips areas with their parents (JSON)",
    container="json",
    table="area_hierarchy",
    key=("area_code", "area_type", "parent_code"),
    values=("area_name",),
    shape=_is_fingertips_areas,
    rows=_fingertips_area_rows,
    fields=(
        Field("area_code", ("areaCode",), "code", filled=True),
        Field("area_name", ("areaName",), filled=True),
        Field("area_type", ("areaType",), filled=True),
        Field("hierarchy", ("hierarchyType",)),
        Field("level", ("level",), "code"),
        Field("parent_code", ("parentAreas",), "code"),
    ),
)

COUNCIL_REGISTER = Layout(
    layout_id="council_register",
    source_id="areas_registry",
    title="mySociety register of councils with future changes (CSV)",
    container="csv",
    table="council_register",
    key=("council_code",),
    values=("gss_code", "start_date", "end_date", "replaced_by"),
    other_columns=r"[A-Za-z0-9-]+",
    fields=(
        Field("council_code", ("local-authority-code",), "code", filled=True),
        Field("official_name", ("official-name",), filled=True),
        Field("nice_name", ("nice-name",)),
        Field("gss_code", ("gss-code",), "code", pattern=GSS),
        Field("start_date", ("start-date",), "code", pattern=r"\d{4}-\d\d-\d\d"),
        Field("end_date", ("end-date",), "code", pattern=r"\d{4}-\d\d-\d\d"),
        Field("replaced_by", ("replaced-by",), "code"),
        Field("nation", ("nation",)),
        Field("region", ("region",)),
        Field("council_type", ("local-authority-type",), "code"),
        Field("county_code", ("county-la",), "code"),
        Field("former_gss_codes", ("former-gss-codes",), "code"),
    ),
)

COUNCIL_CODES = Layout(
    layout_id="council_codes",
    source_id="areas_registry",
    title="mySociety lookup of GSS codes to register codes (CSV)",
    container="csv",
    table="council_codes",
    key=("gss_code", "council_code"),
    fields=(
        # Empty for the authorities that are still to be made.
        Field("gss_code", ("gss-code",), "code", pattern=GSS),
        Field("council_code", ("local-authority-code",), "code", filled=True),
    ),
)

COUNCIL_NAMES = Layout(
    layout_id="council_names",
    source_id="areas_registry",
    title="mySociety lookup of council names to register codes (CSV)",
    container="csv",
    table="council_names",
    key=("council_name",),
    values=("council_code",),
    fields=(
        Field("council_name", ("la-name",), filled=True),
        Field("council_code", ("local-authority-code",), "code", filled=True),
    ),
)

LINK_FIELDS = (
    Field("child_level", ("child_level",), "code", filled=True),
    Field("child_code", ("child_code",), "code", filled=True),
    Field("child_name", ("child_name",)),
    Field("parent_level", ("parent_level",), "code", filled=True),
    Field("parent_code", ("parent_code",), "code", filled=True),
    Field("parent_name", ("parent_name",)),
    Field("change_code", ("change_code",), "code"),
)


def _lookup(child: str, *parents: str, change: bool = False, short_codes: str = "") -> Layout:
    """A lookup of `child` areas to one or more `parents`: a link a row and parent.

    `change` is ONS's letter for how the area changed (U same, S split, M merged, X irregular);
    `short_codes` is the ending of a column that holds the NHS code beside the ONS code.
    """
    levels = (child, *parents)
    fields = [
        field
        for level in levels
        for field in (
            Field(f"{level}_code", (f"{level}_code",), "code"),
            Field(f"{level}_name", (f"{level}_name",)),
        )
    ]
    fields += [
        Field(f"{level}_{short_codes}", (f"{level}_{short_codes}",), "code")
        for level in parents
        if short_codes and not level.startswith("ltla")
    ]
    if change:
        fields.append(Field("change_code", ("change_code",), "code"))
    links = " union all ".join(
        f"select '{child}' as child_level, {child}_code as child_code, {child}_name as child_name,"
        f" '{parent}' as parent_level, {parent}_code as parent_code, {parent}_name as parent_name,"
        f" {'change_code' if change else 'null'} as change_code from incoming_file"
        for parent in parents
    )
    return Layout(
        layout_id=f"lookup_{'_'.join(levels)}",
        source_id="areas_lookups",
        title=f"ONS lookup from {child} to {', '.join(parents)} (Parquet)",
        container="parquet",
        table="area_links",
        key=("child_level", "child_code", "parent_level", "parent_code"),
        values=("change_code",),
        fields=tuple(fields),
        table_fields=LINK_FIELDS,
        # England has some 190,000 areas of the smallest kind.
        max_rows=2_000_000,
        projection=f"select distinct * from ({links})"
        " where child_code is not null and parent_code is not null",
        rows_per_row=0,
    )


LOOKUPS = (
    _lookup("lsoa01", "lsoa11", change=True),
    _lookup("lsoa11", "ccg21", "stp21", "ltla21"),
    _lookup("lsoa11", "lsoa21", "ltla22", change=True),
    _lookup("lsoa11", "ltla21"),
    _lookup("lsoa11", "msoa11"),
    _lookup("lsoa11", "sicbl22", "icb22", "ltla22", short_codes="code_h"),
    _lookup("lsoa21", "sicbl24", "icb24", short_codes="code_nhs"),
    _lookup("lsoa21", "ward24", "ltla24"),
    _lookup("ltla21", "utla21"),
    _lookup("ltla22", "ltla23"),
    _lookup("ltla23", "utla23"),
    _lookup("ltla24", "region24"),
    _lookup("msoa11", "msoa21", "ltla22"),
    _lookup("ltla16", *(f"ltla{year}" for year in range(17, 25))),
)

LAYOUTS = (
    CODE_HISTORY,
    FINGERTIPS_AREAS,
    COUNCIL_REGISTER,
    COUNCIL_CODES,
    COUNCIL_NAMES,
    *LOOKUPS,
)

"""Areas: codes and their history, and hierarchies, from three publishers of them.

ONS code history (JSON, a file an entity type), Fingertips areas with their parents (JSON), and
mySociety's register of councils (CSV). Lookups from one level to another are in `area_lookups`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dagster_project.sources.layout import Field, Layout, day_field

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
        day_field("valid_from", "date.s", between="-"),
        day_field("valid_to", "date.e", between="-"),
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

LAYOUTS = (
    CODE_HISTORY,
    FINGERTIPS_AREAS,
    COUNCIL_REGISTER,
    COUNCIL_CODES,
    COUNCIL_NAMES,
)

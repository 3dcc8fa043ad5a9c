"""Areas as the Fingertips API gives them: lists of one type, and the children of each parent.

The shapes are those of the publisher's open code; no answer of these two questions has been seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dagster_project.sources.layout import Field, Layout

# Codes of the ONS and the NHS are in capitals; a sub-ICB or ICB may have an n before it.
AREA_CODE = re.compile(r"n?[A-Z][A-Z0-9-]{2,29}")


def _is_area_list(document: Any) -> bool:
    return (
        isinstance(document, list)
        and bool(document)
        and isinstance(document[0], dict)
        and {"Code", "Name", "AreaTypeId"} <= document[0].keys()
    )


def _listed(document: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for number, area in enumerate(document, start=1):
        yield number, tuple(area.get(name) for name in ("Code", "Name", "Short", "AreaTypeId"))


AREA_LIST = Layout(
    layout_id="fingertips_area_list",
    source_id="fingertips_areas",
    title="Fingertips areas of one type (JSON)",
    container="json",
    table="fingertips_area_list",
    key=("area_type_id", "area_code"),
    values=("area_name",),
    shape=_is_area_list,
    rows=_listed,
    fields=(
        Field("area_code", ("Code",), "code", filled=True),
        Field("area_name", ("Name",), filled=True),
        Field("short_name", ("Short",)),
        Field("area_type_id", ("AreaTypeId",), "code", filled=True, pattern=r"\d{1,6}"),
    ),
)


def _is_parent_map(document: Any) -> bool:
    """True for an object whose keys are area codes, each with a list of the codes under it."""
    return (
        isinstance(document, dict)
        and bool(document)
        and all(AREA_CODE.fullmatch(key) for key in document)
        and all(
            isinstance(children, list) and all(isinstance(child, str) for child in children)
            for children in document.values()
        )
    )


def _children(document: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    number = 0
    for parent in sorted(document):
        for child in document[parent]:
            number += 1
            yield number, (parent, child)


AREA_PARENTS = Layout(
    layout_id="fingertips_area_parents",
    source_id="fingertips_areas",
    title="Fingertips areas by the parent they belong to (JSON, keyed by the parent's code)",
    container="json",
    table="fingertips_area_parents",
    key=("parent_code", "area_code"),
    shape=_is_parent_map,
    rows=_children,
    fields=(
        Field("parent_code", ("the key",), "code", filled=True),
        Field("area_code", ("an item of its list",), "code", filled=True),
    ),
)

LAYOUTS = (AREA_LIST, AREA_PARENTS)

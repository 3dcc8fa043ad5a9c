"""The reference page of the keys of a definition, from the form that definitions are read by."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel

from dagster_project.indicators.form import (
    Checks,
    Indicator,
    Link,
    Measures,
    Sibling,
    Standard,
)

MakesTable = Callable[[tuple[str, ...], list[tuple[str, ...]]], str]
PARTS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("`checks`", Checks),
    ("`measures`", Measures),
    ("Each of `frameworks`", Link),
    ("Each of `siblings`", Sibling),
    ("`standard`", Standard),
)


def page(note: str, table: MakesTable) -> str:
    """What each key means, and which may be left out."""
    text = note + (
        "# Keys of a definition\n\n"
        "Made from `dagster_project/indicators/form.py`. They stand in an indicator's `.yml`,\n"
        "below `config.meta.indicator`: [add an indicator](../how-to/add-an-indicator.md).\n\n"
    )
    text += table(("key", "must be there", "meaning"), _rows(Indicator))
    for name, form in PARTS:
        text += f"\n## {name}\n\n{form.__doc__}\n\n"
        text += table(("key", "must be there", "meaning"), _rows(form))
    return text


def _rows(form: type[BaseModel]) -> list[tuple[str, ...]]:
    return [
        (f"`{name}`", "yes" if field.is_required() else "no", str(field.description))
        for name, field in form.model_fields.items()
    ]

"""How a file sits on a layout: by the names in its header, or by the shape of its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dagster_project.sources.layout import Extract, Kind, Layout, Part


@dataclass(frozen=True)
class HeaderMatch:
    """How a file's header sits on a layout: which position holds which field."""

    layout: Layout
    header: tuple[str, ...]
    positions: dict[str, int]
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        return not (self.missing or self.unexpected or self.repeated)

    @property
    def distance(self) -> int:
        return len(self.missing) + len(self.unexpected) + len(self.repeated)

    @cached_property
    def kinds(self) -> dict[int, Kind]:
        """What the layout declares the column at each position to hold."""
        declared = {item.name: item.kind for item in self.layout.fields}
        return {position: declared[name] for name, position in self.positions.items()}


def match_header(header: tuple[str, ...], layout: Layout, part: Part | None = None) -> HeaderMatch:
    """Each of the file's columns given to the field it names, order-free; what's left over said."""
    fields = {item.name: item for item in layout.fields_of(part)}
    positions: dict[str, int] = {}
    unexpected: list[str] = []
    repeated: list[str] = []
    for position, name in enumerate(header):
        candidates = [item for item in layout.named(name) if item.name in fields]
        free = [item.name for item in candidates if item.name not in positions]
        if free:
            positions[free[0]] = position
        elif candidates:
            repeated.append(name)
        elif not (layout.other_columns and re.fullmatch(layout.other_columns, name)):
            unexpected.append(name)
    missing = tuple(
        item.headers[0] for item in fields.values() if item.required and item.name not in positions
    )
    return HeaderMatch(layout, header, positions, missing, tuple(unexpected), tuple(repeated))


@dataclass(frozen=True)
class OddCell:
    """The first cell that isn't of a layout's shape: its record and column, from 1."""

    record: int
    column: int
    cell: str
    expected: str


def match_cells(
    records: Sequence[Sequence[str]], layout: Layout
) -> tuple[HeaderMatch | None, OddCell | None]:
    """How records without a header sit on a layout; None if they have other columns.

    The layout's fields are in the file's order then, and each cell is of its field's pattern.
    """
    width = len(layout.fields)
    if not records or any(len(record) != width for record in records):
        return None, None
    names = tuple(item.headers[0] for item in layout.fields)
    match = HeaderMatch(layout, names, {item.name: n for n, item in enumerate(layout.fields)})
    for number, record in enumerate(records, start=1):
        for column, (item, cell) in enumerate(zip(layout.fields, record, strict=True), start=1):
            expected = "something in each row" if item.filled and not cell.strip() else None
            if cell.strip() and item.pattern and not re.fullmatch(item.pattern, cell.strip()):
                form = item.form or f"of the form {item.pattern}"
                expected = f"{item.headers[0]}, {form}"
            if expected:
                return match, OddCell(number, column, cell, expected)
    return match, None


@dataclass(frozen=True)
class Sheet:
    """A sheet with rows of a layout: where they begin, and which position holds which field.

    `says` is what its name says of all its rows; `title` what stands above the header.
    """

    name: str
    header_row: int
    match: HeaderMatch
    says: str | None = None
    title: str = ""


@dataclass(frozen=True)
class Recognised:
    """An extract with its layout, and what its period and vintage are and how that is known.

    `match` counts positions as the rows are read: as in the file, or, where a layout has parts, in
    the order of its fields.
    """

    extract: Extract
    match: HeaderMatch
    encoding: str
    sheets: tuple[Sheet, ...] = ()
    period: str | None = None
    period_from: str | None = None
    vintage: str | None = None
    vintage_from: str | None = None
    document: Any = field(default=None, compare=False, repr=False)

    @property
    def layout(self) -> Layout:
        return self.match.layout

    @property
    def layout_version(self) -> str:
        return f"{self.layout.layout_id}/{len(self.match.positions)} columns"

    def sheet(self, name: str | None) -> Sheet | None:
        """The sheet of that name, if it holds rows of the layout."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)

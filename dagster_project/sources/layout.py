"""What a source module declares: the layouts it knows, as data.

A layout says which columns a publisher's file has, what each may hold, what identifies a cell,
and which raw table its rows go to. Recognising and reading are the same code for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

from dagster_project.sources.name_rules import NAME_RULES, NameRule
from dagster_project.sources.period_rules import PeriodRule

Container = Literal["csv", "xlsx", "xls", "json", "parquet"]
Kind = Literal["text", "code", "figure"]


@lru_cache(maxsize=4096)
def normalised(header: str) -> str:
    """A header reduced to its letters and digits, for comparison.

    Publishers and the people who pass their files on change spaces, case and underscores;
    nobody has been seen to change the letters and mean the same column.
    """
    return re.sub(r"[^0-9a-z]+", "", header.casefold())


@dataclass(frozen=True)
class Field:
    """One column: its name with us, the headers it is known by, and what a cell may hold.

    `figure` cells are numbers; `markers` are the publisher's own words for a gap in one.
    `code` and `figure` columns may hold long digits without being taken for NHS numbers.
    `form` says in words what a `pattern` admits that nobody would read.
    `from_sheet` is what the sheet's name says of all its rows; no header names it.
    """

    name: str
    headers: tuple[str, ...]
    kind: Kind = "text"
    required: bool = True
    filled: bool = False
    pattern: str | None = None
    form: str | None = None
    markers: tuple[str, ...] = ()
    header_pattern: str | None = None
    from_sheet: bool = False

    @cached_property
    def known_headers(self) -> frozenset[str]:
        return frozenset(normalised(header) for header in self.headers if not self.from_sheet)


def real_day(between: str = "") -> str:
    """The pattern of days that exist, from 1900 to 2099: 20200229 is one, 20210231 none."""
    long = f"(0[13578]|1[02]){between}(0[1-9]|[12][0-9]|3[01])"
    short = f"(0[469]|11){between}(0[1-9]|[12][0-9]|30)"
    february = f"02{between}(0[1-9]|1[0-9]|2[0-8])"
    leap_years = "(19(0[48]|[2468][048]|[13579][26])|20([02468][048]|[13579][26]))"
    return (
        f"(19|20)[0-9][0-9]{between}({long}|{short}|{february})|{leap_years}{between}02{between}29"
    )


def day_field(name: str, header: str, *, between: str = "", filled: bool = False) -> Field:
    """A column of days that exist, year first: 20200401, or 2020-04-01 with a dash between."""
    form = f"a day that exists, as 2020{between}04{between}01"
    return Field(name, (header,), "code", filled=filled, pattern=real_day(between), form=form)


Rows = Iterator[tuple[int, tuple[Any, ...]]]


@dataclass(frozen=True)
class Table:
    """A header found in a file: the names, the row it stands in (from 1), the sheet if any.

    `title` is the text that stands above it in the sheet, a line a row.
    """

    header: tuple[str, ...]
    header_row: int = 1
    sheet: str | None = None
    title: str = ""


@dataclass(frozen=True)
class Total:
    """A total that a file states beside its parts, for each `by`: SQL over the raw table's rows."""

    says: str
    by: tuple[str, ...]
    total: str
    parts: str


@dataclass(frozen=True)
class Part:
    """A sheet of a layout that is spread over several, and what its name says of its rows.

    `sheet` is a pattern of the name, reduced as headers are. `fields` are those that stand in the
    sheet, where not all of the layout's do.
    """

    says: str
    sheet: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A file layout that was seen in real files, or is declared by its publisher.

    With `parts` it is spread over sheets, of which each must be there once. Without `has_header` a
    file is recognised by the shape of its cells. `notes_below` lets notes stand below the data.
    `is_verified` is False where only a description was at hand and no real file.

    A `projection` is SQL over the file's rows, `incoming_file`; its result is kept in their place:
    `rows_per_row` of each in its order; 0 if that isn't so. `folded` is the reason under which rows
    that it counts together, and doesn't keep, are told.

    A workbook whose sheets belong together, as `is_whole_workbook` tells from their headers, is
    read by `cells`, which takes the opened workbook and the file's name, and tells all mistakes.

    The `totals` are met exactly: an .xls has no checksum that would tell a damaged one.

    Where its rows are records of people (`is_of_people`), a refusal repeats no cell of them and no
    copy of what was refused is kept; a form goes back to its sender, marked.
    """

    layout_id: str
    source_id: str
    title: str
    container: Container
    table: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    values: tuple[str, ...] = ()
    encodings: tuple[str, ...] = ("utf-8",)
    period: PeriodRule | None = None
    vintage_pattern: str | None = None
    contradictions: Literal["refuse", "drop"] = "refuse"
    shape: Callable[[Any], bool] | None = None
    rows: Callable[[Any], Rows] | None = None
    other_columns: str | None = None
    table_fields: tuple[Field, ...] | None = None
    projection: str | None = None
    rows_per_row: int = 1
    folded: str | None = None
    is_verified: bool = True
    is_of_people: bool = False
    max_rows: int = 60_000_000
    parts: tuple[Part, ...] = ()
    has_header: bool = True
    notes_below: bool = False
    totals: tuple[Total, ...] = ()
    is_whole_workbook: Callable[[Sequence[Table]], bool] | None = None
    cells: Callable[[Any, str], Iterator[tuple[Any, ...]]] | None = None

    @cached_property
    def fields_by_header(self) -> dict[str, tuple[Field, ...]]:
        """The fields that each known header names, the header reduced as for comparison."""
        found: dict[str, tuple[Field, ...]] = {}
        for item in self.fields:
            for header in sorted(item.known_headers):
                found[header] = (*found.get(header, ()), item)
        return found

    def named(self, header: str) -> tuple[Field, ...]:
        """The fields that `header` may name, those that know it before those that guess it."""
        plain = normalised(header)
        known = self.fields_by_header.get(plain, ())
        return known + tuple(
            item
            for item in self.fields
            if item not in known
            and item.header_pattern
            and re.fullmatch(item.header_pattern, plain)
        )

    def part(self, sheet: str | None) -> Part | None:
        """The part that a sheet of that name is; None for a sheet that is none."""
        name = normalised(sheet or "")
        return next((part for part in self.parts if re.fullmatch(part.sheet, name)), None)

    def fields_of(self, part: Part | None) -> tuple[Field, ...]:
        """The fields that have a column of their own in that part, or in the file."""
        return tuple(
            item
            for item in self.fields
            if not item.from_sheet and (part is None or not part.fields or item.name in part.fields)
        )

    @property
    def name_rule(self) -> NameRule | None:
        """What the name of such a file must state; None where its content states all."""
        return NAME_RULES.get(self.layout_id)

    @property
    def columns(self) -> tuple[Field, ...]:
        """The columns of the raw table: the file's own, unless a projection makes others."""
        return self.table_fields or self.fields


@dataclass(frozen=True)
class Extract:
    """A file, or a member of a zip, as it stands in an inbox."""

    path: Path
    relative_path: str
    bytes: int
    sha256: str

    @property
    def name(self) -> str:
        return self.relative_path.replace("!", "/").rsplit("/", 1)[-1]

    @property
    def folder(self) -> str:
        parts = self.relative_path.replace("!", "/").rsplit("/", 2)
        return parts[-2] if len(parts) > 1 else ""

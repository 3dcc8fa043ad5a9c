"""What a first look at a file shows: what container it is, and each header found in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dagster_project.errors import RefusedError
from dagster_project.sources.layout import Extract, Table

__all__ = ["Peek", "Table", "refused"]


@dataclass(frozen=True)
class Peek:
    """What a first look shows. `tables` holds each header found.

    `document` is what had to be read whole for it: a JSON document, the contents of a workbook.
    """

    container: str
    encoding: str = "utf-8"
    tables: tuple[Table, ...] = ()
    document: Any = field(default=None, repr=False)
    delimiter: str = ","


def refused(extract: Extract, problem: str, **parts: str | None) -> RefusedError:
    """The refusal of an extract, said by its path."""
    return RefusedError(problem, file=extract.relative_path, **parts)

"""Looking for NHS numbers in a whole file: where no layout claims it, and where one reads a part.

The bytes are searched first, as they stand. Only where that finds something is the file taken
apart, to say in which column and to weigh what a layout declares the column to hold.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from dagster_project.errors import RefusedError
from dagster_project.landing import cells, isolated, limits, nhs_numbers
from dagster_project.landing.peek import OLE_MAGIC, PARQUET_MAGIC
from dagster_project.landing.unpacking import (
    CHUNK,
    ZIP_ERRORS,
    ZIP_STARTS,
    is_office_file,
    is_zip,
    unpacked,
)
from dagster_project.sources.layout import Extract
from dagster_project.sources.matching import Recognised

# What stands in these can be told from their bytes only by the programs that wrote them.
PACKED = ("parquet", "ole")
# Rich text puts each run of one cell in a tag of its own.
BETWEEN_RUNS = re.compile(rb"</t></r><r>(?:<rPr>.*?</rPr>)?<t[^>]*>", re.DOTALL)


class CannotSearch(Exception):
    """Nothing here can tell whether NHS numbers stand in the file: it is encrypted or damaged."""


def nhs_number_refusal(extract: Extract, found: Recognised | None = None) -> RefusedError | None:
    """The refusal for NHS numbers in `extract`, whatever it is; None where there are none.

    One is enough, save in the columns that the layout of `found` declares to hold codes or
    figures. CannotSearch if nobody can tell.
    """
    container = _container(extract.path)
    columns: cells.Columns | None = {}
    if container in PACKED:
        columns = cells.by_column(extract, container, found)
        parts = list(_in_what_does_not_open(extract.path, container)) if columns is None else []
    else:
        parts = [(name, numbers) for name, numbers in _in_parts(extract.path) if numbers]
        if parts and container != "zip":
            columns = cells.by_column(extract, container, found)
    place, how_many = _most(columns or {})
    if how_many:
        return nhs_numbers.refusal(extract.relative_path, how_many, place)
    return _elsewhere(extract, parts, columns or {})


def _in_what_does_not_open(path: Path, container: str) -> Iterator[tuple[str, Counter[str]]]:
    """What is found all the same; CannotSearch where finding nothing would mean nothing."""
    if container == "ole":
        numbers = isolated.numbers_in_streams(path)
        if numbers is None:
            raise CannotSearch
        yield "", numbers
        return
    numbers = nhs_numbers.find_in_bytes(_chunks(path))
    if not numbers:
        # Parquet is compressed: what can't be opened can't be searched either.
        raise CannotSearch
    yield "", numbers


def _elsewhere(
    extract: Extract, parts: list[tuple[str, Counter[str]]], columns: cells.Columns
) -> RefusedError | None:
    """The refusal for what no cell holds: a comment in a workbook, text, a member of a zip."""
    known = {
        number
        for tally in columns.values()
        for cell in tally.cells
        for number in nhs_numbers.find_in(cell)
    }
    for part, numbers in parts:
        how_many = sum(times for number, times in numbers.items() if number not in known)
        if how_many:
            place = f"part {part!r}" if part else None
            return nhs_numbers.refusal(extract.relative_path, how_many, place)
    return None


def _most(columns: cells.Columns) -> tuple[str | None, int]:
    told = {
        where: nhs_numbers.too_many(tally.kind, tally.cells.items(), tally.filled)
        for where, tally in columns.items()
    }
    worst = max(told, key=lambda where: told[where], default=None)
    return worst, 0 if worst is None else told[worst]


def _container(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(limits.MAX_HEADER_BYTES)
    if start.startswith(PARQUET_MAGIC):
        return "parquet"
    if start.startswith(OLE_MAGIC):
        return "ole"
    if is_zip(path):
        return "office" if is_office_file(path) else "zip"
    return "json" if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else "text"


def _in_parts(path: Path) -> Iterator[tuple[str, Counter[str]]]:
    if is_zip(path):
        with path.open("rb") as stream:
            yield from _in_zip(stream, limits.MAX_SEARCHED_BYTES, depth=1)
    else:
        yield "", nhs_numbers.find_in_bytes(_chunks(path))


def _in_zip(stream: BinaryIO, most: int, depth: int) -> Iterator[tuple[str, Counter[str]]]:
    """The numbers in each member, up to `most` bytes in all; zips in it are opened too."""
    try:
        archive = zipfile.ZipFile(stream)
    except ZIP_ERRORS:
        # Its directory can't be read: then nothing in it can.
        return
    with archive:
        for info in archive.infolist():
            chunks = _sound(unpacked(archive, info, info.filename), most)
            most -= info.file_size
            if info.file_size > limits.MAX_PART_AT_ONCE:
                yield info.filename, nhs_numbers.find_in_bytes(chunks)
                continue
            content = b"".join(chunks)
            if content.startswith(ZIP_STARTS) and depth < limits.MAX_SEARCH_DEPTH:
                for name, numbers in _in_zip(BytesIO(content), most, depth + 1):
                    yield f"{info.filename}!{name}", numbers
            else:
                yield info.filename, nhs_numbers.find_in_bytes([_without_runs(content)])


def _without_runs(content: bytes) -> bytes:
    """XML with the runs of rich text put together, so that a number in two fonts is one."""
    return BETWEEN_RUNS.sub(b"", content) if b"</r><r>" in content else content


def _sound(chunks: Iterator[bytes], most: int) -> Iterator[bytes]:
    """What can be had of a member before it is damaged or locked; the zip is refused for that."""
    try:
        yield from islice(chunks, max(most, 0) // CHUNK)
    except RefusedError:
        return


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk

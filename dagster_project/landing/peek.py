"""A first look at a file: what container it is, and its header, without reading it whole."""

from __future__ import annotations

import codecs
import csv
import io
import json
import mmap
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from dagster_project.errors import RefusedError
from dagster_project.landing import limits, nhs_numbers, workbooks
from dagster_project.landing.sql import in_memory, quoted_path, said
from dagster_project.landing.unpacking import CHUNK, ZIP_STARTS, is_office_file, is_zip
from dagster_project.sources.layout import Extract

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
PARQUET_MAGIC = b"PAR1"
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# The names of streams in an OLE file: a locked workbook, and a workbook of Excel 97-2003.
LOCKED = "EncryptedPackage".encode("utf-16-le")
OLD_WORKBOOK = "Workbook".encode("utf-16-le")
HEADER_ROWS = 20
OTHER_DELIMITERS = {";": "semicolon", "\t": "tab", "|": "pipe"}


@dataclass(frozen=True)
class Table:
    """A header found in a file: the names, the row it stands in (from 1), the sheet if any."""

    header: tuple[str, ...]
    header_row: int = 1
    sheet: str | None = None


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


def peek(extract: Extract) -> Peek:
    """What kind of file `extract` is; RefusedError if it is none that can be read."""
    with extract.path.open("rb") as stream:
        start = stream.read(limits.MAX_HEADER_BYTES)
    if not start.removeprefix(codecs.BOM_UTF8).strip():
        raise _refused(
            extract,
            "the file is empty",
            got=f"{extract.bytes:,} bytes, and nothing but spaces" if start else "0 bytes",
            expected="a header and rows of data",
            fix="fetch it again from the publisher",
        )
    if start.startswith(OLE_MAGIC):
        raise _refuse_ole(extract)
    if start.startswith(PARQUET_MAGIC):
        return _peek_parquet(extract)
    if start.startswith(ZIP_STARTS):
        return _peek_zip(extract)
    return _peek_text(extract, start)


def _refused(extract: Extract, problem: str, **parts: str | None) -> RefusedError:
    return RefusedError(problem, file=extract.relative_path, **parts)


def _refuse_ole(extract: Extract) -> RefusedError:
    with (
        extract.path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        is_locked = content.find(LOCKED) >= 0 and content.find(OLD_WORKBOOK) < 0
    if is_locked:
        return _refused(
            extract,
            "the workbook is protected by a password",
            got="an encrypted package",
            expected="a workbook that opens without one",
            fix="save it without a password and put it in the inbox again",
        )
    return _refused(
        extract,
        "an Excel 97-2003 workbook (.xls): no source here has one",
        expected="an .xlsx workbook or a CSV file",
        fix="save it as .xlsx, or add a layout for it",
    )


def _peek_parquet(extract: Extract) -> Peek:
    import duckdb

    try:
        with in_memory() as connection:
            described = connection.execute(
                f"describe select * from read_parquet({quoted_path(extract.path)})"
            )
            names = tuple(row[0] for row in described.fetchall())
    except duckdb.Error as problem:
        raise _refused(
            extract,
            "the Parquet file is damaged",
            got=said(problem, extract.path, extract.name),
            fix="fetch it again from the publisher",
        ) from problem
    return Peek("parquet", tables=(Table(names),))


def _peek_zip(extract: Extract) -> Peek:
    if not is_zip(extract.path):
        raise _refused(
            extract,
            "the zip or workbook is damaged",
            got="a beginning without the directory that stands at a zip's end",
            expected="a whole file",
            fix="fetch it again from the publisher: it may have been cut short",
        )
    if not is_office_file(extract.path):
        raise _refused(
            extract,
            "a zip inside a zip",
            expected="extracts, or one zip of them",
            fix="unpack it and put the files in the inbox",
        )
    sheets = workbooks.open_document_sheets(extract)
    if sheets is not None:
        return Peek("ods", tables=(Table(sheets),))
    return _peek_workbook(extract)


def _peek_workbook(extract: Extract) -> Peek:
    if extract.bytes > limits.MAX_WORKBOOK_BYTES:
        raise _refused(
            extract,
            "the workbook is too large",
            got=f"{extract.bytes:,} bytes",
            expected=f"at most {limits.MAX_WORKBOOK_BYTES:,}",
            fix="save the data sheet as CSV",
        )
    contents = workbooks.look(extract)
    plain = workbooks.plain_sheets(extract) if contents.is_plain else None
    if plain is not None:
        first = [(name, islice(rows, HEADER_ROWS)) for name, rows in plain.items()]
        return Peek("xlsx", tables=_headers(first), document=replace(contents, sheets=plain))
    sheets = workbooks.faithful_sheets(extract, HEADER_ROWS)
    return Peek("xlsx", tables=_headers(sheets), document=contents)


def _headers(sheets: Iterable[tuple[str, Iterable[workbooks.Row]]]) -> tuple[Table, ...]:
    """Each row near the top of a sheet that may be a header: two names or more."""
    found = []
    for sheet, rows in sheets:
        for number, row in enumerate(rows, start=1):
            names = tuple("" if cell is None else str(cell).strip() for cell in row)
            if sum(bool(name) for name in names) > 1:
                found.append(Table(_without_tail(names)[: limits.MAX_COLUMNS], number, sheet))
    return tuple(found)


def _without_tail(names: tuple[str, ...]) -> tuple[str, ...]:
    while names and not names[-1]:
        names = names[:-1]
    return names


def _peek_text(extract: Extract, start: bytes) -> Peek:
    nul = None if start.startswith(UTF16_MARKS) else _first_nul(extract.path)
    if start.startswith(UTF16_MARKS) or nul is not None:
        raise _refused(
            extract,
            "the file isn't text in an encoding that publishers use",
            place=None if nul is None else f"byte {nul:,}",
            got="UTF-16" if nul is None else "a zero byte: UTF-16, or binary data",
            expected="UTF-8 (or Windows-1252 where the layout says so)",
            fix="save it as CSV UTF-8",
        )
    encoding = _encoding(start)
    text = start.decode(encoding, errors="replace").lstrip("\ufeff")
    stripped = text.lstrip()
    if stripped[:1] in "{[":
        return _peek_json(extract, encoding)
    if stripped[:1] == "<":
        raise _refused(
            extract,
            "a web page or XML, not a data file",
            got=" ".join(stripped[:60].split()),
            expected="a CSV file that begins with its header",
            fix="the download went wrong (often a log-in or error page): fetch it again",
        )
    header = _first_record(extract, text)
    return Peek("csv", encoding, (Table(header),), delimiter=_delimiter(header))


def _first_nul(path: Path) -> int | None:
    before = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            if (position := chunk.find(b"\0")) >= 0:
                return before + position + 1
            before += len(chunk)
    return None


def _encoding(start: bytes) -> str:
    """UTF-8 if the start of the file is; the last bytes may be a character cut in two."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(start)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _first_record(extract: Extract, text: str) -> tuple[str, ...]:
    try:
        record = next(csv.reader(io.StringIO(text, newline=""), strict=True), [])
    except csv.Error as problem:
        raise _refused(
            extract,
            "the header can't be read",
            place="line 1",
            got=str(problem),
            expected="names separated by commas",
            fix="check that the file is a CSV file",
        ) from problem
    if len(record) > limits.MAX_COLUMNS:
        raise _refused(
            extract,
            "too many columns",
            place="line 1",
            got=f"{len(record):,}",
            expected=f"at most {limits.MAX_COLUMNS:,}",
            fix="check that the file is what it says it is",
        )
    return tuple(name.strip() for name in record)


def _delimiter(header: tuple[str, ...]) -> str:
    if len(header) == 1:
        for delimiter in OTHER_DELIMITERS:
            if header[0].count(delimiter) > 1:
                return delimiter
    return ","


def _peek_json(extract: Extract, encoding: str) -> Peek:
    if extract.bytes > limits.MAX_JSON_BYTES:
        raise _refused(
            extract,
            "the JSON file is too large",
            got=f"{extract.bytes:,} bytes",
            expected=f"at most {limits.MAX_JSON_BYTES:,}",
            fix="split it",
        )
    return Peek("json", encoding, document=load_json(extract.path, extract.relative_path))


def load_json(path: Path, relative_path: str) -> Any:
    """The document in a JSON file; RefusedError that says where it stops being JSON."""
    try:
        return json.loads(
            path.read_text(encoding="utf-8-sig"),
            object_pairs_hook=_each_key_once,
            parse_constant=_no_number,
        )
    # Damaged, not UTF-8, nested too deep, or with a number of thousands of digits.
    except (ValueError, RecursionError) as problem:
        raise RefusedError(
            "the JSON file is damaged",
            file=relative_path,
            got=str(problem)[:200],
            expected="one whole JSON document in UTF-8",
            fix="fetch it again from the publisher",
        ) from problem


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {nhs_numbers.masked(twice)!r} stands twice in one object")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} stands where a number should")

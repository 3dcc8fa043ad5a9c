"""A first look at a file: what container it is, and its header, without reading it whole."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from dagster_project.errors import RefusedError
from dagster_project.landing import limits, nhs_numbers, peek_workbooks
from dagster_project.landing.peeked import Peek, Table, refused
from dagster_project.landing.sql import in_memory, quoted_path, said
from dagster_project.landing.unpacking import CHUNK, ZIP_STARTS
from dagster_project.sources.layout import Extract

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
PARQUET_MAGIC = b"PAR1"
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
OTHER_DELIMITERS = {";": "semicolon", "\t": "tab", "|": "pipe"}
# How many records show the shape of a file without a header.
SHAPE_RECORDS = 200


def peek(extract: Extract) -> Peek:
    """What kind of file `extract` is; RefusedError if it is none that can be read."""
    with extract.path.open("rb") as stream:
        start = stream.read(limits.MAX_HEADER_BYTES)
    if not start.removeprefix(codecs.BOM_UTF8).strip():
        raise refused(
            extract,
            "the file is empty",
            got=f"{extract.bytes:,} bytes, and nothing but spaces" if start else "0 bytes",
            expected="a header and rows of data",
            fix="fetch it again from the publisher",
        )
    if start.startswith(OLE_MAGIC):
        return peek_workbooks.old(extract)
    if start.startswith(PARQUET_MAGIC):
        return _peek_parquet(extract)
    if start.startswith(ZIP_STARTS):
        return peek_workbooks.office(extract)
    return _peek_text(extract, start)


def _peek_parquet(extract: Extract) -> Peek:
    import duckdb

    try:
        with in_memory() as connection:
            described = connection.execute(
                f"describe select * from read_parquet({quoted_path(extract.path)})"
            )
            names = tuple(row[0] for row in described.fetchall())
    except duckdb.Error as problem:
        raise refused(
            extract,
            "the Parquet file is damaged",
            got=said(problem, extract.path, extract.name),
            fix="fetch it again from the publisher",
        ) from problem
    return Peek("parquet", tables=(Table(names),))


def _peek_text(extract: Extract, start: bytes) -> Peek:
    nul = None if start.startswith(UTF16_MARKS) else _first_nul(extract.path)
    if start.startswith(UTF16_MARKS) or nul is not None:
        raise refused(
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
        raise refused(
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
        raise refused(
            extract,
            "the header can't be read",
            place="line 1",
            got=str(problem),
            expected="names separated by commas",
            fix="check that the file is a CSV file",
        ) from problem
    if len(record) > limits.MAX_COLUMNS:
        raise refused(
            extract,
            "too many columns",
            place="line 1",
            got=f"{len(record):,}",
            expected=f"at most {limits.MAX_COLUMNS:,}",
            fix="check that the file is what it says it is",
        )
    return tuple(name.strip() for name in record)


def first_lines(extract: Extract, encoding: str, most: int) -> Iterator[tuple[int, list[str]]]:
    """The first records of a CSV file that aren't empty, each with the line that it begins in.

    None from where a quote is never closed on: nothing there is a record.
    """
    with extract.path.open("rb") as stream:
        start = stream.read(limits.MAX_HEADER_BYTES)
    text = start.decode(encoding, errors="replace").lstrip("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""))
    begins = 1
    with suppress(csv.Error):
        for record in itertools.islice(reader, most):
            if any(cell.strip() for cell in record):
                yield begins, [cell.strip() for cell in record]
            begins = reader.line_num + 1


def first_records(extract: Extract, encoding: str) -> list[list[str]]:
    """The first whole records of a CSV file, as many as show its shape."""
    with extract.path.open("rb") as stream:
        start = stream.read(limits.MAX_HEADER_BYTES)
    # What may be cut in two isn't looked at: the last line, and a character at its end.
    whole = start if len(start) == extract.bytes else start[: start.rfind(b"\n") + 1]
    text = whole.decode(encoding, errors="replace").lstrip("\ufeff")
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            records += [record] if record else []
            if len(records) == SHAPE_RECORDS:
                break
    except csv.Error:
        # Broken from here on: reading it says where, if the records above have a known shape.
        return records
    return records


def _delimiter(header: tuple[str, ...]) -> str:
    if len(header) == 1:
        for delimiter in OTHER_DELIMITERS:
            if header[0].count(delimiter) > 1:
                return delimiter
    return ","


def _peek_json(extract: Extract, encoding: str) -> Peek:
    if extract.bytes > limits.MAX_JSON_BYTES:
        raise refused(
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

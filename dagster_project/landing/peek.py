"""A first look at a file: what container it is, and its header, without reading it whole."""

from __future__ import annotations

import codecs
import csv
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dagster_project.errors import RefusedError
from dagster_project.landing import limits
from dagster_project.sources.layout import Extract

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
PARQUET_MAGIC = b"PAR1"
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
OTHER_DELIMITERS = {";": "semicolon", "\t": "tab", "|": "pipe"}


@dataclass(frozen=True)
class Table:
    """A header found in a file: the names, the row it stands in (from 1), the sheet if any."""

    header: tuple[str, ...]
    header_row: int = 1
    sheet: str | None = None


@dataclass(frozen=True)
class Peek:
    """What a first look shows. `tables` holds each header found; a JSON file is read whole."""

    container: str
    encoding: str = "utf-8"
    tables: tuple[Table, ...] = ()
    document: Any = field(default=None, repr=False)
    delimiter: str = ","


def peek(extract: Extract) -> Peek:
    """What kind of file `extract` is; RefusedError if it is none that can be read."""
    with extract.path.open("rb") as stream:
        start = stream.read(limits.MAX_HEADER_BYTES)
    if not start.strip():
        raise _refused(extract, "the file is empty", fix="fetch it again from the publisher")
    if start.startswith(OLE_MAGIC):
        raise _refuse_ole(extract, start)
    if start.startswith(PARQUET_MAGIC):
        return _peek_parquet(extract)
    if start.startswith(b"PK"):
        return _peek_workbook(extract)
    return _peek_text(extract, start)


def _refused(extract: Extract, problem: str, **parts: str) -> RefusedError:
    return RefusedError(problem, file=extract.relative_path, **parts)


def _refuse_ole(extract: Extract, start: bytes) -> RefusedError:
    if "EncryptedPackage".encode("utf-16-le") in start or extract.name.endswith(".xlsx"):
        return _refused(
            extract,
            "the workbook is protected by a password",
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
        with duckdb.connect() as connection:
            rows = connection.execute(
                "select column_name from (describe select * from read_parquet(?))",
                [str(extract.path)],
            ).fetchall()
    except duckdb.Error as problem:
        raise _refused(
            extract,
            "the Parquet file is damaged",
            got=str(problem).splitlines()[0],
            fix="fetch it again from the publisher",
        ) from problem
    return Peek("parquet", tables=(Table(tuple(name for (name,) in rows)),))


def _peek_workbook(extract: Extract) -> Peek:
    if extract.bytes > limits.MAX_WORKBOOK_BYTES:
        raise _refused(
            extract,
            "the workbook is too large",
            got=f"{extract.bytes:,} bytes",
            expected=f"at most {limits.MAX_WORKBOOK_BYTES:,}",
            fix="save the data sheet as CSV",
        )
    try:
        with zipfile.ZipFile(extract.path) as archive:
            unzipped = sum(info.file_size for info in archive.infolist())
            is_open_document = "mimetype" in archive.namelist()
    except zipfile.BadZipFile as problem:
        raise _corrupt(extract, str(problem)) from problem
    if unzipped > limits.MAX_WORKBOOK_UNZIPPED_BYTES:
        raise _refused(
            extract,
            "the workbook would unpack to more than is allowed",
            got=f"{unzipped:,} bytes",
            expected=f"at most {limits.MAX_WORKBOOK_UNZIPPED_BYTES:,}",
            fix="save the data sheet as CSV",
        )
    if is_open_document:
        raise _refused(
            extract,
            "an OpenDocument file (.ods): no source here has one",
            expected="an .xlsx workbook or a CSV file",
            fix="save it as .xlsx, or add a layout for it",
        )
    return Peek("xlsx", tables=_sheets(extract))


def _corrupt(extract: Extract, got: str) -> RefusedError:
    return _refused(
        extract,
        "the workbook is damaged",
        got=got,
        expected="an .xlsx workbook that opens",
        fix="fetch it again from the publisher, or open it in Excel and save it anew",
    )


def _sheets(extract: Extract) -> tuple[Table, ...]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(extract.path, read_only=True, data_only=True)
    # openpyxl lets through whatever its parsers raise: KeyError, ValueError, ParseError and more.
    except Exception as problem:
        raise _corrupt(extract, f"{type(problem).__name__}: {problem}") from problem
    try:
        found = []
        for sheet in book.worksheets:
            for number, row in enumerate(sheet.iter_rows(max_row=20, values_only=True), start=1):
                names = tuple("" if cell is None else str(cell).strip() for cell in row)
                if sum(bool(name) for name in names) > 1:
                    found.append(Table(_without_tail(names), number, sheet.title))
        return tuple(found)
    except Exception as problem:
        raise _corrupt(extract, f"{type(problem).__name__}: {problem}") from problem
    finally:
        book.close()


def _without_tail(names: tuple[str, ...]) -> tuple[str, ...]:
    while names and not names[-1]:
        names = names[:-1]
    return names


def _peek_text(extract: Extract, start: bytes) -> Peek:
    if start.startswith(UTF16_MARKS) or b"\x00" in start[:4096]:
        raise _refused(
            extract,
            "the file isn't text in an encoding that publishers use",
            got="UTF-16, or binary data",
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
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise RefusedError(
            "the JSON file is damaged",
            file=relative_path,
            got=str(problem)[:200],
            expected="one whole JSON document in UTF-8",
            fix="fetch it again from the publisher",
        ) from problem

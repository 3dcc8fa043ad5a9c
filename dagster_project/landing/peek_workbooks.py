"""A first look at workbooks: which rows near the top of their sheets may be headers."""

from __future__ import annotations

import mmap
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from dagster_project.errors import RefusedError
from dagster_project.landing import isolated, limits, workbooks
from dagster_project.landing.peeked import Peek, Table, refused
from dagster_project.landing.unpacking import is_office_file, is_zip
from dagster_project.sources.layout import Extract

# As the directory of an OLE file has the names of its streams.
LOCKED = isolated.ENCRYPTED.encode("utf-16-le")
OLD_WORKBOOK = "Workbook".encode("utf-16-le")
HEADER_ROWS = 20


def office(extract: Extract) -> Peek:
    """What a zip that is one document holds; RefusedError if it is no workbook."""
    if not is_zip(extract.path):
        raise refused(
            extract,
            "the zip or workbook breaks off before its end",
            got=f"{extract.bytes:,} bytes, without the list of contents that stands last in a zip",
            expected="a whole file",
            fix="fetch it again from the publisher: it was cut short, often by a broken download",
        )
    if not is_office_file(extract.path):
        raise refused(
            extract,
            "a zip inside a zip",
            expected="extracts, or one zip of them",
            fix="unpack it and put the files in the inbox",
        )
    sheets_of_ods = workbooks.open_document_sheets(extract)
    if sheets_of_ods is not None:
        return Peek("ods", tables=(Table(sheets_of_ods),))
    _check_size(extract)
    contents = workbooks.look(extract)
    plain = workbooks.plain_sheets(extract) if contents.is_plain else None
    if plain is not None:
        contents = replace(contents, sheets=plain)
        return Peek("xlsx", tables=_headers(plain.items()), document=contents)
    sheets = workbooks.faithful_sheets(extract, HEADER_ROWS)
    return Peek("xlsx", tables=_headers(sheets), document=contents)


def old(extract: Extract) -> Peek:
    """What an OLE file holds; RefusedError if it is no workbook, is locked or can't be read."""
    _check_size(extract)
    if _is_locked(extract):
        raise _locked(extract, "an encrypted package")
    read = isolated.read(extract.path)
    if read.problem is not None:
        raise _unreadable(extract, read)
    contents = workbooks.Contents(
        is_plain=True,
        has_formulas=False,
        sheets=read.sheets,
        unworked=read.unworked,
        outside=read.outside,
    )
    return Peek("xls", tables=_headers(read.sheets.items()), document=contents)


def _check_size(extract: Extract) -> None:
    if extract.bytes > limits.MAX_WORKBOOK_BYTES:
        raise refused(
            extract,
            "the workbook is too large",
            got=f"{extract.bytes:,} bytes",
            expected=f"at most {limits.MAX_WORKBOOK_BYTES:,}",
            fix="save the data sheet as CSV",
        )


def _is_locked(extract: Extract) -> bool:
    with (
        extract.path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        return content.find(LOCKED) >= 0 and content.find(OLD_WORKBOOK) < 0


def _locked(extract: Extract, got: str) -> RefusedError:
    return refused(
        extract,
        "the workbook is protected by a password",
        got=got,
        expected="a workbook that opens without one",
        fix="save it without a password and put it in the inbox again",
    )


def _unreadable(extract: Extract, read: isolated.Read) -> RefusedError:
    if read.problem == isolated.LOCKED:
        return _locked(extract, "an encrypted workbook of Excel 97-2003")
    if read.problem == isolated.NO_WORKBOOK:
        return refused(
            extract,
            "an Office 97-2003 file of another kind: no source here has one",
            expected="a workbook or a CSV file",
            fix="save it as .xlsx, or add a layout for it",
        )
    if read.problem == isolated.TOO_LARGE:
        return refused(
            extract,
            "the workbook is too large",
            got=read.said,
            expected=f"at most {limits.MAX_CELLS_AT_ONCE:,} cells in all its sheets, and"
            f" {limits.MAX_OLD_WORKBOOK_TEXT:,} characters in them",
            fix="save the data sheet as CSV",
        )
    return refused(
        extract,
        "the workbook is damaged",
        got=read.said[:200],
        expected="an Excel 97-2003 workbook (.xls) that opens",
        fix="fetch it again from the publisher, or open it in Excel and save it as .xlsx",
    )


def _headers(sheets: Iterable[tuple[str, Iterable[workbooks.Row]]]) -> tuple[Table, ...]:
    """Each row near the top of a sheet that may be a header: two names or more."""
    found = []
    for sheet, rows in sheets:
        above: list[str] = []
        for number, row in enumerate(islice(rows, HEADER_ROWS), start=1):
            names = tuple(workbooks.cell_text(cell).strip() for cell in row)
            if sum(bool(name) for name in names) > 1:
                header = _without_tail(names)[: limits.MAX_COLUMNS]
                found.append(Table(header, number, sheet, "\n".join(above)))
            above.append(" ".join(filter(None, names)))
    return tuple(found)


def _without_tail(names: tuple[str, ...]) -> tuple[str, ...]:
    while names and not names[-1]:
        names = names[:-1]
    return names

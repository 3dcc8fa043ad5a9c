"""One file of `seeds/` read: its rows as text, or what keeps it from being read."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from types import MappingProxyType

from dagster_project.registry.forms import FIRST_ROW, Finding, Row, Table


def contents_of(folder: Path) -> dict[str, bytes]:
    """The bytes of each file of the folder."""
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


def rows_of(content: bytes) -> tuple[Row, ...]:
    """The rows of a file that is known to be sound."""
    lines = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
    header = next(lines)
    return tuple(MappingProxyType(dict(zip(header, cells, strict=True))) for cells in lines)


def read_table(content: bytes | None, table: Table) -> tuple[tuple[Row, ...], list[Finding]]:
    """The rows of one file; none of them where it is missing, or its header or form is wrong."""
    text, fault = _text(content, table.file)
    if fault:
        return (), [fault]
    lines = list(csv.reader(io.StringIO(text, newline="")))
    header = lines[0] if lines else []
    if header != table.header:
        return (), [
            Finding(
                table.file,
                1,
                next((name for name in table.header if name not in header), ""),
                "the header is wrong",
                ",".join(header) or "nothing",
                ",".join(table.header),
                "give the file exactly these columns, in this order",
            )
        ]
    rows, findings = [], []
    for number, cells in enumerate(lines[1:], start=FIRST_ROW):
        if len(cells) != len(header):
            findings.append(_ragged(table.file, number, len(cells), len(header)))
            cells = [*cells, *[""] * len(header)][: len(header)]
        rows.append(MappingProxyType(dict(zip(header, cells, strict=True))))
    return tuple(rows), findings


def _text(content: bytes | None, file: str) -> tuple[str, Finding | None]:
    def fault(problem: str, got: str, expected: str, fix: str) -> tuple[str, Finding]:
        return "", Finding(file, 1, "", problem, got, expected, fix)

    if content is None:
        return fault("the file is missing", "no file", "a CSV file", "restore it")
    save = "save the file as CSV, UTF-8, with Unix line ends"
    if content.startswith(b"\xef\xbb\xbf"):
        return fault("starts with a byte order mark", "a mark", "plain UTF-8", save)
    if b"\r" in content:
        return fault("has Windows line ends", "CRLF", "LF", save)
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError as error:
        return fault("isn't UTF-8", f"byte {error.start} is another encoding", "UTF-8", save)


def _ragged(file: str, number: int, got: int, expected: int) -> Finding:
    return Finding(
        file,
        number,
        "",
        "has the wrong number of cells",
        str(got),
        str(expected),
        "put cells that hold a comma in quotation marks",
    )

"""Damage to the file: columns, delimiter, encoding, a missing end, something else in its place."""

from __future__ import annotations

import csv
import io

from tests.corruption.clean import AREA_NAME, COLUMNS, COUNT, DENOMINATOR, NOTE, VALUE, Row
from tests.corruption.damage import Extract, kind


def text(rows: list[Row], columns: tuple[str, ...] = COLUMNS, delimiter: str = ",") -> str:
    """The rows as CSV, with these columns of theirs."""
    stream = io.StringIO()
    writer = csv.DictWriter(
        stream, columns, delimiter=delimiter, lineterminator="\n", extrasaction="ignore"
    )
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


@kind("decimal commas")
def decimal_commas(extract: Extract) -> None:
    for row in extract.newest():
        row[VALUE] = row[VALUE].replace(".", ",")


@kind("commas between thousands of counts")
def thousands_separators(extract: Extract) -> None:
    for row in extract.newest():
        row[COUNT] = f"{int(row[COUNT]):,}"


@kind("a footnote's mark glued to a number")
def footnote_glued_on(extract: Extract) -> None:
    row = extract.one()
    row[VALUE] = f"{row[VALUE]}*"


@kind("a footnote's figure glued to a number")
def footnote_figure_glued_on(extract: Extract) -> None:
    row = extract.one()
    row[VALUE] = f"{row[VALUE]} 2"


@kind("the headers of count and denominator exchanged")
def headers_exchanged(extract: Extract) -> bytes:
    renamed = text(extract.rows)
    head, rest = renamed.split("\n", 1)
    return f"{head.replace(f'{COUNT},{DENOMINATOR}', f'{DENOMINATOR},{COUNT}')}\n{rest}".encode()


@kind("columns in another order", harmless=True)
def columns_in_another_order(extract: Extract) -> bytes:
    return text(extract.rows, tuple(reversed(COLUMNS))).encode()


@kind("a column renamed")
def column_renamed(extract: Extract) -> bytes:
    return text(extract.rows).replace(f",{VALUE},", ",Figure,", 1).encode()


@kind("the column of limits missing")
def column_missing(extract: Extract) -> bytes:
    kept = tuple(name for name in COLUMNS if "Upper CI 95" not in name)
    return text(extract.rows, kept).encode()


@kind("a semicolon between cells")
def another_delimiter(extract: Extract) -> bytes:
    return text(extract.rows, delimiter=";").encode()


@kind("UTF-16, as a spreadsheet saves it")
def another_encoding(extract: Extract) -> bytes:
    return text(extract.rows).encode("utf-16")


@kind("cut off in the middle of a row")
def truncated(extract: Extract) -> bytes:
    content = text(extract.rows).encode()
    return content[: len(content) * 2 // 3]


@kind("an empty file")
def empty(extract: Extract) -> bytes:
    return b""


@kind("a header and nothing below it")
def header_alone(extract: Extract) -> bytes:
    return text([]).encode()


@kind("a web page that says the service is down, saved as CSV")
def web_page(extract: Extract) -> bytes:
    return b"<!DOCTYPE html><html><body>Service unavailable</body></html>\n"


@kind("a patient's NHS number in a note")
def nhs_number(extract: Extract) -> None:
    extract.one()[NOTE] = "9434765919"


@kind("a formula in the name of an area", harmless=True)
def formula(extract: Extract) -> None:
    extract.one()[AREA_NAME] = '=HYPERLINK("http://example.org","Leeds")'

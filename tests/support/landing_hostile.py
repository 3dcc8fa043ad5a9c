"""Hostile and broken files, by the name each has in an inbox, and what their refusals must say."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from dagster_project.landing import limits
from tests.support import landing_files as files
from tests.support.landing_files import as_csv, as_xlsx, as_zip, change, fingertips

BAD_FIELD = "x" * 140_000
OLD = files.as_xls({"in": files.ascof()})


@dataclass(frozen=True)
class Case:
    """A file that must be refused, and what the refusal must say, part by part."""

    content: bytes
    problem: str
    fix: str
    place: str = ""
    got: str = ""
    expected: str = ""
    # Whether its bytes are kept; those in which nobody can look for NHS numbers are not.
    kept: bool = True


def cut(content: bytes, marker: bytes, after: int = 0) -> bytes:
    """The content up to the last place where `marker` stands, and `after` bytes more."""
    return content[: content.rindex(marker) + after]


def magic_and(stream: str) -> bytes:
    """What begins as an OLE file and names a stream, and is nothing else."""
    magic = bytes.fromhex("d0cf11e0a1b11ae1")
    return magic + bytes(4000) + stream.encode("utf-16-le") + bytes(3000)


def locked_old_workbook() -> bytes:
    """A workbook of Excel 97-2003 with a password: a record in it says so."""
    harmless, says_locked = struct.pack("<HH", 0x19, 2), struct.pack("<HH", 0x2F, 2)
    assert harmless in OLD
    return OLD.replace(harmless, says_locked, 1)


def far_bad_byte(before: int) -> bytes:
    """A Fingertips CSV whose first byte that isn't UTF-8 stands that far in."""
    table = fingertips()
    row = table[1]
    many = [table[0]]
    while len(many) * 150 < before:
        many.append([row[0], row[1], row[2], row[3], f"E07{len(many):06d}", *row[5:]])
    return as_csv(many) + as_csv([change(table, 2, "Area Name", "Caf\xe9")[1]], encoding="cp1252")


CORRUPT = as_xlsx({"in": files.ascof()})
SHEET = as_xlsx({"in": files.ascof()})
CASES: dict[str, Case] = {
    # Nothing there.
    "empty.csv": Case(b"", "the file is empty", "fetch it again", got="0 bytes"),
    "spaces.csv": Case(b"  \r\n \t\n", "the file is empty", "fetch it again", got="spaces"),
    "mark only.csv": Case(b"\xef\xbb\xbf", "the file is empty", "fetch it again"),
    "header only.csv": Case(
        as_csv(fingertips()[:1]),
        "the file has a header and no rows",
        "fetch it again",
        expected="at least one row",
    ),
    # Not what the name says.
    "error page.csv": Case(
        b"<!DOCTYPE html>\n<html><title>Sign in</title></html>",
        "a web page or XML, not a data file",
        "fetch it again",
        got="<!DOCTYPE html> <html>",
        expected="begins with its header",
    ),
    "utf16.csv": Case(
        as_csv(fingertips(), encoding="utf-16"),
        "isn't text in an encoding that publishers use",
        "save it as CSV UTF-8",
        got="UTF-16",
        expected="UTF-8",
    ),
    "utf16 without mark.csv": Case(
        as_csv(fingertips(), encoding="utf-16-be"),
        "isn't text in an encoding that publishers use",
        "save it as CSV UTF-8",
        place="byte 1",
        got="a zero byte",
    ),
    "zero byte far in.csv": Case(
        as_csv(fingertips()) + b"\0",
        "isn't text in an encoding that publishers use",
        "save it as CSV UTF-8",
        place=f"byte {len(as_csv(fingertips())) + 1:,}",
        got="a zero byte",
    ),
    # Encodings.
    "windows.csv": Case(
        as_csv(change(fingertips(), 2, "Area Name", "Caf\xe9"), encoding="cp1252"),
        "the text is not in this layout's encoding",
        "save it as CSV UTF-8",
        place="byte ",
        got="Windows-1252, by the look of it",
        expected="utf-8",
    ),
    "windows far in.csv": Case(
        far_bad_byte(300_000),
        "the text is not in this layout's encoding",
        "save it as CSV UTF-8",
        place=f"byte {far_bad_byte(300_000).index(0xE9) + 1:,}",
    ),
    "two encodings 2020-21.csv": Case(
        as_csv(change(files.ascof(), 2, "Geographical Description", "Café"))
        + as_csv(
            [change(files.ascof(), 3, "Geographical Description", "Caf\xe9")[2]], encoding="cp1252"
        ),
        "the text is in two encodings",
        "save it as CSV UTF-8",
        place="byte ",
        expected="utf-8 or cp1252",
    ),
    "not even windows 2020-21.csv": Case(
        as_csv(files.ascof()).replace(b"Council 1", b"Counc\x81l 1"),
        "the text has a byte that its encoding doesn't",
        "save it as CSV UTF-8",
        place=f"byte {as_csv(files.ascof()).index(b'Council 1') + 6:,}",
        got="0x81",
    ),
    # Cut short.
    "cut in a row.csv": Case(
        cut(as_csv(fingertips()), b"E08000903", 4),
        "a row breaks off",
        "cut short",
        place="line 4",
        got="5 columns",
        expected="27",
    ),
    "cut near the end of a row.csv": Case(
        cut(as_csv(fingertips()), b"20210000", 8),
        "breaks off, or a quotation mark isn't closed",
        "cut short",
        place="line 4",
        got="24 columns and no end of line",
    ),
    "cut in a quoted cell.csv": Case(
        cut(as_csv(fingertips(), quote_all=True), b"Council 3", 5),
        "breaks off, or a quotation mark isn't closed",
        "cut short",
        place="line 4",
        expected="whole rows to the end",
    ),
    "mark never closed.csv": Case(
        as_csv(change(fingertips(), 2, "Area Name", "MARK")).replace(b"MARK", b'"Council'),
        "breaks off, or a quotation mark isn't closed",
        "fetch it again",
        place="line 2",
    ),
    "cell without end.csv": Case(
        as_csv(change(fingertips(), 3, "Value note", BAD_FIELD * 70)),
        "breaks off, or a quotation mark isn't closed",
        "fetch it again",
        place="line 3",
        got="field larger",
    ),
    "comma in a name.csv": Case(
        as_csv(change(fingertips(), 3, "Area Name", "COMMA")).replace(b"COMMA", b"Bristol, City"),
        "a row has too many columns",
        "a comma stands in a name",
        place="line 3",
        got="28 columns",
        expected="27",
    ),
    # Figures.
    "footnote.csv": Case(
        as_csv(change(fingertips(), 3, "Value", "12.3*")),
        "not a number",
        "a footnote or a mark stands with the figure",
        place="line 3, column 'Value'",
        got="'12.3*'",
        expected="a number, or nothing",
    ),
    "thousands.csv": Case(
        as_csv(change(fingertips(), 4, "Count", "1,234")),
        "not a number",
        "a comma parts the thousands",
        place="line 4, column 'Count'",
        got="'1,234'",
    ),
    "formula.csv": Case(
        as_csv(change(fingertips(), 4, "Count", "#DIV/0!")),
        "not a number",
        "a spreadsheet's formula failed there",
        place="line 4, column 'Count'",
        got="'#DIV/0!'",
    ),
    "nan.csv": Case(
        as_csv(change(fingertips(), 2, "Value", "NaN")),
        "not a number",
        "clean file",
        place="row 2, column 'Value'",
        got="'nan'",
    ),
    "infinite.csv": Case(
        as_csv(change(fingertips(), 3, "Upper CI 95.0 limit", "-Infinity")),
        "not a number",
        "clean file",
        place="row 3, column 'Upper CI 95.0 limit'",
        got="'-inf'",
    ),
    "short row with a footnote.csv": Case(
        as_csv([fingertips()[0], change(fingertips(), 2, "Value", "9.9 (p)")[1][:24]]),
        "not a number",
        "clean file",
        place="line 2, column 'Value'",
        got="'9.9 (p)'",
    ),
    "footnote 2020-21.xlsx": Case(
        as_xlsx({"in": change(files.ascof(), 3, "Measure Value", "61.5r")}),
        "not a number",
        "clean file",
        place="row 3, column 'Measure Value'",
        got="'61.5r'",
        expected="one of the publisher's marks",
    ),
    "nan 2021-22.csv": Case(
        as_csv(change(files.ascof_2022(), 2, "Measure_Value", "NaN")),
        "not a number",
        "clean file",
        place="row 2, column 'Measure Value'",
        got="'nan'",
    ),
    "metadata with a word.json": Case(
        files.as_json({"1": {**files.fingertips_metadata()["90001"], "Unit": {"Value": "ten"}}}),
        "not a number",
        "clean file",
        place="item 1, column 'Unit value'",
        got="'ten'",
    ),
    # Codes and gaps.
    "no area.csv": Case(
        as_csv(change(fingertips(), 3, "Area Code", "")),
        "an empty cell where each row needs one filled",
        "clean file",
        place="row 3, column 'Area Code'",
        got="nothing (in 1 row)",
        expected="something in each row",
    ),
    "area of spaces.csv": Case(
        as_csv(change(fingertips(), 4, "Area Name", "   ")),
        "an empty cell where each row needs one filled",
        "clean file",
        place="row 4, column 'Area Name'",
    ),
    "odd code PREVALENCE_2021.csv": Case(
        as_csv(change(files.qof_prevalence(), 2, "PRACTICE_CODE", "A8'; drop table")),
        "not a known form",
        "restore the header",
        place="row 2, column 'PRACTICE_CODE'",
        got="A8'; drop table",
        expected="a code of the form",
    ),
    # One cell, two values.
    "contradiction.csv": Case(
        as_csv([*fingertips(), fingertips()[2], change(fingertips(), 2, "Value", "99.5")[1]]),
        "one cell is given two different values",
        "ask the publisher which is right",
        place="row 2 and row 6",
        got="indicator_code 90001, area_code E06000901",
        expected="one value for each area",
    ),
    "marks differ 2020-21.csv": Case(
        as_csv([*files.ascof(), change(files.ascof(), 3, "Measure Value", "[x]")[2]]),
        "one cell is given two different values",
        "ask the publisher which is right",
        place="row 3 and row 5",
    ),
    # JSON.
    "cut.json": Case(
        files.as_json(files.fingertips_areas())[:-20],
        "the JSON file is damaged",
        "fetch it again",
        got="line 1 column",
        expected="one whole JSON document",
    ),
    "deep.json": Case(b"[" * 100_000, "the JSON file is damaged", "fetch it again"),
    "digits.json": Case(
        b'{"a": ' + b"1" * 5000 + b"}", "the JSON file is damaged", "fetch it again", got="4300"
    ),
    "not a number.json": Case(
        b'{"a": NaN}', "the JSON file is damaged", "fetch it again", got="NaN stands where a number"
    ),
    "twice.json": Case(
        b'{"areas": {}, "source": "x", "areas": {}}',
        "the JSON file is damaged",
        "fetch it again",
        got="the key 'areas' stands twice",
    ),
    "windows.json": Case(
        b'{"a": "caf\xe9"}', "the JSON file is damaged", "fetch it again", got="utf-8"
    ),
    "changes its shape.json": Case(
        files.as_json([*files.fingertips_areas(), None]),
        "not all of the document has the shape of Fingertips areas",
        "fetch it again",
        place="item 4 or near it",
        expected="items of one shape",
    ),
    "a list for a name.json": Case(
        files.as_json([{**files.fingertips_areas()[0], "areaName": ["a", "b"]}]),
        "not all of the document has the shape of Fingertips areas",
        "fetch it again",
        got="a list or an object where a word",
    ),
    "a key that is no number.json": Case(
        files.as_json(files.fingertips_metadata() | {"ninety": {}}),
        "not all of the document has the shape of Fingertips indicator metadata",
        "fetch it again",
        got="ninety",
    ),
    "half a character.json": Case(
        b'[{"areaCode": "E06000901", "areaName": "\\ud800", "areaType": "x", "parentAreas": []}]',
        "a cell holds half a character",
        "fetch it again",
        got="U+D800",
    ),
    # Workbooks.
    "locked 2020-21.xlsx": Case(
        magic_and("EncryptedPackage"),
        "the workbook is protected by a password",
        "save it without a password",
        expected="a workbook that opens without one",
        kept=False,
    ),
    "locked old.xls": Case(
        locked_old_workbook(),
        "the workbook is protected by a password",
        "save it without a password",
        got="an encrypted workbook of Excel 97-2003",
        kept=False,
    ),
    "no directory.xls": Case(
        magic_and("Workbook"),
        "the workbook is damaged",
        "save it as .xlsx",
        expected="an Excel 97-2003 workbook (.xls) that opens",
        kept=False,
    ),
    "cut.xls": Case(OLD[: len(OLD) // 2], "the workbook is damaged", "fetch it again", kept=False),
    "letter.doc": Case(
        OLD.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")),
        "an Office 97-2003 file of another kind",
        "save it as .xlsx",
    ),
    "old named new 2020-21.xlsx": Case(
        files.as_xls({"in": [["a", "b"], [1, 2]]}),
        "no source here has this layout",
        "add a layout for it",
        got="'a', 'b'",
    ),
    "cells far apart.xls": Case(
        files.as_xls({"in": [["a"], *[[]] * 60_000, [*[None] * 200, "b"]]}),
        "the workbook is too large",
        "save the data sheet as CSV",
        got=f"more than {limits.MAX_CELLS_AT_ONCE:,} cells",
    ),
    "cut 2020-21.xlsx": Case(
        CORRUPT[: len(CORRUPT) // 2],
        "the zip or workbook breaks off before its end",
        "cut short",
        expected="a whole file",
    ),
    "flipped 2020-21.xlsx": Case(
        CORRUPT[:60] + bytes(byte ^ 0xFF for byte in CORRUPT[60:90]) + CORRUPT[90:],
        "the workbook is damaged",
        "open it in Excel and save it anew",
        expected="an .xlsx workbook that opens",
    ),
    "bad xml 2020-21.xlsx": Case(
        files.edit_zip(SHEET, "xl/worksheets/sheet1.xml", b"</sheetData>", b"</sheet"),
        "the workbook is damaged",
        "open it in Excel and save it anew",
    ),
    "letter.docx": Case(
        as_zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
        "an Office file of another kind",
        "save it as .xlsx",
    ),
    "table.ods": Case(
        as_zip({"mimetype": b"application/x", "content.xml": b"<office/>"}),
        "an OpenDocument file",
        "save it as .xlsx",
    ),
    "bursting 2020-21.xlsx": Case(
        files.edit_zip(
            SHEET, "xl/worksheets/sheet1.xml", b"</sheetData>", b" " * 30_000_000 + b"</sheetData>"
        ),
        "the workbook would unpack to more than is allowed",
        "save the data sheet as CSV",
        got="bytes unpacked from",
        expected=f"{limits.MAX_ZIP_RATIO} times",
    ),
    "two sheets 2020-21.xlsx": Case(
        as_xlsx({"part 1": files.ascof(), "part 2": files.ascof()}),
        "two sheets hold data of one layout",
        "ask the publisher which is meant",
        got="'part 1' and 'part 2'",
    ),
    "formula without value 2020-21.xlsx": Case(
        as_xlsx({"in": change(files.ascof(), 2, "Measure Value", "=60+1.5")}),
        "a formula whose value isn't in the file",
        "save it",
        place="sheet 'in', row 2, column 8",
        got="=60+1.5",
    ),
    "error cell 2020-21.xlsx": Case(
        files.edit_zip(
            SHEET,
            "xl/worksheets/sheet1.xml",
            b't="n"><v>61.5</v>',
            b't="e"><v>#DIV/0!</v>',
        ),
        "not a number",
        "a spreadsheet's formula failed there",
        place="row 2, column 'Measure Value'",
        got="'#DIV/0!'",
    ),
    # Parquet.
    "cut.parquet": Case(
        files.lookup()[:200],
        "the Parquet file is damaged",
        "fetch it again",
        got="parquet",
        kept=False,
    ),
    "scrambled.parquet": Case(
        files.lookup()[:40] + bytes(60) + files.lookup()[100:],
        "the Parquet file is damaged",
        "fetch it again",
        expected="can be read to its end",
        kept=False,
    ),
    # Periods.
    "PREVALENCE_2022.csv": Case(
        as_csv(files.qof_prevalence(4)),
        "the period of this QOF prevalence by practice (CSV) isn't stated",
        "PREVALENCE_2022.csv.period beside it",
        expected="PREVALENCE_2021.csv",
    ),
    # Sample data.
    "SYNTHETIC_fingertips.csv": Case(
        as_csv(fingertips(indicator="90009")),
        "a made-up sample file, in a home of real data",
        "outcomes refresh --sample",
    ),
    # Columns without end, and steering characters in names.
    "wide.csv": Case(
        ",".join(f"c{n}" for n in range(1_500)).encode() + b"\n1\n",
        "too many columns",
        "check that the file is what it says it is",
        got="1,500",
    ),
    "steering header.csv": Case(
        b"\x1b[2J\x1b[31mGONE,\xe2\x80\xaeValue\n1,2\n",
        "no source here has this layout",
        "add a layout for it",
        got="\\x1b[2J\\x1b[31mGONE",
    ),
    "steering page.csv": Case(
        b"<html>\x1b[2J</html>", "a web page or XML", "fetch it again", got="\\x1b[2J"
    ),
    "steering\x1b[31m name\n.csv": Case(b"a,b\n1,2\n", "no source here has this layout", "layout"),
}
GOOD = {
    "0 first.csv": as_csv(fingertips(indicator="90011")),
    "m middle/PREVALENCE_2021.csv": as_csv(files.qof_prevalence()),
    "z last 2020-21.xlsx": as_xlsx({"in": files.ascof()}),
}

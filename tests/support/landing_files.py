"""Tiny extracts in the layouts that publishers use, with made-up figures.

A table is a list of rows of text, the header first, so that a test can break it before it is
written.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import xlwt

Table = list[list[str]]

FINGERTIPS_NAMES = (
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,"
    "Category Type,Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,"
    "Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,Value note,Recent Trend,"
    "Compared to England value or percentiles,Compared to percentiles,Time period Sortable,"
    "New data,Compared to goal,Time period range"
)
COUNCILS = ("E06000901", "E06000902", "E08000903", "E10000904")


def fingertips(columns: int = 27, indicator: str = "90001", areas: int = 3) -> Table:
    """The indicator CSV; with 26 columns as before the time period's range was added."""
    rows = [FINGERTIPS_NAMES.split(",")]
    for number, code in enumerate(COUNCILS[:areas], start=1):
        value = f"{10 + number}.{number}5"
        rows.append(
            [
                *(indicator, "Made-up share", "E92000001", "England", code, f"Council {number}"),
                *("Counties & UAs", "Persons", "18+ yrs", "", "", "2021/22", value),
                *(f"{9 + number}.5", f"{12 + number}.5", "", "", str(100 * number), "1000"),
                *("", "Cannot be calculated", "Similar", "Not compared", "20210000", "", "", "1y"),
            ]
        )
    return [row[:columns] for row in rows]


def fingertips_api(areas: int = 3) -> Table:
    """The six columns that an API gives."""
    rows = [["IndicatorID", "Year", "AreaCode", "AreaName", "IsAreaCurrent", "Value"]]
    return rows + [
        ["90002", "2019", f"A8{n:04d}", f"Practice {n}", "1", f"2{n}.5"] for n in range(areas)
    ]


def fingertips_next() -> Table:
    """The seed file of the successor service."""
    header = "IndicatorId,Year,AgeID,SexID,AreaCode,Count,Value,LowerCI,UpperCI,Denominator"
    rows = [[*header.split(","), "Trend", "Sex", "Age"]]
    for number, code in enumerate(COUNCILS, start=1):
        figures = [str(number * 10), f"{number}.5", f"{number}.1", f"{number}.9", "1000"]
        rows.append(["90003", "2020", "187", "4", code, *figures, "", "Persons", "17+ yrs"])
    return rows


ASCOF_HEADER = [
    "Geographical Code",
    "Geographical Description",
    "Geographical Level",
    "ONS Code",
    "ASCOF Measure Code",
    "Disaggregation Level",
    "Measure Type",
    "Measure Value",
    "Measure Group",
    "Measure Group Description",
]


def ascof(header: Sequence[str] = ASCOF_HEADER) -> Table:
    """The open data: a row a measure type, marks in the place of figures."""
    rows = [list(header)]
    for code, name, value in (
        ("801", "Council 1", "61.5"),
        ("802", "Council 2", "[c]"),
        ("803", "Council 3", "[x]"),
    ):
        row = [code, name, "Council", f"E06000{code}", "1A", "Total", "Outcome", value]
        rows.append([*row, "1A", "Quality of life"][: len(header)])
    return rows


def ascof_2018() -> Table:
    """2018-19: another name for the area's code."""
    return ascof(["ONS Area Code" if name == "ONS Code" else name for name in ASCOF_HEADER])


def ascof_2022() -> Table:
    """2022-23 and 2023-24: an underscore in the measure's value."""
    return ascof([name.replace("Measure Value", "Measure_Value") for name in ASCOF_HEADER])


def ascof_2024() -> Table:
    """2024-25: sentence case, and no measure group."""
    return ascof([name[:1] + name[1:].lower() for name in ASCOF_HEADER[:8]])


def ascof_series() -> Table:
    """The series that a third party compiled."""
    header = "Year,Geographical Description,ONS Code,Measure Group,Measure Group Description"
    more = "Measure_Value,Geographical Level,Disaggregation Level,Measure Type"
    rows = [[*header.split(","), *more.split(",")]]
    for year in ("2017-18", "2018-19"):
        measure = ["1A", "Quality of life", "18.5", "Council", "Total", "Outcome"]
        rows.append([year, "Council 1", "E06000801", *measure])
    return rows


def qof_prevalence(practices: int = 3, register: int = 40) -> Table:
    """Registers by practice, with the list size that goes with each."""
    header = "PRACTICE_CODE,GROUP_CODE,REGISTER,PATIENT_LIST_TYPE,PRACTICE_LIST_SIZE"
    return [header.split(",")] + [
        [f"A8{n:04d}", "DEM", str(register + n), "TOTAL", str(5000 + n)] for n in range(practices)
    ]


def qof_geography(practices: int = 3) -> Table:
    """Practices with the NHS areas that they belong to."""
    header = (
        "NAT_ONS_CODE,NAT_CODE,COUNTRY,REGION_ODS_CODE,REGION_ONS_CODE,REGION_NAME,STP_ODS_CODE,"
        "STP_ONS_CODE,STP_NAME,CCG_ODS_CODE,CCG_ONS_CODE,CCG_NAME,PCN_ODS_CODE,PCN_NAME,"
        "PRACTICE_CODE,PRACTICE_NAME"
    )
    above = ["E92000001", "ENG", "England", "Y99", "E40000099", "Region", "QZZ", "E54000099"]
    more = ["System", "99Z", "E38000999", "Place", "U99999", "Network"]
    return [header.split(",")] + [
        [*above, *more, f"A8{n:04d}", f"Practice {n}"] for n in range(practices)
    ]


def qof_indicators() -> Table:
    """Which indicator belongs to which register."""
    header = "INDICATOR_CODE,INDICATOR_POINT_VALUE,GROUP_CODE,GROUP_DESCRIPTION,DOMAIN_CODE"
    return [
        [*header.split(","), "DOMAIN_DESCRIPTION", "PATIENT_LIST_TYPE"],
        ["DEM001", "5", "DEM", "Dementia", "CL", "Clinical", "TOTAL"],
    ]


def code_history() -> dict[str, Any]:
    """ONS code history: an entity type a file."""
    entry = {"date": {"s": "2009-04-01"}, "nm": "Council 1", "parent": "E12000009"}
    ended = {"date": {"s": "1974-04-01", "e": "2009-03-31"}, "nm": "District 1"}
    return {
        "areas": {
            "E06000901": [{**entry, "status": "live"}],
            "E07000901": [{**ended, "parent": "E10000904", "status": "terminated"}],
        },
        "source": "made up",
    }


def fingertips_areas() -> list[dict[str, Any]]:
    """Areas with their parents."""
    kind = {"areaType": "Counties & UAs", "hierarchyType": "Administrative", "level": 3}
    return [
        {"areaCode": "E06000901", "areaName": "Council 1", **kind, "parentAreas": []},
        {
            "areaCode": "E06000902",
            "areaName": "Council 2",
            **kind,
            "parentAreas": [{"areaCode": "E12000001"}, {"areaCode": "E92000001"}],
        },
    ]


def fingertips_metadata() -> dict[str, Any]:
    """What an indicator is, keyed by its number."""
    return {
        "90001": {
            "IID": 90001,
            "Descriptive": {"Name": "Made-up share", "DataSource": "Nobody"},
            "Unit": {"Label": "%", "Value": 100.0},
            "YearType": {"Name": "Financial"},
            "ValueType": {"Name": "Proportion"},
            "ConfidenceIntervalMethod": {"Name": "Wilson Score method"},
            "Polarity": {"Name": "BOB - Blue orange blue"},
            "DataChange": {"LastUploadedAt": "2024-10-07T17:11:02"},
        }
    }


def fingertips_area_list() -> list[dict[str, Any]]:
    """Areas of one type, as the API lists them."""
    return [
        {"Code": "E06000901", "Name": "Nowhere", "Short": "Nowhere", "AreaTypeId": 502},
        {"Code": "E06000902", "Name": "Elsewhere", "AreaTypeId": 502},
    ]


def fingertips_area_parents() -> dict[str, list[str]]:
    """The areas of each parent, as the API maps them; a parent may have none."""
    return {"E12000001": ["E06000901", "E06000902"], "E12000002": [], "nE54000901": ["nE38000901"]}


def council_register() -> Table:
    """Councils with their dates, among columns that nobody here reads."""
    header = (
        "local-authority-code,official-name,nice-name,gss-code,start-date,end-date,replaced-by,"
        "nation,region,local-authority-type,county-la,former-gss-codes,notes,pop-2020"
    )
    row = "ZZZ,Council of Nowhere,Nowhere,E06000901,2009-04-01,,,England,Nowhere,UTA,,,none,1000"
    return [header.split(","), row.split(",")]


def council_codes() -> Table:
    """GSS codes with the register's own."""
    return [["gss-code", "local-authority-code"], ["E06000901", "ZZZ"], ["E06000902", "ZZY"]]


def lookup(columns: Sequence[str] = (), rows: int = 3) -> bytes:
    """An ONS lookup as Parquet: lower-tier to upper-tier authorities."""
    content: dict[str, list[Any]] = {}
    for name in columns or ("ltla21_code", "ltla21_name", "utla21_code", "utla21_name"):
        is_code = name.lower().endswith("code")
        content[name] = [f"E07{n:06d}" if is_code else f"Place {n}" for n in range(rows)]
    return as_parquet(content)


def as_parquet(columns: dict[str, list[Any]]) -> bytes:
    """The columns as Parquet, in types that fit them."""
    names = ", ".join(f'unnest(${n}) as "{name}"' for n, name in enumerate(columns, start=1))
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "columns.parquet"
        query = f"copy (select {names}) to '{path}' (format parquet)"
        connection.execute(query, list(columns.values()))
        return path.read_bytes()


def as_csv(
    rows: Iterable[Sequence[str]],
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
    newline: str = "\n",
    quote_all: bool = False,
) -> bytes:
    """The table as a publisher's CSV."""
    stream = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(stream, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(rows)
    return stream.getvalue().encode(encoding)


def as_json(document: object) -> bytes:
    """The document as JSON."""
    return json.dumps(document).encode()


def as_xlsx(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook with these sheets; text that reads as a number is written as one."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([_typed(cell) for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return _undated(stream.getvalue())


def as_xls(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook of Excel 97-2003 with these sheets; a cell may be a formula of xlwt's."""
    book = xlwt.Workbook()
    for title, rows in sheets.items():
        sheet = book.add_sheet(title)
        for number, row in enumerate(rows):
            for position, cell in enumerate(row):
                if cell is not None and cell != "":
                    sheet.write(number, position, _typed(cell))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _undated(workbook: bytes) -> bytes:
    """The workbook without the time at which it was made: equal sheets give equal bytes."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    core = members["docProps/core.xml"]
    members["docProps/core.xml"] = re.sub(
        rb"20\d\d-\d\d-\d\dT[0-9:]+Z", b"2020-01-01T00:00:00Z", core
    )
    return as_zip(members)


def _typed(cell: Any) -> Any:
    if isinstance(cell, str):
        try:
            return float(cell) if "." in cell else int(cell)
        except ValueError:
            return cell or None
    return cell


def as_zip(members: dict[str, bytes]) -> bytes:
    """A zip with these members, packed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            # Without its time, which a name alone would be given.
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return stream.getvalue()


def edit_zip(content: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """The zip with one member's content changed: a workbook that no program would write so."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        members = {name: source.read(name) for name in source.namelist()}
    assert old in members[member]
    members[member] = members[member].replace(old, new)
    return as_zip(members)


def change(rows: Table, row: int, column: str, cell: str) -> Table:
    """The table with one cell changed; row 1 is the header."""
    changed = [list(line) for line in rows]
    changed[row - 1][rows[0].index(column)] = cell
    return changed


def without(rows: Table, column: str) -> Table:
    """The table without a column."""
    position = rows[0].index(column)
    return [line[:position] + line[position + 1 :] for line in rows]


def renamed(rows: Table, old: str, new: str) -> Table:
    """The table with a header renamed."""
    return [[new if name == old else name for name in rows[0]], *rows[1:]]


def nhs_number(seed: int) -> str:
    """A made-up NHS number, from a range that has not been issued: 999 and a right check digit."""
    while True:
        body = f"999{seed % 1_000_000:06d}"
        check = 11 - sum(int(d) * w for d, w in zip(body, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return f"{body}{0 if check == 11 else check}"
        seed += 1


def not_quite(number: str) -> str:
    """Ten digits that end in another digit than the check digit."""
    return number[:9] + str((int(number[9]) + 1) % 10)


def sha256(content: bytes) -> str:
    """The SHA-256 of the bytes, in hex."""
    return hashlib.sha256(content).hexdigest()

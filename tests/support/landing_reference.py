"""Tiny reference extracts in the layouts that publishers use: populations, deprivation, places.

Figures are made up. A sheet is a list of rows, the header among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dagster_project.sources import deprivation
from tests.support.landing_files import as_parquet, as_xls, as_xlsx

Sheet = list[list[Any]]


def populations(
    sheet: str = "Persons", year: int = 2020, codes: Sequence[str] = ("E06000901", "E06000902")
) -> Sheet:
    """A sheet of ONS mid-year estimates: a title, a header, areas, and notes below.

    An area has as many people more at each age as its place in the list; persons are twice as many
    as of either sex.
    """
    rows: Sheet = [
        [f"MYE2: {sheet} by single year of age and sex, mid-{year}"],
        [],
        ["Code", "Name", "Geography1", "All ages", *range(90), "90+"],
    ]
    times = 2 if sheet == "Persons" else 1
    for number, code in enumerate(codes, start=1):
        ages = [times * (number + age % 7) for age in range(91)]
        rows.append([code, f"Council {number}", "Unitary Authority", sum(ages)])
        rows[-1].extend(ages)
    return [*rows, [], ["1. A note, such as stands below the data."]]


POPULATION_SHEETS = {"Persons": "MYE2 - All", "Males": "MYE2 - M", "Females": "MYE2 - F"}


def population_workbook(**sheets: Sheet) -> bytes:
    """The workbook of mid-year estimates; a sheet of the right name replaces its own."""
    content: dict[str, Sequence[Sequence[Any]]] = {"Contents": [["MYE2", "Populations"]]}
    for sheet, title in POPULATION_SHEETS.items():
        content[title] = sheets.get(sheet, populations(sheet))
    return as_xls(content)


def small_area_populations(areas: int = 3, times: int = 1) -> bytes:
    """Mid-year estimates of small areas: so many people of each age, more in each next area."""
    people = [float(times * number) for number in range(1, areas + 1)]
    columns: dict[str, list[Any]] = {
        "lsoa11_name": [f"Place 00{n}A" for n in range(areas)],
        "lsoa11_code": [f"E0100000{n}" for n in range(areas)],
        "total_population": [91 * each for each in people],
    }
    return as_parquet(columns | {str(age): people for age in range(91)})


def imd_2015(areas: int = 3) -> bytes:
    """The index of 2015 by small area, with its scores."""
    return as_parquet(
        {
            "lsoa11_code": [f"E0100000{n}" for n in range(areas)],
            "lsoa11_name": [f"Place 00{n}A" for n in range(areas)],
            "lad13_code": ["E06000901"] * areas,
            "lad13_name": ["Council 1"] * areas,
            "IMD_score": [30.5 - 10 * n for n in range(areas)],
            "IMD_rank": [float(n + 1) for n in range(areas)],
            "IMD_decile": [1.0] * areas,
        }
    )


DOMAINS_2019 = (
    *("IMD", "Income", "Employment", "Education", "Health", "Crime"),
    *("Housing_and_Access", "Environment"),
)


def imd_2019(areas: int = 2) -> bytes:
    """The index of 2019 by small area: ranks and deciles of each domain, no scores."""
    columns: dict[str, list[Any]] = {"lsoa11_code": [f"E0100000{n}" for n in range(areas)]}
    for measure in ("decile", "rank"):
        for number, domain in enumerate(DOMAINS_2019, start=1):
            columns[f"{domain}_{measure}"] = [float(number * 10 + n) for n in range(areas)]
    return as_parquet(columns)


def imd_2025_boards() -> bytes:
    """The summary of 2025 by integrated care board."""
    columns: dict[str, list[Any]] = {
        "icb24_code": ["E54000901"],
        "icb24_name": ["Board"],
    }
    number = 0
    for words in deprivation.DOMAIN_WORDS_2025.values():
        names = [f"{words}_average_rank", f"{words}_rank_of_average_rank"]
        names += [f"{words}_average_score", f"{words}_rank_of_average_score"]
        share = "proportion_of_lso_as_in_most_deprived_10_percent_nationally"
        names += [f"{words}_{share}", f"{words}_rank_of_{share}"]
        if words == "imd":
            names += ["imd_2025_extent", "imd_2025_rank_of_extent"]
            names += ["imd_2025_local_concentration", "imd_2025_rank_of_local_concentration"]
        if words in ("income", "employment"):
            names += [f"{words}_scale", f"rank_of_{words}_scale"]
        for name in names:
            number += 1
            columns[name] = [float(number)]
    return as_parquet(columns)


# Each sheet of File 11 with what stands before each measure in its headers.
UPPER_TIER_SHEETS = {
    "IMD": "IMD",
    "Income": "Income",
    "Employment": "Employment",
    "Education": "Education, Skills and Training",
    "Health": "Health Deprivation and Disability",
    "Crime": "Crime",
    "Barriers": "Barriers to Housing and Services",
    "Living": "Living Environment",
    "IDACI": "IDACI",
    "IDAOPI": "IDAOPI",
}


def upper_tier_sheet(sheet: str) -> Sheet:
    """A sheet of File 11 as of 2019: spaces end its headers."""
    before = UPPER_TIER_SHEETS[sheet]
    area = "Upper Tier Local Authority District"
    share = "Proportion  of LSOAs in most deprived 10% nationally"
    header = [f"{area} code (2019)", f"{area} name (2019)"]
    for measure in ("Average rank", "Average score", share):
        header += [f"{before} - {measure} ", f"{before} - Rank of {measure.lower()} "]
    if sheet == "IMD":
        for measure in ("Extent", "Local concentration"):
            header += [f"IMD 2019 - {measure} ", f"IMD 2019 - Rank of {measure.lower()} "]
    if sheet in ("Income", "Employment"):
        header += [f"{sheet} scale ", f"Rank of {sheet} Scale"]
    return [header, ["E06000901", "Council 1", *range(1, len(header) - 1)]]


def upper_tier_workbook(**sheets: Sheet) -> bytes:
    """File 11: notes without a cell, and a sheet for each domain."""
    content: dict[str, Sequence[Sequence[Any]]] = {"Notes": []}
    for sheet in UPPER_TIER_SHEETS:
        content[sheet] = sheets.get(sheet, upper_tier_sheet(sheet))
    return as_xlsx(content)


def practices(rows: int = 3) -> list[list[str]]:
    """`epraccur`: 27 columns and no header."""
    found = []
    for number in range(rows):
        row = [""] * 27
        row[:4] = [f"A8{number:04d}", f"PRACTICE {number}", "Y63", "QHM"]
        row[4:10] = ["THE HEALTH CENTRE", "LAWSON STREET", "TOWN", "COUNTY", "", "TS18 1HU"]
        row[10:17] = ["19740401", "", "A", "B", "16C", "20200401", ""]
        row[17], row[21], row[23], row[25] = "01642 000000", "0", "16C", "4"
        found.append(row)
    return found


NETWORK_HEADER = [
    *("PCN Code", "PCN Name", "Current Clinical \nCommissioning \nGroup Code"),
    *("Clinical\nCommissioning\nGroup Name", "Open Date", "Close Date"),
    *(f"Address Line {number}" for number in range(1, 6)),
    "Postcode",
]
MEMBER_HEADER = [
    *("Partner\nOrganisation\nCode", "Partner\nName", "Practice\nParent\nCCG Code"),
    *("Practice\nParent\nCCG Name", "PCN Code", "PCN Name", "PCN Parent\nCCG Code"),
    *("PCN Parent\nCCG Name", "Practice to PCN\nRelationship\nStart Date"),
    *("Practice to PCN\nRelationship\nEnd Date", "Practice CCG and PCN\nCCG Match "),
]


def network_sheets() -> dict[str, Sheet]:
    """`ePCN`: the networks, and who has belonged to them."""
    network = ["U99999", "NETWORK", "02P", "CCG", "20191001", "", *["STREET"] * 5, "S70 3NE"]
    member = ["C85628", "PRACTICE", "02P", "CCG", "U99999", "NETWORK", "02P", "CCG"]
    return {
        "PCNDetails": [NETWORK_HEADER, network],
        "PCN Core Partner Details": [MEMBER_HEADER, [*member, "20191001", "20200831", True]],
    }


def boundaries(prefix: str = "LAD24", areas: int = 2) -> dict[str, Any]:
    """Outlines of areas, as ONS issues them."""
    return {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "EPSG:4326"}},
        "features": [
            {
                "type": "Feature",
                "id": number,
                "geometry": {"type": "Polygon", "coordinates": [[[-2.5, 53.5], [-2.4, 53.5]]]},
                "properties": {
                    "FID": number,
                    f"{prefix}CD": f"E0600090{number}",
                    f"{prefix}NM": f"Council {number}",
                    f"{prefix}NMW": " ",
                    "LONG": -2.45,
                    "LAT": 53.5,
                },
            }
            for number in range(1, areas + 1)
        ],
    }


def successors() -> bytes:
    """Organisations with those that followed them."""
    dates = {"date": ["2021-04-01", "2006-10-01"]}
    return as_parquet({"old_code": ["02", "5F220"], "new_code": ["X2C4Y", "5NG71"], **dates})


def wards() -> list[list[str]]:
    """A lookup as ONS issues it, with names in Welsh and row numbers that aren't read."""
    levels = [f"{level}{part}" for level in ("LSOA21", "WD22", "LAD22") for part in PARTS]
    row = ["E01000001", "Place 001A", "", "E05000001", "Ward", "", "E06000901", "Council 1", ""]
    return [[*levels, "ObjectId"], [*row, "1"]]


PARTS = ("CD", "NM", "NMW")

LISTS_HEADER = (
    "PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS"
)


def registered_patients(
    day: str = "01JAN2021", patients: Sequence[int] = (5000, 6000, 7000)
) -> list[list[str]]:
    """Totals by practice: the first in one CCG, all others in another."""
    rows = [LISTS_HEADER.split(",")]
    for number, people in enumerate(patients):
        group = ["99Z", "E38000999"] if number else ["99Y", "E38000998"]
        practice = [f"A8{number:04d}", "TS18 1HU"]
        rows.append(["GP_PRAC_PAT_LIST", day, "GP", *group, *practice, "ALL", "ALL", str(people)])
    return rows

"""More tiny extracts with made-up figures: NHSOF, PROMs, panels, reference lists."""

from __future__ import annotations

from typing import Any

from dagster_project.sources import fingertips_derived, proms, reference, shmi
from tests.support.landing_files import Table, as_csv, as_json, as_xlsx

PREAMBLE = [["A made-up indicator"], ["For tests only", "not real"], *[[] for _ in range(11)]]
NHSOF_NAME = "NHSOF_2.3.i_I00708_D.csv"


def table(header: str, *rows: str) -> Table:
    """A table whose cells are parted by commas and hold none."""
    return [header.split(","), *(row.split(",") for row in rows)]


def nhsof_admissions() -> Table:
    """The columns that a script reads of indicator 2.3.i; a footnote digit is glued to a year."""
    return table(
        "Year,Quarter,Period of coverage,Breakdown,Level,Level description,Indicator value,"
        "Lower CI,Upper CI,Standardised ratio,Standardised ratio lower CI,"
        "Standardised ratio upper CI,Observed,Population,Expected,Percent unclassified",
        "2012/132,,A year,England,England,England,800.5,790.1,810.9,100,99,101,400,50000,400,1.5",
        "2012/13,,A year,Gender,F,Female,780.5,770.1,790.9,,,,200,25000,,",
        "2012/13,,A year,Local authority,E08000007,Stockport,*,*,*,,,,*,5000,,",
        "2012/13,,A year,Deprivation decile,1,Most deprived,990.1,980.1,999.9,,,,90,5000,,",
        "2012/13,,A year,Provider,RXX,A hospital,700.1,690.1,710.9,,,,90,5000,,",
    )


def nhsof_employment() -> Table:
    """The columns that a script reads of indicator 2.2, where the level is the area's name."""
    return table(
        "Year,Quarter,Breakdown,Level,Indicator value",
        "2013,Q1,England,England,60.1",
        "2013,Q1,Region,North West,58.2",
        "2013,Q1,Region,Nowhere,58.2",
    )


def nhsof_workbook(rows: Table | None = None) -> bytes:
    """The same as a workbook, below thirteen rows of preamble."""
    data = [[*PREAMBLE, *(rows or nhsof_admissions())]]
    return as_xlsx({"Contents": [["NHSOF"]], "Indicator data": data[0]})


def proms_key_facts() -> Table:
    """How many improved; `*` hides a provider's few."""
    header = (
        "Lookup,Procedure,Organisation Type,Organisation Code,Organsation Name,Measure,Improved,"
        "Unchanged,Worsened,Total,% Improved,% Unchanged,% Worsened"
    )
    return table(
        header,
        "x,Hip Replacement,England,England,England,EQ VAS,691,88,221,1000,69.10%,8.80%,22.10%",
        "x,Hip Replacement,Provider,RXX,A HOSPITAL (RXX),EQ VAS,*,*,*,*,*,*,*",
    )


PROMS_MEASURES = (
    "Procedure,Organisation Type,Organisation Code,Organsation Name,Measure,Modelled Records,"
    "Average Pre-Op Q Score,Average Post-Op Q Score,Health Gain,Improved,Same,Worse,"
    "Adjusted Post-Op Q Score,Adjusted Average Health Gain,Standard Deviation"
)


def proms_measures() -> Table:
    """Adjusted health gain: England, a hospital, one with fewer than thirty, one hidden, a CCG."""
    hip, revision = "Total Hip Replacement", "Hip Replacement Revision"
    gain = "EQ-5D Index,40,0.3,0.7,0.4,38,1,1,0.7,0.43,0.2"
    return table(
        PROMS_MEASURES,
        f"{hip},England,England,England,EQ-5D Index,1000,0.34,0.79,0.45,900,50,50,0.79,0.45,0.2",
        f"{hip},Provider,RXX,A HOSPITAL,EQ-5D Index,90,0.34,0.79,0.45,80,5,5,0.79,0.44123,0.2",
        f"{revision},Provider,RXX,A HOSPITAL,EQ-5D Index,12,0.34,0.79,0.45,9,2,1,*,*,*",
        f"{revision},Provider,RYY,ANOTHER HOSPITAL,EQ-5D Index,*,*,*,*,*,*,*,*,*,*",
        f"{hip},CCG of GP Practice,01W,NHS STOCKPORT CCG,{gain}",
        f"{hip},CCG of GP Practice,14A,A COMMISSIONING HUB,{gain}",
    )


def proms_series() -> Table:
    """A column a year; the last year repeats the year's own file with fewer digits."""
    what = "Total Hip Replacement,EQ-5D Index"
    return table(
        "OrgCode,OrgName,Procedure,Measure,Modelled_Records_2017,Modelled_Records_2018,"
        "Adjusted_Health_Gain_2017,Adjusted_Health_Gain_2018,Outlier_2017,Outlier_2018",
        f"RXX,A HOSPITAL,{what},80,90,0.43,0.441,Not an outlier,Not an outlier",
        f"RZZ,A CLOSED HOSPITAL,{what},0,0,-,-,No procedures,No procedures",
    )


def proms_equality() -> Table:
    """Scores for England; nothing at all where few are counted."""
    header = [field.headers[0] for field in proms.EQUALITY.fields]
    filled = [
        "England",
        "England",
        "Hip Replacement",
        "EQ VAS",
        *(["1.5"] * 18),
        "7",
        "2",
        "1",
        "10",
    ]
    hidden = ["Age", "10 to 14", "Hip Replacement", "EQ VAS", *([""] * 22)]
    return [header, filled, hidden]


def proms_participation() -> Table:
    """A provider a row, a column each of seven groups and nine quantities."""
    header = [field.headers[0] for field in proms.PARTICIPATION.fields]
    counts = [str(number) for number in range(len(header) - 3)]
    return [header, ["RXX", "A HOSPITAL", "*", *counts]]


def proms_records(answers: int = 5) -> Table:
    """Questionnaires, one row each."""
    header = (
        "Provider Code,Procedure,Revision Flag,Year,Age Band,Gender,Pre-Op Q Assisted,High Bp,"
        "Stroke,Post-Op Q Satisfaction,Hip Replacement Pre-Op Q Score"
    )
    rows = [f"RXX,Hip Replacement,0,2018/19,*,*,2,9,9,{1 + n % 4},{10 + n}" for n in range(answers)]
    return table(header, *rows, "RYY,Hip Replacement,1,2018/19,70 to 79,1,2,9,9,1,12")


def icb_panel() -> Table:
    """Boards by their ODS codes; a metric that isn't registered, and a gap."""
    dementia = "Dementia: QOF prevalence (all ages)"
    waits = "Proportion of incomplete pathways greater than 18 weeks from referral"
    return table(
        "year,org,metric,value,domain",
        f"2021,QUY,{dementia},0.7,Demand",
        f"2021,QHM,{dementia},NA,Demand",
        f"2021,QUY,{waits},31.5,Performance",
        "2021,QUY,A metric of no known year,3.5,Capacity",
    )


def icb_catalogue() -> bytes:
    """Windows-1252, with a character that was garbled before."""
    rows = table(
        "theme,metric,domain,numerator_description,denominator_description,raw_area_type,status",
        "Finance,Spend (£k),Capacity,Spend (£k),Population,STP,include",
        "Finance,Share Ã¢ 20%,Capacity,NA,NA,STP,remove (utility)",
    )
    return as_csv(rows, encoding="cp1252")


def derived() -> Table:
    """Trafford's shape: sex under unit and under inequality, a quintile, a ward, mixed periods."""
    obesity = "Year 6 prevalence of obesity (including severe obesity)"
    mortality = (
        "Under 75 mortality rate from causes considered preventable (per 100,000 population)"
    )
    checks = "People receiving an NHS Health Check"
    rows = table(
        "area_code,area_name,area_type,period,indicator,measure,unit,value,compared_to_England,"
        "inequality",
        "E92000001,England,Country,2022 - 24,Life expectancy at birth,Years,Years,79.5,,Male",
        "E08000007,Stockport,UA,2024,M,Age-standardised rate,Male,NA,Better,NA",
        "E08000007,Stockport,UA,2021/22 Q1 - 2022/23 Q3,H,Cumulative,Persons,9.5,Better,NA",
        "E08000009,Trafford,UA,2024/25,O,Percentage,Persons,20.1,Better,NA",
        "E05000826,A ward,Electoral Wards (2024),2024/25,O,Percentage,Persons,20.1,Better,NA",
        "E92000001,England,Country,2020/21 - 24/25,O5,Percentage,Persons,28.9,Worse,Most deprived"
        " quintile",
    )
    names = {"M": mortality, "H": checks, "O": obesity, "O5": f"{obesity}, 5 years data combined"}
    return [[*row[:4], names.get(row[4], row[4]), *row[5:]] for row in rows]


def indicator_list() -> Table:
    """Ids of ten digits, of which one in eleven looks like an NHS number."""
    return table(
        "IndicatorID,IndicatorName,DomainID,DomainName,ProfileID,ProfileName",
        "90001,Made-up share,1938133098,A domain,134,A profile",
        "90002,Made-up rate,1938133081,A domain,134,A profile",
    )


def next_indicators() -> list[dict[str, Any]]:
    """Definitions with line ends of Windows inside them."""
    entry = dict.fromkeys(fingertips_derived.NEXT_KEYS.values(), "words")
    return [
        {
            **entry,
            "indicatorID": "90001",
            "indicatorDefinition": 'One\r\n"two"\rthree',
            "unused": [],
        },
        {**entry, "indicatorID": "90002", "requiresGeoAggregation": False},
    ]


def portal() -> list[dict[str, Any]]:
    """What a closed portal held; the keys differ from one to the next."""
    file = {"url": "https://example.org/download/NHSOF_1.1_I00656_D_V2.csv", "filetype": "csv"}
    return [
        {
            "unique identifier": "P01374",
            "title": "1.1 A rate",
            "sources": [file],
            "definition": "A",
        },
        {
            "unique identifier": "P00001",
            "title": "Old",
            "sources": [],
            "keyword(s)": ["one", "two"],
        },
    ]


def shmi_model() -> Table:
    """A predictor with its reference level, which has no standard error."""
    return table(
        ",".join(field.headers[0] for field in shmi.MODEL.fields),
        "I00699,1,ADMIMETH_1,-1.1805,0.3745,9.9377,1,0.0016",
        "I00699,1,ADMIMETH_2,0,,,0,",
    )


def ascfr(kind: str) -> Table:
    """A council and the total of a region, which has no council; `:` is no figure."""
    keys = {
        "activity": "DataType_KEY,AgeBand_KEY,PrimarySupportReason_KEY,CareType_KEY,"
        "SupportSetting_KEY,Purpose_KEY,ActivityProvision_KEY",
        "additional": "DataSource_KEY,Datatype_KEY,AgeBand_KEY,FinanceType_KEY,"
        "PrimarySupportReason_KEY,ComparativeTotals_KEY",
    }[kind]
    dimensions = ",".join("1" for _ in keys.split(","))
    return table(
        f"UUID,FY_Ending,CASSR_CODE,GEOGRAPHY_CODE,REGION_GO_CODE,{keys},ItemValue",
        f"8610101,2017,310,E08000007,E12000002,{dimensions},295.86",
        f"8610101,2017,,,E12000002,{dimensions},:",
    )


def alcohol_fractions() -> Table:
    """A condition by sex and age."""
    header = ",".join(field.headers[0] for field in reference.ALCOHOL_FRACTIONS.fields)
    return table(header, "Partial,A condition,K70,Male,16-24 years,0.25")


def next_indicators_json() -> bytes:
    """The document as bytes."""
    return as_json(next_indicators())

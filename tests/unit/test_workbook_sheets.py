"""The workbook says what the tables say, in words and colours, and nothing in it can run."""

from __future__ import annotations

import errno
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string

from dagster_project.release.manifest import Manifest, Tombstone
from dagster_project.workbook.levels import room
from dagster_project.workbook.sheets import Names
from dagster_project.workbook.styles import JUDGED
from dagster_project.workbook.writing import FILE, table_name, write
from tests.support.workbook_place import SERIES, headline, make_release, value, years_before

STOCKPORT, TRAFFORD, LEEDS, YORK = "E08000007", "E08000009", "E08000035", "E06000014"
HOSTILE = {
    "formula": '=HYPERLINK("http://evil.example","click")',
    "plus": "+cmd|' /C calc'!A0",
    "minus": "-2+3",
    "at": "@SUM(1+1)",
    "tab": "\t=1+1",
    "link": "http://evil.example/",
    "mail": "mailto:someone@evil.example",
    "number": "007",
    "markup": "<script>alert(1)</script>&amp;",
    "turned": "Stock\u202eport",
    "bell": "Leeds\x07",
    "lines": "one\ntwo",
}

WORSE = value("falls", STOCKPORT, 12.345678901234567, lower_95=11.5, upper_95=13.25, numerator=7.0)
HELD = value("falls", TRAFFORD, 8.5, status="held", status_reason="C42", held_since="0.9.0-abc")
HIDDEN = value("falls", LEEDS, None, status="suppressed", status_reason="suppressed_by_publisher")
BROKEN = value("falls", YORK, 1.25, flags=["break_in_series", "synthetic", "stale"])


def compared(row: dict[str, Any], judgement: str, reason: str | None = None) -> dict[str, Any]:
    keys = (*SERIES, "indicator_id", "area_code")
    return {
        **{name: row[name] for name in keys if name != "period_label"},
        "area_type": row["area_type"],
        "comparator_type": "england",
        "judgement": judgement,
        "reason": reason,
        "comparator_value": 9.75 if judgement != "not_compared" else None,
    }


# More than two lines of the widest column of definitions.
LONG = (
    "People who came to a hospital because they fell, each as often as they came there in the year"
)
VALUES = (WORSE, HELD, HIDDEN, BROKEN)
TABLES: dict[str, Any] = {
    "indicator_values": [
        *VALUES,
        years_before(WORSE, 1, 11.125),
        years_before(WORSE, 5, 10.0625, flags=["provisional"]),
        years_before(WORSE, 6, 9999.5),
        years_before(HIDDEN, 2, None, status="suppressed"),
        value("falls", "G00001", 3.5, area_type="practice"),
        {**WORSE, "sex": "Male", "value": 77.5},
    ],
    "headlines": [*map(headline, VALUES), headline(WORSE, "phof", "2019 on")],
    "comparisons": [
        compared(WORSE, "worse"),
        compared(HELD, "not_compared", "value_held"),
        compared(HIDDEN, "not_compared", "value_suppressed"),
        compared(BROKEN, "not_compared", "no_limits"),
    ],
    "trends": [
        {
            **{name: WORSE[name] for name in (*SERIES, "indicator_id", "area_code")}
            | {"direction": "increasing", "judgement": "worse"}
        }
    ],
    "indicators": [
        {
            "indicator_id": "falls",
            "title": "Falls",
            "decimals": 2,
            "unit": "%",
            "numerator_definition": LONG,
            "ci_method": "none",
        }
    ],
    "framework_indicators": [
        {
            "framework": "phof",
            "edition": "2019 on",
            "code": "C29",
            "title": "Falls",
            "indicator_id": "falls",
            "framework_kind": "national",
            "domain_name": "Ageing",
            "framework_name": "Public Health Outcomes Framework",
        }
    ],
    "areas": [
        {"area_code": STOCKPORT, "area_name": "Stockport", "area_type": "utla"},
        {"area_code": TRAFFORD, "area_name": "Trafford", "area_type": "utla"},
    ],
    "holds": [
        {
            **{name: HELD[name] for name in (*SERIES, "indicator_id", "area_code", "area_type")},
            "check_id": "C42",
            "reason": "The numerator is within the denominator",
            "held_since": "0.9.0-abc",
            "keeps_last_good_value": True,
        }
    ],
}
for trend in TABLES["trends"]:
    for name in ("period_start", "period_end", "period_label"):
        del trend[name]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of a small release of real data."""
    directory = tmp_path_factory.mktemp("workbook") / "release"
    write(directory, make_release(directory, TABLES, counts={"published": 8, "held": 1}))
    return directory / FILE


@pytest.fixture(scope="module")
def book(made: Path) -> Any:
    return openpyxl.load_workbook(made)


def rows_of(book: Any, name: str) -> list[dict[str, Any]]:
    """The cells of a sheet's table, by header."""
    sheet = book[name]
    (table,) = sheet.tables.values()
    head, *rows = sheet[table.ref]
    return [{h.value: cell for h, cell in zip(head, row, strict=True)} for row in rows]


def of(book: Any, name: str, area: str) -> dict[str, Any]:
    """The one row of an area."""
    (row,) = [row for row in rows_of(book, name) if row["Area code"].value == area]
    return row


def test_figures_are_the_numbers_of_the_tables(book: Any) -> None:
    row = of(book, "Latest", STOCKPORT)
    # Excel keeps sixteen digits.
    assert row["Value"].value == pytest.approx(12.345678901234567, rel=1e-15)
    assert row["Value"].number_format == "#,##0.00"
    assert (row["Lower 95% limit"].value, row["Upper 95% limit"].value) == (11.5, 13.25)
    assert (row["Count"].value, row["Out of"].value) == (7, None)
    assert row["England's value"].value == 9.75
    assert (row["Area"].value, row["Indicator"].value) == ("Stockport", "Falls")
    assert row["First day"].value.date() == SERIES["period_start"]


def test_a_comparison_is_a_word_and_a_colour(book: Any) -> None:
    row = of(book, "Latest", STOCKPORT)
    assert row["Compared with England"].value == "Worse"
    colour = JUDGED["worse"]["bg_color"].removeprefix("#")
    assert row["Compared with England"].fill.fgColor.rgb == f"FF{colour}"
    assert row["Recent trend"].value == "Increasing, getting worse"
    (cell,) = [row["Stockport"] for row in rows_of(book, "PHOF 2019 on")]
    assert cell.value == pytest.approx(12.345678901234567, rel=1e-15)
    assert cell.number_format == '#,##0.00" worse"'
    assert cell.fill.fgColor.rgb == f"FF{colour}"


def test_a_held_value_is_marked_and_says_why_and_since_when(book: Any) -> None:
    row = of(book, "Latest", TRAFFORD)
    assert row["Value"].value == 8.5
    assert row["Value"].number_format == '#,##0.00" held"'
    assert row["Status"].value == "Held"
    assert row["Why"].value == "Check C42 did not pass; see the sheet Held"
    assert row["Held since"].value == "0.9.0-abc"
    held = of(book, "Held", TRAFFORD)
    assert held["What should be true"].value == "The numerator is within the denominator"
    assert held["What is shown"].value == "The last good value"
    assert of(book, "Five years", TRAFFORD)["Latest value"].number_format == '#,##0.00" held"'


def test_a_hidden_value_is_a_word(book: Any) -> None:
    row = of(book, "Latest", LEEDS)
    assert row["Value"].value == "Hidden"
    assert row["Why"].value == "Hidden by the publisher because few people are counted"
    assert {row[name].value for name in ("Count", "Lower 95% limit", "England's value")} == {None}
    years = of(book, "Five years", LEEDS)
    assert (years["Latest value"].value, years["2 years before"].value) == ("Hidden", "Hidden")
    assert years["1 year before"].value is None


def test_what_to_bear_in_mind_stands_beside_the_figure(book: Any) -> None:
    row = of(book, "Latest", YORK)
    assert row["Value"].number_format == '#,##0.00" break in series"'
    assert row["Bear in mind"].value == "break in series, stale"
    assert row["Why"].value == "It has no confidence limits"
    assert row["Area"].value == YORK


def test_five_years_back_and_no_more(book: Any) -> None:
    row = of(book, "Five years", STOCKPORT)
    back = [row[f"{n} year{'s' if n > 1 else ''} before"].value for n in range(1, 6)]
    assert back == [11.125, None, None, None, 10.0625]
    assert row["5 years before"].number_format == '#,##0.00" provisional"'
    assert "9999.5" not in everything_in(book)


def everything_in(book: Any) -> str:
    return "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    )


def test_it_says_what_it_leaves_out(book: Any) -> None:
    lines = {row[0]: row[1:] for row in book["Contents"].iter_rows(values_only=True) if row[0]}
    assert lines["Values"][0] == 3
    assert lines["Values"][1].startswith("of 10 are not in this workbook")
    assert lines["Practices"][0] == 1
    assert lines["Other series and periods"][0] == 2
    assert lines["Values: held"][0] == 1
    assert lines["Made on"][1] == "26 November 2026"


def test_the_contents_lead_to_every_sheet_and_back(book: Any) -> None:
    assert book.sheetnames[0] == "Contents"
    assert links_of(book, "Contents") == [f"'{name}'!A1" for name in book.sheetnames[1:]]
    for name in book.sheetnames[1:]:
        assert links_of(book, name) == ["'Contents'!A1"]


def links_of(book: Any, name: str) -> list[str]:
    cells = (cell for row in book[name].iter_rows() for cell in row)
    return [cell.hyperlink.location for cell in cells if cell.hyperlink]


def test_headers_stay_in_sight_and_columns_are_wide_enough(book: Any) -> None:
    for name in ("Latest", "Five years", "Held", "PHOF 2019 on", "Definitions"):
        sheet = book[name]
        (table,) = sheet.tables.values()
        first_row = int(re.findall(r"\d+", table.ref)[0])
        assert re.fullmatch(rf"[B-E]{first_row + 1}", sheet.freeze_panes)
        assert table.autoFilter is not None
        assert all(dimension.width >= 9 for dimension in sheet.column_dimensions.values())


def test_a_sheet_prints_one_page_across_and_says_what_it_leaves_out(book: Any) -> None:
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        if not sheet.tables:
            continue
        (table,) = sheet.tables.values()
        first = table.ref.partition(":")[0]
        assert sheet.print_title_rows == f"${first[1:]}:${first[1:]}"
        columns = sheet.print_area.rpartition("$")[0].rpartition("$")[2]
        of = len(table.tableColumns)
        printed = column_index_from_string(columns)
        said = f"{printed} of {of} columns"
        assert (said in (sheet.oddFooter.left.text or "")) == (printed < of), sheet.title


def test_a_long_text_is_read_whole(book: Any) -> None:
    (row,) = rows_of(book, "Definitions")
    cell = row["What is counted"]
    assert cell.alignment.wrap_text
    assert book["Definitions"].row_dimensions[cell.row].height == 3 * 15
    (row,) = rows_of(book, "PHOF 2019 on")
    assert row["Indicator"].alignment.wrap_text


def test_an_indicator_without_limits_says_so(book: Any) -> None:
    (row,) = rows_of(book, "Definitions")
    assert row["Limits by"].value == "No limits"
    assert row["Method"].value is None


def test_made_up_data_say_so_on_every_sheet(book: Any, tmp_path: Path) -> None:
    assert "Made-up" not in everything_in(book).replace("Made-up sample data, to try", "")
    write(tmp_path / "r", make_release(tmp_path / "r", TABLES, synthetic=True))
    marked = openpyxl.load_workbook(tmp_path / "r" / FILE)
    for sheet in marked:
        assert sheet["A2"].value.startswith("Made-up sample data")
        assert "Made-up" in sheet.oddFooter.left.text
    assert marked.properties.description.startswith("Made-up")


def test_the_same_release_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    directory = tmp_path / "again"
    write(directory, make_release(directory, TABLES, counts={"published": 8, "held": 1}))
    assert (directory / FILE).read_bytes() == made.read_bytes()
    assert sorted(path.name for path in directory.iterdir()) == ["data", FILE]


def test_a_full_disk_is_told_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from xlsxwriter.workbook import Workbook

    def full(_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Workbook, "_store_workbook", full)
    with pytest.raises(OSError, match="No space left") as told:
        write(tmp_path / "r", make_release(tmp_path / "r", TABLES))
    assert told.value.errno == errno.ENOSPC


def hostile_release(directory: Path) -> Manifest:
    """Every text of it is one that a spreadsheet might run, follow or read as something else."""
    texts = list(HOSTILE.values())
    rows = [value(text, f"area {text}", 1.5, unit=text, age=text) for text in texts]
    return make_release(
        directory,
        {
            "indicator_values": rows,
            "headlines": [
                *map(headline, rows),
                *(headline(row, "phof", "2019") for row in rows),
            ],
            "indicators": [
                dict.fromkeys(("indicator_id", "title", "note", "unit"), text) | {"decimals": 1}
                for text in texts
            ],
            "areas": [
                {"area_code": f"area {text}", "area_name": text, "area_type": "utla"}
                for text in texts
            ],
            "framework_indicators": [
                {
                    "framework": "phof",
                    "edition": "2019",
                    "code": text,
                    "title": text,
                    "indicator_id": text,
                    "domain_name": text,
                    "framework_name": text,
                }
                for text in texts
            ],
        },
        withdrawn=(Tombstone("key", "x", HOSTILE["formula"], "2026-01-01T00:00:00Z"),),
        publisher_attributions=(HOSTILE["formula"],),
    )


def test_nothing_from_an_extract_can_run_or_be_followed(tmp_path: Path) -> None:
    write(tmp_path / "r", hostile_release(tmp_path / "r"))
    with zipfile.ZipFile(tmp_path / "r" / FILE) as parts:
        for name in parts.namelist():
            body = parts.read(name).decode("utf-8")
            assert "<f>" not in body, name
            assert "<f " not in body, name
            assert 'TargetMode="External"' not in body, name
            assert "ddeLink" not in body, name
            assert "\u202e" not in body, name
    book = openpyxl.load_workbook(tmp_path / "r" / FILE)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type in "fe"]
    shown = {cell.value for cell in cells}
    for name in ("formula", "plus", "minus", "at", "link", "mail", "number", "markup", "lines"):
        assert HOSTILE[name] in shown, name
    assert {r"Stock\u202eport", r"Leeds\x07", r"\t=1+1"} <= shown
    # A spreadsheet that edits such a cell keeps it text.
    assert all(cell.quotePrefix for cell in cells if str(cell.value)[:1] in "=+@")


def test_a_release_of_an_earlier_version_has_a_workbook_too(tmp_path: Path) -> None:
    missing = ("headlines", "domain_summary", "coverage")
    write(tmp_path / "r", make_release(tmp_path / "r", TABLES, missing=missing))
    book = openpyxl.load_workbook(tmp_path / "r" / FILE)
    assert "This release has no such rows." in everything_in(book)
    assert of(book, "Held", TRAFFORD)["Check"].value == "C42"


def test_names_of_sheets_are_short_and_each_is_there_once() -> None:
    names = Names()
    long = "Tower Hamlets Together Outcomes Framework"
    given = [names.name(wanted) for wanted in (long, long, long.upper(), "a/b:c*d?[e]'", "", "")]
    assert given == [
        "Tower Hamlets Together Outcomes",
        "Tower Hamlets Together Outcom 2",
        "TOWER HAMLETS TOGETHER OUTCOM 3",
        "a-bcde",
        "Sheet",
        "Sheet 2",
    ]
    assert all(len(name) <= 31 for name in given)
    assert table_name("ASCOF from 2023-24") == "table_ascof_from_2023_24"


def test_levels_are_shown_from_the_widest_as_far_as_they_fit() -> None:
    sizes = {"practice": 900, "utla": 60, "england": 1, "odd": 5, "district": 50}
    assert room(sizes, 100).shown == ("england", "utla")
    assert room(sizes, 100).said == "districts (50), practices (900), odd (5)"
    assert room(sizes, 2000).left_out == {}
    # However many it has, the widest is shown.
    assert room({"practice": 900}, 100).shown == ("practice",)

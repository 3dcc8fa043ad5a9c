"""Each layout of the later sources: told by its content, its rows read, its faults refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dagster_project.sources import LAYOUTS, fingertips_derived, out_of_scope
from tests.support import landing_files as files
from tests.support import landing_more_files as more
from tests.support.landing_more_cases import REAL
from tests.support.landing_more_files import table
from tests.support.landing_place import Place

csv = files.as_csv


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("more"))
    for name, (content, *_) in REAL.items():
        place.put(name, content)
    place.land()
    return place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize("name", REAL)
def test_each_layout_is_told_by_its_content(landed: Place, name: str) -> None:
    _, layout, read, kept = REAL[name]
    row = next(row for row in landed.ledger() if row["relative_path"] == name)
    assert (row["layout_id"], row["rows_read"], row["rows_kept"]) == (layout, read, kept)


def test_nothing_else_came_of_it(landed: Place) -> None:
    assert [refusal.message for refusal in landed.summary.refused] == []
    assert sorted(landed.summary.landed) == sorted(REAL)
    landed.agrees()


def test_every_layout_of_the_later_sources_is_tried_here() -> None:
    later = {
        *("nhsof", "proms", "shmi", "icb_panel", "bsol_framework", "ascfr", "fingertips_derived"),
        *("indicator_portal", "code_lists", "clinical_codings"),
    }
    tried = {layout for _, layout, _, _ in REAL.values()}
    wanted = {layout.layout_id for layout in LAYOUTS if layout.source_id in later}
    wanted |= {layout.layout_id for layout in fingertips_derived.LAYOUTS}
    assert wanted - tried == set()


def test_a_receipt_says_whether_a_real_file_was_ever_seen(landed: Place) -> None:
    assert landed.receipt(REAL[more.NHSOF_NAME][0])["layout_verified"] is False
    assert landed.receipt(REAL["panel.csv"][0])["layout_verified"] is True
    unverified = {layout.source_id for layout in LAYOUTS if not layout.is_verified}
    assert unverified == {
        *("nhsof", "gp_records", "hospital_emergency_care", "registered_deaths"),
        *("social_care_records", "value_sets"),
    }


def test_markers_stand_beside_figures_and_never_as_figures(landed: Place) -> None:
    assert landed.query(
        "select value, value_marker, numerator from raw.nhsof_values where level = 'E08000007'"
    ) == [(None, "*", None)]
    assert landed.query("select value, value_marker from raw.ascfr_items where value is null") == [
        (None, ":"),
        (None, ":"),
    ]
    assert landed.query(
        "select improved, improved_marker, improved_share from raw.proms_key_facts order by 1"
    ) == [(691.0, None, "69.10%"), (None, "*", "*")]
    assert landed.query("select value_marker from raw.icb_panel where value is null") == [("NA",)]


def test_a_wide_file_is_read_as_a_long_one(landed: Place) -> None:
    assert landed.query(
        "select start_year, modelled_records, adjusted_health_gain, adjusted_health_gain_marker,"
        " outlier from raw.proms_series order by organisation_code, start_year"
    ) == [
        ("2017", 80.0, 0.43, None, "Not an outlier"),
        ("2018", 90.0, 0.441, None, "Not an outlier"),
        ("2017", 0.0, None, "-", "No procedures"),
        ("2018", 0.0, None, "-", "No procedures"),
    ]
    assert landed.query(
        "select quantity, figure, figure_marker from raw.proms_participation"
        " where procedure = 'All Procedures' order by figure nulls first limit 2"
    ) == [("Total HES Procedures", None, "*"), ("Total Pre-Op Qs", 0.0, None)]


def test_questionnaires_are_counted_and_no_row_of_them_is_kept(landed: Place) -> None:
    assert landed.query(
        "select organisation_code, revision_flag, records from raw.proms_record_counts order by 1"
    ) == [("RXX", "0", 5.0), ("RYY", "1", 1.0)]
    row = next(r for r in landed.ledger() if r["layout_id"] == "proms_records")
    assert row["rows_dropped"] == '{"counted_not_kept":4}'
    columns = {
        name
        for (name,) in landed.query(
            "select column_name from information_schema.columns where table_schema = 'raw'"
            " and table_name = 'proms_record_counts'"
        )
    }
    kept = {"organisation_code", "procedure", "revision_flag", "year", "records"}
    assert columns == {"extract_id", *kept}
    # Nor any answer in the warehouse's file: an age band that one row holds is nowhere in it.
    assert landed.files_with(b"70 to 79") == [
        f"landing/{files.sha256(REAL['questionnaires.csv'][0])}/extract"
    ]


def test_line_ends_inside_a_text_are_kept(landed: Place) -> None:
    assert landed.query(
        "select definition from raw.fingertips_next_indicators where indicator_code = '90001'"
    ) == [('One\r\n"two"\rthree',)]


def test_long_codes_are_text_and_are_no_nhs_numbers(landed: Place) -> None:
    codes = landed.column("code_list_members", "code")
    assert {"22164911000001100", "162660004", "10617711000001103"} <= set(codes)
    assert landed.column("fingertips_indicator_list", "domain_number") == [
        "1938133098",
        "1938133081",
    ]


def test_windows_1252_is_read_as_such_though_some_of_it_looks_like_utf_8(landed: Place) -> None:
    assert landed.column("icb_panel_metrics", "metric") == ["Spend (£k)", "Share Ã¢ 20%"]


# What is broken, and the refusal: problem, place, got.
BROKEN: dict[str, tuple[str, Callable[[], bytes], str, str, str]] = {
    "NHSOF without its indicator": (
        "outcomes 2.3.i.csv",
        lambda: csv(more.nhsof_admissions()),
        "doesn't say which indicator it holds",
        "None",
        "'outcomes 2.3.i.csv'",
    ),
    "NHSOF with another mark": (
        more.NHSOF_NAME,
        lambda: csv(files.change(more.nhsof_admissions(), 2, "Indicator value", "800.5 (a)")),
        "not a number",
        "row 2, column 'Indicator value'",
        "'800.5 (a)'",
    ),
    "NHSOF with a footer": (
        more.NHSOF_NAME,
        lambda: csv([*more.nhsof_admissions(), ["Source: nobody", *[""] * 15]]),
        "an empty cell where each row needs one filled",
        "row 7, column 'Breakdown'",
        "nothing (in 1 row)",
    ),
    "PROMs of no year": (
        "Key Facts.csv",
        lambda: csv(more.proms_key_facts()),
        "the period of this PROMs key facts",
        "None",
        "None",
    ),
    "PROMs with a share that is none": (
        "Key Facts 1819.csv",
        lambda: csv(files.change(more.proms_key_facts(), 2, "% Improved", "most")),
        "not a known form",
        "row 2, column '% Improved'",
        "'most' (in 1 row)",
    ),
    "PROMs with counts after shares": (
        "Key Facts 1819.csv",
        lambda: csv([[*r[:6], *r[10:], *r[6:10]] for r in more.proms_key_facts()]),
        "not a number",
        "row 2, column 'Improved'",
        "'69.10%'",
    ),
    "a series without a year": (
        "series.csv",
        lambda: csv(table("OrgCode,OrgName,Procedure,Measure", "RXX,A,Total Hip,EQ VAS")),
        "the file can't be read",
        "None",
        "",
    ),
    "an ICB by its ONS code": (
        "panel.csv",
        lambda: csv(files.change(more.icb_panel(), 2, "org", "E54000039")),
        "not a known form",
        "row 2, column 'org'",
        "'E54000039' (in 1 row)",
    ),
    "a cell given twice": (
        "panel.csv",
        lambda: csv([*more.icb_panel(), ["2021", "QUY", "A metric of no known year", "4", "x"]]),
        "one cell is given two different values",
        "row 5 and row 6",
        "year 2021, icb_ods_code QUY, metric A metric of no known year",
    ),
    "a council that has no code": (
        "activity.csv",
        lambda: csv(files.change(more.ascfr("activity"), 2, "GEOGRAPHY_CODE", "Stockport")),
        "not a known form",
        "row 2, column 'GEOGRAPHY_CODE'",
        "'Stockport' (in 1 row)",
    ),
    "a fraction that is a word": (
        "fractions.csv",
        lambda: csv(files.change(more.alcohol_fractions(), 2, "Fraction", "some")),
        "not a number",
        "line 2, column 'Fraction'",
        "'some'",
    ),
    "questionnaires with a number of a person": (
        "questionnaires.csv",
        lambda: csv(
            files.change(
                more.proms_records(), 3, "Stroke", files.nhs_number(1)
            )  # one, in an answer
        ),
        "the file holds NHS numbers",
        "column 'Stroke'",
        "1 valid NHS number",
    ),
    "a portal that is something else further on": (
        "portal.json",
        lambda: files.as_json([*more.portal(), {"unique identifier": "P00002", "title": "x"}]),
        "not all of the document has the shape",
        "item 3 or near it",
        "KeyError: 'sources'",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_refused_in_words_that_help(place: Place, what: str) -> None:
    name, make, problem, where, got = BROKEN[what]
    place.put(name, make())
    place.land()
    refusal = place.refused(name)
    assert problem in refusal.problem
    assert str(refusal.place) == where
    assert got in str(refusal.got)
    place.agrees()


# A workbook is matched by the same code; JSON is by its keys.
@pytest.mark.parametrize("name", [name for name in REAL if name.endswith(".csv")])
def test_without_its_first_column_it_is_not_the_layout(place: Place, name: str) -> None:
    content = REAL[name][0]
    header, _, rest = content.partition(b"\n")
    first = header.split(b",")[0].strip(b'"\r')
    place.put(name, header.replace(first, b"Renamed", 1) + b"\n" + rest)
    place.land()
    assert [row["layout_id"] for row in place.ledger()] == []
    assert re.match("nearly the layout|no source here", place.refused(name).problem)


def test_no_declaration_covers_what_a_layout_reads() -> None:
    """What is declared to be left would never be read, whatever layout were added for it."""
    for layout in LAYOUTS:
        names = [field.headers[0] for field in layout.fields]
        container = layout.container
        assert out_of_scope.declared_as("file.csv", container, names) is None, layout.layout_id

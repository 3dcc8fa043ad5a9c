"""What is read is what stands in the file: nothing guessed, nothing changed, nothing lost."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dagster_project.landing import recognise
from dagster_project.sources.layout import Extract
from tests.support import landing_files as files
from tests.support.landing_files import as_csv, change, fingertips
from tests.support.landing_place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def values(place: Place, content: bytes, column: str = "value") -> list[Any]:
    """That column of a Fingertips CSV, once it has landed."""
    place.put("export.csv", content)
    summary = place.land()
    assert summary.refused == []
    return place.column("fingertips_values", f'"{column}"')


def test_figures_are_read_in_full_and_gaps_stay_gaps(place: Place) -> None:
    table = change(fingertips(), 2, "Value", "0.454920942252378")
    table = change(table, 3, "Value", "")
    table = change(table, 4, "Value", " 1.5E-3 ")
    assert values(place, as_csv(table)) == [0.454920942252378, None, 0.0015]


def test_a_figure_of_spaces_is_a_gap(place: Place) -> None:
    assert values(place, as_csv(change(fingertips(), 3, "Value", "  "))) == [11.15, None, 13.35]


def test_a_new_line_inside_a_name_belongs_to_it(place: Place) -> None:
    table = change(fingertips(), 2, "Indicator Name", "Rate per 100,000\n")
    assert values(place, as_csv(table), "indicator_name")[0] == "Rate per 100,000\n"


def test_html_in_a_note_is_kept_as_it_is(place: Place) -> None:
    note = '<span class="tooltipValueNote">* Value "suppressed", for <b>disclosure</b></span>'
    table = change(fingertips(), 2, "Value note", note)
    assert values(place, as_csv(table), "value_note") == [note, None, None]


def test_control_characters_in_a_cell_are_kept_as_they_are(place: Place) -> None:
    table = change(fingertips(), 2, "Area Name", "\x1b[31mCouncil")
    assert values(place, as_csv(table), "area_name")[0] == "\x1b[31mCouncil"


def test_a_long_note_is_kept_whole(place: Place) -> None:
    note = "x" * 1_000_000
    table = change(fingertips(), 2, "Value note", note)
    assert values(place, as_csv(table), "value_note")[0] == note


def test_rows_that_lack_the_last_columns_are_filled_up(place: Place) -> None:
    table = fingertips()
    table[2] = table[2][:26]
    table[3] = table[3][:24]
    assert values(place, as_csv(table), "time_period_range") == ["1y", None, None]
    assert place.column("fingertips_values", "value") == [11.15, 12.25, 13.35]
    assert place.kept(as_csv(table)) is False


def test_a_file_whose_rows_are_all_short_needs_no_last_line_end(place: Place) -> None:
    header, *rows = fingertips()
    content = as_csv([header, *(row[:26] for row in rows)])
    assert values(place, content.rstrip(b"\n")) == [11.15, 12.25, 13.35]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(place: Place, newline: str) -> None:
    assert values(place, as_csv(fingertips(), newline=newline)) == [11.15, 12.25, 13.35]


def test_two_kinds_of_line_end_in_one_file_will_do(place: Place) -> None:
    table = fingertips()
    content = as_csv(table[:2], newline="\r\n") + as_csv(table[2:])
    assert values(place, content) == [11.15, 12.25, 13.35]


def test_blank_lines_are_no_rows(place: Place) -> None:
    table = fingertips()
    content = as_csv(table[:2]) + b"\n" + as_csv([table[2][:26], table[3]]) + b"\n\n"
    assert values(place, content) == [11.15, 12.25, 13.35]


def test_a_name_that_a_program_would_take_for_a_pattern_reads_that_file(place: Place) -> None:
    # DuckDB takes [1] for any of these characters: without care it reads the other file.
    place.put("export1.csv", as_csv(fingertips(indicator="90001")))
    place.put("export[1].csv", as_csv(fingertips(indicator="90002")))
    place.put("export*.csv", as_csv(fingertips(indicator="90003")))
    place.put("lookup[1]", files.lookup())
    assert place.land().refused == []
    found = place.query(
        "select distinct relative_path, indicator_code from raw.fingertips_values"
        " inner join raw.extracts using (extract_id) order by all"
    )
    assert found == [
        ("export*.csv", "90003"),
        ("export1.csv", "90001"),
        ("export[1].csv", "90002"),
    ]


def test_a_home_whose_path_looks_like_a_pattern_works(tmp_path: Path) -> None:
    place = Place(tmp_path / "it's [a] home*")
    place.put("lookup", files.lookup())
    assert values(place, as_csv(fingertips())) == [11.15, 12.25, 13.35]
    place.home.warehouse.unlink()
    place.land()
    assert place.column("fingertips_values", "value") == [11.15, 12.25, 13.35]


def test_a_csv_that_is_named_as_packed_is_read_as_it_is(place: Place) -> None:
    place.put("export.csv.gz", as_csv(fingertips()))
    assert place.land().landed == ["export.csv.gz"]


def test_marks_stand_beside_their_figures(place: Place) -> None:
    place.put("2020-21.csv", as_csv(files.ascof()))
    place.land()
    assert place.query(
        "select measure_value, measure_value_marker from raw.ascof_measures order by rowid"
    ) == [(61.5, None), (None, "[c]"), (None, "[x]")]


def test_equal_rows_are_kept_once_and_counted(place: Place) -> None:
    table = fingertips()
    # England's row is repeated for each parent area: the same cell, another parent.
    repeated = change(table, 2, "Parent Code", "E12000001")[1]
    place.put("export.csv", as_csv([*table, repeated, table[1], table[2]]))
    summary = place.land()
    assert summary.refused == []
    assert (summary.rows_read, summary.rows_dropped) == (6, {"repeated_row": 3})
    row = place.ledger()[0]
    assert (row["rows_read"], row["rows_kept"]) == (6, 3)
    assert json.loads(row["rows_dropped"]) == {"repeated_row": 3}
    assert place.receipt(as_csv([*table, repeated, table[1], table[2]]))["rows_dropped"] == {
        "repeated_row": 3
    }
    assert place.column("fingertips_values", "parent_code") == ["E92000001"] * 3


def test_equal_rows_of_a_table_that_is_all_key_are_kept_once(place: Place) -> None:
    table = files.council_codes()
    place.put("codes.csv", as_csv([*table, table[1]]))
    assert place.land().rows_dropped == {"repeated_row": 1}


def test_where_a_layout_hides_a_cut_all_its_rows_are_dropped(place: Place) -> None:
    table = files.fingertips_next()
    other = change(table, 2, "Value", "77.7")[1]
    place.put("next.csv", as_csv([*table, other, table[2]]))
    summary = place.land()
    assert summary.rows_dropped == {"cut_not_stated": 2, "repeated_row": 1}
    assert place.column("fingertips_next_values", "value") == [2.5, 3.5, 4.5]


def test_the_row_that_is_named_counts_new_lines_in_cells_as_a_spreadsheet_does(
    place: Place,
) -> None:
    table = change(fingertips(), 2, "Area Name", "Council\n1\n")
    place.put("export.csv", as_csv(change(table, 4, "Value", "inf")))
    place.land()
    assert place.refused("export.csv").place == "row 4, column 'Value'"


def test_the_line_that_is_named_is_where_the_row_begins(place: Place) -> None:
    table = change(fingertips(), 2, "Area Name", "Council\n1\n")
    place.put("export.csv", as_csv(change(table, 4, "Value", "1*")))
    place.land()
    # Two lines more than rows, for the new lines in the first name.
    assert place.refused("export.csv").place == "line 6, column 'Value'"


# JSON and Parquet.


def test_a_parquet_column_is_found_whatever_its_case(place: Place) -> None:
    content = files.lookup(("LTLA21 Code", "LTLA21_Name", "utla21_code", "UTLA21_NAME"))
    place.put("lookup.parquet", content)
    assert place.land().refused == []
    assert place.query("select child_code, parent_name from raw.area_links order by all limit 1")


def test_numbers_and_gaps_in_json_are_kept(place: Place) -> None:
    document = files.fingertips_metadata()
    document["90002"] = {**document["90001"], "IID": 90002, "Unit": None, "Polarity": "none"}
    place.put("metadata.json", files.as_json(document))
    assert place.land().refused == []
    assert place.query(
        "select indicator_code, unit_value, polarity from raw.fingertips_metadata order by 1"
    ) == [("90001", 100.0, "BOB - Blue orange blue"), ("90002", None, None)]


def test_no_raw_table_ever_holds_what_is_no_number(place: Place) -> None:
    place.put("good.csv", as_csv(fingertips()))
    place.put("bad.csv", as_csv(change(fingertips(indicator="90002"), 2, "Value", "nan")))
    place.land()
    found = place.column("fingertips_values", "value")
    assert len(found) == 3
    assert all(math.isfinite(value) for value in found)


def test_an_unrecognised_extract_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "extract"
    path.write_bytes(as_csv(fingertips()))
    extract = Extract(path, "export.csv", path.stat().st_size, "0" * 64)
    found = recognise.recognise(extract, {})
    assert found.layout_version == "fingertips_csv/27 columns"
    assert replace(found, period="2021").layout is found.layout

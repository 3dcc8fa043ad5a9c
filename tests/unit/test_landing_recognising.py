"""Every layout is told by its content, whatever the file is called and however it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import landing_files as files
from tests.support.landing_place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def noted(rows: files.Table, note: str = "café") -> files.Table:
    """A table with a character that isn't ASCII, in a description."""
    return files.change(rows, 2, "Geographical Description", note)


# Name, content, layout and rows: the name says nothing, save where the layout needs a period.
REAL = {
    "27 columns.txt": (files.as_csv(files.fingertips()), "fingertips_csv", 3),
    "26 columns.dat": (
        files.as_csv(files.fingertips(26), quote_all=True, newline="\r\n"),
        "fingertips_csv",
        3,
    ),
    "with a mark.csv": (b"\xef\xbb\xbf" + files.as_csv(files.fingertips()), "fingertips_csv", 3),
    "names joined.csv": (
        files.as_csv(
            [[name.replace(" ", "_") for name in files.fingertips()[0]], *files.fingertips()[1:]]
        ),
        "fingertips_csv",
        3,
    ),
    "region.csv": (
        files.as_csv(
            files.renamed(
                files.fingertips(26),
                "Compared to percentiles",
                "Compared to Region value or percentiles",
            )
        ),
        "fingertips_csv",
        3,
    ),
    "no range.csv": (
        files.as_csv(
            files.renamed(files.fingertips(26), "Compared to percentiles", "Column not used")
        ),
        "fingertips_csv",
        3,
    ),
    "api": (files.as_csv(files.fingertips_api()), "fingertips_api_values", 3),
    "next.csv": (files.as_csv(files.fingertips_next()), "fingertips_next_health_data", 4),
    "metadata.txt": (files.as_json(files.fingertips_metadata()), "fingertips_metadata_json", 1),
    "ascof 2020-21.xlsx": (files.as_xlsx({"in": files.ascof()}), "ascof_open_data_xlsx", 3),
    "ascof 2019-20.csv": (files.as_csv(files.ascof()), "ascof_open_data_csv", 3),
    "ascof 2018-19.csv": (
        files.as_csv(noted(files.ascof_2018()), encoding="cp1252"),
        "ascof_open_data_csv",
        3,
    ),
    "ascof 2022-23.csv": (files.as_csv(files.ascof_2022()), "ascof_open_data_csv", 3),
    "ascof 2024-25.csv": (files.as_csv(files.ascof_2024()), "ascof_open_data_csv", 3),
    "series.csv": (files.as_csv(files.ascof_series()), "ascof_compiled_series", 2),
    "PREVALENCE_2021.csv": (files.as_csv(files.qof_prevalence()), "qof_prevalence", 3),
    "MAPPING_NHS_GEOGRAPHIES_2021.csv": (
        files.as_csv(files.qof_geography()),
        "qof_practice_geography",
        3,
    ),
    "MAPPING_INDICATORS_2021.csv": (files.as_csv(files.qof_indicators()), "qof_indicator_map", 1),
    "E06.json": (files.as_json(files.code_history()), "ons_code_history", 2),
    "areas.json": (files.as_json(files.fingertips_areas()), "fingertips_areas", 3),
    "list.json": (files.as_json(files.fingertips_area_list()), "fingertips_area_list", 2),
    "parents.json": (files.as_json(files.fingertips_area_parents()), "fingertips_area_parents", 3),
    "register.csv": (files.as_csv(files.council_register()), "council_register", 1),
    "gss.csv": (files.as_csv(files.council_codes()), "council_codes", 2),
    "lookup.bin": (files.lookup(), "lookup_ltla21_utla21", 3),
}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("real"))
    for name, (content, _, _) in REAL.items():
        place.put(name, content)
    place.land()
    return place


@pytest.mark.parametrize("name", REAL)
def test_each_layout_is_told_by_its_content(real: Place, name: str) -> None:
    _, layout, rows = REAL[name]
    row = next(row for row in real.ledger() if row["relative_path"] == name)
    assert (row["layout_id"], row["rows_read"], row["rows_kept"]) == (layout, rows, rows)


def test_nothing_else_came_of_it(real: Place) -> None:
    assert real.summary.refused == []
    assert sorted(real.summary.landed) == sorted(REAL)
    real.agrees()


def test_text_in_windows_1252_is_read_as_such(real: Place) -> None:
    names = real.query(
        "select geographical_description from raw.ascof_measures inner join raw.extracts"
        " using (extract_id) where relative_path = 'ascof 2018-19.csv' order by 1"
    )
    assert ("café",) in names
    encodings = {row["relative_path"]: row["encoding"] for row in real.ledger()}
    assert encodings["ascof 2018-19.csv"] == "cp1252"
    assert encodings["ascof 2019-20.csv"] == "utf-8"


def test_two_parents_are_two_rows_and_no_parent_is_one(real: Place) -> None:
    found = real.query("select area_code, parent_code from raw.area_hierarchy order by all")
    assert found == [
        ("E06000901", None),
        ("E06000902", "E12000001"),
        ("E06000902", "E92000001"),
    ]


@pytest.mark.parametrize("step", [2, 5, 26])
def test_columns_in_another_order_are_read_by_their_names(place: Place, step: int) -> None:
    table = files.fingertips()
    order = [number * step % 27 for number in range(27)]
    assert sorted(order) == list(range(27))
    place.put("shuffled.csv", files.as_csv([[row[n] for n in order] for row in table]))
    assert place.land().refused == []
    assert place.query(
        'select area_code, value, lower_95, "count", time_period_range, compared_to_england,'
        " compared_to_parent from raw.fingertips_values order by 1 limit 1"
    ) == [("E06000901", 11.15, 10.5, 100.0, "1y", "Similar", "Not compared")]


NEARLY: dict[str, tuple[Callable[[], files.Table], str]] = {
    "missing": (lambda: files.without(files.fingertips(), "Area Code"), "without 'Area Code'"),
    "renamed": (
        lambda: files.renamed(files.fingertips(), "Count", "Numerator"),
        "without 'Count'; with 'Numerator', which it doesn't have",
    ),
    "extra": (
        lambda: [[*row, "x"] for row in files.fingertips()],
        "with 'x', which it doesn't have",
    ),
    "without a name": (
        lambda: [[*row, ""] for row in files.fingertips()],
        "with '', which it doesn't have",
    ),
    "repeated": (
        lambda: [[*row[:13], row[12], *row[13:]] for row in files.fingertips()],
        "with 'Value' more than once",
    ),
    "of the other case and repeated": (
        lambda: [
            [*row, "VALUE" if number == 0 else "1"] for number, row in enumerate(files.fingertips())
        ],
        "with 'VALUE' more than once",
    ),
}


@pytest.mark.parametrize("what", NEARLY)
def test_nearly_a_layout_is_refused_with_the_difference(place: Place, what: str) -> None:
    make, difference = NEARLY[what]
    content = files.as_csv(make())
    place.put("export.csv", content)
    place.put("good.csv", files.as_csv(files.fingertips()))
    assert place.land().landed == ["good.csv"]
    refusal = place.refused("export.csv")
    assert refusal.problem.startswith("nearly the layout of Fingertips indicator data")
    assert refusal.place == "header"
    assert refusal.got == difference
    assert refusal.expected == "the columns of fingertips_csv"
    assert "restore the header" in str(refusal.fix)
    assert place.reason(content)["got"] == difference
    assert place.kept(content)


def test_names_swapped_without_their_data_are_seen_in_the_data(place: Place) -> None:
    table = files.fingertips()
    header = ["Area Code" if n == "Value" else "Value" if n == "Area Code" else n for n in table[0]]
    place.put("swapped.csv", files.as_csv([header, *table[1:]]))
    place.land()
    refusal = place.refused("swapped.csv")
    assert refusal.problem == "not a number"
    assert refusal.place == "line 2, column 'Value'"
    assert refusal.got == "'E06000901'"
    assert refusal.expected == "a number, or nothing"


def test_two_text_columns_swapped_are_seen_by_the_form_of_codes(place: Place) -> None:
    table = files.fingertips()
    header = [
        "Area Code" if n == "Area Name" else "Area Name" if n == "Area Code" else n
        for n in table[0]
    ]
    place.put("swapped.csv", files.as_csv([header, *table[1:]]))
    place.land()
    refusal = place.refused("swapped.csv")
    assert refusal.problem == "not a known form"
    assert refusal.place == "row 2, column 'Area Code'"
    assert refusal.got == "'Council 1' (in 1 row)"


@pytest.mark.parametrize(
    ("delimiter", "said"), [(";", "semicolons"), ("\t", "tabs"), ("|", "pipes")]
)
def test_another_delimiter_is_named(place: Place, delimiter: str, said: str) -> None:
    content = files.as_csv(files.fingertips(), delimiter=delimiter)
    place.put("export.csv", content)
    place.land()
    refusal = place.refused("export.csv")
    assert refusal.problem == "the fields aren't separated by commas"
    assert (refusal.place, refusal.got) == ("line 1", f"{said} between the names")
    assert refusal.fix == "save it as a comma-separated file"
    assert place.kept(content)


def test_what_no_source_has_is_told_with_the_nearest_layout(place: Place) -> None:
    place.put("staff.csv", b"Surname,Grade,Value\nSmith,7,1\n")
    place.land()
    refusal = place.refused("staff.csv")
    assert refusal.problem == "no source here has this layout"
    assert refusal.got == "'Surname', 'Grade', 'Value'"
    assert "the nearest is" in str(refusal.expected)
    assert "add a layout for it" in str(refusal.fix)


def test_of_what_shares_no_column_no_layout_is_the_nearest(place: Place) -> None:
    place.put("wards.csv", b"Ward,Fallers,Of what\nAvondale,12,1\n")
    place.land()
    expected = "one of the layouts in docs/reference/sources.md"
    assert place.refused("wards.csv").expected == expected


@pytest.mark.parametrize(
    ("document", "got"),
    [
        ({"results": [], "next": None}, "an object with the keys 'results', 'next'"),
        ([1, 2, 3], "a list of 3 items"),
        ([], "a list of 0 items"),
        ({}, "an object with no keys"),
    ],
)
def test_json_of_another_shape_is_described(place: Place, document: object, got: str) -> None:
    content = files.as_json(document)
    place.put("answer.json", content)
    place.land()
    refusal = place.refused("answer.json")
    assert refusal.problem == "a JSON document of a shape that no source here has"
    assert refusal.got == got
    assert "ONS code history" in str(refusal.expected)
    assert place.kept(content)


@pytest.mark.parametrize(
    ("above", "line", "where", "got"),
    [
        (b"Smoking, England\n", 2, "line 1", "'Smoking, England'"),
        (b"Title\n\nFrom: a spreadsheet\n\n", 5, "lines 1 to 4", "'Title' and what follows it"),
        (b'"A title\nin two lines"\n', 3, "lines 1 to 2", "'A title\\nin two lines'"),
    ],
)
def test_a_title_above_the_header_is_said_to_be_one(
    place: Place, above: bytes, line: int, where: str, got: str
) -> None:
    place.put("title.csv", above + files.as_csv(files.fingertips()))
    place.land()
    refusal = place.refused("title.csv")
    assert refusal.problem == (
        "the header that Fingertips indicator data (CSV, 25 to 27 columns) expects stands on"
        f" line {line}, and not on the first"
    )
    assert (refusal.place, refusal.got) == (where, got)
    assert str(refusal.fix).startswith("delete the ")


def test_what_only_has_a_header_far_below_has_none(place: Place) -> None:
    place.put("deep.csv", b"x\n" * 60 + files.as_csv(files.fingertips()))
    place.land()
    assert place.refused("deep.csv").problem == "no source here has this layout"

"""One NHS number refuses a file at the door, and nothing of it stays but a note."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field

import openpyxl
import pytest

from dagster_project.landing import nhs_numbers
from tests.support import landing_files as files
from tests.support.landing_files import (
    as_csv,
    as_json,
    as_parquet,
    as_xlsx,
    as_zip,
    change,
    fingertips,
)
from tests.support.landing_place import Place, snapshot
from tests.support.numbers_of_people import HYPHENED, LINES, NEEDLES, NOTE, ONE, SPACED, WRONG

# The number itself.


def test_the_published_example_is_valid() -> None:
    # NHS Data Dictionary, NHS NUMBER: the worked example of the check digit.
    assert nhs_numbers.has_valid_check_digit("9434765919")
    assert not nhs_numbers.has_valid_check_digit("9434765918")


def test_a_check_digit_of_ten_is_never_valid() -> None:
    bodies = [f"999{n:06d}" for n in range(200)]
    without = [b for b in bodies if not any(map(nhs_numbers.has_valid_check_digit, tens(b)))]
    assert 5 < len(without) < 40
    for body in set(bodies) - set(without):
        assert sum(map(nhs_numbers.has_valid_check_digit, tens(body))) == 1


def tens(body: str) -> list[str]:
    return [f"{body}{digit}" for digit in range(10)]


@pytest.mark.parametrize(
    ("text", "how_many"),
    [
        (ONE, 1),
        (SPACED, 1),
        (HYPHENED, 1),
        (SPACED.replace(" ", "\N{NO-BREAK SPACE}"), 1),
        (HYPHENED.replace("-", "\N{EN DASH}"), 1),
        (NOTE, 1),
        (f"{ONE},{ONE};{SPACED}", 3),
        (f"{ONE}.0", 1),
        (f"No.{ONE}.", 1),
        (f"NHS{ONE}x", 1),
        (WRONG, 0),
        (f"{ONE}.5", 0),
        (f"0.{ONE}", 0),
        (f".{ONE}", 0),
        (f"1{ONE}", 0),
        (f"{ONE}1", 0),
        (f"{ONE[:3]} {ONE[3:6]}-{ONE[6:]}", 0),
        (f"{ONE[:5]} {ONE[5:]}", 0),
        ("", 0),
    ],
)
def test_what_counts_as_a_number(text: str, how_many: int) -> None:
    assert len(nhs_numbers.find_in(text)) == how_many
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32", "cp1252"):
        if encoding.startswith("utf-") and encoding != "utf-8" and "\N{EN DASH}" in text:
            continue
        padded = f" {text} y".encode(encoding, "replace")
        assert sum(nhs_numbers.find_in_bytes([padded]).values()) == how_many, encoding


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10, 11, 64, 100, 1000])
def test_a_number_is_found_once_wherever_the_bytes_are_parted(size: int) -> None:
    text = f"a,{ONE},0.123456789012345,{SPACED}\n{WRONG},{HYPHENED} 12\n".encode() * 20
    parts = [text[start : start + size] for start in range(0, len(text), size)]
    assert nhs_numbers.find_in_bytes(parts) == {ONE: 60}


def test_masking_leaves_everything_else() -> None:
    assert nhs_numbers.masked(f"a {SPACED} b {WRONG}") == f"a [NHS number] b {WRONG}"


# At the door.


@dataclass(frozen=True)
class Case:
    """A file with an NHS number in it, and where the note must say it stands."""

    content: bytes
    place: str | None
    how_many: int = 1
    needles: tuple[bytes, ...] = field(default=NEEDLES)


def commented() -> bytes:
    """A workbook with a number in a comment, and none in its cells."""
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx({"in": files.ascof()})))
    book["in"]["A2"].comment = openpyxl.comments.Comment(NOTE, "somebody")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def in_two_fonts() -> bytes:
    """A workbook whose number stands in two runs of rich text."""
    runs = f"<r><t>{ONE[:4]}</t></r><r><rPr><b/></rPr><t>{ONE[4:]}</t></r>"
    content = as_xlsx({"s": [["a", "b"], ["MARK", 2]]})
    return files.edit_zip(
        content, "xl/worksheets/sheet1.xml", b"<is><t>MARK</t></is>", f"<is>{runs}</is>".encode()
    )


def deep_zip() -> bytes:
    inner = as_zip({"list.csv": f"a,b\n1,{ONE}\n".encode()})
    return as_zip({"inner.zip": as_zip({"middle.zip": inner})})


CASES: dict[str, Case] = {
    # In the text columns of a layout.
    "note.csv": Case(as_csv(change(fingertips(), 3, "Value note", NOTE)), "column 'Value note'"),
    "name.csv": Case(as_csv(change(fingertips(), 2, "Area Name", HYPHENED)), "column 'Area Name'"),
    "plain.csv": Case(as_csv(change(fingertips(), 2, "Age", ONE)), "column 'Age'"),
    "ascof 2020-21.csv": Case(
        as_csv(change(files.ascof(), 2, "Disaggregation Level", f"café {ONE}"), encoding="cp1252"),
        "column 'Disaggregation Level'",
    ),
    "mark 2021-22.csv": Case(
        as_csv(change(files.ascof_2022(), 2, "Measure_Value", SPACED)), "column 'Measure_Value'"
    ),
    # Inside a code's text, where a code alone might stand by chance.
    "code.csv": Case(
        as_csv(change(fingertips(), 2, "Parent Code", f"see {ONE}")), "column 'Parent Code'"
    ),
    # Beside what a layout reads: another column, another sheet, another key.
    "register.csv": Case(
        as_csv(change(files.council_register(), 2, "notes", NOTE)), "column 'notes'"
    ),
    "second sheet 2020-21.xlsx": Case(
        as_xlsx({"in": files.ascof(), "Sheet2": [["Name"], [f"Smith {SPACED}"]]}),
        "sheet 'Sheet2', column 1",
    ),
    "beside the table 2020-21.xlsx": Case(
        as_xlsx({"in": [*files.ascof()[:1], [*files.ascof()[1], ONE], *files.ascof()[2:]]}),
        "sheet 'in', column 11",
    ),
    "above the table 2020-21.xlsx": Case(
        as_xlsx({"in": [[f"For {SPACED}"], *files.ascof()]}), "sheet 'in', column 1"
    ),
    "comment 2020-21.xlsx": Case(commented(), "part 'xl/comments/comment1.xml'"),
    "metadata.json": Case(
        as_json({"1": {**files.fingertips_metadata()["90001"], "Notes": {"Text": NOTE}}}),
        "key 'Text'",
    ),
    "dropped.parquet": Case(
        as_parquet(
            {
                "ltla21_code": ["E07000001", None],
                "ltla21_name": ["Place", NOTE],
                "utla21_code": ["E10000001", None],
                "utla21_name": ["Place", "Place"],
            }
        ),
        "column 'ltla21_name'",
    ),
    # Where no layout vouches for anything.
    "list.csv": Case(LINES.encode(), "column 'Number'", 2),
    "semicolons.csv": Case(LINES.replace(",", ";").encode(), "column 'Number'", 2),
    "list.txt": Case(f"Smith {ONE}\nJones\n".encode(), "column 1"),
    "no header.csv": Case(f"Smith,{ONE},1980-01-02\nJones,1,2\n".encode(), "column 2"),
    "old.csv": Case(LINES.replace("Smith", "Smíth").encode("cp1252"), "column 'Number'", 2),
    "wide.csv": Case(LINES.encode("utf-16"), "column 'Number'", 2),
    "wide without mark.csv": Case(LINES.encode("utf-16-le"), "column 'Number'", 2),
    "floats.csv": Case(f"Name,Number\nSmith,{ONE}.0\n".encode(), "column 'Number'"),
    "never closed.csv": Case(f'a,b\n1,"{ONE}\n'.encode() + b"x" * 200_000, None),
    "list.xlsx": Case(as_xlsx({"People": [["Name", "Number"], ["S", ONE]]}), "sheet 'People'"),
    "text list.xlsx": Case(
        as_xlsx({"People": [["Name", "Number"], ["S", f"'{SPACED}"]]}), "sheet 'People', column 2"
    ),
    "two fonts.xlsx": Case(in_two_fonts(), "sheet 's', column 1", 1, ()),
    "list.parquet": Case(as_parquet({"name": ["S"], "number": [int(ONE)]}), "column 'number'"),
    "double.parquet": Case(as_parquet({"n": [float(ONE), None, 1.5]}), "column 'n'", 1, ()),
    "list.json": Case(as_json([{"name": "S", "nhs": SPACED}]), "key 'nhs'"),
    "number.json": Case(as_json({"results": [{"nhs": int(ONE)}]}), "key 'nhs'"),
    "key.json": Case(as_json({ONE: {"name": "S"}}), "a key"),
    "damaged.json": Case(f'[{{"nhs": "{ONE}"'.encode(), None),
    "page.html": Case(f"<html><td>{SPACED}</td></html>".encode(), "column 1"),
    "letter.docx": Case(
        as_zip({"[Content_Types].xml": b"<a/>", "word/document.xml": f"<t>{ONE}</t>".encode()}),
        "part 'word/document.xml'",
    ),
    "table.ods": Case(
        as_zip({"mimetype": b"x", "content.xml": f"<text:p>{SPACED}</text:p>".encode()}),
        "part 'content.xml'",
    ),
    # In zips that are refused whole, however deep.
    "evil.zip": Case(as_zip({"../x.csv": LINES.encode()}), "part '../x.csv'", 2),
    "deep.zip!inner.zip": Case(deep_zip(), "part 'middle.zip!list.csv'"),
    # Refused for something else, if this weren't in it.
    "cut.csv": Case(
        as_csv(change(fingertips(), 2, "Value note", NOTE))[:-60], "column 'Value note'"
    ),
    "other fault.csv": Case(
        as_csv(change(change(fingertips(), 2, "Value note", NOTE), 3, "Value", "1*")),
        "column 'Value note'",
    ),
    "SYNTHETIC_list.csv": Case(LINES.encode() + b"x,y,z\n", "column 'Number'", 2),
}
GOOD = {
    "good.csv": as_csv(fingertips(indicator="90041")),
    "good.zip": as_zip(
        {"a.csv": LINES.replace("Name", "Who").encode(), "b.csv": as_csv(fingertips())}
    ),
}


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("people"))
    for name, content in GOOD.items():
        place.put(name, content)
    for name, case in CASES.items():
        place.put(name.split("!")[0], case.content)
    before = snapshot(place.inbox)
    place.land()
    assert snapshot(place.inbox) == before
    return place


@pytest.mark.parametrize("name", CASES)
def test_the_file_is_refused_with_where_and_how_many(landed: Place, name: str) -> None:
    case, refusal = CASES[name], landed.refused(name)
    assert refusal.problem == (
        "the file holds NHS numbers, so it isn't taken in and no copy is kept"
    )
    if case.place is None:
        assert refusal.place is None
    else:
        assert str(refusal.place).startswith(case.place)
    assert refusal.got == f"{case.how_many} valid NHS number{'s' if case.how_many > 1 else ''}"
    assert refusal.expected == "no data that identify a person"
    assert "delete the file, tell the sender" in str(refusal.fix)


@pytest.mark.parametrize("name", [name for name in CASES if "!" not in name])
def test_only_a_note_is_kept(landed: Place, name: str) -> None:
    case = CASES[name]
    reason = landed.reason(case.content)
    assert reason["bytes_kept"] is False
    assert reason["name"] == name
    entry = landed.home.quarantine / files.sha256(case.content)
    assert [path.name for path in entry.iterdir()] == ["reason.json"]
    assert not (landed.home.landing / entry.name).exists()


def test_a_member_of_a_zip_is_refused_and_its_neighbour_lands(landed: Place) -> None:
    assert landed.refused("good.zip!a.csv").place == "column 'Number'"
    assert sorted(landed.summary.landed) == ["good.csv", "good.zip!b.csv"]
    assert len(landed.summary.refused) == len(CASES) + 1


def test_no_number_and_no_name_is_anywhere_in_the_home(landed: Place) -> None:
    assert landed.files_with(*NEEDLES, ONE[:9].encode()) == []
    assert landed.files_with(b"Smith", b"Jones", b"see letter") == []
    for refusal in landed.summary.refused:
        assert not nhs_numbers.find_in(refusal.message)
        assert ONE not in json.dumps(refusal.as_dict())
        assert "Smith" not in refusal.message
    landed.agrees()


def test_the_needles_would_be_found() -> None:
    # The search of the home is itself put to the test.
    assert any(needle in LINES.encode() for needle in NEEDLES)

"""Content that is declared to be left unread: named, and neither landed nor quarantined."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dagster_project.errors import OutOfScopeError
from dagster_project.landing import readers
from dagster_project.sources import out_of_scope
from tests.support import landing_files as files
from tests.support.landing_place import Place

HES = b"FYEAR,PARTYEAR,PSEUDO_HESID,AEKEY,AEDEPTTYPE\n0708,200799,TEST1,9434765919,01\n"
SHEETS = ("Contents", "ProfileIDs", "GroupIDs", "IndicatorIDs", "AreaTypeIDs", "VersionControl")


def ods(*sheets: str) -> bytes:
    """An OpenDocument spreadsheet, as far as its sheets' names go."""
    tables = "".join(f'<table:table table:name="{name}"></table:table>' for name in sheets)
    return files.as_zip(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content>{tables}</office:document-content>".encode(),
        }
    )


LEFT: dict[str, tuple[bytes, str]] = {
    "stays.csv": (HES, "Accident and emergency records of before 2020"),
    "README.md": (b"# What is here\n\nWords, and more words.\n", "A document in Markdown"),
    "list.csv": (
        b"folder,file,publisher,what,repository,path,commit,licence,rows\na,b,c,d,e,f,g,h,1\n",
        "An inventory of files",
    ),
    "dictionary.csv": (
        b"Field,Name,Format,Description,Values,Cleaning,Derivations,Notes\nX,Y,Date,,,,,\n",
        "A dictionary of hospital record fields",
    ),
    "dictionary.json": (
        files.as_json(
            [{"Field": "X", "Field name": "Y", "Format": "Z", "Availability": "", "Values": ""}]
        ),
        "A dictionary of hospital record fields",
    ),
    "codelists.json": (files.as_json({"files": {}}), "A record of where code lists were fetched"),
    "annex.ods": (ods(*SHEETS), "The annex to the Fingertips API guide"),
}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_each_is_named_with_the_reason_and_nothing_of_it_is_kept(place: Place) -> None:
    for name, (content, _) in LEFT.items():
        place.put(name, content)
    place.put("good.csv", files.as_csv(files.fingertips()))
    summary = place.land()
    assert summary.landed == ["good.csv"]
    assert summary.refused == []
    told = {left.file: left.problem for left in summary.out_of_scope}
    assert told.keys() == LEFT.keys()
    for name, (_, title) in LEFT.items():
        assert str(told[name]).startswith(title)
    assert place.refusals() == []
    assert list(place.home.quarantine.iterdir()) == []
    assert place.files_with(b"9434765919", b"and more words") == []
    place.agrees()


def test_it_is_said_again_without_being_read_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place.put("stays.csv", HES)
    first = place.land().out_of_scope
    monkeypatch.setattr(Path, "open", _not(Path.open, path))
    again = place.land()
    assert [left.message for left in again.out_of_scope] == [left.message for left in first]
    assert again.unchanged == 0


def _not(original: object, forbidden: Path) -> object:
    def opened(path: Path, *arguments: object, **options: object) -> object:
        assert path != forbidden
        return original(path, *arguments, **options)  # type: ignore[operator]  # Path.open

    return opened


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("hes.csv", HES.replace(b"PSEUDO_HESID", b"HESID"), "the file holds NHS numbers"),
        (
            "list.csv",
            LEFT["list.csv"][0].replace(b"path", b"way"),
            "no source here has this layout",
        ),
        ("README.md", b"Name,Value\na,1\n", "no source here has this layout"),
        ("notes.txt", b"# What is here\n", "no source here has this layout"),
        ("codelists.json", b'{"lists": []}', "a JSON document of a shape"),
        ("annex.ods", ods("ProfileIDs", "GroupIDs"), "an OpenDocument file"),
    ],
)
def test_neither_a_name_nor_half_of_the_content_is_enough(
    place: Place, name: str, content: bytes, problem: str
) -> None:
    place.put(name, content)
    summary = place.land()
    assert summary.out_of_scope == []
    assert problem in place.refused(name).problem


def test_a_member_of_a_zip_is_left_and_its_neighbours_land(place: Place) -> None:
    members = {"README.md": LEFT["README.md"][0], "a.csv": files.as_csv(files.fingertips())}
    place.put("pack.zip", files.as_zip(members))
    summary = place.land()
    assert summary.landed == ["pack.zip!a.csv"]
    assert [left.file for left in summary.out_of_scope] == ["pack.zip!README.md"]


def test_a_changed_declaration_counts_at_the_next_refresh(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = files.as_csv(files.fingertips_api())
    place.put("values.csv", content)
    assert place.land().landed == ["values.csv"]
    seed = tmp_path / "out_of_scope.csv"
    seed.write_bytes(
        out_of_scope.DECLARATIONS.read_bytes()
        + b"zz_api,Values by an API,csv,IndicatorID|AreaCode,,no longer used\n"
    )
    before = readers.reader_version()
    monkeypatch.setattr(out_of_scope, "DECLARATIONS", seed)
    monkeypatch.setattr(out_of_scope, "_declared", lambda: out_of_scope.declarations(seed))
    readers.reader_version.cache_clear()
    try:
        assert readers.reader_version() != before
        place.land()
    finally:
        readers.reader_version.cache_clear()
    # What had landed leaves the ledger; its bytes, which were taken in, aren't lost.
    assert [type(each) for each in place.taken_back] == [OutOfScopeError]
    assert place.ledger() == []
    assert place.kept(content)
    assert [left.file for left in place.summary.out_of_scope] == ["values.csv"]


def test_every_declaration_of_the_seed_is_tried_here() -> None:
    with out_of_scope.DECLARATIONS.open(encoding="utf-8", newline="") as stream:
        declared = {row["title"] for row in csv.DictReader(stream)}
    tried = {title for _, title in LEFT.values()}
    assert [title for title in declared if not title.startswith(tuple(tried))] == []

"""Zips: each member is an extract of its own; one that is dangerous is refused whole."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dagster_project.landing import limits
from tests.support import landing_files as files
from tests.support.landing_files import as_csv, as_zip, change, fingertips
from tests.support.landing_place import Place, snapshot

GOOD = as_csv(fingertips())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.put("a.csv", as_csv(fingertips(indicator="90021")))
    place.put("z.csv", as_csv(fingertips(indicator="90022")))
    return place


def test_each_member_lands_under_its_own_name_and_hash(place: Place) -> None:
    practices = as_csv(files.qof_prevalence())
    book = files.as_xlsx({"in": files.ascof()})
    content = as_zip(
        {
            "fingertips.csv": GOOD,
            "2020-21/PREVALENCE.csv": practices,
            "2020-21/ascof.xlsx": book,
            "__MACOSX/._fingertips.csv": b"junk",
            "empty folder/": b"",
            "._hidden": b"junk",
        }
    )
    place.put("in/all.zip", content)
    summary = place.land()
    assert summary.refused == []
    assert summary.landed == [
        "a.csv",
        "z.csv",
        "in/all.zip!fingertips.csv",
        "in/all.zip!2020-21/PREVALENCE.csv",
        "in/all.zip!2020-21/ascof.xlsx",
    ]
    assert {row["sha256"] for row in place.ledger()} >= {
        files.sha256(member) for member in (GOOD, practices, book)
    }
    assert [item.relative_path for item in summary.ignored] == [
        "in/all.zip!__MACOSX/._fingertips.csv",
        "in/all.zip!._hidden",
    ]
    place.agrees()
    assert not (place.home.landing / files.sha256(content)).exists()


def test_a_member_that_is_refused_leaves_the_others_alone(place: Place) -> None:
    bad = as_csv(change(fingertips(), 2, "Value", "1*"))
    place.put("all.zip", as_zip({"1.csv": bad, "2.csv": GOOD, "3.csv": b""}))
    summary = place.land()
    assert summary.landed == ["a.csv", "all.zip!2.csv", "z.csv"]
    assert place.refused("all.zip!1.csv").problem == "not a number"
    assert place.refused("all.zip!3.csv").problem == "the file is empty"
    assert place.kept(bad)


def test_the_zips_name_or_folder_states_a_period(place: Place) -> None:
    table = as_csv(files.qof_prevalence(1))
    place.put("QOF 2019-20.zip", as_zip({"PREVALENCE.csv": table}))
    other = as_csv(files.qof_prevalence(2))
    place.put("QOF.zip", as_zip({"PREVALENCE.csv": other}))
    place.land()
    row = next(row for row in place.ledger() if row["source_id"] == "qof")
    assert (row["period"], row["period_from"]) == ("2019/20", "folder name")
    assert "put a file QOF.zip.period beside it" in str(place.refused("QOF.zip!PREVALENCE.csv").fix)


def with_name(name: str) -> bytes:
    """A zip whose member claims that path."""
    return as_zip({"good.csv": GOOD, name: GOOD})


def encrypted() -> bytes:
    """A zip that says its member is locked, in both its directories."""
    content = bytearray(as_zip({"secret.csv": GOOD}))
    for marker, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(marker) + offset] |= 1
    return bytes(content)


def declaring(size: int) -> bytes:
    """A zip whose directory says that its member unpacks to so much."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("large.csv", GOOD)
        archive.filelist[0].file_size = size
    return stream.getvalue()


def twice() -> bytes:
    """A zip with two members of one name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("export.csv", GOOD)
        archive.writestr("export.csv", as_csv(fingertips(indicator="90002")))
    return stream.getvalue()


WHOLE: dict[str, tuple[Callable[[], bytes], str, str, str]] = {
    "up": (
        lambda: with_name("../../etc/passwd"),
        "the zip has a member whose path leads outside it",
        "member '../../etc/passwd'",
        "nothing of this one was read",
    ),
    "absolute": (
        lambda: with_name("/etc/passwd"),
        "the zip has a member whose path leads outside it",
        "member '/etc/passwd'",
        "ask the sender for a clean zip",
    ),
    "backslash": (
        lambda: with_name("data\\..\\..\\evil.csv"),
        "the zip has a member whose path leads outside it",
        "evil.csv",
        "ask the sender for a clean zip",
    ),
    "drive": (
        lambda: with_name("C:\\evil.csv"),
        "the zip has a member whose path leads outside it",
        "C:",
        "ask the sender for a clean zip",
    ),
    "locked": (
        encrypted,
        "the zip is protected by a password",
        "member 'secret.csv'",
        "unpack it and put the files in the inbox",
    ),
    "ten gigabytes": (
        lambda: declaring(10 * 2**30),
        "the zip would unpack to more than is allowed",
        "",
        "unpack what is needed",
    ),
    "a bomb": (
        lambda: as_zip({"zeros.csv": b"0" * 20_000_000}),
        "the zip would unpack to more than is allowed",
        "",
        "unpack what is needed",
    ),
    "twice": (
        twice,
        "the zip has two members of one name",
        "member 'export.csv'",
        "ask the sender which is meant",
    ),
    "nothing in it": (lambda: as_zip({}), "the zip holds no file", "", "ask the sender"),
    "only junk": (
        lambda: as_zip({"__MACOSX/._a": b"x", "folder/": b""}),
        "the zip holds no file",
        "",
        "ask the sender",
    ),
}


@pytest.fixture(scope="module")
def dangerous(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, dict[str, bytes]]:
    place = Place(tmp_path_factory.mktemp("dangerous"))
    made = {what: make() for what, (make, *_) in WHOLE.items()}
    for what, content in made.items():
        place.put(f"{what}.zip", content)
    place.put("a first.csv", as_csv(fingertips(indicator="90021")))
    place.put("z last.csv", as_csv(fingertips(indicator="90022")))
    before = snapshot(place.inbox)
    place.land()
    assert snapshot(place.inbox) == before
    return place, made


@pytest.mark.parametrize("what", WHOLE)
def test_a_dangerous_zip_is_refused_whole_and_kept(
    dangerous: tuple[Place, dict[str, bytes]], what: str
) -> None:
    place, made = dangerous
    _, problem, where, fix = WHOLE[what]
    refusal = place.refused(f"{what}.zip")
    assert refusal.problem == problem
    assert where in str(refusal.place)
    assert refusal.expected
    assert fix in str(refusal.fix)
    assert place.kept(made[what])
    assert place.reason(made[what])["message"] == refusal.message


def test_nothing_of_a_dangerous_zip_is_read_and_the_rest_lands(
    dangerous: tuple[Place, dict[str, bytes]],
) -> None:
    place, _ = dangerous
    assert place.summary.landed == ["a first.csv", "z last.csv"]
    assert sorted(path.name for path in place.root.iterdir()) == ["home", "inbox"]
    place.agrees()


def test_too_many_members_are_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ZIP_MEMBERS", 3)
    place.put("m.zip", as_zip({f"{n}.csv": GOOD for n in range(4)}))
    place.land()
    refusal = place.refused("m.zip")
    assert (refusal.problem, refusal.got) == ("the zip has too many members", "4")


def test_a_zip_cut_short_is_named_as_such(place: Place) -> None:
    content = as_zip({"export.csv": GOOD})
    place.put("m.zip", content[:-30])
    place.land()
    refusal = place.refused("m.zip")
    assert refusal.problem == "the zip or workbook breaks off before its end"
    assert "cut short" in str(refusal.fix)
    assert place.kept(content[:-30])


def test_a_damaged_member_is_named_and_the_others_land(place: Place) -> None:
    content = bytearray(as_zip({"1.csv": GOOD, "2.csv": as_csv(fingertips(indicator="90002"))}))
    for position in range(40, 70):
        content[position] ^= 0xFF
    place.put("m.zip", bytes(content))
    summary = place.land()
    refusal = place.refused("m.zip!1.csv")
    assert refusal.problem == "the zip is damaged"
    assert refusal.expected == "a zip that can be read to its end"
    assert "m.zip!2.csv" in summary.landed
    assert place.kept(bytes(content))


def test_a_zip_inside_a_zip_is_named(place: Place) -> None:
    inner = as_zip({"export.csv": GOOD})
    place.put("m.zip", as_zip({"inner.zip": inner, "export.csv": GOOD}))
    summary = place.land()
    refusal = place.refused("m.zip!inner.zip")
    assert refusal.problem == "a zip inside a zip"
    assert refusal.fix == "unpack it and put the files in the inbox"
    assert "m.zip!export.csv" in summary.landed
    assert place.kept(inner)


def test_a_colon_in_a_members_name_is_no_drive(place: Place) -> None:
    place.put("m.zip", as_zip({"Table 1: all.csv": GOOD}))
    assert "m.zip!Table 1: all.csv" in place.land().landed


def test_a_csv_that_ends_as_a_zip_is_still_a_csv(place: Place) -> None:
    place.put("m.csv", GOOD + as_zip({"other.csv": b"a,b\n"}))
    place.land()
    assert place.refused("m.csv").problem.startswith("the file isn't text")


def test_a_members_name_cannot_steer_the_terminal(place: Place) -> None:
    place.put("m.zip", as_zip({"\x1b[31mred.csv": b"a,b\n1,2\n"}))
    place.land()
    refusal = place.refused("m.zip!\\x1b[31mred.csv")
    assert refusal.message.isprintable()


def test_a_zip_that_landed_is_known_when_it_comes_again(place: Place) -> None:
    place.put("m.zip", as_zip({"export.csv": GOOD}))
    place.land()
    place.put("again.zip", as_zip({"renamed.csv": GOOD}))
    summary = place.land()
    assert (summary.landed, summary.known, summary.unchanged) == ([], 1, 3)

"""An inbox is read and never changed, whatever its files are called and whatever they are."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from dagster_project.errors import OutcomesError, RegistryError, UsageError, printable
from dagster_project.landing import inbox, quarantine, unpacking
from tests.support import landing_files as files
from tests.support.landing_files import as_csv, fingertips
from tests.support.landing_place import Place, snapshot


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.put("good.csv", as_csv(fingertips(indicator="90031")))
    return place


NAMES = [
    'it\'s "quoted".csv',
    "with spaces  and\ttab.csv",
    "Größe – café 😀.csv",
    "-rf.csv",
    "--help",
    "no ending",
    "a;b|c&d$(e)`f`.csv",
    "100%s{0}{x}.csv",
    "folder/with/depth/x.csv",
    "x" * 240 + ".csv",
    "!bang!.csv",
    "#.csv",
    "CON.csv",
]


def test_files_land_whatever_they_are_called(place: Place) -> None:
    for number, name in enumerate(NAMES):
        place.put(name, as_csv(fingertips(indicator=str(91000 + number))))
    before = snapshot(place.inbox)
    summary = place.land()
    assert summary.refused == []
    told = {printable(name) for name in NAMES}
    assert set(summary.landed) == {"good.csv", *told}
    assert {row["relative_path"] for row in place.ledger()} == {"good.csv", *told}
    assert snapshot(place.inbox) == before
    assert place.land().unchanged == len(NAMES) + 1


def test_a_name_that_is_not_utf8_lands_and_is_shown_escaped(place: Place) -> None:
    raw = os.fsencode(place.inbox) + b"/caf\xe9.csv"
    with Path(os.fsdecode(raw)).open("wb") as stream:
        stream.write(as_csv(fingertips()))
    assert place.land().landed == ["caf\\udce9.csv", "good.csv"]
    assert place.receipt(as_csv(fingertips()))["inbox_path"] == "caf\\udce9.csv"
    assert place.land().unchanged == 2


def test_a_name_cannot_steer_the_terminal_or_forge_a_line(place: Place) -> None:
    place.put("\x1b[2Jx\nLanded: all\u202e\x9b.csv", b"a,b\n1,2\n")
    place.land()
    refusal = place.refused("\\x1b[2Jx\\nLanded: all\\u202e\\x9b.csv")
    assert refusal.message.isprintable()
    assert all(str(row["relative_path"]).isprintable() for row in place.refusals())


def test_what_the_desktop_makes_is_ignored_by_name(place: Place) -> None:
    for name in (".DS_Store", "Thumbs.db", "~$open.xlsx", ".hidden.csv", ".git/config"):
        place.put(name, b"x")
    summary = place.land()
    assert [item.relative_path for item in summary.ignored] == [
        ".git",
        ".DS_Store",
        ".hidden.csv",
        "Thumbs.db",
        "~$open.xlsx",
    ]
    assert all(item.reason for item in summary.ignored)
    assert (summary.refused, summary.landed) == ([], ["good.csv"])


def test_a_folder_may_be_named_like_a_file(place: Place) -> None:
    place.put("export.csv/export.csv", as_csv(fingertips()))
    (place.inbox / "empty.xlsx").mkdir()
    assert place.land().landed == ["good.csv", "export.csv/export.csv"]


def test_links_out_of_the_inbox_are_refused_and_others_followed(place: Place) -> None:
    outside = place.root / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_bytes(as_csv(fingertips()))
    (place.inbox / "out.csv").symlink_to(outside / "secret.csv")
    (place.inbox / "folder out").symlink_to(outside)
    (place.inbox / "folder in").symlink_to(place.inbox)
    (place.inbox / "in.csv").symlink_to("good.csv")
    (place.inbox / "nowhere.csv").symlink_to("gone.csv")
    (place.inbox / "round.csv").symlink_to("round.csv")
    place.put("wrong.csv", as_csv(files.change(fingertips(), 3, "Value", "12.3*")))
    summary = place.land()
    # Of a link there are no bytes to be set aside.
    assert quarantine.count_noted(place.home, summary.refused) == 1
    for name in ("out.csv", "folder out"):
        refusal = place.refused(name)
        assert refusal.problem == "a link that leads out of the inbox"
        assert str(outside) in str(refusal.got)
        assert refusal.fix == "put the file itself in the inbox"
    assert place.refused("nowhere.csv").problem == "it can't be read"
    assert place.refused("round.csv").problem == "it can't be read"
    assert (summary.landed, summary.known) == (["good.csv"], 1)
    assert [item.relative_path for item in summary.ignored] == ["folder in"]
    assert len(list(place.home.quarantine.iterdir())) == 1


def test_pipes_and_sockets_are_never_opened(place: Place, tmp_path: Path) -> None:
    os.mkfifo(place.inbox / "pipe.csv")
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as listening:
        # The path of a socket may not be long.
        os.chdir(place.inbox)
        try:
            listening.bind("socket.csv")
        finally:
            os.chdir(here)
        summary = place.land()
    assert {item.relative_path: item.reason for item in summary.ignored} == {
        "pipe.csv": "a pipe, socket or device, not a file",
        "socket.csv": "a pipe, socket or device, not a file",
    }
    assert summary.landed == ["good.csv"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read everything")
def test_what_may_not_be_read_is_refused_by_name(place: Place) -> None:
    place.put("locked.csv", b"x").chmod(0)
    place.put("locked/export.csv", b"x")
    (place.inbox / "locked").chmod(0)
    try:
        summary = place.land()
    finally:
        (place.inbox / "locked").chmod(0o700)
    for name in ("locked.csv", "locked"):
        refusal = place.refused(name)
        assert refusal.problem == "it can't be read"
        assert refusal.got == "Permission denied"
        assert "give that user the right" in str(refusal.fix)
    assert summary.landed == ["good.csv"]


def test_what_the_disk_cannot_give_is_refused_by_name(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.put("broken.csv", b"x" * 10)

    def give(path: Path, mode: str = "r", **more: object) -> object:
        if path.name == "broken.csv":
            raise OSError(5, "Input/output error")
        return open_as_ever(path, mode, **more)

    open_as_ever = Path.open
    monkeypatch.setattr(Path, "open", give)
    summary = place.land()
    refusal = place.refused("broken.csv")
    assert (refusal.problem, refusal.got) == ("it can't be read", "Input/output error")
    assert summary.landed == ["good.csv"]


def test_a_file_that_grows_while_it_is_read_is_refused_and_read_next_time(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = as_csv(fingertips())
    path = place.put("growing.csv", content[:200])
    write = unpacking._write

    def write_while_growing(target: Path, chunks: object) -> tuple[int, str]:
        path.write_bytes(content)
        return write(target, chunks)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(unpacking, "_write", write_while_growing)
        place.land()
    refusal = place.refused("growing.csv")
    assert refusal.problem == "the file changed while it was read"
    assert "wait until it has been copied whole" in str(refusal.fix)
    assert place.land().landed == ["growing.csv"]


def test_an_inbox_that_is_no_folder_is_a_wrong_command(place: Place) -> None:
    with pytest.raises(UsageError, match="this inbox is not a directory"):
        inbox.walk([place.inbox / "good.csv"])


def test_two_inboxes_may_hold_files_of_one_name(place: Place) -> None:
    other = place.root / "other"
    other.mkdir()
    (other / "PREVALENCE.csv").write_bytes(as_csv(files.qof_prevalence(2)))
    (other / "PREVALENCE.csv.period").write_text("2018/19")
    place.put("PREVALENCE.csv", as_csv(files.qof_prevalence(3)))
    place.put("PREVALENCE.csv.period", b"2020/21")
    summary = place.land(inboxes=[place.inbox, other])
    assert summary.refused == []
    periods = {row["rows_read"]: row["period"] for row in place.ledger() if row["period"]}
    assert periods == {2: "2018/19", 3: "2020/21"}


def test_files_are_dealt_with_in_one_order(place: Place) -> None:
    for name in ("b.csv", "a/z.csv", "B.csv", "a.csv"):
        place.put(name, as_csv(fingertips(indicator=str(92000 + len(name) + ord(name[0])))))
    assert place.land().landed == ["B.csv", "a.csv", "b.csv", "good.csv", "a/z.csv"]


# What a message may hold.


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("plain – text, café 東京", "plain – text, café 東京"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"),
        ("\x07\x00\x7f\x9b", "\\x07\\x00\\x7f\\x9b"),
        ("\u202eevil\u2066", "\\u202eevil\\u2066"),
        ("\ufeff\u200b\u2028", "\\ufeff\\u200b\\u2028"),
        ("\udce9", "\\udce9"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_instead(text: str, told: str) -> None:
    assert printable(text) == told


def test_a_message_has_no_line_that_a_file_gave_it() -> None:
    said = OutcomesError("wrong", file="a\nb", place="c\x1b", got="d\re", expected="f", fix="g")
    assert said.message == "a\\nb: c\\x1b: wrong. got d\\re; expected f. To mend it: g."
    assert said.as_dict()["file"] == "a\\nb"
    assert RegistryError("two:\n  lines").message == "two:\n  lines."

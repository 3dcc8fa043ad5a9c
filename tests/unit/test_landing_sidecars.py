"""What a file is about, where its content doesn't say: its sidecar, its name, its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagster_project.landing import loading
from dagster_project.sources.period_rules import financial_year_in_name, is_financial_year
from tests.support import landing_files as files
from tests.support.landing_files import as_csv
from tests.support.landing_place import Place, snapshot

TABLE = as_csv(files.qof_prevalence())
RULE = financial_year_in_name(example="x")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize(
    ("name", "period", "origin"),
    [
        ("PREVALENCE_2021.csv", "2020/21", "file name"),
        ("PREVALENCE_2021_v2.csv", "2020/21", "file name"),
        ("qof-2019-20.csv", "2019/20", "file name"),
        ("qof 18-19 prevalence.csv", "2018/19", "file name"),
        ("QOF 2021-2022 PREVALENCE.csv", "2021/22", "file name"),
        ("2020-21/PREVALENCE.csv", "2020/21", "folder name"),
        ("2018-19/PREVALENCE_2021.csv", "2020/21", "file name"),
    ],
)
def test_the_name_states_the_period(place: Place, name: str, period: str, origin: str) -> None:
    place.put(name, TABLE)
    assert place.land().refused == []
    row = place.ledger()[0]
    assert (row["period"], row["period_from"]) == (period, origin)
    receipt = place.receipt(TABLE)
    assert (receipt["period"], receipt["period_from"]) == (period, origin)


@pytest.mark.parametrize(
    "name",
    ["PREVALENCE.csv", "PREVALENCE_2022.csv", "2021/PREVALENCE_20211014.csv.txt", "v1_3.csv"],
)
def test_a_name_that_states_none_is_refused_with_what_to_do(place: Place, name: str) -> None:
    if name.startswith("2021/"):
        name = name.removeprefix("2021/")
    place.put(name, TABLE)
    place.land()
    refusal = place.refused(name)
    assert refusal.problem == "the period of this QOF prevalence by practice (CSV) isn't stated"
    assert refusal.expected == "one period, by a name such as PREVALENCE_2021.csv"
    assert f"put a file {name}.period beside it" in str(refusal.fix)
    assert place.kept(TABLE)


def test_a_name_that_states_two_is_refused(place: Place) -> None:
    name = "QOF 2019-20 restated with 2020-21.csv"
    place.put(name, TABLE)
    place.land()
    assert place.refused(name).got == "2019/20 and 2020/21 in the file name"


@pytest.mark.parametrize(
    ("name", "periods"),
    [
        ("2021", ["2020/21"]),
        ("2022", []),
        ("1920", ["2019/20"]),
        ("2020_2021", ["2020/21"]),
        ("2019-2021", []),
        ("99-00", []),
        ("20-21 and 2020/21 as 2021", ["2020/21"]),
        ("120212", []),
        ("12021", []),
    ],
)
def test_only_two_years_that_follow_each_other_are_a_period(name: str, periods: list[str]) -> None:
    assert RULE.periods_in(name) == periods


@pytest.mark.parametrize(
    ("label", "sound"),
    [("2020/21", True), ("1999/00", True), ("2020/22", False), ("2020", False), ("20/21", False)],
)
def test_a_financial_year_is_two_years_that_follow_each_other(label: str, sound: bool) -> None:
    assert is_financial_year(label) is sound


@pytest.mark.parametrize(
    ("text", "period", "vintage"),
    [
        ("2019/20", "2019/20", None),
        ("period: 2019/20\nvintage: 2020-10-01\n", "2019/20", "2020-10-01"),
        ("\ufeffPeriod :  2019/20  \r\n\r\nVINTAGE:2020-10-01", "2019/20", "2020-10-01"),
        ("vintage: 2020-10-01", "2020/21", "2020-10-01"),
    ],
)
def test_a_sidecar_speaks_for_its_file(
    place: Place, text: str, period: str, vintage: str | None
) -> None:
    place.put("PREVALENCE_2021.csv", TABLE)
    place.put("PREVALENCE_2021.csv.period", text.encode())
    assert place.land().refused == []
    row, receipt = place.ledger()[0], place.receipt(TABLE)
    for told in (row, receipt):
        assert (told["period"], told["vintage"]) == (period, vintage)
        assert told["period_from"] == ("file name" if text.startswith("vintage") else "sidecar")
        assert told["vintage_from"] == ("sidecar" if vintage else None)
    assert place.query("select period, vintage from raw.extracts") == [(period, vintage)]


def test_a_sidecar_speaks_for_a_file_whose_name_says_nothing(place: Place) -> None:
    place.put("download (3)", TABLE)
    place.put("download (3).period", b"2020/21")
    assert place.land().landed == ["download (3)"]


def test_a_sidecar_beside_a_zip_speaks_for_its_members(place: Place) -> None:
    place.put("qof.zip", files.as_zip({"PREVALENCE.csv": TABLE}))
    place.put("qof.zip.period", b"2020/21")
    place.land()
    assert place.ledger()[0]["period"] == "2020/21"


def test_content_that_states_its_period_needs_none(place: Place) -> None:
    place.put("export.csv", as_csv(files.fingertips()))
    place.land()
    row = place.ledger()[0]
    assert (row["period"], row["period_from"]) == (None, "content")


BAD = {
    "empty": (b" \n", "an empty file"),
    "another key": (b"year: 2020/21", "the line 'year: 2020/21'"),
    "twice": (b"period: 2020/21\nperiod: 2019/20", "the line 'period: 2019/20'"),
    "no period": (b"April 2020", "the period 'April 2020'"),
    "years apart": (b"2020/22", "the period '2020/22'"),
    "no day": (b"vintage: October 2020", "the vintage 'October 2020'"),
    "a day run together": (b"vintage: 20201001", "the vintage '20201001'"),
    "a day that isn't": (b"vintage: 2021-02-30", "the vintage '2021-02-30'"),
    "not text": (b"\xff\xfe2\x000\x00", "bytes that are not UTF-8"),
    "long": (b"2020/21" + b" " * 5000, "more than 4,096 bytes"),
    "steering": (b"\x1b[2J", "\\x1b[2J"),
    "a number": (files.nhs_number(1).encode(), "the period '[NHS number]'"),
}


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("bad"))
    for number, (what, (content, _)) in enumerate(BAD.items()):
        place.put(f"{what}/PREVALENCE_2021.csv", as_csv(files.qof_prevalence(register=number)))
        place.put(f"{what}/PREVALENCE_2021.csv.period", content)
    place.put("good.csv", as_csv(files.fingertips()))
    place.land()
    return place


@pytest.mark.parametrize("what", BAD)
def test_a_sidecar_that_cannot_be_understood_is_refused_by_name(bad: Place, what: str) -> None:
    refusal = bad.refused(f"{what}/PREVALENCE_2021.csv.period")
    assert refusal.problem == "the sidecar can't be understood"
    assert BAD[what][1] in str(refusal.got)
    assert refusal.expected == "lines such as 'period: 2020/21' and 'vintage: 2021-10-01'"
    assert "the extract beside it waits for it" in str(refusal.fix)
    assert refusal.message.isprintable()


def test_the_extract_waits_for_its_sidecar_to_be_mended(bad: Place) -> None:
    assert bad.summary.landed == ["good.csv"]
    mended = [f"{what}/PREVALENCE_2021.csv" for what in BAD]
    for name in mended:
        bad.put(f"{name}.period", b"2020/21")
    assert sorted(bad.land().landed) == sorted(mended)


def test_a_period_of_another_kind_than_the_layouts_is_refused(place: Place) -> None:
    place.put("PREVALENCE.csv", TABLE)
    place.put("PREVALENCE.csv.period", b"2020")
    place.land()
    refusal = place.refused("PREVALENCE.csv")
    assert refusal.problem == "this QOF prevalence by practice (CSV) has another kind of period"
    assert (refusal.place, refusal.got) == ("its sidecar", "'2020'")
    assert refusal.expected == "a financial year such as 2020/21"


def test_a_sidecar_with_nothing_beside_it_is_refused_by_name(place: Place) -> None:
    place.put("PREVALENCE_2021.csv", TABLE)
    place.put("folder/PREVALENCE_2021.csv.period", b"2019/20")
    summary = place.land()
    refusal = place.refused("folder/PREVALENCE_2021.csv.period")
    assert refusal.problem == "a sidecar with no extract beside it"
    assert refusal.expected == "a file folder/PREVALENCE_2021.csv"
    assert "put the extract beside it" in str(refusal.fix)
    assert summary.landed == ["PREVALENCE_2021.csv"]


def test_a_changed_sidecar_restates_what_landed(place: Place) -> None:
    place.put("PREVALENCE_2021.csv", TABLE)
    place.land()
    rows, read = place.column("qof_registers", "practice_code"), place.column("loaded", "token")
    place.put("PREVALENCE_2021.csv.period", b"period: 2019/20\nvintage: 2020-10-01")
    assert place.land().landed == ["PREVALENCE_2021.csv"]
    row = place.ledger()[0]
    assert (row["period"], row["period_from"]) == ("2019/20", "sidecar")
    assert (row["vintage"], row["vintage_from"]) == ("2020-10-01", "sidecar")
    assert len(place.ledger()) == 1
    assert place.column("qof_registers", "practice_code") == rows
    assert set(place.column("loaded", "token")).isdisjoint(read)
    place.agrees()


def test_a_sidecar_that_says_what_was_known_changes_nothing(place: Place) -> None:
    place.put("x.csv", TABLE)
    place.put("x.csv.period", b"2020/21")
    place.land()
    before = snapshot(place.home.landing)
    place.put("x.csv.period", b"period: 2020/21\n")
    summary = place.land()
    assert (summary.landed, summary.known) == ([], 1)
    assert snapshot(place.home.landing) == before


class Killed(BaseException):
    """The process is gone: nothing after this is done."""


def test_a_restatement_that_was_killed_half_way_is_finished(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.put("PREVALENCE_2021.csv", TABLE)
    place.land()
    rows, read = place.column("qof_registers", "practice_code"), place.column("loaded", "token")
    place.put("PREVALENCE_2021.csv.period", b"2019/20")

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(loading, "_load_again", killed)
        place.land()
    assert place.column("loaded", "token") == read
    place.land()
    assert place.column("qof_registers", "practice_code") == rows
    assert set(place.column("loaded", "token")).isdisjoint(read)
    assert place.ledger()[0]["period"] == "2019/20"
    place.agrees()

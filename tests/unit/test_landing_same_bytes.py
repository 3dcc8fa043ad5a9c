"""The same bytes for two years: a sidecar says so, and nothing else does."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from dagster_project.pipeline.steps import _describe
from dagster_project.reporting import _landing_lines
from tests.support import landing_files as files
from tests.support.landing_files import as_csv
from tests.support.landing_place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


GEOGRAPHY = as_csv(files.qof_geography())


def test_bytes_published_again_unchanged_speak_of_both_years_where_a_sidecar_says_so(
    place: Place,
) -> None:
    place.put("MAPPING_NHS_GEOGRAPHIES_2021.csv", GEOGRAPHY)
    place.put("MAPPING_NHS_GEOGRAPHIES_2122.csv", GEOGRAPHY)
    place.put("MAPPING_NHS_GEOGRAPHIES_2122.csv.period", b"period: 2021/22")
    place.land()
    rows = place.ledger()
    assert [(row["period"], row["period_from"]) for row in rows] == [
        ("2020/21", "file name"),
        ("2021/22", "sidecar"),
    ]
    assert rows[0]["sha256"] == rows[1]["sha256"]
    entry = place.home.landing / rows[0]["sha256"]
    assert sorted(path.name for path in entry.iterdir()) == [
        "extract",
        "receipt-2020-21.json",
        "receipt-2021-22.json",
    ]
    assert place.row_counts() == {1: 3, 2: 3}
    before = place.rows()
    assert place.land().landed == []
    # Lost, all of it is read again, each landing under its own year.
    place.home.warehouse.unlink()
    place.land()
    assert (place.rows(), place.ledger()) == (before, rows)


def test_a_sidecar_that_is_put_right_takes_back_what_it_said(place: Place) -> None:
    for name, period in (("one.csv", "2020/21"), ("two.csv", "2021/22")):
        place.put(name, GEOGRAPHY)
        place.put(f"{name}.period", f"period: {period}".encode())
    place.land()
    assert [row["period"] for row in place.ledger()] == ["2020/21", "2021/22"]
    place.put("one.csv.period", b"period: 2021/22")
    place.land()
    assert place.summary.taken_out == ["one.csv (2020/21)"]
    assert [(row["relative_path"], row["period"]) for row in place.ledger()] == [
        ("two.csv", "2021/22")
    ]
    assert place.row_counts() == {2: 3}
    place.agrees()


def test_a_name_alone_does_not_make_last_years_bytes_this_years(place: Place) -> None:
    place.put("PREVALENCE_2021.csv", as_csv(files.qof_prevalence()))
    place.land()
    place.put("PREVALENCE_2122.csv", as_csv(files.qof_prevalence()))
    place.land()
    refusal = place.refused("PREVALENCE_2122.csv")
    assert "another period" in refusal.problem
    assert refusal.got == "2021/22 in its name"
    assert "2020/21" in str(refusal.expected)
    assert "PREVALENCE_2122.csv.period" in str(refusal.fix)
    assert len(place.ledger()) == 1
    # Said again as long as it stands there, and gone with it.
    assert place.land().refused != []
    (place.inbox / "PREVALENCE_2122.csv").unlink()
    assert place.land().refused == []


def test_a_copy_that_says_no_other_period_is_known(place: Place) -> None:
    content = as_csv(files.qof_prevalence())
    place.put("PREVALENCE_2021.csv", content)
    place.put("copy.csv", content)
    place.put("2020-21/again.csv", content)
    summary = place.land()
    assert (len(summary.landed), summary.known, summary.refused) == (1, 2, [])


def test_a_home_of_the_version_before_keeps_what_landed(place: Place) -> None:
    place.put("PREVALENCE_2021.csv", as_csv(files.qof_prevalence()))
    place.land()
    rows = place.ledger()
    with sqlite3.connect(place.home.state) as connection:
        kept = connection.execute("select sql from sqlite_master where name = 'landings'")
        as_it_was = kept.fetchone()[0].replace(
            "sha256 text not null", "sha256 text not null unique"
        )
        connection.executescript(
            "alter table landings rename to kept; drop index landings_once;"
            f"{as_it_was}; insert into landings select * from kept; drop table kept;"
            "pragma user_version = 2"
        )
    assert place.ledger() == rows
    place.put("PREVALENCE_2122.csv", as_csv(files.qof_prevalence()))
    place.put("PREVALENCE_2122.csv.period", b"period: 2021/22")
    place.land()
    assert [row["period"] for row in place.ledger()] == ["2020/21", "2021/22"]


def test_bytes_that_stand_again_where_others_replaced_them_say_what_to_take_back(
    place: Place,
) -> None:
    good, wrong = (as_csv(files.fingertips(areas=number)) for number in (3, 4))
    for content in (good, wrong, good):
        place.put("a.csv", content)
        place.land()
    (told,) = place.summary.superseded
    assert (told["file"], told["by"]) == ("a.csv", [files.sha256(wrong)[:12]])
    lines = _landing_lines(_describe(place.home, place.summary), [])
    assert lines[1].endswith(
        f"To go back to it: outcomes withdraw {files.sha256(wrong)[:12]} --reason TEXT"
    )
    # What stands as it stood says nothing.
    place.put("a.csv", wrong)
    assert place.land().superseded == []

"""The ledger: the same bytes once, other bytes for a place as a row of their own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dagster_project import state, warehouse
from dagster_project.landing import readers, sightings
from tests.support import landing_files as files
from tests.support.landing_files import as_csv, as_zip, fingertips
from tests.support.landing_place import Place

CONTENT = as_csv(fingertips())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_what_landed_has_a_receipt_and_a_row(place: Place) -> None:
    place.put("in/export.csv", CONTENT)
    summary = place.land()
    assert (summary.landed, summary.rows_read, summary.rows_dropped) == (["in/export.csv"], 3, {})
    row = place.ledger()[0]
    told = {
        "sha256": files.sha256(CONTENT),
        "bytes": len(CONTENT),
        "source_id": "fingertips",
        "layout_id": "fingertips_csv",
        "encoding": "utf-8",
        "period": None,
        "period_from": "content",
        "vintage": None,
        "vintage_from": None,
        "rows_read": 3,
        "rows_kept": 3,
    }
    assert {key: row[key] for key in told} == told
    receipt = place.receipt(CONTENT)
    assert {key: receipt[key] for key in told} == told
    assert (row["relative_path"], receipt["inbox_path"]) == ("in/export.csv", "in/export.csv")
    assert (receipt["name"], receipt["synthetic"]) == ("export.csv", False)
    assert receipt["landed_at"] == row["landed_at"]
    assert (row["run_number"], row["landing_id"], row["synthetic"]) == (1, 1, 0)


def test_a_file_that_did_not_change_is_not_opened_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place.put("export.csv", CONTENT)
    place.land()
    open_as_ever = Path.open

    def never(opened: Path, *args: object, **more: object) -> object:
        assert opened != path
        return open_as_ever(opened, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "open", never)
    summary = place.land()
    assert (summary.landed, summary.known, summary.unchanged) == ([], 0, 1)


def test_the_same_bytes_written_anew_are_known(place: Place) -> None:
    path = place.put("export.csv", CONTENT)
    place.land()
    ledger = place.ledger()
    os.utime(path, ns=(1, 1))
    summary = place.land()
    assert (summary.landed, summary.known, summary.unchanged) == ([], 1, 0)
    assert place.ledger() == ledger
    assert place.column("fingertips_values", "value") == [11.15, 12.25, 13.35]


def test_the_same_bytes_under_other_names_land_once(place: Place) -> None:
    place.put("a.csv", CONTENT)
    place.put("b.csv", CONTENT)
    place.put("c.zip", as_zip({"d.csv": CONTENT}))
    summary = place.land()
    assert (summary.landed, summary.known) == (["a.csv"], 2)
    (place.inbox / "a.csv").unlink()
    assert place.land().unchanged == 2
    assert [row["relative_path"] for row in place.ledger()] == ["a.csv"]
    place.agrees()


def test_other_bytes_at_the_same_place_are_a_landing_of_their_own(place: Place) -> None:
    place.put("export.csv", CONTENT)
    place.land()
    revised = as_csv(files.change(fingertips(), 2, "Value", "99.5"))
    place.put("export.csv", revised)
    assert place.land().landed == ["export.csv"]
    rows = place.ledger()
    assert [(row["relative_path"], row["run_number"]) for row in rows] == [
        ("export.csv", 1),
        ("export.csv", 2),
    ]
    assert [row["sha256"] for row in rows] == [files.sha256(CONTENT), files.sha256(revised)]
    assert place.query(
        "select extract_id, value from raw.fingertips_values order by all limit 4"
    ) == [
        (1, 11.15),
        (1, 12.25),
        (1, 13.35),
        (2, 12.25),
    ]
    assert (place.home.landing / rows[0]["sha256"] / "extract").read_bytes() == CONTENT
    place.agrees()


def test_the_first_bytes_come_back_as_known(place: Place) -> None:
    place.put("export.csv", CONTENT)
    place.land()
    place.put("export.csv", as_csv(fingertips(areas=4)))
    place.land()
    place.put("export.csv", CONTENT)
    summary = place.land()
    assert (summary.landed, summary.known) == ([], 1)
    assert len(place.ledger()) == 2


def test_what_landed_stays_when_it_leaves_the_inbox(place: Place) -> None:
    path = place.put("export.csv", CONTENT)
    place.land()
    path.unlink()
    summary = place.land()
    assert (summary.landed, summary.refused, len(place.ledger())) == ([], [], 1)
    assert place.column("fingertips_values", "value") == [11.15, 12.25, 13.35]


def test_a_refused_file_that_was_mended_lands(place: Place) -> None:
    bad = as_csv(files.change(fingertips(), 2, "Value", "1*"))
    place.put("export.csv", bad)
    place.land()
    place.put("export.csv", CONTENT)
    summary = place.land()
    assert (summary.landed, summary.refused) == (["export.csv"], [])
    assert place.kept(bad)


def test_a_refusal_for_another_reason_replaces_the_note(place: Place) -> None:
    table = as_csv(files.qof_prevalence())
    place.put("PREVALENCE.csv", table)
    place.land()
    assert "isn't stated" in place.reason(table)["problem"]
    (place.inbox / "PREVALENCE.csv").rename(place.inbox / "SYNTHETIC_2021.csv")
    place.land()
    assert place.reason(table)["problem"] == "a made-up sample file, in a home of real data"
    assert len(place.refusals()) == 2
    assert place.kept(table)


def test_sample_files_land_in_a_home_of_sample_data(place: Place) -> None:
    place.put("SYNTHETIC_export.csv", CONTENT)
    place.put("synthetic_other.csv", as_csv(fingertips(areas=2)))
    assert len(place.land().refused) == 2
    other = Place(place.root / "sample")
    other.put("SYNTHETIC_export.csv", CONTENT)
    assert other.land(synthetic=True).landed == ["SYNTHETIC_export.csv"]
    assert other.ledger()[0]["synthetic"] == 1
    assert other.query("select synthetic from raw.extracts") == [(True,)]


def test_without_sightings_everything_is_looked_at_and_nothing_changes(place: Place) -> None:
    place.put("export.csv", CONTENT)
    place.put("bad.csv", b"a,b\n1,2\n")
    place.land()
    ledger, refusals = place.ledger(), place.refusals()
    with state.connect(place.home.state) as connection:
        connection.execute("delete from sightings")
    summary = place.land()
    assert (summary.known, len(summary.refused)) == (1, 1)
    assert (place.ledger(), place.refusals()) == (ledger, refusals)
    assert set(sightings.load(place.home)) == {
        str(place.inbox / "bad.csv"),
        str(place.inbox / "export.csv"),
    }


def test_new_code_looks_at_everything_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.put("export.csv", CONTENT)
    place.put("2020-21.xlsx", files.as_xlsx({"in": files.ascof()}))
    place.put("areas.json", files.as_json(files.fingertips_areas()))
    place.put("lookup.parquet", files.lookup())
    place.land()
    rows, ledger = place.rows(), place.ledger()
    monkeypatch.setattr(readers, "reader_version", lambda: "another")
    summary = place.land()
    assert (summary.landed, summary.known, summary.unchanged) == ([], 4, 0)
    assert place.taken_back == []
    assert place.query("select distinct reader from raw.loaded") == [("another",)]
    assert place.rows() == rows
    assert place.ledger() == ledger
    place.agrees()


def test_tables_of_other_code_are_made_anew_though_they_are_empty(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.land()
    with warehouse.connect(place.home) as connection:
        connection.execute("drop table raw.fingertips_values")
        connection.execute("create table raw.fingertips_values (extract_id INTEGER)")
    place.put("export.csv", CONTENT)
    assert place.land().landed == ["export.csv"]


def test_what_new_code_reads_otherwise_is_told_in_the_ledger_and_the_receipt(place: Place) -> None:
    place.put("PREVALENCE_2021.csv", as_csv(files.qof_prevalence()))
    place.land()
    # As code would have left it that read the name otherwise.
    with state.connect(place.home.state) as connection:
        connection.execute("update landings set period = '2019/20', rows_kept = 2")
    place.home.warehouse.unlink()
    place.land()
    row = place.ledger()[0]
    assert (row["period"], row["period_from"], row["rows_kept"]) == ("2020/21", "file name", 3)
    place.agrees()


def test_what_new_code_refuses_leaves_the_ledger_and_is_told(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.put("export.csv", CONTENT)
    place.put("2020-21.csv", as_csv(files.ascof()))
    place.land()
    from dagster_project.sources.fingertips import INDICATOR_CSV

    monkeypatch.setitem(INDICATOR_CSV.__dict__, "max_rows", 2)
    place.home.warehouse.unlink()
    place.land()
    assert [refusal.problem for refusal in place.taken_back] == [
        "more rows than this layout may have"
    ]
    assert [row["relative_path"] for row in place.ledger()] == ["2020-21.csv"]
    assert place.kept(CONTENT)
    assert place.refusals()[0]["relative_path"] == "export.csv"
    # Its bytes stay: releases of the past were made from them.
    assert (place.home.landing / files.sha256(CONTENT) / "extract").exists()
    assert place.query("select count(*) from raw.fingertips_values") == [(0,)]


def test_fixed_order_and_equal_inputs_give_equal_rows_and_ledgers(tmp_path: Path) -> None:
    told = []
    for name in ("one", "two"):
        place = Place(tmp_path / name)
        place.put("b.csv", CONTENT)
        place.put("a 2020-21.xlsx", files.as_xlsx({"in": files.ascof()}))
        place.put("c.zip", as_zip({"x.csv": as_csv(fingertips(areas=4))}))
        place.land()
        ledger = [{k: v for k, v in row.items() if k != "landed_at"} for row in place.ledger()]
        extracts = place.query("select * exclude (landed_at) from raw.extracts order by all")
        told.append((ledger, place.rows(), extracts))
    assert told[0] == told[1]

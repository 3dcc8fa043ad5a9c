"""Large extracts stand as Parquet beside the warehouse, and nobody who reads them can tell."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from dagster_project import warehouse
from dagster_project.landing import parts, reading
from tests.support import landing_files as files
from tests.support.landing_files import as_csv, fingertips
from tests.support.landing_place import Place

# In these tests every file that is scanned as CSV from one byte on is large.
CONTENT = as_csv(fingertips(areas=4))
MANY = 20_000


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(parts, "LARGE_BYTES", 1)
    return Place(tmp_path)


def fill(place: Place) -> None:
    place.put("export.csv", CONTENT)
    # Repeated rows, columns that are missing, and other containers.
    place.put("older.csv", as_csv(fingertips(columns=25, indicator="90002")))
    table = files.fingertips_next()
    other = files.change(table, 2, "Value", "77.7")[1]
    place.put("next.csv", as_csv([*table, other, table[2]]))
    place.put("2020-21.csv", as_csv(files.ascof()))
    place.put("areas.json", files.as_json(files.fingertips_areas()))
    place.put("lookup.parquet", files.lookup())


def part_files(place: Place) -> list[str]:
    folder = place.home.cache / "raw"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet"))


def test_the_same_rows_are_read_from_parts_as_from_the_warehouse(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(place)
    place.land()
    place.agrees()
    assert len(part_files(place)) == 6
    monkeypatch.setattr(parts, "LARGE_BYTES", 2**30)
    small = Place(tmp_path / "small")
    fill(small)
    small.land()
    assert part_files(small) == []
    assert place.rows() == small.rows()
    assert place.summary.rows_dropped == small.summary.rows_dropped != {}
    assert place.summary.rows_read == small.summary.rows_read


def test_rows_that_contradict_each_other_are_told_with_their_places(place: Place) -> None:
    table = fingertips()
    other = files.change(table, 3, "Value", "10.9")[2]
    place.put("export.csv", as_csv([*table, other]))
    place.land()
    refusal = place.refused("export.csv")
    assert refusal.problem == "one cell is given two different values"
    assert refusal.place == f"row 3 and row {len(table) + 1}"
    was = table[2][table[0].index("Value")]
    assert str(refusal.got).endswith(f", with value {float(was)} and 10.9")
    others = [files.change(table, n, "Value", "10.9")[n - 1] for n in (2, 3)]
    place.put("export.csv", as_csv([*table, *others]))
    place.land()
    assert str(place.refused("export.csv").got).endswith(" and 10.9; cells of this kind in all: 2")
    assert part_files(place) == []


def test_a_row_at_fault_is_told_with_its_place_in_the_file(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of a large file are written as threads finish them: here each has a buffer of few."""
    monkeypatch.setattr(reading, "MAX_RECORD_BYTES", 2**14)
    monkeypatch.setattr(reading, "BUFFER_BYTES", 2**15)
    header, *rows = fingertips()
    many = [header, *(rows * (MANY // len(rows)))]
    place.put("export.csv", as_csv(files.change(many, MANY // 2, "Area Name", "")))
    place.land()
    assert place.refused("export.csv").place == f"row {MANY // 2:,}, column 'Area Name'"


def test_lines_inside_a_cell_are_no_rows_wherever_a_buffer_ends(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here threads lose their place, and the file is read once more by one of them."""
    monkeypatch.setattr(reading, "MAX_RECORD_BYTES", 2**14)
    monkeypatch.setattr(reading, "BUFFER_BYTES", 2**15)
    header = files.fingertips_api()[0]
    like_a_row = "\n90002,2019,A00001,Fake,1,20.5"
    rows = [
        ["90002", "2019", f"A{n:05d}", "Practice" + like_a_row * (n % 9) + "\nend", "1", "20.5"]
        for n in range(MANY)
    ]
    place.put("export.csv", as_csv([header, *rows]))
    place.land()
    assert place.summary.refused == []
    landed = place.query("select count(*), min(value) from landed.fingertips_api_values")
    assert landed == [(MANY, 20.5)]


@pytest.mark.parametrize("column", ["Area Name", "Value note"])
def test_of_a_file_with_nhs_numbers_nothing_is_kept(place: Place, column: str) -> None:
    number = files.nhs_number(1)
    place.put("export.csv", as_csv(files.change(fingertips(), 2, column, f"seen {number}")))
    place.land()
    assert not place.refused("export.csv").keep_bytes
    assert place.files_with(number.encode()) == []
    assert part_files(place) == []


def test_what_is_lost_is_read_again_from_landing(place: Place) -> None:
    fill(place)
    place.land()
    rows, names = place.rows(), part_files(place)
    for path in (place.home.cache / "raw").rglob("*.parquet"):
        path.unlink()
    place.land()
    assert (place.rows(), part_files(place)) == (rows, names)
    place.home.warehouse.unlink()
    place.land()
    assert (place.rows(), part_files(place)) == (rows, names)
    place.agrees()


def test_parts_that_nothing_stands_for_are_removed(place: Place) -> None:
    fill(place)
    place.land()
    rows, names = place.rows(), part_files(place)
    stray = place.home.cache / "raw" / "fingertips_values" / "99.parquet"
    stray.write_bytes(b"of a run that was killed")
    with warehouse.connect(place.home) as connection:
        connection.execute("insert into raw.loaded values (98, 'x', 'y', 1, 'qof_groups', true)")
    place.land()
    assert (place.rows(), part_files(place)) == (rows, names)
    place.agrees()


def test_a_part_is_read_whatever_stands_in_the_path_of_its_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "LARGE_BYTES", 1)
    place = Place(tmp_path / "it's [a] key=value * home")
    place.put("export.csv", CONTENT)
    place.land()
    place.agrees()
    assert len(part_files(place)) == 1


def test_of_a_zip_with_large_and_small_each_is_taken_for_itself(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = files.nhs_number(1)
    refused = as_csv(files.change(fingertips(areas=4), 3, "Value note", f"seen {number}"))
    small = as_csv(fingertips(indicator="90009", areas=2))
    monkeypatch.setattr(parts, "LARGE_BYTES", len(refused))
    place.put("both.zip", files.as_zip({"a_big.csv": refused, "b_small.csv": small}))
    place.land()
    assert place.refused("both.zip!a_big.csv").keep_bytes is False
    assert part_files(place) == []
    assert place.query("select distinct indicator_code from landed.fingertips_values") == [
        ("90009",)
    ]
    inside = [name for name in place.files_with(number.encode()) if name.startswith("cache")]
    assert inside == []
    place.agrees()


def test_a_disk_that_fails_beside_the_reading_is_told_and_nothing_lands(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system tells of it once: a later look would find all well."""
    place.put("export.csv", CONTENT)
    sync, failed = os.fsync, []

    def fail_once(handle: int) -> None:
        if not failed:
            failed.append(handle)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(handle)

    monkeypatch.setattr(os, "fsync", fail_once)
    with pytest.raises(OSError, match="Input/output error"):
        place.land()
    assert (place.ledger(), part_files(place)) == ([], [])
    assert list(place.home.landing.iterdir()) == []
    place.land()
    place.agrees()


@pytest.mark.parametrize("damage", [b"", b"PAR1 cut short", None])
def test_a_damaged_part_is_read_again(place: Place, damage: bytes | None) -> None:
    fill(place)
    place.land()
    rows = place.rows()
    part = next((place.home.cache / "raw" / "fingertips_values").glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-20] if damage is None else damage)
    place.land()
    assert place.rows() == rows
    place.agrees()

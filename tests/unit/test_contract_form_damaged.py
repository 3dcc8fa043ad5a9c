"""Workbooks of a contract that are damaged, hostile or wider than the form: told, never guessed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from contract_support import altered
from openpyxl.utils import get_column_letter

from dagster_project.contracts import form
from dagster_project.contracts.form import OF_A_CONTRACT
from dagster_project.errors import RegistryError
from dagster_project.home import PROJECT_ROOT
from dagster_project.landing import limits, workbooks
from dagster_project.registry.registry import load_registry


@pytest.fixture(scope="module")
def as_written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("form") / "contract.xlsx"
    form.write(path, load_registry(PROJECT_ROOT / "seeds"), "stockport_like")
    return path.read_bytes()


@pytest.fixture
def filled(as_written: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "contract.xlsx"
    path.write_bytes(as_written)
    return path


def test_a_cell_right_of_the_last_column_is_told(filled: Path) -> None:
    sheet = "contract_decisions"
    (table,) = (table for table in OF_A_CONTRACT if form.sheet_of(table) == sheet)
    place = f"{get_column_letter(len(table.header) + 2)}3"
    altered(filled, (sheet, place, "a remark"))
    with pytest.raises(RegistryError) as told:
        form.read(filled)
    assert f"sheet {sheet}, cell {place}: a cell stands right of" in str(told.value)
    assert "got 'a remark'" in str(told.value)
    assert told.value.expected
    assert told.value.fix


def test_a_cell_far_out_is_told_before_all_between_is_read(filled: Path) -> None:
    altered(filled, ("contract_terms", "XFD1048576", "x"))
    with pytest.raises(RegistryError, match=r"sheet contract_terms: the cells .* too far apart"):
        form.read(filled)


def part_changed(path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """After this that part of the workbook holds something else."""
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def halved(path: Path) -> None:
    path.write_bytes(half(path.read_bytes()))


def flipped(path: Path) -> None:
    """After this the packed bytes of a sheet aren't what was packed."""
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet2.xml")
    content = bytearray(path.read_bytes())
    start = info.header_offset + 30 + len(info.filename)
    content[start : start + 20] = b"\xff" * 20
    path.write_bytes(content)


def pointing_nowhere(sheet: bytes) -> bytes:
    """The sheet with a text by number of a list that has no such number."""
    changed = re.sub(rb't="inlineStr"><is><t>[^<]*</t></is>', b't="s"><v>99</v>', sheet, count=1)
    assert changed != sheet
    return changed


DAMAGE: dict[str, Callable[[Path], None]] = {
    "cut sheet": lambda path: part_changed(path, "xl/worksheets/sheet3.xml", half),
    "cut workbook": lambda path: part_changed(path, "xl/workbook.xml", half),
    "no such text": lambda path: part_changed(path, "xl/worksheets/sheet3.xml", pointing_nowhere),
    "flipped bytes": flipped,
    "cut file": halved,
    "bomb": lambda path: part_changed(
        path, "xl/worksheets/sheet3.xml", lambda content: content + b" " * 2**24
    ),
    "another document": lambda path: part_changed(path, "[Content_Types].xml", lambda _: b""),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_workbook_is_refused_in_plain_words(filled: Path, damage: str) -> None:
    DAMAGE[damage](filled)
    with pytest.raises(RegistryError, match="can't be read as a workbook") as told:
        form.read(filled)
    assert told.value.file == str(filled)
    assert told.value.got
    assert told.value.expected
    assert told.value.fix
    if damage == "bomb":
        assert "unpack to more than is allowed" in told.value.got


def test_a_folder_and_a_file_too_large_are_refused_unopened(
    filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RegistryError, match=r"can't be read as a workbook.*got a folder"):
        form.read(tmp_path)
    monkeypatch.setattr(limits, "MAX_FORM_BYTES", filled.stat().st_size - 1)
    monkeypatch.setattr(workbooks, "look", lambda _: pytest.fail("it was opened"))
    with pytest.raises(RegistryError, match=r"can't be read as a workbook.*bytes, of at most"):
        form.read(filled)

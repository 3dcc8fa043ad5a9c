"""A contract goes out as a workbook and comes back as the same tables, or is refused whole."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from contract_support import altered
from filelock import FileLock
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from dagster_project.cli import main
from dagster_project.contracts import form
from dagster_project.contracts.form import OF_A_CONTRACT
from dagster_project.contracts.loading import load
from dagster_project.errors import RegistryError, UsageError
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.refresh import settle_kind
from dagster_project.registry.registry import Registry, RegistryProblems, load_registry

SEEDS = PROJECT_ROOT / "seeds"
NAME = "stockport_like"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(SEEDS)


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """The seeds as links, but those of contracts as files that may be changed."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    own = {table.file for table in OF_A_CONTRACT}
    for path in SEEDS.iterdir():
        if path.name in own:
            shutil.copy(path, folder)
        else:
            (folder / path.name).symlink_to(path)
    return folder


@pytest.fixture
def filled(registry: Registry, tmp_path: Path) -> Path:
    path = tmp_path / "contract.xlsx"
    form.write(path, registry, NAME)
    return path


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {table.file: (folder / table.file).read_bytes() for table in OF_A_CONTRACT}


def test_what_goes_out_comes_back_as_the_same_bytes(seeds: Path, filled: Path) -> None:
    before = bytes_of(seeds)
    assert b"capitation" in before["contract_decisions.csv"]
    assert load(filled, seeds) == (NAME, [])
    assert bytes_of(seeds) == before
    # Also into seeds that have nothing of it.
    for table in OF_A_CONTRACT:
        path = seeds / table.file
        kept = [each for each in path.read_text("utf-8").splitlines(True) if NAME not in each]
        path.write_text("".join(kept), encoding="utf-8")
    assert load(filled, seeds)[0] == NAME
    assert bytes_of(seeds) == before


def test_numbers_and_days_that_a_spreadsheet_made_are_read_as_written(
    seeds: Path, filled: Path
) -> None:
    from datetime import datetime

    altered(
        filled,
        ("contracts", "G2", 0.05),
        ("contracts", "O2", True),
        ("contract_periods", "C2", datetime(2022, 4, 1)),
        ("contract_providers", "F2", 80_000_000),
    )
    assert load(filled, seeds) == (NAME, [])


def test_a_changed_answer_changes_its_file_alone(seeds: Path, filled: Path) -> None:
    before = bytes_of(seeds)
    altered(filled, ("contract_decisions", "D2", "Care is one thing"))
    assert load(filled, seeds) == (NAME, ["contract_decisions.csv"])
    changed = {file for file, text in bytes_of(seeds).items() if text != before[file]}
    assert changed == {"contract_decisions.csv"}
    assert b"Care is one thing" in (seeds / "contract_decisions.csv").read_bytes()
    assert not list(seeds.glob(".*.part"))


def test_every_mistake_is_told_by_sheet_row_and_column_and_nothing_is_written(
    seeds: Path, filled: Path
) -> None:
    before = bytes_of(seeds)
    altered(
        filled,
        ("contract_decisions", "B3", "hope"),
        ("contract_outcomes", "J2", "0.5"),
        ("contract_terms", "E5", "=1+1"),
    )
    with pytest.raises(RegistryProblems) as told:
        load(filled, seeds)
    said = str(told.value)
    assert "contract.xlsx, sheet contract_decisions: row 3, part" in said
    assert "contract.xlsx, sheet contract_terms: row 5, pays_from" in said
    assert "contract.xlsx, sheet contract_outcomes: row" in said
    assert bytes_of(seeds) == before


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (("contract_terms", "A1", "contract"), "the header is wrong"),
        (("contract_terms", "A3", "another"), "holds one contract"),
    ],
)
def test_another_form_is_refused(seeds: Path, filled: Path, cell: Any, told: str) -> None:
    altered(filled, cell)
    with pytest.raises(RegistryError, match=told):
        load(filled, seeds)


@pytest.mark.parametrize(
    "cell",
    [ArrayFormula("D2:D3", "=SUM(A1:A2)"), DataTableFormula("D2:D3", r1="A1", r2="A2")],
)
def test_a_formula_of_several_cells_is_refused_like_any_other(
    seeds: Path, filled: Path, cell: Any
) -> None:
    """It is an object of the library, whose words would stand in the seeds as an answer."""
    before = bytes_of(seeds)
    altered(filled, ("contract_decisions", "D2", cell))
    with pytest.raises(RegistryProblems) as told:
        load(filled, seeds)
    assert "contract.xlsx, sheet contract_decisions: row 2" in str(told.value)
    assert "would run as a formula" in str(told.value)
    assert bytes_of(seeds) == before


def test_a_disk_that_fills_up_leaves_all_as_it_was(
    seeds: Path, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two files change, and the second can't be written: the first isn't replaced either."""
    before = bytes_of(seeds)
    altered(
        filled,
        ("contract_decisions", "D2", "Care is one thing"),
        ("contract_providers", "C2", "Another name"),
    )
    write, written = Path.write_text, []

    def fills_up(path: Path, *text: Any, **how: Any) -> int:
        if path.suffix == ".part":
            written.append(path)
            if len(written) == 2:
                raise OSError(28, "No space left on device")
        return write(path, *text, **how)

    monkeypatch.setattr(Path, "write_text", fills_up)
    with pytest.raises(OSError, match="No space left"):
        load(filled, seeds)
    assert len(written) == 2
    assert bytes_of(seeds) == before
    assert not list(seeds.glob(".*.part"))


def test_the_command_waits_for_nobody_who_holds_the_home(
    seeds: Path,
    filled: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setattr("dagster_project.home.PROJECT_ROOT", seeds.parent)
    monkeypatch.setenv("OUTCOMES_HOME", str(home.root))
    altered(filled, ("contract_decisions", "D2", "Care is one thing"))
    before = bytes_of(seeds)
    home.make()
    settle_kind(home, sample=True)
    with FileLock(home.lock):
        assert main(["contract", "load", str(filled)]) == 1
    assert "another refresh is under way" in capsys.readouterr().err
    assert bytes_of(seeds) == before
    assert main(["contract", "load", str(filled)]) == 0
    assert b"Care is one thing" in (seeds / "contract_decisions.csv").read_bytes()


def test_the_command_makes_no_home_where_there_is_none(
    seeds: Path, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setattr("dagster_project.home.PROJECT_ROOT", seeds.parent)
    monkeypatch.setenv("OUTCOMES_HOME", str(home.root))
    assert main(["contract", "load", str(filled)]) == 0
    assert not home.root.exists()


def test_what_is_no_workbook_is_refused(seeds: Path, tmp_path: Path) -> None:
    path = tmp_path / "contract.xlsx"
    with pytest.raises(UsageError, match="no such file"):
        load(path, seeds)
    path.write_text("contract_id,part\n", encoding="utf-8")
    with pytest.raises(RegistryError, match="can't be read as a workbook"):
        load(path, seeds)


def test_the_command_writes_an_empty_form_for_a_new_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new.xlsx"
    words = ["contract", "template", "quite_new", "--out", str(path)]
    assert main(words) == 0
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Read me", *(form.sheet_of(table) for table in OF_A_CONTRACT)]
    assert [cell.value for cell in book["contracts"][2]][:2] == ["quite_new", None]
    assert book["contract_decisions"].max_row == 1
    assert main(words) == 2
    assert main(["contract", "template", "Not An Id"]) == 2
    told = capsys.readouterr().err
    assert "there already" in told
    assert "can't be a contract's id" in told


def test_the_how_to_says_what_each_column_of_the_form_means() -> None:
    page = (PROJECT_ROOT / "docs" / "how-to" / "write-a-contract.md").read_text("utf-8")
    missing = {
        (table.file, column.name)
        for table in OF_A_CONTRACT
        for column in table.columns
        if f"`{column.name}`" not in page.split("## What each column means")[1]
    }
    assert missing == set()

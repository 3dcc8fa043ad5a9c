"""Worked examples of a method: tested, and shown in `docs/reference/methods`.

A module of `tests/spec` that holds `EXAMPLES` is a statement of method: its docstring and its
examples become a page, and `tests/spec/test_examples.py` asserts them. `tests/spec/README.md` says
how to write one.
"""

from __future__ import annotations

import importlib.util
import math
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import duckdb

from dagster_project.home import PROJECT_ROOT
from tests.support import macros

SPEC = PROJECT_ROOT / "tests" / "spec"
ASSERTED_BY = SPEC / "test_examples.py"
Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A small table written as text, cells parted by |, the first row its header."""

    columns: Row
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, text: str) -> Table:
        lines = [line for line in textwrap.dedent(text).splitlines() if line.strip()]
        header, *rows = (tuple(cell.strip() for cell in line.split("|")) for line in lines)
        for row in rows:
            if len(row) != len(header):
                raise ValueError(f"got {len(row)} cells, expected {len(header)}: {' | '.join(row)}")
        return cls(header, tuple(rows))

    def load(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        """After this `name` is a table: columns of figures are double, an empty cell is NULL."""
        kinds = [
            "double" if all(_is_figure(row[place]) for row in self.rows) else "varchar"
            for place in range(len(self.columns))
        ]
        columns = ", ".join(
            f'"{column}" {kind}' for column, kind in zip(self.columns, kinds, strict=True)
        )
        connection.execute(f"create table {name} ({columns})")
        marks = ", ".join("?" for _ in self.columns)
        for row in self.rows:
            connection.execute(
                f"insert into {name} values ({marks})", [cell or None for cell in row]
            )

    def markdown(self) -> str:
        lines = [self.columns, tuple("---" for _ in self.columns), *self.rows]
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)


@dataclass(frozen=True)
class Example:
    """What goes in, the macro that is called, and what comes out.

    `call` is a macro that makes a whole select of the tables in `given`; or, for macros that make
    one expression, a name and a call for each answer over the one table given. The answer shows the
    columns that matter. A figure with decimals holds to the decimals shown, any other cell exactly.
    """

    title: str
    given: Mapping[str, str]
    call: str | Mapping[str, str]
    answer: str
    note: str = ""

    def tables(self) -> dict[str, Table]:
        return {name: Table.of(text) for name, text in self.given.items()}

    def query(self) -> str:
        """The SQL of the example."""
        if isinstance(self.call, str):
            return macros.render(self.call)
        (table,) = self.given
        answers = ", ".join(f"{macros.render(call)} as {name}" for name, call in self.call.items())
        return f"select *, {answers} from {table}"

    def work(self) -> None:
        """Raise AssertionError where the answer isn't what comes out."""
        expected = Table.of(self.answer)
        columns = ", ".join(f'"{column}"' for column in expected.columns)
        with duckdb.connect() as connection:
            for name, table in self.tables().items():
                table.load(connection, name)
            got = connection.execute(
                f"select {columns} from ({self.query()}) order by all"
            ).fetchall()
        # Both in the order of their own cells, so that an answer may be written in any order.
        unmatched = list(got)
        for row in expected.rows:
            found = next((other for other in unmatched if _same_row(row, other)), None)
            assert found is not None, f"{self.title}: no row like {row}; left are {unmatched}"
            unmatched.remove(found)
        assert not unmatched, f"{self.title}: rows that weren't expected: {unmatched}"


def _is_figure(cell: str) -> bool:
    try:
        return not cell or math.isfinite(float(cell))
    except ValueError:
        return False


def _same_row(shown: Row, got: tuple[object, ...]) -> bool:
    return all(_same(cell, value) for cell, value in zip(shown, got, strict=True))


def _same(shown: str, got: object) -> bool:
    if got is None or not shown:
        return got is None and not shown
    if isinstance(got, bool) or not _is_figure(shown) or isinstance(got, str):
        return shown == str(got)
    decimals = len(shown.partition(".")[2])
    near = 0.5 * 10.0**-decimals * (1 + 1e-9) if decimals else 1e-9
    return abs(float(str(got)) - float(shown)) <= near


def modules() -> dict[str, ModuleType]:
    """The modules of `tests/spec` that state a method, by the name of their page."""
    found = {}
    for path in sorted(SPEC.glob("test_*.py")):
        if path == ASSERTED_BY:
            continue
        module = _load(path)
        if hasattr(module, "EXAMPLES"):
            found[path.stem.removeprefix("test_")] = module
    return found


def _load(path: Path) -> ModuleType:
    # Folders of tests aren't packages, so that a module is found by its path.
    spec = importlib.util.spec_from_file_location(f"spec_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} can't be read as a module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page(module: ModuleType) -> str:
    """A statement of method as Markdown: title, statement, examples."""
    title, _, statement = (module.__doc__ or "").partition("\n")
    text = f"# {title.rstrip('.')}\n\n{statement.strip()}\n"
    for example in module.EXAMPLES:
        text += f"\n## Example: {example.title}\n"
        for name, table in example.tables().items():
            text += f"\n`{name}`:\n\n{table.markdown()}"
        calls = (
            example.call
            if isinstance(example.call, str)
            else "\n".join(f"{name} = {call}" for name, call in example.call.items())
        )
        text += f"\n```\n{calls}\n```\n\n{Table.of(example.answer).markdown()}"
        if example.note:
            text += f"\n{example.note}\n"
    return text

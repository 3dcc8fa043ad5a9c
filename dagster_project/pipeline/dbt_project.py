"""The dbt project, parsed once for each state of the code and kept, whatever home asks for it.

Parsing takes seconds and depends on the project's files alone, so it is done when the project is
installed and after a change, not in every refresh.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from dagster_project import stopping
from dagster_project.errors import OutcomesError
from dagster_project.fingerprint import code_version
from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.registry import load_registry

PROJECT = PROJECT_ROOT / "dbt"
KEPT = PROJECT / "target"
STATES_KEPT = 3
# What macros/shape.sql says of an indicator's model, in what dbt says around it.
SHAPE_FAULTS = re.compile(r"\d+ faults? in models/indicators/\S+:(\s+- .*)+")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# What dbt says of a worked example that leaves out a model which the SQL reads.
NOT_GIVEN = re.compile(r"Unit_Test .* depends on a node named '(?P<model>\w+)' which was not found")
# What DuckDB says of SQL that it can't run; dbt calls that a fault of the worked example.
SQL_FAULT = re.compile(r"(Parser|Binder|Catalog) Error: .*", re.DOTALL)
# A line of the SQL that dbt made: its number is of no file that anybody wrote.
MADE_LINE = re.compile(r"LINE \d+: *")
# What dbt itself keeps a parsed project in.
PARSED = "partial_parse.msgpack"


def parsed() -> Path:
    """The directory with today's parsed project and its manifest; parsed if it isn't there."""
    directory = KEPT / code_version()[:16]
    if not (directory / PARSED).exists():
        _parse_into(directory)
    return directory


def _parse_into(directory: Path) -> None:
    from dagster_project.indicators import generated, upstream

    registry = load_registry(PROJECT_ROOT / "seeds")
    generated.write_all(registry)
    KEPT.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".parsing-", dir=KEPT))
    try:
        _begin_with_newest(building)
        invoke(["parse"], building)
        upstream.check(_read_manifest(building), registry.sources)
        _forget_older()
        try:
            building.rename(directory)
        except OSError:
            # Another process has parsed the same state meanwhile: its copy serves as well.
            if not (directory / PARSED).exists():
                raise
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _begin_with_newest(building: Path) -> None:
    """After this dbt parses what has changed since the newest state that is kept, and no more."""
    kept = sorted(KEPT.glob(f"*/{PARSED}"), key=lambda path: path.stat().st_mtime)
    if kept:
        shutil.copyfile(kept[-1], building / PARSED)


def _forget_older() -> None:
    states = [path for path in KEPT.iterdir() if path.is_dir() and not path.name.startswith(".")]
    states.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in states[STATES_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


@cache
def manifest_for_dbt(directory: Path) -> Any:
    """The parsed project as dbt's own object, which nobody changes."""
    return read_for_dbt(directory)


def read_for_dbt(directory: Path) -> Any:
    """The parsed project as dbt's own object, read back from where `parse` kept it."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    content = (directory / PARSED).read_bytes()
    return Manifest.from_msgpack(content, decoder=extended_mashumuro_decoder)


@cache
def _read_manifest(directory: Path) -> dict[str, Any]:
    return dict(json.loads((directory / "manifest.json").read_text(encoding="utf-8")))


def manifest() -> dict[str, Any]:
    """The parsed project as a dictionary, which nobody changes."""
    return _read_manifest(parsed())


def invoke(arguments: list[str], target: Path, manifest: Any = None, tell: Any = None) -> Any:
    """The result of a dbt command in this process; OutcomesError names what failed."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    options = [
        *("--project-dir", str(PROJECT)),
        *("--profiles-dir", str(PROJECT)),
        *("--target-path", str(target)),
    ]
    runner = dbtRunner(manifest=manifest, callbacks=[tell] if tell else [])
    try:
        result = runner.invoke(["--log-level", "none", "--no-version-check", *arguments, *options])
    finally:
        # Otherwise the warehouse stays open and nobody else can open it.
        DuckDBConnectionManager.close_all_connections()
    if not result.success:
        raise _failure(arguments[0], result)
    return result


def _failure(command: str, result: Any) -> OutcomesError:
    if result.exception is not None:
        if stopping.was_told(result.exception):
            raise KeyboardInterrupt from result.exception
        return OutcomesError(
            f"dbt {command} stopped",
            got=in_a_line(str(result.exception))[:2000],
            fix="mend the file it names",
        )
    failed = [
        each
        for each in result.result
        if str(each.status) not in ("success", "pass", "skipped", "no-op")
    ]
    shapeless = [SHAPE_FAULTS.search(str(each.message)) for each in failed]
    if any(shapeless):
        return OutcomesError(
            "\n".join(found.group().rstrip() for found in shapeless if found),
            fix="mend the SQL of each; `outcomes preview ID` shows what comes of it",
        )
    first = failed[0]
    # The seeds lie beside dbt's folder.
    place = os.path.normpath(f"dbt/{first.node.original_file_path}")
    lacks = NOT_GIVEN.search(str(first.message))
    if lacks:
        return OutcomesError(
            "the worked example gives no rows of a model that the SQL reads",
            file=place,
            got=f"nothing of {lacks['model']}",
            expected=f"- input: ref('{lacks['model']}') and its rows, below given",
            fix="give the rows that the example needs, or no rows: rows: []",
        )
    fault = SQL_FAULT.search(COLOURS.sub("", str(first.message)))
    if fault and first.node.resource_type == "unit_test":
        return _fault_of_sql(PROJECT_ROOT / place, first.node.model, fault.group())
    return OutcomesError(
        f"dbt {command}: {len(failed)} of {len(result.result)} nodes failed",
        file=place,
        got=in_a_line(str(first.message))[:2000],
        fix="mend the model or the test it names; what was published before stands",
    )


def _fault_of_sql(example: Path, model: str, said: str) -> OutcomesError:
    """That the SQL beside a worked example can't be run, with its line where that can be told."""
    file = example.with_name(f"{model}.sql")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    made = [MADE_LINE.sub("", line.strip()) for line in said.splitlines() if "LINE " in line]
    numbers = [number for number, line in enumerate(lines, 1) if line.strip() in made]
    return OutcomesError(
        "this SQL can't be run",
        file=os.path.relpath(file if lines else example, PROJECT_ROOT),
        place=f"line {numbers[0]}" if len(numbers) == 1 else None,
        got=in_a_line(said)[:2000],
        fix="mend the SQL; `outcomes preview ID` shows what comes of it",
    )


def in_a_line(message: str) -> str:
    """What dbt says, without its colours and line by line behind each other.

    A line of the SQL that dbt made, with a mark below it, is left out: nobody wrote that one, and
    DuckDB counts it otherwise.
    """
    lines = [line.strip() for line in COLOURS.sub("", message).splitlines()]
    shown = [line for line in lines if line.strip("^ ")]
    if "syntax error" not in message:
        shown = [line for line in shown if not line.startswith("LINE ")]
    return " | ".join(MADE_LINE.sub("", line) for line in shown)


if __name__ == "__main__":
    try:
        parsed()
    except OutcomesError as problem:
        sys.exit(f"outcomes: {problem.message}")

"""How fast linked records become the counts of every measure: `python -m tests.bench.linked`.

A population is drawn and written as Parquet in the shape in which large extracts land; both are
timed apart. Then every model from there to the indicators' counts is built, in DuckDB with the
warehouse's own settings and without dbt, each as a table. Peak memory is that of the process which
does only that.

Ten million people take gigabytes and many minutes to draw: `--home FOLDER` keeps what landed. So
many as are there already aren't drawn again, and the models alone are built.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.home import PROJECT_ROOT
from dagster_project.landing.sql import quoted, quoted_path
from dagster_project.sample import linked
from dagster_project.sources import LAYOUTS_BY_ID
from dagster_project.warehouse import SETTINGS
from tests.support import linked_models
from tests.support.linked_world import LAYOUT_OF

# 30 practices a place, five of them a network, four localities.
PRACTICES = tuple(
    linked.Practice(f"Z8{place}{nth:03d}", f"U8{place}{nth // 5:03d}", f"Locality {nth % 4}", place)
    for place in range(1, 6)
    for nth in range(30)
)
# About three million episodes and fifty million observations of a million people in five years.
STAYS, OTHER_CODES = 1.6, 0.66
# Of so many people 12 million observations are drawn in memory; of more they spill.
PART = 250_000
LANDED, DRAWN, MODELS, BUILT = "landed", "drawn.json", "models.duckdb", "built.json"


def settings(folder: Path, memory: str) -> dict[str, Any]:
    """What a database is opened with: as the warehouse is, with a limit and a spill of its own."""
    return {**SETTINGS, "memory_limit": memory, "temp_directory": str(folder / "spill")}


def draw(folder: Path, people: int) -> dict[str, Any]:
    """After this the folder holds each extract as it lands; how long drawing and writing took.

    What a run that was killed had drawn stands, and is gone on from.
    """
    recipe = linked.Recipe(people, PRACTICES, stays=STAYS, other_codes=OTHER_CODES)
    took = drawn_so_far(folder)
    opened = partial(duckdb.connect, config=settings(folder, SETTINGS["memory_limit"]))
    before, cpu = time.perf_counter(), time.process_time()
    start = linked.Part(**took["following"])
    for connection, following in linked.draw_in_parts(recipe, PART, opened, start):
        drawn = time.perf_counter()
        for name, rows in linked.EXTRACTS.items():
            # Practices are the same in every part.
            if name != "gp_practices" or took["people"] == 0:
                _land(connection, folder, name, rows, took["people"] // PART)
        written, spent = time.perf_counter(), time.process_time()
        took["people"], took["following"] = following.first - 1, asdict(following)
        took["draw"] += drawn - before
        took["write"] += written - drawn
        took["cpu"] += spent - cpu
        took["peak_gb"] = max(took["peak_gb"], _peak_gb())
        before, cpu = written, spent
        # Written when a part is whole.
        (folder / DRAWN).write_text(json.dumps(took), encoding="utf-8")
    return took


def drawn_so_far(folder: Path) -> dict[str, Any]:
    """How many people the folder holds, where drawing goes on, and what it took."""
    if (folder / DRAWN).exists():
        found: dict[str, Any] = json.loads((folder / DRAWN).read_text(encoding="utf-8"))
        return found
    following = asdict(linked.Part(1, PART))
    return {"people": 0, "following": following, "draw": 0, "write": 0, "cpu": 0, "peak_gb": 0}


def _land(
    connection: duckdb.DuckDBPyConnection, folder: Path, name: str, rows: str, nth: int
) -> None:
    layout = LAYOUTS_BY_ID[LAYOUT_OF[name]]
    chosen = []
    for header, *_ in connection.execute(f"describe {rows}").fetchall():
        for field in layout.named(header)[:1]:
            kind = "double" if field.kind == "figure" else "varchar"
            chosen.append(f'cast("{header}" as {kind}) as {field.name}')
    place = folder / LANDED / layout.table
    place.mkdir(parents=True, exist_ok=True)
    # The order of rows is no part of what is measured.
    unordered = rows.split(" order by ")[0] if name != "gp_observations" else rows
    unordered = unordered.split("order by all")[0]
    connection.execute(
        f"copy (select {', '.join(chosen)} from ({unordered}))"
        f" to {quoted_path(place / f'{nth:04d}.parquet')} (format parquet, compression zstd)"
    )


def build(folder: Path, memory: str) -> dict[str, Any]:
    """Every model built on the landed rows: seconds, those of each, rows, bytes, peak memory."""
    (folder / MODELS).unlink(missing_ok=True)
    connection = duckdb.connect(str(folder / MODELS), config=settings(folder, memory))
    linked_models.place(connection)
    rows = _stage(connection, folder)
    measures = sorted(
        path.stem
        for path in (PROJECT_ROOT / "dbt" / "models" / "indicators").rglob("*.sql")
        if "int_linked__" in path.read_text(encoding="utf-8")
    )
    began, cpu = time.perf_counter(), time.process_time()
    took = linked_models.build(connection, measures)
    found = {
        "rows": rows,
        "models": len(took),
        "measures": len(measures),
        "seconds": round(time.perf_counter() - began, 1),
        "cpu": round(time.process_time() - cpu, 1),
        "memory_limit": memory,
        "peak_gb": _peak_gb(),
        "landed_gb": _gigabytes(folder / LANDED),
        "built_gb": _gigabytes(folder / MODELS),
        "took": {name: round(spent, 2) for name, spent in took.items()},
    }
    (folder / BUILT).write_text(json.dumps(found, indent=1), encoding="utf-8")
    return found


def _stage(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """After this each landed table is a view of its files; how many rows each has."""
    rows = {}
    for place in sorted((folder / LANDED).iterdir()):
        table = f"landed_{place.name}"
        columns = ", ".join(
            f"cast(null as {kind}) as {name}"
            for name, kind, *_ in connection.execute(f"describe {table}").fetchall()
        )
        connection.execute(f"drop table {table}")
        connection.execute(
            f"create view {table} as select 1 as extract_id, * from"
            f" read_parquet({quoted(str(place / '*.parquet'))})"
            f" union all by name select {columns} where false"
        )
        ((found,),) = connection.execute(f"select count(*) from {table}").fetchall()
        rows[place.name] = int(found)
    return rows


def _peak_gb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)


def _gigabytes(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else [path]
    return round(sum(one.stat().st_size for one in files if one.is_file()) / 2**30, 2)


def _alone(step: str, folder: Path, *given: str) -> dict[str, Any]:
    """What a process that does one step only came to."""
    command = [sys.executable, "-m", "tests.bench.linked", step, "--home", str(folder), *given]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=PROJECT_ROOT)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run(folder: Path, people: int, memory: str) -> None:
    """Prints what one run came to."""
    if drawn_so_far(folder)["people"] < people:
        _alone("draw", folder, "--people", str(people))
    took = drawn_so_far(folder)
    print(
        f"{took['people']:,} people drawn in {took['draw']:.1f} s, written in"
        f" {took['write']:.1f} s: {took['cpu']:.1f} s of CPU and {took['peak_gb']} GB",
        flush=True,
    )
    found = _alone("build", folder, "--memory", memory)
    for table, rows in found["rows"].items():
        print(f"  {table}: {rows:,} rows")
    print(f"  landed {found['landed_gb']} GB, built {found['built_gb']} GB")
    print(
        f"{found['models']} models, {found['measures']} of them measures, in {found['seconds']} s,"
        f" {found['cpu']} s of CPU and {found['peak_gb']} GB with a limit of {memory}"
    )
    for name, spent in sorted(found["took"].items(), key=lambda pair: -pair[1])[:8]:
        print(f"  {name}: {spent} s")


def main() -> None:
    """Runs what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", nargs="?", choices=["draw", "build"], help=argparse.SUPPRESS)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path, help="a folder that is kept, with what landed in it")
    parser.add_argument("--memory", default=SETTINGS["memory_limit"], help="DuckDB's limit")
    given = parser.parse_args()
    if given.step == "draw":
        print(json.dumps(draw(given.home, given.people)))
    elif given.step == "build":
        print(json.dumps(build(given.home, given.memory)))
    elif given.home:
        given.home.mkdir(parents=True, exist_ok=True)
        run(given.home, given.people, given.memory)
    else:
        with tempfile.TemporaryDirectory() as folder:
            run(Path(folder), given.people, given.memory)


if __name__ == "__main__":
    main()

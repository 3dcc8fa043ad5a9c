"""How fast linked records become the counts of every measure: `python -m tests.bench.linked`.

A population is drawn and written as Parquet in the shape in which large extracts land; both are
timed apart. Then every model from there to the indicators' counts is built, in DuckDB with the
warehouse's own settings and without dbt, each as a table. Peak memory is that of the process which
does only that.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.home import PROJECT_ROOT
from dagster_project.landing.sql import quoted
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
MEMORY = "4GB"


def draw(folder: Path, people: int) -> dict[str, float]:
    """After this the folder holds each extract as it lands; how long drawing and writing took."""
    began = time.perf_counter()
    recipe = linked.Recipe(people, PRACTICES, stays=STAYS, other_codes=OTHER_CODES)
    with duckdb.connect(str(folder / "drawn.duckdb"), config=_settings(folder)) as connection:
        linked.draw(connection, recipe)
        drawn = time.perf_counter()
        for name, rows in linked.EXTRACTS.items():
            _land(connection, folder, name, rows)
    (folder / "drawn.duckdb").unlink()
    return {"draw": drawn - began, "write": time.perf_counter() - drawn}


def _land(connection: duckdb.DuckDBPyConnection, folder: Path, name: str, rows: str) -> None:
    layout = LAYOUTS_BY_ID[LAYOUT_OF[name]]
    chosen = []
    for header, *_ in connection.execute(f"describe {rows}").fetchall():
        for field in layout.named(header)[:1]:
            kind = "double" if field.kind == "figure" else "varchar"
            chosen.append(f'cast("{header}" as {kind}) as {field.name}')
    path = quoted(str(folder / f"{layout.table}.parquet"))
    # The order of rows is no part of what is measured.
    unordered = rows.split(" order by ")[0] if name != "gp_observations" else rows
    unordered = unordered.split("order by all")[0]
    connection.execute(
        f"copy (select {', '.join(chosen)} from ({unordered})) to {path} (format parquet)"
    )


def _settings(folder: Path) -> dict[str, Any]:
    return {**SETTINGS, "memory_limit": MEMORY, "temp_directory": str(folder / "spill")}


def build(folder: Path) -> dict[str, Any]:
    """Every model built on the landed rows: seconds, the slowest of them, rows and peak memory."""
    connection = duckdb.connect(str(folder / "models.duckdb"), config=_settings(folder))
    linked_models.place(connection)
    rows = {}
    for path in sorted(folder.glob("*.parquet")):
        table = f"landed_{path.stem}"
        columns = ", ".join(
            f"cast(null as {kind}) as {name}"
            for name, kind, *_ in connection.execute(f"describe {table}").fetchall()
        )
        connection.execute(f"drop table {table}")
        connection.execute(
            f"create view {table} as select 1 as extract_id, * from"
            f" read_parquet({quoted(str(path))}) union all by name select {columns} where false"
        )
        found = connection.execute(f"select count(*) from {table}").fetchall()
        rows[path.stem] = int(found[0][0])
    measures = sorted(
        path.stem
        for path in (PROJECT_ROOT / "dbt" / "models" / "indicators").rglob("*.sql")
        if "int_linked__" in path.read_text(encoding="utf-8")
    )
    began = time.perf_counter()
    took = linked_models.build(connection, measures)
    seconds = time.perf_counter() - began
    slowest = sorted(took.items(), key=lambda pair: -pair[1])[:8]
    return {
        "rows": rows,
        "models": len(took),
        "measures": len(measures),
        "seconds": round(seconds, 1),
        "slowest": {name: round(spent, 1) for name, spent in slowest},
        "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
    }


def main() -> None:
    """Prints what one run came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--built-in", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.built_in:
        print(json.dumps(build(given.built_in)))
        return
    with tempfile.TemporaryDirectory() as folder:
        took = draw(Path(folder), given.people)
        print(
            f"{given.people:,} people drawn in {took['draw']:.1f} s,"
            f" written in {took['write']:.1f} s"
        )
        command = [sys.executable, "-m", "tests.bench.linked", "--built-in", folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=PROJECT_ROOT)
        found = json.loads(done.stdout)
    for table, rows in found["rows"].items():
        print(f"  {table}: {rows:,} rows")
    print(
        f"{found['models']} models, {found['measures']} of them measures, in {found['seconds']} s"
        f" and {found['peak_gb']} GB"
    )
    for name, spent in found["slowest"].items():
        print(f"  {name}: {spent} s")


if __name__ == "__main__":
    main()

"""How fast it is, as ratios in one run, printed as the table that `docs/reference/speed.md` keeps.

Everything is measured as whole processes, one after the other, in a directory of its own.
`--rows` sets the sizes of the generated Fingertips file; `--real` names a folder of real extracts.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.generate import write_fingertips_csv

OUTCOMES = Path(sys.executable).with_name("outcomes")
STAGE = re.compile(r"^(.+): done in ([\d.]+) s \(([\d.]+) s of CPU\)$", re.MULTILINE)
FLOOR = """
import duckdb, sys
with duckdb.connect() as c:
    c.execute("set memory_limit='2GB'; set threads=2; set temp_directory='{folder}/spill'")
    types = {{'Time period': 'VARCHAR', 'Category': 'VARCHAR', 'Value note': 'VARCHAR'}}
    c.execute(f"copy (select * from read_csv('{csv}', types={{types}}))"
        " to '{folder}/floor.parquet' (format parquet)")
"""


@dataclass(frozen=True)
class Timing:
    """One process: wall and CPU seconds, its stages, and the most memory it held."""

    wall: float
    cpu: float
    peak_mb: float
    stages: dict[str, tuple[float, float]] = field(default_factory=dict)


def timed(command: list[str], home: Path | None = None) -> Timing:
    """The timing of a command by the system's own account; it must succeed."""
    environment = {**os.environ, **({"OUTCOMES_HOME": str(home)} if home else {})}
    with tempfile.TemporaryFile("w+") as said:
        began = time.monotonic()
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=said, text=True
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - began
        said.seek(0)
        text = said.read()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{text[-4000:]}")
    stages = {title: (float(w), float(c)) for title, w, c in STAGE.findall(text)}
    return Timing(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, stages)


def row(label: str, timing: Timing, note: str = "") -> None:
    print(
        f"| {label} | {timing.wall:.2f} | {timing.cpu:.2f} | {timing.peak_mb:,.0f} | {note} |",
        flush=True,
    )


def bench_sample(folder: Path) -> None:
    home = folder / "sample"
    row("the sample, cold", timed([str(OUTCOMES), "refresh", "--sample"], home))
    for _ in range(2):
        again = timed([str(OUTCOMES), "refresh", "--sample"], home)
    row("nothing new", again, "the second of two")


def bench_real(folder: Path, real: Path) -> None:
    timing = timed([str(OUTCOMES), "refresh", "--inbox", str(real)], folder / "real")
    row("real extracts", timing)


def bench_rows(folder: Path, sizes: list[int]) -> None:
    totals, floors = [], []
    for rows in sizes:
        inbox = folder / f"inbox-{rows}"
        inbox.mkdir()
        csv = inbox / "fingertips.csv"
        write_fingertips_csv(csv, rows, seed=1)
        floor = timed([sys.executable, "-c", FLOOR.format(folder=folder, csv=csv)])
        row(f"floor: DuckDB reads and writes {rows:,} rows", floor, f"{csv.stat().st_size:,} bytes")
        home = folder / f"home-{rows}"
        total = timed([str(OUTCOMES), "refresh", "--inbox", str(inbox)], home)
        csv_seconds = total.stages.get("Writing the CSV files", (0.0, 0.0))
        row(f"refresh of {rows:,} rows", total)
        for title, (wall, cpu) in total.stages.items():
            print(f"|   {title} | {wall:.2f} | {cpu:.2f} | | |", flush=True)
        totals.append(total.wall - csv_seconds[0])
        floors.append(floor.wall)
        shutil.rmtree(home)
        shutil.rmtree(inbox)
    if len(sizes) > 1:
        ratio = (totals[-1] - totals[0]) / (floors[-1] - floors[0])
        print(
            f"\n({sizes[-1]:,} rows − {sizes[0]:,} rows) ÷ the same difference of the floor,"
            f" CSV export apart: {ratio:.2f} (aim: at most 4)"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000_000, 10_000_000])
    parser.add_argument("--real", type=Path, default=None)
    parser.add_argument("--skip-sample", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="outcomes-bench-") as name:
        folder = Path(name)
        print("| what | wall s | CPU s | peak MB | |\n|---|---|---|---|---|", flush=True)
        if not options.skip_sample:
            bench_sample(folder)
        if options.real:
            bench_real(folder, options.real)
        if options.rows:
            bench_rows(folder, options.rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

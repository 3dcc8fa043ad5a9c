"""How fast it is, as ratios in one run, printed as the table that `docs/reference/speed.md` keeps.

Everything is measured as whole processes, one after the other, in a directory of its own.
`--rows` sets the sizes of the generated Fingertips file; `--real` names a folder of real extracts.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from tests.bench.generate import write_fingertips_csv, write_practice_geography
from tests.bench.models import added_since
from tests.bench.stages import Timing, print_stages, summed

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
    """Prints the floor's and the stages' seconds for each size, and the ratio of the two ends."""
    floors, totals, added = [], [], []
    for rows in sizes:
        inbox, home = folder / f"inbox-{rows}", folder / f"home-{rows}"
        inbox.mkdir()
        csv = inbox / "fingertips.csv"
        write_fingertips_csv(csv, rows, seed=1)
        write_practice_geography(inbox)
        # What the bench wrote itself reaches the disk before anything is timed, not beside it.
        os.sync()
        floor = partial(timed, [sys.executable, "-c", FLOOR.format(folder=folder, csv=csv)])
        before = floor()
        totals.append(timed([str(OUTCOMES), "refresh", "--inbox", str(inbox)], home))
        # A shared machine is faster in one minute than in another: the refresh's is between two.
        floors.append(_middle(before, floor()))
        row(f"floor: DuckDB reads and writes {rows:,} rows", floors[-1], "middle of two")
        row(f"refresh of {rows:,} rows", totals[-1])
        added.append(summed(added_since(home).values()))
        # Nothing is deleted before the end: some hosts take memory back that a machine has no use
        # for, and what is measured next would pay for getting it again.
    print_stages(sizes, floors, totals, added)


def _middle(before: Timing, after: Timing) -> Timing:
    return Timing(
        (before.wall + after.wall) / 2,
        (before.cpu + after.cpu) / 2,
        max(before.peak_mb, after.peak_mb),
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

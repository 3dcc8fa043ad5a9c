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
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.bench.generate import write_fingertips_csv, write_practice_geography

OUTCOMES = Path(sys.executable).with_name("outcomes")
STAGE = re.compile(r"^(.+): done in ([\d.]+) s \(([\d.]+) s of CPU\)$", re.MULTILINE)
CSV_STAGE = "Writing the CSV files"
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
    """Prints the floor's and the stages' seconds for each size, and the ratio of the two ends."""
    floors, totals = [], []
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
        shutil.rmtree(home)
        shutil.rmtree(inbox)
    stages(sizes, floors, totals)


def _middle(before: Timing, after: Timing) -> Timing:
    return Timing(
        (before.wall + after.wall) / 2,
        (before.cpu + after.cpu) / 2,
        max(before.peak_mb, after.peak_mb),
    )


def stages(sizes: list[int], floors: list[Timing], totals: list[Timing]) -> None:
    """The seconds of each stage by size, as a table; below it how they grow beside the floor's."""
    heads = "".join(f" {rows:,} rows: wall s | CPU s |" for rows in sizes)
    print(f"\n| stage |{heads}\n|---|{'---|---|' * len(sizes)}")
    table = {title: [total.stages[title] for total in totals] for title in totals[0].stages}
    every = [(total.wall, total.cpu) for total in totals]
    staged = [_sum(each) for each in zip(*table.values(), strict=True)]
    # A stage counts the processes that end in it too: the judging's, which imports beside the
    # landing, and the workbook's, which is written beside the site.
    table["the rest: starting"] = _less(every, staged)
    table["all"] = every
    table["all, CSV files apart"] = apart = _less(every, table[CSV_STAGE])
    table["the floor"] = floor = [(timing.wall, timing.cpu) for timing in floors]
    for title, figures in table.items():
        cells = " | ".join(f"{wall:.1f} | {cpu:.1f}" for wall, cpu in figures)
        print(f"| {title} | {cells} |")
    if len(sizes) > 1:
        wall, cpu = ((apart[-1][n] - apart[0][n]) / (floor[-1][n] - floor[0][n]) for n in (0, 1))
        print(
            f"\n({sizes[-1]:,} rows − {sizes[0]:,} rows) ÷ the same difference of the floor, CSV"
            f" files apart: {wall:.2f} by the clock, {cpu:.2f} by CPU (aim: at most 4)"
        )


def _sum(figures: Iterable[tuple[float, float]]) -> tuple[float, float]:
    walls, cpus = zip(*figures, strict=True)
    return sum(walls), sum(cpus)


def _less(
    figures: list[tuple[float, float]], others: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    return [(a - c, b - d) for (a, b), (c, d) in zip(figures, others, strict=True)]


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

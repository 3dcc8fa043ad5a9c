"""How fast the methods are beside PHStatsMethods, in one run, printed as the table that
`docs/reference/speed.md` keeps.

Each measurement is a process of its own, one after the other; seconds are of the calculation alone,
over rows in memory, memory is the most the process held, reading the rows included. Ours is the
middle of several passes, in two threads. The figures of both are compared. `--dsr`, `--rows` and
`--life` set the sizes: the other takes about a minute for each of the largest.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.home import PROJECT_ROOT
from tests.bench.dbt_model import time_of_dbt_and_by_hand
from tests.support.life_tables import AGES

PEER = PROJECT_ROOT / "build" / "peer" / "bin" / "python"
THEIR_NAMES = {
    "value": "Value",
    "lower_95": "lower_95_ci",
    "upper_95": "upper_95_ci",
    "lower_998": "lower_99_8_ci",
    "upper_998": "upper_99_8_ci",
}


@dataclass(frozen=True)
class Measured:
    """Seconds by the clock and of CPU of each pass, and the most memory that the process held."""

    seconds: list[float]
    cpu: list[float]
    peak_mb: float

    @property
    def middle(self) -> float:
        return statistics.median(self.seconds)

    @property
    def middle_cpu(self) -> float:
        return statistics.median(self.cpu)

    def __str__(self) -> str:
        return f"{self.middle:.3f} | {self.middle_cpu:.3f} | {self.peak_mb:,.0f}"


def measured(command: list[str]) -> Measured:
    """What a process says of its time; it must succeed."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=out, stderr=said, text=True, cwd=PROJECT_ROOT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said.seek(0)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{said.read()[-4000:]}")
        times = json.loads(out.read().splitlines()[-1])
    return Measured(times["seconds"], times["cpu"], used.ru_maxrss / 1024)


def write_bands(path: Path, areas: int) -> None:
    """After this `path` holds made-up events and people of so many areas in 19 bands."""
    seed = PROJECT_ROOT / "seeds" / "standard_populations.csv"
    _write(
        path,
        f"""
        select
            area, band, weight,
            1 + hash(area, band) % 60 as numerator,
            500 + hash(band, area) % 9000 as denominator
        from range({areas}) as areas(area), read_csv('{seed}', all_varchar=true) as standard
        where standard = 'esp2013' and bands = '19'
        order by area, cast(age_from as integer)
        """,
    )


def write_counts(path: Path, areas: int) -> None:
    """After this `path` holds a made-up count of each area: from 1, since the other stops at 0."""
    _write(
        path,
        f"""
        select area, 1 + hash(area) % 400 as numerator, 500 + hash(area, 1) % 90000 as denominator
        from range({areas}) as areas(area) order by area
        """,
    )


def write_deaths(path: Path, areas: int) -> None:
    """After this `path` holds made-up deaths and people of so many areas in 20 bands."""
    _write(
        path,
        f"""
        select
            area, age,
            300 + hash(area, age) % 2000 as denominator,
            cast(age >= 85 as integer)
            + floor(denominator * exp(-9.5 + 0.085 * age) * (hash(age, area) % 2000 / 1000.0))
            as numerator
        from range({areas}) as areas(area), (select unnest({AGES}) as age) as ages
        order by area, age
        """,
    )


def _write(path: Path, query: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"copy ({query}) to '{path}' (header)")


def largest_difference(ours: Path, theirs: Path) -> float:
    """The largest relative difference of any figure of two answers, area by area."""
    by = "area"
    gaps = ", ".join(
        f'max(abs(ours.{our} - theirs."{their}") / nullif(abs(theirs."{their}"), 0))'
        for our, their in THEIR_NAMES.items()
    )
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select greatest({gaps}), count(*) = (select count(*) from '{ours}')"
            f" from '{ours}' as ours inner join '{theirs}' as theirs using ({by})"
        ).fetchall()[0]
    if not found[1]:
        raise SystemExit("the two answers aren't of the same areas")
    return float(found[0])


def beside_each_other(folder: Path, method: str, areas: int, peer: Path | None) -> None:
    source = folder / f"{method}-{areas}.csv"
    (write_bands if method == "dsr" else write_counts)(source, areas)
    answer = folder / "ours.csv"
    ours = measured(_ours(method, source, answer, passes=5))
    label = f"{method}, {areas:,} areas" + (" × 19 bands" if method == "dsr" else "")
    if peer is None:
        print(f"| {label} | {ours} | | | | | | |", flush=True)
        return
    their_answer = folder / "theirs.csv"
    script = str(PROJECT_ROOT / "tests" / "bench" / "peer.py")
    theirs = measured([str(peer), script, method, str(source), str(their_answer)])
    ratio, of_cpu = theirs.middle / ours.middle, theirs.middle_cpu / ours.middle_cpu
    gap = largest_difference(answer, their_answer)
    print(f"| {label} | {ours} | {theirs} | {ratio:,.0f} | {of_cpu:,.0f} | {gap:.0e} |", flush=True)


def alone(folder: Path, areas: int) -> None:
    source = folder / "deaths.csv"
    write_deaths(source, areas)
    for threads in (2, 1):
        ours = measured(_ours("life_expectancy", source, folder / "ours.csv", 3, threads))
        label = f"life expectancy, {areas:,} areas × 20 bands, threads: {threads}"
        print(f"| {label} | {ours} | not offered | | | | | |", flush=True)


def _ours(method: str, source: Path, answer: Path, passes: int, threads: int = 2) -> list[str]:
    place = [method, str(source), str(answer), str(passes), str(threads)]
    return [sys.executable, "-m", "tests.bench.ours", *place]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dsr", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument("--rows", type=int, nargs="*", default=[100_000])
    parser.add_argument("--life", type=int, default=100_000)
    parser.add_argument("--peer", type=Path, default=PEER, help="a Python that has PHStatsMethods")
    parser.add_argument("--skip-peer", action="store_true")
    options = parser.parse_args()
    peer = None if options.skip_peer else options.peer
    if peer and not peer.exists():
        raise SystemExit(f"{peer} isn't there: `make bench-methods` installs it, or --skip-peer")
    with tempfile.TemporaryDirectory(prefix="outcomes-bench-") as name:
        folder = Path(name)
        print(
            "| what | ours s | CPU s | peak MB | PHStatsMethods s | CPU s | peak MB"
            " | times as fast | by CPU | largest difference |\n" + "|---" * 10 + "|",
            flush=True,
        )
        for areas in options.dsr:
            beside_each_other(folder, "dsr", areas, peer)
        for areas in options.rows:
            beside_each_other(folder, "rate", areas, peer)
            beside_each_other(folder, "proportion", areas, peer)
        if options.life:
            alone(folder, options.life)
        if options.dsr:
            source = folder / f"dsr-{options.dsr[-1]}.csv"
            by_dbt, by_hand = time_of_dbt_and_by_hand(folder / "dbt", source)
            print(
                f"\nThe model of dsr at {options.dsr[-1]:,} areas: {by_dbt:.3f} s in"
                f" run_results.json, {by_hand:.3f} s by hand (aim: at most 0.1 s or 1.5 times more)"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""What it takes to land each file of a folder, one process a file: `python -m tests.bench.readers`.

The time to start, and to land nothing, is told first and taken off the others; memory isn't.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from tests.bench.run import timed
from tests.bench.stages import Timing


def land_one(home: Path, inbox: Path) -> None:
    """After this what stands in the inbox has landed in that home, and its ledger says so."""
    from dagster_project import warehouse
    from dagster_project.home import Home
    from dagster_project.landing import loading, shown
    from dagster_project.landing.landing import Landing, land

    place = Home(home)
    place.make()
    with warehouse.connect(place) as connection:
        loading.make_tables(connection)
        summary = land(connection, Landing(place, 1, synthetic=False), [inbox])
        rows = connection.execute("select count(*) from raw.loaded").fetchall()
        layouts = [(home / "layout", "refused" if summary.refused else "nothing")]
        if rows[0][0]:
            shown.show(connection, place)
            landed = connection.execute("select layout_id, rows_kept from raw.extracts").fetchall()
            layouts = [(home / "layout", f"{landed[0][0]} {landed[0][1]}")]
    for path, said in layouts:
        path.write_text(said, encoding="utf-8")


def measure(folder: Path, file: Path | None) -> tuple[str, int, Timing]:
    """The layout of a file, the rows that were kept of it, and what its landing took."""
    inbox, home = folder / "inbox", folder / "home"
    inbox.mkdir()
    if file is not None:
        # By its folder too: some files' periods stand there.
        (inbox / file.parent.name).mkdir()
        shutil.copy(file, inbox / file.parent.name)
    timing = timed([sys.executable, "-m", __spec__.name, "--one", str(home), str(inbox)])
    layout, _, rows = (home / "layout").read_text(encoding="utf-8").partition(" ")
    shutil.rmtree(inbox)
    shutil.rmtree(home)
    return layout, int(rows or 0), timing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--one", type=Path, nargs=2)
    options = parser.parse_args()
    if options.one:
        land_one(*options.one)
        return 0
    told: dict[str, list[tuple[int, int, Timing]]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="outcomes-readers-") as name:
        _, _, nothing = measure(Path(name), None)
        print(
            f"starting, landing nothing: {nothing.wall:.2f} s, {nothing.cpu:.2f} s of CPU,"
            f" {nothing.peak_mb:.0f} MB\n"
        )
        for file in sorted(file for top in options.folders for file in top.rglob("*")):
            if file.is_file():
                layout, rows, timing = measure(Path(name), file)
                told[layout].append((file.stat().st_size, rows, timing))
    print(
        "| layout | files | MB | rows | wall s | CPU s | peak MB |\n|---|---|---|---|---|---|---|"
    )
    for layout, files in sorted(told.items()):
        size, rows = (sum(file[n] for file in files) for n in (0, 1))
        wall = sum(timing.wall - nothing.wall for *_, timing in files)
        cpu = sum(timing.cpu - nothing.cpu for *_, timing in files)
        peak = max(timing.peak_mb for *_, timing in files)
        print(
            f"| {layout} | {len(files)} | {size / 1e6:.1f} | {rows:,} | {wall:.2f} | {cpu:.2f} |"
            f" {peak:,.0f} |"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

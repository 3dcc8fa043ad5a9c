"""What came of the publishers' own files: `docs/reference/real-extracts.md`, as figures seen.

The folder is the one of `tests/support/real.py`. It is refreshed in a home of its own that is
thrown away, or in one that is named.
The page is dated, since the files may change: it isn't generated in `make format`, and no test
compares it.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.refresh import refresh, request_for
from tests.generated import table
from tests.support.real import AS_OF, FOLDER

BLOCKS = Path(__file__).with_name("real_blocks.csv")
PAGE = PROJECT_ROOT / "docs" / "reference" / "real-extracts.md"


def page(home: Home, day: date) -> str:
    """The page of a home in which the files were refreshed."""
    data = home.releases / "latest" / "data"
    parts = [
        *_parts(_landing(home.state), _landed(home.state), day),
        *_held(data),
        *_coverage(str(data / "coverage.parquet")),
        *_side_by_side(str(data / "alignment.parquet")),
    ]
    return "\n".join(parts)


def _landing(state: Path) -> dict[str, Any]:
    """What the run that made the latest release wrote down of the files."""
    with sqlite3.connect(state) as ledger:
        ((summary,),) = ledger.execute(
            "select summary from runs where outcome = 'published' order by run_number desc limit 1"
        ).fetchall()
    return dict(json.loads(summary)["landing"])


Landed = tuple[str, str, str, str, int, int, dict[str, int]]


def _landed(state: Path) -> list[Landed]:
    """Folder, file, source, layout, rows read and kept, and rows dropped by reason."""
    with sqlite3.connect(state) as ledger:
        rows = ledger.execute(
            "select relative_path, source_id, layout_id, rows_read, rows_kept, rows_dropped"
            " from landings order by relative_path"
        ).fetchall()
    return [
        (*_split(path), source, layout, read, kept, json.loads(dropped))
        for path, source, layout, read, kept, dropped in rows
    ]


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder.split("!")[0], name.split("!")[-1]


def _parts(summary: dict[str, Any], landed: list[Landed], day: date) -> Iterator[str]:
    yield "# The publishers' own files, and what came of them\n"
    yield (
        f"Made by `make real-extracts` on {day.day} {day:%B %Y}: figures seen, not a promise. A row"
        " is a file, or the\nfiles of one layout in one folder. *Counted, not kept* are rows that"
        " were counted while they were read;\n*repeated* rows say what another says; rows whose"
        " *cut is not stated* can't be told from the whole.\nOf a lookup the rows are its links, of"
        " a wide table its cells: what a file is turned into is counted.\n"
    )
    yield (
        f"Landed: {len(landed)} files, {sum(row[4] for row in landed):,} rows."
        f" Out of scope: {len(summary['out_of_scope'])}. Refused: {len(summary['refused'])}."
        f" Ignored, as made by a desktop: {len(summary['ignored'])}.\n"
    )
    yield "## Landed\n"
    yield table(
        ("folder", "file", "source", "layout", "rows read", "rows kept", "dropped, by reason"),
        [_row(list(files)) for _, files in groupby(sorted(landed), key=_kind)],
    )
    yield "## Out of scope: known, and left unread on purpose\n"
    yield table(
        ("file", "what it is, and why it is left"),
        [(left["file"], left["problem"]) for left in summary["out_of_scope"]],
    )
    yield "## Refused\n"
    yield table(
        ("file", "why", "got"),
        [
            (refusal["file"], refusal["problem"], refusal.get("got", "")[:100])
            for refusal in summary["refused"]
        ],
    )


def blocks(data: Path) -> list[tuple[str, str, str, int, str]]:
    """Check, source, indicator, values held, and why that is right; empty where it isn't said."""
    with duckdb.connect() as connection:
        return connection.execute(
            "select holds.check_id, holds.source_id, holds.indicator_id, count(*),"
            " coalesce(any_value(said.why), '')"
            f" from '{data / 'holds.parquet'}' as holds left join read_csv('{BLOCKS}',"
            " all_varchar = true) as said on holds.check_id = said.check_id"
            " and holds.source_id = said.source_id"
            " and holds.indicator_id = coalesce(said.indicator_id, holds.indicator_id)"
            " group by all order by all"
        ).fetchall()


def _held(data: Path) -> Iterator[str]:
    """What is held of sound files, each with the reason."""
    yield "## Held, and why\n"
    yield "Nobody damaged these files. Each value that a check holds of them has its explanation.\n"
    yield table(
        ("check", "source", "indicator", "values", "why it is held"),
        [
            (check, source, indicator, f"{count:,}", why or "**not explained**")
            for check, source, indicator, count, why in blocks(data)
        ],
    )


def _coverage(file: str) -> Iterator[str]:
    """How much of each framework is there, and which indicators are."""
    yield "## Indicators live per framework on the real extracts\n"
    yield (
        "Of each edition's indicators, how many are in which state (table `coverage`). The states"
        " are told in\n[state-words.md](state-words.md).\n"
    )
    counted = _ask(f"select coverage, count(*) from '{file}' group by 1 order by count(*) desc, 1")
    states = [row[0] for row in counted]
    wide = ", ".join(f"count(*) filter (where coverage = '{state}')" for state in states)
    rows = _ask(
        f"select framework, edition, count(*), {wide} from '{file}' group by all order by 1, 2"
    )
    yield table(
        ("framework", "edition", "indicators", *(s.replace("_", " ") for s in states)), rows
    )
    rows = _ask(
        "select framework, edition, code, title, published_areas, latest_period_end, sources"
        f" from '{file}' where coverage = 'live' order by all"
    )
    yield "Those that are live:\n"
    yield table(("framework", "edition", "code", "title", "areas", "up to", "sources"), rows)


def _side_by_side(file: str) -> Iterator[str]:
    """How much stands beside something else, and what came of it."""
    yield "## Side by side on the real extracts\n"
    yield "Rows of the table `alignment` by what they set side by side.\n"
    rows = _ask(
        "select relation, case when left_framework = 'none' then left_source_id || ' and '"
        " || right_source_id else left_framework || ' and ' || right_framework end,"
        " agreement, coalesce(likeliest_cause, ''), count(*), count(distinct area_code)"
        f" from '{file}' group by all order by all"
    )
    yield table(("relation", "of", "agreement", "likeliest cause", "rows", "areas"), rows)


def _ask(query: str) -> list[tuple[str, ...]]:
    with duckdb.connect() as connection:
        found = connection.execute(query).fetchall()
    return [
        tuple(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row) for row in found
    ]


def _kind(row: Landed) -> tuple[str, str]:
    return row[0], row[3]


def _row(files: list[Landed]) -> tuple[str, ...]:
    folder, name, source, layout, *_ = files[0]
    dropped: dict[str, int] = {}
    for *_, reasons in files:
        for reason, count in reasons.items():
            dropped[reason] = dropped.get(reason, 0) + count
    return (
        folder,
        name if len(files) == 1 else f"{len(files)} files",
        source,
        layout,
        f"{sum(row[4] for row in files):,}",
        f"{sum(row[5] for row in files):,}",
        ", ".join(f"{n:,} {reason.replace('_', ' ')}" for reason, n in sorted(dropped.items())),
    )


def main() -> int:
    """Writes the page; --home names one where the files were refreshed already."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--home", type=Path, help="a home of the real files")
    home = arguments.parse_args().home
    if home is None and not FOLDER.is_dir():
        print(f"{FOLDER}: no such folder; OUTCOMES_REAL_EXTRACTS names another", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        place = Home(home or Path(scratch) / "home")
        if home is None:
            refresh(request_for(place, [str(FOLDER)], sample=False, as_of=AS_OF))
        PAGE.write_text(page(place, date.today()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

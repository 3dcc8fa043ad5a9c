"""One indicator's values as data files: a dense grid a series and level, in parts of bounded size.

`data/i/<indicator>.js` holds what the grid means and the series that speaks first; further series
stand in `data/i/<indicator>.<n>.js`, loaded when they are chosen. A number is a whole one of the
last decimal shown, so the browser puts a point into it and rounds nothing. One letter stands for a
grid that is the same all over; a number for all that follow, until there is another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster_project.site.explorer_cells import LEVELS, SERIES, make_cells
from dagster_project.site.explorer_grids import INDEXES, LETTERED, NUMBERS, lay_out
from dagster_project.site.reading import Row, Tables
from dagster_project.site.reuse import Reuse
from dagster_project.site.scripts import write_script
from dagster_project.site.wording import reason, source_title

# What fits into one file beside its description, so that the file stays below 150 kB.
PART_BYTES = 110_000
# A grid in which no cell has anything.
NOTHING = ("-", ".")
# The tables that a cell is made of.
ROWS_OF = ("shown_indicator_values", "shown_comparisons", "holds", "headlines")


@dataclass(frozen=True)
class Block:
    """One series at one level: its areas, its periods, and grids: areas along, periods down."""

    series: int
    level: str
    areas: str
    periods: str
    grids: dict[str, str]

    def as_data(self, area_lists: list[str]) -> dict[str, Any]:
        place = {
            "s": self.series,
            "k": LEVELS.index(self.level),
            "a": area_lists.index(self.areas),
            "p": self.periods,
        }
        return place | {name: grid for name, grid in self.grids.items() if grid not in NOTHING}


def indicator_keys(tables: Tables, reuse: Reuse) -> dict[str, str]:
    """Of what each indicator's data are made: its rows, and how areas are numbered."""
    places = tables.rows("select area_code, area from places order by area")
    said = [dict(tables.by("indicator_id", _said(table))) for table in ROWS_OF]
    return {
        row["indicator_id"]: reuse.key(
            [place["area_code"] for place in places],
            {name: value for name, value in row.items() if name != "kind"},
            [found.get(row["indicator_id"]) for found in said],
        )
        for row in tables.rows("from kinds order by kind")
    }


def _said(table: str) -> str:
    return (
        f"select indicator_id, count(*) as number, sum(hash({table})) as said from {table}"
        " where area_type in (select area_type from levels)"
        " group by indicator_id order by indicator_id"
    )


def write_indicators(
    tables: Tables, out: Path, made_of: Mapping[str, str], reuse: Reuse
) -> list[Path]:
    """A data file, or several, for each of the explorer's indicators; those that were made."""
    wanted = [each for each, key in made_of.items() if not reuse.takes(f"data/i/{each}", key)]
    make_cells(tables, wanted)
    lay_out(tables)
    about = _about(tables)
    written: list[Path] = []
    # The view of one indicator at a time: all texts together would be held twice.
    for kind, rows in tables.by("kind", "select * from grids order by kind, series, level"):
        known = about[int(kind)]
        made = _write(out, tables.manifest.id, known, [_block(row) for row in rows])
        paths = [path.relative_to(out).as_posix() for path in made]
        reuse.made(f"data/i/{known['id']}", made_of[known["id"]], paths)
        written += made
    return written


def _block(row: Row) -> Block:
    grids = {name: row[name] for name in (*NUMBERS, *INDEXES)}
    grids |= {name: _same(row[name]) for name in LETTERED}
    return Block(row["series"], LEVELS[row["level"]], row["areas"], row["periods"], grids)


def _same(grid: str) -> str:
    """The one letter that the grid has all over, or the grid."""
    return grid[0] if len(set(grid)) == 1 else grid


def _write(out: Path, release: str, about: dict[str, Any], blocks: list[Block]) -> list[Path]:
    area_lists = sorted({block.areas for block in blocks})
    parts = list(_parts(blocks))
    data = about | {
        "areas": area_lists,
        # Which part each block is in: the first is in this file.
        "where": [
            [b.series, LEVELS.index(b.level), n] for n, part in enumerate(parts) for b in part
        ],
        "blocks": [block.as_data(area_lists) for block in parts[0]],
    }
    name = about["id"]
    files = {f"i/{name}": data}
    for number, part in enumerate(parts[1:], start=1):
        held = {"blocks": [block.as_data(area_lists) for block in part]}
        files[f"i/{name}.{number}"] = held
    return [
        write_script(out / "data" / f"{key}.js", release, key, held) for key, held in files.items()
    ]


def _parts(blocks: list[Block]) -> Iterator[list[Block]]:
    """Blocks by file, in their order; one that is larger than a file's bound has one of its own."""
    part: list[Block] = []
    size = 0
    for block in blocks:
        length = sum(map(len, block.grids.values())) + len(block.periods) + 100
        if part and size + length > PART_BYTES:
            yield part
            part, size = [], 0
        part.append(block)
        size += length
    yield part


def _about(tables: Tables) -> dict[int, dict[str, Any]]:
    """What the grids of each indicator mean: its series, periods, reasons and flags."""
    listed = {
        name: dict(tables.by("kind", f"select * from {query} order by kind, number"))
        for name, query in LISTS.items()
    }
    return {
        row["kind"]: {
            "id": row["indicator_id"],
            "dec": row["decimals"],
            "counts": [row["numerator_decimals"], row["denominator_decimals"]],
            "series": [_series(each) for each in listed["series"][str(row["kind"])]],
            "periods": [_period(each) for each in listed["periods"][str(row["kind"])]],
            "reasons": [
                each["words"] or reason(each["code"])
                for each in listed["reasons"].get(str(row["kind"]), [])
            ],
            "origins": [
                [each["origin"], source_title(each["source_id"])]
                for each in listed["origins"][str(row["kind"])]
            ],
            "flags": [each["flags"] for each in listed["flags"].get(str(row["kind"]), [])],
        }
        for row in tables.rows("from kinds where indicator_id in (from wanted) order by kind")
    }


# What is listed for each indicator: rows with `kind` and `number`.
LISTS = {
    "series": (
        "(select kinds.kind, cuts.*, cuts.series as number"
        " from cuts inner join kinds using (indicator_id))"
    ),
    "periods": (
        "(select distinct kind, period as number, period_label, period_type, period_start,"
        " period_end from periods inner join kinds using (indicator_id))"
    ),
    "reasons": "cell_reasons",
    "flags": "cell_flags",
    "origins": "cell_origins",
}


def _series(row: Row) -> list[Any]:
    return [*(row[name] for name in SERIES), int(row["speaks"])]


def _period(row: Row) -> list[str]:
    days = (row["period_start"].isoformat(), row["period_end"].isoformat())
    return [row["period_label"], row["period_type"], *days]

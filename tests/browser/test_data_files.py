"""What the explorer's files say is what the tables say: every cell, read as a browser does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from dagster_project.site import figures
from dagster_project.site.charts import chart_script, script
from tests.browser.altered import HOSTILE, INDICATOR, STOCKPORT, TRAFFORD
from tests.browser.conftest import Ask

LEVELS = "('england', 'region', 'utla', 'district', 'nhs_region', 'icb', 'sub_icb')"
FILE_BYTES = 150_000
CORE_BYTES = 80_000
MAP_BYTES = 60_000
# Every cell of an indicator as printed, by series, area and period.
READ = """
(() => {
  const data = O.held[dukpy.key];
  data.lists = data.areas.map((list) => list.split(",").map(Number));
  data.at = data.lists.map((list) => new Map(list.map((area, place) => [area, place])));
  const blocks = data.blocks.concat(...dukpy.parts.map((key) => O.held[key].blocks));
  data.blocks = blocks;
  blocks.forEach((block) => { block.periods = block.p.split(",").map(Number); });
  const cells = [];
  const kind = O.kind(data.id);
  blocks.forEach((block) => data.lists[block.a].forEach((at) => block.periods.forEach((period) => {
    const area = O.core.areas[at];
    const cell = O.cell(data, block.s, area, period);
    if (!cell) return;
    cells.push([
      ...data.series[block.s].slice(0, 6), area.code, ...data.periods[period],
      O.figure(cell.v, kind.dec, kind.unit), O.limits(cell, kind.dec),
      O.figure(cell.n, data.counts[0]), O.figure(cell.d, data.counts[1]),
      cell.j, cell.status, cell.flags.join(";"), cell.origin, cell.beside,
    ]);
  })));
  return cells;
})()
"""


def engine(site: Path) -> Any:
    """The explorer's own reading of data, without a page."""
    import dukpy

    made = dukpy.JSInterpreter()
    made.evaljs(chart_script() + script(["explorer_data.js"]) + "\n;null")
    made.evaljs((site / "data/core.js").read_text() + "O.start(); null")
    return made


def read(site: Path, folder: str) -> Iterator[tuple[Path, Any]]:
    for path in sorted((site / "data" / folder).glob("*.js")):
        text = path.read_text()
        yield path, json.loads(re.fullmatch(r'O\.put\("[^"]*","[^"]*",(.*)\);\n', text)[1])  # type: ignore[index]


def test_every_cell_is_the_tables(site: Path, ask: Ask) -> None:
    made = engine(site)
    files = [path.stem for path in sorted((site / "data/i").glob("*.js"))]
    told: list[list[Any]] = []
    for name, group in groupby(files, key=lambda file: file.split(".")[0]):
        keys = [f"i/{file}" for file in group]
        for key in keys:
            made.evaljs((site / f"data/{key}.js").read_text() + "null")
        parts = [key for key in keys if "." in key]
        told += [[name, *cell] for cell in made.evaljs(READ, key=f"i/{name}", parts=parts)]
    expected = list(expected_cells(ask))
    assert len(told) > 90_000
    assert sorted(map(str, told)) == sorted(map(str, expected))


def expected_cells(ask: Ask) -> Iterator[list[Any]]:
    rows = ask(
        f"""
        select v.indicator_id,
            v.period_type, v.sex, v.age, v.segment, v.breakdown_type, v.breakdown, v.area_code,
            v.period_label, v.period_type, v.period_start, v.period_end,
            v.value, v.lower_95, v.upper_95, v.numerator, v.denominator,
            coalesce(c.judgement, 'not_compared'), v.status,
            array_to_string(list_filter(v.flags, lambda f: f <> 'synthetic'), ';'), v.origin,
            coalesce(i.decimals, 1), i.unit, c.comparator_value is not null
        from indicator_values as v
        inner join indicators as i using (indicator_id)
        left join (from comparisons where comparator_type = 'england') as c using (
            indicator_id, area_code, period_type, period_start, period_end, sex, age, segment,
            breakdown_type, breakdown, origin
        )
        where v.area_type in {LEVELS}
        qualify v.origin = max(v.origin) over (
            partition by indicator_id, area_code, period_type, period_start, period_end, sex, age,
                segment, breakdown_type, breakdown
        )
        """
    )
    # Expected cases are no whole numbers; counts are.
    uneven = [
        {row[0] for row in rows if row[place] is not None and row[place] != round(row[place])}
        for place in (15, 16)
    ]
    for row in rows:
        value, lower, upper, numerator, denominator, judgement, status, flags, origin = row[12:21]
        decimals, unit, beside = row[21:]
        shown = status in ("published", "held") and value is not None
        yield [
            *row[:10],
            str(row[10]),
            str(row[11]),
            figures.figure(value, decimals, unit) if shown else "",
            figures.span(lower, upper, decimals) if shown else "",
            figures.figure(numerator, 1 if row[0] in uneven[0] else 0) if shown else "",
            figures.figure(denominator, 1 if row[0] in uneven[1] else 0) if shown else "",
            judgement,
            status,
            flags,
            origin,
            # England's value is shown beside what the release gives it to, and no other.
            int(beside),
        ]


def test_a_summary_is_the_headlines(site: Path, ask: Ask) -> None:
    """Of each area: which indicators speak, of which period, and with which figure."""
    core = json.loads(
        re.fullmatch(r'O\.put\("[^"]*","core",(.*)\);\n', (site / "data/core.js").read_text())[1]
    )  # type: ignore[index]
    kinds = core["kinds"]
    told = sorted(
        (path.stem, kinds[row[0]][0], *(data["words"][at] for at in row[2][:2]), row[3][0])
        for path, data in read(site, "a")
        for row in data["rows"]
    )
    expected = sorted(
        (
            area,
            indicator,
            period,
            sex,
            None if value is None else int(f"{value:.{decimals}f}".replace(".", "")),
        )
        for area, indicator, period, sex, value, decimals in ask(
            f"""
            select h.area_code, h.indicator_id, h.period_label, h.sex,
                case when v.status in ('published', 'held') then v.value end,
                coalesce(i.decimals, 1)
            from headlines as h
            inner join indicator_values as v using (
                indicator_id, area_code, period_type, period_start, period_end, sex, age, segment,
                breakdown_type, breakdown, origin
            )
            inner join indicators as i using (indicator_id)
            where h.framework = 'none' and h.area_type in {LEVELS}
            """
        )
    )
    assert len(told) > 5_000
    assert told == expected


def test_gaps_are_the_tables(site: Path, ask: Ask) -> None:
    """Each published measure of inequality stands in a file once, and no other does."""
    told = sum(
        cell != ""
        for _, data in read(site, "q")
        for cut in data["cuts"]
        for cell in cut["v"].split(",")
    )
    assert [(told,)] == ask(
        f"""
        select count(*) from (
            select status from inequalities where area_type in {LEVELS}
            qualify origin = max(origin) over (
                partition by indicator_id, area_code, period_type, period_start, period_end, sex,
                    age, segment, breakdown_type, dimension, measure
            )
        ) where status = 'published'
        """
    )


def test_files_are_as_small_as_promised(site: Path) -> None:
    sizes = {path: path.stat().st_size for path in (site / "data").rglob("*.js")}
    assert {p.name: n for p, n in sizes.items() if p.parent.name == "i" and n > FILE_BYTES} == {}
    assert {p.name: n for p, n in sizes.items() if p.parent.name == "m" and n > MAP_BYTES} == {}
    assert sizes[site / "data/core.js"] < CORE_BYTES


def test_what_is_hidden_stands_in_no_file(altered: tuple[Path, Path]) -> None:
    """A hidden value is no number anywhere; a held one is the last good one, since when."""
    _, out = altered
    made = engine(out)
    made.evaljs((out / f"data/i/{INDICATOR}.js").read_text() + "null")
    cells = {
        (cell[6], cell[7]): cell
        for cell in made.evaljs(READ, key=f"i/{INDICATOR}", parts=[])
        if cell[1] == "Persons" and cell[4] == "all"
    }
    hidden, held = cells[TRAFFORD, "2023"], cells[STOCKPORT, "2023"]
    assert hidden[11:15] == ["", "", "", ""] and hidden[16] == "suppressed"
    assert held[11] and held[16] == "held" and held[15] == "not_compared"
    newest = {path.stem: data for path, data in read(out, "a")}
    core = json.loads((out / "data/core.js").read_text().split(",", 2)[2].rsplit(");", 1)[0])
    place = next(n for n, kind in enumerate(core["kinds"]) if kind[0] == INDICATOR)
    row = next(row for row in newest[TRAFFORD]["rows"] if row[0] == place)
    assert row[3][:3] == [None, None, None] and row[5] == "s"
    assert "Held since 1.0.0-abc" in (out / f"data/i/{INDICATOR}.js").read_text()


@pytest.mark.parametrize("dangerous", ["<", ">", "&", "\u202e", "\u2028"])
def test_text_from_extracts_stays_within_its_quotes(
    altered: tuple[Path, Path], dangerous: str
) -> None:
    _, out = altered
    assert HOSTILE[0] == "="
    for path in (out / "data").rglob("*.js"):
        assert dangerous not in path.read_text(encoding="utf-8")

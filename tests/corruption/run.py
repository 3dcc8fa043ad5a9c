"""Does each kind of damage to a clean release and tells what became of it: `make corrupt`.

Four years of each indicator land clean and are published. Then a fifth year arrives, damaged, in
one file an indicator, one kind of damage each; and what is published is compared with the truth,
cell by cell. A value is *published wrong* if it isn't the true one; *held for nothing* if the
damage didn't touch its cell and yet it isn't published.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.home import Home
from dagster_project.refresh import Outcome, refresh, request_for
from tests.corruption import clean, figures, files, rows
from tests.corruption.clean import AGE, AREA, CODE, PERIOD, SEX, VALUE, Row, Series
from tests.corruption.damage import KINDS, SAID, Extract, Kind

AS_OF = "2026-11-22"
TOLERANCE = 1e-6
# Importing them enters their kinds.
MODULES = (figures, rows, files)

Cell = tuple[str, str, str, str]


@dataclass
class Result:
    """What became of one kind of damage."""

    kind: Kind
    series: Series
    refused: str = ""
    touched: int = 0
    held_by: Counter[str] = field(default_factory=Counter)
    warned: tuple[str, ...] = ()
    wrong: list[str] = field(default_factory=list)
    held_for_nothing: list[str] = field(default_factory=list)
    published: int = 0


def cases(only: Collection[str] = ()) -> list[tuple[Kind, Series]]:
    """Each kind, or those named, with an indicator of its own, of the kind of value it needs."""
    left: dict[str, list[Series]] = {}
    # The last one lends its code to the damage that needs another's.
    for series in clean.available()[:-1]:
        left.setdefault(series.value_type, []).append(series)
    every = [(kind, left[kind.value_type].pop(0)) for kind in KINDS.values()]
    return [(kind, series) for kind, series in every if not only or kind.name in only]


def run(place: Path, seed: str = "damage", only: Collection[str] = ()) -> list[Result]:
    """The results in the order of the kinds; `place` is an empty folder."""
    home, inbox = Home(place / "home"), place / "inbox"
    truth: dict[str, list[Row]] = {}
    for _, series in cases(only):
        truth[series.code] = clean.rows_of(series, seed)
        history = [row for row in truth[series.code] if row[PERIOD] != series.newest]
        clean.write(inbox / f"{series.code}.csv", history)
    _refresh(home, inbox)
    # What is told of clean extracts as well isn't told of the damage.
    usual = {series.code: _warned(home, series) for _, series in cases(only)}
    damaged = {}
    for kind, series in cases(only):
        extract = Extract(
            series,
            [dict(row) for row in truth[series.code]],
            random.Random(f"{seed}|{kind.name}"),  # noqa: S311 (made-up data, no secret)
        )
        done = kind.do(extract)
        path = inbox / f"{series.code}.csv"
        if isinstance(done, bytes):
            path.write_bytes(done)
            damaged[series.code] = None
        else:
            damaged[series.code] = list(done) if done is not None else extract.rows
            clean.write(path, damaged[series.code] or [])
    outcome = _refresh(home, inbox)
    return list(_results(home, outcome, truth, damaged, usual, cases(only)))


def _refresh(home: Home, inbox: Path) -> Outcome:
    return refresh(request_for(home, [str(inbox)], sample=False, as_of=AS_OF))


def _results(
    home: Home,
    outcome: Outcome,
    truth: dict[str, list[Row]],
    damaged: dict[str, list[Row] | None],
    usual: dict[str, tuple[str, ...]],
    asked: list[tuple[Kind, Series]],
) -> Iterator[Result]:
    refused = {
        Path(item["file"]).stem: item["message"] for item in outcome.summary["landing"]["refused"]
    }
    for kind, series in asked:
        result = Result(kind, series, refused=refused.get(series.code, ""))
        true = {_cell(row): row for row in truth[series.code]}
        given = damaged[series.code]
        elsewhere = [row for row in given or () if row[CODE] != series.code]
        own = None if given is None else [row for row in given if row[CODE] == series.code]
        touched = _touched(true, own)
        if elsewhere:
            # Of the other indicator nothing was given: whatever stands there is another's.
            result.wrong += _strays(home)
        result.touched = len(touched)
        found = _released(home, series)
        for cell, row in found.items():
            if row["status"] == "held":
                result.held_by.update([row["status_reason"]])
            if row["status"] == "published":
                result.published += 1
                if not _is_true(row, true.get(cell)):
                    result.wrong.append(" ".join(cell))
        result.held_for_nothing = [
            " ".join(cell)
            for cell, row in true.items()
            if row[VALUE]
            and not result.refused
            and cell not in touched
            and found.get(cell, {}).get("status") != "published"
        ]
        told = _warned(home, series)
        result.warned = tuple(check for check in told if check not in usual[series.code])
        yield result


def _strays(home: Home) -> list[str]:
    """The values that are published of the indicator that lends its code."""
    lender = clean.available()[-1]
    found = _released(home, lender)
    return [" ".join(cell) for cell, row in found.items() if row["status"] == "published"]


def _cell(row: Row) -> Cell:
    return row[AREA], row[SEX], row[AGE], row[PERIOD]


def _touched(true: dict[Cell, Row], given: list[Row] | None) -> set[Cell]:
    """The cells of which the damaged file says something else than the clean one, or nothing."""
    if given is None:
        return set(true)
    said: dict[Cell, set[tuple[str, ...]]] = {}
    for row in given:
        said.setdefault(_cell(row), set()).add(tuple(row[name] for name in SAID))
    expected = {cell: {tuple(row[name] for name in SAID)} for cell, row in true.items()}
    return {cell for cell in said.keys() | expected.keys() if said.get(cell) != expected.get(cell)}


def _released(home: Home, series: Series) -> dict[Cell, dict[str, Any]]:
    rows = _ask(
        f"from {_table(home, 'indicator_values')} where indicator_id = $1 and origin = 'published'"
        " and breakdown_type = 'all'",
        series.indicator_id,
    )
    names = ("area_code", "sex", "age", "period_label")
    return {tuple(row[name] for name in names): row for row in rows}


def _warned(home: Home, series: Series) -> tuple[str, ...]:
    """The checks that found something and may not hold it, in the newest year or before."""
    rows = _ask(
        f"select distinct check_id from {_table(home, 'check_results')} where indicator_id = $1"
        " and outcome = 'pass with failures' order by 1",
        series.indicator_id,
    )
    return tuple(row["check_id"] for row in rows)


def _is_true(row: dict[str, Any], true: Row | None) -> bool:
    if true is None or not true[VALUE]:
        return False
    named = {
        "value": VALUE,
        "lower_95": clean.LOWER,
        "upper_95": clean.UPPER,
        "numerator": clean.COUNT,
        "denominator": clean.DENOMINATOR,
    }
    return all(
        row[ours] is None
        or abs(row[ours] - float(true[theirs])) <= TOLERANCE * max(1.0, abs(float(true[theirs])))
        for ours, theirs in named.items()
    )


def _table(home: Home, name: str) -> str:
    return f"read_parquet('{home.releases}/latest/data/{name}.parquet')"


def _ask(query: str, *values: str) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        found = connection.execute(query, list(values))
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

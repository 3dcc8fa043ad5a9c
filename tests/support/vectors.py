"""Cases with answers that other implementations worked out: `pytest -k vector` puts them to ours.

They are looked for in the folder that OUTCOMES_VECTORS names: one folder a function, with
`input.csv`, `expected….csv` and `params.json` (tolerances). Other cases can be put in their place.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.home import PROJECT_ROOT

FOLDER = Path(
    os.environ.get("OUTCOMES_VECTORS", PROJECT_ROOT.parent / "shared" / "vectors")
).resolve()


def folder(name: str) -> Path:
    """The cases of one function; the test is skipped, and says why, where there are none."""
    found = FOLDER / name
    if not (found / "input.csv").exists():
        pytest.skip(f"no cases for {name}: OUTCOMES_VECTORS names a folder of them")
    return found


def params(name: str) -> dict[str, Any]:
    """What the cases say of themselves: tolerances, multiplier, levels."""
    return dict(json.loads((folder(name) / "params.json").read_text(encoding="utf-8")))


def load(
    connection: duckdb.DuckDBPyConnection, name: str, file: str = "input", table: str | None = None
) -> None:
    """After this `table` (called as the file is) holds the cases, each column as text."""
    path = str(folder(name) / f"{file}.csv").replace("'", "''")
    connection.execute(
        f"create or replace table {table or file} as from read_csv('{path}', all_varchar=true,"
        " header=true, quote='\"', escape='\"', nullstr='')"
    )


def disagreements(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    got: str,
    keys: dict[str, str],
    figures: dict[str, str],
    unless: str = "false",
) -> list[str]:
    """Each figure of the query `got` that isn't the expected one within the cases' tolerance.

    `keys` and `figures` name our column and, for each, that of `expected.csv`. Both must have the
    same rows. `unless` is SQL over our columns and the expected ones (each with `their_` before its
    name): rows that differ from the other implementation on purpose.
    """
    load(connection, name, "expected")
    stated = params(name)
    rel, absolute = stated.get("rel_tol", 1e-9), stated.get("abs_tol", 0.0)
    theirs = {f"their_{column}": column for column in (*keys.values(), *figures.values())}
    renamed = ", ".join(f'"{column}" as "{their}"' for their, column in theirs.items())
    same_row = " and ".join(
        f'cast(ours."{our}" as varchar) = theirs."their_{their}"' for our, their in keys.items()
    )
    pairs = ", ".join(f'ours."{our}", theirs."their_{their}"' for our, their in figures.items())
    shown = ", ".join(f'coalesce(ours."{our}"::varchar, "their_{keys[our]}")' for our in keys)
    found = connection.execute(
        f"select {shown}, {pairs} from ({got}) as ours"
        f" full join (select {renamed} from expected) as theirs on {same_row}"
        f" where not coalesce({unless}, false)"
    ).fetchall()
    assert found, f"{name}: no case was put to us"
    told = []
    for row in found:
        case, rest = row[: len(keys)], row[len(keys) :]
        told += [
            f"{name} {case} {figure}: got {ours}, expected {theirs}"
            for figure, ours, theirs in zip(figures, rest[::2], rest[1::2], strict=True)
            if not agree(ours, theirs, rel=rel, absolute=absolute)
        ]
    return told


LIMITS = {
    "lower_95": "lower95_0cl",
    "upper_95": "upper95_0cl",
    "lower_998": "lower99_8cl",
    "upper_998": "upper99_8cl",
}


def number(text: object) -> float | None:
    """A figure of a case; None where it is missing or isn't finite, which count as the same."""
    if text is None or str(text).strip() in ("", "NA"):
        return None
    figure = float(str(text))
    return figure if math.isfinite(figure) else None


def agree(got: object, expected: object, *, rel: float, absolute: float = 1e-12) -> bool:
    """True where two figures are the same within the tolerance, or are both missing."""
    ours, theirs = number(got), number(expected)
    if ours is None or theirs is None:
        return ours is None and theirs is None
    return math.isclose(ours, theirs, rel_tol=rel, abs_tol=absolute)

"""A model's SQL put to DuckDB without dbt, on relations that a test makes up."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from dagster_project.home import PROJECT_ROOT
from tests.support.macros import MACROS, environment

MODELS = PROJECT_ROOT / "dbt" / "models"
# A macro that only gives something back. Jinja by itself makes a text of whatever a macro gives.
GIVES = re.compile(r"{% macro (\w+)\(\) %}{{ return\((.*?)\) }}{% endmacro %}", re.DOTALL)
VALUE: dict[str, Any] = {
    "indicator_id": "smoking",
    "definition_version": "1",
    "area_type": "utla",
    "area_code": "E06000023",
    "period_type": "financial_year",
    "period_start": "2020-04-01",
    "period_end": "2021-03-31",
    "period_label": "2020/21",
    "sex": "Persons",
    "age": "18+ yrs",
    "segment": "all",
    "breakdown_type": "all",
    "breakdown": "all",
    "population_basis": "resident",
    "value": 20.0,
    "lower_95": 18.0,
    "upper_95": 22.0,
    "lower_998": 17.0,
    "upper_998": 23.0,
    "numerator": 200.0,
    "denominator": 1000.0,
    "unit": "%",
    "method": "as_published",
    "status": "published",
    "status_reason": None,
    "held_since": None,
    "flags": [],
    "origin": "published",
    "source_id": "fingertips",
}
HIDDEN = dict.fromkeys(
    ("value", "lower_95", "upper_95", "lower_998", "upper_998", "numerator", "denominator")
)
# What int_observations says of a value's area where nothing is out of the ordinary.
PLAIN_AREA = {"is_recast_area": False, "is_combined_area": False}
DATES = (
    *("period_start", "period_end", "baseline_start", "baseline_end", "target_by"),
    *("speaks_from", "speaks_before", "differs_since", "valid_from", "valid_to", "vintage_date"),
    "as_of",
)
FIGURES = (
    *("multiplier", "rounding", "right_lower_95", "right_upper_95"),
    *("right_numerator", "right_denominator"),
)
INDICATOR: dict[str, Any] = {
    "indicator_id": "smoking",
    "value_type": "proportion",
    "multiplier": 100.0,
    "polarity": "lower_is_better",
    "is_polarity_confirmed": True,
    "is_standardised": False,
}
AREA: dict[str, Any] = {"area_code": "E06000023", "region_code": "E12000009"}
Row = Mapping[str, Any]


def value(**said: Any) -> dict[str, Any]:
    """A row of indicator_values, sound but for what is said; hidden where it isn't published."""
    hidden = HIDDEN if said.get("status", "published") != "published" else {}
    return VALUE | hidden | said


def indicator(**said: Any) -> dict[str, Any]:
    """A row of int_indicators, as far as the marts read it."""
    return INDICATOR | said


@cache
def _known() -> tuple[jinja2.Environment, dict[str, Any]]:
    """Jinja as a model sees it: every macro, and a `ref` that is the name itself."""
    # The rows of a test are text throughout: there are no lists of words.
    files = sorted(set(MACROS.glob("*.sql")) - {MACROS / "words.sql"})
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    made = environment()
    given = {name: ast.literal_eval(literal) for name, literal in GIVES.findall(text)}
    made.globals |= {name: (lambda thing=thing: thing) for name, thing in given.items()}
    made.globals |= {"ref": lambda name: name, "config": lambda **_: ""}
    made.globals |= {"source": lambda schema, name: f"{schema}_{name}"}
    made.globals |= {"var": lambda name, default=None: default}
    made.globals |= {"as_words": lambda column, words: column}
    made.globals |= {"word_list": lambda column: "varchar", "told_list": lambda column: "varchar"}
    return made, vars(made.from_string(GIVES.sub("", text)).module)


def environment_of_models() -> tuple[jinja2.Environment, dict[str, Any]]:
    """The same for who gives more names than these, in an environment of their own."""
    return _known.__wrapped__()


@cache
def sql(text: str) -> str:
    """The SQL of a model, given as its text."""
    made, macros = _known()
    return made.from_string(text, macros).render()


def given(name: str) -> Any:
    """What a macro gives that only gives something back, such as a list of columns."""
    return _known()[0].globals[name]()


def model_sql(path: str) -> str:
    """The SQL of a model of `dbt/models`."""
    return sql((MODELS / path).read_text(encoding="utf-8"))


def rows(path: str, *beneath: str, **tables: Sequence[Row]) -> list[dict[str, Any]]:
    """What the model makes of `tables`, each of which a `ref` of its name reads.

    A table without rows must be given as a relation of its seed's or model's columns: `seed`.
    `beneath` are models that it reads, made of the same tables.
    """
    return chain(*beneath, path, **tables)


def chain(*paths: str, **tables: Sequence[Row]) -> list[dict[str, Any]]:
    """What the last of the models makes of `tables` and of the models before it."""
    # A handful of rows is one thread's work; a second one only waits, and takes time for it.
    with duckdb.connect(config={"threads": "1"}) as connection:
        for name, given in tables.items():
            load(connection, name, given)
        for path in paths[:-1]:
            name = path.rsplit("/", 1)[-1].removesuffix(".sql")
            connection.execute(f"create table {name} as {model_sql(path)}")
        found = connection.execute(model_sql(paths[-1]))
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def load(connection: duckdb.DuckDBPyConnection, name: str, given: Sequence[Row]) -> None:
    """After this `name` is a table of the rows given."""
    if not given:
        load_seed(connection, name)
        connection.execute(f"delete from {name}")
        return
    kinds = {column: _kind(column, [row[column] for row in given]) for column in given[0]}
    # Column by column: each row of an insert by itself takes half a millisecond.
    cells = ", ".join(f'unnest(?::{kind}[]) as "{column}"' for column, kind in kinds.items())
    connection.execute(
        f"create table {name} as select {cells}",
        [[row[column] for row in given] for column in kinds],
    )


def load_seed(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """After this `name` is a table of the seed as dbt loads it: texts, empty cells NULL."""
    seed = PROJECT_ROOT / "seeds" / f"{name}.csv"
    # DuckDB would guess at the columns and quotes first, which takes longer than the reading.
    columns = ", ".join(f"'{column}': 'varchar'" for column in _header(seed))
    connection.execute(
        f"create table {name} as from read_csv('{seed}', auto_detect=false, header=true,"
        f" quote='\"', escape='\"', columns={{{columns}}})"
    )


@cache
def _header(seed: Path) -> tuple[str, ...]:
    with seed.open(encoding="utf-8", newline="") as file:
        return tuple(next(csv.reader(file)))


def _kind(column: str, cells: list[Any]) -> str:
    if column in DATES:
        return "date"
    if column in ("flags", "reasons"):
        return "varchar[]"
    is_figure = column in HIDDEN or column.endswith("_value") or column in FIGURES
    is_figure = is_figure or any(isinstance(cell, float) for cell in cells)
    # A seed may have words under the name of a figure.
    if is_figure and not any(isinstance(cell, str) for cell in cells):
        return "double"
    return "boolean" if all(isinstance(cell, bool) for cell in cells) else "varchar"


def seed(name: str) -> list[dict[str, Any]]:
    """The rows of a seed as dbt loads them: texts, empty cells NULL."""
    with duckdb.connect() as connection:
        load_seed(connection, name)
        found = connection.execute(f"from {name}")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

"""The models that are written from the definitions before dbt parses; nobody edits them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dagster_project.home import PROJECT_ROOT
from dagster_project.indicators.rows import BEYOND, CROSSWALK, INDICATORS, MEASURES, MEMBERS
from dagster_project.registry.forms import Row
from dagster_project.registry.registry import Registry
from dagster_project.registry.tables import TABLES

FOLDER = PROJECT_ROOT / "dbt" / "models" / "generated"

# The one shape of what an indicator's SQL gives; dbt/macros/shape.sql holds each model to it.
SHAPE = (
    *("area_type", "area_code", "period_type", "period_start", "period_end", "sex", "age"),
    *("segment", "breakdown_type", "breakdown", "band", "numerator", "denominator"),
)
MODELS = {
    INDICATORS: "int_defined__indicators",
    MEMBERS: "int_defined__framework_indicators",
    CROSSWALK: "int_defined__crosswalk",
    MEASURES: "int_defined__measures",
}
NOTE = "-- Written from dbt/models/indicators before dbt parses; never edited.\n"


def write_all(registry: Registry) -> None:
    """After this the project's generated models are those of the registry's definitions."""
    rows = {
        file: [row for row in getattr(registry, file.removesuffix(".csv")) if "defined_in" in row]
        for file in MODELS
    }
    write(FOLDER, rows, {table.file: table.header for table in TABLES})


def write(
    folder: Path, rows: Mapping[str, Sequence[Row]], headers: Mapping[str, list[str]]
) -> None:
    """After this the folder holds the union of the indicators' models, and what is said of each."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"int_indicator_counts": counts(row["indicator_id"] for row in rows[INDICATORS])}
    for file, name in MODELS.items():
        columns = headers[file] + (list(BEYOND) if file == INDICATORS else [])
        texts[name] = table(columns, rows[file])
    for name, text in texts.items():
        _put(folder / f"{name}.sql", NOTE + text)
    for path in folder.glob("*.sql"):
        if path.stem not in texts:
            path.unlink()


def counts(indicators: Iterable[str]) -> str:
    """The numerators and denominators of every indicator, one under the other."""
    given = ",\n    ".join(SHAPE)
    parts = [
        f"select\n    '{name}' as indicator_id,\n    {given}\nfrom {{{{ ref('{name}') }}}}\n"
        for name in indicators
    ]
    config = "{{ config(materialized='view') }}\n\n"
    return config + ("union all\n".join(parts) if parts else _empty(["indicator_id", *SHAPE]))


def table(columns: list[str], rows: Sequence[Row]) -> str:
    """Rows of text as a model; an empty cell is NULL, as in a seed."""
    if not rows:
        return _empty(columns)
    names = ", ".join(columns)
    lines = ",\n    ".join(
        "(" + ", ".join(_literal(row[column]) for column in columns) + ")" for row in rows
    )
    given = ",\n    ".join(f"cast({column} as varchar) as {column}" for column in columns)
    return f"select\n    {given}\nfrom (values\n    {lines}\n) as defined ({names})\n"


def _literal(cell: str) -> str:
    # A definition's words are text, never Jinja.
    quoted = "'" + cell.replace("'", "''") + "'"
    return f"{{% raw %}}{quoted}{{% endraw %}}" if cell else "null"


def _empty(columns: list[str]) -> str:
    kinds = {
        **dict.fromkeys(("period_start", "period_end"), "date"),
        **dict.fromkeys(("numerator", "denominator"), "double"),
    }
    given = ",\n    ".join(
        f"cast(null as {kinds.get(column, 'varchar')}) as {column}" for column in columns
    )
    return f"select\n    {given}\nwhere false\n"


def _put(path: Path, text: str) -> None:
    """After this the file holds the text; its time stays if it did already."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    building = path.with_name(f".{path.name}.part")
    building.write_text(text, encoding="utf-8")
    building.replace(path)

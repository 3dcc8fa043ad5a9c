"""The values of a release that contracts look at, with what is hidden today hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.contracts.terms import Contract, Series
from dagster_project.pipeline.tables import FIGURES, KEY
from dagster_project.release.sql import parquet

if TYPE_CHECKING:
    import duckdb

SERIES = ("indicator_id", "sex", "age", "segment", "breakdown_type", "breakdown")
HIDDEN = ("suppressed", "withdrawn")
READ = (
    *KEY,
    "period_label",
    *FIGURES[:3],
    "numerator",
    "denominator",
    "status",
    "status_reason",
    "flags",
    "method",
)


@dataclass(frozen=True)
class Value:
    """One value of a release: its key, its figures, and what stands against relying on it."""

    key: Mapping[str, str]
    period_label: str
    period_start: date
    period_end: date
    value: float | None
    lower_95: float | None
    upper_95: float | None
    numerator: float | None
    denominator: float | None
    status: str
    status_reason: str
    flags: tuple[str, ...]

    @property
    def is_published(self) -> bool:
        return self.status == "published" and self.value is not None

    @property
    def is_held_with_figure(self) -> bool:
        """Whether it shows its last good figure in the place of one that is held."""
        return self.status == "held" and self.value is not None


@dataclass(frozen=True)
class Release:
    """What a statement must know of the release that it rests on."""

    identifier: str
    is_synthetic: bool
    as_of: str
    waivers: Sequence[Mapping[str, Any]] = ()


class Values:
    """The values of one release by series and area, the earliest first."""

    def __init__(self, found: Iterable[Value], kinds: Mapping[str, str]) -> None:
        self._by_series: dict[tuple[str, ...], list[Value]] = {}
        # What kind of figure each indicator is: proportion, crude_rate, score and so on.
        self.kinds = kinds
        for value in sorted(found, key=lambda each: (each.period_end, each.period_start)):
            name = (*(value.key[part] for part in SERIES), value.key["area_code"])
            self._by_series.setdefault(name, []).append(value)

    def of(self, series: Series, area_code: str) -> tuple[Value, ...]:
        """All values of a series in an area, of one kind of period: that of the latest.

        Where it is published and worked out, those that are published.
        """
        name = (*(getattr(series, part) for part in SERIES), area_code)
        found = self._by_series.get(name, [])
        found = [value for value in found if value.key["origin"] == "published"] or found
        kind = found[-1].key["period_type"] if found else ""
        return tuple(value for value in found if value.key["period_type"] == kind)


def read_values(
    con: duckdb.DuckDBPyConnection,
    values: Path,
    kinds: Mapping[str, str],
    contracts: Iterable[Contract],
    hidden: str = "false",
) -> Values:
    """The values that the contracts look at, from a release's table.

    `hidden` is SQL over the table's columns: rows whose figures may not be shown today.
    """
    wanted = sorted({s.indicator_id for each in contracts for s in each.all_series()})
    areas = sorted({p.area_code for each in contracts for p in each.providers})
    figures = {name: f"case when {hidden} then null else {name} end" for name in FIGURES}
    columns = ", ".join(f"{figures.get(name, name)} as {name}" for name in READ if name != "status")
    rows = con.execute(
        f"select {columns}, case when {hidden} then 'suppressed' else status end as status"
        f" from {parquet(values)} as vals"
        " where list_contains($1, indicator_id) and list_contains($2, area_code)",
        [wanted, areas],
    )
    names = [column[0] for column in rows.description or []]
    return Values((_value(dict(zip(names, row, strict=True))) for row in rows.fetchall()), kinds)


def _value(row: Mapping[str, Any]) -> Value:
    return Value(
        key={name: str(row[name]) for name in KEY},
        period_label=row["period_label"],
        period_start=row["period_start"],
        period_end=row["period_end"],
        value=row["value"],
        lower_95=row["lower_95"],
        upper_95=row["upper_95"],
        numerator=row["numerator"],
        denominator=row["denominator"],
        status=row["status"],
        status_reason=row["status_reason"] or "",
        flags=tuple(row["flags"] or ()),
    )

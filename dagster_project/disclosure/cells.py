"""One cell of a table of counts: where it stands, what it counts, what of it nobody may learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

FIGURES = ("numerator", "denominator", "complement")


@dataclass(frozen=True)
class Cell:
    """A value before anything is hidden, with its true counts of people.

    `figures` has what counts people; `public` those of them that anybody can look up elsewhere,
    such as a population. `small` names the figures that the policy hides: whole numbers from
    `lowest` to `threshold`. `is_known` where a publisher or an earlier release shows the very same
    figures. `was_hidden` where an earlier release hid the cell. `is_exempt` where the policy spares
    such areas.
    """

    row_id: int
    area_code: str
    ancestors: tuple[str, ...] = ()
    area_system: str = ""
    period: tuple[int, int] = (0, 1)
    sex: str = "Persons"
    age: str = "All ages"
    segment: str = "all"
    breakdown_type: str = "all"
    breakdown: str = "all"
    figures: Mapping[str, int] = field(default_factory=dict, hash=False)
    public: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()
    threshold: int = 0
    lowest: int = 1
    is_known: bool = False
    was_hidden: bool = False
    is_exempt: bool = False

    @property
    def order(self) -> tuple[Any, ...]:
        """What breaks ties, the same in every run."""
        return (
            self.area_code,
            self.period,
            self.sex,
            self.age,
            self.segment,
            self.breakdown_type,
            self.breakdown,
            self.row_id,
        )


def cell_from_row(row: Mapping[str, Any]) -> Cell:
    """The cell of a row of `int_disclosure_counts`, as DuckDB hands it over."""
    figures = {name: int(row[name]) for name in FIGURES if row[name] is not None}
    return Cell(
        row_id=int(row["row_id"]),
        area_code=str(row["area_code"]),
        ancestors=tuple(row["ancestors"] or ()),
        area_system=str(row["area_system"]),
        period=(int(row["first_day"]), int(row["last_day"]) + 1),
        sex=str(row["sex"]),
        age=str(row["age"]),
        segment=str(row["segment"]),
        breakdown_type=str(row["breakdown_type"]),
        breakdown=str(row["breakdown"]),
        figures=MappingProxyType(figures),
        public=frozenset(row["public_figures"] or ()),
        small=frozenset(row["small_figures"] or ()),
        threshold=int(row["threshold"]),
        lowest=int(row["lowest"]),
        is_known=bool(row["is_known"]),
        was_hidden=bool(row["was_hidden"]),
        is_exempt=bool(row["is_exempt"]),
    )

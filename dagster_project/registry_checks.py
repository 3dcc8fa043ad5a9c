"""The seeds by which figures of the checks are scaled: what differs by publisher or indicator.

The bounds themselves are in `expectations/`.
"""

from __future__ import annotations

from collections.abc import Iterator

from dagster_project.registry_forms import (
    CERTAINTY,
    Finding,
    Table,
    Tables,
    columns,
    numbered,
    words,
)

CHECK_TABLES: tuple[Table, ...] = (
    Table(
        "rounding.csv",
        words("source_id indicator_id"),
        columns(
            "source_id* indicator_id value_step*:number count_step:number certainty* evidence*"
        ),
        allowed={"certainty": CERTAINTY},
        refers_to={
            "source_id": ("sources.csv", "source_id"),
            "indicator_id": ("indicators.csv", "indicator_id"),
        },
    ),
    Table(
        "stand_ins.csv",
        ("stand_in",),
        columns("stand_in* kind* certainty* evidence*"),
        allowed={"kind": words("negative text value"), "certainty": CERTAINTY},
    ),
    Table(
        "harmonised_categories.csv",
        words("dimension category"),
        columns("dimension*:id category* standard* certainty*"),
        allowed={"dimension": words("ethnicity"), "certainty": CERTAINTY},
    ),
    Table(
        "revision_limits.csv",
        words("value_type indicator_id"),
        columns(
            "value_type* indicator_id limit_pct:number limit_absolute:number since*:date because*"
        ),
        refers_to={"indicator_id": ("indicators.csv", "indicator_id")},
    ),
)


def revision_limit_findings(tables: Tables) -> Iterator[Finding]:
    """Limits that say both or neither of a share and a distance, and kinds of value without one."""
    file = "revision_limits.csv"
    usual = {row["value_type"] for row in tables[file] if not row["indicator_id"]}
    for number, row in numbered(tables, file):
        given = [row[name] for name in ("limit_pct", "limit_absolute") if row[name]]
        if len(given) != 1 or float(given[0]) <= 0:
            yield Finding(
                file,
                number,
                "limit_pct",
                "isn't one limit",
                ", ".join(given) or "nothing",
                "limit_pct or limit_absolute, above 0",
                "give one of the two",
            )
    for number, row in numbered(tables, "indicators.csv"):
        if usual and row["value_type"] not in usual:
            yield Finding(
                "indicators.csv",
                number,
                "value_type",
                "has no limit for revisions",
                repr(row["value_type"]),
                ", ".join(sorted(usual)),
                f"add the kind of value to seeds/{file}",
            )

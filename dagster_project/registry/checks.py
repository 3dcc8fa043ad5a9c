"""The seeds by which figures of the checks are scaled: what differs by publisher or indicator.

The bounds themselves are in `expectations/`.
"""

from __future__ import annotations

from collections.abc import Iterator

from dagster_project.registry.forms import (
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
    Table(
        "period_kinds.csv",
        words("indicator_id source_id period_type"),
        columns("indicator_id* source_id* period_type*:id certainty* evidence*"),
        allowed={"certainty": CERTAINTY},
        refers_to={
            "indicator_id": ("indicators.csv", "indicator_id"),
            "source_id": ("sources.csv", "source_id"),
        },
    ),
    Table(
        "provisional_periods.csv",
        words("source_id indicator_id period_start"),
        columns("source_id* indicator_id period_start*:date final_from*:date certainty* evidence*"),
        allowed={"certainty": CERTAINTY},
        refers_to={
            "source_id": ("sources.csv", "source_id"),
            "indicator_id": ("indicators.csv", "indicator_id"),
        },
        span=("period_start", "final_from"),
    ),
    Table(
        "definition_reviews.csv",
        words("indicator_id definition_version"),
        columns(
            "indicator_id* definition_version*:whole written_by*:role checked_by*:role"
            " checked_on*:date review_due*:date note"
        ),
        refers_to={
            "indicator_id": ("indicators.csv", "indicator_id"),
            "written_by": ("owners.csv", "owner_id"),
            "checked_by": ("owners.csv", "owner_id"),
        },
        span=("checked_on", "review_due"),
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


def review_findings(tables: Tables) -> Iterator[Finding]:
    """Definitions that were checked by the role that wrote them, or in a version that isn't."""
    file = "definition_reviews.csv"
    versions = {row["indicator_id"]: row["definition_version"] for row in tables["indicators.csv"]}
    for number, row in numbered(tables, file):
        if row["written_by"] == row["checked_by"]:
            yield Finding(
                file,
                number,
                "checked_by",
                "is the role that wrote the definition",
                repr(row["checked_by"]),
                "another role of seeds/owners.csv",
                "have another role check it",
            )
        version = versions.get(row["indicator_id"], row["definition_version"])
        if row["definition_version"].isdigit() and int(row["definition_version"]) > int(version):
            yield Finding(
                file,
                number,
                "definition_version",
                "is a version that the definition hasn't reached",
                repr(row["definition_version"]),
                f"at most {version}",
                "give the version that was checked",
            )

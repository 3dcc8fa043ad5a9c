"""The seeds by which figures of the checks are scaled: what differs by publisher or indicator.

The bounds themselves are in `expectations/`.
"""

from __future__ import annotations

from dagster_project.registry_forms import CERTAINTY, Table, columns, words

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
)

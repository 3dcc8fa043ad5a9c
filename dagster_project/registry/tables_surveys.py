"""What the seeds of questionnaires must look like, as data: items, scales and published weights."""

from __future__ import annotations

from dagster_project.registry.forms import CERTAINTY, Table, columns, words

SURVEY_TABLES: tuple[Table, ...] = (
    Table(
        "instruments.csv",
        ("instrument",),
        columns(
            "instrument*:id title* items*:whole answered_of* better* missing_rule* certainty*"
            " evidence* note"
        ),
        allowed={
            "better": words("higher lower"),
            "missing_rule": words("all any"),
            "certainty": CERTAINTY,
        },
    ),
    Table(
        "instrument_items.csv",
        words("instrument item"),
        columns("instrument*:id item*:whole label* lowest*:number highest*:number scale*:id"),
        refers_to={"instrument": ("instruments.csv", "instrument")},
    ),
    Table(
        "instrument_weights.csv",
        words("weights item answer"),
        columns("weights*:id item*:whole answer*:whole weight*:number certainty* evidence*"),
        allowed={"certainty": CERTAINTY},
    ),
)

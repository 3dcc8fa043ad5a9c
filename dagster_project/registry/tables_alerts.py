"""What the seeds of alerts and of the calendar must look like: a part of the registry's tables."""

from __future__ import annotations

from dagster_project.alerts.kinds import KINDS, SEVERITIES
from dagster_project.registry.forms import Table, columns, words

READS_AS = words("owner engineer")
TOLD_AGAIN = words("weekly fortnightly monthly")
MONTHS = tuple(str(month) for month in range(1, 13))

ALERT_TABLES: tuple[Table, ...] = (
    Table(
        "owners.csv",
        ("owner_id",),
        columns("owner_id*:role mailbox*:mailbox role* reads_as* told_again* note"),
        allowed={"reads_as": READS_AS, "told_again": TOLD_AGAIN},
    ),
    Table(
        "subscribers.csv",
        ("subscriber_id",),
        columns(
            "subscriber_id*:role mailbox*:mailbox role* reads_as* told_again* kinds"
            " least_severity* frameworks area_codes:area note"
        ),
        allowed={
            "reads_as": READS_AS,
            "told_again": TOLD_AGAIN,
            "kinds": tuple(KINDS),
            "least_severity": SEVERITIES,
        },
        refers_to={"area_codes": ("areas.csv", "area_code")},
        several=("kinds", "frameworks", "area_codes"),
    ),
    Table(
        "reviews.csv",
        ("review_id",),
        columns("review_id*:id owner*:role title* due_month*:whole due_day*:whole note"),
        allowed={"due_month": MONTHS, "due_day": tuple(str(day) for day in range(1, 29))},
        refers_to={"owner": ("owners.csv", "owner_id")},
    ),
    Table(
        "bank_holidays.csv",
        ("day",),
        columns("day*:date title* certainty*"),
        allowed={"certainty": words("verified recalled inferred")},
    ),
)

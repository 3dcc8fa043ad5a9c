"""The page of alerts: every kind, how grave, to whom it goes, when it is over, what is asked."""

from __future__ import annotations

from dagster_project.alerts.extents import counted
from dagster_project.alerts.kinds import (
    ENGINEERING,
    INDICATORS,
    KINDS,
    ROLE,
    SOURCE,
    WHEN_ACKNOWLEDGED,
    WHEN_GONE,
    WHEN_TOLD,
)

OPENING = """# Alerts

Made from `dagster_project/alerts/kinds.py`. How they are set up and acted on:
[how to](../how-to/alerts.md).

*Blocking* is told at once, everything else in the digest of the day. Subscribers of
`seeds/subscribers.csv` hear of any kind that they ask for.
"""
CONCERNS = {
    SOURCE: "the source's owner",
    INDICATORS: "the owners of its indicators",
    ROLE: "the role that it is of",
    ENGINEERING: "data engineering",
}
ENDS = {
    WHEN_GONE: "its cause is gone",
    WHEN_ACKNOWLEDGED: "it is acknowledged",
    WHEN_TOLD: "it has been told",
}


def page() -> str:
    """The page, in Markdown."""
    # Here, because tests/generated.py imports this module.
    from tests.generated import NOTE

    text = NOTE + OPENING
    for kind in KINDS.values():
        told = " and ".join(CONCERNS[each] for each in kind.concerns)
        if kind.name == "checks_warn":
            told = "whom `owner` of the check names in `expectations/`"
        text += f"\n## {kind.title}\n\n`{kind.name}`, {kind.severity}. "
        text += f"Told to: {told or 'those who ask for it'}. Over when {ENDS[kind.ends]}.\n"
        if kind.patience_hours:
            text += f"\nTold once it has lasted {kind.patience_hours} hours.\n"
        text += f"\nAn owner is asked: {kind.owner_does}\n\nAn engineer: {kind.engineer_does}\n"
        if kind.days:
            text += f"\nBy {counted(kind.days, 'working day')} after it opened.\n"
    return text

"""The page of what may be compared: the rules, the breaks, and the pairs that hold them."""

from __future__ import annotations

from dagster_project.home import PROJECT_ROOT
from dagster_project.registry.registry import load_registry
from tests.support import comparable, models

OPENING = """# What may be compared with what

Made from `seeds/comparability_reasons.csv`, `dbt/macros/comparability_rules.sql`,
`seeds/series_breaks.csv` and `tests/spec/comparable_pairs.csv`. Why it is done so:
[explanation](../explanation/comparability.md).

A pair is *comparable* where no reason applies; else the worst verdict of its reasons holds, and all
of them are told, in this order.
"""


def page() -> str:
    """The page, in Markdown."""
    # Here, because tests/generated.py imports this module.
    from tests.generated import NOTE, table

    registry = load_registry(PROJECT_ROOT / "seeds")
    conditions = dict(models.given("comparability_rules"))
    reasons = [
        (
            f"`{row['reason']}`",
            row["verdict"],
            row["about"],
            row["sentence"],
            f"`{conditions[row['reason']]}`",
        )
        for row in sorted(registry.comparability_reasons, key=lambda row: int(row["rank"]))
    ]
    text = NOTE + OPENING + "\n## Reasons\n\n"
    text += "`l` and `r` are the two sides. What isn't known of a side gives no reason.\n\n"
    text += table(("reason", "verdict", "about", "in words", "holds where"), reasons)
    text += "\n## Where series break\n\n"
    text += (
        "The first value at or after a break has the flag `break_in_series`; no trend reaches over"
    )
    text += " it.\nA break of *publication* parts what was published before that day from what was"
    text += " published after.\n\n"
    text += table(
        ("indicator", "from", "of", "kind", "effect", "reason", "certainty"),
        [
            (
                f"`{row['indicator_id']}`" + (f" ({row['source_id']})" if row["source_id"] else ""),
                row["from_date"],
                row["applies_to"],
                row["kind"],
                row["effect"],
                row["reason"],
                row["certainty"],
            )
            for row in registry.series_breaks
        ],
    )
    return text + _pairs(table)


def _pairs(table: comparable.MakesTable) -> str:
    text = (
        "\n## Pairs\n\nWhat a careful analyst expects of each, written before there were rules, and"
    )
    text += " met by them:\n`tests/spec/test_comparable_pairs.py`. The reason is the main one.\n\n"
    rows = comparable.expected()
    text += table(
        ("left", "right", "verdict", "reason", "why"),
        [(row["left"], row["right"], row["verdict"], row["reason"], row["why"]) for row in rows],
    )
    revised = [row for row in rows if row["revised_because"]]
    text += "\nRevised since:\n\n"
    return text + "".join(
        f"- {row['left']}, {row['right']}: {row['revised_because']}.\n" for row in revised
    )

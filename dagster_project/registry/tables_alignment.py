"""What the seeds that set frameworks side by side must look like, as data."""

from __future__ import annotations

from dagster_project.registry.forms import Table, columns, words

CERTAINTY = words("verified partly recalled inferred")
COUNTS = words("any same differs lower higher unknown")

ALIGNMENT_TABLES: tuple[Table, ...] = (
    Table(
        "framework_sources.csv",
        ("framework", "source_id"),
        columns("framework* source_id*:id note"),
        refers_to={
            "framework": ("frameworks.csv", "framework"),
            "source_id": ("sources.csv", "source_id"),
        },
    ),
    Table(
        "mirror_causes.csv",
        ("rank",),
        columns(
            "rank*:whole pair* numerator* denominator* elsewhere* timing* cause*:id certainty*"
            " sentence*"
        ),
        allowed={
            "pair": words("any mirror publications"),
            "numerator": COUNTS,
            "denominator": COUNTS,
            "elsewhere": words("any agrees differs"),
            "timing": words("any latest earlier"),
            "cause": words(
                "definition population late_registration lookup area_alone counts_not_published"
                " not_known"
            ),
            "certainty": CERTAINTY,
        },
    ),
    Table(
        "state_words.csv",
        ("released_table", "column_name", "word"),
        columns("released_table*:id column_name*:id word*:id sort_order*:whole label* meaning*"),
    ),
    Table(
        "goal_verdicts.csv",
        ("source_id", "verdict"),
        columns("source_id*:id verdict* state* certainty* note"),
        allowed={
            "state": words("met on_track off_track too_noisy not_comparable"),
            "certainty": CERTAINTY,
        },
        refers_to={"source_id": ("sources.csv", "source_id")},
    ),
)

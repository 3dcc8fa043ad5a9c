"""What models say is told in `state_words.csv`, where a release looks for its meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dagster_project.registry.forms import words
from dagster_project.registry.rules import FIRST_ROW, Finding, Tables
from dagster_project.registry.tables import STATUSES

SIDES = words("england region peers")
# A comparator that was taken back is one word for all three.
_STANDINGS = [status for status in STATUSES if status != "published"]
_OF_COMPARATORS = [
    f"{side}_{status}" for side in SIDES for status in _STANDINGS if status != "withdrawn"
]
# What models say of which state_words.csv must tell the meaning: a release can't be written
# without it. Of comparisons: dbt/macros/compared.sql and comparison.sql; of coverage: its model.
SAID = {
    ("comparisons", "judgement"): words(
        "better similar worse lower higher no_judgement not_compared"
    ),
    ("comparisons", "reason"): (
        *words(
            "is_comparator breakdown count_depends_on_size indirectly_standardised"
            " crude_where_standardised no_segment_elsewhere comparator_withdrawn missing_value"
            " no_limits no_peers_limits no_comparator polarity_not_confirmed"
        ),
        *(f"no_{side}_value" for side in SIDES),
        *(f"value_{status}" for status in _STANDINGS),
        *_OF_COMPARATORS,
    ),
    ("coverage", "coverage"): words(
        "live made_up landed_nothing_published placeholder ended stand_in computable"
        " source_lacks_it no_source_landed"
    ),
}


def what_is_said_has_a_meaning(tables: Tables) -> Iterator[Finding]:
    """Each word that a model says is in the list of words, where its release looks for it."""
    if "state_words.csv" not in tables:
        # A file that is missing is told as that.
        return
    rows = tables["state_words.csv"]
    known = {(row["released_table"], row["column_name"], row["word"]) for row in rows}
    for (table, column), said in SAID.items():
        for word in said:
            if (table, column, word) not in known:
                yield Finding(
                    "state_words.csv",
                    FIRST_ROW + len(rows),
                    "word",
                    f"has no row for a word that the column {column} of {table} says",
                    f"nothing of {word}",
                    f"{table},{column},{word} with its order, label and meaning",
                    "put the row back, or write one that says what the word means",
                )


STATE_WORD_RULES: tuple[Callable[[Tables], Iterator[Finding]], ...] = (what_is_said_has_a_meaning,)

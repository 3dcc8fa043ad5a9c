"""What must hold of the seeds that set frameworks and sources side by side."""

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


def one_source_stands(tables: Tables) -> Iterator[Finding]:
    """Sources that give one indicator have different ranks, so that one of them stands."""
    ranks = {row["source_id"]: row["rank"] for row in tables.get("sources.csv", ())}
    first: dict[tuple[str, str, str], str] = {}
    told: set[tuple[str, str]] = set()
    for number, row in enumerate(tables.get("indicator_sources.csv", ()), start=FIRST_ROW):
        source = row["source_id"]
        key = (row["indicator_id"], row["value_origin"], ranks.get(source, source))
        other = first.setdefault(key, source)
        if other != source and (other, source) not in told:
            told.add((other, source))
            yield Finding(
                "indicator_sources.csv",
                number,
                "source_id",
                "has the rank of another source of the same indicator",
                f"{other} and {source}, both of rank {key[2]}",
                "one of them before the other",
                "give them different ranks in seeds/sources.csv",
            )


def what_is_said_has_a_meaning(tables: Tables) -> Iterator[Finding]:
    """Each word that a model says is in the list of words, where its release looks for it."""
    rows = tables.get("state_words.csv", ())
    known = {(row["released_table"], row["column_name"], row["word"]) for row in rows}
    for (table, column), said in SAID.items():
        for word in said:
            if rows and (table, column, word) not in known:
                yield Finding(
                    "state_words.csv",
                    FIRST_ROW + len(rows),
                    "word",
                    f"has no row for a word that the column {column} of {table} says",
                    f"nothing of {word}",
                    f"{table},{column},{word} with its order, label and meaning",
                    "put the row back, or write one that says what the word means",
                )


ALIGNMENT_RULES: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    one_source_stands,
    what_is_said_has_a_meaning,
)

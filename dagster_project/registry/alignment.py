"""What must hold of the seeds that set frameworks and sources side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dagster_project.registry.rules import FIRST_ROW, Finding, Tables


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


ALIGNMENT_RULES: tuple[Callable[[Tables], Iterator[Finding]], ...] = (one_source_stands,)

"""What must hold of policies of disclosure, and of the sources that need one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dagster_project.registry.rules import FIRST_ROW, Finding, Row, Tables

FIGURES = ("numerator", "denominator", "complement")


def _rows(tables: Tables, file: str) -> Iterator[tuple[int, Row]]:
    return enumerate(tables.get(file, ()), start=FIRST_ROW)


def records_have_a_policy(tables: Tables) -> Iterator[Finding]:
    """A source that isn't public has a policy that hides small counts."""
    hiding = {
        row["disclosure_policy"]
        for _, row in _rows(tables, "disclosure_policies.csv")
        if row["primary_threshold"] and row["applies_to"]
    }
    for number, row in _rows(tables, "sources.csv"):
        if row["is_public"] == "false" and row["disclosure_policy"] not in hiding:
            yield Finding(
                "sources.csv",
                number,
                "is_public",
                "isn't public, and its policy hides nothing",
                f"false beside {row['disclosure_policy']}",
                "a disclosure_policy with a primary_threshold and applies_to",
                "name another policy, or mend this cell",
            )


def policies_are_whole(tables: Tables) -> Iterator[Finding]:
    """A policy that hides says which figures, in words and areas that there are."""
    types = {row["area_type"] for _, row in _rows(tables, "areas.csv")}
    for number, row in _rows(tables, "disclosure_policies.csv"):
        lists = (("applies_to", set(FIGURES)), ("exempt_area_types", types))
        for column, known in lists:
            odd = sorted(set(filter(None, row[column].split("|"))) - known)
            if odd and known:
                yield Finding(
                    "disclosure_policies.csv",
                    number,
                    column,
                    "has a word that means nothing here",
                    ", ".join(odd),
                    "some of " + ", ".join(sorted(known)) + ", with | between",
                    "correct the cell",
                )
        if bool(row["applies_to"]) != bool(row["primary_threshold"]):
            yield Finding(
                "disclosure_policies.csv",
                number,
                "applies_to",
                "doesn't go with primary_threshold",
                row["applies_to"] or "an empty cell",
                "both filled, or both empty",
                "fill in what is missing, or empty both",
            )


DISCLOSURE_RULES: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    records_have_a_policy,
    policies_are_whole,
)

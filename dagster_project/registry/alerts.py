"""What must hold of those who are told: frameworks that there are, and no name twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dagster_project.registry.forms import Finding, Tables, numbered


def subscribed_frameworks_exist(tables: Tables) -> Iterator[Finding]:
    """A subscription names a framework, or a domain as framework/edition/domain_code."""
    domains = {
        "/".join((row["framework"], row["edition"], row["domain_code"]))
        for _, row in numbered(tables, "domains.csv")
    }
    frameworks = {row["framework"] for _, row in numbered(tables, "frameworks.csv")}
    for number, row in numbered(tables, "subscribers.csv"):
        for named in filter(None, row["frameworks"].split("|")):
            if frameworks and named not in frameworks | domains:
                yield Finding(
                    "subscribers.csv",
                    number,
                    "frameworks",
                    "names no framework or domain",
                    named,
                    "a framework of frameworks.csv, or framework/edition/domain_code of"
                    " domains.csv; several parted by |",
                    "correct the cell",
                )


def those_told_have_one_name(tables: Tables) -> Iterator[Finding]:
    """A subscriber isn't called as an owner is: each name is one mailbox."""
    owners = {row["owner_id"] for _, row in numbered(tables, "owners.csv")}
    for number, row in numbered(tables, "subscribers.csv"):
        if row["subscriber_id"] in owners:
            yield Finding(
                "subscribers.csv",
                number,
                "subscriber_id",
                "is the name of an owner",
                row["subscriber_id"],
                "a name that no row of owners.csv has",
                "give the subscriber another name",
            )


ALERT_RULES: tuple[Callable[[Tables], Iterator[Finding]], ...] = (
    subscribed_frameworks_exist,
    those_told_have_one_name,
)

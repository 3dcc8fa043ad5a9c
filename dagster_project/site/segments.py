"""Frameworks whose domains are segments of their people: whose figures a paper shows, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from dagster_project.site import figures, wording
from dagster_project.site.model import Framework
from dagster_project.site.reading import Row
from dagster_project.site.rows import EVERYBODY

Spoken = tuple[Any, list[tuple[Row, list[Row], list[Row]]]]


def spoken_for(framework: Framework, rows: Sequence[Row]) -> Iterator[Spoken]:
    """Each domain with its members: the rows of its own segment, and everybody's, of each."""
    by_indicator: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_indicator[row["indicator_id"]].append(row)
    for domain in framework.domains:
        members = []
        for member in domain.members:
            if member["life_cycle"] not in ("retired", "left_out"):
                found = by_indicator.get(member["indicator_id"], [])
                own = [row for row in found if row["segment"] == domain.code]
                everybody = [row for row in found if row["segment"] == EVERYBODY]
                members.append((member, own, everybody))
        yield domain, members


def printed_rows(spoken: Sequence[Spoken], rows: Sequence[Row]) -> list[Row]:
    """The rows that have a line of their own, in their order: others can't be led to."""
    printed = {
        row["row_id"]
        for _, members in spoken
        for _, own, everybody in members
        for row in own or everybody
    }
    return [row for row in rows if row["row_id"] in printed]


def everybodys(place: str, row: Row, everybody: Sequence[Row]) -> str:
    """What everybody's figure is, of the sex whose figure the segment's row has, and its state."""
    whole = next((each for each in everybody if each["sex"] == row["sex"]), None)
    if whole is None:
        return "this segment alone"
    said = [figures.figure(whole["value"], whole["decimals"], whole["unit"])]
    if whole["status"] != "published" or not said[0]:
        said.append(wording.word("statuses", whole["status"]).lower())
    if whole["period_label"] != row["period_label"]:
        said.append(whole["period_label"])
    if whole["goal"]:
        said.append(f"goal {wording.word('goals', whole['goal']).lower()}")
    return f"everybody in {place}: {', '.join(part for part in said if part)}"

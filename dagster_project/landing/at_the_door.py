"""What is refused before anything of it is read: by its name, its place, or what landed before."""

from __future__ import annotations

import sqlite3

from dagster_project.errors import RefusedError
from dagster_project.landing import inbox, nhs_numbers
from dagster_project.landing.inbox import InboxFile
from dagster_project.sources import LAYOUTS_BY_ID
from dagster_project.sources.layout import Extract

SAMPLE_PREFIX = "SYNTHETIC"


def orphan(sidecar: InboxFile) -> RefusedError:
    """The refusal for a sidecar that speaks for nothing."""
    name = nhs_numbers.masked(sidecar.relative_path)
    return RefusedError(
        "a sidecar with no extract beside it",
        file=name,
        expected=f"a file {name.removesuffix(inbox.SIDECAR_SUFFIX)}",
        fix="put the extract beside it, or take the sidecar away",
    )


def named_by_number(relative_path: str) -> RefusedError:
    """The refusal for a file whose very name identifies a person."""
    return RefusedError(
        "the file's name holds an NHS number, so it isn't opened",
        file=nhs_numbers.masked(relative_path),
        expected="a name that identifies no person",
        fix="find out what the file is; if it is about a person, delete it and tell the sender",
    )


def refuse_sample(extract: Extract, *, synthetic: bool) -> None:
    """Refused if it is a made-up sample file, and what lands isn't to be."""
    if not synthetic and extract.name.upper().startswith(SAMPLE_PREFIX):
        raise RefusedError(
            "a made-up sample file, in a home of real data",
            file=extract.relative_path,
            expected="extracts from their publishers",
            fix="take it out of the inbox; `outcomes refresh --sample` makes its own",
        )


def refuse_another_period(extract: Extract, known: list[sqlite3.Row]) -> None:
    """Last year's file under this year's name: the name alone isn't believed."""
    rule = LAYOUTS_BY_ID[known[0]["layout_id"]].period
    if rule is None or not all(str(row["period_from"]).endswith("name") for row in known):
        return
    landed = [str(row["period"]) for row in known]
    named = rule.periods_in(extract.name) or rule.periods_in(extract.folder)
    if len(named) == 1 and named[0] not in landed:
        beside = extract.relative_path.split("!", 1)[0].rsplit("/", 1)[-1]
        raise RefusedError(
            "the name says another period than the same bytes had when they landed",
            file=extract.relative_path,
            got=f"{named[0]} in its name",
            expected=f"{' or '.join(landed)}, as {known[0]['relative_path']}",
            fix="ask the publisher for the right file; if it was published again unchanged, put a"
            f" file {beside}.period beside it that says 'period: {named[0]}'",
        )

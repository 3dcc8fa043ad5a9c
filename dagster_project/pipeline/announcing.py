"""What a release says of itself before anybody opens a table: a note, and what comes when next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from dagster_project.calendar import expected_after, source_rows
from dagster_project.errors import PublicationRefused
from dagster_project.release.sentences import cause_meanings
from dagster_project.revising.waiting import ASKING

if TYPE_CHECKING:
    import duckdb

NONE_PLANNED = "none planned"
# Of one value, and of several.
SAID = {
    "added": ("came", "came"),
    "removed": ("is gone", "are gone"),
    "revised": ("has another value", "have another value"),
    "no_longer_shown": ("is no longer shown", "are no longer shown"),
    "status_changed": ("has another status", "have another status"),
}


def note(con: duckdb.DuckDBPyConnection, previous: str | None) -> tuple[str, ...]:
    """The release in a few sentences: what it holds, what changed and why, what is held."""
    from dagster_project.lineage.question import records

    ((values, indicators),) = con.execute(
        "select count(*), count(distinct indicator_id) from marts.indicator_values"
        " where status = 'published'"
    ).fetchall()
    of = f"of {indicators:,} indicator{'' if indicators == 1 else 's'}"
    said = [f"{_values(values, f'{of} is published', f'{of} are published')}."]
    changes = records(
        con,
        "select change, cause, count(*) as changes from release_changes group by all"
        " order by change, changes desc, cause",
    )
    if previous is None:
        said.append("It is the first release of this home.")
    elif not changes:
        said.append(f"No value differs from {previous}.")
    said += [
        f"{_values(each['changes'], *SAID[each['change']])}:"
        f" {_in_sentence(cause_meanings()[each['cause']])}."
        for each in changes
    ]
    asking = ", ".join(f"'{check}'" for check in ASKING)
    ((held, waiting),) = con.execute(
        "select count(distinct row_id), count(distinct row_id) filter"
        f" (where check_id in ({asking})) from intermediate.int_held_rows"
    ).fetchall()
    if held:
        said.append(
            f"{_values(held, 'is held', 'are held')};"
            f" {_values(waiting, 'waits', 'wait')} for a reason to move."
        )
    return tuple(said)


def _values(count: int, of_one: str, of_several: str) -> str:
    return f"1 value {of_one}" if count == 1 else f"{count:,} values {of_several}"


def _in_sentence(meaning: str) -> str:
    return meaning[:1].lower() + meaning[1:]


def next_dates(sources: Sequence[str], as_of: date) -> dict[str, str]:
    """When each of these sources is expected next, as its calendar says; or that it isn't."""
    rows = {row["source_id"]: row for row in source_rows()}
    found = {source: expected_after(rows[source], as_of) for source in sorted(set(sources))}
    return {source: day.isoformat() if day else NONE_PLANNED for source, day in found.items()}


def next_release(dates: Mapping[str, str]) -> str:
    """The first of the days, or that none is planned."""
    planned = [day for day in dates.values() if day != NONE_PLANNED]
    return min(planned, default=NONE_PLANNED)


def refuse_unannounced(said: Sequence[str], next_day: str) -> None:
    """PublicationRefused unless there is a note, and a next date or the words that none is set."""
    lacking = [
        *(["a note"] if not any(sentence.strip() for sentence in said) else []),
        *(["a next date"] if not _is_day(next_day) and next_day != NONE_PLANNED else []),
    ]
    if lacking:
        raise PublicationRefused(
            "the release doesn't say what it is or what comes next",
            place="manifest.json",
            got=f"no {' and no '.join(lacking)}",
            expected=f"a note, and a date or {NONE_PLANNED!r}",
            fix="report it: both are made from the release and from seeds/sources.csv",
        )


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True

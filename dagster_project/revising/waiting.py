"""What is held for want of a reason, as the latest judging left it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dagster_project.errors import UsageError
from dagster_project.home import Home
from dagster_project.nearest import instead
from dagster_project.pipeline.tables import KEY

if TYPE_CHECKING:
    import duckdb

KEY_COLUMNS = (*KEY, "period_label", "source_id")
EXTRACT = "extract"
SHORT = 12
# The checks that a reason answers.
ASKING = ("C55", "C57", "L10")
# What the latest judging held for want of a reason, value by value.
WAITING = """
    select distinct
        held.row_id,
        candidates.indicator_id,
        candidates.period_label,
        candidates.source_id,
        extracts.sha256,
        extracts.relative_path,
        coalesce(last_good.release_id, last_release.release_id) as away_from
    from intermediate.int_held_rows as held
    inner join intermediate.candidate_values as candidates on held.row_id = candidates.row_id
    inner join staging.stg_ledger__extracts as extracts
        on candidates.extract_id = extracts.extract_id
    cross join run.last_release as last_release
    left join run.last_good as last_good on held.row_id = last_good.row_id
    where held.check_id in ({checks}) and {match}
"""


def named(home: Home, key: Mapping[str, str]) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """How many values wait that have this key, which files gave them, what they move away from.

    UsageError where none does.
    """
    query, values = _question(key)
    with _built(home) as con:
        rows = con.execute(query, values).fetchall()
    if not rows:
        raise UsageError(
            "no revision that waits for a reason has this key",
            got=spelled(key),
            expected=instead(
                spelled(key),
                [_group(each) for each in waiting(home)],
                f"values held by {' or '.join(ASKING)}, but none is",
            ),
            fix="see `outcomes accept-revision`: without a key it lists what waits",
        )
    extracts, away_from = (tuple(sorted({str(row[place]) for row in rows})) for place in (4, 6))
    return len(rows), extracts, away_from


def waiting(home: Home) -> list[dict[str, Any]]:
    """What is held for want of a reason, by indicator, period and file; the most first."""
    from dagster_project.lineage.question import records

    query, _ = _question({})
    with _built(home) as con:
        return records(
            con,
            "select indicator_id, period_label, source_id, relative_path as file, sha256,"
            f" count(*) as revisions from ({query}) group by all"
            " order by revisions desc, indicator_id, period_label, sha256",
        )


def spelled(key: Mapping[str, str]) -> str:
    """A key as it is typed."""
    return ",".join(f"{name}={value}" for name, value in key.items())


def _group(waits: Mapping[str, Any]) -> str:
    return (
        f"{waits['revisions']:,} of indicator_id={waits['indicator_id']},"
        f"period_label={waits['period_label']},extract={waits['sha256'][:SHORT]}"
    )


def _question(key: Mapping[str, str]) -> tuple[str, list[str]]:
    """What waits and has that key, as a query with its values."""
    match, values = ["true"], []
    for name, value in key.items():
        if name == EXTRACT:
            match.append("starts_with(extracts.sha256, ?)")
        elif name == "period_label":
            match.append("replace(candidates.period_label, ' ', '') = replace(?, ' ', '')")
        else:
            match.append(f"cast(candidates.{name} as varchar) = ?")
        values.append(value)
    checks = ", ".join(f"'{check}'" for check in ASKING)
    return WAITING.format(checks=checks, match=" and ".join(match)), values


@contextmanager
def _built(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of the latest release; UsageError where it isn't there or is another's."""
    from dagster_project import warehouse
    from dagster_project.lineage.inputs import is_of_release
    from dagster_project.release.store import ReleaseStore

    latest = ReleaseStore(home).latest()
    if latest is not None and home.warehouse.exists():
        with warehouse.connect(home, read_only=True) as con:
            if is_of_release(con, latest.fingerprint):
                yield con
                return
    raise UsageError(
        "what waits for a reason can't be told: the warehouse isn't that of the latest release",
        file=str(home.warehouse),
        got="another or none",
        expected=latest.id if latest else "a release",
        fix="run `outcomes refresh`, then give the reason",
    )

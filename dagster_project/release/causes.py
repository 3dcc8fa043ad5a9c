"""Why each value changed: found by comparing what made it then with what made it now.

What made the values of a release stands in its table `provenance`, group by group. What differs
names the cause; where several differ, the one that decides most comes first and the others are told
beside it. A release that has no such table leaves the cause not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dagster_project.release.sql import names, text

if TYPE_CHECKING:
    import duckdb

# A group of values that is made alike; with the area, where several files gave it.
GROUP = ("indicator_id", "area_type", "period_type", "period_start", "period_end", "source_id")
MADE = ("definition_version", "definition", "method", "lookups", "code")
# What a change says of each side beside its value and status.
CARRIED = ("area_type", "source_id", "period_label")
CAUSES = (
    *("data", "definition", "method", "lookup", "code", "not_known"),
    *("hold", "hold_ended", "suppression", "withdrawal", "return"),
)
# From what decides most to what decides least: code changes with every commit.
DIFFERENCES = """
    list_filter([
        case when made_b.definition_version <> made_a.definition_version then 'definition' end,
        case when made_b.method <> made_a.method then 'method' end,
        case when made_b.extracts <> made_a.extracts then 'data' end,
        case when made_b.definition <> made_a.definition then 'definition' end,
        case when made_b.lookups is distinct from made_a.lookups then 'lookup' end,
        case when made_b.code <> made_a.code then 'code' end
    ], lambda cause: cause is not null)
"""
BY_STATUS = """
    case
        when new_status = 'withdrawn' then 'withdrawal'
        when new_status = 'suppressed' then 'suppression'
        when old_status in ('withdrawn', 'suppressed') then 'return'
        when change = 'no_longer_shown' and not list_has_all(inputs_a.listed, inputs_b.listed)
            then 'withdrawal'
        when new_status = 'held' then 'hold'
        when old_status = 'held' and old_value is not distinct from new_value then 'hold_ended'
    end
"""
# What came needs something new, and what went something gone: a file first of all.
COME = """
    case
        when made_a.extracts is null then 'not_known'
        when not list_has_all(inputs_b.listed, made_a.extracts) then 'data'
        when known_b.definition is distinct from made_a.definition then 'definition'
        when made_a.lookups is not null and known_b.lookups is distinct from made_a.lookups
            then 'lookup'
        else 'code'
    end
"""
GONE = """
    case
        when made_b.extracts is null then 'not_known'
        when not list_has_all(inputs_a.listed, made_b.extracts) then 'withdrawal'
        when known_a.definition is distinct from made_b.definition then 'definition'
        when made_b.lookups is not null and known_a.lookups is distinct from made_b.lookups
            then 'lookup'
        when not list_has_all(inputs_b.listed, inputs_a.listed) then 'data'
        else 'code'
    end
"""


@dataclass(frozen=True)
class Side:
    """One of two releases: its id, the SHA-256 of its inputs, and its tables as relations.

    `provenance` and `holds` are None where the release doesn't have them.
    """

    release: str
    inputs: Sequence[str]
    provenance: str | None
    holds: str | None


def tell_causes(
    con: duckdb.DuckDBPyConnection, before: Side, after: Side, key: Sequence[str]
) -> None:
    """After this `release_changes` has `cause` and `also`, what else differs, for each change."""
    for side, release in (("b", before), ("a", after)):
        _write_made(con, side, release)
    _write_last_good(con, before, key)
    con.execute(
        f"create or replace table release_changes as {_told(before, key)} order by {names(key)}"
    )
    for leftover in ("made_b", "made_a", "known_b", "known_a", "inputs_b", "inputs_a", "good_b"):
        con.execute(f"drop table {leftover}")


def _write_made(con: duckdb.DuckDBPyConnection, side: str, release: Side) -> None:
    """After this `made_b` or `made_a` has a row a group, or a row an area where files share it."""
    group = names(("made_in", *GROUP, "origin"))
    made = ", ".join(f"min({name}) as {name}" for name in MADE)
    if release.provenance is None:
        typed = ", ".join(
            f"cast(null as {'date' if name in ('period_start', 'period_end') else 'varchar'})"
            f" as {name}"
            for name in ("made_in", *GROUP, "origin", "area_code", *MADE)
        )
        query = f"select {typed}, cast(null as varchar[]) as extracts where false"
    else:
        query = (
            f"select {group}, area_code, {made},"
            " list(distinct extract_sha256 order by extract_sha256) as extracts"
            " from (select *, unnest(coalesce(areas, [cast(null as varchar)])) as area_code"
            f" from {release.provenance}) group by {group}, area_code"
        )
        if side == "a":
            query += f" having made_in = {text(release.release)}"
    con.execute(f"create or replace temp table made_{side} as {query}")
    con.execute(
        f"create or replace temp table known_{side} as select indicator_id, origin,"
        " max(definition) as definition, max(lookups) as lookups"
        f" from made_{side} where made_in = {text(release.release)} group by all"
    )
    con.execute(f"create or replace temp table inputs_{side} (listed varchar[])")
    con.execute(f"insert into inputs_{side} values (?)", [sorted(set(release.inputs))])


def _write_last_good(con: duckdb.DuckDBPyConnection, before: Side, key: Sequence[str]) -> None:
    """After this `good_b` says of each value held before which release had published it."""
    query = f"select {names(key)}, cast(null as varchar) as release from release_changes limit 0"
    if before.holds is not None:
        there = {row[0] for row in con.execute(f"describe from {before.holds}").fetchall()}
        if "last_good_release" in there:
            query = (
                f"select {names(key)}, any_value(last_good_release) as release from {before.holds}"
                f" where last_good_release is not null group by {names(key)}"
            )
    con.execute(f"create or replace temp table good_b as {query}")


def _told(before: Side, key: Sequence[str]) -> str:
    same_key = " and ".join(f"changes.{name} = good_b.{name}" for name in key)
    kept = ", ".join(f"coalesce(new_{name}, old_{name}) as {name}" for name in CARRIED)
    carried = ", ".join(f"{side}_{name}" for side in ("old", "new") for name in CARRIED)
    known = " ".join(
        f"left join known_{side} on changes.indicator_id = known_{side}.indicator_id"
        f" and changes.origin = known_{side}.origin"
        for side in ("b", "a")
    )
    return f"""
        select * exclude ({carried}, by_status, differing), {kept},
            coalesce(by_status, differing[1], 'not_known') as cause,
            case when by_status is null and len(differing) > 1 then
                list_filter(list_distinct(differing[2:]), lambda cause: cause <> differing[1])
            end as also
        from (
            select changes.*,
                case changes.change when 'added' then {COME} when 'removed' then {GONE}
                    else {BY_STATUS} end as by_status,
                {DIFFERENCES} as differing
            from release_changes as changes
            left join good_b on changes.old_status = 'held' and {same_key}
            left join made_b on {_same_group("made_b", "old")}
                and made_b.made_in = coalesce(good_b.release, {text(before.release)})
            left join made_a on {_same_group("made_a", "new")} {known}
            cross join inputs_b cross join inputs_a
        )
    """


def _same_group(made: str, side: str) -> str:
    """True where the row of `made` is of the change's group, and of its area if it names one."""
    carried = [name for name in GROUP if name in CARRIED]
    return " and ".join(
        [
            *(f"{made}.{name} = changes.{name}" for name in GROUP if name not in CARRIED),
            *(f"{made}.{name} = changes.{side}_{name}" for name in carried),
            f"{made}.origin = changes.origin",
            f"coalesce({made}.area_code = changes.area_code, true)",
        ]
    )

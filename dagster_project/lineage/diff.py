"""What differs between two releases, and between what they were made from: `outcomes diff`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.errors import UsageError
from dagster_project.home import Home
from dagster_project.lineage.question import one_of, records
from dagster_project.lineage.shown import (
    HIDDEN,
    data_of,
    landings_taken_back,
    rests_on_sql,
    sources_taken_back,
    standing,
)
from dagster_project.nearest import instead
from dagster_project.pipeline.revised import side_of
from dagster_project.pipeline.tables import KEY
from dagster_project.release.causes import CARRIED, tell_causes
from dagster_project.release.changes import compute_changes
from dagster_project.release.manifest import InputRecord, Manifest, read_manifest
from dagster_project.release.sentences import sentence
from dagster_project.release.sql import parquet, text
from dagster_project.release.store import ReleaseStore
from dagster_project.warehouse import in_memory

if TYPE_CHECKING:
    import duckdb

MOST_LISTED = 20
VALUES = "indicator_values.parquet"
# By which the changes are counted; rows that moved most come first among those that are listed.
BY_INDICATOR = (
    "select indicator_id, change, cause, count(*) as changes, max(abs(change_pct)) as most_pct"
    " from changes group by all order by changes desc, indicator_id, change, cause"
)


def diff(home: Home, earlier: str, later: str, indicator: str | None = None) -> dict[str, Any]:
    """The changes from one release to the other: counts, by indicator, and key by key.

    A value that is hidden today has no figures on either side, and one that may rest on a landing
    that was taken back has none on the side that was made from it.
    """
    store = ReleaseStore(home)
    before, after = (_manifest(store, identifier) for identifier in (earlier, later))
    old, new = (store.path(each.id) / "data" / VALUES for each in (before, after))
    gone = landings_taken_back(home)
    with in_memory(home) as con, data_of(*map(store.path, {before.id, after.id})):
        compute_changes(con, old, parquet(new), KEY, CARRIED)
        tell_causes(con, side_of(store, before), side_of(store, after), KEY)
        _with_reasons(con, store, before, after)
        if indicator is not None:
            indicator = _indicator(con, store, (before.id, after.id), indicator)
            con.execute(f"delete from changes where indicator_id <> {text(indicator)}")
        _hide_what_is_hidden_today(con, store)
        _hide(con, old, rests_on_sql(sources_taken_back(before, gone)), "old_value")
        _hide(con, new, rests_on_sql(sources_taken_back(after, gone)), "new_value")
        counts = con.execute("select change, count(*) from changes group by 1 order by 1")
        return {
            "home": str(home.root),
            "earlier": _said_of(before),
            "later": _said_of(after),
            "indicator": indicator,
            "made_from": _made_from(before, after),
            "counts": {str(change): int(number) for change, number in counts.fetchall()},
            "by_indicator": records(con, BY_INDICATOR),
            "changes": records(con, _in_words(store, after)),
        }


def _indicator(
    con: duckdb.DuckDBPyConnection, store: ReleaseStore, releases: Sequence[str], asked: str
) -> str:
    """The id of the indicator that is asked for; UsageError where neither release has it."""
    both = " union ".join(
        f"select indicator_id, title from"
        f" {parquet(store.path(each) / 'data' / 'indicators.parquet')}"
        for each in releases
    )
    con.execute(
        f"create or replace temp table indicators as select indicator_id, max(title) as title"
        f" from ({both}) group by 1"
    )
    return str(one_of(con, "indicators", "indicator_id", "title", asked)["indicator_id"])


def _with_reasons(
    con: duckdb.DuckDBPyConnection, store: ReleaseStore, before: Manifest, after: Manifest
) -> None:
    """After this `changes` has the reasons that the later release gives, if it followed at once."""
    told = parquet(store.path(after.id) / "data" / "changes.parquet")
    there = {row[0] for row in con.execute(f"describe from {told}").fetchall()}
    reasons = "select null as reason, null as reason_by"
    if "reason_by" in there:
        same = " and ".join(f"told.{name} = found.{name}" for name in KEY)
        reasons = (
            f"select reason, reason_by from {told} as told"
            f" where {same} and told.previous_release = {text(before.id)}"
        )
    con.execute(
        "create or replace temp table changes as select found.*, given.reason, given.reason_by"
        f" from release_changes as found left join lateral ({reasons}) as given on true"
    )


def _in_words(store: ReleaseStore, after: Manifest) -> str:
    """The changes with a sentence each, which shows no more than the figures that are left."""
    data = store.path(after.id) / "data"
    said = sentence("changes", "named", "placed", "changes.reason")
    return (
        f"select changes.*, {said} as sentence from changes"
        f" left join {parquet(data / 'indicators.parquet')} as named"
        " on changes.indicator_id = named.indicator_id"
        f" left join {parquet(data / 'areas.parquet')} as placed"
        f" on changes.area_code = placed.area_code order by {_order()}"
    )


def _order() -> str:
    key = ", ".join(f"changes.{name}" for name in KEY)
    return f"abs(coalesce(changes.change_pct, 0)) desc, changes.change, {key}"


def _manifest(store: ReleaseStore, identifier: str) -> Manifest:
    known = store.ids()
    if identifier == "latest" and store.latest_id() in known:
        identifier = str(store.latest_id())
    if identifier not in known:
        raise UsageError(
            "there is no such release",
            got=identifier,
            expected=instead(identifier, known, "a release, but none is there"),
            fix="give the id as `outcomes releases` shows it",
        )
    manifest = read_manifest(store.path(identifier))
    if manifest.is_withdrawn:
        raise UsageError(
            "that release was withdrawn",
            got=identifier,
            expected="two releases that still have their data",
            fix="see `outcomes releases`: it marks those that were withdrawn",
        )
    return manifest


def _hide_what_is_hidden_today(con: duckdb.DuckDBPyConnection, store: ReleaseStore) -> None:
    """After this `changes` has no figures of what the release that stands hides."""
    today = standing(store)
    if today is None:
        return
    hidden = f"status in ({', '.join(map(text, HIDDEN))})"
    with data_of(store.path(today)):
        _hide(con, store.path(today) / "data" / VALUES, hidden, "old_value", "new_value")


def _hide(con: duckdb.DuckDBPyConnection, values: Path, hidden: str, *figures: str) -> None:
    """After this `changes` lacks those figures of the rows of `values` of which that is true."""
    same = " and ".join(f"changes.{name} = listed.{name}" for name in KEY)
    emptied = ", ".join(f"{name} = null" for name in (*figures, "change_pct"))
    con.execute(
        f"update changes set {emptied}"
        f" from (from {parquet(values)} where {hidden}) as listed where {same}"
    )


def _said_of(manifest: Manifest) -> dict[str, Any]:
    return {
        "release": manifest.id,
        "created_at": manifest.created_at,
        "commit": manifest.commit,
        "as_of": manifest.as_of,
        "synthetic": manifest.synthetic,
        "withdrawn": manifest.is_withdrawn,
    }


def _made_from(before: Manifest, after: Manifest) -> dict[str, Any]:
    """What one release rests on and the other doesn't."""
    old, new = (set(map(_input, manifest.inputs)) for manifest in (before, after))
    return {
        "inputs_only_earlier": [dict(item) for item in sorted(old - new)],
        "inputs_only_later": [dict(item) for item in sorted(new - old)],
        "same_code": before.commit == after.commit and "uncommitted" not in before.commit,
    }


def _input(item: InputRecord) -> tuple[tuple[str, str], ...]:
    return (
        ("source_id", item.source_id),
        ("name", item.name),
        ("period", item.period or ""),
        ("vintage", item.vintage or ""),
        ("sha256", item.sha256),
    )


def diff_lines(record: dict[str, Any], *, everything: bool = False) -> list[str]:
    """The differences for a person: what made each, counts, the largest moves."""
    earlier, later = record["earlier"], record["later"]
    lines = [
        f"From {earlier['release']} ({earlier['created_at']}) to {later['release']}"
        f" ({later['created_at']})"
    ]
    made_from = record["made_from"]
    for word, side in (("only in the earlier", "earlier"), ("only in the later", "later")):
        lines += [
            f"  input {word}: {item['name']} ({item['source_id']}, SHA-256 {item['sha256'][:12]}…)"
            for item in made_from[f"inputs_only_{side}"]
        ]
    if not made_from["same_code"]:
        lines.append(f"  code: {earlier['commit']}, then {later['commit']}")
    if not record["changes"]:
        return [*lines, "No value differs."]
    total = ", ".join(f"{count:,} {change}" for change, count in record["counts"].items())
    lines += [f"Changes: {total.replace('_', ' ')}", "By indicator"]
    groups = record["by_indicator"]
    lines += [_group(row) for row in (groups if everything else groups[:MOST_LISTED])]
    listed = record["changes"] if everything else record["changes"][:MOST_LISTED]
    lines += ["Changes, the largest first", *map(_change, listed)]
    more = len(record["changes"]) - len(listed)
    if more:
        lines.append(f"  and {more:,} more: --all lists them, --json gives them to a program")
    return lines


def _group(row: dict[str, Any]) -> str:
    most = "" if row["most_pct"] is None else f", at most {row['most_pct']:.1f}%"
    change = row["change"].replace("_", " ")
    cause = row["cause"].replace("_", " ")
    return f"  {row['indicator_id']}: {row['changes']:,} {change} ({cause}{most})"


def _change(row: dict[str, Any]) -> str:
    return f"  {row['sentence']}"

"""What differs between two releases, and between what they were made from: `outcomes diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dagster_project.errors import UsageError
from dagster_project.home import Home
from dagster_project.lineage.question import HIDDEN, records
from dagster_project.pipeline.tables import KEY
from dagster_project.release.changes import compute_changes
from dagster_project.release.manifest import InputRecord, Manifest, read_manifest
from dagster_project.release.sql import parquet, text
from dagster_project.release.store import ReleaseStore

if TYPE_CHECKING:
    import duckdb

MOST_LISTED = 20
VALUES = "indicator_values.parquet"
# By which the changes are counted; rows that moved most come first among those that are listed.
BY_INDICATOR = (
    "select indicator_id, change, reason, count(*) as changes, max(abs(change_pct)) as most_pct"
    " from changes group by all order by changes desc, indicator_id, change, reason"
)


def diff(home: Home, earlier: str, later: str, indicator: str | None = None) -> dict[str, Any]:
    """The changes from one release to the other: counts, by indicator, and key by key.

    A value that the latest release hides has no figures on either side.
    """
    import duckdb

    store = ReleaseStore(home)
    before, after = (_manifest(store, identifier) for identifier in (earlier, later))
    with duckdb.connect() as con:
        values_after = parquet(store.path(later) / "data" / VALUES)
        compute_changes(con, store.path(earlier) / "data" / VALUES, values_after, KEY)
        _hide_what_is_hidden_today(con, store)
        if indicator is not None:
            con.execute(f"delete from changes where indicator_id <> {text(indicator)}")
        counts = con.execute("select change, count(*) from changes group by 1 order by 1")
        return {
            "home": str(home.root),
            "earlier": _said_of(before),
            "later": _said_of(after),
            "indicator": indicator,
            "made_from": _made_from(before, after),
            "counts": {str(change): int(number) for change, number in counts.fetchall()},
            "by_indicator": records(con, BY_INDICATOR),
            "changes": records(con, f"from changes order by {_order()}"),
        }


def _order() -> str:
    return f"abs(coalesce(change_pct, 0)) desc, change, {', '.join(KEY)}"


def _manifest(store: ReleaseStore, identifier: str) -> Manifest:
    known = store.ids()
    if identifier == "latest" and store.latest_id() in known:
        identifier = str(store.latest_id())
    if identifier not in known:
        raise UsageError(
            "there is no such release",
            got=identifier,
            expected=", ".join(known) or "a release, but none is there",
            fix="give the id as `outcomes releases` shows it",
        )
    return read_manifest(store.path(identifier))


def _hide_what_is_hidden_today(con: duckdb.DuckDBPyConnection, store: ReleaseStore) -> None:
    """After this `changes` holds the differences, without figures that aren't shown any more."""
    con.execute("create or replace temp table changes as from release_changes")
    latest = store.latest_id()
    if latest is None:
        return
    today = parquet(store.path(latest) / "data" / VALUES)
    same = " and ".join(f"changes.{name} = today.{name}" for name in KEY)
    hidden = ", ".join(map(text, HIDDEN))
    con.execute(
        "update changes set old_value = null, new_value = null, change_pct = null"
        f" from (from {today} where status in ({hidden})) as today where {same}"
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
    return f"  {row['indicator_id']}: {row['changes']:,} {change} ({row['reason']}{most})"


def _change(row: dict[str, Any]) -> str:
    cut = [row[name] for name in ("sex", "age", "segment", "breakdown") if row[name] != "all"]
    days = f"{row['period_start']} to {row['period_end']}"
    moved = f"{_said(row, 'old')} → {_said(row, 'new')}"
    by = "" if row["change_pct"] is None else f" ({row['change_pct']:+.1f}%)"
    return f"  {row['indicator_id']} {row['area_code']} {days} {', '.join(cut)}: {moved}{by}"


def _said(row: dict[str, Any], side: str) -> str:
    value, status = row[f"{side}_value"], row[f"{side}_status"]
    if status is None:
        return "not there"
    if value is None:
        return str(status).replace("_", " ")
    return f"{value:,.10g}" + ("" if status == "published" else f" {status}")

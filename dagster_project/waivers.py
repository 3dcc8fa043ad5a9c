"""Waivers: a role lets a check's failures through for a key, with a reason and until a last day.

They are kept in `state.sqlite`. What the marts are given, `run.waivers`, is those in force on the
as-of date; publishing refuses where the two differ, and the manifest names those that were used.
A day after its last day a waiver holds nothing back any more, and the check holds the value again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project import state
from dagster_project.errors import PublicationRefused, UsageError
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.nearest import instead
from dagster_project.pipeline.tables import KEY
from dagster_project.waived_values import as_spelled, held_values, latest_values

if TYPE_CHECKING:
    import duckdb

    from dagster_project.registry.registry import Registry

KEY_COLUMNS = (*KEY, "period_label")
# A waiver is looked at again: it lasts a year at most.
LONGEST_DAYS = 366
SHORTEST_REASON = 10
RELATION = "run.waivers"
SEXES = ("Persons", "Female", "Male")


@dataclass(frozen=True)
class Waiver:
    """One exemption: `key` maps columns of a value's key to text; what it doesn't name matches."""

    check_id: str
    key: Mapping[str, str]
    role: str
    until: str
    reason: str

    def as_record(self) -> dict[str, Any]:
        """The waiver as a manifest and `--json` give it."""
        return {**asdict(self), "key": dict(self.key)}


def waivable_checks() -> dict[str, str]:
    """The checks that hold values and may be waived, each with its sentence."""
    from dagster_project.judging.suites import load_suites

    return {
        check.check_id: check.title
        for suite in load_suites(PROJECT_ROOT / "expectations")
        for check in suite.checks
        if check.is_waivable
    }


def grant(home: Home, waiver: Waiver, today: date) -> str:
    """After this the next refresh lets that key pass that check; the answer says so.

    Of one check and key the later waiver counts. UsageError tells what is wrong with it.
    """
    with latest_values(home) as latest:
        waiver = replace(waiver, key=as_spelled(waiver.key, latest))
        _check(waiver, today, latest)
        values, held = held_values(latest, waiver.check_id, waiver.key)
    with state.connect(home.state) as ledger:
        is_known = ledger.execute(
            "select 1 from waivers where check_id = ? and key = ?",
            (waiver.check_id, state.to_json(dict(waiver.key))),
        ).fetchone()
        ledger.execute(
            "insert into waivers (check_id, key, role, until, reason, granted_at)"
            " values (?, ?, ?, ?, ?, ?) on conflict (check_id, key) do update set"
            " role = excluded.role, until = excluded.until, reason = excluded.reason,"
            " granted_at = excluded.granted_at",
            (
                waiver.check_id,
                state.to_json(dict(waiver.key)),
                waiver.role,
                waiver.until,
                waiver.reason,
                state.now(),
            ),
        )
    said = f"Until {waiver.until}, {waiver.check_id} doesn't hold {_said(waiver.key)}."
    if not values:
        return f"{said} It matches no value now; it will apply if one comes."
    if not held and not is_known:
        match = "1 value matches" if values == 1 else f"{values:,} values match"
        return f"{said} Nothing is held by it now ({match}); it will apply if one fails."
    return f"{said} The next `outcomes refresh` publishes it, and the release names the waiver."


def end(home: Home, check_id: str, key: Mapping[str, str]) -> str:
    """After this the waiver of that check and key is no more; UsageError where there is none."""
    with latest_values(home) as latest:
        spelled = state.to_json(as_spelled(key, latest))
    with state.connect(home.state) as ledger:
        ended = ledger.execute(
            "delete from waivers where check_id = ? and key = ?", (check_id, spelled)
        ).rowcount
    if not ended:
        raise UsageError(
            "there is no such waiver",
            got=f"{check_id} {_said(key)}",
            expected="the check and the key as they were granted",
            fix="see `outcomes status`: it lists those in force",
        )
    return f"Ended: from the next `outcomes refresh`, {check_id} holds {_said(key)} again."


def in_force(state_path: Path, as_of: date) -> tuple[Waiver, ...]:
    """The waivers whose last day hasn't passed, of checks that may be waived, by check and key."""
    with state.reading(state_path) as ledger:
        rows = ledger.execute(
            "select check_id, key, role, until, reason from waivers where until >= ?"
            " order by check_id, key",
            (as_of.isoformat(),),
        ).fetchall()
    # The suites are read only where there is something to look up in them.
    waivable = waivable_checks() if rows else {}
    return tuple(
        Waiver(row["check_id"], json.loads(row["key"]), row["role"], row["until"], row["reason"])
        for row in rows
        if row["check_id"] in waivable
    )


def write(con: duckdb.DuckDBPyConnection, home: Home, as_of: date) -> None:
    """After this `run.waivers` holds those in force; a column that a key doesn't name is null."""
    columns = ", ".join(f"{name} VARCHAR" for name in KEY_COLUMNS)
    con.execute(f"create or replace table {RELATION} (check_id VARCHAR, {columns})")
    places = ", ".join("?" * (1 + len(KEY_COLUMNS)))
    for row in _rows(in_force(home.state, as_of)):
        con.execute(f"insert into {RELATION} values ({places})", list(row))


def verify(con: duckdb.DuckDBPyConnection, home: Home, as_of: date) -> None:
    """PublicationRefused unless what the marts were given is what was granted and is in force."""
    granted = _rows(in_force(home.state, as_of))
    given = con.execute(f"from {RELATION}").fetchall()
    if sorted(map(str, granted)) != sorted(map(str, given)):
        raise PublicationRefused(
            "the marts were built with other waivers than are in force",
            place=RELATION,
            got=f"{len(given)} waivers",
            expected=f"the {len(granted)} of `outcomes waive` that haven't expired",
            fix="run `outcomes refresh`",
        )


def used(con: duckdb.DuckDBPyConnection, home: Home, as_of: date) -> tuple[dict[str, Any], ...]:
    """The waivers that let a value through, each with how many: what a manifest lists.

    A value that is hidden, or that another check or a part of it holds, wasn't let through.
    """
    same = " and ".join(f"shown.{name} = candidates.{name}" for name in KEY)
    listed = []
    for waiver in in_force(home.state, as_of):
        match = " and ".join(f"cast(candidates.{name} as varchar) = ?" for name in waiver.key)
        ((values,),) = con.execute(
            "select count(distinct failed.row_id) from intermediate.int_failed_rows as failed"
            " inner join intermediate.candidate_values as candidates using (row_id)"
            f" inner join marts.indicator_values as shown on {same} and shown.status = 'published'"
            " anti join intermediate.int_held_rows as held on held.row_id = failed.row_id"
            f" where failed.check_id = ? and not failed.is_broken and {match}",
            [waiver.check_id, *waiver.key.values()],
        ).fetchall()
        if values:
            listed.append({**waiver.as_record(), "values": int(values)})
    return tuple(listed)


def _rows(waivers: Sequence[Waiver]) -> list[tuple[str | None, ...]]:
    return [
        (waiver.check_id, *(waiver.key.get(name) for name in KEY_COLUMNS)) for waiver in waivers
    ]


def _said(key: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in key.items())


def _areas(registry: Registry, latest: duckdb.DuckDBPyConnection | None) -> set[str]:
    """The codes of all areas: those of the registry, and those that landed lists name."""
    landed = latest.execute("select area_code from areas").fetchall() if latest else []
    return {row["area_code"] for row in registry.areas} | {row[0] for row in landed}


def _why_not(check_id: str, waivable: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Of a check that can't be waived: problem, got, expected and what to do."""
    from dagster_project.judging.suites import SOMETHING_JUDGED, load_suites

    checks = [each for suite in load_suites(PROJECT_ROOT / "expectations") for each in suite.checks]
    known = {each.check_id: each for each in (SOMETHING_JUDGED, *checks)}
    check, see = known.get(check_id), "see docs/reference/checks.md"
    if check is None:
        return ("there is no such check", check_id, instead(check_id, sorted(waivable)), see)
    got = f"{check_id}: {check.title}"
    if not check.blocks:
        acknowledge = "nothing has to be waived; its alert is acknowledged: outcomes alerts ack ID"
        return ("this check holds no value, it only warns", got, "a check that holds", acknowledge)
    return ("this check holds what nobody may let through", got, "one that may be waived", see)


def _check(waiver: Waiver, today: date, latest: duckdb.DuckDBPyConnection | None) -> None:
    from dagster_project.registry.registry import load_registry

    registry = load_registry(PROJECT_ROOT / "seeds")
    checks = waivable_checks()
    roles = [row["owner_id"] for row in registry.owners]
    indicators = {row["indicator_id"]: row["title"] for row in registry.indicators}
    last = date.fromordinal(today.toordinal() + LONGEST_DAYS)
    area, sex = waiver.key.get("area_code"), waiver.key.get("sex")
    unknown = [name for name in waiver.key if name not in KEY_COLUMNS]
    faults = (
        (
            waiver.check_id not in checks,
            *_why_not(waiver.check_id, checks),
        ),
        (
            bool(unknown) or "indicator_id" not in waiver.key,
            "this key names no indicator, or a column that keys don't have",
            _said(waiver.key),
            f"indicator_id=…, and if wanted any of {', '.join(KEY_COLUMNS[1:])}",
            "write the key as column=value pairs with commas between them",
        ),
        (
            waiver.key.get("indicator_id") not in indicators,
            "this key names no indicator that is known",
            waiver.key.get("indicator_id", ""),
            instead(waiver.key.get("indicator_id", ""), indicators),
            "seeds/indicators.csv and dbt/models/indicators have them all",
        ),
        (
            area is not None and area not in _areas(registry, latest),
            "this key names no area that is known",
            str(area),
            instead(str(area), {row["area_code"]: row["area_name"] for row in registry.areas}),
            "give an area_code of seeds/areas.csv, or of the table `areas` of the release",
        ),
        (
            sex is not None and sex not in SEXES,
            "this key names no sex that values have",
            str(sex),
            ", ".join(SEXES),
            "write it as one of these",
        ),
        (
            waiver.role not in roles,
            "waivers are granted by a role of seeds/owners.csv",
            waiver.role,
            instead(waiver.role, roles),
            "give the role with --by; seeds/owners.csv has them all",
        ),
        (
            not today.isoformat() <= waiver.until <= last.isoformat(),
            "the last day has passed, or is too far away",
            waiver.until,
            f"{today} to {last}",
            "give the last day with --until; grant it again when it has passed",
        ),
        (
            len(waiver.reason.strip()) < SHORTEST_REASON,
            "a waiver has a reason that its readers understand; it is published",
            repr(waiver.reason),
            f"a sentence, of {SHORTEST_REASON} characters at least",
            "say with --reason who knows better than the check, and how",
        ),
    )
    for wrong, problem, got, expected, fix in faults:
        if wrong:
            raise UsageError(problem, got=got, expected=expected, fix=fix)

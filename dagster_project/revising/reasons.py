"""Reasons for revisions: why values that were published may move as far as they do.

They are kept in `state.sqlite` and listed in each manifest, from which a home that lost its state
has them back. What the evidence is given, `run.revision_reasons`, is all of them; publishing
refuses where the two differ. A reason is for what waited when it was given: moves away from those
releases, by values of those bytes. It never lets through what comes later.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project import state
from dagster_project.errors import PublicationRefused, UsageError
from dagster_project.home import PROJECT_ROOT, Home
from dagster_project.nearest import instead
from dagster_project.revising import waiting
from dagster_project.revising.waiting import EXTRACT, KEY_COLUMNS, SHORT, spelled

if TYPE_CHECKING:
    import duckdb

RELATION = "run.revision_reasons"


@dataclass(frozen=True)
class Reason:
    """One reason: `key` maps columns of values to text; what it doesn't name matches."""

    key: Mapping[str, str]
    extracts: tuple[str, ...]
    away_from: tuple[str, ...]
    role: str
    reason: str
    given_at: str

    def as_record(self) -> dict[str, Any]:
        """The reason as a manifest and `--json` give it."""
        record = {**asdict(self), "key": dict(self.key)}
        return record | {name: list(record[name]) for name in ("extracts", "away_from")}

    def decides(self) -> dict[str, Any]:
        """What of it decides a release: all but the time of day at which it was given."""
        record = self.as_record()
        del record["given_at"]
        return record


def from_record(record: Mapping[str, Any]) -> Reason:
    """The reason that a manifest lists."""
    return Reason(
        dict(record["key"]),
        tuple(record["extracts"]),
        tuple(record["away_from"]),
        *(str(record[name]) for name in ("role", "reason", "given_at")),
    )


def give(home: Home, key: Mapping[str, str], role: str, reason: str) -> tuple[Reason, int]:
    """After this the next refresh lets those values move; the reason, and how many waited for it.

    UsageError tells what is wrong with it, or that nothing waits that it names.
    """
    _check(key, role, reason)
    values, extracts, away_from = waiting.named(home, key)
    given_now = Reason(dict(key), extracts, away_from, role, reason.strip(), state.now())
    with state.connect(home.state) as ledger:
        enter(ledger, given_now)
    return given_now, values


def enter(ledger: Any, reason: Reason) -> None:
    """After this the state has the reason."""
    record = reason.as_record()
    cells = [state.to_json(record[name]) for name in ("key", "extracts", "away_from")]
    ledger.execute(
        "insert into revision_reasons (key, extracts, away_from, role, reason, given_at)"
        " values (?, ?, ?, ?, ?, ?)",
        (*cells, reason.role, reason.reason, reason.given_at),
    )


def end(home: Home, key: Mapping[str, str]) -> Reason:
    """The reason last given for that key, once it is no more; UsageError where there is none."""
    with state.connect(home.state) as ledger:
        row = ledger.execute(
            "select * from revision_reasons where key = ? order by reason_number desc limit 1",
            (state.to_json(dict(key)),),
        ).fetchone()
        if row is not None:
            number = row["reason_number"]
            ledger.execute("delete from revision_reasons where reason_number = ?", (number,))
    if row is None:
        raise UsageError(
            "no such reason was given",
            got=spelled(key),
            expected="; ".join(spelled(each.key) for each in given(home.state)) or "none was given",
            fix="write the key as it was given",
        )
    return _reason(row)


def given(state_path: Path) -> tuple[Reason, ...]:
    """All reasons, in the order in which they were given."""
    with state.reading(state_path) as ledger:
        rows = ledger.execute("select * from revision_reasons order by reason_number").fetchall()
    return tuple(map(_reason, rows))


def learn(home: Home, manifests: Sequence[Any]) -> int:
    """After this the state has what the newest release lists that stands; how many there are."""
    listed = next((each.reasons for each in manifests if not each.is_withdrawn), ())
    with state.connect(home.state) as ledger:
        for record in listed:
            enter(ledger, from_record(record))
    return len(listed)


def write(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """After this `run.revision_reasons` holds them; a column that a key doesn't name is null."""
    columns = ", ".join(f"{name} VARCHAR" for name in KEY_COLUMNS)
    con.execute(
        f"create or replace table {RELATION} (reason_number BIGINT, {columns},"
        " extracts VARCHAR[], away_from VARCHAR[], role VARCHAR, reason VARCHAR)"
    )
    places = ", ".join("?" * (5 + len(KEY_COLUMNS)))
    for row in _rows(given(home.state)):
        con.execute(f"insert into {RELATION} values ({places})", list(row))


def verify(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """PublicationRefused unless what the evidence was given is what was said."""
    said_now = [tuple(row) for row in _rows(given(home.state))]
    used_then = con.execute(f"from {RELATION} order by reason_number").fetchall()
    if said_now != used_then:
        raise PublicationRefused(
            "the values were judged with other reasons for revisions than were given",
            place=RELATION,
            got=f"{len(used_then)} reasons",
            expected=f"the {len(said_now)} of `outcomes accept-revision`",
            fix="run `outcomes refresh`",
        )


def used(con: duckdb.DuckDBPyConnection, home: Home) -> tuple[dict[str, Any], ...]:
    """All reasons as a manifest lists them, each with how many values of this release it moved."""
    counted = dict(
        con.execute(
            "select reasons.reason_number, count(*) from evidence.evidence_reasons as reasons"
            " anti join intermediate.int_held_rows as held on held.row_id = reasons.row_id"
            " group by 1"
        ).fetchall()
    )
    return tuple(
        {**reason.as_record(), "values": int(counted.get(number, 0))}
        for number, reason in enumerate(given(home.state), start=1)
    )


def _reason(row: Any) -> Reason:
    return Reason(
        json.loads(row["key"]),
        tuple(json.loads(row["extracts"])),
        tuple(json.loads(row["away_from"])),
        row["role"],
        row["reason"],
        row["given_at"],
    )


def _rows(reasons: Sequence[Reason]) -> Iterator[tuple[Any, ...]]:
    for number, each in enumerate(reasons, start=1):
        key = (each.key.get(name) for name in KEY_COLUMNS)
        extracts, away_from = list(each.extracts), list(each.away_from)
        yield (number, *key, extracts, away_from, each.role, each.reason)


def _check(key: Mapping[str, str], role: str, reason: str) -> None:
    from dagster_project.registry.registry import load_registry

    roles = [row["owner_id"] for row in load_registry(PROJECT_ROOT / "seeds").owners]
    unknown = [name for name in key if name not in (*KEY_COLUMNS, EXTRACT)]
    if unknown or not key:
        raise UsageError(
            "this key names a column that values don't have",
            got=spelled(key) or "nothing",
            expected=", ".join((*KEY_COLUMNS, EXTRACT)),
            fix="write the key as column=value pairs with commas between them",
        )
    if len(key.get(EXTRACT, "0" * SHORT)) < SHORT:
        raise UsageError(
            "too little of a file's SHA-256 to name one",
            got=key[EXTRACT],
            expected=f"its first {SHORT} characters or more",
            fix="see `outcomes accept-revision`: without a key it lists them",
        )
    if role not in roles:
        raise UsageError(
            "reasons are given by a role of seeds/owners.csv",
            got=role,
            expected=instead(role, roles),
            fix="give the role with --by; seeds/owners.csv has them all",
        )
    if not reason.strip():
        raise UsageError(
            "a revision has a reason; it is published",
            got="an empty text",
            expected="a sentence",
            fix="give it with --reason",
        )

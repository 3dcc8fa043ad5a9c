"""What `state.sqlite` remembers of each live address: what it gave, when, and how it last went."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dagster_project import state
from dagster_project.errors import OutcomesError, RefusedError, printable
from dagster_project.fetching.addresses import Address
from dagster_project.fetching.download import Fetched, Validators
from dagster_project.fetching.problems import NoAnswer, RefusedAnswer
from dagster_project.home import Home
from dagster_project.landing import readers

Known = dict[str, sqlite3.Row]


def load(home: Home) -> Known:
    """What is known of each address, by its place in the live inbox."""
    with state.reading(home.state) as ledger:
        rows = ledger.execute("select * from live_addresses order by place").fetchall()
    return {row["place"]: row for row in rows}


def validators(row: sqlite3.Row | None, address: Address) -> Validators:
    """What the server called its last answer to the same question; nothing if it was another."""
    if row is None or row["request_key"] != address.request_key:
        return Validators()
    return Validators(row["etag"], row["last_modified"])


def first_given_here(home: Home, address: Address, sha256: str) -> str | None:
    """When this address first gave these bytes; None if it never did."""
    with state.connect(home.state) as ledger:
        row = ledger.execute(
            "select first_at from live_answers where place = ? and sha256 = ?",
            (address.place, sha256),
        ).fetchone()
    return None if row is None else str(row["first_at"])


def enter_answer(home: Home, address: Address, fetched: Fetched, moment: str) -> str:
    """When any address of the source first gave these bytes; that this one did is on record.

    What comes later isn't older, whatever the clock says: one that was moved back would else have
    the file before stand before its correction.
    """
    with state.connect(home.state) as ledger:
        ledger.execute(
            "insert or ignore into live_answers (place, sha256, source_id, bytes, first_at)"
            " values (:place, :sha256, :source, :bytes, max(:moment, coalesce("
            "(select max(first_at) from live_answers where place = :place), '')))",
            {
                "place": address.place,
                "sha256": fetched.sha256,
                "source": address.source_id,
                "bytes": fetched.bytes,
                "moment": moment,
            },
        )
        row = ledger.execute(
            "select min(first_at) from live_answers where source_id = ? and sha256 = ?",
            (address.source_id, fetched.sha256),
        ).fetchone()
    return str(row[0])


def note_good(
    home: Home, address: Address, moment: str, fetched: Fetched | None, *, is_new: bool
) -> None:
    """After this the address counts as asked with success, and what it gave is on record."""
    facts: dict[str, Any] = {
        "outcome": "fetched" if is_new else "unchanged",
        "checked_at": moment,
        "problem": None,
        "ask_after": None,
    }
    if fetched is not None:
        facts |= {
            "request_key": address.request_key,
            "sha256": fetched.sha256,
            "etag": fetched.validators.etag,
            "last_modified": fetched.validators.last_modified,
        }
    if is_new:
        facts["changed_at"] = moment
    _note(home, address, facts)


def note_bad(home: Home, address: Address, moment: str, problem: NoAnswer | RefusedAnswer) -> None:
    """After this the address counts as asked in vain, with the reason."""
    after = problem.ask_after
    facts = {
        "outcome": problem.word,
        "checked_at": moment,
        "failed_at": moment,
        "problem": _told(problem),
        "last_problem": _told(problem),
        "ask_after": after.strftime("%Y-%m-%dT%H:%M:%SZ") if after else None,
    }
    _note(home, address, facts)


def _told(problem: OutcomesError, **more: Any) -> str:
    return state.to_json({**problem.as_dict(), "message": problem.message, **more})


def _note(home: Home, address: Address, facts: dict[str, Any]) -> None:
    row = {"place": address.place, "source_id": address.source_id, **facts}
    columns = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    changes = ", ".join(f"{name} = excluded.{name}" for name in row if name != "place")
    with state.connect(home.state) as ledger:
        ledger.execute(
            f"insert into live_addresses ({columns}) values ({marks})"
            f" on conflict (place) do update set {changes}",
            row,
        )


def note_landing(home: Home, refused_at: Mapping[str, Sequence[RefusedError]]) -> None:
    """After this each address says whether landing refused what it gave, and why.

    What was refused is told by where the file stands, as landing names it. What landing refused of
    the members of a zip is its own affair: the zip came as it should, unless it had to be dropped.
    """
    moment = state.now()
    with state.connect(home.state) as ledger:
        rows = ledger.execute("select place, sha256, landing_problem from live_addresses")
        for row in rows.fetchall():
            path = home.live / str(row["place"])
            told = _landing_problem(row, refused_at.get(printable(str(path)), ()))
            if told is None and not path.exists() and _dropped_by(row) is not None:
                # It isn't looked at again, since it isn't here; what was said of it still holds.
                continue
            if told != row["landing_problem"]:
                ledger.execute(
                    "update live_addresses set landing_problem = :told,"
                    " last_problem = coalesce(:told, last_problem),"
                    " failed_at = iif(:told is null, failed_at, :moment) where place = :place",
                    {"told": told, "moment": moment, "place": row["place"]},
                )


def _landing_problem(row: sqlite3.Row, refused: Sequence[RefusedError]) -> str | None:
    for refusal in refused:
        if not refusal.keep_bytes:
            dropped = {"sha256": row["sha256"], "reader": readers.reader_version()}
            return _told(refusal, dropped=dropped)
    return next((_told(refusal) for refusal in refused if refusal.file == row["place"]), None)


def was_dropped(row: sqlite3.Row | None) -> bool:
    """True if landing, as it reads today, refused what the address gave last and kept no copy."""
    return row is not None and _dropped_by(row) == readers.reader_version()


def _dropped_by(row: sqlite3.Row) -> str | None:
    """The reader that had the bytes dropped which the address gave last; None if none had."""
    dropped = json.loads(row["landing_problem"] or "{}").get("dropped", {})
    return dropped.get("reader") if dropped.get("sha256") == row["sha256"] else None


def forget_others(home: Home, places: Iterable[str]) -> None:
    """After this nothing is known of addresses that are no longer asked."""
    wanted = set(places)
    with state.connect(home.state) as ledger:
        known = ledger.execute("select place from live_addresses").fetchall()
        ledger.executemany(
            "delete from live_addresses where place = ?",
            [(row["place"],) for row in known if row["place"] not in wanted],
        )


def message(told: str | None) -> str | None:
    """The one line of a problem that was noted down."""
    return None if told is None else str(json.loads(told)["message"])

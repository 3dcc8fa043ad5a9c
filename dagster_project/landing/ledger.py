"""The ledger of landings in `state.sqlite`: a row for each set of bytes that was taken in."""

from __future__ import annotations

import sqlite3
from typing import Any

from dagster_project import state
from dagster_project.home import Home


def row(home: Home, sha256: str) -> sqlite3.Row | None:
    """The row for these bytes, or None if they haven't landed."""
    with state.connect(home.state) as connection:
        found = connection.execute("select * from landings where sha256 = ?", (sha256,)).fetchone()
    return found if isinstance(found, sqlite3.Row) else None


def rows(home: Home) -> dict[str, sqlite3.Row]:
    """Every row by its SHA-256, in the order of landing."""
    with state.connect(home.state) as connection:
        found = connection.execute("select * from landings order by landing_id").fetchall()
    return {each["sha256"]: each for each in found}


def enter(home: Home, facts: dict[str, Any]) -> int:
    """After this the ledger has a row of these facts; its number."""
    marks = ", ".join(f":{name}" for name in facts)
    with state.connect(home.state) as connection:
        entered = connection.execute(
            f"insert into landings ({', '.join(facts)}) values ({marks})", facts
        )
    return int(entered.lastrowid or 0)


def update(home: Home, sha256: str, changed: dict[str, Any]) -> None:
    """After this the row for these bytes says what has changed."""
    names = ", ".join(f"{name} = :{name}" for name in changed)
    with state.connect(home.state) as connection:
        connection.execute(
            f"update landings set {names} where sha256 = :key", {**changed, "key": sha256}
        )


def take_out(home: Home, sha256: str) -> None:
    """After this the ledger doesn't know these bytes."""
    with state.connect(home.state) as connection:
        connection.execute("delete from landings where sha256 = ?", (sha256,))

"""The ledger of landings in `state.sqlite`: a row for each set of bytes and its period."""

from __future__ import annotations

import sqlite3
from typing import Any

from dagster_project import state
from dagster_project.home import Home


def rows(home: Home) -> list[sqlite3.Row]:
    """Every row, in the order of landing."""
    with state.reading(home.state) as connection:
        return connection.execute("select * from landings order by landing_id").fetchall()


def of_bytes(home: Home, sha256: str) -> list[sqlite3.Row]:
    """The rows for these bytes, one a period that they speak of, in the order of landing."""
    return [row for row in rows(home) if row["sha256"] == sha256]


def enter(home: Home, facts: dict[str, Any]) -> int:
    """After this the ledger has a row of these facts; its number."""
    marks = ", ".join(f":{name}" for name in facts)
    with state.connect(home.state) as connection:
        entered = connection.execute(
            f"insert into landings ({', '.join(facts)}) values ({marks})", facts
        )
    return int(entered.lastrowid or 0)


def update(home: Home, landing_id: int, changed: dict[str, Any]) -> None:
    """After this the row of that number says what has changed."""
    names = ", ".join(f"{name} = :{name}" for name in changed)
    with state.connect(home.state) as connection:
        connection.execute(
            f"update landings set {names} where landing_id = :key", {**changed, "key": landing_id}
        )


def take_out(home: Home, landing_id: int) -> None:
    """After this the ledger doesn't know that landing."""
    with state.connect(home.state) as connection:
        connection.execute("delete from landings where landing_id = ?", (landing_id,))

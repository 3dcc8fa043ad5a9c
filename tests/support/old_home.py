"""A home as version 1 of its format had it, made from one of today: what an upgrade starts from.

The tables of the state, and what receipts and manifests held, are those of the first version that
made releases. What came later (waivers, landings taken back, live addresses, workbooks, some
tables) isn't there.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from dagster_project.home import Home

VERSION_1 = """
create table meta (key text primary key, value text not null);
create table landings (
    landing_id integer primary key,
    sha256 text not null unique,
    source_id text not null,
    layout_id text not null,
    relative_path text not null,
    bytes integer not null,
    encoding text,
    period text,
    period_from text,
    vintage text,
    vintage_from text,
    rows_read integer,
    rows_kept integer,
    rows_dropped text not null default '{}',
    synthetic integer not null default 0,
    run_number integer not null,
    landed_at text not null
);
create table refusals (
    refusal_id integer primary key,
    sha256 text not null,
    relative_path text not null,
    problem text not null,
    details text not null,
    bytes_kept integer not null,
    run_number integer not null,
    refused_at text not null,
    unique (sha256, relative_path, problem)
);
create table sightings (
    path text primary key,
    size integer not null,
    mtime_ns integer not null,
    inode integer not null,
    sidecar text not null,
    reader text not null,
    outcome text not null
);
create table withdrawals (
    withdrawal_id integer primary key,
    kind text not null check (kind in ('release', 'key')),
    target text not null,
    reason text not null,
    withdrawn_at text not null,
    unique (kind, target)
);
create table runs (
    run_number integer primary key autoincrement,
    started_at text not null,
    ended_at text,
    outcome text,
    fingerprint text,
    release_id text,
    summary text not null default '{}'
);
"""
TABLES = ("meta", "landings", "refusals", "sightings", "withdrawals", "runs")
LATER_IN_MANIFESTS = ("waivers", "in_force", "code")
LATER_IN_RECEIPTS = ("run_number",)
LATER_IN_REDACTIONS = ("notes", "is_remade", "unmatched")
# Tables that releases of that version hadn't.
LATER_TABLES = ("headlines", "contract_statements", "contract_risk")


def make_old(home: Home) -> None:
    """After this the home is one that version 1 might have written."""
    _old_state(home.state)
    for receipt in home.landing.glob("*/receipt*.json"):
        _rewrite(receipt, LATER_IN_RECEIPTS)
    for manifest in home.releases.glob("[0-9]*/manifest.json"):
        _old_release(manifest)
    for later in (home.root / "logs",):
        for path in later.glob("*"):
            path.unlink()
        if later.exists():
            later.rmdir()


def _old_state(path: Path) -> None:
    """The state's rows in the tables of version 1."""
    old = path.with_name("old.sqlite")
    with closing(sqlite3.connect(old, isolation_level=None)) as ledger:
        ledger.executescript(VERSION_1)
        ledger.execute("attach ? as today", (str(path),))
        for table in TABLES:
            names = [row[1] for row in ledger.execute(f"pragma main.table_info({table})")]
            columns = ", ".join(names)
            ledger.execute(f"insert into main.{table} select {columns} from today.{table}")
        ledger.execute("detach today")
        ledger.execute("pragma user_version = 1")
        ledger.execute("pragma journal_mode = wal")
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    old.rename(path)


def _rewrite(path: Path, later: tuple[str, ...]) -> None:
    told = json.loads(path.read_text("utf-8"))
    path.write_text(
        json.dumps({name: value for name, value in told.items() if name not in later}, indent=2)
    )


def _old_release(path: Path) -> None:
    """A release without what came later: workbook, pages, some tables, parts of the manifest."""
    _rewrite(path, LATER_IN_MANIFESTS)
    manifest = json.loads(path.read_text("utf-8"))
    gone = [
        file
        for file in manifest["files"]
        if not file["path"].startswith(("data/", "csv/"))
        or Path(file["path"]).name.split(".")[0] in LATER_TABLES
    ]
    for file in gone:
        (path.parent / file["path"]).unlink()
    manifest["files"] = [file for file in manifest["files"] if file not in gone]
    manifest["tables"] = [t for t in manifest["tables"] if t["name"] not in LATER_TABLES]
    for table in manifest["tables"]:
        for rule in table["redactions"]:
            for name in LATER_IN_REDACTIONS:
                rule.pop(name, None)
    path.write_text(json.dumps(manifest, indent=2))
